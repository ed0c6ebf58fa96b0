/**
 * Embeds: web pages and other content from elsewhere.
 *
 * @see https://developers.miro.com/reference/embed-items
 */
import type * as Effect from "effect/Effect"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Embed, EmbedChanges, EmbedInput } from "../models/Embed.ts"

export { Embed, EmbedChanges, EmbedInput }

/**
 * Embeds content in a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-embed-item
 */
export const create = Operation.make({
  id: "create-embed-item",
  name: "Embeds.create",
  method: "POST",
  path: "/v2/boards/{boardId}/embeds",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: EmbedInput,
  success: Embed
})

/**
 * Gets an embed.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-embed-item
 */
export const get = Operation.make({
  id: "get-embed-item",
  name: "Embeds.get",
  method: "GET",
  path: "/v2/boards/{boardId}/embeds/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Embed
})

/**
 * Changes what is given of an embed, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-embed-item
 */
export const update = Operation.make({
  id: "update-embed-item",
  name: "Embeds.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/embeds/{itemId}",
  scope: "boards:write",
  level: 2,
  body: EmbedChanges,
  success: Embed
})

/**
 * The input that makes the same embed again: for `create` or `update`, on the
 * same board or another. Fields that only Miro sets are left out, and a `parent`
 * is the same frame unless you change it. Fails with `InvalidInput` for an embed
 * that Miro gives no data of. Of width and height it has the width, since Miro
 * takes one of them.
 *
 * @category inputs
 */
export const toInput: (item: Embed) => Effect.Effect<EmbedInput, MiroError> = ToInput.make(
  "Embeds.toInput",
  EmbedInput,
  create,
  { hasFixedRatio: true, problem: ToInput.unsupported }
)

/**
 * Deletes an embed.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-embed-item
 */
const delete_ = Operation.make({
  id: "delete-embed-item",
  name: "Embeds.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/embeds/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
