/**
 * A frame on a board, which other items can be in.
 */
import * as Schema from "effect/Schema"
import { SizeInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { PositionInput } from "./Position.ts"

const FrameData = Open.struct({
  title: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Open.literals(["freeform", "heap", "grid", "rows", "columns"])),
  format: Schema.optionalKey(
    Open.literals(["custom", "desktop", "phone", "tablet", "a4", "letter", "ratio_1x1", "ratio_4x3", "ratio_16x9"])
  ),
  showContent: Schema.optionalKey(Schema.Boolean)
})

const FrameStyle = Open.struct({
  /** A hex value. */
  fillColor: Schema.optionalKey(Schema.String)
})

/**
 * A frame on a board, which other items can be in.
 *
 * @category schemas
 */
export class Frame extends Open.named<Frame>()({
  ...itemFields,
  type: Schema.Literal("frame"),
  data: Schema.optionalKey(FrameData),
  style: Schema.optionalKey(FrameStyle)
}) {}

const FrameDataInput = Schema.Struct({
  title: Schema.optional(Schema.String),
  type: Schema.optional(Open.literals(["freeform"])),
  format: Schema.optional(Open.literals(["custom"])),
  /** Whether what is in the frame can be seen. On the Enterprise plan only. */
  showContent: Schema.optional(Schema.Boolean)
})

const common = {
  style: Schema.optional(
    Schema.Struct({
      /** A hex value. */
      fillColor: Schema.optional(Schema.String)
    })
  ),
  position: Schema.optional(PositionInput),
  geometry: Schema.optional(SizeInput)
}

/**
 * A frame to be put on a board. Frames cannot be in other frames.
 *
 * @category inputs
 */
export const FrameInput = Schema.Struct({
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
  data: Schema.optional(FrameDataInput),
  ...common
})

/** @category inputs */
export interface FrameChanges extends Schema.Schema.Type<typeof FrameChanges> {}
