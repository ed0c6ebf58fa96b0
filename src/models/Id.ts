/**
 * Ids in inputs, as people have them at hand: out of a link, or out of the address bar.
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

// Board ids end with `=`, and in links with its percent-encoding. No id has a percent sign of its own.
const encoded = /^[\w-]+(?:=|%3D)+$/i

/**
 * An id as it is, though it was percent-encoded already.
 *
 * @internal
 */
export const decode = (id: string): string => (encoded.test(id) ? id.replaceAll(/%3D/gi, "=") : id)

const link = /^(?:https?:\/\/)?(?:[\w-]+\.)*miro\.com\/app\/(?:board|embed|live-embed)\/([\w=%-]+)(?:[/?#]|$)/i

const itemInLink = /[?&]moveToWidget=(\d+)/

/**
 * What is wrong with a link to a board or item where an id belongs: which part of it is the id.
 *
 * @internal
 */
export const linkProblem = (id: string): string | undefined => {
  const board = link.exec(id)?.[1]
  if (board === undefined) return undefined
  const item = itemInLink.exec(id)?.[1]
  const ids = [
    `the id of the board is ${JSON.stringify(decode(board))}`,
    ...(item === undefined ? [] : [`that of the item ${JSON.stringify(item)}`])
  ]
  return `must be an id, and is a link, in which ${ids.join(" and ")}`
}

/**
 * Refuses a link to a board or an item, and says which part of it is the id.
 *
 * @category inputs
 */
export const isNotLink = Schema.makeFilter((id: string) => linkProblem(id))

/**
 * The id of a board, an item or anything else. One that is percent-encoded, as
 * ids of boards are in links, is sent decoded, and a whole link is refused.
 *
 * @category inputs
 */
export const Id = Schema.String.pipe(
  Schema.decodeTo(Schema.String.check(Schema.isNonEmpty({ expected: "an id" }), isNotLink), {
    decode: SchemaGetter.passthrough(),
    encode: SchemaGetter.transform(decode)
  })
)
