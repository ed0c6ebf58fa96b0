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
  /** How far to the right the centre of the item is, in pixels. Negative to the left of the board's centre. */
  x: Schema.optionalKey(Schema.Finite),
  /** How far down the centre of the item is, in pixels. Negative above the board's centre. */
  y: Schema.optionalKey(Schema.Finite),
  /** The point of the item that `x` and `y` are the place of: its centre. */
  origin: Schema.optionalKey(Open.literals(["center"])),
  /** What `x` and `y` are counted from: the centre of the board, or the top left corner of the parent. */
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
  /** How far to the right, in pixels. May be negative on the board itself. 0 for a new item unless set. */
  x: Schema.optional(Schema.Finite),
  /** How far down, in pixels. May be negative on the board itself. 0 for a new item unless set. */
  y: Schema.optional(Schema.Finite),
  /** What of the item is put there, for which Miro has no other value. */
  origin: Schema.optional(Schema.Literal("center"))
})

/** @category inputs */
export interface PositionInput extends Schema.Schema.Type<typeof PositionInput> {}
