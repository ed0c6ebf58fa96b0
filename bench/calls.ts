/**
 * What a call costs: processor time of this process, beside that of Miro's own
 * client in the same run. The rounds of all clients are interleaved, so that
 * what disturbs one disturbs the others.
 *
 *     npm run bench
 *     npm run bench -- --quick --json figures.json
 */
import { fork } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { type Job, jobs, make, stream } from "./clients.ts"
import { cost } from "./cost.ts"

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, rounds: { type: "string" }, json: { type: "string" } }
})
const rounds = Number(values.rounds ?? (values.quick ? 3 : 15))
const requestsPerRound = values.quick ? 250 : 1_000

interface Figure {
  readonly call: string
  readonly concurrency: number
  readonly client: string
  /** Microseconds of processor time for a call, and between what half of the rounds are. */
  readonly median: number
  readonly quartiles: readonly [number, number]
  /** How many calls it makes in the time in which Miro's own client makes one. */
  readonly ratio: number
}

const server = fork(fileURLToPath(new URL("./server.ts", import.meta.url)))
const [origin = ""]: Array<string> = await once(server, "message")
const clientsOf = make(origin)

const measure = async (job: Job, concurrency: number): Promise<ReadonlyArray<Figure>> => {
  const candidates = clientsOf(job).map(([client, run]) => ({ client, run, costs: new Array<number>() }))
  const calls = Math.ceil(requestsPerRound / job.requests)
  for (const { run } of candidates) await run(calls, concurrency)
  for (let round = 0; round < rounds; round++) {
    // Back and forth: a client pays for some of what the one before it has left.
    for (const { costs, run } of round % 2 === 0 ? candidates : candidates.toReversed()) {
      costs.push(await cost(calls * job.requests, () => run(calls, concurrency)))
    }
  }
  let base: number | undefined
  return candidates.map(({ client, costs }) => {
    const sorted = costs.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN
    const median = at(0.5)
    base ??= median
    return { call: job.name, concurrency, client, median, quartiles: [at(0.25), at(0.75)], ratio: base / median }
  })
}

const print = ({ client, median, quartiles: [low, high], ratio }: Figure) => {
  const spread = `${low.toFixed(0)}-${high.toFixed(0)}`
  console.log(`  ${client.padEnd(26)} ${median.toFixed(0).padStart(5)} ${spread.padStart(11)} ${ratio.toFixed(2)}`)
}

const figures: Array<Figure> = []
const show = async (job: Job, concurrency: number) => {
  const measured = await measure(job, concurrency)
  console.log(`${job.name}, ${concurrency} at a time: µs, quartiles, calls for one of Miro's own client`)
  measured.forEach(print)
  figures.push(...measured)
}

for (const concurrency of [32, 1]) {
  for (const job of jobs) await show(job, concurrency)
}
await show(stream(values.quick ? 200 : 2_000), 1)
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(figures, null, 2))

server.disconnect()
process.exit()
