/** Enough of CSV for a list that people keep: commas, quotes, several lines in a cell, and a first line with the names. */
import { Effect, Schema } from "effect"

/** A file that is no list of these columns. */
export class CsvError extends Schema.TaggedError<CsvError>("CsvError")("CsvError", { message: Schema.String }) {}

// With what ends it: a comma, the end of a line, or that of the text.
const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g

const rowsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> => {
  const rows: Array<Array<string>> = []
  let row: Array<string> = []
  for (const [, quoted, plain = "", end] of text.matchAll(cell)) {
    row.push((quoted?.replaceAll('""', '"') ?? plain).trim())
    if (end === ",") continue
    if (row.length > 1 || row[0] !== "") rows.push(row)
    row = []
  }
  return rows
}

/** The rows of a text, with the columns that are asked for. */
export const parse = Effect.fn(function* <const Names extends ReadonlyArray<string>>(text: string, names: Names) {
  const [columns = [], ...rows] = rowsOf(text)
  const missing = names.filter((name) => !columns.includes(name))
  if (missing.length > 0) return yield* new CsvError({ message: `the first line has no column ${missing.join(", ")}` })
  return rows.map((cells) => {
    const row = names.map((name): [string, string] => [name, cells[columns.indexOf(name)] ?? ""])
    // The names are those that were asked for.
    return Object.fromEntries(row) as { readonly [Name in Names[number]]: string }
  })
})

/** A row as a line. */
export const line = (cells: ReadonlyArray<string | number | undefined>): string =>
  cells.map((cell = "") => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(",")
