/**
 * References from one resource to another.
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.ts"

const nameAndType = {
  /** The user's name, as others see it. */
  name: Schema.optionalKey(Schema.String),
  /** The kind of the resource, such as `user`. */
  type: Schema.optionalKey(Schema.String)
}

/**
 * A user, as boards and tokens mention them.
 *
 * @category schemas
 */
export class UserReference extends Open.named<UserReference>()({
  /** The id of the user. */
  id: Schema.String,
  ...nameAndType
}) {}

/**
 * A user, as items and connectors mention them: who created or changed one.
 * Miro does not promise that it has an `id`.
 *
 * @category schemas
 */
export class ItemUserReference extends Open.named<ItemUserReference>()({
  /** The id of the user. */
  id: Schema.optionalKey(Schema.String),
  ...nameAndType
}) {}

/**
 * A picture of a team or board.
 *
 * @category schemas
 */
export class Picture extends Open.named<Picture>()({
  /** The id of the picture. */
  id: Schema.optionalKey(Schema.String),
  /** The URL of the picture, as Miro shows it. */
  imageURL: Schema.optionalKey(Schema.String),
  /** The URL of the picture as it was uploaded. */
  originalUrl: Schema.optionalKey(Schema.String),
  /** The kind of the resource: `picture`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * A team, as other resources mention it.
 *
 * @category schemas
 */
export class TeamReference extends Open.named<TeamReference>()({
  /** The id of the team. */
  id: Schema.String,
  /** The name of the team. */
  name: Schema.String,
  /** The logo of the team. */
  picture: Schema.optionalKey(Picture),
  /** The kind of the resource: `team`. */
  type: Schema.optionalKey(Schema.String)
}) {}
