/**
 * Shapes.
 *
 * @see https://developers.miro.com/reference/shape-items
 */
import type * as Effect from "effect/Effect"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Shape, ShapeInput } from "../models/Shape.ts"

export { Shape, ShapeInput }

/**
 * Puts a shape on a board: a rectangle, unless it is given another `shape`.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-shape-item
 */
export const create = Operation.make({
  id: "create-shape-item",
  name: "Shapes.create",
  method: "POST",
  path: "/v2/boards/{boardId}/shapes",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: ShapeInput,
  success: Shape
})

/**
 * Gets a shape.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-shape-item
 */
export const get = Operation.make({
  id: "get-shape-item",
  name: "Shapes.get",
  method: "GET",
  path: "/v2/boards/{boardId}/shapes/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Shape
})

/**
 * Changes what is given of a shape, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-shape-item
 */
export const update = Operation.make({
  id: "update-shape-item",
  name: "Shapes.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/shapes/{itemId}",
  scope: "boards:write",
  level: 2,
  body: ShapeInput,
  success: Shape
})

/**
 * The input that makes the same shape again: for `create` or `update`, on the
 * same board or another. Fields that only Miro sets are left out, and a `parent`
 * is the same frame unless you change it. Fails with `InvalidInput` for a shape
 * that Miro gives no data of.
 *
 * @category inputs
 */
export const toInput: (item: Shape) => Effect.Effect<ShapeInput, MiroError> = ToInput.make(
  "Shapes.toInput",
  ShapeInput,
  create,
  { problem: ToInput.unsupported }
)

/**
 * Deletes a shape.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-shape-item
 */
const delete_ = Operation.make({
  id: "delete-shape-item",
  name: "Shapes.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/shapes/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
