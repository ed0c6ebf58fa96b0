/**
 * Holds JSON against a schema of Miro's document: at every depth no field that
 * is not declared, none missing that is required, and the types, formats and
 * values that the schema has.
 */
import { Array as Arr, Order, Predicate } from "effect"
import type { Schema } from "../contract/openapi.ts"
import { formats } from "../contract/validate.ts"

/** What is wrong, each beginning with its place, such as `data[].style`. */
export type Problems = ReadonlyArray<string>

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value

const isOfType = (value: unknown, type: string): boolean =>
  type === typeOf(value) || (type === "number" && typeof value === "number")

const isOfFormat = (value: unknown, format: string): boolean => {
  const known = Object.entries(formats).find(([name]) => name === format)?.[1]
  if (known === undefined || !Predicate.isString(value)) return true
  return known instanceof RegExp ? known.test(value) : known(value)
}

const below = (at: string, name: string): string => (at === "" ? name : `${at}.${name}`)

// What kind of object it is, the document says as a default and not as the one value that there is.
const ofKind = (value: unknown, name: string, schema: Schema, at: string): Problems =>
  name === "type" && Predicate.isString(schema.default) && schema.enum === undefined && value !== schema.default
    ? [`${below(at, name)} is ${String(value)}, not ${schema.default}`]
    : []

const ofObject = (value: object, { additionalProperties, properties, required = [] }: Schema, at: string): Problems => {
  // An object of which nothing is said may have anything.
  if (properties === undefined) return []
  const missing = required.filter((name) => !(name in value)).map((name) => `${below(at, name)} is missing`)
  const inside = Object.entries(value).flatMap(([name, field]) => {
    const schema = properties[name]
    if (schema !== undefined) return [...ofKind(field, name, schema, at), ...problemsIn(field, schema, below(at, name))]
    return additionalProperties === true ? [] : [`${below(at, name)} is not declared`]
  })
  return [...missing, ...inside]
}

/** The alternative that is meant: the one of the same `type`, and of several the one that fits best. */
const ofAlternatives = (value: unknown, alternatives: ReadonlyArray<Schema>, at: string): Problems => {
  const type = Predicate.hasProperty(value, "type") ? value.type : undefined
  const ofSameType = alternatives.filter(({ properties }) => properties?.["type"]?.enum?.includes(type))
  const possible = (ofSameType.length > 0 ? ofSameType : alternatives).map((schema) => problemsIn(value, schema, at))
  return Arr.isReadonlyArrayNonEmpty(possible)
    ? Arr.min(
        possible,
        Order.mapInput(Order.Number, (problems: Problems) => problems.length)
      )
    : []
}

export const problemsIn = (value: unknown, schema: Schema, at = ""): Problems => {
  const alternatives = schema.oneOf ?? schema.anyOf
  if (alternatives !== undefined) return ofAlternatives(value, alternatives, at)
  const type = schema.type ?? (schema.properties && "object") ?? (schema.items && "array")
  const place = at === "" ? "all of it" : at
  if (type !== undefined && !isOfType(value, type)) return [`${place} is of type ${typeOf(value)}, not ${type}`]
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${place} is ${String(value)}, not listed`]
  if (schema.format !== undefined && !isOfFormat(value, schema.format)) return [`${place} is no ${schema.format}`]
  if (schema.pattern !== undefined && Predicate.isString(value) && !new RegExp(schema.pattern).test(value)) {
    return [`${place} does not match ${schema.pattern}`]
  }
  if (Array.isArray(value)) {
    const items: ReadonlyArray<unknown> = value
    return Arr.dedupe(items.flatMap((item) => problemsIn(item, schema.items ?? {}, `${at}[]`)))
  }
  return Predicate.isObject(value) ? ofObject(value, schema, at) : []
}
