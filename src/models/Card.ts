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
  title: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  /** The id of a user. */
  assigneeId: Schema.optionalKey(Schema.String),
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
  type: Schema.Literal("card"),
  data: Schema.optionalKey(CardData),
  style: Schema.optionalKey(CardStyle)
}) {}

const common = {
  style: Schema.optional(
    Schema.Struct({
      /** The colour of the border, a hex value. */
      cardTheme: Schema.optional(Schema.String)
    })
  ),
  position: Schema.optional(PositionInput),
  geometry: Schema.optional(GeometryInput),
  parent: Schema.optional(ParentInput)
}

/**
 * A card to be put on a board.
 *
 * @category inputs
 */
export const CardInput = Schema.Struct({
  data: Schema.optional(
    Schema.Struct({
      title: Schema.optional(Schema.String),
      description: Schema.optional(Schema.String),
      /** The id of a user. */
      assigneeId: Schema.optional(Schema.String),
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
  data: Schema.optional(
    Schema.Struct({
      title: Schema.optional(Schema.String),
      description: Schema.optional(Schema.NullOr(Schema.String)),
      /** The id of a user. */
      assigneeId: Schema.optional(Schema.NullOr(Schema.String)),
      dueDate: Schema.optional(Schema.NullOr(TimestampInput))
    })
  ),
  ...common
})

/** @category inputs */
export interface CardChanges extends Schema.Schema.Type<typeof CardChanges> {}
