import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"
import type { FullResponse } from "../../http/exchange.ts"
import * as Json from "../../http/json.ts"
import * as Text from "../../http/text.ts"

const jsonOf = (
  response: HttpClientResponse.HttpClientResponse,
  body: Uint8Array
): Effect.Effect<unknown, HttpClientError.HttpClientError> => {
  const text = Text.decode(body)
  if (text === "") return Effect.succeed(null)
  return Effect.mapError(
    Json.parse(text),
    (cause) =>
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.DecodeError({ request: response.request, response, cause })
      })
  )
}

// Those for which a web response refuses a body, even an empty one.
const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * A response that can still be read, as often as you like. Its `json` has all
 * digits of integers beyond 2^53, as strings, as operations have them.
 *
 * @category models
 */
export const inMemory = (
  request: HttpClientRequest.HttpClientRequest,
  { body, response }: Pick<FullResponse, "body" | "response">
): HttpClientResponse.HttpClientResponse => {
  const { headers, status } = response
  const web = () => new Response(bodiless.has(status) ? null : body.slice(), { status, headers })
  const unread = () => HttpClientResponse.fromWeb(request, web())
  // Status, headers and cookies are those of the response that came.
  const self: HttpClientResponse.HttpClientResponse = Object.create(response, {
    request: { value: request },
    text: { get: () => Effect.sync(() => Text.decode(body)) },
    json: { get: () => jsonOf(self, body) },
    arrayBuffer: { get: () => Effect.sync(() => body.slice().buffer) },
    urlParamsBody: { get: () => unread().urlParamsBody },
    formData: { get: () => unread().formData },
    stream: { get: () => Stream.suspend(() => (body.length === 0 ? Stream.empty : Stream.make(body.slice()))) },
    // What `HttpClientResponse.toWeb` asks for: the one that came has been read.
    "~effect/http/HttpClientResponse/WebSource": { value: web }
  })
  return self
}
