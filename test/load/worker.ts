/** A process that makes mixed calls within its budget, and tells its parent what came of them. */
import { Effect, Layer, Redacted } from "effect"
import { AccessToken, MiroClient, RateLimit } from "effect-miro"
import { FetchHttpClient } from "effect/http"
import { layerRedis } from "../support/servers.ts"
import { emptyTally, layerTally, mixed } from "./load.ts"

export interface Setup {
  readonly origin: string
  readonly calls: number
  readonly fibers: number
  /** The prefix of the shared budget in Redis; without it the budget is that of the process. */
  readonly prefix?: string | undefined
}

const setup: Setup = JSON.parse(process.argv[2] ?? "{}")
// A worker does not outlive its parent.
process.on("disconnect", () => process.exit())

const tally = emptyTally()

const Limit =
  setup.prefix === undefined
    ? RateLimit.layerMemory()
    : RateLimit.layerRedis({ prefix: setup.prefix }).pipe(Layer.provide(Layer.orDie(layerRedis())))

const Miro = MiroClient.layer({ baseUrl: setup.origin }).pipe(
  Layer.provide(AccessToken.layer(Redacted.make("sandbox-token"))),
  Layer.provide(layerTally(tally)),
  Layer.provide(FetchHttpClient.layer),
  Layer.merge(Limit)
)

void Effect.runPromise(
  mixed(tally, setup).pipe(
    Effect.tapCause((cause) => Effect.sync(() => tally.failures.push(String(cause)))),
    Effect.ignoreCause,
    Effect.provide(Miro)
  )
).then(() => process.send?.(tally, () => process.disconnect()))
