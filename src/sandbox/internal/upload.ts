import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as MultipartParser from "effect/http/MultipartParser"
import * as Bytes from "../../http/bytes.ts"
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

interface Part extends File {
  readonly name: string
}

/** The parts of a body that is all there. */
const parse = (
  contentType: string,
  bytes: Uint8Array
): Effect.Effect<ReadonlyArray<Part>, MultipartParser.MultipartError> =>
  Effect.callback((resume) => {
    const parts: Array<Part> = []
    const parser = MultipartParser.make({
      headers: { "content-type": contentType },
      isFile: () => true,
      onFile: ({ contentType, name }) => {
        const chunks: Array<Uint8Array> = []
        return (chunk) => {
          if (chunk === null) parts.push({ name, contentType, bytes: Bytes.concat(chunks) })
          else chunks.push(chunk)
        }
      },
      onField: () => {},
      onError: (error) => resume(Effect.fail(error)),
      onDone: () => resume(Effect.succeed(parts))
    })
    parser.write(bytes)
    parser.end()
  })

const uploadsIn = (parts: ReadonlyArray<Part>): Uploads | undefined => {
  const files = parts.filter(({ name }) => name === "resource" || name === "resources")
  const data = parts.find(({ name }) => name === "data")
  if (files.length === 0) return undefined
  return {
    files: files.map(({ bytes, contentType }) => ({ bytes, contentType })),
    data: data === undefined ? "" : Text.decode(data.bytes)
  }
}

// A form that comes in process has no content type: what separates its parts stands at its beginning.
const typeOf = (contentType: string, text: string): string | undefined => {
  if (/^multipart\/form-data/i.test(contentType)) return contentType
  const [, boundary] = /^--([^\r\n]+)\r\ncontent-disposition: form-data/i.exec(text) ?? []
  return contentType === "" && boundary !== undefined ? `multipart/form-data; boundary=${boundary}` : undefined
}

/** Reads the body of a request. */
export const read = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const bytes = new Uint8Array(yield* request.arrayBuffer)
  const text = Text.decode(bytes)
  const contentType = typeOf(request.headers["content-type"] ?? "", text)
  if (contentType === undefined) return { text } satisfies Body
  return { text, uploads: uploadsIn(yield* parse(contentType, bytes)) } satisfies Body
})
