import { describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { kills, pauses, race } from "../processes/scenarios.ts"
import { stores } from "../processes/stores.ts"

for (const { isAvailable, make, name } of stores) {
  describe.skipIf(!isAvailable)(`processes that share a storage: ${name}`, () => {
    it.live(
      "8 with 50 callers each over 20 expiries, 10 times: 20 redemptions, no reuse, no failed call",
      () =>
        race(make(), { processes: 8, callers: 50, expiries: 20, repeats: 10 }).pipe(
          Effect.tap(({ calls }) => Console.log(`${name}: ${calls} calls, 200 redemptions`))
        ),
      1_800_000
    )

    it.live("killed 204 times: no broken record, and recovery", () => kills(make(), { perMoment: 34 }), 1_800_000)

    it.live("stopped 108 times: nobody's tokens are overwritten", () => pauses(make(), { perMoment: 9 }), 1_800_000)
  })
}
