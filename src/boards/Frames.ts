/**
 * Frames, which other items can be in.
 *
 * @see https://developers.miro.com/reference/create-frame-item
 */
import type * as Effect from "effect/Effect"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Frame, FrameChanges, FrameInput } from "../models/Frame.ts"

export { Frame, FrameChanges, FrameInput }

/**
 * Puts a frame on a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-frame-item
 */
export const create = Operation.make({
  id: "create-frame-item",
  name: "Frames.create",
  method: "POST",
  path: "/v2/boards/{boardId}/frames",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: FrameInput,
  success: Frame
})

/**
 * Gets a frame.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-frame-item
 */
export const get = Operation.make({
  id: "get-frame-item",
  name: "Frames.get",
  method: "GET",
  path: "/v2/boards/{boardId}/frames/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Frame
})

/**
 * Changes what is given of a frame, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-frame-item
 */
export const update = Operation.make({
  id: "update-frame-item",
  name: "Frames.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/frames/{itemId}",
  scope: "boards:write",
  level: 2,
  body: FrameChanges,
  success: Frame
})

// The others are made in Miro itself only.
const creatable = (data: NonNullable<Frame["data"]>) => ({
  ...data,
  type: data.type === "freeform" ? data.type : undefined,
  format: data.format === "custom" ? data.format : undefined
})

const withCreatableData = (frame: Frame) => ({
  ...frame,
  ...(frame.data !== undefined && { data: creatable(frame.data) })
})

/**
 * The input that makes the same frame again, without what is in it: for `create`
 * or `update`, on the same board or another. Fields that only Miro sets are left
 * out. It has a `format` and a `type` only where Miro can create them. Fails
 * with `InvalidInput` for a frame that Miro gives no data of.
 *
 * @category inputs
 */
export const toInput: (item: Frame) => Effect.Effect<FrameInput, MiroError> = ToInput.make(
  "Frames.toInput",
  FrameInput,
  create,
  { arrange: withCreatableData, problem: ToInput.unsupported }
)

/**
 * Deletes a frame.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-frame-item
 */
const delete_ = Operation.make({
  id: "delete-frame-item",
  name: "Frames.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/frames/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
