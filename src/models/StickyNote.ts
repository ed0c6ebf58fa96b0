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
 * The form of a sticky note.
 *
 * @category schemas
 */
export const StickyNoteShape = Open.literals(["square", "rectangle"])

/**
 * The colour of a sticky note, by its name.
 *
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
  /** The text of the note, as HTML. */
  content: Schema.optionalKey(Schema.String),
  /** The form of the note: a square or a rectangle. */
  shape: Schema.optionalKey(StickyNoteShape)
})

const StickyNoteStyle = Open.struct({
  /** The colour of the note, by its name. */
  fillColor: Schema.optionalKey(StickyNoteColor),
  /** Where the text is from left to right. */
  textAlign: Schema.optionalKey(Open.literals(["left", "center", "right"])),
  /** Where the text is from top to bottom. */
  textAlignVertical: Schema.optionalKey(Open.literals(["top", "middle", "bottom"]))
})

/**
 * A sticky note on a board.
 *
 * @category schemas
 */
export class StickyNote extends Open.named<StickyNote>()({
  ...itemFields,
  /** Tells a sticky note from other items. */
  type: Schema.Literal("sticky_note"),
  /** The note's text and form. */
  data: Schema.optionalKey(StickyNoteData),
  /** How the note looks. */
  style: Schema.optionalKey(StickyNoteStyle)
}) {}

/**
 * What may be set of a sticky note.
 *
 * @category inputs
 */
export const StickyNoteInput = Schema.Struct({
  /** The note's text and form. */
  data: Schema.optional(
    Schema.Struct({
      /** Plain text, or the HTML that Miro allows. */
      content: Schema.optional(Schema.String),
      /** The form of the note: `square` for a new one unless set. */
      shape: Schema.optional(StickyNoteShape)
    })
  ),
  /** How the note looks: what is left out stays as it is. */
  style: Schema.optional(
    Schema.Struct({
      /** The colour of the note, by its name. */
      fillColor: Schema.optional(StickyNoteColor),
      /** Where the text is from left to right. */
      textAlign: Schema.optional(Open.literals(["left", "center", "right"])),
      /** Where the text is from top to bottom. */
      textAlignVertical: Schema.optional(Open.literals(["top", "middle", "bottom"]))
    })
  ),
  /** Where to put the centre of the item. */
  position: Schema.optional(PositionInput),
  /** The size of the item. */
  geometry: Schema.optional(FixedRatioSizeInput),
  /** The frame to put the item into, or `null` for the board itself. */
  parent: Schema.optional(ParentInput)
})

/** @category inputs */
export interface StickyNoteInput extends Schema.Schema.Type<typeof StickyNoteInput> {}
