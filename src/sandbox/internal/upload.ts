import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Predicate from "effect/Predicate"
import * as Text from "../../http/text.ts"
import type { File } from "./store.ts"

/** A body that has arrived. */
export interface Body {
  readonly text: string
  /** What a multipart body uploads. */
  readonly upload?: Upload | undefined
}

export interface Upload {
  readonly file: File
  /** The JSON part beside it. */
  readonly data: string
}

const uploadIn = Effect.fnUntraced(function* (form: FormData) {
  const data = form.get("data")
  const resource = form.get("resource")
  if (resource === null || Predicate.isString(resource)) return undefined
  const bytes = new Uint8Array(yield* Effect.promise(() => resource.arrayBuffer()))
  const json = data === null || Predicate.isString(data) ? (data ?? "") : yield* Effect.promise(() => data.text())
  return { file: { bytes, contentType: resource.type || "application/octet-stream" }, data: json }
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
  const upload = yield* Effect.tryPromise(() =>
    new Response(bytes, { headers: { "content-type": contentType } }).formData()
  ).pipe(
    Effect.flatMap(uploadIn),
    Effect.orElseSucceed(() => undefined)
  )
  return { text, upload } satisfies Body
})
