import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Scheduler } from "effect"
import { TestClock } from "effect/testing"
import { once } from "node:events"
import * as Net from "node:net"
import * as Watchdog from "../../src/http/watchdog.ts"

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
    return yield* Watchdog.within(response, Duration.millis(deadline), () => "timeout")
  }).pipe(Effect.scoped)

const within = (seconds: number) => Watchdog.within(Effect.never, Duration.seconds(seconds), () => seconds)

describe("timeouts of many effects", () => {
  it.effect("pass each at its time, whichever began first", () =>
    Effect.gen(function* () {
      const passed: Array<number> = []
      const note = (seconds: number) => Effect.sync(() => passed.push(seconds))
      yield* Effect.forEach([3, 1, 4, 1, 5], (seconds) =>
        Effect.forkChild(Effect.flip(within(seconds)).pipe(Effect.tap(note)))
      )
      const after: Array<ReadonlyArray<number>> = []
      for (let second = 1; second <= 5; second++) {
        yield* TestClock.adjust("1 second")
        after.push([...passed])
      }
      assert.deepStrictEqual(after, [
        [1, 1],
        [1, 1],
        [1, 1, 3],
        [1, 1, 3, 4],
        [1, 1, 3, 4, 5]
      ])
    })
  )

  it.effect("pass sooner if they are hurried", () =>
    Effect.gen(function* () {
      const context = yield* Effect.context()
      const deadline = new Watchdog.Deadline(Watchdog.now(context) + 60_000, 60_000)
      const fiber = yield* Effect.forkChild(
        Effect.flip(Watchdog.watch(Effect.never, context, deadline, () => "passed"))
      )
      yield* TestClock.adjust("1 second")
      deadline.due = Watchdog.now(context) + 1000
      Watchdog.hurry(context, deadline)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(fiber), "passed")
    })
  )

  it.effect("end what has not ended, and end with it", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const job = (name: string) => Effect.onInterrupt(Effect.never, () => Effect.sync(() => ended.push(name)))
      const late = yield* Effect.forkChild(
        Effect.flip(Watchdog.within(job("late"), Duration.seconds(1), () => undefined))
      )
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(late)
      const unwanted = yield* Effect.forkChild(Watchdog.within(job("unwanted"), Duration.seconds(1), () => undefined))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(unwanted)
      assert.deepStrictEqual(ended, ["late", "unwanted"])
    })
  )

  it.live("pass though a program has stopped its scheduler, whoever was first", () =>
    Effect.gen(function* () {
      const stopped: Scheduler.Scheduler = {
        executionMode: "async",
        shouldYield: () => false,
        makeDispatcher: () => ({ scheduleTask: () => {}, flush: () => {} })
      }
      Effect.runFork(within(0.05), { scheduler: stopped })
      assert.strictEqual(yield* Effect.flip(within(0.05)), 0.05)
    })
  )

  it.live("leave no timer behind, for which a process would go on", () =>
    Effect.gen(function* () {
      const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length
      const before = timers()
      const waiting = Watchdog.within(Effect.yieldNow, Duration.minutes(1), () => undefined)
      yield* Effect.all(
        Array.from({ length: 100 }, () => waiting),
        { concurrency: 10, discard: true }
      )
      yield* waiting
      yield* Effect.promise(() => Promise.resolve())
      // Those of the tests before it may come to their end meanwhile.
      assert.isAtMost(timers(), before)
    })
  )
})

/** Over a real socket, whose data the process cannot see meanwhile. */
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
