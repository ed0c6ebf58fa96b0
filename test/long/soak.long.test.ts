import { assert, describe, it } from "@effect/vitest"
import { Console, Duration, Effect } from "effect"
import { soak } from "../processes/soak.ts"
import { stores } from "../processes/stores.ts"

const duration = Duration.seconds(Number(process.env["MIRO_SOAK_SECONDS"] ?? 600))
const minutes = Duration.toMinutes(duration)

const isShared = (name: string) => name === "SQLite" || name === "Redis"

// Redis where there is one.
const store = stores.findLast(({ isAvailable, name }) => isAvailable && isShared(name)) ?? assert.fail("no storage")

describe(`two processes and 50 users, who share ${store.name} and have tokens for 5 seconds`, () => {
  it.live(
    `keep every grant for ${Duration.format(duration)} on a bad line`,
    () =>
      Effect.gen(function* () {
        const result = yield* soak(store.make(), { processes: 2, users: 50, duration, seed: 1 })
        yield* Console.log(JSON.stringify(result, undefined, 2))
        // A shorter run is for development: most of it is warming up.
        if (minutes < 5) return
        assert.isAtLeast(result.calls, minutes * 10_000)
        assert.isAtLeast(result.refreshes, minutes * 50 * 5)
        for (const { perMinute } of [...result.heap, ...result.rss]) assert.isBelow(perMinute, 1)
      }),
    Duration.toMillis(duration) + 120_000
  )
})
