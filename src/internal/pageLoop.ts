import * as Hash from "effect/Hash"
import * as Predicate from "effect/Predicate"

/** How deep an item without an id is looked into. */
const deepest = 8

const contentOf = (value: unknown, depth = 0): string => {
  if (!Predicate.isObjectOrArray(value)) return typeof value === "string" ? JSON.stringify(value) : String(value)
  if (depth === deepest) return "…"
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${contentOf(field, depth + 1)}`)
  return `{${fields.join()}}`
}

/** What tells an item from others: its id, or all of it if it has none. */
const keyOf = (item: unknown): string =>
  Predicate.hasProperty(item, "id") && (typeof item.id === "string" || typeof item.id === "number")
    ? JSON.stringify(String(item.id))
    : contentOf(item)

// The low bits decide what is kept, so the high ones have to have a say in them.
const hashOf = (keys: ReadonlyArray<string>): number => {
  const hash = Hash.string(keys.join())
  return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 0
}

const mostKept = 4096

export interface PageLoop {
  /** Whether a page with these items was there before, if that is known. Takes note of it. */
  readonly visit: (items: ReadonlyArray<unknown>) => "new" | "seen" | "unknown"
  /** Whether one of these items was on the page before. */
  readonly overlaps: (items: ReadonlyArray<unknown>) => boolean
}

/**
 * Notices pages that come again, by the items on them.
 *
 * It keeps the keys of one page, and a number for each of the others. Of a very
 * long list it keeps a share of these numbers: when the pages go round in a
 * circle, however large, some of them are known.
 */
export const make = (): PageLoop => {
  const kept = new Set<number>()
  // Numbers are kept that it divides.
  let divisor = 1
  let latest: ReadonlySet<string> = new Set()
  let latestHash: number | undefined
  const keep = (hash: number) => {
    kept.add(hash)
    while (kept.size > mostKept) {
      divisor *= 2
      for (const other of kept) if (other % divisor !== 0) kept.delete(other)
    }
  }
  return {
    overlaps: (items) => items.some((item) => latest.has(keyOf(item))),
    visit: (items) => {
      const keys = items.map(keyOf)
      const hash = hashOf(keys)
      const isSeen = hash === latestHash || kept.has(hash)
      const isKept = hash % divisor === 0
      latest = new Set(keys)
      latestHash = hash
      if (isKept) keep(hash)
      return isSeen ? "seen" : isKept ? "new" : "unknown"
    }
  }
}
