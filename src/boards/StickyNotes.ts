/**
 * Sticky notes.
 *
 * @see https://developers.miro.com/reference/sticky-note-items
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import { FixedRatioGeometryInput } from "../models/Geometry.ts"
import * as Open from "../models/Open.ts"
import { ParentInput } from "../models/Parent.ts"
import { PositionInput } from "../models/Position.ts"
import { StickyNote, StickyNoteColor, StickyNoteShape } from "../models/StickyNote.ts"

export { StickyNote }

/**
 * What may be set of a sticky note.
 *
 * @category inputs
 */
export const StickyNoteInput = Schema.Struct({
  data: Schema.optional(
    Schema.Struct({
      /** Plain text, or the HTML that Miro allows. */
      content: Schema.optional(Schema.String),
      shape: Schema.optional(StickyNoteShape)
    })
  ),
  style: Schema.optional(
    Schema.Struct({
      fillColor: Schema.optional(StickyNoteColor),
      textAlign: Schema.optional(Open.literals(["left", "center", "right"])),
      textAlignVertical: Schema.optional(Open.literals(["top", "middle", "bottom"]))
    })
  ),
  position: Schema.optional(PositionInput),
  geometry: Schema.optional(FixedRatioGeometryInput),
  parent: Schema.optional(ParentInput)
})

/** @category inputs */
export interface StickyNoteInput extends Schema.Schema.Type<typeof StickyNoteInput> {}

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

const delete_ = Operation.make({
  id: "delete-sticky-note-item",
  name: "StickyNotes.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/sticky_notes/{itemId}",
  scope: "boards:write",
  level: 3
})

export {
  /**
   * Deletes a sticky note.
   *
   * Scope `boards:write`, level 3.
   *
   * @category operations
   * @see https://developers.miro.com/reference/delete-sticky-note-item
   */
  delete_ as delete
}
