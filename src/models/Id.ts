/**
 * Ids in inputs.
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as Ids from "../internal/ids.ts"

/**
 * Refuses a link to a board or an item, and says which part of it is the id.
 *
 * @category inputs
 */
export const isNotLink = Schema.makeFilter((id: string) => Ids.problem(id))

/**
 * The id of a board, an item or anything else. One that is percent-encoded, as
 * ids of boards are in links, is sent decoded, and a whole link is refused.
 *
 * @category inputs
 */
export const Id = Schema.String.pipe(
  Schema.decodeTo(Schema.String.check(Schema.isNonEmpty({ expected: "an id" }), isNotLink), {
    decode: SchemaGetter.passthrough(),
    encode: SchemaGetter.transform(Ids.decode)
  })
)
