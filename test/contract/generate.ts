/**
 * Responses as the document has them, made by `json-schema-faker`.
 */
import { generateSync, type JsonSchema } from "json-schema-faker"
import type { Schema } from "./openapi.ts"

/** How a value is made; the same twice makes the same value. */
export interface Generated {
  readonly optional: "all" | "some" | "none"
  readonly seed: number
  /** Which alternative it is, wherever there are several; by chance if not given. */
  readonly alternative?: number
}

const options = {
  all: { alwaysFakeOptionals: true },
  some: { optionalsProbability: 0.5 },
  none: { optionalsProbability: 0 }
}

const integers: Readonly<Record<string, Pick<Schema, "minimum" | "maximum">>> = {
  int32: { minimum: 0, maximum: 2 ** 31 - 1 },
  // As much as a number in JavaScript can hold; other tests go beyond.
  int64: { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
}

const prepare = (schema: Schema, how: Generated): JsonSchema => {
  const { allOf, anyOf, format = "", items, oneOf, properties, type, ...rest } = schema
  const inside = (schema: Schema) => prepare(schema, how)
  const alternatives = oneOf ?? anyOf ?? []
  const alternative = how.alternative === undefined ? undefined : alternatives[how.alternative % alternatives.length]
  return {
    ...(type !== undefined && { type: type === "number" && format === "int64" ? "integer" : type }),
    ...(format !== "" && { format }),
    ...(type !== "string" && integers[format]),
    ...rest,
    ...(allOf && { allOf: allOf.map(inside) }),
    ...(items && { items: inside(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, inside(field)]))
    }),
    // Not `oneOf`, whose alternatives get nothing from the faker but their required fields.
    ...(alternatives.length > 0 && { anyOf: (alternative === undefined ? alternatives : [alternative]).map(inside) })
  }
}

export const generate = (schema: Schema, how: Generated): unknown =>
  generateSync(prepare(schema, how), { seed: how.seed, maxDepth: 40, maxDefaultItems: 2, ...options[how.optional] })

/** The most alternatives that there are at any place. */
const countAlternatives = ({ anyOf, items, oneOf, properties = {} }: Schema): number => {
  const alternatives = oneOf ?? anyOf ?? []
  const inside = [...alternatives, ...(items ? [items] : []), ...Object.values(properties)]
  return Math.max(alternatives.length, ...inside.map(countAlternatives))
}

/** What is made of every response. */
export const variants = (schema: Schema): ReadonlyArray<Generated> => [
  { optional: "none", seed: 1 },
  ...[1, 2, 3].flatMap((seed) => [{ optional: "all", seed } as const, { optional: "some", seed } as const]),
  ...Array.from(
    { length: countAlternatives(schema) },
    (_, alternative) => ({ optional: "all", seed: 1, alternative }) as const
  )
]
