/**
 * App cards: cards that an app keeps in step with a source of its own. Only the
 * app that created one can change it.
 *
 * @see https://developers.miro.com/reference/app-card-items
 */
import type * as Effect from "effect/Effect"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { AppCard, AppCardChanges, AppCardInput } from "../models/AppCard.ts"

export { AppCard, AppCardChanges, AppCardInput }

/**
 * Puts an app card on a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-app-card-item
 */
export const create = Operation.make({
  id: "create-app-card-item",
  name: "AppCards.create",
  method: "POST",
  path: "/v2/boards/{boardId}/app_cards",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: AppCardInput,
  success: AppCard
})

/**
 * Gets an app card.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-app-card-item
 */
export const get = Operation.make({
  id: "get-app-card-item",
  name: "AppCards.get",
  method: "GET",
  path: "/v2/boards/{boardId}/app_cards/{itemId}",
  scope: "boards:read",
  level: 1,
  success: AppCard
})

/**
 * Changes what is given of an app card, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-app-card-item
 */
export const update = Operation.make({
  id: "update-app-card-item",
  name: "AppCards.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/app_cards/{itemId}",
  scope: "boards:write",
  level: 2,
  body: AppCardChanges,
  success: AppCard
})

/**
 * The input that makes the same app card again: for `create` or `update`, on the
 * same board or another. Fields that only Miro sets are left out, and a `parent`
 * is the same frame unless you change it. Fails with `InvalidInput` for an app
 * card that Miro gives no data of.
 *
 * @category inputs
 */
export const toInput: (item: AppCard) => Effect.Effect<AppCardInput, MiroError> = ToInput.make(
  "AppCards.toInput",
  AppCardInput,
  create,
  { problem: ToInput.unsupported }
)

/**
 * Deletes an app card.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-app-card-item
 */
const delete_ = Operation.make({
  id: "delete-app-card-item",
  name: "AppCards.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/app_cards/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
