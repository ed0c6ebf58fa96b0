import { timestamp } from "./instant.ts"
import type { ItemKind } from "./itemKind.ts"
import { itemKinds } from "./itemKinds.ts"
import type { AuthenticatedCall } from "./route.ts"
import type { Board, Item } from "./store.ts"

const kindOf = (type: string): ItemKind | undefined => itemKinds.find((kind) => kind.type === type)

/** Where the bytes of an item are, if it has any. */
const resourceOf = ({ id, type }: Item, boardUrl: string): Item["data"] => {
  const { collection, file } = kindOf(type) ?? {}
  return file === undefined ? {} : { [file.field]: `${boardUrl}/resources/${collection}/${id}?${file.query}` }
}

/** An item as responses have it. */
export const toJson = (board: Board, item: Item, { origin }: AuthenticatedCall) => {
  const boardUrl = `${origin}/v2/boards/${encodeURIComponent(board.id)}`
  const related = `${boardUrl}/items?parent_item_id=${item.id}&limit=10&cursor=`
  return {
    id: item.id,
    type: item.type,
    data: { ...item.data, ...resourceOf(item, boardUrl) },
    style: item.style,
    geometry: item.geometry,
    position: {
      ...item.position,
      origin: "center",
      relativeTo: item.parentId === undefined ? "canvas_center" : "parent_top_left"
    },
    ...(item.parentId !== undefined && {
      parent: { id: item.parentId, links: { self: `${boardUrl}/frames/${item.parentId}` } }
    }),
    links: {
      self: `${boardUrl}/${kindOf(item.type)?.collection ?? "items"}/${item.id}`,
      ...(item.type === "frame" && { related })
    },
    createdAt: timestamp(item.createdAt),
    createdBy: { id: item.createdBy, type: "user" },
    modifiedAt: timestamp(item.modifiedAt),
    modifiedBy: { id: item.modifiedBy, type: "user" }
  }
}
