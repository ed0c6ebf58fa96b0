/**
 * Texts.
 *
 * @see https://developers.miro.com/reference/text-items
 */
import type * as Effect from "effect/Effect"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Text, TextChanges, TextInput } from "../models/Text.ts"

export { Text, TextChanges, TextInput }

/**
 * Puts a text on a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-text-item
 */
export const create = Operation.make({
  id: "create-text-item",
  name: "Texts.create",
  method: "POST",
  path: "/v2/boards/{boardId}/texts",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: TextInput,
  success: Text
})

/**
 * Gets a text.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-text-item
 */
export const get = Operation.make({
  id: "get-text-item",
  name: "Texts.get",
  method: "GET",
  path: "/v2/boards/{boardId}/texts/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Text
})

/**
 * Changes what is given of a text, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-text-item
 */
export const update = Operation.make({
  id: "update-text-item",
  name: "Texts.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/texts/{itemId}",
  scope: "boards:write",
  level: 2,
  body: TextChanges,
  success: Text
})

/**
 * The input that makes the same text again: for `create` or `update`, on the
 * same board or another. Fields that only Miro sets are left out, and a `parent`
 * is the same frame unless you change it. Fails with `InvalidInput` for a text
 * that Miro gives no data of.
 *
 * @category inputs
 */
export const toInput: (item: Text) => Effect.Effect<TextInput, MiroError> = ToInput.make(
  "Texts.toInput",
  TextInput,
  create,
  { problem: ToInput.unsupported }
)

/**
 * Deletes a text.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-text-item
 */
const delete_ = Operation.make({
  id: "delete-text-item",
  name: "Texts.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/texts/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
