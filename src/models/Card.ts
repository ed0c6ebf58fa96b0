/**
 * A card on a board.
 */
import * as Schema from "effect/Schema"
import { GeometryInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"
import { Timestamp, TimestampInput } from "./Timestamp.ts"

const CardData = Open.struct({
  /** The header of the card. */
  title: Schema.optionalKey(Schema.String),
  /** What the card is about. */
  description: Schema.optionalKey(Schema.String),
  /** The id of the user whom the card is assigned to. */
  assigneeId: Schema.optionalKey(Schema.String),
  /** When the task on the card is due. Absent if it has no due date. */
  dueDate: Schema.optionalKey(Timestamp)
})

const CardStyle = Open.struct({
  /** The colour of the border, a hex value. */
  cardTheme: Schema.optionalKey(Schema.String)
})

/**
 * A card on a board.
 *
 * @category schemas
 */
export class Card extends Open.named<Card>()({
  ...itemFields,
  /** Tells a card from other items. */
  type: Schema.Literal("card"),
  /** What the card says. */
  data: Schema.optionalKey(CardData),
  /** How the card looks. */
  style: Schema.optionalKey(CardStyle)
}) {}

const common = {
  /** How the card looks. */
  style: Schema.optional(
    Schema.Struct({
      /** The colour of the border, a hex value. */
      cardTheme: Schema.optional(Schema.String)
    })
  ),
  /** Where to put the centre of the item. */
  position: Schema.optional(PositionInput),
  /** The size of the item. */
  geometry: Schema.optional(GeometryInput),
  /** The frame to put the item into, or `null` for the board itself. */
  parent: Schema.optional(ParentInput)
}

/**
 * A card to be put on a board.
 *
 * @category inputs
 */
export const CardInput = Schema.Struct({
  /** What the card says. */
  data: Schema.optional(
    Schema.Struct({
      /** The header of the card. */
      title: Schema.optional(Schema.String),
      /** What the card is about. */
      description: Schema.optional(Schema.String),
      /** The id of the user to assign the card to. */
      assigneeId: Schema.optional(Schema.String),
      /** When the task on the card is due. */
      dueDate: Schema.optional(TimestampInput)
    })
  ),
  ...common
})

/** @category inputs */
export interface CardInput extends Schema.Schema.Type<typeof CardInput> {}

/**
 * What is to be changed of a card. `null` takes a description, assignee or due
 * date away.
 *
 * @category inputs
 */
export const CardChanges = Schema.Struct({
  /** What the card says: fields that are left out stay as they are. */
  data: Schema.optional(
    Schema.Struct({
      /** The header of the card. */
      title: Schema.optional(Schema.String),
      /** What the card is about; `null` takes it away. */
      description: Schema.optional(Schema.NullOr(Schema.String)),
      /** The id of the user to assign the card to; `null` takes the assignee away. */
      assigneeId: Schema.optional(Schema.NullOr(Schema.String)),
      /** When the task on the card is due; `null` takes the date away. */
      dueDate: Schema.optional(Schema.NullOr(TimestampInput))
    })
  ),
  ...common
})

/** @category inputs */
export interface CardChanges extends Schema.Schema.Type<typeof CardChanges> {}
