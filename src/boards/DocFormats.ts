/**
 * Text documents, which Miro calls doc formats. Through the API they can be
 * created and deleted, but not changed.
 *
 * @see https://developers.miro.com/reference/create-doc-format-item
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as ToInput from "../client/operation/toInput.ts"
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

const notMarkdown = (document: DocFormat) =>
  document.data?.contentType === undefined || document.data.contentType === "markdown"
    ? ToInput.unsupported(document)
    : {
        path: ["data", "contentType"],
        message: `must be "markdown", which \`get\` gives with \`textContentType: "markdown"\``
      }

/**
 * The input that makes the same text document again, on the same board or
 * another. Fails with `InvalidInput` for a document whose text is not Markdown,
 * so get it with `textContentType: "markdown"`, and for one that Miro gives no
 * data of.
 *
 * @category inputs
 */
export const toInput: (item: DocFormat) => Effect.Effect<DocFormatInput, MiroError> = ToInput.make(
  "DocFormats.toInput",
  DocFormatInput,
  create,
  { problem: notMarkdown }
)

/**
 * Deletes a text document.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-doc-format-item
 */
const delete_ = Operation.make({
  id: "delete-doc-format-item",
  name: "DocFormats.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/docs/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
