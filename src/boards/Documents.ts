/**
 * Documents, such as PDFs.
 *
 * @see https://developers.miro.com/reference/document-items
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import { Upload } from "../client/Upload.ts"
import * as Download from "../client/download/make.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Document, DocumentChanges, DocumentFileInput, DocumentInput } from "../models/Document.ts"

export { Document, DocumentChanges, DocumentFileInput, DocumentInput }

/**
 * Puts a document on a board, which Miro fetches from a URL.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-document-item-using-url
 */
export const create = Operation.make({
  id: "create-document-item-using-url",
  name: "Documents.create",
  method: "POST",
  path: "/v2/boards/{boardId}/documents",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: DocumentInput,
  success: Document
})

const FileParts = Schema.Struct({
  /** The document, of at most 6 MB. */
  resource: Upload,
  /** The title of the item, where to put it, and its size. */
  data: Schema.optional(DocumentFileInput)
})

/**
 * Uploads a document and puts it on a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-document-item-using-file-from-device
 */
export const createFromFile = Operation.upload({
  id: "create-document-item-using-file-from-device",
  name: "Documents.createFromFile",
  method: "POST",
  path: "/v2/boards/{boardId}/documents",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: FileParts,
  success: Document
})

/**
 * Gets a document.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-document-item
 */
export const get = Operation.make({
  id: "get-document-item",
  name: "Documents.get",
  method: "GET",
  path: "/v2/boards/{boardId}/documents/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Document
})

/**
 * Downloads the bytes of a document. Miro says where they are by a URL that is
 * good for a minute, on a storage that never gets the access token.
 *
 * Fails with `InvalidResponse` if the document has no bytes, if Miro points
 * elsewhere than to its API or to a URL that is not `https:`, if the storage
 * responds with a web page, and if there are more bytes than `maxBytes`. What
 * the storage refuses in the end is `UnexpectedStatus`.
 *
 * Scope `boards:read`, twice level 1: for the document, and for the URL.
 *
 * @category downloads
 * @see https://developers.miro.com/reference/get-document-item
 */
export const download = Download.make({
  name: "Documents.download",
  get,
  field: "documentUrl",
  url: ({ data }) => data?.documentUrl
})

/**
 * Changes what is given of a document, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-document-item-using-url
 */
export const update = Operation.make({
  id: "update-document-item-using-url",
  name: "Documents.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/documents/{itemId}",
  scope: "boards:write",
  level: 2,
  body: DocumentChanges,
  success: Document
})

/**
 * Uploads a document that takes the place of another, and changes what is given
 * of the rest.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-document-item-using-file-from-device
 */
export const updateFromFile = Operation.upload({
  id: "update-document-item-using-file-from-device",
  name: "Documents.updateFromFile",
  method: "PATCH",
  path: "/v2/boards/{boardId}/documents/{itemId}",
  scope: "boards:write",
  level: 2,
  body: FileParts,
  success: Document
})

/**
 * The `data` for `createFromFile` or `updateFromFile` that makes the same
 * document again from its bytes. Of width and height it has the width, since
 * Miro takes one of them. Fields that only Miro sets are left out.
 *
 * @category inputs
 */
export const toFileInput: (item: Document) => Effect.Effect<DocumentFileInput, MiroError> = ToInput.make(
  "Documents.toFileInput",
  DocumentFileInput,
  createFromFile,
  { hasFixedRatio: true, arrange: (document) => ({ ...document, ...document.data }) }
)

/**
 * Deletes a document.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-document-item
 */
const delete_ = Operation.make({
  id: "delete-document-item",
  name: "Documents.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/documents/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
