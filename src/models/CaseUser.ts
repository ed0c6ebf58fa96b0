/**
 * A user, as eDiscovery mentions them.
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.ts"

/**
 * A user, as cases and legal holds mention them.
 *
 * @category schemas
 */
export class CaseUser extends Open.named<CaseUser>()({
  /** The id of the user. */
  id: Schema.String,
  /** The email address of the user. */
  email: Schema.optionalKey(Schema.String),
  /** The given name of the user. */
  firstName: Schema.optionalKey(Schema.String),
  /** The family name of the user. */
  lastName: Schema.optionalKey(Schema.String)
}) {}
