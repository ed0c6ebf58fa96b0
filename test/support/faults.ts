/**
 * A server whose responses go wrong on demand, on real sockets, with a ledger of
 * what it was asked and did.
 */
import { Effect, type Scope } from "effect"
import { createHash } from "node:crypto"
import type * as Net from "node:net"
import { gzipSync } from "node:zlib"
import * as tcp from "./tcp.ts"

interface Good {
  readonly status: number
  readonly body: string
}

export interface Fault {
  readonly name: string
  /** Whether the server does what it is asked before it fails. */
  readonly processes: boolean
  readonly respond: (socket: Net.Socket, good: Good) => void
}

export interface Entry {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  /** Of the body as it came. */
  readonly sha256: string
  readonly processed: boolean
  readonly fault: string | undefined
}

export interface FaultServer extends Omit<tcp.Server, "requests"> {
  readonly ledger: ReadonlyArray<Entry>
}

const head = (status: number, headers: ReadonlyArray<readonly [name: string, value: string | number]>) =>
  headers.reduce((text, [name, value]) => `${text}${name}: ${value}\r\n`, `HTTP/1.1 ${status} Status\r\n`) + "\r\n"

const make = (name: string, processes: boolean, respond: Fault["respond"]): Fault => ({ name, processes, respond })

/** A refusal, with Miro's envelope. */
export const status = (status: number, headers: Record<string, string> = {}): Fault =>
  make(`status ${status}`, false, (socket) =>
    socket.end(
      tcp.response(status, JSON.stringify({ type: "error", code: "fault", message: "refused", status }), headers)
    )
  )

/** The page of something in front of Miro, with the status of a success. */
export const html = make("html", true, (socket) =>
  socket.end(tcp.response(200, "<html>one moment, please</html>", { "content-type": "text/html" }))
)

export const empty = make("empty", true, (socket, { status }) => socket.end(tcp.response(status, "")))

/** The end of the body is missing, and the length says so. */
export const truncated = make("truncated", true, (socket, { body, status }) => {
  const bytes = tcp.response(status, body)
  socket.end(bytes.subarray(0, bytes.length - Math.ceil(Buffer.byteLength(body) / 2)))
})

/** The length is that of half of the body: a client takes that for all. */
export const tooShort = make("length too short", true, (socket, { body, status }) =>
  socket.end(tcp.response(status, body, { "content-length": Math.floor(Buffer.byteLength(body) / 2) }))
)

export const noLength = make("length no number", true, (socket, { body, status }) =>
  socket.end(tcp.response(status, body, { "content-length": "many" }))
)

const bombed = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "))

/** 64 MiB of spaces, in less than 100 kB. */
export const bomb = make("gzip bomb", true, (socket, { status }) =>
  socket.end(tcp.response(status, bombed, { "content-encoding": "gzip" }))
)

/** The connection is reset, and nothing done. */
export const resetBefore = make("reset before", false, (socket) => socket.resetAndDestroy())

/** The connection is reset, but all is done. */
export const resetAfter = make("reset after", true, (socket) => socket.resetAndDestroy())

/** Nothing comes back. Whether the server takes connections at all is a matter of `tcp.deafPort`. */
export const silence = make("silence", true, () => undefined)

/** The response stops after so many of its bytes, in its head or its body. */
export const stallAt = (byte: number): Fault =>
  make(`stall at byte ${byte}`, true, (socket, { body, status }) =>
    socket.write(tcp.response(status, body).subarray(0, byte))
  )

/** One byte of the body after the other, and so many milliseconds between them. */
export const trickle = (pause: number): Fault =>
  make("trickle", true, (socket, { body, status }) => {
    const bytes = Buffer.from(body)
    socket.write(head(status, [["content-length", bytes.length]]))
    let at = 0
    const timer = setInterval(() => (at < bytes.length ? socket.write(bytes.subarray(at, ++at)) : socket.end()), pause)
    socket.on("close", () => clearInterval(timer))
  })

export const redirect = (location: string, status = 307): Fault =>
  make("redirect", false, (socket) => socket.end(tcp.response(status, "moved", { location })))

/** Headers that come twice, and do not agree. */
export const duplicated = make("duplicated headers", true, (socket, { body, status }) =>
  socket.end(
    head(status, [
      ["connection", "close"],
      ["content-length", Buffer.byteLength(body)],
      ["content-type", "application/json"],
      ["content-type", "text/html"],
      ["x-ratelimit-remaining", 1],
      ["x-ratelimit-remaining", 2],
      ["set-cookie", "a=1"],
      ["set-cookie", "a=2"]
    ]) + body
  )
)

/** Fails with one of the faults in so many of a hundred requests, the same ones for the same seed. */
export const atRandom = (seed: number, percent: number, faults: ReadonlyArray<Fault>): (() => Fault | undefined) => {
  let state = seed
  // Numerical Recipes' generator, whose high bits are good enough for this.
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  return () => (below(100) < percent ? faults[below(faults.length)] : undefined)
}

/**
 * Responds with what `handle` makes of a request, unless there is a fault for
 * it. `handle` sees only the requests that are processed.
 */
export const serve = (
  handle: (request: tcp.Received) => Good,
  choose: (request: tcp.Received, index: number) => Fault | undefined
): Effect.Effect<FaultServer, never, Scope.Scope> => {
  const ledger: Array<Entry> = []
  const respond: tcp.Respond = (socket, request, index) => {
    const fault = choose(request, index)
    const processed = fault?.processes ?? true
    const { headers, method, target } = request
    const sha256 = createHash("sha256").update(request.bytes).digest("hex")
    ledger.push({ method, target, headers, sha256, processed, fault: fault?.name })
    const good = processed ? handle(request) : { status: 500, body: "" }
    if (fault === undefined) socket.end(tcp.response(good.status, good.body))
    else fault.respond(socket, good)
  }
  return Effect.map(tcp.serve(respond), ({ allClosed, connections, origin }) => ({
    origin,
    connections,
    allClosed,
    ledger
  }))
}
