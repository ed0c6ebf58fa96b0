import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import type { Route } from "./route.ts"

/** A part of a path: a text that has to be there, or the name of a parameter. */
type Segment = { readonly text: string } | { readonly parameter: string }

interface CompiledRoute {
  readonly route: Route
  readonly segments: ReadonlyArray<Segment>
}

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** The matches of a path, one for each method that is known there. */
export type Router = (path: string) => ReadonlyArray<Match>

const compile = (route: Route): CompiledRoute => ({
  route,
  segments: route.path.split("/").map((text) => {
    const parameter = /^\{(\w+)\}$/.exec(text)?.[1]
    return parameter === undefined ? { text } : { parameter }
  })
})

const decodeSegment = Option.liftThrowable(decodeURIComponent)

// Decoding comes after splitting, so that a `%2F` stays inside its segment.
const match = ({ route, segments }: CompiledRoute, parts: ReadonlyArray<string>): ReadonlyArray<Match> => {
  if (segments.some((segment, index) => "text" in segment && segment.text !== parts[index])) return []
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    if ("text" in segment) continue
    const value = Option.getOrUndefined(decodeSegment(parts[index] ?? ""))
    if (value === undefined || value === "") return []
    params[segment.parameter] = value
  }
  return [{ route, params }]
}

const parameters = ({ segments }: CompiledRoute): number => segments.filter((segment) => "parameter" in segment).length

export const make = (routes: ReadonlyArray<Route>): Router => {
  // A path that is spelled out goes before one that has a parameter there.
  const compiled = routes.map(compile).toSorted((one, other) => parameters(one) - parameters(other))
  const byLength = Arr.groupBy(compiled, ({ segments }) => String(segments.length))
  return (path) => {
    const parts = path.split("/")
    return (byLength[String(parts.length)] ?? []).flatMap((route) => match(route, parts))
  }
}
