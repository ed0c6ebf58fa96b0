/**
 * References from one resource to another.
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.ts"

const nameAndType = {
  name: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String)
}

/**
 * A user, as boards and tokens mention them.
 *
 * @category schemas
 */
export class UserReference extends Open.named<UserReference>()({ id: Schema.String, ...nameAndType }) {}

/**
 * A user, as items and connectors mention them: who created or changed one.
 * Miro does not promise that it has an `id`.
 *
 * @category schemas
 */
export class ItemUserReference extends Open.named<ItemUserReference>()({
  id: Schema.optionalKey(Schema.String),
  ...nameAndType
}) {}

/**
 * A picture of a team or board.
 *
 * @category schemas
 */
export class Picture extends Open.named<Picture>()({
  id: Schema.optionalKey(Schema.String),
  imageURL: Schema.optionalKey(Schema.String),
  originalUrl: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * A team, as other resources mention it.
 *
 * @category schemas
 */
export class TeamReference extends Open.named<TeamReference>()({
  id: Schema.String,
  name: Schema.String,
  picture: Schema.optionalKey(Picture),
  type: Schema.optionalKey(Schema.String)
}) {}
