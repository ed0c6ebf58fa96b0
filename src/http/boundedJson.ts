import * as Predicate from "effect/Predicate"
import * as Text from "./text.ts"

/** How many characters an error carries of a value from JSON. */
const most = 16_384

/** A text of this length is shown before the rest of the value. */
const longest = 512

/**
 * As much of a value from JSON as an error should carry: what comes after is
 * left out.
 */
export const make = (json: unknown): unknown => {
  let left = most
  const text = (value: string): string => {
    const shown = Text.excerpt(value, Math.max(0, Math.min(left, longest)))
    left -= shown.length
    return shown
  }
  const go = (value: unknown): unknown => {
    if (typeof value === "string") return text(value)
    left -= 8
    if (Array.isArray(value)) {
      const items: Array<unknown> = []
      for (const item of value) {
        if (left <= 0) return [...items, "…"]
        items.push(go(item))
      }
      return items
    }
    if (!Predicate.isObject(value)) return value
    const fields: Array<readonly [string, unknown]> = []
    for (const [key, field] of Object.entries(value)) {
      if (left <= 0) return Object.fromEntries([...fields, ["…", "…"]])
      fields.push([text(key), go(field)])
    }
    return Object.fromEntries(fields)
  }
  return go(json)
}
