import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Predicate from "effect/Predicate"
import * as Text from "../../http/text.ts"
import type { File } from "./entities.ts"

/** A body that has arrived. */
export interface Body {
  readonly text: string
  /** What a multipart body uploads. */
  readonly uploads?: Uploads | undefined
}

export interface Uploads {
  readonly files: ReadonlyArray<File>
  /** The JSON part beside them. */
  readonly data: string
}

const fileOf = (part: Blob) =>
  Effect.map(
    Effect.promise(() => part.arrayBuffer()),
    (buffer): File => ({
      bytes: new Uint8Array(buffer),
      contentType: part.type || "application/octet-stream"
    })
  )

const uploadsIn = Effect.fnUntraced(function* (form: FormData) {
  const data = form.get("data")
  const parts = [...form.getAll("resource"), ...form.getAll("resources")].flatMap((part): ReadonlyArray<Blob> =>
    Predicate.isString(part) ? [] : [part]
  )
  if (parts.length === 0) return undefined
  const json = data === null || Predicate.isString(data) ? (data ?? "") : yield* Effect.promise(() => data.text())
  return { files: yield* Effect.forEach(parts, fileOf), data: json }
})

// A form that comes in process has no content type: what separates its parts stands at its beginning.
const typeOf = (contentType: string, text: string): string | undefined => {
  if (contentType.startsWith("multipart/form-data")) return contentType
  const [, boundary] = /^--([^\r\n]+)\r\ncontent-disposition: form-data/i.exec(text) ?? []
  return contentType === "" && boundary !== undefined ? `multipart/form-data; boundary=${boundary}` : undefined
}

/** Reads the body of a request, as far as it can be read. */
export const read = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const bytes = new Uint8Array(yield* request.arrayBuffer)
  const text = Text.decode(bytes)
  const contentType = typeOf(request.headers["content-type"] ?? "", text)
  if (contentType === undefined) return { text } satisfies Body
  const uploads = yield* Effect.tryPromise(() =>
    new Response(bytes, { headers: { "content-type": contentType } }).formData()
  ).pipe(
    Effect.flatMap(uploadsIn),
    Effect.orElseSucceed(() => undefined)
  )
  return { text, uploads } satisfies Body
})
