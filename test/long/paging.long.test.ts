import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { everyItemOnce } from "../client/pagingFaults.ts"

describe("a list on a bad line", () => {
  it.effect.each(["cursor", "offset", "startIndex"] as const)(
    "gives each of 10,000 items once and in order, by %s, from 1000 seeds",
    (kind) =>
      Effect.gen(function* () {
        let resumed = 0
        for (let seed = 0; seed < 1000; seed++) resumed += yield* everyItemOnce(kind, 10_000, seed)
        assert.isAbove(resumed, 0)
        yield* Console.log(`${kind}: 1000 lists of 200 pages, of which ${resumed} pages failed for good`)
      }),
    3_600_000
  )
})
