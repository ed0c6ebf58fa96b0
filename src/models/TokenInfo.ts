/**
 * What Miro knows of an access token.
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.ts"

const Named = Open.struct({
  /** Its id. */
  id: Schema.String,
  /** Its name. */
  name: Schema.optionalKey(Schema.String),
  /** The kind of the resource, such as `team`. */
  type: Schema.optionalKey(Schema.String)
})

/**
 * Whom an access token is for, who installed the app, and what the token
 * permits.
 *
 * @category schemas
 */
export class TokenInfo extends Open.named<TokenInfo>()({
  /** The kind of the resource: `oAuthToken`. */
  type: Schema.optionalKey(Schema.String),
  /** The user for whom calls with the token are made. */
  user: Schema.optionalKey(Named),
  /** The user who installed the app. */
  createdBy: Schema.optionalKey(Named),
  /** The team that the app is installed in. */
  team: Schema.optionalKey(Named),
  /** The organization of the team. */
  organization: Schema.optionalKey(Named),
  /** The app that the token was issued to. */
  application: Schema.optionalKey(Named),
  /** What the token permits, such as `boards:read`. */
  scopes: Schema.optionalKey(Schema.Array(Schema.String))
}) {}
