/**
 * Images.
 *
 * @see https://developers.miro.com/reference/image-items
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import { Upload } from "../client/Upload.ts"
import * as Download from "../client/download/make.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Image, ImageChanges, ImageFileInput, ImageInput } from "../models/Image.ts"

export { Image, ImageChanges, ImageFileInput, ImageInput }

/**
 * Puts an image on a board, which Miro fetches from a URL.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-image-item-using-url
 */
export const create = Operation.make({
  id: "create-image-item-using-url",
  name: "Images.create",
  method: "POST",
  path: "/v2/boards/{boardId}/images",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: ImageInput,
  success: Image
})

const FileParts = Schema.Struct({
  /** The image, of at most 6 MB. */
  resource: Upload,
  /** The title of the item, where to put it, and its size. */
  data: Schema.optional(ImageFileInput)
})

/**
 * Uploads an image and puts it on a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-image-item-using-local-file
 */
export const createFromFile = Operation.upload({
  id: "create-image-item-using-local-file",
  name: "Images.createFromFile",
  method: "POST",
  path: "/v2/boards/{boardId}/images",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: FileParts,
  success: Image
})

/**
 * Gets an image.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-image-item
 */
export const get = Operation.make({
  id: "get-image-item",
  name: "Images.get",
  method: "GET",
  path: "/v2/boards/{boardId}/images/{itemId}",
  scope: "boards:read",
  level: 1,
  success: Image
})

/**
 * Downloads the bytes of an image: the original, or with `format: "preview"`
 * what Miro makes of it for showing. Miro says where they are by a URL that is
 * good for a minute, on a storage that never gets the access token.
 *
 * Fails with `InvalidResponse` if the image has no bytes, if Miro points
 * elsewhere than to its API or to a URL that is not `https:`, if the storage
 * responds with a web page, and if there are more bytes than `maxBytes`. What
 * the storage refuses in the end is `UnexpectedStatus`.
 *
 * Scope `boards:read`, twice level 1: for the image, and for the URL.
 *
 * @category downloads
 * @see https://developers.miro.com/reference/get-image-item
 */
export const download = Download.make({
  name: "Images.download",
  get,
  field: "imageUrl",
  url: ({ data }) => data?.imageUrl,
  query: Schema.Struct({
    /** Which of the two to download: the `original` unless set. */
    format: Schema.optional(Schema.Literals(["original", "preview"]))
  }),
  parameters: { format: "original" }
})

/**
 * Changes what is given of an image, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-image-item-using-url
 */
export const update = Operation.make({
  id: "update-image-item-using-url",
  name: "Images.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/images/{itemId}",
  scope: "boards:write",
  level: 2,
  body: ImageChanges,
  success: Image
})

/**
 * Uploads an image that takes the place of another, and changes what is given
 * of the rest.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-image-item-using-file-from-device
 */
export const updateFromFile = Operation.upload({
  id: "update-image-item-using-file-from-device",
  name: "Images.updateFromFile",
  method: "PATCH",
  path: "/v2/boards/{boardId}/images/{itemId}",
  scope: "boards:write",
  level: 2,
  body: FileParts,
  success: Image
})

/**
 * The `data` for `createFromFile` or `updateFromFile` that makes the same image
 * again from its bytes. Of width and height it has the width, since Miro takes
 * one of them. Fields that only Miro sets are left out.
 *
 * @category inputs
 */
export const toFileInput: (item: Image) => Effect.Effect<ImageFileInput, MiroError> = ToInput.make(
  "Images.toFileInput",
  ImageFileInput,
  createFromFile,
  { hasFixedRatio: true, arrange: (image) => ({ ...image, ...image.data }) }
)

/**
 * Deletes an image.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-image-item
 */
const delete_ = Operation.make({
  id: "delete-image-item",
  name: "Images.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/images/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
