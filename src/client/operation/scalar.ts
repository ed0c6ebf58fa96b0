const decimal = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

// An integer beyond 2^53 would not be the number that was sent.
const isExact = (number: number): boolean =>
  Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))

/** A number where a string belongs, mostly an id. */
export const toString = (value: unknown): string | undefined => (Number.isFinite(value) ? String(value) : undefined)

/** A string that spells a number where one belongs. */
export const toNumber = (value: unknown): number | undefined =>
  typeof value === "string" && decimal.test(value) && isExact(Number(value)) ? Number(value) : undefined

/** A string that spells a boolean where one belongs. */
export const toBoolean = (value: unknown): boolean | undefined =>
  value === "true" ? true : value === "false" ? false : undefined
