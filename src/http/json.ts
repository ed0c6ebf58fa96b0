import * as Effect from "effect/Effect"
import * as Result from "effect/Result"

// Only a number of 16 digits or more can lose some of them in a double, and only
// one with three in its exponent can be beyond all doubles, so a body without
// one is parsed as it stands.
const unusual = /[:[,\s]-?(?:\d{16}|[\d.]+[eE]\+?\d{3})/

// What each of these has in it, at places so fixed that V8 skips most of a text: it is ruled out in half the time.
const suspicious = new RegExp(`[:[,\\s-]${"\\d".repeat(16)}|[\\d.][eE][\\d+]\\d\\d`)

const isUnusual = (text: string): boolean => suspicious.test(text) && unusual.test(text)

// A regular expression that looks for this as well takes half as long again.
const isNumber = (text: string): boolean => /^-?\d/.test(text)

const numbers = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

// However it is written: 1, 1.0 and 1e0 are one integer.
const integer = /^(-?\d+)(?:\.0+)?(?:[eE][+-]?0+)?$/

const quoteUnlessExact = (number: string): string => {
  const value = Number(number)
  const digits = integer.exec(number)?.[1]
  const isExact = digits === undefined ? Number.isFinite(value) : Number.isSafeInteger(value)
  return isExact ? number : `"${digits ?? number}"`
}

const isEscaped = (text: string, index: number): boolean => {
  let start = index
  while (text[start - 1] === "\\") start--
  return (index - start) % 2 === 1
}

/** Where the string that opens at `open` closes, or -1. */
const closingQuote = (text: string, open: number): number => {
  let close = text.indexOf('"', open + 1)
  while (close !== -1 && isEscaped(text, close)) close = text.indexOf('"', close + 1)
  return close
}

// Goes from string to string, so that the digits in them are left alone. A
// regular expression for both would not do: it runs out of stack on long texts.
const quoteInexact = (text: string): string => {
  const parts: Array<string> = []
  let position = 0
  while (position < text.length) {
    const open = text.indexOf('"', position)
    const close = open === -1 ? -1 : closingQuote(text, open)
    parts.push(text.slice(position, open === -1 ? undefined : open).replace(numbers, quoteUnlessExact))
    if (open === -1) break
    position = close === -1 ? text.length : close + 1
    parts.push(text.slice(open, position))
  }
  return parts.join("")
}

/**
 * Parses JSON, giving integers beyond 2^53 as strings of all their digits, and
 * what is beyond all numbers as it is written.
 */
export const parseResult = (text: string): Result.Result<unknown, unknown> =>
  Result.try({
    try: (): unknown => JSON.parse(isUnusual(text) || isNumber(text) ? quoteInexact(text) : text),
    catch: (cause) => cause
  })

/** The same as an effect. */
export const parse = (text: string): Effect.Effect<unknown, unknown> => Effect.fromResult(parseResult(text))

const unwritable = (): never => {
  throw new TypeError("cannot be written as JSON")
}

const isPlain = (value: object): boolean => {
  const prototype: object | null = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const writeObject = (value: object): string => {
  if (Array.isArray(value)) return `[${value.map((item) => write(item)).join(",")}]`
  if (!isPlain(value)) {
    // A class can say what it is in JSON, as dates do. In plain data, a field of this name is one like all others.
    return "toJSON" in value && typeof value.toJSON === "function" ? write(value.toJSON()) : unwritable()
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${write(field)}`).join(",")}}`
}

const write = (value: unknown): string => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value)
    case "number":
      return Number.isFinite(value) ? JSON.stringify(value) : unwritable()
    case "bigint":
      return String(value)
    case "object":
      return value === null ? "null" : writeObject(value)
    default:
      return unwritable()
  }
}

/**
 * Writes JSON, with all digits of a `bigint`. Fails for what JSON has no form
 * of, where `JSON.stringify` would leave it out or write something else.
 */
export const stringify = (value: unknown): Result.Result<string, string> =>
  Result.try({ try: () => write(value), catch: () => "cannot be written as JSON" })
