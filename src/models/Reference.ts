/**
 * References from one resource to another.
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.ts"

/**
 * A user, as other resources mention them.
 *
 * @category schemas
 */
export const UserReference = Open.struct({
  id: Schema.String,
  name: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String)
})

/** @category schemas */
export interface UserReference extends Schema.Schema.Type<typeof UserReference> {}

/**
 * A picture of a team or board.
 *
 * @category schemas
 */
export const Picture = Open.struct({
  id: Schema.optionalKey(Schema.String),
  imageURL: Schema.optionalKey(Schema.String),
  originalUrl: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String)
})

/** @category schemas */
export interface Picture extends Schema.Schema.Type<typeof Picture> {}

/**
 * A team, as other resources mention it.
 *
 * @category schemas
 */
export const TeamReference = Open.struct({
  id: Schema.String,
  name: Schema.String,
  picture: Schema.optionalKey(Picture),
  type: Schema.optionalKey(Schema.String)
})

/** @category schemas */
export interface TeamReference extends Schema.Schema.Type<typeof TeamReference> {}
