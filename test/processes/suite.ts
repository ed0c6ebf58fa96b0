import { describe, it } from "@effect/vitest"
import { kills, pauses, race, standstill, termination } from "./scenarios.ts"
import { type Store, storeOf } from "./stores.ts"

/** What processes go through that share one storage: a file of its own for each, so that they run side by side. */
export const suite = (kind: Store["kind"]): void => {
  const { isAvailable, make, name } = storeOf(kind)
  describe.skipIf(!isAvailable)(`processes that share a storage: ${name}`, () => {
    it.live(
      "refresh once for each expiry, and no call of anyone fails",
      () => race(make(), { processes: 4, callers: 10, expiries: 4, repeats: 1 }),
      60_000
    )

    it.live(
      "that are killed in a refresh leave whole records, and others recover or say that nobody knows",
      () => kills(make(), { perMoment: 1 }),
      60_000
    )

    it.live("that are told to end by SIGTERM in a refresh store what it gets first", () => termination(make()), 30_000)

    it.live(
      "that are stopped for longer than the deadline of a refresh take the response that has arrived",
      () => standstill(make()),
      30_000
    )

    it.live(
      "that are stopped in a refresh and go on later overwrite nobody's tokens",
      () => pauses(make(), { perMoment: 1, moments: ["intent", "responded"] }),
      60_000
    )
  })
}
