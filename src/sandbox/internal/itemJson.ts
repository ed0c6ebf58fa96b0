import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import type { Item } from "./entities.ts"
import { timestamp } from "./instant.ts"
import type { ItemKind } from "./itemKind.ts"
import { itemKinds } from "./itemKinds.ts"
import type { AuthenticatedCall } from "./route.ts"
import type { Board } from "./store.ts"

const kindOf = (type: string): ItemKind | undefined => itemKinds.find((kind) => kind.type === type)

/** Where the bytes of an item are, if it has any. */
const resourceOf = ({ id, type }: Item, boardUrl: string): Item["data"] => {
  const { collection, file } = kindOf(type) ?? {}
  return file === undefined ? {} : { [file.field]: `${boardUrl}/resources/${collection}/${id}?${file.query}` }
}

const urlOf = (board: Board, { origin }: AuthenticatedCall): string =>
  `${origin}/v2/boards/${encodeURIComponent(board.id)}`

/** What all responses have of an item. */
const fieldsOf = (board: Board, item: Item, call: AuthenticatedCall) => {
  const { hidden = [], show } = kindOf(item.type) ?? {}
  const data = show?.(item.data, call.query) ?? item.data
  return {
    id: item.id,
    type: item.type,
    data: {
      ...Record.filter(data, (_, name) => !hidden.includes(`data.${name}`)),
      ...resourceOf(item, urlOf(board, call))
    },
    ...(!hidden.includes("geometry") && { geometry: item.geometry }),
    position: {
      ...item.position,
      origin: "center",
      relativeTo: item.parentId === undefined ? "canvas_center" : "parent_top_left"
    },
    createdAt: timestamp(item.createdAt),
    createdBy: { id: item.createdBy, type: "user" },
    modifiedAt: timestamp(item.modifiedAt),
    modifiedBy: { id: item.modifiedBy, type: "user" }
  }
}

const selfOf = (board: Board, { id, type }: Item, call: AuthenticatedCall): string =>
  `${urlOf(board, call)}/${kindOf(type)?.collection ?? "items"}/${id}`

const linksOf = (board: Board, item: Item, call: AuthenticatedCall) => ({
  self: selfOf(board, item, call),
  ...(item.type === "frame" && { related: `${urlOf(board, call)}/items?parent_item_id=${item.id}&limit=10&cursor=` })
})

const styleOf = ({ style }: Item) => (Record.isEmptyReadonlyRecord(style) ? {} : { style })

const parentOf = (board: Board, { parentId, type }: Item, call: AuthenticatedCall) =>
  parentId === undefined || kindOf(type)?.hidden?.includes("parent")
    ? {}
    : { parent: { id: parentId, links: { self: `${urlOf(board, call)}/frames/${parentId}` } } }

/** An item in responses of the operations of its type. */
export const toJson = (board: Board, item: Item, call: AuthenticatedCall) => ({
  ...fieldsOf(board, item, call),
  ...styleOf(item),
  ...parentOf(board, item, call),
  links: linksOf(board, item, call)
})

// What a flowchart is made of, only the experimental API says of any item.
const isSupported = ({ data: { shape } }: Item, { path }: AuthenticatedCall): boolean =>
  path.startsWith("/v2-experimental/") || !(Predicate.isString(shape) && shape.startsWith("flow_chart_"))

/** An item in responses of the operations of all types. */
export const toGenericJson = (board: Board, item: Item, call: AuthenticatedCall) => {
  const { data, ...fields } = fieldsOf(board, item, call)
  return {
    ...fields,
    ...(isSupported(item, call) ? { data } : { isSupported: false }),
    ...styleOf(item),
    ...(item.parentId !== undefined && { parent: { id: item.parentId } }),
    links: linksOf(board, item, call)
  }
}

/** One of several items that are created at once. */
export const toBulkJson = (board: Board, item: Item, call: AuthenticatedCall) => ({
  ...fieldsOf(board, item, call),
  ...parentOf(board, item, call),
  links: { self: selfOf(board, item, call) }
})
