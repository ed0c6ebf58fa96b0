/**
 * What SCIM says of a resource beside its attributes.
 */
import * as Schema from "effect/Schema"
import * as Open from "../models/Open.ts"

/**
 * What kind of resource it is, and where it is.
 *
 * @category schemas
 */
export class Meta extends Open.named<Meta>()({
  /** The kind of the resource, such as `User`. */
  resourceType: Schema.optionalKey(Schema.String),
  /** Where the resource is, though perhaps on a host that only Miro itself can reach. */
  location: Schema.optionalKey(Schema.String)
}) {}
