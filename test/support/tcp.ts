/**
 * A raw TCP server on the loopback interface, for what a mocked client cannot
 * show: torn and stalled responses, resets, and whether connections are closed.
 */
import { assert } from "@effect/vitest"
import { Effect, Schedule, type Scope } from "effect"
import * as Net from "node:net"
import { Worker } from "node:worker_threads"

export interface Received {
  readonly method: string
  /** The path and query, byte for byte. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The body as it came, with the sizes of its chunks if it had any. */
  readonly bytes: Uint8Array
}

export interface Server {
  readonly origin: string
  readonly requests: ReadonlyArray<Received>
  /** How many connections there were. */
  readonly connections: () => number
  /**
   * Completes when no connection is open any more, and fails the test if that takes more than two seconds. Those on
   * which nothing came are not counted: undici opens one in advance for the next request when another one breaks.
   */
  readonly allClosed: Effect.Effect<void>
}

export type Respond = (socket: Net.Socket, request: Received, index: number) => void

/** The bytes of a response after which the server closes the connection. */
export const response = (status: number, body: string | Uint8Array, headers: Record<string, string | number> = {}) =>
  Buffer.concat([
    Buffer.from(
      Object.entries({ connection: "close", "content-length": Buffer.byteLength(body), ...headers }).reduce(
        (head, [name, value]) => `${head}${name}: ${value}\r\n`,
        `HTTP/1.1 ${status} Status\r\n`
      ) + "\r\n"
    ),
    Buffer.from(body)
  ])

/** Sends the bytes of a response, and closes the connection. */
export const reply =
  (bytes: Uint8Array | string): Respond =>
  (socket) =>
    socket.end(bytes)

export const json = (body: unknown, status = 200): Respond => reply(response(status, JSON.stringify(body)))

interface Parsed {
  readonly request: Received
  readonly rest: Buffer
}

const chunkedBody = /^([\s\S]*?)0\r\n\r\n/

// Takes the first complete request off what has arrived.
const parse = (bytes: Buffer): Parsed | undefined => {
  const end = bytes.indexOf("\r\n\r\n")
  if (end === -1) return undefined
  const [start = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n")
  const [method = "", target = ""] = start.split(" ")
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    })
  )
  const after = bytes.subarray(end + 4)
  if (headers["transfer-encoding"] === "chunked") {
    const body = chunkedBody.exec(after.toString("latin1"))
    return body === null
      ? undefined
      : {
          request: { method, target, headers, body: body[0], bytes: after.subarray(0, body[0].length) },
          rest: after.subarray(body[0].length)
        }
  }
  const length = Number(headers["content-length"] ?? 0)
  return after.length < length
    ? undefined
    : {
        request: {
          method,
          target,
          headers,
          body: after.subarray(0, length).toString(),
          bytes: after.subarray(0, length)
        },
        rest: after.subarray(length)
      }
}

export const serve = (respond: Respond): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<{ readonly server: Server; readonly close: () => void }>((resume) => {
      const requests: Array<Received> = []
      const sockets = new Set<Net.Socket>()
      const open = new Set<Net.Socket>()
      let connections = 0
      const server = Net.createServer((socket) => {
        connections++
        sockets.add(socket)
        let buffered: Buffer = Buffer.alloc(0)
        socket.once("data", () => open.add(socket))
        socket.on("close", () => {
          sockets.delete(socket)
          open.delete(socket)
        })
        // A client that gives up resets the connection.
        socket.on("error", () => socket.destroy())
        socket.on("data", (data) => {
          buffered = Buffer.concat([buffered, data])
          for (let parsed = parse(buffered); parsed !== undefined; parsed = parse(buffered)) {
            buffered = parsed.rest
            requests.push(parsed.request)
            respond(socket, parsed.request, requests.length - 1)
          }
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : assert.fail("no port")
        const allClosed = Effect.suspend(() => (open.size === 0 ? Effect.void : Effect.fail(open.size))).pipe(
          Effect.retry({ schedule: Schedule.spaced("5 millis"), times: 400 }),
          Effect.catch((count) => Effect.sync(() => assert.fail(`${count} connections are still open`)))
        )
        resume(
          Effect.succeed({
            server: { origin: `http://127.0.0.1:${port}`, requests, connections: () => connections, allClosed },
            close: () => {
              server.close()
              sockets.forEach((socket) => socket.destroy())
            }
          })
        )
      })
    }),
    ({ close }) => Effect.sync(close)
  ).pipe(Effect.map(({ server }) => server))

// Listens, and then does not take a connection any more: the thread sleeps. What the backlog has no room for is left
// without a response.
const deaf = `
  const { parentPort } = require("node:worker_threads")
  const server = require("node:net").createServer()
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })
`

/** A port of the loopback interface to which no connection can be made, though none is refused. */
export const deafPort: Effect.Effect<number, never, Scope.Scope> = Effect.gen(function* () {
  const worker = yield* Effect.acquireRelease(
    Effect.sync(() => new Worker(deaf, { eval: true })),
    (worker) => Effect.promise(() => worker.terminate())
  )
  const port = yield* Effect.callback<number>((resume) => {
    worker.once("message", (port: number) => resume(Effect.succeed(port)))
  })
  const sockets = yield* Effect.acquireRelease(
    Effect.sync(() => Array.from({ length: 8 }, () => Net.connect(port, "127.0.0.1").on("error", () => undefined))),
    (sockets) => Effect.sync(() => sockets.forEach((socket) => socket.destroy()))
  )
  yield* Effect.sleep("100 millis")
  assert.isTrue(sockets.some((socket) => socket.connecting))
  return port
})
