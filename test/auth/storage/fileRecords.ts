/** What the processes of these tests write, so that a torn record is told from a whole one. */
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as TokenStorage from "effect-miro/auth/TokenStorage"

export const user = "anna"

export const versionOf = Option.map(({ version }: TokenStorage.Stored) => version)

export const textOf = (stored: Option.Option<TokenStorage.Stored>): string | undefined =>
  Option.getOrUndefined(Option.map(stored, ({ record }) => Redacted.value(record)))

const filler = "…".repeat(5_000)

export const numbered = (number: number): Redacted.Redacted => Redacted.make(`${number}${filler}${number}`)

/** The number in a record, 0 if there is none, and NaN if the record is not whole. */
export const numberOf = (stored: Option.Option<TokenStorage.Stored>): number => {
  const text = textOf(stored)
  if (text === undefined) return 0
  const number = Number.parseInt(text, 10)
  return text === Redacted.value(numbered(number)) ? number : Number.NaN
}
