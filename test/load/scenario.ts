/** Loads a sandbox on a real socket, from processes of our client and from Miro's own. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert } from "@effect/vitest"
import { MiroApi } from "@mirohq/miro-api"
import { Effect, Layer } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpServer } from "effect/http"
import { fork } from "node:child_process"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import { emptyTally, type Tally, usage } from "./load.ts"
import type { Setup } from "./worker.ts"

const program = fileURLToPath(new URL("./worker.ts", import.meta.url))

const worker = (setup: Setup): Effect.Effect<Tally> =>
  Effect.callback((resume) => {
    const child = fork(program, [JSON.stringify(setup)], { execArgv: ["--conditions=effect-miro-source"] })
    child.on("message", (tally: Tally) => resume(Effect.succeed(tally)))
    child.on("exit", (code) => resume(Effect.die(new Error(`the worker ended with ${code} before it was done`))))
    return Effect.sync(() => child.kill())
  })

const together = (tallies: ReadonlyArray<Tally>): Tally =>
  tallies.reduce((sum, { responses, early, failures, left, refused }) => {
    for (const [reset, remaining] of Object.entries(left)) {
      sum.left[reset] = Math.min(sum.left[reset] ?? Infinity, remaining)
    }
    return {
      responses: sum.responses + responses,
      refused: sum.refused + refused,
      early: sum.early + early,
      left: sum.left,
      failures: [...sum.failures, ...failures]
    }
  }, emptyTally())

export interface Load {
  readonly processes: number
  readonly calls: number
  readonly fibers: number
  readonly creditsPerMinute: number
  readonly prefix?: string | undefined
}

// Connections are idle until the next reset. A server that closes them just then is no matter of the budget.
const patientServer = () => createServer({ keepAliveTimeout: 300_000 })

const onSandbox = (creditsPerMinute: number) =>
  Effect.provide(
    MiroSandbox.layerServer.pipe(
      Layer.provideMerge(NodeHttpServer.layer(patientServer, { host: "127.0.0.1", port: 0 })),
      Layer.provide(MiroSandbox.layerSettings({ creditsPerMinute }))
    )
  )

/** The calls, with all that is promised of them. Gives what to print. */
export const withinBudget = ({ calls, creditsPerMinute, fibers, prefix, processes }: Load) =>
  Effect.gen(function* () {
    const origin = yield* HttpServer.addressFormattedWith(Effect.succeed)
    const setup = { origin, calls: calls / processes, fibers: fibers / processes, prefix }
    const tally = together(
      yield* Effect.all(
        Array.from({ length: processes }, () => worker(setup)),
        { concurrency: "unbounded" }
      )
    )
    const shares = usage(tally, creditsPerMinute)
    const text = `${tally.responses} responses, ${tally.refused} of them 429, ${tally.early} sent before a reset that a 429 had told, ${tally.failures.length} failures, ${shares.map((share) => `${(share * 100).toFixed(1)} %`).join(", ")} of the budget in each full window`
    assert.deepStrictEqual(tally.failures, [], text)
    assert.isAtMost(tally.refused, calls / 100, text)
    assert.strictEqual(tally.early, 0, text)
    assert.isAtLeast(shares.length, 2, text)
    for (const share of shares) assert.isAtLeast(share, 0.95, text)
    return text
  }).pipe(onSandbox(creditsPerMinute))

/** The same calls by Miro's own client. Gives what to print. */
export const official = ({ calls, creditsPerMinute, fibers }: Load) =>
  Effect.gen(function* () {
    const api = new MiroApi("sandbox-token", yield* HttpServer.addressFormattedWith(Effect.succeed))
    const board = yield* Effect.promise(() => api.createBoard({ name: "Load" }))
    const kinds: ReadonlyArray<() => Promise<unknown>> = [
      () => api._api.getSpecificBoard(board.id),
      () => api._api.getItems(board.id),
      () => api.createBoard({ name: "Retro" }),
      () => board.copy({})
    ]
    let failures = 0
    yield* Effect.forEach(
      Array.from({ length: calls }, (_, index) => kinds[index % kinds.length] ?? (() => Promise.resolve())),
      (call) => Effect.catch(Effect.tryPromise(call), () => Effect.sync(() => failures++)),
      { concurrency: fibers, discard: true }
    )
    return `${failures} of ${calls} calls failed`
  }).pipe(onSandbox(creditsPerMinute))
