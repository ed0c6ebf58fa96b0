import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"

const decoder = new TextDecoder()

export const decode = (body: Uint8Array): string => decoder.decode(body)

/** As much of a body as an error should carry. */
export const excerpt = (body: string): string => (body.length > 512 ? `${body.slice(0, 512)}…` : body)

/**
 * Takes secrets out of a text that somebody else wrote, such as an error page
 * that repeats the request.
 */
export const hide = (text: string, secrets: ReadonlyArray<Redacted.Redacted>): string =>
  secrets.reduce((hidden, secret) => {
    const value = Redacted.value(secret)
    // JSON may escape a slash.
    return value === ""
      ? hidden
      : hidden.replaceAll(value, "<redacted>").replaceAll(value.replaceAll("/", "\\/"), "<redacted>")
  }, text)

const deepest = 16

/**
 * The same for a value from JSON. What is nested deeper than anybody reads is
 * left out, since a printer may not be able to follow it.
 */
export const hideIn = (value: unknown, secrets: ReadonlyArray<Redacted.Redacted>, depth = 0): unknown => {
  if (typeof value === "string") return hide(value, secrets)
  if (!Predicate.isObjectOrArray(value)) return value
  if (depth === deepest) return "…"
  return Array.isArray(value)
    ? value.map((item) => hideIn(item, secrets, depth + 1))
    : Object.fromEntries(
        Object.entries(value).map(([key, field]) => [hide(key, secrets), hideIn(field, secrets, depth + 1)])
      )
}
