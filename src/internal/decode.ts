import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Issue } from "../client/MiroError.ts"
import * as Issues from "./issues.ts"

export type Decoder<A> = (json: unknown) => Result.Result<Decoded<A>, ReadonlyArray<Issue>>

export interface Decoded<A> {
  readonly value: A
  /** The optional fields that did not fit and were left out. */
  readonly dropped: ReadonlyArray<Issue>
}

type Path = ReadonlyArray<string | number>

const nothing: ReadonlyArray<Issue> = []

const at = (json: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (Predicate.hasProperty(value, key) ? value[key] : undefined), json)

/**
 * The innermost field at or above a path: an element of an array is never
 * taken out of it, since that would lose it without a trace.
 */
const fieldAt = (path: Path): Path => path.slice(0, path.findLastIndex((key) => typeof key === "string") + 1)

const set = (json: unknown, path: Path, value: unknown): boolean => {
  const owner = at(json, path.slice(0, -1))
  const key = path.at(-1)
  return Predicate.isObjectOrArray(owner) && key !== undefined && Reflect.set(owner, key, value)
}

const remove = (json: unknown, path: Path): boolean => {
  const owner = at(json, path.slice(0, -1))
  const key = path.at(-1)
  return Predicate.isObject(owner) && key !== undefined && Object.hasOwn(owner, key)
    ? Reflect.deleteProperty(owner, key)
    : false
}

/**
 * Decodes what Miro answered.
 *
 * A value that fits is decoded once and no more is done. Else every field that
 * does not fit is taken out and the rest decoded again; a field that turns out
 * to be required takes the object around it along, up to one that is optional.
 * If there is none, decoding fails with the places that began it.
 *
 * Two things are set right without a mention, since nothing is lost by it: a
 * `null` is how Miro spells an absent field, and a number where a string
 * belongs, mostly an id, becomes that string.
 */
export const make = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  /** Fields at the top that are never left out, whether or not they are required. */
  kept: ReadonlySet<string> = new Set()
): Decoder<S["Type"]> => {
  const decodeFirst = Schema.decodeUnknownResult(schema)
  const decodeAll = Schema.decodeUnknownResult(schema, { errors: "all" })
  return (json) => {
    const first = decodeFirst(json)
    return Result.isSuccess(first)
      ? Result.succeed({ value: first.success, dropped: nothing })
      : repair(decodeAll, json, kept)
  }
}

interface Removal {
  /** The problem that led here; several rounds before, it may have been further inside. */
  readonly cause: Issue
  readonly isNull: boolean
}

const repair = <A>(
  decode: (json: unknown) => Result.Result<A, Schema.SchemaError>,
  json: unknown,
  kept: ReadonlySet<string>
): Result.Result<Decoded<A>, ReadonlyArray<Issue>> => {
  const removals = new Map<string, Removal>()
  // Every round sets at least one field right or is the last.
  while (true) {
    const decoded = decode(json)
    if (Result.isSuccess(decoded)) {
      const dropped = Array.from(removals.values()).filter((removal) => !removal.isNull)
      return Result.succeed({ value: decoded.success, dropped: dropped.map((removal) => removal.cause) })
    }
    const fatal = takeOut(json, Issues.fromSchema(decoded.failure.issue), removals, kept)
    if (fatal.length > 0) return Result.fail(fatal)
  }
}

const takeOut = (
  json: unknown,
  problems: ReadonlyArray<Issues.Problem>,
  removals: Map<string, Removal>,
  kept: ReadonlySet<string>
): ReadonlyArray<Issue> => {
  const causes: Array<Issue> = []
  const fatal: Array<Issue> = []
  let progress = false
  for (const problem of problems) {
    const earlier = removals.get(JSON.stringify(problem.path))
    const cause = earlier?.cause ?? { path: problem.path, message: problem.message }
    causes.push(cause)
    const value = at(json, problem.path)
    if (problem.kind === "notString" && typeof value === "number" && set(json, problem.path, String(value))) {
      progress = true
      continue
    }
    const path = fieldAt(problem.kind === "missing" ? problem.path.slice(0, -1) : problem.path)
    const isNull = problem.kind !== "missing" && at(json, path) === null
    if (path.length === 0 || (path.length === 1 && kept.has(String(path[0])) && !isNull)) {
      fatal.push(cause)
      continue
    }
    if (remove(json, path)) {
      removals.delete(JSON.stringify(problem.path))
      removals.set(JSON.stringify(path), { cause, isNull })
      progress = true
    }
  }
  return fatal.length > 0 || progress ? fatal : causes
}

/**
 * Reports the fields that were left out: a warning in the log and an attribute
 * of the span, with places but never with values.
 */
export const report = (operation: string, dropped: ReadonlyArray<Issue>): Effect.Effect<void> => {
  if (dropped.length === 0) return Effect.void
  const places = dropped.map(({ message, path }) => `${path.join(".")}: ${message}`)
  return Effect.andThen(
    Effect.annotateCurrentSpan("miro.response.dropped_fields", places),
    Effect.logWarning(`${operation}: fields of Miro's answer do not fit and were left out`, places)
  )
}
