/**
 * Text documents, which Miro calls doc formats. Through the API they can be
 * created and deleted, but not changed.
 *
 * @see https://developers.miro.com/reference/create-doc-format-item
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import { DocFormat, DocFormatInput, TextContentType } from "../models/DocFormat.ts"

export { DocFormat, DocFormatInput }

/**
 * Puts a text document, written in Markdown, on a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-doc-format-item
 */
export const create = Operation.make({
  id: "create-doc-format-item",
  name: "DocFormats.create",
  method: "POST",
  path: "/v2/boards/{boardId}/docs",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: DocFormatInput,
  success: DocFormat
})

/**
 * Gets a text document.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-doc-format-item
 */
export const get = Operation.make({
  id: "get-doc-format-item",
  name: "DocFormats.get",
  method: "GET",
  path: "/v2/boards/{boardId}/docs/{itemId}",
  scope: "boards:read",
  level: 1,
  query: Schema.Struct({
    /** What the text is to be written in. */
    textContentType: Schema.optional(TextContentType)
  }),
  success: DocFormat
})

const delete_ = Operation.make({
  id: "delete-doc-format-item",
  name: "DocFormats.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/docs/{itemId}",
  scope: "boards:write",
  level: 3
})

export {
  /**
   * Deletes a text document.
   *
   * Scope `boards:write`, level 3.
   *
   * @category operations
   * @see https://developers.miro.com/reference/delete-doc-format-item
   */
  delete_ as delete
}
