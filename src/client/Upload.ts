/**
 * Files to upload.
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { isBytes } from "../http/bytes.ts"

/**
 * The bytes of a file. A stream is read once, before anything is sent, so that
 * a call that is made again sends the same bytes; `Timeouts` bounds how long it
 * may stall. A stream that fails or gives anything but `Uint8Array`s is
 * `InvalidInput`.
 *
 * @category models
 */
export type Content = Blob | Uint8Array | Stream.Stream<Uint8Array, unknown>

/**
 * A file to upload: a `File`, or content with a name. Miro takes at most 6 MB.
 *
 * **Example** (Uploading bytes)
 *
 * ```ts
 * import { Images } from "effect-miro"
 *
 * const pixel = new Uint8Array([0x89, 0x50, 0x4e, 0x47])
 * const upload = Images.createFromFile({
 *   boardId: "uXjVOfjmfkE=",
 *   resource: { content: pixel, filename: "pixel.png" },
 *   data: { title: "A pixel", position: { x: 100, y: 0 } }
 * })
 * ```
 *
 * @category models
 */
export type Upload =
  | File
  | {
      /** The bytes. */
      readonly content: Content
      /** With its extension. A quotation mark in it is sent as `%22`, as browsers do. */
      readonly filename: string
      /** A media type such as `image/png`, which follows from the content or the extension unless set. */
      readonly contentType?: string | undefined
    }

const isContent = (u: unknown): u is Content => u instanceof Blob || isBytes(u) || Stream.isStream(u)

const isUpload = (u: unknown): u is Upload =>
  u instanceof File ||
  (Predicate.hasProperty(u, "content") &&
    isContent(u.content) &&
    Predicate.hasProperty(u, "filename") &&
    Predicate.isString(u.filename) &&
    u.filename !== "" &&
    (!Predicate.hasProperty(u, "contentType") || u.contentType === undefined || Predicate.isString(u.contentType)))

/**
 * A file in the input of an operation.
 *
 * @category schemas
 */
export const Upload: Schema.declare<Upload> = Schema.declare(isUpload, {
  expected: "a File, or content (bytes, a Blob or a stream) with a filename"
})
