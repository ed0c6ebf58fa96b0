/** Timeouts of a process whose event loop is held up, over a real socket, whose data it cannot see meanwhile. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { once } from "node:events"
import * as Net from "node:net"
import * as Patience from "../../src/http/patience.ts"

const loopback = Effect.acquireRelease(
  Effect.promise(async () => {
    const server = Net.createServer().listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const client = Net.connect(typeof address === "object" && address !== null ? address.port : assert.fail())
    const [peer]: Array<Net.Socket> = await once(server, "connection")
    return { server, client, peer: peer ?? assert.fail() }
  }),
  ({ client, peer, server }) =>
    Effect.sync(() => {
      client.destroy()
      peer.destroy()
      server.close()
    })
)

const hold = (until: number) => {
  while (performance.now() < until);
}

// Clients take some turns of the event loop from a head to the end of its body.
const turns = Effect.promise(async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
})

/** What waits for a response, while this happens so many milliseconds after it began. */
const responseWhile = (deadline: number, at: number, happens: (begin: number, peer: Net.Socket) => void) =>
  Effect.gen(function* () {
    const { client, peer } = yield* loopback
    const response = Effect.callback<string>((resume) => {
      const begin = performance.now()
      setTimeout(() => happens(begin, peer), at)
      client.once("data", (data) => resume(Effect.as(turns, String(data))))
    })
    return yield* Patience.within(response, Duration.millis(deadline), () => "timeout")
  }).pipe(Effect.scoped)

describe("a process that is held up", () => {
  it.live("takes a response that arrived before its timeout, though the timeout comes first", () =>
    Effect.gen(function* () {
      const response = yield* responseWhile(100, 50, (begin, peer) => {
        peer.write("response")
        hold(begin + 140)
      })
      assert.strictEqual(response, "response")
    })
  )

  it.live("waits as much longer as it was held up", () =>
    Effect.gen(function* () {
      const response = yield* responseWhile(500, 10, (begin, peer) => {
        setTimeout(() => peer.write("response"), 1100)
        hold(begin + 1000)
      })
      assert.strictEqual(response, "response")
    })
  )

  it.live("does not wait for ever", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(responseWhile(100, 10, (begin) => hold(begin + 300)))
      assert.strictEqual(error, "timeout")
    })
  )
})
