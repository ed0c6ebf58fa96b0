import * as Option from "effect/Option"
import type { Route } from "./route.ts"

interface CompiledRoute {
  readonly route: Route
  readonly segments: ReadonlyArray<string>
}

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** The matches of a path, one for each method that is known there. */
export type Router = (path: string) => ReadonlyArray<Match>

const parameter = /^\{(\w+)\}$/

const decodeSegment = Option.liftThrowable(decodeURIComponent)

// Decoding comes after splitting, so that a `%2F` stays inside its segment.
const matchSegments = (
  template: ReadonlyArray<string>,
  segments: ReadonlyArray<string>
): Readonly<Record<string, string>> | undefined => {
  if (template.length !== segments.length) {
    return undefined
  }
  const params: Record<string, string> = {}
  for (const [index, expected] of template.entries()) {
    const segment = segments[index] ?? ""
    const name = parameter.exec(expected)?.[1]
    if (name === undefined) {
      if (expected !== segment) return undefined
    } else {
      const value = Option.getOrUndefined(decodeSegment(segment))
      if (value === undefined || value === "") return undefined
      params[name] = value
    }
  }
  return params
}

const parameters = ({ segments }: CompiledRoute): number => segments.filter((segment) => parameter.test(segment)).length

export const make = (routes: ReadonlyArray<Route>): Router => {
  // A path that is spelled out goes before one that has a parameter there.
  const compiled = routes
    .map((route): CompiledRoute => ({ route, segments: route.path.split("/") }))
    .toSorted((one, other) => parameters(one) - parameters(other))
  return (path) => {
    const segments = path.split("/")
    return compiled.flatMap(({ route, segments: template }) => {
      const params = matchSegments(template, segments)
      return params === undefined ? [] : [{ route, params }]
    })
  }
}
