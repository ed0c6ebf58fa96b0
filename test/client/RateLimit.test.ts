import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Fiber, Layer, Metric, Option, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import { AccessToken, Boards, MiroClient, Operation, RateLimit, Retry, Tokens } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import * as Budget from "../../src/client/rateLimit/budget.ts"
import * as Limiter from "../../src/client/rateLimit/limiter.ts"
import { emptyTally, layerTally, mixed, usage } from "../load/load.ts"
import * as http from "../support/http.ts"
import * as payloads from "../support/payloads.ts"
import { forAll } from "../support/property.ts"

/** The beginning of one of Miro's minutes. */
const minute = 1_780_000_020_000

/** Lets the clock go on in small steps until the effect has ended. */
const inSteps = <A, E, R>(self: Effect.Effect<A, E, R>, step: Duration.Input = "20 millis") =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(self)
    while (fiber.pollUnsafe() === undefined) {
      yield* Effect.yieldNow
      yield* TestClock.adjust(step)
    }
    return yield* Fiber.join(fiber)
  })

/** A program that begins 20 seconds into a minute. */
const limited =
  (options?: RateLimit.Options) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.andThen(TestClock.setTime(minute + 20_000), self).pipe(
      Effect.provide(RateLimit.layerMemory(options)),
      // After a second in which a crowd was not done, the clock would go on without it.
      Effect.provide(TestClock.layer({ warningDelay: "1 minute" }))
    )

type Said = Partial<RateLimit.Observation> & {
  readonly remaining?: number
  readonly reset?: number
  readonly limit?: number
  readonly date?: number
}

const responseOf = ({ date, limit, remaining, reset, retryAfter, status = 200 }: Said): RateLimit.Observation => ({
  status,
  retryAfter,
  budget: {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(reset !== undefined && { reset }),
    ...(date !== undefined && { date })
  }
})

const acquire = (credits: number) => Effect.flatMap(RateLimit.RateLimit, (limit) => limit.acquire(credits))

/** Sends a request that gets this response at once. Gives when it was sent. */
const spend = (credits: number, said: Said = {}) =>
  Effect.gen(function* () {
    const permit = yield* acquire(credits)
    const at = yield* Clock.currentTimeMillis
    yield* permit.observe(responseOf(said))
    return at
  }).pipe(Effect.scoped)

const left = Effect.map(RateLimit.remaining, Option.getOrThrow)

/** The second of the end of the n-th minute. */
const end = (minutes = 1) => minute / 1000 + 60 * minutes

const isWaiting = (fiber: Fiber.Fiber<unknown, unknown>) => fiber.pollUnsafe() === undefined

/** Lets everybody run who can without the clock. */
const settled = Effect.repeat(Effect.yieldNow, { times: 50 })

const start = <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.tap(Effect.forkChild(self), () => settled)

