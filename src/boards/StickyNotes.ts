/**
 * Sticky notes.
 *
 * @see https://developers.miro.com/reference/sticky-note-items
 */
import type * as Effect from "effect/Effect"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { StickyNote, StickyNoteInput } from "../models/StickyNote.ts"

export { StickyNote, StickyNoteInput }

/**
 * Puts a sticky note on a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-sticky-note-item
 */
export const create = Operation.make({
  id: "create-sticky-note-item",
  name: "StickyNotes.create",
  method: "POST",
  path: "/v2/boards/{boardId}/sticky_notes",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: StickyNoteInput,
  success: StickyNote
})

/**
 * Gets a sticky note.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-sticky-note-item
 */
export const get = Operation.make({
  id: "get-sticky-note-item",
  name: "StickyNotes.get",
  method: "GET",
  path: "/v2/boards/{boardId}/sticky_notes/{itemId}",
  scope: "boards:read",
  level: 1,
  success: StickyNote
})

/**
 * Changes what is given of a sticky note, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-sticky-note-item
 */
export const update = Operation.make({
  id: "update-sticky-note-item",
  name: "StickyNotes.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/sticky_notes/{itemId}",
  scope: "boards:write",
  level: 2,
  body: StickyNoteInput,
  success: StickyNote
})

/**
 * The input that makes the same sticky note again: for `create` or `update`, on
 * the same board or another. Fields that only Miro sets are left out, and a
 * `parent` is the same frame unless you change it. Fails with `InvalidInput` for
 * a sticky note that Miro gives no data of. Of width and height it has the
 * width, since Miro takes one of them.
 *
 * @category inputs
 */
export const toInput: (item: StickyNote) => Effect.Effect<StickyNoteInput, MiroError> = ToInput.make(
  "StickyNotes.toInput",
  StickyNoteInput,
  create,
  { hasFixedRatio: true, problem: ToInput.unsupported }
)

/**
 * Deletes a sticky note.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-sticky-note-item
 */
const delete_ = Operation.make({
  id: "delete-sticky-note-item",
  name: "StickyNotes.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/sticky_notes/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
