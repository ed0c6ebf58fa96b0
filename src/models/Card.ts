/**
 * A card on a board.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { Timestamp } from "./Timestamp.ts"

const CardData = Open.struct({
  title: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  /** The id of a user. */
  assigneeId: Schema.optionalKey(Schema.String),
  dueDate: Schema.optionalKey(Timestamp)
})

const CardStyle = Open.struct({
  /** The colour of the border, a hex value. */
  cardTheme: Schema.optionalKey(Schema.String),
  fillBackground: Schema.optionalKey(Schema.Boolean)
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
