/**
 * Cards.
 *
 * @see https://developers.miro.com/reference/card-items
 */
import type * as Effect from "effect/Effect"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Card, CardChanges, CardInput } from "../models/Card.ts"

export { Card, CardChanges, CardInput }

/**
 * Puts a card on a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-card-item
 */
export const create = Operation.make({
  id: "create-card-item",
  name: "Cards.create",
  method: "POST",
  path: "/v2/boards/{boardId}/cards",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: CardInput,
  success: Card
})

/**
 * Gets a card.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-card-item
 */
export const get = Operation.make({
  id: "get-card-item",
  name: "Cards.get",
  method: "GET",
  path: "/v2/boards/{boardId}/cards/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Card
})

/**
 * Changes what is given of a card, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-card-item
 */
export const update = Operation.make({
  id: "update-card-item",
  name: "Cards.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/cards/{itemId}",
  scope: "boards:write",
  level: 2,
  body: CardChanges,
  success: Card
})

/**
 * The input that makes the same card again: for `create` or `update`, on the
 * same board or another. Fields that only Miro sets are left out, and a `parent`
 * is the same frame unless you change it. Fails with `InvalidInput` for a card
 * that Miro gives no data of.
 *
 * @category inputs
 */
export const toInput: (item: Card) => Effect.Effect<CardInput, MiroError> = ToInput.make(
  "Cards.toInput",
  CardInput,
  create,
  { problem: ToInput.unsupported }
)

/**
 * Deletes a card.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-card-item
 */
const delete_ = Operation.make({
  id: "delete-card-item",
  name: "Cards.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/cards/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
