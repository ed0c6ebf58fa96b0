/** The sandbox on a port of Node, with nothing but Node: whoever runs the command has no platform package. */
import * as Effect from "effect/Effect"
import * as HttpEffect from "effect/http/HttpEffect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import * as Bytes from "../http/bytes.ts"

/** The server cannot listen. */
export class ListenError extends Schema.TaggedError<ListenError>("effect-miro/command/ListenError")("ListenError", {
  /** What the system calls it, such as `EADDRINUSE`. */
  code: Schema.String,
  port: Schema.Finite
}) {
  override get message(): string {
    return this.code === "EADDRINUSE"
      ? `Port ${this.port} is taken: choose another one with --port`
      : `The sandbox cannot listen on port ${this.port} (${this.code})`
  }
}

type App = Effect.Effect<HttpServerResponse, never, HttpServerRequest>

const mostBytes = 64 * 1024 * 1024

/** All of a body, or nothing of one that is too large. */
const bodyOf = (request: IncomingMessage): Effect.Effect<Option.Option<Uint8Array<ArrayBuffer>>> =>
  Effect.callback((resume) => {
    const chunks: Array<Uint8Array> = []
    let length = 0
    request.on("data", (chunk) => {
      length += chunk.length
      if (length <= mostBytes) chunks.push(chunk)
    })
    request.on("end", () => {
      resume(Effect.succeed(length <= mostBytes ? Option.some(Bytes.concat(chunks)) : Option.none()))
    })
    request.on("error", () => resume(Effect.succeed(Option.none())))
  })

const webRequest = (request: IncomingMessage, body: Uint8Array<ArrayBuffer>): Request => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, String(value))
  }
  const { method = "GET", url = "/" } = request
  // A proxy is sent the whole URL. Joined to the host as text, a path with two slashes stays a path.
  const whole = url.startsWith("/") ? `http://${request.headers["host"] ?? "localhost"}${url}` : url
  const hasBody = method !== "GET" && method !== "HEAD" && body.length > 0
  return new Request(whole, {
    method,
    headers,
    ...(hasBody && { body })
  })
}

const end = (response: ServerResponse, status: number): void => {
  response.writeHead(status, {})
  response.end()
}

/** Sends what comes, and breaks the connection where it ends early. */
const send = Effect.fnUntraced(
  function* (response: ServerResponse, { body, headers, status }: Response) {
    const reader = body?.getReader()
    const read = () => Effect.tryPromise(() => reader?.read() ?? Promise.resolve(undefined))
    // Nothing of a response is sent before something of it is there: a connection can break before its head.
    let next = yield* read()
    response.writeHead(status, Object.fromEntries(headers))
    while (next?.done === false) {
      response.write(next.value)
      next = yield* read()
    }
    response.end()
  },
  (sending, response) => Effect.catch(sending, () => Effect.sync(() => response.destroy()))
)

const respond = (handler: (request: Request) => Promise<Response>) =>
  Effect.fnUntraced(function* (request: IncomingMessage, response: ServerResponse) {
    const body = yield* bodyOf(request)
    if (Option.isNone(body)) return end(response, 413)
    // A request line, a host or a method of which no request can be made.
    const made = yield* Effect.option(Effect.try(() => webRequest(request, body.value)))
    if (Option.isNone(made)) return end(response, 400)
    return yield* send(response, yield* Effect.promise(() => handler(made.value)))
  })

/** Serves on loopback until the scope ends, and gives the port. */
export const listen = (app: App, port: number): Effect.Effect<number, ListenError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>, ListenError>((resume) => {
      const handle = respond(HttpEffect.toWebHandler(app))
      const server = createServer((request, response) => {
        Effect.runFork(handle(request, response))
      })
      server.on("error", (error) => {
        const code = "code" in error ? String(error.code) : error.message
        resume(Effect.fail(new ListenError({ code, port })))
      })
      server.listen(port, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  ).pipe(
    Effect.map((server) => {
      const address = server.address()
      // A string is the address of a pipe.
      return address === null || typeof address === "string" ? port : address.port
    })
  )
