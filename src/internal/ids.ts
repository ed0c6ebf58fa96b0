/**
 * Ids as people have them at hand: out of a link, or out of the address bar.
 */

// Board ids end with `=`, and in links with its percent-encoding. No id has a percent sign of its own.
const encoded = /^[\w-]+(?:=|%3D)+$/i

/** An id as it is, though it was percent-encoded already. */
export const decode = (id: string): string => (encoded.test(id) ? id.replaceAll(/%3D/gi, "=") : id)

const link = /^(?:https?:\/\/)?(?:[\w-]+\.)*miro\.com\/app\/(?:board|embed|live-embed)\/([\w=%-]+)(?:[/?#]|$)/i

const itemInLink = /[?&]moveToWidget=(\d+)/

/** What is wrong with a link to a board or item where an id belongs: which part of it is the id. */
export const problem = (id: string): string | undefined => {
  const board = link.exec(id)?.[1]
  if (board === undefined) return undefined
  const item = itemInLink.exec(id)?.[1]
  const ids = [
    `the id of the board is ${JSON.stringify(decode(board))}`,
    ...(item === undefined ? [] : [`that of the item ${JSON.stringify(item)}`])
  ]
  return `must be an id, and is a link, in which ${ids.join(" and ")}`
}
