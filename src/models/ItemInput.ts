/**
 * Items to be put on a board several at a time.
 */
import * as Schema from "effect/Schema"
import { AppCardInput } from "./AppCard.ts"
import { CardInput } from "./Card.ts"
import { DocumentInput } from "./Document.ts"
import { EmbedInput } from "./Embed.ts"
import { FrameInput } from "./Frame.ts"
import { FixedRatioGeometryInput } from "./Geometry.ts"
import { ImageInput } from "./Image.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"
import { ShapeInput } from "./Shape.ts"
import { StickyNoteInput } from "./StickyNote.ts"
import { TextInput } from "./Text.ts"

const typed = <const Type extends string, Fields extends Schema.Struct.Fields>(
  type: Type,
  input: Schema.Struct<Fields>
) =>
  Schema.Struct({
    /** Which type of item it is. */
    type: Schema.Literal(type),
    ...input.fields
  })

/**
 * An item to be put on a board: its `type`, and what `create` takes for that
 * type.
 *
 * @category inputs
 */
export const ItemInput = Schema.Union([
  typed("app_card", AppCardInput),
  typed("card", CardInput),
  typed("document", DocumentInput),
  typed("embed", EmbedInput),
  typed("frame", FrameInput),
  typed("image", ImageInput),
  typed("shape", ShapeInput),
  typed("sticky_note", StickyNoteInput),
  typed("text", TextInput)
])

/** @category inputs */
export type ItemInput = typeof ItemInput.Type

/**
 * What is to be made of a file that is uploaded together with others.
 *
 * @category inputs
 */
export const ItemFileInput = Schema.Struct({
  /** Whether the file is a document or an image. */
  type: Open.literals(["document", "image"]),
  /** The title of the item. */
  title: Schema.optional(Schema.String),
  /** Where to put the centre of the item. */
  position: Schema.optional(PositionInput),
  /** The size of the item: its width or its height. */
  geometry: Schema.optional(FixedRatioGeometryInput),
  /** The frame to put the item into, or `null` for the board itself. */
  parent: Schema.optional(ParentInput)
})

/** @category inputs */
export interface ItemFileInput extends Schema.Schema.Type<typeof ItemFileInput> {}
