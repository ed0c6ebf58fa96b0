import { assert } from "@effect/vitest"
import { Duration, Effect, Fiber, Random, Result } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { Boards } from "effect-miro"
import * as http from "./http.ts"
import * as payloads from "./payloads.ts"
import { forAll } from "./property.ts"

const now = 1_779_259_160_500
const second = Math.floor(now / 1000)

interface Asked {
  readonly name: string
  readonly value: string
  /** The milliseconds that it asks for, if it makes any sense. */
  readonly wait?: number
}

const seconds = fc.oneof(
  fc.integer({ min: 0, max: 70 }),
  fc.integer({ min: 0, max: 1_000_000_000 }),
  fc.constantFrom(2 ** 31, 2 ** 53, 1e21)
)

const dates = fc.oneof(
  fc.integer({ min: second - 100, max: second + 100 }),
  fc.integer({ min: 1_000_000_001, max: 4_000_000_000 })
)

const deltas = fc.oneof(
  fc.integer({ min: 0, max: 70 }),
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.double({ min: 0, max: 100, noNaN: true })
)

const garbage = fc.oneof(
  fc.constantFrom("", "NaN", "-1", "-0.5", "+5", "1e3", "1e300", "-1e300", "0x10", "Infinity", "-Infinity", "5, 7"),
  fc.constantFrom("soon", "GMT, 45", "undefined", "null", "Thu, 32 Jan 2026 00:00:00 GMT", "1.5.2", "12:30"),
  fc.stringMatching(/^[!-~]{1,12}$/),
  fc.double().map(String)
)

const retryAfter: fc.Arbitrary<Asked & { readonly wait: number }> = fc
  .oneof(
    fc.nat(70_000).map((millis) => ({ value: (millis / 1000).toFixed(3), wait: millis })),
    dates.map((date) => ({ value: new Date(date * 1000).toUTCString(), wait: Math.max(0, date * 1000 - now) })),
    dates.map((date) => ({ value: new Date(date * 1000).toISOString(), wait: Math.max(0, date * 1000 - now) })),
    fc
      .integer({ min: second - 100, max: second + 100 })
      .map((date) => ({ value: String(date), wait: Math.max(0, date * 1000 - now) }))
  )
  .map((asked) => ({ name: "retry-after", ...asked }))

const asked: fc.Arbitrary<Asked> = fc.oneof(
  retryAfter,
  fc.array(retryAfter, { minLength: 2, maxLength: 3 }).map((several) => ({
    name: "retry-after",
    value: several.map(({ value }) => value).join(", "),
    wait: Math.max(...several.map(({ wait }) => wait))
  })),
  seconds.map((seconds) => ({ name: "retry-after", value: String(BigInt(seconds)), wait: seconds * 1000 })),
  deltas.map((delta) => ({ name: "x-ratelimit-reset", value: String(delta), wait: delta * 1000 })),
  dates.map((date) => ({ name: "x-ratelimit-reset", value: String(date), wait: Math.max(0, date * 1000 - now) })),
  dates.map((date) => ({
    name: "x-ratelimit-reset",
    value: String(date * 1000),
    wait: Math.max(0, date * 1000 - now)
  })),
  fc.record({ name: fc.constantFrom("retry-after", "x-ratelimit-reset"), value: garbage })
)

/** A call waits for as long as a header asks, and for no longer than a minute; or it fails at once, and says how long. */
export const waitsAsAsked = (runs: number) => {
  let waited = 0
  let failed = 0
  let headers: Record<string, string> = {}
  return Effect.gen(function* () {
    const { sent } = yield* http.Wire
    yield* forAll(fc.record({ asked, seed: fc.integer() }), runs, ({ asked: { name, value, wait }, seed }) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        headers = { [name]: value }
        const from = sent.length
        const fiber = yield* Effect.forkChild(Effect.result(Random.withSeed(Boards.get({ boardId: "b" }), seed)))
        yield* Effect.repeat(Effect.yieldNow, { times: 30 })
        if (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("1 minute")
        const result = yield* Fiber.join(fiber)
        const [first, second] = sent.slice(from)
        if (Result.isSuccess(result)) {
          const pause = (second?.at ?? Number.NaN) - (first?.at ?? Number.NaN)
          // As far as doubles can tell.
          assert.isAtLeast(pause, Math.max(500, wait ?? 0) - 0.001)
          assert.isAtMost(pause, 60_000)
          waited++
        } else {
          assert.isUndefined(second)
          assert.strictEqual(result.failure.reason._tag, "RateLimited")
          const told = Duration.toMillis(result.failure.retryAfter ?? Duration.zero)
          assert.isTrue(Number.isFinite(told))
          assert.isAbove(told, 60_000)
          if (wait !== undefined) assert.isAtLeast(told, Math.min(wait, Number.MAX_SAFE_INTEGER))
          failed++
        }
      })
    )
    // Both happen often enough to show something.
    assert.isAbove(waited, runs / 5)
    assert.isAbove(failed, runs / 5)
  }).pipe(http.wired(({ at }) => (at === now ? http.status(429, headers) : http.json(payloads.board))))
}