describe("RateLimit.layerMemory", () => {
  it.effect("sends 480 mixed calls at 32 fibers without one 429, and uses the budget", () => {
    const tally = emptyTally()
    return Effect.gen(function* () {
      yield* TestClock.setTime(minute + 20_000)
      yield* inSteps(mixed(tally, { calls: 480, fibers: 32 }), "50 millis")
      assert.deepStrictEqual(tally.failures, [])
      assert.strictEqual(tally.refused, 0)
      assert.strictEqual(tally.responses, 481)
      const shares = usage(tally, 100_000)
      assert.isAtLeast(shares.length, 2)
      for (const share of shares) assert.isAtLeast(share, 0.95)
    }).pipe(
      Effect.provide(
        MiroClient.layer().pipe(
          Layer.provide(layerTally(tally)),
          Layer.provide(MiroSandbox.layerHttpClient),
          Layer.provide(AccessToken.layer(Redacted.make("sandbox-token"))),
          Layer.merge(RateLimit.layerMemory())
        )
      )
    )
  })

  it.effect("lets a call wait for the reset that Miro told, to the millisecond at the least", () =>
    Effect.gen(function* () {
      yield* spend(100_000, { limit: 100_000, remaining: 0, reset: end() })
      const waiting = yield* start(spend(50))
      yield* TestClock.setTime(minute + 59_999)
      yield* settled
      assert.isTrue(isWaiting(waiting))
      assert.strictEqual(yield* left, 0)
      const at = yield* inSteps(Fiber.join(waiting))
      assert.isAtLeast(at, minute + 60_000)
      assert.isAtMost(at, minute + 60_200)
    }).pipe(limited())
  )

  it.effect("goes by what Miro says it gives, more or less than the 100,000 it says in the docs", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* left, 100_000)
      yield* spend(50, { limit: 10_000, remaining: 9_950, reset: end() })
      assert.deepStrictEqual(yield* left, 9_950)
      yield* TestClock.setTime(minute + 60_000)
      yield* spend(50, { limit: 2_000_000, remaining: 1_999_950, reset: end(2) })
      assert.deepStrictEqual(yield* left, 1_999_950)
      yield* spend(150_000)
    }).pipe(limited())
  )

  it.effect("sees what others spend for the same user and app", () =>
    Effect.gen(function* () {
      yield* spend(50, { limit: 100_000, remaining: 700, reset: end() })
      assert.strictEqual(yield* left, 700)
      yield* spend(500, { remaining: 200, reset: end() })
      const waiting = yield* start(spend(500))
      assert.isTrue(isWaiting(waiting))
      assert.isAtLeast(yield* inSteps(Fiber.join(waiting)), minute + 60_000)
    }).pipe(limited())
  )

  it.effect("keeps within a limit that leaves some to other programs", () =>
    Effect.gen(function* () {
      yield* spend(600, { limit: 100_000, remaining: 99_400, reset: end() })
      assert.strictEqual(yield* left, 400)
      const waiting = yield* start(spend(500))
      assert.isTrue(isWaiting(waiting))
      yield* inSteps(Fiber.join(waiting))
    }).pipe(limited({ limit: 1_000 }))
  )

  it.effect("counts each user, and none of them twice", () =>
    Effect.gen(function* () {
      yield* spend(900).pipe(MiroClient.as("anna"))
      yield* spend(900).pipe(MiroClient.as("ben"))
      assert.strictEqual(yield* MiroClient.as(left, "anna"), 100)
      assert.strictEqual(yield* MiroClient.as(left, "cleo"), 1_000)
    }).pipe(limited({ limit: 1_000 }))
  )

  it.effect.each([3, 5, 10])("follows resets that are %i seconds apart and not a minute", (length) =>
    Effect.gen(function* () {
      let resetAt = 0
      for (let windows = 0; windows < 5; windows++) {
        const permit = yield* inSteps(acquire(50))
        const at = yield* Clock.currentTimeMillis
        assert.isAtLeast(at, resetAt)
        if (resetAt > 0) assert.isAtMost(at, resetAt + 200)
        const late = yield* acquire(50)
        const reset = (Math.floor(at / 1000 / length) + 1) * length
        yield* permit.observe(responseOf({ limit: 100, remaining: 0, reset }))
        yield* late.observe(responseOf({ limit: 100, remaining: 0, reset, status: 429 }))
        resetAt = reset * 1000
      }
    }).pipe(Effect.scoped, limited())
  )

  describe("responses that come out of order", () => {
    /** Requests that are all on their way. */
    const sent = (...costs: ReadonlyArray<number>) => Effect.forEach(costs, acquire)

    it.effect("count once: an old number that is higher gives nothing back", () =>
      Effect.gen(function* () {
        const [first, second] = yield* sent(500, 500)
        // Others have spent 600 of 2,000.
        yield* second.observe(responseOf({ limit: 2_000, remaining: 400, reset: end() }))
        assert.strictEqual(yield* left, 0)
        yield* first.observe(responseOf({ limit: 2_000, remaining: 900, reset: end() }))
        assert.strictEqual(yield* left, 400)
      }).pipe(Effect.scoped, limited())
    )

    it.effect("are taken off while they are on their way, and no longer", () =>
      Effect.gen(function* () {
        const permits = yield* sent(500, 500, 500)
        const others = 400
        for (const [index, permit] of permits.entries()) {
          const remaining = 5_000 - others - 500 * (index + 1)
          yield* permit.observe(responseOf({ limit: 5_000, remaining, reset: end() }))
        }
        assert.strictEqual(yield* left, 5_000 - others - 1_500)
      }).pipe(Effect.scoped, limited())
    )

    it.effect("say nothing of this window when they are of the last one", () =>
      Effect.gen(function* () {
        yield* spend(50, { limit: 2_000, remaining: 1_950, reset: end() })
        const [late] = yield* sent(500)
        yield* TestClock.setTime(minute + 61_000)
        yield* spend(50, { limit: 2_000, remaining: 1_950, reset: end(2) })
        assert.strictEqual(yield* left, 1_450)
        yield* late.observe(responseOf({ limit: 2_000, remaining: 0, reset: end() }))
        assert.strictEqual(yield* left, 1_950)
      }).pipe(Effect.scoped, limited())
    )

    it.effect("count in the window that Miro counted them in", () =>
      Effect.gen(function* () {
        yield* spend(50, { limit: 2_000, remaining: 1_950, reset: end() })
        const [late] = yield* sent(500)
        yield* TestClock.setTime(minute + 60_001)
        yield* late.observe(responseOf({ limit: 2_000, remaining: 1_500, reset: end(2) }))
        assert.strictEqual(yield* left, 1_500)
      }).pipe(Effect.scoped, limited())
    )

    it.effect("open a new window when they tell its reset before the clock does", () =>
      Effect.gen(function* () {
        const [early] = yield* sent(500)
        yield* spend(1_500, { limit: 2_000, remaining: 0, reset: end() })
        const waiting = yield* start(spend(500))
        yield* TestClock.setTime(minute + 59_900)
        assert.isTrue(isWaiting(waiting))
        yield* early.observe(responseOf({ limit: 2_000, remaining: 1_500, reset: end(2) }))
        yield* settled
        assert.isFalse(isWaiting(waiting))
        assert.strictEqual(yield* left, 1_000)
      }).pipe(Effect.scoped, limited())
    )
  })

  describe("a 429", () => {
    const cases: ReadonlyArray<readonly [name: string, said: Said, until: number]> = [
      ["with a reset", { reset: end() }, minute + 60_000],
      ["with Retry-After", { retryAfter: Duration.seconds(7) }, minute + 27_000],
      ["with both", { retryAfter: Duration.seconds(7), reset: end() }, minute + 60_000],
      ["with a Retry-After beyond the reset", { retryAfter: Duration.seconds(90), reset: end() }, minute + 110_000],
      ["with neither, a minute after the first request", {}, minute + 80_000],
      ["with seconds instead of a time", { reset: 11 }, minute + 31_000],
      ["with a reset that is over", { reset: end(-5) }, minute + 80_000],
      ["with an absurd Retry-After, for five minutes", { retryAfter: Duration.days(9) }, minute + 320_000]
    ]
    it.effect.each(cases)("holds back all that follows: %s", ([, said, until]) =>
      Effect.gen(function* () {
        yield* spend(50, { ...said, status: 429, limit: 100_000, remaining: 40 })
        assert.strictEqual(yield* left, 0)
        const waiting = yield* start(Effect.all([spend(50), spend(2000), spend(50)], { concurrency: 3 }))
        const times = yield* inSteps(Fiber.join(waiting))
        assert.isAtLeast(Math.min(...times), until)
        assert.isAtMost(Math.max(...times), until + 600)
      }).pipe(limited({ maxWait: "10 minutes" }))
    )

    it.effect("of a window that is over holds back nothing in this one", () =>
      Effect.gen(function* () {
        yield* spend(50, { limit: 2_000, remaining: 1_950, reset: end() })
        const late = yield* acquire(50)
        yield* TestClock.setTime(minute + 61_000)
        yield* late.observe(responseOf({ status: 429, remaining: 0, reset: end() }))
        assert.strictEqual(yield* left, 2_000)
      }).pipe(Effect.scoped, limited())
    )

    it.effect("right after a reset, from a clock that is behind, costs half a second and not a minute", () =>
      Effect.gen(function* () {
        yield* spend(50, { limit: 2_000, remaining: 1_950, reset: end() })
        yield* TestClock.setTime(minute + 60_001)
        yield* spend(50, { status: 429, remaining: 0, reset: end() })
        const at = yield* inSteps(spend(50))
        assert.isAtLeast(at, minute + 60_500)
        assert.isAtMost(at, minute + 60_700)
      }).pipe(limited())
    )
  })

  it.effect.each([
    ["2.5", 2_500],
    ["3.0", 3_000],
    [" 3 ", 3_000],
    ["3, 5", 5_000],
    ["2,5", 5_000],
    ["2026-05-28T20:27:25Z", 5_000],
    ["Thu, 28 May 2026 20:27:25 GMT", 5_000],
    ["Thu, 28 May 2026 20:27:25 GMT, 3", 5_000],
    [String(minute / 1000 + 25), 5_000],
    ["Thu, 28 May 2026 20:27:00 GMT", 500],
    ["0", 500]
  ] as const)("repeats a call after what %j asks for, and hardly later", ([header, pause]) =>
    Effect.gen(function* () {
      yield* inSteps(Boards.get({ boardId: "b" }))
      const [first, second] = (yield* http.Wire).sent
      const waited = (second?.at ?? Number.NaN) - (first?.at ?? Number.NaN)
      assert.isAtLeast(waited, pause)
      assert.isAtMost(waited, pause * 1.25 + 150)
    }).pipe(limited(), http.replying(http.status(429, { "retry-after": header }), http.json(payloads.board)))
  )

  it.effect("repeats a call no sooner than in a minute when Miro names a reset that is long over, or none", () =>
    Effect.forEach([{ "x-ratelimit-reset": String(end(-5)) }, {}], (headers) =>
      Effect.gen(function* () {
        yield* inSteps(Boards.get({ boardId: "b" }))
        const [first, second] = (yield* http.Wire).sent
        assert.isAtLeast((second?.at ?? Number.NaN) - (first?.at ?? Number.NaN), 60_000)
      }).pipe(limited(), http.replying(http.status(429, headers), http.json(payloads.board)))
    )
  )

  describe("when the clock is set back an hour", () => {
    const setBack = Effect.flatMap(Clock.currentTimeMillis, (now) => TestClock.setTime(now - 3_600_000))

    it.effect.each([
      ["a pause that Miro asked for", { status: 429, retryAfter: Duration.seconds(7) }, 7],
      ["a reset that Miro told", { status: 429, reset: end() }, 40],
      ["a budget that is spent", { limit: 1_000, remaining: 0, reset: end() }, 40],
      ["a pause that nobody told", { status: 429 }, 60]
    ] as const)("%s is no longer than it was", ([, said, seconds]) =>
      Effect.gen(function* () {
        yield* spend(1_000, said)
        yield* setBack
        const now = yield* Clock.currentTimeMillis
        const at = yield* inSteps(spend(50))
        assert.isAtLeast(at - now, seconds * 1_000)
        assert.isAtMost(at - now, seconds * 1_000 + 200)
      }).pipe(limited())
    )

    it.effect("a request waits no longer than it may", () =>
      Effect.gen(function* () {
        yield* spend(1_000, { status: 429, retryAfter: Duration.minutes(4) })
        yield* setBack
        const reason = yield* Effect.flip(spend(50))
        assert.deepInclude(reason, { _tag: "CreditsSpent", retryAfter: Duration.minutes(4) })
      }).pipe(limited({ maxWait: "3 minutes" }))
    )

    it.effect("those that were sent before count as they did", () =>
      Effect.gen(function* () {
        const permit = yield* acquire(400)
        yield* spend(50, { limit: 1_000, remaining: 950, reset: end() })
        yield* setBack
        assert.strictEqual(yield* left, 550)
        const date = (yield* Clock.currentTimeMillis) / 1000 + 3600
        yield* permit.observe(responseOf({ limit: 1_000, remaining: 500, reset: end(), date }))
        assert.strictEqual(yield* left, 500)
        yield* TestClock.adjust("41 seconds")
        assert.strictEqual(yield* left, 1_000)
      }).pipe(Effect.scoped, limited())
    )
  })

  describe("with a clock that is not Miro's", () => {
    /** The second that it is at Miro. */
    const second = (ahead: number) => Effect.map(Clock.currentTimeMillis, (now) => Math.floor(now / 1000 + ahead))

    /** Sends a request that spends all there is. Gives when it was sent, and when there is more, by this clock. */
    const spendAll = (ahead: number) =>
      Effect.gen(function* () {
        const permit = yield* acquire(1_000)
        const at = yield* Clock.currentTimeMillis
        const date = yield* second(ahead)
        const reset = (Math.floor(date / 60) + 1) * 60
        yield* permit.observe(responseOf({ limit: 1_000, remaining: 0, reset, date }))
        return { at, resetAt: (reset - ahead) * 1_000 }
      }).pipe(Effect.scoped)

    it.effect.each([-86_400, -90, -30, -4.2, 0, 0.9, 4.2, 30, 90, 86_400])(
      "which is %d seconds behind, waits for Miro's reset and hardly longer",
      (ahead) =>
        Effect.gen(function* () {
          let { resetAt } = yield* spendAll(ahead)
          for (let minutes = 0; minutes < 5; minutes++) {
            const next = yield* inSteps(spendAll(ahead))
            assert.isAtLeast(next.at, resetAt)
            assert.isAtMost(next.at, resetAt + 1_200)
            resetAt = next.resetAt
          }
        }).pipe(limited())
    )

    it.effect("learns of one that is set, and does not take a slow response for one", () =>
      Effect.gen(function* () {
        const slow = yield* acquire(50)
        const date = yield* second(0)
        yield* TestClock.adjust("20 seconds")
        yield* slow.observe(responseOf({ limit: 1_000, remaining: 10, reset: end(), date }))
        const first = yield* inSteps(spend(50))
        assert.isAtLeast(first, minute + 60_000)
        assert.isAtMost(first, minute + 60_200)
        yield* spend(50, { remaining: 10, reset: end(2) + 600, date: yield* second(600) })
        const other = yield* inSteps(spend(50))
        assert.isAtLeast(other, minute + 120_000)
        assert.isAtMost(other, minute + 121_200)
      }).pipe(Effect.scoped, limited())
    )
  })

  it.effect("is not broken by any header: the count stays in its bounds, and nobody waits for ever", () => {
    const number = fc.oneof(
      fc.double(),
      fc.integer({ min: -10, max: 200 }),
      fc.integer({ min: end(-3), max: end(3) }),
      fc.constantFrom(0, -0, -1, 1e300, -1e300, Infinity, NaN, 2 ** 53, 1e9, 1e12)
    )
    const said = fc.record(
      {
        status: fc.constantFrom(200, 404, 429, 503),
        limit: number,
        remaining: number,
        reset: number,
        date: number,
        retryAfter: fc.integer({ min: 0, max: 1e12 }).map(Duration.millis)
      },
      { requiredKeys: [] }
    )
    const request = fc.record({ credits: fc.constantFrom(50, 100, 500, 1000), said, pause: fc.nat(30_000) })
    return forAll(fc.array(request, { minLength: 1, maxLength: 8 }), 30, (requests) =>
      Effect.gen(function* () {
        for (const { credits, pause, said } of requests) {
          const began = yield* Clock.currentTimeMillis
          const at = yield* http.inTime(spend(credits, said))
          assert.isAtMost(at - began, 310_000)
          const remaining = yield* left
          assert.isTrue(remaining >= 0 && remaining <= 2_000, `${remaining} left`)
          yield* TestClock.adjust(pause)
        }
      }).pipe(limited({ limit: 2_000, maxWait: "1 hour" }))
    )
  })

  it.effect("refuses a call that is dearer than a whole budget", () =>
    Effect.gen(function* () {
      const reason = yield* Effect.flip(Effect.scoped(acquire(100_001)))
      assert.strictEqual(reason._tag, "InvalidInput")
      assert.strictEqual(reason.message, "invalid input: costs 100001 credits, and a minute has no more than 100000")
    }).pipe(limited())
  )

  it.effect("lets a call that is dearer than Miro says at once go alone, so that Miro decides", () =>
    Effect.gen(function* () {
      yield* spend(50, { limit: 300, remaining: 250, reset: end() })
      assert.isAtLeast(yield* inSteps(spend(500)), minute + 60_000)
    }).pipe(limited())
  )

  describe("who waits", () => {
    const exhausted = spend(1_000, { limit: 1_000, remaining: 0, reset: end() })

    it.effect("goes in the order of coming, the expensive before the cheap ones behind it", () =>
      Effect.gen(function* () {
        yield* exhausted
        const order: Array<number> = []
        const costs = [900, 50, 800, 50, 50]
        const fibers = yield* Effect.forEach(costs, (credits, index) =>
          start(
            Effect.andThen(
              spend(credits),
              Effect.sync(() => order.push(index))
            )
          )
        )
        yield* inSteps(Fiber.joinAll(fibers))
        assert.deepStrictEqual(order, [0, 1, 2, 3, 4])
      }).pipe(limited())
    )

    it.effect("gives place and credits back at once when interrupted, wherever in the queue", () =>
      Effect.gen(function* () {
        yield* spend(950, { limit: 1_000, remaining: 50, reset: end() })
        const fibers = yield* Effect.forEach([900, 800, 50], (credits) => start(spend(credits)))
        yield* Fiber.interrupt(fibers[1])
        yield* Fiber.interrupt(fibers[0])
        yield* settled
        assert.isTrue(Exit.isSuccess(yield* Fiber.await(fibers[2])))
        assert.strictEqual(yield* Clock.currentTimeMillis, minute + 20_000)
        assert.strictEqual(yield* left, 0)
        yield* TestClock.setTime(minute + 60_000)
        assert.strictEqual(yield* left, 1_000)
      }).pipe(limited())
    )

    it.effect("is told so at once if it were to wait for too long, and how long", () =>
      Effect.gen(function* () {
        yield* exhausted
        const fibers = yield* Effect.forEach([1_000, 1_000], (credits) => start(spend(credits)))
        const reason = yield* Effect.flip(spend(50))
        assert.deepInclude(reason, { _tag: "CreditsSpent", credits: 50, retryAfter: Duration.seconds(160) })
        assert.strictEqual(yield* Clock.currentTimeMillis, minute + 20_000)
        yield* inSteps(Fiber.joinAll(fibers))
      }).pipe(limited({ maxWait: "150 seconds" }))
    )

    it.effect("waits no longer than it may, if that could not be known before", () =>
      Effect.gen(function* () {
        const permit = yield* acquire(1_000)
        const waiting = yield* start(Effect.flip(spend(500)))
        const reason = yield* inSteps(Fiber.join(waiting))
        assert.strictEqual(reason._tag, "CreditsSpent")
        assert.isAtMost(yield* Clock.currentTimeMillis, minute + 30_100)
        yield* permit.observe(responseOf({}))
      }).pipe(Effect.scoped, limited({ limit: 1_000, maxWait: "10 seconds" }))
    )

    it.effect("is not sent late because the budget was slow to those before", () =>
      Effect.gen(function* () {
        const slow = Budget.make(100_000)
        const limiter = Limiter.make(
          {
            take: (user, credits) => Effect.delay(slow.take(user, credits), "6 seconds"),
            remaining: slow.remaining
          },
          { maxWait: "10 seconds" }
        )
        const fibers = yield* Effect.forEach([50, 50, 50], (credits) => start(Effect.exit(limiter.acquire(credits))))
        yield* TestClock.adjust("30 seconds")
        const exits = yield* Effect.forEach(fibers, Fiber.join)
        assert.deepStrictEqual(
          exits.map((exit) => exit._tag),
          ["Success", "Success", "Failure"]
        )
      }).pipe(Effect.scoped)
    )

    it.effect("goes on as soon as responses show that there is enough", () =>
      Effect.gen(function* () {
        const [first, second] = yield* Effect.all([acquire(500), acquire(500)])
        yield* second.observe(responseOf({ limit: 2_000, remaining: 1_000, reset: end() }))
        const waiting = yield* start(spend(900))
        assert.isTrue(isWaiting(waiting))
        yield* first.observe(responseOf({ limit: 2_000, remaining: 1_500, reset: end() }))
        yield* settled
        assert.isFalse(isWaiting(waiting))
      }).pipe(Effect.scoped, limited())
    )

    it.effect.each([1, 7, 10, 64, 500, 3000])(
      "is at most a tenth of %i in any 100 milliseconds after a reset",
      (count) =>
        Effect.gen(function* () {
          yield* spend(100_000, { limit: 100_000, remaining: 0, reset: end() })
          const waiting = yield* start(
            Effect.forEach(Array.from({ length: count }), () => spend(10), { concurrency: "unbounded" })
          )
          yield* TestClock.setTime(minute + 59_990)
          const times = yield* inSteps(Fiber.join(waiting), "1 millis")
          assert.isAtLeast(times[0] ?? 0, minute + 60_000)
          for (const at of times) {
            const group = times.filter((other) => other >= at && other <= at + 100)
            assert.isAtMost(group.length, Math.max(1, count / 10))
          }
          assert.isAtMost((times.at(-1) ?? 0) - minute, 62_500)
        }).pipe(limited())
    )
  })

  describe("a crowd", () => {
    const count = 5_000

    /** Requests that all come now. What becomes of each is noted in the order in which it does. */
    const crowd = (size: number, said: (index: number) => Said = () => ({})) =>
      Effect.gen(function* () {
        const sent: Array<number> = []
        const spent: Array<number> = []
        const fibers = yield* Effect.forEach(Array.from({ length: size }).keys(), (index) =>
          Effect.forkChild(
            Effect.matchEffect(acquire(50), {
              onFailure: ({ _tag }) => Effect.sync(() => (_tag === "CreditsSpent" ? spent.push(index) : 0)),
              onSuccess: (permit) => {
                sent.push(index)
                return permit.observe(responseOf(said(index)))
              }
            }).pipe(Effect.scoped),
            { startImmediately: true }
          )
        )
        return { sent, spent, fibers, all: Effect.asVoid(Fiber.awaitAll(fibers)) }
      })

    /** Says only where they differ: a list of all would be of no use. */
    const isOrder = (actual: ReadonlyArray<number>, expected: ReadonlyArray<number>) => {
      const at = actual.findIndex((index, place) => index !== expected[place])
      if (at !== -1) assert.fail(`place ${at} has ${actual[at]} and not ${expected[at]}`)
      assert.strictEqual(actual.length, expected.length)
    }

    const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

    const seconds = Effect.map(Clock.currentTimeMillis, (now) => (now - minute) / 1000)

    const pause = (seconds: number) => spend(50, { status: 429, retryAfter: Duration.seconds(seconds) })

    const vast = limited({ limit: 100_000_000 })

    it.effect("goes in the order of coming, though Miro responds 429 in the middle of it", () =>
      Effect.gen(function* () {
        yield* pause(1)
        const { all, sent, spent } = yield* crowd(count, (index) =>
          index === count / 2 ? { status: 429, retryAfter: Duration.seconds(90) } : {}
        )
        yield* inSteps(all)
        isOrder(sent, numbers(0, count))
        assert.deepStrictEqual(spent, [])
        // 91 seconds of pauses, and after each a second in which they go.
        assert.isAtMost(yield* seconds, 20 + 91 + 3)
      }).pipe(vast)
    )

    it.effect("is refused at once, all of it, when a pause turns out to be longer than it may wait", () =>
      Effect.gen(function* () {
        yield* pause(1)
        const { all, sent, spent } = yield* crowd(count, (index) =>
          index === 0 ? { status: 429, retryAfter: Duration.minutes(5) } : {}
        )
        yield* inSteps(all)
        assert.deepStrictEqual(sent, [0])
        isOrder(spent, numbers(1, count))
        assert.isAtMost(yield* seconds, 22)
        const reason = yield* Effect.flip(spend(50))
        assert.isTrue(reason._tag === "CreditsSpent" && Duration.toSeconds(reason.retryAfter) > 290)
        yield* TestClock.adjust("5 minutes")
        yield* spend(50)
      }).pipe(limited({ limit: 100_000_000, maxWait: "2 minutes" }))
    )

    it.effect("waits no longer than it may for credits that never come", () =>
      Effect.gen(function* () {
        const [lost, received] = yield* Effect.all([acquire(500), acquire(500)])
        yield* received.observe(responseOf({ limit: 100_000_000, remaining: 540, reset: end() }))
        const { all, sent, spent } = yield* crowd(count)
        yield* TestClock.adjust("9900 millis")
        assert.deepStrictEqual(spent, [])
        yield* TestClock.adjust("200 millis")
        // No time goes on here.
        yield* all
        isOrder(spent, numbers(0, count))
        assert.deepStrictEqual(sent, [])
        assert.isAtMost(yield* seconds, 30.1)
        yield* lost.release
      }).pipe(Effect.scoped, limited({ maxWait: "10 seconds" }))
    )

    it.effect("loses whoever is interrupted, the first, the last or those between, and nobody else", () =>
      Effect.gen(function* () {
        yield* pause(30)
        const { all, fibers, sent } = yield* crowd(count)
        const isGone = (index: number) => index % 7 === 0 || index === count - 1
        for (const [index, fiber] of fibers.entries()) if (isGone(index)) yield* Fiber.interrupt(fiber)
        assert.strictEqual(yield* seconds, 20)
        yield* inSteps(all)
        isOrder(
          sent,
          numbers(0, count).filter((index) => !isGone(index))
        )
      }).pipe(vast)
    )

    it.effect("can be interrupted as a whole, waiting or on its way, and nothing is left of it", () =>
      Effect.gen(function* () {
        yield* pause(1)
        const { fibers, sent } = yield* crowd(count)
        yield* TestClock.adjust("1500 millis")
        assert.isTrue(sent.length > 100 && sent.length < count)
        yield* Fiber.interruptAll(fibers)
        const before = sent.length
        assert.isAtMost(yield* seconds, 21.5)
        yield* spend(50)
        assert.strictEqual(sent.length, before)
        assert.strictEqual(yield* left, 100_000_000 - 50 * (before + 1))
      }).pipe(vast)
    )

    it.effect("of one user holds up no other", () =>
      Effect.gen(function* () {
        yield* MiroClient.as(pause(60), "anna")
        const { fibers } = yield* MiroClient.as(crowd(count), "anna")
        const ben = yield* MiroClient.as(crowd(100), "ben")
        yield* ben.all
        isOrder(ben.sent, numbers(0, 100))
        assert.strictEqual(yield* seconds, 20)
        yield* Fiber.interruptAll(fibers)
      }).pipe(vast)
    )

    it.effect("fails at once, all of it, if asked to", () =>
      Effect.gen(function* () {
        yield* pause(60)
        const { all, sent, spent } = yield* crowd(count)
        yield* all
        assert.deepStrictEqual(sent, [])
        isOrder(spent, numbers(0, count))
        assert.strictEqual(yield* seconds, 20)
      }).pipe(limited({ limit: 100_000_000, onExceeded: "fail" }))
    )
  })

  it.effect("lets each user's first request go at its own moment after a reset", () =>
    Effect.gen(function* () {
      const users = Array.from({ length: 20 }, (_, index) => `${index}`)
      yield* Effect.forEach(users, (user) => MiroClient.as(spend(1_000, { reset: end() }), user))
      const waiting = yield* start(
        Effect.forEach(users, (user) => MiroClient.as(spend(50), user), { concurrency: "unbounded" })
      )
      yield* TestClock.setTime(minute + 59_990)
      const times = yield* inSteps(Fiber.join(waiting), "1 millis")
      assert.isAtLeast(Math.min(...times), minute + 60_000)
      assert.isAtLeast(new Set(times).size, 10)
    }).pipe(limited({ limit: 1_000 }))
  )

  it.effect("fails at once if asked to, and a retry does not make that a wait", () =>
    Effect.gen(function* () {
      yield* spend(1_000, { limit: 1_000, remaining: 0, reset: end() })
      const error = yield* http.failsWith(Boards.get({ boardId: "b" }), "CreditsSpent")
      assert.deepStrictEqual(error.retryAfter, Duration.seconds(40))
      assert.isTrue(error.isRetryable)
      assert.strictEqual(yield* Clock.currentTimeMillis, minute + 20_000)
      yield* TestClock.setTime(minute + 60_000)
      yield* Boards.get({ boardId: "b" })
    }).pipe(limited({ onExceeded: "fail" }), http.replying(http.json(payloads.board)))
  )

  it.effect("counts what got no response until the end of the minute, and not longer", () =>
    Effect.gen(function* () {
      yield* Effect.ignore(Boards.get({ boardId: "b" }))
      assert.strictEqual(yield* left, 950)
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual(yield* left, 1_000)
    }).pipe(limited({ limit: 1_000 }), Retry.provide(Retry.none), http.replying(http.fault))
  )

  it.effect("gives the credits back of a call that finds no token to be sent with", () =>
    Effect.gen(function* () {
      yield* spend(100, { limit: 1_000, remaining: 900, reset: end() })
      const call = Boards.create({ name: "Retro" })
      assert.strictEqual((yield* Effect.flip(call)).reason._tag, "InvalidInput")
      assert.strictEqual(yield* left, 900)
    }).pipe(
      http.wired(() => http.noContent, { accessToken: AccessToken.layer(Redacted.make("no token")) }),
      limited()
    )
  )

  it.effect("takes a call that was interrupted on its way for spent", () =>
    Effect.gen(function* () {
      const call = yield* start(Boards.get({ boardId: "b" }))
      yield* Fiber.interrupt(call)
      assert.strictEqual(yield* left, 950)
    }).pipe(limited({ limit: 1_000 }), http.replying(http.silence))
  )

  it.effect("forgets users who are gone", () =>
    Effect.gen(function* () {
      const budget = Budget.make(1_000)
      for (let minutes = 0; minutes < 10; minutes++) {
        for (let user = 0; user < 2_000; user++) yield* budget.take(`${minutes} ${user}`, 50)
        assert.isAtMost(budget.size(), 6_000)
        yield* TestClock.adjust("1 minute")
      }
      yield* TestClock.adjust("2 minutes")
      for (let calls = 0; calls < 2_500; calls++) yield* budget.take("anna", 0)
      assert.strictEqual(budget.size(), 1)
    })
  )

  it.effect("is measured: what is left, and how long requests waited", () =>
    Effect.gen(function* () {
      const metrics = Effect.map(Metric.snapshot, (all) => new Map(all.map((each) => [each.id, each])))
      yield* spend(1_000, { limit: 1_000, remaining: 0, reset: end() })
      assert.nestedPropertyVal((yield* metrics).get("miro.client.credits.remaining"), "state.value", 0)
      yield* inSteps(spend(50))
      const after = yield* metrics
      assert.nestedPropertyVal(after.get("miro.client.credits.remaining"), "state.value", 950)
      assert.nestedPropertyVal(after.get("miro.client.credits.wait"), "state.count", 2)
      const { state } = after.get("miro.client.credits.wait") ?? assert.fail("nothing was measured")
      assert.isTrue("max" in state && state.max >= 40 && state.max < 40.2)
      assert.isUndefined(after.get("miro.client.credits.remaining")?.attributes?.["user"])
    }).pipe(limited(), Effect.provideService(Metric.MetricRegistry, new Map()))
  )

  it.effect("has the user in its gauge only if asked to", () =>
    Effect.gen(function* () {
      yield* MiroClient.as(spend(50), "anna")
      const users = (yield* Metric.snapshot).map(({ attributes }) => attributes?.["user"])
      assert.include(users, "anna")
    }).pipe(limited({ withUser: true }), Effect.provideService(Metric.MetricRegistry, new Map()))
  )
})

