import { describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { official, withinBudget } from "../load/scenario.ts"
import { agree } from "../support/rules.ts"
import { hasRedis, layerRedis, unique } from "../support/servers.ts"

// 6,625,000 credits: four windows are full, but for the time before the first begins.
const load = { calls: 10_000, fibers: 64, creditsPerMinute: 1_600_000 }

describe("10,000 calls of mixed levels at 64 fibers", () => {
  it.live(
    "in one process: at most 1 % answered 429, at least 95 % of the budget used, no failure",
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
