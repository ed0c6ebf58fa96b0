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
  id: Schema.String,
  email: Schema.optionalKey(Schema.String),
  firstName: Schema.optionalKey(Schema.String),
  lastName: Schema.optionalKey(Schema.String)
}) {}
