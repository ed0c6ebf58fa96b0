/**
 * A sticky note on a board.
 */
import * as Schema from "effect/Schema"
import { FixedRatioSizeInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"

/**
 * @category schemas
 */
export const StickyNoteShape = Open.literals(["square", "rectangle"])

/**
 * @category schemas
 */
export const StickyNoteColor = Open.literals([
  "gray",
  "light_yellow",
  "yellow",
  "orange",
  "light_green",
  "green",
  "dark_green",
  "cyan",
  "light_pink",
  "pink",
  "violet",
  "red",
  "light_blue",
  "blue",
  "dark_blue",
  "black"
])

const StickyNoteData = Open.struct({
  /** HTML. */
  content: Schema.optionalKey(Schema.String),
  shape: Schema.optionalKey(StickyNoteShape)
})

const StickyNoteStyle = Open.struct({
  fillColor: Schema.optionalKey(StickyNoteColor),
  textAlign: Schema.optionalKey(Open.literals(["left", "center", "right"])),
  textAlignVertical: Schema.optionalKey(Open.literals(["top", "middle", "bottom"]))
})

/**
 * A sticky note on a board.
 *
 * @category schemas
 */
export class StickyNote extends Open.named<StickyNote>()({
  ...itemFields,
  type: Schema.Literal("sticky_note"),
  data: Schema.optionalKey(StickyNoteData),
  style: Schema.optionalKey(StickyNoteStyle)
}) {}

/**
 * What may be set of a sticky note.
 *
 * @category inputs
 */
export const StickyNoteInput = Schema.Struct({
  data: Schema.optional(
    Schema.Struct({
      /** Plain text, or the HTML that Miro allows. */
      content: Schema.optional(Schema.String),
      shape: Schema.optional(StickyNoteShape)
    })
  ),
  style: Schema.optional(
    Schema.Struct({
      fillColor: Schema.optional(StickyNoteColor),
      textAlign: Schema.optional(Open.literals(["left", "center", "right"])),
      textAlignVertical: Schema.optional(Open.literals(["top", "middle", "bottom"]))
    })
  ),
  position: Schema.optional(PositionInput),
  geometry: Schema.optional(FixedRatioSizeInput),
  parent: Schema.optional(ParentInput)
})

/** @category inputs */
export interface StickyNoteInput extends Schema.Schema.Type<typeof StickyNoteInput> {}
