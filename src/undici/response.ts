import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import * as Headers from "effect/http/Headers"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import { pipeArguments } from "effect/Pipeable"
import * as Stream from "effect/Stream"
import type { ResponseBody } from "./body.ts"

export interface Head {
  readonly url: string
  readonly status: number
  readonly headers: Readonly<Record<string, string | Array<string> | undefined>>
}

const decoder = new TextDecoder()

// Those for which a web response refuses a body, even an empty one.
const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * A response as a program has it. Undici holds on to its body alone, so that a response that nobody reads is collected,
 * and its connection closed.
 */
export class UndiciResponse extends Inspectable.Class implements HttpClientResponse.HttpClientResponse {
  readonly [HttpIncomingMessage.TypeId]: typeof HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId]: typeof HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly request: HttpClientRequest.HttpClientRequest
  readonly url: string
  readonly status: number
  readonly headers: Headers.Headers
  readonly remoteAddress = Option.none<string>()
  readonly #head: Head
  readonly #body: ResponseBody

  constructor(request: HttpClientRequest.HttpClientRequest, head: Head, body: ResponseBody) {
    super()
    this.request = request
    this.url = head.url
    this.status = head.status
    this.headers = Headers.fromInput(head.headers)
    this.#head = head
    this.#body = body
  }

  #decodeError(cause: unknown): HttpClientError.HttpClientError {
    const reason = new HttpClientError.DecodeError({ request: this.request, response: this, cause })
    return new HttpClientError.HttpClientError({ reason })
  }

  get cookies(): Cookies.Cookies {
    return Cookies.fromSetCookie(this.#head.headers["set-cookie"] ?? [])
  }

  get arrayBuffer(): Effect.Effect<ArrayBuffer, HttpClientError.HttpClientError> {
    return Effect.mapError(this.#body.all, (cause) => this.#decodeError(cause))
  }

  get stream(): Stream.Stream<Uint8Array, HttpClientError.HttpClientError> {
    return Stream.mapError(this.#body.stream, (cause) => this.#decodeError(cause))
  }

  get text(): Effect.Effect<string, HttpClientError.HttpClientError> {
    return Effect.map(this.arrayBuffer, (bytes) => decoder.decode(bytes))
  }

  #web(): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError> {
    const { headers, request, status } = this
    return Effect.map(this.arrayBuffer, (bytes) =>
      HttpClientResponse.fromWeb(request, new Response(bodiless.has(status) ? null : bytes, { status, headers }))
    )
  }

  get json() {
    return Effect.flatMap(this.#web(), (web) => web.json)
  }

  get urlParamsBody() {
    return Effect.flatMap(this.#web(), (web) => web.urlParamsBody)
  }

  get formData() {
    return Effect.flatMap(this.#web(), (web) => web.formData)
  }

  get upgrade() {
    const reason = new HttpClientError.StatusCodeError({ request: this.request, response: this })
    return Effect.fail(new HttpClientError.HttpClientError({ reason }))
  }

  toJSON(): unknown {
    const { request, status } = this
    return HttpIncomingMessage.inspect(this, { _id: "HttpClientResponse", request: request.toJSON(), status })
  }

  pipe() {
    return pipeArguments(this, arguments)
  }
}
