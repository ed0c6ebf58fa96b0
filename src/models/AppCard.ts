/**
 * A card on a board that an app keeps in step with a source of its own.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"

/**
 * A field that an app card shows below its title.
 *
 * @category schemas
 */
export class AppCardField extends Open.named<AppCardField>()({
  value: Schema.optionalKey(Schema.String),
  tooltip: Schema.optionalKey(Schema.String),
  /** A hex value. */
  fillColor: Schema.optionalKey(Schema.String),
  /** A hex value. */
  textColor: Schema.optionalKey(Schema.String),
  iconUrl: Schema.optionalKey(Schema.String),
  iconShape: Schema.optionalKey(Open.literals(["round", "square"]))
}) {}

const AppCardData = Open.struct({
  title: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  status: Schema.optionalKey(Open.literals(["disconnected", "connected", "disabled"])),
  /** Whether the card belongs to the app that makes the call. */
  owned: Schema.optionalKey(Schema.Boolean),
  fields: Schema.optionalKey(Schema.Array(AppCardField))
})

const AppCardStyle = Open.struct({
  /** The colour of the border, a hex value. */
  fillColor: Schema.optionalKey(Schema.String),
  fillBackground: Schema.optionalKey(Schema.Boolean)
})

/**
 * A card on a board that an app keeps in step with a source of its own.
 *
 * @category schemas
 */
export class AppCard extends Open.named<AppCard>()({
  ...itemFields,
  type: Schema.Literal("app_card"),
  data: Schema.optionalKey(AppCardData),
  style: Schema.optionalKey(AppCardStyle)
}) {}
