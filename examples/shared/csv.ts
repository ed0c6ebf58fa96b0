/** Enough of CSV for a list that people keep: commas, quotes, and a first line with the names. */
import { Effect, Schema } from "effect"

/** A file that is no list of these columns. */
export class CsvError extends Schema.TaggedError<CsvError>("CsvError")("CsvError", { message: Schema.String }) {}

const cell = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g

const cellsOf = (line: string): ReadonlyArray<string> =>
  Array.from(line.matchAll(cell), ([, quoted, plain]) => (quoted?.replaceAll('""', '"') ?? plain ?? "").trim())

/** The rows of a text, with the columns that are asked for. */
export const parse = Effect.fn(function* <const Names extends ReadonlyArray<string>>(text: string, names: Names) {
  const [head = "", ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== "")
  const columns = cellsOf(head)
  const missing = names.filter((name) => !columns.includes(name))
  if (missing.length > 0) return yield* new CsvError({ message: `the first line has no column ${missing.join(", ")}` })
  return lines.map((line) => {
    const cells = cellsOf(line)
    const row = names.map((name): [string, string] => [name, cells[columns.indexOf(name)] ?? ""])
    // The names are those that were asked for.
    return Object.fromEntries(row) as { readonly [Name in Names[number]]: string }
  })
})

/** A row as a line. */
export const line = (cells: ReadonlyArray<string | number | undefined>): string =>
  cells.map((cell = "") => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(",")
