/**
 * Items of every type on a board.
 *
 * @see https://developers.miro.com/reference/items
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import { Item, ItemType } from "../models/Item.ts"
import * as Page from "../models/Page.ts"
import { ParentInput } from "../models/Parent.ts"
import { PositionInput } from "../models/Position.ts"

export { Item, ItemType }

/**
 * Lists the items of a board, of all types or of one. Connectors, tags and
 * groups are not items to Miro and have lists of their own. A page has 10 to
 * 50 items.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-items
 */
export const list = Operation.list({
  id: "get-items",
  name: "Items.list",
  method: "GET",
  path: "/v2/boards/{boardId}/items",
  scope: "boards:read",
  level: 2,
  query: Schema.Struct({
    ...Page.cursorQuery,
    /** Items of this type only. */
    type: Schema.optional(ItemType)
  }),
  success: Page.cursor(Item),
  pagination: Pagination.cursor({ maximum: 50 })
})

/**
 * Gets an item of any type.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-specific-item
 */
export const get = Operation.make({
  id: "get-specific-item",
  name: "Items.get",
  method: "GET",
  path: "/v2/boards/{boardId}/items/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Item
})

/**
 * Moves an item on the board, into a frame, or with `parent: null` out of one.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-item-position-or-parent
 */
export const move = Operation.make({
  id: "update-item-position-or-parent",
  name: "Items.move",
  method: "PATCH",
  path: "/v2/boards/{boardId}/items/{itemId}",
  scope: "boards:write",
  level: 2,
  body: Schema.Struct({
    position: Schema.optional(PositionInput),
    parent: Schema.optional(ParentInput)
  }),
  success: Item
})

const delete_ = Operation.make({
  id: "delete-item",
  name: "Items.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/items/{itemId}",
  scope: "boards:write",
  level: 3
})

export {
  /**
   * Deletes an item of any type.
   *
   * Scope `boards:write`, level 3.
   *
   * @category operations
   * @see https://developers.miro.com/reference/delete-item
   */
  delete_ as delete
}
