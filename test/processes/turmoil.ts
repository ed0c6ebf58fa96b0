/** Processes that are killed or stopped at random, while all their users call and tokens live for a second. */
import { assert } from "@effect/vitest"
import { Effect, Fiber, Layer, Random, Redacted } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { MiroSandbox } from "effect-miro/sandbox"
import * as Stores from "./stores.ts"
import { authorize, call, client, Gates, miro, origin, record, worker, type Worker } from "./support.ts"

export interface Options {
  readonly processes: number
  readonly users: number
  /** Of each user, in each process. */
  readonly callers: number
  readonly seconds: number
  /** What happens to a process every two seconds. */
  readonly trouble: "kill" | "stop"
  /** What Miro does with a refresh token that it has seen before. */
  readonly reuse: MiroSandbox.Settings["reuse"]
}

const deadline = 3000
const longestStop = 90

// One endpoint is at fault itself, whatever the token.
const front = (app: MiroSandbox.MiroSandbox["Service"]["app"]) =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ url }) =>
    url === "/v2/boards/refuses" ? Effect.succeed(HttpServerResponse.empty({ status: 401 })) : app
  )

/**
 * Says what became of the users: how many calls, refreshes, refresh tokens that
 * were sent again, and grants that are lost.
 */
export const turmoil = (store: Stores.Store, options: Options) =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    const users = Array.from({ length: options.users }, (_, index) => `user ${index}`)
    yield* Effect.forEach(users, (user) => authorize(user, 0))
    const url = yield* origin
    let births = 0
    const begin = Effect.gen(function* () {
      const it = yield* worker({ name: `worker ${births++}`, origin: url, store, deadline })
      yield* it.send({ _tag: "Bustle", users, callers: options.callers })
      yield* it.expect("Ready")
      return it
    })
    const workers: Array<Worker> = yield* Effect.forEach(Array.from({ length: options.processes }), () => begin)
    const ends: Array<Effect.Success<ReturnType<typeof ask>>> = []
    let troubles = 0
    const sent = new Set<string>()
    let refreshes = 0
    let repeated = 0
    const count = Effect.gen(function* () {
      for (const { body, path, status } of yield* sandbox.ledger) {
        if (path !== "/v1/oauth/token") continue
        if (status === 200) refreshes++
        const token = new URLSearchParams(Redacted.value(body)).get("refresh_token") ?? ""
        if (sent.has(token)) repeated++
        sent.add(token)
      }
      yield* sandbox.clearLedger
    })
    const kill = Effect.gen(function* () {
      const index = yield* Random.nextIntBetween(0, workers.length - 1)
      const one = workers[index] ?? assert.fail()
      // What it can tell is lost with it, so it is asked before.
      ends.push(yield* ask(one))
      yield* one.kill
      workers[index] = yield* begin
    })
    const stopped = new Set<Worker>()
    const stop = Effect.gen(function* () {
      const running = workers.filter((one) => !stopped.has(one))
      const one = running[yield* Random.nextIntBetween(0, running.length - 1)] ?? assert.fail()
      stopped.add(one)
      one.process.kill("SIGSTOP")
      yield* Effect.sleep(`${yield* Random.nextIntBetween(0, 1000 * longestStop)} millis`)
      one.process.kill("SIGCONT")
      stopped.delete(one)
    })
    const stops: Array<Fiber.Fiber<void>> = []
    for (let second = 0; second < options.seconds; second += 2) {
      yield* Effect.sleep("2 seconds")
      yield* count
      if (options.trouble === "kill") yield* kill
      // One of them goes on, whatever becomes of the others.
      else if (stopped.size < workers.length - 1) stops.push(yield* Effect.forkScoped(stop))
      else continue
      troubles++
    }
    yield* Effect.forEach(stops, Fiber.join)
    yield* Effect.sleep("5 seconds")
    for (const one of workers) ends.push(yield* ask(one))
    for (const one of workers) yield* Effect.andThen(one.send({ _tag: "Stop" }), one.ended)
    yield* count
    const lost: Array<string> = []
    for (const user of users) {
      const outcome = yield* call(user)
      if (outcome._tag === "Success") continue
      const { refused } = yield* record(user)
      lost.push(`${user}: ${outcome.reason}, ${refused?.outcomeUnknown === true ? "outcome unknown" : "killed"}`)
    }
    return {
      calls: ends.reduce((sum, { calls }) => sum + calls, 0),
      refusals: ends.reduce((sum, { refused }) => sum + refused, 0),
      failures: ends.flatMap(({ failures }) => failures),
      refreshes,
      repeated,
      troubles,
      lost
    }
  }).pipe(
    Effect.ensuring(Gates.use(({ open }) => open)),
    Effect.provide(
      Layer.unwrap(Effect.map(origin, (url) => client(url, deadline))).pipe(
        Layer.provideMerge(Stores.layer(store)),
        Layer.provideMerge(Layer.fresh(miro({ accessTokenLifetime: "1 second", front, reuse: options.reuse })))
      )
    ),
    Effect.scoped,
    Effect.ensuring(Stores.remove(store))
  )

const ask = ({ expect, send }: Worker) => Effect.andThen(send({ _tag: "Tell" }), expect("Told"))
