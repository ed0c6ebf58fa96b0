/**
 * A frame on a board, which other items can be in.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"

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
