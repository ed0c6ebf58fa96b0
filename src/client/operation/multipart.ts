import * as ByteSize from "effect/ByteSize"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { format } from "effect/Formatter"
import * as HttpBody from "effect/http/HttpBody"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type Issue, Timeout } from "../../MiroError.ts"
import * as Upload from "../Upload.ts"
import type { WriteBody } from "./encode.ts"
import { isBytes } from "../../http/bytes.ts"
import type * as Timeouts from "../../http/timeouts.ts"
import * as Json from "../../http/json.ts"

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

type Bytes = Uint8Array<ArrayBuffer>

// A copy, since the source may use its buffer again. Throws for a buffer that was handed to somebody else.
const copy = (bytes: Uint8Array): Effect.Effect<Bytes, string> =>
  Effect.try({
    try: () => new Uint8Array(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    catch: unreadable
  })

const readPiece = (piece: unknown): Effect.Effect<Bytes, string> =>
  isBytes(piece) ? copy(piece) : Effect.fail("is a stream of something else than Uint8Arrays")

const stalled = (deadline: Duration.Duration) => new Timeout({ phase: "upload", deadline })

/**
 * The bytes as they are now, in memory. A blob may stand for a file that changes
 * later, which some platforms do not forgive once it is being sent.
 */
const read = (content: Upload.Content, deadline: Duration.Duration): Effect.Effect<Bytes, string | Timeout> => {
  if (Stream.isStream(content)) {
    const pieces: Stream.Stream<Bytes, string | Timeout> = content.pipe(
      Stream.mapError(unreadable),
      Stream.timeoutOrElse({ duration: deadline, orElse: () => Stream.fail(stalled(deadline)) }),
      Stream.mapEffect(readPiece)
    )
    return pieces.pipe(
      Stream.limitBytes(maxSize, (): Stream.Stream<never, string | Timeout> => Stream.fail(tooLarge)),
      Stream.mkUint8Array,
      Effect.map((bytes) => new Uint8Array(bytes))
    )
  }
  const size = content instanceof Blob ? content.size : content.byteLength
  if (size > Number(maxSize)) return Effect.fail(tooLarge)
  return content instanceof Blob
    ? Effect.tryPromise({ try: () => content.arrayBuffer(), catch: unreadable }).pipe(
        Effect.map((buffer) => new Uint8Array(buffer)),
        Effect.timeoutOrElse({ duration: deadline, orElse: () => Effect.fail(stalled(deadline)) })
      )
    : copy(content)
}

const readInTime = (
  content: Upload.Content,
  { attempt, upload }: Timeouts.OfUpload
): Effect.Effect<Bytes, string | Timeout> =>
  Effect.timeoutOrElse(read(content, upload), {
    duration: attempt,
    orElse: () => Effect.fail(new Timeout({ phase: "attempt", deadline: attempt }))
  })

// The platform would send another name, or, without one, no file at all.
const filenameProblem = (filename: string): string | undefined => {
  if (filename === "") return "must have a filename"
  return /[\p{Control}\p{Surrogate}]/u.test(filename)
    ? "must have a filename without control characters and lone surrogates"
    : undefined
}

// RFC 9110, 8.3.1, in the characters that the platform sends.
const mediaType = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:\s*;[\x20-\x7e]*)?$/

const file = Effect.fnUntraced(
  function* (upload: Upload.Upload, timeouts: Timeouts.OfUpload): Effect.fn.Return<File, string | Timeout> {
    const { content, contentType, filename, ...others } =
      upload instanceof File ? { content: upload, contentType: upload.type, filename: upload.name } : upload
    // With a misspelt `contentType`, the file would be sent as one of another type.
    const unexpected = Object.entries(others).find(([, value]) => value !== undefined)
    if (unexpected !== undefined) return yield* Effect.fail(`has an unexpected key ${JSON.stringify(unexpected[0])}`)
    const type = contentType || (content instanceof Blob ? content.type : "") || byExtension(filename)
    const problem = filenameProblem(filename)
    if (problem !== undefined) return yield* Effect.fail(problem)
    if (!mediaType.test(type)) return yield* Effect.fail("must have a content type such as image/png")
    return new File([yield* readInTime(content, timeouts)], filename, { type })
  },
  // An upload is of the caller's making, and can throw anything.
  Effect.catchDefect((defect) => Effect.fail(unreadable(defect)))
)

const isUpload = Schema.is(Upload.Upload)

const part = (value: unknown, timeouts: Timeouts.OfUpload): Effect.Effect<File, string | Timeout> =>
  // Miro's reference describes what is not an upload as a text file with JSON in it.
  isUpload(value)
    ? file(value, timeouts)
    : Effect.map(
        Effect.fromResult(Json.stringify(value)),
        (json) => new File([json], "data.json", { type: "application/json" })
      )

/**
 * The parts of a multipart body: a file for every upload, and one of JSON for
 * every other field.
 */
const formData = Effect.fnUntraced(function* (
  fields: Readonly<Record<string, unknown>>,
  timeouts: Timeouts.OfUpload
): Effect.fn.Return<FormData, ReadonlyArray<Issue> | Timeout> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    const isList = Array.isArray(value) && value.length > 0 && value.every(isUpload)
    for (const [index, single] of (isList ? value : [value]).entries()) {
      const path = isList ? [name, index] : [name]
      form.append(
        name,
        yield* Effect.mapError(part(single, timeouts), (problem) =>
          typeof problem === "string" ? [{ path, message: problem }] : problem
        )
      )
    }
  }
  return form
})

/** A body whose files are read when the request is to be sent. */
export const write: WriteBody = (request, body) =>
  Result.succeed({
    request,
    files: (timeouts) => Effect.map(formData(Predicate.isObject(body) ? body : {}, timeouts), HttpBody.formData)
  })
