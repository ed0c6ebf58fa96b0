/** Clients that hold their connections to the command open and say nothing, or never come to an end. */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Clock, Effect } from "effect"
import { execFileSync } from "node:child_process"
import { connect, type Socket } from "node:net"
import { start, variables } from "./support.ts"

/** How many files this process may have open, and the command likewise. */
const limit = Number(execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" })) || Infinity

const count = Math.min(10_000, limit - 500)

const open = (port: number, said: string) =>
  Effect.callback<Socket, Error>((resume) => {
    const socket = connect(port, "127.0.0.1", () => {
      if (said !== "") socket.write(said)
      resume(Effect.succeed(socket))
    })
    socket.on("error", (error) => resume(Effect.fail(error)))
  })

const closed = (sockets: ReadonlyArray<Socket>) =>
  Effect.forEach(
    sockets,
    (socket) =>
      Effect.callback<void>((resume) => {
        socket.once("close", () => resume(Effect.void))
        // Closed in the usual way, it would hold its port for a minute.
        socket.resetAndDestroy()
      }),
    { concurrency: "unbounded", discard: true }
  )

/** The status of a call, and how many milliseconds it takes. */
const call = (url: string, token: string) =>
  Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    const { status } = yield* Effect.promise(() =>
      fetch(`${url}/v2/boards`, { headers: { authorization: `Bearer ${token}`, connection: "close" } })
    )
    return { status, millis: (yield* Clock.currentTimeMillis) - before }
  })

describe(`a command with ${count} open connections`, () => {
  it.live.each([
    ["that say nothing", ""],
    ["whose requests never end", "POST /v2/boards HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{"]
  ] as const)("%s serves whoever has something to say", ([, said]) =>
    Effect.gen(function* () {
      const { MIRO_ACCESS_TOKEN = "", MIRO_BASE_URL = "" } = yield* variables(yield* start("--port", "0"))
      const port = Number(new URL(MIRO_BASE_URL).port)
      const sockets = yield* Effect.forEach(Arr.range(1, count), () => open(port, said), { concurrency: 200 })
      const held = yield* call(MIRO_BASE_URL, MIRO_ACCESS_TOKEN)
      assert.strictEqual(held.status, 200)
      assert.isBelow(held.millis, 5000)
      assert.isEmpty(sockets.filter(({ destroyed }) => destroyed))
      yield* closed(sockets)
      assert.strictEqual((yield* call(MIRO_BASE_URL, MIRO_ACCESS_TOKEN)).status, 200)
    })
  )
})
