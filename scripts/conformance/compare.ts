/**
 * Where our declarations and Miro's document say different things.
 */
import type { Declared } from "../operations.ts"
import type { Documented } from "./document.ts"
import { shapeOf } from "./schema.ts"
import { describe, describeLimits, type ObjectShape, type Shape } from "./shape.ts"

export interface Difference {
  /** Miro's name of the operation. */
  readonly id: string
  /** The place, such as `body.data.title` or `response.data[].style`. */
  readonly at: string
  readonly document: string
  readonly ours: string
}

type Side = Omit<Difference, "id">

const different = (at: string, document: string, ours: string): ReadonlyArray<Side> =>
  document === ours ? [] : [{ at, document, ours }]

const kinds = ["object", "array", "string", "number", "boolean", "file", "any"] as const

const list = (values: Iterable<string>): string => Array.from(values).toSorted().join(", ") || "none"

const without = (values: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlyArray<string> =>
  Array.from(values).filter((value) => !others.has(value))

const compareValues = (document: Shape, ours: Shape, at: string): ReadonlyArray<Side> => {
  const documented = document.string?.values
  if (documented === undefined || ours.string === undefined) return []
  if (ours.string.values === undefined) return different(at, `one of ${list(documented)}`, "any string")
  const missing = without(documented, ours.string.values)
  const extra = without(ours.string.values, documented)
  return [
    ...(missing.length > 0 ? different(at, `the values ${list(missing)}`, "not known") : []),
    ...(extra.length > 0 ? different(at, "not known", `the values ${list(extra)}`) : [])
  ]
}

/** Requests are checked for their limits, and responses never. */
const compareLimits = (document: Shape, ours: Shape, at: string): ReadonlyArray<Side> =>
  different(at, at.startsWith("response") ? "no limit" : describeLimits(document), describeLimits(ours))

const compareObjects = (document: ObjectShape, ours: ObjectShape, at: string): ReadonlyArray<Side> => {
  const names = new Set([...document.fields.keys(), ...ours.fields.keys()])
  return Array.from(names).flatMap((name) => {
    const place = `${at}.${name}`
    const [theirs, own] = [document.fields.get(name), ours.fields.get(name)]
    if (own === undefined)
      return different(place, theirs === undefined ? "nothing" : describe(theirs.shape), "not declared")
    if (theirs === undefined) return different(place, "not there", describe(own.shape))
    return [
      ...different(place, theirs.required ? "required" : "optional", own.required ? "required" : "optional"),
      ...compareShapes(theirs.shape, own.shape, place)
    ]
  })
}

const compareShapes = (document: Shape, ours: Shape, at: string): ReadonlyArray<Side> => {
  // Of what the document leaves open we may know more.
  if (document.any) return []
  const sameKinds = kinds.every((kind) => (document[kind] === undefined) === (ours[kind] === undefined))
  return [
    ...(sameKinds ? [] : different(at, describe(document), describe(ours))),
    ...(document.object && ours.object ? compareObjects(document.object, ours.object, at) : []),
    ...(document.array && ours.array ? compareShapes(document.array, ours.array, `${at}[]`) : []),
    ...(document.string?.format === "date-time" && ours.string
      ? different(at, "a point in time", ours.string.format === "date-time" ? "a point in time" : "a string")
      : []),
    // A plain number would lose some of the digits.
    ...(document.number?.format === "int64" && ours.number
      ? different(at, "an integer of 64 bits", ours.number.format === "int64" ? "an integer of 64 bits" : "a number")
      : []),
    ...compareLimits(document, ours, at),
    ...compareValues(document, ours, at)
  ]
}

const optionally = (shape: Shape | undefined): string => (shape === undefined ? "nothing" : describe(shape))

const compareBodies = (document: Shape | undefined, ours: Shape | undefined, at: string): ReadonlyArray<Side> =>
  document === undefined || ours === undefined
    ? different(at, optionally(document), optionally(ours))
    : compareShapes(document, ours, at)

/** What a declaration says of the JSON in its requests and responses. */
export interface Shapes {
  readonly query: ObjectShape
  readonly body: Shape | undefined
  readonly response: Shape | undefined
}

export const shapesOf = ({ body, query, success }: Declared): Shapes => ({
  query: (query && shapeOf(query).object) ?? { fields: new Map() },
  body: body && shapeOf(body),
  response: success && shapeOf(success)
})

/** Everything in which one declaration differs from its description. */
export const compare = (
  document: Documented,
  ours: Declared,
  shapes: Shapes = shapesOf(ours)
): ReadonlyArray<Difference> => {
  const success = document.successes.find(({ status }) => status === ours.status)
  const others = document.successes.filter((other) => other !== success)
  const pagination = ours.pagination
  const contentType = ours.contentType ?? "nothing"
  const contentTypes = document.body?.contentTypes ?? ["nothing"]
  return [
    ...different("method", document.method, ours.method),
    ...different("path", document.path, ours.path),
    ...different("scope", list(document.scopes), list(ours.scopes)),
    ...different("level", String(document.level), String(ours.level)),
    ...different("level per item", String(document.isPerItem), String(ours.perItem !== undefined)),
    ...different("paging", document.pagination?.kind ?? "none", pagination?.kind ?? "none"),
    ...(document.pagination?.maximum !== undefined && pagination !== undefined
      ? different("page size", String(document.pagination.maximum), String(pagination.maximum))
      : []),
    ...compareObjects(document.query, shapes.query, "query"),
    ...different("content type", contentTypes.includes(contentType) ? contentType : list(contentTypes), contentType),
    ...compareBodies(document.body?.shape, shapes.body, "body"),
    ...(success === undefined ? different("status", "not known", String(ours.status)) : []),
    ...others.flatMap(({ status }) => different("status", String(status), "not declared")),
    ...compareBodies(success?.shape, shapes.response, "response")
  ].map((difference) => ({ id: document.id, ...difference }))
}
