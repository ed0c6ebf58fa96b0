/**
 * What the body of an error says. The envelopes of Miro, SCIM and OAuth are read
 * alike, and the fields that Miro objects to however an endpoint spells them.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { InvalidRequest } from "../MiroError.ts"
import * as BoundedJson from "./boundedJson.ts"
import * as Json from "./json.ts"
import * as OAuthErrors from "./oauthErrors.ts"
import type { Redaction } from "./redaction.ts"
import * as Text from "./text.ts"

type Fields = InvalidRequest["fields"]

type JsonObject = Readonly<Record<string, unknown>>

export interface ErrorBody {
  readonly message?: string
  readonly code?: string
  readonly context?: unknown
  readonly fields: Fields
}

const names = ["field", "name", "path", "property", "parameter", "pointer"]
const indices = ["index", "itemIndex", "position"]
const reasons = ["message", "reason", "error", "description", "detail", "issue"]
const lists = ["fields", "errors", "details", "items"]
// What says more of the same, such as `{ "source": { "pointer": "/data" } }`.
const parts = ["source", "error"]

// An error should hold what somebody may want to read, and not a body of any size.
const maxFields = 50
const maxDepth = 4
const maxFieldLength = 200
const maxFieldsInMessage = 10

const isWord = (value: unknown): value is string | number =>
  (typeof value === "string" && value !== "") || typeof value === "number"

const textOf = (value: unknown, separator: string): string | undefined => {
  if (isWord(value)) return String(value)
  return Array.isArray(value) && value.length > 0 && value.every(isWord) ? value.join(separator) : undefined
}

const first = (object: JsonObject, keys: ReadonlyArray<string>, separator = "; "): string | undefined => {
  for (const key of keys) {
    const text = Object.hasOwn(object, key) ? textOf(object[key], separator) : undefined
    if (text !== undefined) return text
  }
  return undefined
}

/** The same, also in the parts of an object. */
const find = (object: JsonObject, keys: ReadonlyArray<string>, separator?: string): string | undefined =>
  [object, ...parts.map((part) => object[part]).filter(Predicate.isObject)]
    .map((one: JsonObject) => first(one, keys, separator))
    .find((text) => text !== undefined)

const join = (outer: string, inner: string): string =>
  outer === "" || inner === "" || inner.startsWith("[") ? outer + inner : `${outer}.${inner}`

const entry = (field: string, message: string): Fields => (field === "" && message === "" ? [] : [{ field, message }])

/** The fields in a list, in an object that has a key for each, or in a text. */
const fieldsIn = (value: unknown, at: string, depth: number): Fields => {
  if (Array.isArray(value)) return value.slice(0, maxFields).flatMap((item: unknown) => fieldOf(item, at, depth))
  if (!Predicate.isObject(value) || (Object.hasOwn(value, "field") && first(value, reasons) !== undefined)) {
    return fieldOf(value, at, depth)
  }
  return Object.entries(value)
    .slice(0, maxFields)
    .flatMap(([key, field]) => (Array.isArray(field) ? fieldsIn : fieldOf)(field, join(at, key), depth))
}

const fieldOf = (value: unknown, at: string, depth: number): Fields => {
  // A bare word is a name, unless the name is known.
  if (typeof value === "string") return at === "" && !/\s/.test(value) ? entry(value, "") : entry(at, value)
  if (!Predicate.isObject(value)) return []
  const index = first(value, indices)
  const field = join(join(at, index === undefined ? "" : `[${index}]`), find(value, names, ".") ?? "")
  const nested = nestedFields(value, field, depth + 1)
  const reason = find(value, reasons)
  return reason === undefined && nested.length > 0 ? nested : [...entry(field, reason ?? ""), ...nested]
}

/** The fields that an object lists, itself or in its `context`. */
const nestedFields = (object: JsonObject, at: string, depth: number): Fields =>
  depth > maxDepth
    ? []
    : [object, object["context"], object["error"]]
        .filter(Predicate.isObject)
        .flatMap((owner: JsonObject) =>
          lists.flatMap((name) => (Object.hasOwn(owner, name) ? fieldsIn(owner[name], at, depth) : []))
        )

/** Reads the body of an error as it came, and quotes of it what holds no secret. */
export const read = Effect.fnUntraced(function* (text: string, redaction: Redaction): Effect.fn.Return<ErrorBody> {
  const parsed = yield* Effect.orElseSucceed(Json.parse(text), () => undefined)
  // Some have nothing but the list.
  const body = Array.isArray(parsed) ? { errors: parsed } : parsed
  if (!Predicate.isObject(body)) return { fields: [] }
  const message = find(body, ["message", "detail", "error_description"])
  const error = first(body, ["error"])
  // A token endpoint may have a code of its own beside that of OAuth.
  const code = OAuthErrors.isCode(error) ? error : (first(body, ["code", "scimType"]) ?? error)
  const context = body["context"] ?? undefined
  return {
    ...(message !== undefined && { message: redaction.quote(message) }),
    ...(code !== undefined && { code: Text.excerpt(redaction.quoteName(code), 128) }),
    ...(context !== undefined && { context: BoundedJson.make(redaction.quoteJson(context)) }),
    fields: nestedFields(body, "", 0)
      .slice(0, maxFields)
      .map(({ field, message }) => ({
        field: Text.excerpt(redaction.quoteName(field), maxFieldLength),
        message: Text.excerpt(redaction.quote(message), maxFieldLength)
      }))
  }
})

/** A message that also says which fields are meant, and why. */
export const withFields = (message: string, fields: Fields): string => {
  if (fields.length === 0) return message
  const named = fields
    .slice(0, maxFieldsInMessage)
    .map(({ field, message }) => [field, message].filter((text) => text !== "").join(": "))
  const rest = fields.length - named.length
  // Of very many, nobody has counted the rest.
  const more = fields.length === maxFields ? "many more" : `${rest} more`
  return `${message} (${[...named, ...(rest > 0 ? [more] : [])].join("; ")})`
}
