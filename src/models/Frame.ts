/**
 * A frame on a board, which other items can be in.
 */
import * as Schema from "effect/Schema"
import { SizeInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { PositionInput } from "./Position.ts"

const FrameData = Open.struct({
  /** The title above the frame. */
  title: Schema.optionalKey(Schema.String),
  /** How items are laid out in the frame: `freeform` leaves that to the users. */
  type: Schema.optionalKey(Open.literals(["freeform", "heap", "grid", "rows", "columns"])),
  /** The proportions of the frame: `custom` for any. */
  format: Schema.optionalKey(
    Open.literals(["custom", "desktop", "phone", "tablet", "a4", "letter", "ratio_1x1", "ratio_4x3", "ratio_16x9"])
  ),
  /** Whether what is in the frame is shown. */
  showContent: Schema.optionalKey(Schema.Boolean)
})

const FrameStyle = Open.struct({
  /** The colour of the background, a hex value. */
  fillColor: Schema.optionalKey(Schema.String)
})

/**
 * A frame on a board, which other items can be in.
 *
 * @category schemas
 */
export class Frame extends Open.named<Frame>()({
  ...itemFields,
  /** Tells a frame from other items. */
  type: Schema.Literal("frame"),
  /** The frame's title and format. */
  data: Schema.optionalKey(FrameData),
  /** How the frame looks. */
  style: Schema.optionalKey(FrameStyle)
}) {}

const FrameDataInput = Schema.Struct({
  /** The title above the frame. */
  title: Schema.optional(Schema.String),
  /** How items are laid out in the frame. Miro takes `freeform` only. */
  type: Schema.optional(Open.literals(["freeform"])),
  /** The proportions of the frame. Miro takes `custom` only, which is any. */
  format: Schema.optional(Open.literals(["custom"])),
  /** Whether what is in the frame can be seen. On the Enterprise plan only. */
  showContent: Schema.optional(Schema.Boolean)
})

const common = {
  /** How the frame looks. */
  style: Schema.optional(
    Schema.Struct({
      /** The colour of the background, a hex value. */
      fillColor: Schema.optional(Schema.String)
    })
  ),
  /** Where to put the centre of the item. */
  position: Schema.optional(PositionInput),
  /** The size of the item. */
  geometry: Schema.optional(SizeInput)
}

/**
 * A frame to be put on a board. Frames cannot be in other frames.
 *
 * @category inputs
 */
export const FrameInput = Schema.Struct({
  /** The frame's title and format. */
  data: FrameDataInput,
  ...common
})

/** @category inputs */
export interface FrameInput extends Schema.Schema.Type<typeof FrameInput> {}

/**
 * What is to be changed of a frame.
 *
 * @category inputs
 */
export const FrameChanges = Schema.Struct({
  /** The frame's title and format: what is left out stays as it is. */
  data: Schema.optional(FrameDataInput),
  ...common
})

/** @category inputs */
export interface FrameChanges extends Schema.Schema.Type<typeof FrameChanges> {}
