import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { stores } from "../processes/stores.ts"
import { turmoil } from "../processes/turmoil.ts"

const options = { processes: 4, users: 10, callers: 5, seconds: 60 }

for (const { isAvailable, make, name } of stores) {
  describe.skipIf(!isAvailable)(`4 processes of 50 callers, with tokens for a second: ${name}`, () => {
    it.live(
      "one of them killed every two seconds: no grant is killed",
      () =>
        Effect.gen(function* () {
          const { failures, lost, ...counts } = yield* turmoil(make(), { ...options, trouble: "kill" })
          yield* Console.log(`${name}, killed: ${JSON.stringify({ ...counts, failures: failures.length, lost })}`)
          // A process that is killed between the response and its writing takes the tokens with it, and nobody else.
          assert.isTrue(lost.every((one) => one.endsWith("outcome unknown")))
          assert.isAtMost(lost.length, counts.troubles)
          const others = failures.filter(
            (failure) => failure._tag === "Failure" && failure.reason !== "ReauthorizationRequired"
          )
          assert.deepStrictEqual(others.slice(0, 3), [])
        }),
      300_000
    )

    it.live(
      "one of them stopped for up to 10 seconds again and again: no user is lost",
      () =>
        Effect.gen(function* () {
          const { failures, lost, ...counts } = yield* turmoil(make(), { ...options, trouble: "stop" })
          yield* Console.log(`${name}, stopped: ${JSON.stringify({ ...counts, failures: failures.length, lost })}`)
          assert.deepStrictEqual(lost, [])
        }),
      600_000
    )
  })
}
