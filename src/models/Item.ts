/**
 * The items of a board, told apart by their `type`.
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { AppCard } from "./AppCard.ts"
import { Card } from "./Card.ts"
import { DocFormat } from "./DocFormat.ts"
import { Document } from "./Document.ts"
import { Embed } from "./Embed.ts"
import { Frame } from "./Frame.ts"
import { Image } from "./Image.ts"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { Shape } from "./Shape.ts"
import { StickyNote } from "./StickyNote.ts"
import { Text } from "./Text.ts"

/**
 * A link that is shown as a preview of what it leads to. Miro does not say
 * what its data is.
 *
 * @category schemas
 */
export class Preview extends Open.named<Preview>()({
  ...itemFields,
  /** Tells a preview from other items. */
  type: Schema.Literal("preview"),
  /** What the preview shows, as Miro gives it. */
  data: Schema.optionalKey(Schema.Unknown),
  /** How the preview looks, as Miro gives it. */
  style: Schema.optionalKey(Schema.Unknown)
}) {}

/**
 * A table on a board. Miro does not say what its data is.
 *
 * @category schemas
 */
export class DataTable extends Open.named<DataTable>()({
  ...itemFields,
  /** Tells a table from other items. */
  type: Schema.Literal("data_table_format"),
  /** What is in the table, as Miro gives it. */
  data: Schema.optionalKey(Schema.Unknown),
  /** How the table looks, as Miro gives it. */
  style: Schema.optionalKey(Schema.Unknown)
}) {}

const itemTypes = [
  "app_card",
  "card",
  "data_table_format",
  "doc_format",
  "document",
  "embed",
  "frame",
  "image",
  "preview",
  "shape",
  "sticky_note",
  "text"
] as const

/**
 * A type of items that this package knows, or another.
 *
 * @category schemas
 */
export const ItemType = Open.literals(itemTypes)

const isUnknown = (type: string): boolean => !itemTypes.some((known) => known === type)

const otherFields = {
  ...itemFields,
  /** What the item says, as Miro gives it. */
  data: Schema.optionalKey(Schema.Unknown),
  /** How the item looks, as Miro gives it. */
  style: Schema.optionalKey(Schema.Unknown)
}

/**
 * An item of a type that this package does not know. All that Miro gave is in
 * it; Miro's own `type` is in `originalType`, since only a literal lets the
 * `type` of an item tell all of them apart.
 *
 * @category schemas
 */
export class UnknownItem extends Schema.Opaque<UnknownItem>()(
  Open.struct({
    ...otherFields,
    /** Tells an item of an unknown type from the others. */
    type: Schema.String.pipe(Schema.check(Schema.makeFilter(isUnknown, { expected: "an unknown type of item" })))
  }).pipe(
    Schema.decodeTo(
      Schema.toType(
        Open.struct({
          ...otherFields,
          /** Tells an item of an unknown type from the others. */
          type: Schema.Literal("unknown"),
          /** The type as Miro gave it. */
          originalType: Schema.String
        })
      ),
      {
        decode: SchemaGetter.transform(({ type, ...item }) => ({
          ...item,
          type: "unknown" as const,
          originalType: type
        })),
        encode: SchemaGetter.transform(({ originalType, ...item }) => ({ ...item, type: originalType }))
      }
    )
  )
) {}

const items = Schema.Union([
  AppCard,
  Card,
  DataTable,
  DocFormat,
  Document,
  Embed,
  Frame,
  Image,
  Preview,
  Shape,
  StickyNote,
  Text,
  UnknownItem
])

/**
 * An item of a board. Its `type` says which.
 *
 * @category schemas
 */
export const Item: Schema.Codec<Item, typeof items.Encoded> = items

/** @category schemas */
export type Item =
  | AppCard
  | Card
  | DataTable
  | DocFormat
  | Document
  | Embed
  | Frame
  | Image
  | Preview
  | Shape
  | StickyNote
  | Text
  | UnknownItem
