import { assert, describe, it } from "@effect/vitest"
import { Console, Effect, Layer } from "effect"
import { RateLimit } from "effect-miro"
import { throng } from "../load/crowd.ts"
import { official, withinBudget } from "../load/scenario.ts"
import { canStartRedis, redisServer } from "../support/redisServer.ts"
import { agree } from "../support/rules.ts"
import { hasRedis, layerRedis, unique } from "../support/servers.ts"

// 6,625,000 credits: four windows are full, but for the time before the first begins.
const load = { calls: 10_000, fibers: 64, creditsPerMinute: 1_600_000 }

describe("10,000 calls of mixed levels at 64 fibers", () => {
  it.live(
    "in one process: at most 1 % refused with 429, at least 95 % of the budget used, no failure",
    () => Effect.tap(withinBudget({ ...load, processes: 1 }), (text) => Console.log(`one process: ${text}`)),
    900_000
  )

  it.live.skipIf(!hasRedis)(
    "in two processes that share Redis: the same",
    () =>
      Effect.tap(withinBudget({ ...load, processes: 2, prefix: unique() }), (text) =>
        Console.log(`two processes: ${text}`)
      ),
    900_000
  )

  it.live(
    "by Miro's own client, for comparison",
    () => Effect.tap(official({ ...load, processes: 1 }), (text) => Console.log(`@mirohq/miro-api: ${text}`)),
    900_000
  )
})

describe.skipIf(!hasRedis)("the rules in TypeScript and in Lua", () => {
  it.live("agree in 250 random stories of 40 steps", () => agree(250, 40).pipe(Effect.provide(layerRedis())), 600_000)
})

describe("50,000 calls at once, of which Miro refuses one in the middle", () => {
  // Six windows: in the third one, somebody else takes what is left.
  const options = { window: 15, calls: 11_000 }
  const patient = { maxWait: "10 minutes" } as const

  const isInTime = (name: string, most: number) => (result: { readonly ratio: number; readonly text: string }) =>
    Effect.andThen(
      Console.log(`${name}: ${result.text}`),
      Effect.sync(() => assert.isAtMost(result.ratio, most))
    )

  it.live(
    "go in their order, in 1.2 times the time that the budget takes",
    () => Effect.flatMap(throng(options, RateLimit.layerMemory(patient)), isInTime("in memory", 1.2)),
    300_000
  )

  it.live.skipIf(!hasRedis)(
    "by Redis: the same",
    () =>
      throng(
        options,
        RateLimit.layerRedis({ ...patient, prefix: unique() }).pipe(Layer.provide(Layer.fresh(layerRedis())))
      ).pipe(Effect.flatMap(isInTime("by Redis", 1.2))),
    300_000
  )

  it.live.skipIf(!canStartRedis)(
    "by a Redis that is stopped for 20 seconds, and has lost everything: the same, in 1.5 times the time",
    () =>
      Effect.gen(function* () {
        const { port, start, stop } = yield* redisServer
        yield* Effect.forkChild(
          Effect.sleep("25 seconds").pipe(
            Effect.andThen(stop),
            Effect.andThen(Effect.sleep("20 seconds")),
            Effect.andThen(start)
          )
        )
        const result = yield* throng(
          options,
          RateLimit.layerRedis({ ...patient, prefix: unique() }).pipe(Layer.provide(Layer.fresh(layerRedis({ port }))))
        )
        yield* isInTime("by a Redis that is stopped", 1.5)(result)
      }).pipe(Effect.scoped),
    300_000
  )
})
