/**
 * Ids that tell one request from another.
 */
import * as Schema from "effect/Schema"
import { isNotLink } from "./Id.ts"

/**
 * An id in the query of a request that without it would be another one, about
 * all of the board or about the item itself. So it must not be empty.
 *
 * @category inputs
 */
export const QueryId = Schema.String.check(Schema.isPattern(/^\S+$/, { expected: "an id" }), isNotLink)
