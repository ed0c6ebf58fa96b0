/** The search of the site, which runs in the browser. */

export interface Entry {
  readonly title: string
  readonly kind: string
  /** From the root of the site. */
  readonly url: string
  /** Everything else by which it is found. */
  readonly text: string
}

/** `StickyNotes.create` is found by "sticky note" too. */
const words = (title: string): string => `${title} ${title.replaceAll(/(?<=[a-z])(?=[A-Z])|\./g, " ")}`.toLowerCase()

const scoreOf = (entry: Entry, query: string, parts: ReadonlyArray<string>): number => {
  const title = words(entry.title)
  const text = entry.text.toLowerCase()
  if (entry.title.toLowerCase() === query) return 1000
  if (!parts.every((part) => title.includes(part) || text.includes(part))) return 0
  const isNamed = text.split(/\s+/).includes(query) ? 100 : 0
  const inTitle = title.includes(query) ? 50 : 0
  const isOperation = entry.kind === "operation" ? 5 : 0
  return isNamed + inTitle + isOperation + parts.reduce((score, part) => score + (title.includes(part) ? 10 : 1), 0)
}

/** What has all words of a query, the best first. */
export const find = (entries: ReadonlyArray<Entry>, query: string): ReadonlyArray<Entry> => {
  const wanted = query.trim().toLowerCase()
  if (wanted === "") return []
  const parts = wanted.split(/\s+/)
  return entries
    .map((entry) => ({ entry, score: scoreOf(entry, wanted, parts) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, 30)
    .map(({ entry }) => entry)
}
