/**
 * What Miro knows of an access token.
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.ts"

const Named = Open.struct({
  id: Schema.String,
  name: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String)
})

/**
 * @category schemas
 */
export class TokenInfo extends Open.named<TokenInfo>()({
  type: Schema.optionalKey(Schema.String),
  /** The user for whom calls with the token are made. */
  user: Schema.optionalKey(Named),
  /** The user who installed the app. */
  createdBy: Schema.optionalKey(Named),
  team: Schema.optionalKey(Named),
  organization: Schema.optionalKey(Named),
  application: Schema.optionalKey(Named),
  scopes: Schema.optionalKey(Schema.Array(Schema.String))
}) {}
