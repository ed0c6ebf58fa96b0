/**
 * The size of an item.
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.ts"

/**
 * Width and height in pixels, and the rotation in degrees, clockwise.
 *
 * @category schemas
 */
export const Geometry = Open.struct({
  width: Schema.optionalKey(Schema.Number),
  height: Schema.optionalKey(Schema.Number),
  rotation: Schema.optionalKey(Schema.Number)
})

/** @category schemas */
export interface Geometry extends Schema.Schema.Type<typeof Geometry> {}

/**
 * The size of an item with fixed proportions: its width or its height, in
 * pixels. Miro refuses both together.
 *
 * @category inputs
 */
export const FixedRatioGeometryInput = Schema.Struct({
  width: Schema.optional(Schema.Finite),
  height: Schema.optional(Schema.Finite)
})

/** @category inputs */
export interface FixedRatioGeometryInput extends Schema.Schema.Type<typeof FixedRatioGeometryInput> {}
