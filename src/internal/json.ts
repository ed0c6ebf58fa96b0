import * as Effect from "effect/Effect"

// Only a number of 16 digits or more can lose some of them in a double, so a
// body without one is parsed as it stands.
const manyDigits = /[:[,\s]-?\d{16}/

// Strings are matched first, so that digits inside of them are left alone.
const stringsAndNumbers = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

const integer = /^-?\d+$/

const keepDigits = (token: string) =>
  integer.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token

/**
 * Parses JSON, giving integers beyond 2^53 as strings of all their digits.
 */
export const parse = (text: string): Effect.Effect<unknown, unknown> =>
  Effect.try({
    try: (): unknown => JSON.parse(manyDigits.test(text) ? text.replace(stringsAndNumbers, keepDigits) : text),
    catch: (cause) => cause
  })
