/**
 * A sticky note on a board.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"

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
export const StickyNote = Open.struct({
  ...itemFields,
  type: Schema.Literal("sticky_note"),
  data: Schema.optionalKey(StickyNoteData),
  style: Schema.optionalKey(StickyNoteStyle)
})

/** @category schemas */
export interface StickyNote extends Schema.Schema.Type<typeof StickyNote> {}
