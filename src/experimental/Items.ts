/**
 * Items of every type on a board, with the data of flowchart shapes, which the
 * other lists leave out. Miro calls this part of its API experimental, and may
 * change it without notice.
 *
 * @see https://developers.miro.com/reference/get-items-experimental
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import { Item } from "../models/Item.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

export { Item }

/**
 * Lists the items of a board, of all types or shapes only. A page has 10 to 50
 * items, 10 unless set.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-items-experimental
 */
export const list = Operation.list({
  id: "get-items-experimental",
  name: "ExperimentalItems.list",
  method: "GET",
  path: "/v2-experimental/boards/{boardId}/items",
  scope: "boards:read",
  level: 2,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(10, 50),
    /** Items of this type only. */
    type: Schema.optional(Open.literals(["shape"]))
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
 * @see https://developers.miro.com/reference/get-specific-item-experimental
 */
export const get = Operation.make({
  id: "get-specific-item-experimental",
  name: "ExperimentalItems.get",
  method: "GET",
  path: "/v2-experimental/boards/{boardId}/items/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Item
})

/**
 * Deletes an item of any type.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-item-experimental
 */
const delete_ = Operation.make({
  id: "delete-item-experimental",
  name: "ExperimentalItems.delete",
  method: "DELETE",
  path: "/v2-experimental/boards/{boardId}/items/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
