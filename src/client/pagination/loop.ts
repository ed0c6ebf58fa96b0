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

const most = { kept: 4096, repeats: 4 }

export interface PageLoop {
  /**
   * Takes note of the items of the next page. A page that was there before may
   * have shifted, as items were added, or its items may be equal to others:
   * only with the one after it, it is a loop.
   */
  readonly visit: (items: ReadonlyArray<unknown>) => "new" | "repeat" | "loop"
  /** Whether one of these items was on the page before. */
  readonly overlaps: (items: ReadonlyArray<unknown>) => boolean
}

/**
 * Notices pages that come again, by the items on them.
 *
 * It keeps the keys of one page, and two numbers for each of the others. Of a
 * very long list it keeps a share of these: when the pages go round in a
 * circle, however large, some of them are known.
 */
export const make = (): PageLoop => {
  /** The number of the page that had a hash last, for hashes that `divisor` divides. */
  const kept = new Map<number, number>()
  let divisor = 1
  let count = 0
  let latest: { readonly keys: ReadonlySet<string>; readonly hash: number } | undefined
  /** How many pages in a row were there before, and how many pages lie between the last of them and then. */
  let repeats = 0
  let distance = 0

  const keep = (hash: number) => {
    kept.set(hash, count)
    while (kept.size > most.kept) {
      divisor *= 2
      for (const other of kept.keys()) if (other % divisor !== 0) kept.delete(other)
    }
  }

  const repeat = (earlier: number): "repeat" | "loop" => {
    const isSteady = repeats > 0 && distance === count - earlier
    repeats++
    distance = count - earlier
    return isSteady || repeats > most.repeats ? "loop" : "repeat"
  }

  return {
    overlaps: (items) => items.some((item) => latest?.keys.has(keyOf(item)) ?? false),
    visit: (items) => {
      const keys = items.map(keyOf)
      const hash = hashOf(keys)
      const earlier = hash === latest?.hash ? count : kept.get(hash)
      const isKept = hash % divisor === 0
      count++
      latest = { keys: new Set(keys), hash }
      if (isKept) keep(hash)
      if (earlier !== undefined) return repeat(earlier)
      if (isKept) repeats = 0
      return "new"
    }
  }
}
