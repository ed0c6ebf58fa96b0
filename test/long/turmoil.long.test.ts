import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { stores } from "../processes/stores.ts"
import { turmoil } from "../processes/turmoil.ts"

const options = { processes: 4, users: 10, callers: 5, seconds: 60 }

const report = (what: string, { failures, ...counts }: Effect.Success<ReturnType<typeof turmoil>>) => {
  const kinds: Record<string, number> = {}
  for (const failure of failures) {
    if (failure._tag === "Failure") kinds[failure.reason] = (kinds[failure.reason] ?? 0) + 1
  }
  return Console.log(`${what}: ${JSON.stringify({ ...counts, failures: kinds })}`)
}

for (const { isAvailable, make, name } of stores) {
  describe.skipIf(!isAvailable)(`4 processes of 50 callers, with tokens for a second: ${name}`, () => {
    it.live(
      "one of them killed every two seconds: no user is lost and no call fails, if Miro forgives a repeated refresh",
      () =>
        Effect.gen(function* () {
          const result = yield* turmoil(make(), { ...options, trouble: "kill", reuse: { grace: "5 minutes" } })
          yield* report(`${name}, killed`, result)
          assert.deepStrictEqual(result.lost, [])
          assert.deepStrictEqual(result.failures.slice(0, 3), [])
          // A kill may repeat the refresh of every user, and nothing else repeats one.
          assert.isAtMost(result.repeated, result.troubles * options.users)
        }),
      300_000
    )

    it.live(
      "one of them killed every two seconds: nothing is lost but what was on its way, if Miro does not",
      () =>
        Effect.gen(function* () {
          const result = yield* turmoil(make(), { ...options, trouble: "kill", reuse: "revokeGrant" })
          yield* report(`${name}, killed, Miro strict`, result)
          assert.isTrue(result.lost.every((one) => one.endsWith("outcome unknown")))
          const others = result.failures.filter(
            (failure) => failure._tag === "Failure" && failure.reason !== "ReauthorizationRequired"
          )
          assert.deepStrictEqual(others.slice(0, 3), [])
        }),
      300_000
    )

    it.live(
      "some of them stopped for up to 90 seconds: no user is lost",
      () =>
        Effect.gen(function* () {
          const result = yield* turmoil(make(), { ...options, trouble: "stop", reuse: "reject" })
          yield* report(`${name}, stopped`, result)
          assert.deepStrictEqual(result.lost, [])
        }),
      600_000
    )
  })
}
