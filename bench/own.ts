/**
 * What a call costs of its own: processor time over an `HttpClient` that has
 * its responses in memory, beside a bare request to the same client.
 * `npm run bench:own -- 20` makes 20 rounds, 40 unless told, and shows the best
 * of each: what disturbs a round only adds to it.
 */
import { Duration, Effect, Layer, ManagedRuntime, Redacted, Tracer } from "effect"
import { Boards, Items, MiroClient, RateLimit, Retry, Timeouts } from "effect-miro"
import { HttpClient, HttpClientRequest } from "effect/http"
import { cost } from "./cost.ts"
import { client, pageOf } from "./memory.ts"

const rounds = Number(process.argv[2] ?? 40)
const perRound = 1000
const fibers = 32

const page = pageOf()
const Http = Layer.succeed(
  HttpClient.HttpClient,
  client(() => page)
)
const Miro = MiroClient.layerToken(Redacted.make("token")).pipe(Layer.provideMerge(Http))

const bare = HttpClient.execute(HttpClientRequest.get("https://api.miro.com/v2/boards/b")).pipe(
  Effect.flatMap((response) => response.arrayBuffer),
  Effect.map((buffer): unknown => JSON.parse(new TextDecoder().decode(buffer)))
)
const get = Boards.get({ boardId: "b" })
const idleTracer = Tracer.make({ span: (options) => new Tracer.NativeSpan(options) })
const forever = { headers: Duration.infinity, idle: Duration.infinity, attempt: Duration.infinity }

type Job = readonly [
  name: string,
  call: Effect.Effect<unknown, unknown, HttpClient.HttpClient | MiroClient.MiroClient>,
  layer: Layer.Layer<HttpClient.HttpClient | MiroClient.MiroClient>
]

const jobs: ReadonlyArray<Job> = [
  ["a bare request", bare, Miro],
  ["Boards.get", get, Miro],
  ["  without retries", Effect.provideService(get, Retry.Retry, Retry.none), Miro],
  ["  with an idle tracer", Effect.withTracer(get, idleTracer), Miro],
  ["  without timeouts", Timeouts.provide(get, forever), Miro],
  ["  with a RateLimit", get, Layer.merge(Miro, RateLimit.layerMemory({ limit: 1e12 }))],
  ["Items.list, 50 items", Items.list({ boardId: "b" }), Miro]
]

const only = process.argv[3]
const runs = jobs.flatMap(([name, call, layer]) => {
  if (only !== undefined && !name.includes(only)) return []
  const runtime = ManagedRuntime.make(layer)
  const all = Effect.replicateEffect(call, perRound, { concurrency: fibers, discard: true })
  return [{ name, run: () => runtime.runPromise(all), best: { cost: Infinity } }]
})

for (let round = 0; round < rounds; round++) {
  for (const { best, run } of runs) best.cost = Math.min(best.cost, await cost(perRound, run))
}

console.log(`in memory, ${fibers} fibers, best of ${rounds} rounds of ${perRound} calls, µs`)
for (const { best, name } of runs) console.log(`  ${name.padEnd(24)} ${best.cost.toFixed(0).padStart(5)}`)
