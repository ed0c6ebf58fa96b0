import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { manyUsers } from "./manyUsers.ts"

it.effect(
  "20 users in one program: nobody gets another's token, and each refreshes once per expiry",
  () =>
    Effect.gen(function* () {
      const requests = yield* manyUsers({ users: 20, fibers: 10, calls: 5, expiries: 4 })
      assert.isAtLeast(requests, 4000)
    }),
  120_000
)
