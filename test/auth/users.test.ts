import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { manyUsers } from "./manyUsers.ts"

it.effect("200 users in one program: nobody gets another's token, and each refreshes once per expiry", () =>
  Effect.gen(function* () {
    const calls = yield* manyUsers({ users: 40, fibers: 10, calls: 3, expiries: 3 })
    assert.isAtLeast(calls, 3000)
  })
)
