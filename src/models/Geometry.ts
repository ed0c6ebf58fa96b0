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
export class Geometry extends Open.named<Geometry>()({
  /** In pixels. */
  width: Schema.optionalKey(Schema.Finite),
  /** In pixels. */
  height: Schema.optionalKey(Schema.Finite),
  /** In degrees, clockwise. Absent for an item that is not rotated. */
  rotation: Schema.optionalKey(Schema.Finite)
}) {}

/**
 * Width and height in pixels, and the rotation in degrees, clockwise.
 *
 * @category inputs
 */
export const GeometryInput = Schema.Struct({
  /** In pixels. */
  width: Schema.optional(Schema.Finite),
  /** In pixels. */
  height: Schema.optional(Schema.Finite),
  /** In degrees, clockwise; negative values turn it counterclockwise. */
  rotation: Schema.optional(Schema.Finite)
})

/** @category inputs */
export interface GeometryInput extends Schema.Schema.Type<typeof GeometryInput> {}

const hasOneSide = Schema.makeFilter(({ height, width }: SizeInput) => width === undefined || height === undefined, {
  expected: "a width or a height, not both"
})

/**
 * The same for an item with fixed proportions: its width or its height, not
 * both.
 *
 * @category inputs
 */
export const FixedRatioGeometryInput = GeometryInput.check(hasOneSide)

/** @category inputs */
export type FixedRatioGeometryInput = GeometryInput

/**
 * The size of an item that cannot be rotated, in pixels.
 *
 * @category inputs
 */
export const SizeInput = Schema.Struct({
  /** In pixels. */
  width: Schema.optional(Schema.Finite),
  /** In pixels. */
  height: Schema.optional(Schema.Finite)
})

/** @category inputs */
export interface SizeInput extends Schema.Schema.Type<typeof SizeInput> {}

/**
 * The same for an item with fixed proportions: its width or its height, not
 * both.
 *
 * @category inputs
 */
export const FixedRatioSizeInput = SizeInput.check(hasOneSide)

/** @category inputs */
export type FixedRatioSizeInput = SizeInput

/**
 * The width of an item whose height follows from its content, in pixels, and
 * its rotation in degrees, clockwise.
 *
 * @category inputs
 */
export const WidthInput = Schema.Struct({
  /** In pixels. */
  width: Schema.optional(Schema.Finite),
  /** In degrees, clockwise; negative values turn it counterclockwise. */
  rotation: Schema.optional(Schema.Finite)
})

/** @category inputs */
export interface WidthInput extends Schema.Schema.Type<typeof WidthInput> {}
