/**
 * A text on a board.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"

const TextData = Open.struct({
  /** HTML. */
  content: Schema.optionalKey(Schema.String)
})

const TextStyle = Open.struct({
  /** A hex value. */
  color: Schema.optionalKey(Schema.String),
  /** A hex value. */
  fillColor: Schema.optionalKey(Schema.String),
  /** Between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.optionalKey(Schema.String),
  fontFamily: Schema.optionalKey(Schema.String),
  /** In dp, as a string. */
  fontSize: Schema.optionalKey(Schema.String),
  textAlign: Schema.optionalKey(Open.literals(["left", "center", "right", "unknown"]))
})

/**
 * A text on a board.
 *
 * @category schemas
 */
export class Text extends Open.named<Text>()({
  ...itemFields,
  type: Schema.Literal("text"),
  data: Schema.optionalKey(TextData),
  style: Schema.optionalKey(TextStyle)
}) {}
