/**
 * Where an item is.
 *
 * @see https://developers.miro.com/docs/board-items-and-coordinates
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.ts"

/**
 * Where the centre of an item is, in pixels: from the centre of the board, or
 * from the top left corner of the frame that the item is in. `relativeTo` says
 * which.
 *
 * @category schemas
 */
export class Position extends Open.named<Position>()({
  x: Schema.optionalKey(Schema.Finite),
  y: Schema.optionalKey(Schema.Finite),
  origin: Schema.optionalKey(Open.literals(["center"])),
  relativeTo: Schema.optionalKey(Open.literals(["canvas_center", "parent_top_left"])),
  /** The place of an item that is embedded in a document. */
  slotId: Schema.optionalKey(Schema.String)
}) {}

/**
 * Where to put the centre of an item, in pixels: from the centre of the board,
 * or from the top left corner of the frame that is its parent.
 *
 * @category inputs
 */
export const PositionInput = Schema.Struct({
  x: Schema.optional(Schema.Finite),
  y: Schema.optional(Schema.Finite),
  /** What of the item is put there, for which Miro has no other value. */
  origin: Schema.optional(Schema.Literal("center"))
})

/** @category inputs */
export interface PositionInput extends Schema.Schema.Type<typeof PositionInput> {}
