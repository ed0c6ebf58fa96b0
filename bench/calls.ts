/**
 * What a call costs: processor time of this process, beside that of Miro's own
 * client in the same run. `npm run bench -- 3` makes 3 rounds, 9 unless told.
 */
import { MiroApi } from "@mirohq/miro-api"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { AccessToken, Boards, Items, MiroClient, type MiroError, RateLimit } from "effect-miro"
import { FetchHttpClient } from "effect/http"
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const rounds = Number(process.argv[2] ?? 9)
const callsPerRound = 1_000
const fibers = 16

type Run = (calls: number) => Promise<unknown>

interface Job {
  readonly name: string
  readonly official: (api: MiroApi) => Promise<unknown>
  readonly call: Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>
}

const jobs: ReadonlyArray<Job> = [
  {
    name: "a board",
    official: ({ _api }) => _api.getSpecificBoard("b"),
    call: Boards.get({ boardId: "b" })
  },
  {
    name: "a page of 50 items",
    official: ({ _api }) => _api.getItems("b"),
    call: Items.list({ boardId: "b" })
  }
]

const officially =
  (origin: string, { official }: Job): Run =>
  (calls) => {
    const api = new MiroApi("token", origin)
    let left = calls
    const work = async () => {
      while (left-- > 0) await official(api)
    }
    return Promise.all(Array.from({ length: fibers }, work))
  }

const ours = (origin: string, { call }: Job, limiter: Layer.Layer<never>, isTraced: boolean): Run => {
  const runtime = ManagedRuntime.make(
    MiroClient.layer({ baseUrl: origin }).pipe(
      Layer.provide(AccessToken.layer(Redacted.make("token"))),
      Layer.provide(FetchHttpClient.layer),
      Layer.merge(limiter)
    )
  )
  return (calls) =>
    runtime.runPromise(
      Effect.replicateEffect(call, calls, { concurrency: fibers, discard: true }).pipe(
        Effect.withTracerEnabled(isTraced)
      )
    )
}

/** Microseconds of processor time for a call. */
const cost = async (run: Run) => {
  const before = process.cpuUsage()
  await run(callsPerRound)
  const { system, user } = process.cpuUsage(before)
  return (user + system) / callsPerRound
}

const median = (numbers: ReadonlyArray<number>) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

const server = fork(fileURLToPath(new URL("./server.ts", import.meta.url)))
const [origin]: Array<string> = await once(server, "message")

for (const job of jobs) {
  const runs: ReadonlyArray<readonly [name: string, run: Run]> = [
    ["@mirohq/miro-api", officially(origin ?? "", job)],
    ["effect-miro", ours(origin ?? "", job, Layer.empty, true)],
    ["effect-miro with a RateLimit", ours(origin ?? "", job, RateLimit.layerMemory(), true)],
    ["effect-miro without spans", ours(origin ?? "", job, Layer.empty, false)]
  ]
  const costs = runs.map((): Array<number> => [])
  for (const [, run] of runs) await run(callsPerRound)
  for (let round = 0; round < rounds; round++) {
    for (const [index, [, run]] of runs.entries()) costs[index]?.push(await cost(run))
  }
  const medians = costs.map(median)
  console.log(`${job.name}, median of ${rounds} rounds of ${callsPerRound} calls`)
  for (const [index, [name]] of runs.entries()) {
    const [base = Number.NaN] = medians
    const own = medians[index] ?? Number.NaN
    console.log(`  ${name.padEnd(30)} ${own.toFixed(0).padStart(5)} µs  ${(own / base).toFixed(2)}`)
  }
}

server.disconnect()
