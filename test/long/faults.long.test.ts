import { describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import * as fuzzing from "../support/fuzzing.ts"
import { processedThenReset, whateverGoesWrong } from "../support/recovery.ts"
import { waitsAsAsked } from "../support/retryAfter.ts"

describe("a server that fails", () => {
  it.live("1,000 times after it processed a request: one creation for a call at most", () => processedThenReset(1000), {
    timeout: 600_000
  })

  it.live(
    "at random, with 20 seeds: nothing is created twice",
    () =>
      Effect.forEach(
        Array.from({ length: 20 }, (_, seed) => seed),
        (seed) => Effect.scoped(whateverGoesWrong(100, seed)),
        { discard: true }
      ),
    1_200_000
  )

  it.effect(
    "and asks for 10,000 different pauses: each is as long as asked, or the call fails at once",
    () => waitsAsAsked(10_000),
    600_000
  )
})

describe("10,000 responses of any kind: a success or a typed error, and no more than 100 MiB", () => {
  it.live.each(fuzzing.paths)(
    "%s",
    ([name, ...path]) =>
      fuzzing
        .leavesNothing(fuzzing.responses(10_000, ...path))
        .pipe(Effect.tap((grown) => Console.log(`${name}: ${grown.toFixed(0)} MiB more`))),
    600_000
  )

  it.live(
    "bytes that once were a response",
    () =>
      fuzzing
        .leavesNothing(fuzzing.bytes(10_000))
        .pipe(Effect.tap((grown) => Console.log(`bytes: ${grown.toFixed(0)} MiB more`))),
    600_000
  )
})
