/**
 * An `HttpClient` for Node that hands requests to undici's dispatcher itself.
 *
 * It does what `NodeHttpClient.layerUndici` of `@effect/platform-node` does, for
 * about half of the processor time: a response is not made into a stream of Node
 * and promises before it is read. What it leaves out are upgrades of a
 * connection, which Miro does not have.
 */
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { Readable } from "node:stream"
import { type Controller, ResponseBody } from "./body.ts"
import { type Head, UndiciResponse } from "./response.ts"

/**
 * What this needs of a dispatcher of undici 7 or later: an `Agent`, a `Pool`, a
 * `ProxyAgent`, a `MockAgent`.
 *
 * @category models
 */
export interface Dispatcher {
  dispatch(options: object, handler: object): boolean
}

interface Sent {
  readonly body: unknown
  readonly headers: Headers.Headers
}

/** The body as undici takes it, and the headers with it. */
const encode = ({ body, headers }: HttpClientRequest.HttpClientRequest): Sent => {
  switch (body._tag) {
    case "Empty":
      return { body: null, headers }
    case "Raw":
    case "Uint8Array":
      return { body: body.body, headers }
    case "FormData": {
      // Undici takes a form only of its own class. A response has the bytes of this one, and the boundary between its parts.
      const form = new Response(body.formData)
      const contentType = form.headers.get("content-type")
      return { body: form.body, headers: contentType === null ? headers : { ...headers, "content-type": contentType } }
    }
    case "Stream":
      // Unlike an iterable, it ends the source when the request is aborted while the source has nothing to give.
      return { body: Readable.from(Stream.toAsyncIterable(body.stream)), headers }
  }
}

const send = (
  dispatcher: Dispatcher,
  request: HttpClientRequest.HttpClientRequest,
  { href, origin, pathname, search }: URL,
  signal: AbortSignal
): Effect.Effect<UndiciResponse, HttpClientError.HttpClientError> =>
  Effect.callback((resume) => {
    let received: ResponseBody | undefined
    const fail = (cause: unknown) => {
      const reason = new HttpClientError.TransportError({ request, cause })
      resume(Effect.fail(new HttpClientError.HttpClientError({ reason })))
    }
    const handler = {
      onRequestStart: (controller: Controller) => {
        const abort = () => received?.isComplete === true || controller.abort(signal.reason)
        if (signal.aborted) abort()
        else signal.addEventListener("abort", abort, { once: true })
      },
      onResponseStart: (controller: Controller, status: number, headers: Head["headers"]) => {
        // What comes before the response, such as `103 Early Hints`.
        if (status < 200) return
        received = new ResponseBody(controller)
        const head = { url: href.split("#")[0] ?? "", status, headers }
        resume(Effect.succeed(new UndiciResponse(request, head, received)))
      },
      onResponseData: (_: Controller, chunk: Uint8Array) => received?.push(chunk),
      onResponseEnd: () => received?.end(),
      onResponseError: (_: Controller, cause: Error) => (received === undefined ? fail(cause) : received.end(cause))
    }
    // The timeouts are those of whoever makes the request.
    const timeouts = { headersTimeout: 0, bodyTimeout: 0 }
    // A dispatcher tells the handler what is wrong, but one around it, such as that of a proxy, can throw.
    const dispatched = Result.try(() =>
      dispatcher.dispatch(
        { method: request.method, origin, path: pathname + search, ...encode(request), ...timeouts },
        handler
      )
    )
    if (Result.isFailure(dispatched)) fail(dispatched.failure)
  })

/**
 * A client that sends all requests by a dispatcher.
 *
 * @category constructors
 */
export const make = (dispatcher: Dispatcher): HttpClient.HttpClient =>
  HttpClient.make((request, url, signal) => send(dispatcher, request, url, signal))

/**
 * A client that sends all requests by a dispatcher of your own, such as an
 * `Agent` with a certificate or a proxy. It is yours to close.
 *
 * @category layers
 */
export const layerDispatcher = (dispatcher: Dispatcher): Layer.Layer<HttpClient.HttpClient> =>
  Layer.succeed(HttpClient.HttpClient, make(dispatcher))

/**
 * A client with an `Agent` of its own, whose connections are closed with the
 * layer. It needs the package `undici`, version 7 or later.
 *
 * @category layers
 */
export const layer: Layer.Layer<HttpClient.HttpClient> = Layer.effect(
  HttpClient.HttpClient,
  Effect.acquireRelease(
    Effect.promise(() => import("undici").then(({ Agent }) => new Agent())),
    (agent) => Effect.promise(() => agent.destroy())
  ).pipe(Effect.map(make))
)
