import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import { format } from "effect/Formatter"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Issue } from "../client/MiroError.ts"
import { type Content, Upload } from "../client/Upload.ts"
import * as Json from "./json.ts"

const maxSize = ByteSize.mebibytes(6)

const contentTypes: ReadonlyMap<string, string> = new Map([
  ["csv", "text/csv"],
  ["doc", "application/msword"],
  ["docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["gif", "image/gif"],
  ["jpeg", "image/jpeg"],
  ["jpg", "image/jpeg"],
  ["pdf", "application/pdf"],
  ["png", "image/png"],
  ["ppt", "application/vnd.ms-powerpoint"],
  ["pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  ["svg", "image/svg+xml"],
  ["txt", "text/plain"],
  ["webp", "image/webp"],
  ["xls", "application/vnd.ms-excel"],
  ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]
])

const byExtension = (filename: string): string =>
  contentTypes.get(filename.slice(filename.lastIndexOf(".") + 1).toLowerCase()) ?? "application/octet-stream"

const tooLarge = `must not be larger than ${ByteSize.format(maxSize)}`

const unreadable = (error: unknown) =>
  `cannot be read: ${error instanceof Error ? error.message : typeof error === "string" ? error : format(error)}`

/**
 * The bytes as they are now, in memory. A blob may stand for a file that changes
 * later, which some platforms do not forgive once it is being sent.
 */
const read = (content: Content): Effect.Effect<Uint8Array<ArrayBuffer>, string> => {
  if (Stream.isStream(content)) {
    return content.pipe(
      Stream.mapError(unreadable),
      Stream.limitBytes(maxSize, () => Stream.fail(tooLarge)),
      Stream.mkUint8Array,
      Effect.map((bytes) => new Uint8Array(bytes))
    )
  }
  const size = content instanceof Blob ? content.size : content.byteLength
  if (size > Number(maxSize)) return Effect.fail(tooLarge)
  return content instanceof Blob
    ? Effect.map(
        Effect.tryPromise({ try: () => content.arrayBuffer(), catch: unreadable }),
        (buffer) => new Uint8Array(buffer)
      )
    : Effect.succeed(new Uint8Array(content))
}

const file = Effect.fnUntraced(function* (upload: Upload): Effect.fn.Return<File, string> {
  const { content, contentType, filename } =
    upload instanceof File ? { content: upload, contentType: upload.type, filename: upload.name } : upload
  const type = contentType || (content instanceof Blob ? content.type : "") || byExtension(filename)
  return new File([yield* read(content)], filename, { type })
})

const isUpload = Schema.is(Upload)

const part = (value: unknown): Effect.Effect<File, string> =>
  // Miro's reference describes what is not an upload as a text file with JSON in it.
  isUpload(value)
    ? file(value)
    : Effect.map(
        Effect.fromResult(Json.stringify(value)),
        (json) => new File([json], "data.json", { type: "application/json" })
      )

/**
 * The parts of a multipart body: a file for every upload, and one of JSON for
 * every other field.
 */
export const formData = Effect.fnUntraced(function* (
  fields: Readonly<Record<string, unknown>>
): Effect.fn.Return<FormData, ReadonlyArray<Issue>> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    const isList = Array.isArray(value) && value.every(isUpload)
    for (const [index, single] of (isList ? value : [value]).entries()) {
      const path = isList ? [name, index] : [name]
      form.append(name, yield* Effect.mapError(part(single), (message) => [{ path, message }]))
    }
  }
  return form
})