describe("what a call counts as", () => {
  const declared = { id: "get-diagram", name: "Diagrams.get", method: "GET", path: "/v2/diagrams" } as const

  const spentBy = <A, E, R>(call: Effect.Effect<A, E, R>) =>
    Effect.andThen(
      call,
      Effect.map(left, (credits) => 1_000 - credits)
    ).pipe(limited({ limit: 1_000 }), http.always(http.noContent))

  it.effect("is 100 credits for an operation of one's own without a level, as for MiroClient.execute", () =>
    Effect.gen(function* () {
      const get = Operation.make(declared)
      assert.strictEqual(get.operation.level, 2)
      assert.strictEqual(yield* spentBy(get()), 100)
      assert.strictEqual(yield* spentBy(MiroClient.execute(HttpClientRequest.get("/v2/diagrams"))), 100)
    })
  )

  it.effect("is what the level says, and nothing only where an operation says so", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* spentBy(Operation.make({ ...declared, level: 3 })()), 500)
      const free = Operation.make({ ...declared, level: "none" })
      assert.isUndefined(free.operation.level)
      assert.strictEqual(yield* spentBy(free()), 0)
    })
  )
})

it.effect("an operation that costs nothing does not wait for those that wait for credits", () =>
  Effect.gen(function* () {
    const boards = yield* Effect.forkChild(Effect.all([Boards.list(), Boards.list()], { concurrency: 2 }))
    yield* Effect.repeat(Effect.yieldNow, { times: 100 })
    assert.strictEqual((yield* http.Wire).sent.length, 1)
    yield* Tokens.get()
    assert.strictEqual((yield* http.Wire).sent.length, 2)
    yield* Fiber.interrupt(boards)
  }).pipe(limited({ limit: 50 }), http.always(http.json({ data: [] })))
)

describe("RateLimit.none", () => {
  it.effect("counts nothing", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* RateLimit.remaining, Option.none())
      yield* spend(1e9)
    })
  )
})
