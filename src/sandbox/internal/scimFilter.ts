/**
 * The filters of SCIM, such as `displayName co "design" and active eq true`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2
 */
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"

export type Filter = (value: unknown) => boolean

const coreSchema = /^urn:ietf:params:scim:schemas:core:2\.0:\w+:/i

/** The schema whose attributes stand below its URI. */
export const extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

/** The names on the way to an attribute, such as those of `name.givenName`. */
export const namesIn = (path: string): ReadonlyArray<string> => {
  const local = path.replace(coreSchema, "")
  if (!local.toLowerCase().startsWith(extension.toLowerCase())) return local.split(".")
  const rest = local.slice(extension.length + 1)
  return rest === "" ? [extension] : [extension, ...rest.split(".")]
}

/** How an object spells the name of a field, in which capitals make no difference. */
export const keyOf = (value: object, name: string): string =>
  Object.keys(value).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name

/** A field that an object has of its own, in whatever capitals. */
export const fieldOf = (value: Readonly<Record<string, unknown>>, name: string): unknown =>
  Option.getOrUndefined(Record.get(value, keyOf(value, name)))

/** The values of an attribute: several where there is a list on the way. */
export const valuesAt = (value: unknown, names: ReadonlyArray<string>): ReadonlyArray<unknown> => {
  const [name, ...rest] = names
  const values = Arr.ensure(value).flat()
  if (name === undefined) return values.filter(Predicate.isNotNullish)
  return values.flatMap((value) => (Predicate.isObject(value) ? valuesAt(fieldOf(value, name), rest) : []))
}

// Of something that has parts, the one called `value` counts. Capitals make no difference.
export const textOf = (value: unknown): string => {
  const scalar = Predicate.hasProperty(value, "value") ? value.value : value
  return (Predicate.isString(scalar) ? scalar : JSON.stringify(scalar)).toLowerCase()
}

type Compare = (value: string, other: string) => boolean

const comparisons: Readonly<Record<string, Compare>> = {
  eq: (value, other) => value === other,
  co: (value, other) => value.includes(other),
  sw: (value, other) => value.startsWith(other),
  ew: (value, other) => value.endsWith(other),
  gt: (value, other) => value > other,
  ge: (value, other) => value >= other,
  lt: (value, other) => value < other,
  le: (value, other) => value <= other
}

type Tokens = ReadonlyArray<string>

/** What the first tokens say, and those after them. Nothing for what is no filter. */
type Parsed = { readonly filter: Filter; readonly rest: Tokens } | undefined

const is = (token: string | undefined, word: string): boolean => token?.toLowerCase() === word

const closed = (parsed: Parsed, bracket: string): Parsed =>
  parsed !== undefined && parsed.rest[0] === bracket ? { ...parsed, rest: parsed.rest.slice(1) } : undefined

const comparison = ([path, operator = "", ...rest]: Tokens): Parsed => {
  if (path === undefined || /^[()[\]]$/.test(path)) return undefined
  const names = namesIn(path)
  if (operator === "[") {
    const inner = closed(either(rest), "]")
    return inner && { ...inner, filter: (value) => valuesAt(value, names).some(inner.filter) }
  }
  if (is(operator, "pr")) return { filter: (value) => valuesAt(value, names).length > 0, rest }
  const [literal, ...after] = rest
  if (literal === undefined || /^[()[\]]$/.test(literal)) return undefined
  const other = literal.replace(/^"|"$/g, "").toLowerCase()
  if (is(operator, "ne")) {
    return { filter: (value) => valuesAt(value, names).every((value) => textOf(value) !== other), rest: after }
  }
  const compare = Option.getOrUndefined(Record.get(comparisons, operator.toLowerCase()))
  return (
    compare && { filter: (value) => valuesAt(value, names).some((value) => compare(textOf(value), other)), rest: after }
  )
}

const term = (tokens: Tokens): Parsed => {
  const [first, ...rest] = tokens
  if (first === "(") return closed(either(rest), ")")
  if (!is(first, "not")) return comparison(tokens)
  const inner = term(rest)
  return inner && { ...inner, filter: (value) => !inner.filter(value) }
}

const both = (tokens: Tokens): Parsed => {
  const left = term(tokens)
  if (left === undefined || !is(left.rest[0], "and")) return left
  const right = both(left.rest.slice(1))
  return right && { filter: (value) => left.filter(value) && right.filter(value), rest: right.rest }
}

const either = (tokens: Tokens): Parsed => {
  const left = both(tokens)
  if (left === undefined || !is(left.rest[0], "or")) return left
  const right = either(left.rest.slice(1))
  return right && { filter: (value) => left.filter(value) || right.filter(value), rest: right.rest }
}

/** The filter that a text spells, if it spells one. */
export const parse = (text: string): Filter | undefined => {
  const parsed = either(text.match(/"(?:[^"\\]|\\.)*"|[()[\]]|[^\s()[\]"]+/g) ?? [])
  return parsed?.rest.length === 0 ? parsed.filter : undefined
}
