/**
 * The bytes of images and documents.
 */
import type * as ByteSize from "effect/ByteSize"
import type * as Stream from "effect/Stream"
import type { MiroError } from "../MiroError.ts"

/**
 * A file whose download has begun.
 *
 * **Example** (All bytes of an image)
 *
 * ```ts
 * import { Effect, Stream } from "effect"
 * import { Images } from "effect-miro"
 *
 * const bytes = Effect.gen(function* () {
 *   const { bytes } = yield* Images.download({ boardId: "uXjVOfjmfkE=", itemId: "3458764517517819000" })
 *   return yield* Stream.mkUint8Array(bytes)
 * }).pipe(Effect.scoped)
 * ```
 *
 * @category models
 */
export interface Download {
  /** The media type, as the storage says it: that of a document is often `application/octet-stream`. */
  readonly contentType: string | undefined
  /** How many bytes there are, if the storage says so, and does not encode them. */
  readonly length: number | undefined
  /**
   * The bytes, to be read once and within the scope of the download. Nothing is
   * read before the stream is run, and what is not read is never fetched. The
   * connection is closed as soon as the stream ends, is left or interrupted.
   *
   * Fails with `Transport` where the connection breaks or there are less bytes
   * than the storage announced, with `Timeout` where they stall (`Timeouts`: only
   * waiting for bytes counts, and not what is done with them), and with
   * `InvalidResponse` where there are more than `maxBytes`. None of this is
   * repeated here, since bytes were handed out: begin the download anew. Miro
   * documents no way to go on in the middle.
   */
  readonly bytes: Stream.Stream<Uint8Array, MiroError>
}

/**
 * How a file is downloaded.
 *
 * @category configuration
 */
export interface Options {
  /** How large the file may be, such as `"10 MiB"` or a number of bytes: 100 MiB unless set. */
  readonly maxBytes?: ByteSize.Input | undefined
}
