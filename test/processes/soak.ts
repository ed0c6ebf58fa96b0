/** A back end of several processes with a bad line to Miro, for as long as it is let. */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { assert } from "@effect/vitest"
import { Clock, Duration, Effect, Layer, Random, Stream } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { MiroSandbox } from "effect-miro/sandbox"
import { accessTokenLifetime } from "./mixture.ts"
import * as Stores from "./stores.ts"
import { authorize, Gates, miro, origin, worker } from "./support.ts"

// A handler can only be interrupted where it says so, and has to be when the client is gone.
const silence = Effect.interruptible(Effect.never)

const reset = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
  Effect.andThen(
    Effect.sync(() => NodeHttpServerRequest.toIncomingMessage(request).socket.resetAndDestroy()),
    silence
  )
)

const begun = new TextEncoder().encode('{"data":[')

const unfinished = HttpServerResponse.stream(Stream.concat(Stream.make(begun), Stream.never))

/** How often a request meets with each fault. */
export type Faults = Record<"tooMany" | "error" | "reset" | "stall", number>

/**
 * Of a hundred requests, five get 429, three with 5xx, two end in
 * a reset and one in silence. The last three kinds may come after Miro has done
 * what was asked, but not at the token endpoint: there a response that is lost
 * costs the user's authorization, whatever the client does.
 */
const faulty = (faults: Faults) => (app: MiroSandbox.MiroSandbox["Service"]["app"]) =>
  Effect.gen(function* () {
    const { url } = yield* HttpServerRequest.HttpServerRequest
    const chance = yield* Random.next
    const coin = yield* Random.nextBoolean
    const isToken = url === "/v1/oauth/token"
    const work = coin && !isToken ? app : Effect.void
    if (chance < 0.05) {
      faults.tooMany++
      return HttpServerResponse.empty({ status: 429, ...(coin && { headers: { "retry-after": "1" } }) })
    }
    if (chance < 0.08) {
      faults.error++
      yield* work
      return HttpServerResponse.text("<html>", { status: 502 })
    }
    if (chance < 0.1) {
      faults.reset++
      yield* work
      return yield* reset
    }
    if (chance < 0.11) {
      faults.stall++
      yield* work
      return coin ? unfinished : yield* silence
    }
    return yield* app
  })

// What a call may fail with when its retries are used up, or it may not be repeated.
const ofTheLine = ["RateLimited", "ServerError", "Transport", "Timeout"]

/** Whether a failure is one that the faults explain. */
const isExpected = (failure: string): boolean => {
  const [operation = "", reason = "", late] = failure.split(" ")
  if (ofTheLine.includes(reason)) return true
  // The first attempt has deleted it, and its response was lost.
  if (reason === "NotFound") return operation === "StickyNotes.delete"
  // A call refreshes once. On a busy machine one that is repeated can meet with two tokens that expire on the way.
  return reason === "Unauthorized" && late !== undefined
}

/** By how much the values grow in a minute, by the line that fits best. */
const slope = (points: ReadonlyArray<readonly [minute: number, value: number]>): number => {
  const mean = (values: ReadonlyArray<number>) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(points.map(([minute]) => minute))
  const y = mean(points.map(([, value]) => value))
  return (
    points.reduce((sum, [minute, value]) => sum + (minute - x) * (value - y), 0) /
    points.reduce((sum, [minute]) => sum + (minute - x) ** 2, 0)
  )
}

const mebibyte = 2 ** 20

export interface Options {
  readonly processes: number
  readonly users: number
  readonly duration: Duration.Input
  readonly seed: number
}

export const soak = (store: Stores.Store, { duration, processes, seed, users }: Options) => {
  const faults: Faults = { tooMany: 0, error: 0, reset: 0, stall: 0 }
  return Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    const names = Array.from({ length: users }, (_, index) => `user ${index}`)
    yield* Effect.forEach(names, (user) => authorize(user, 0))
    const url = yield* origin
    const workers = yield* Effect.forEach(Array.from({ length: processes }), (_, index) =>
      worker({ name: `worker ${index}`, origin: url, store, deadline: 5000, attemptDeadline: 1000 })
    )
    for (const { expect, send } of workers) {
      yield* send({ _tag: "Mix", users: names })
      yield* expect("Ready")
    }
    const start = yield* Clock.currentTimeMillis
    const end = start + Duration.toMillis(duration)
    const count = Effect.forEach(workers, ({ expect, send }) =>
      Effect.andThen(send({ _tag: "Count" }), expect("Counted"))
    )
    const heaps = workers.map((): Array<readonly [number, number]> => [])
    const sizes = workers.map((): Array<readonly [number, number]> => [])
    let refreshes = 0
    let counted = yield* count
    for (let now = start; now < end; now = yield* Clock.currentTimeMillis) {
      yield* Effect.sleep("2 seconds")
      refreshes += (yield* sandbox.ledger).filter(
        ({ path, status }) => path === "/v1/oauth/token" && status === 200
      ).length
      yield* sandbox.clearLedger
      counted = yield* count
      // The first half is for warming up: what a process has of the system grows for minutes before it settles.
      if (now - start < (end - start) / 2) continue
      for (const [index, { heap, rss }] of counted.entries()) {
        heaps[index]?.push([(now - start) / 60_000, heap / mebibyte])
        sizes[index]?.push([(now - start) / 60_000, rss / mebibyte])
      }
    }
    const failures = new Map<string, number>()
    for (const [failure, times] of counted.flatMap(({ tally }) => Object.entries(tally.failures))) {
      failures.set(failure, (failures.get(failure) ?? 0) + times)
    }
    assert.deepStrictEqual(
      counted.flatMap(({ tally }) => tally.defects),
      []
    )
    const calls = counted.reduce((sum, { tally }) => sum + tally.calls, 0)
    assert.deepStrictEqual(
      [...failures].filter(([failure]) => !isExpected(failure)),
      []
    )
    return {
      calls,
      refreshes,
      failures: Object.fromEntries(failures),
      faults,
      /** In mebibytes, for each process: what is in use without garbage, and all that the process has. */
      heap: heaps.map((points) => ({ end: points.at(-1)?.[1], perMinute: slope(points) })),
      rss: sizes.map((points) => ({ end: points.at(-1)?.[1], perMinute: slope(points) }))
    }
  }).pipe(
    Effect.ensuring(Gates.use(({ open }) => open)),
    Effect.scoped,
    Effect.provide(
      Stores.layer(store).pipe(
        Layer.provideMerge(Layer.fresh(miro({ accessTokenLifetime, front: faulty(faults) }))),
        Layer.provide(Layer.effect(Random.Random, Random.withSeed(Random.Random, seed)))
      )
    )
  )
}
