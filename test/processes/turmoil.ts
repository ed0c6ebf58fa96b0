/** Processes that are killed or stopped at random, while all their users call and tokens live for a second. */
import { assert } from "@effect/vitest"
import { Effect, Layer, Random } from "effect"
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
  /** For how many seconds it is stopped at most. */
  readonly longestStop?: number
}

const deadline = 3000

// One endpoint is at fault itself, whatever the token.
const front = (app: MiroSandbox.MiroSandbox["Service"]["app"]) =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ url }) =>
    url === "/v2/boards/refuses" ? Effect.succeed(HttpServerResponse.empty({ status: 401 })) : app
  )

/** Says what became of the users: how many calls, refreshes, and grants that are lost. */
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
    let refreshes = 0
    const count = Effect.gen(function* () {
      refreshes += (yield* sandbox.ledger).filter(
        ({ path, status }) => path === "/v1/oauth/token" && status === 200
      ).length
      yield* sandbox.clearLedger
    })
    const disturb = Effect.gen(function* () {
      const index = yield* Random.nextIntBetween(0, workers.length - 1)
      const one = workers[index] ?? assert.fail()
      troubles++
      if (options.trouble === "kill") {
        // What it can tell is lost with it, so it is asked before.
        ends.push(yield* ask(one))
        yield* one.kill
        workers[index] = yield* begin
        return
      }
      one.process.kill("SIGSTOP")
      yield* Effect.sleep(`${yield* Random.nextIntBetween(0, 1000 * (options.longestStop ?? 10))} millis`)
      one.process.kill("SIGCONT")
    })
    for (let second = 0; second < options.seconds; second += 2) {
      yield* Effect.sleep("2 seconds")
      yield* count
      yield* disturb
    }
    yield* Effect.sleep("5 seconds")
    yield* count
    for (const one of workers) ends.push(yield* ask(one))
    for (const one of workers) yield* one.kill
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
      troubles,
      lost
    }
  }).pipe(
    Effect.ensuring(Gates.use(({ open }) => open)),
    Effect.provide(
      Layer.unwrap(Effect.map(origin, (url) => client(url, deadline))).pipe(
        Layer.provideMerge(Stores.layer(store)),
        Layer.provideMerge(Layer.fresh(miro({ accessTokenLifetime: "1 second", front })))
      )
    ),
    Effect.scoped,
    Effect.ensuring(Stores.remove(store))
  )

const ask = ({ expect, send }: Worker) => Effect.andThen(send({ _tag: "Tell" }), expect("Told"))
