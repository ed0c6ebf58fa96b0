import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Layer, Logger, Option } from "effect"
import { MiroClient, RateLimit } from "effect-miro"
import { Redis } from "effect/persistence"
import { withClockAhead } from "../../support/clock.ts"
import { agree, setTime, timed } from "../../support/rules.ts"
import { hasRedis, layerRedis, line, redis, unique } from "../../support/servers.ts"

type Said = Partial<RateLimit.Observation> & {
  readonly remaining?: number
  readonly resetIn?: number
  readonly limit?: number
}

/** A process: a limiter with a connection of its own. */
const machine = (prefix: string, options?: RateLimit.Options & { readonly port?: number }) =>
  Effect.map(
    Layer.build(
      Layer.fresh(RateLimit.layerRedis({ prefix, ...options })).pipe(
        Layer.provide(Layer.fresh(layerRedis({ ...(options?.port !== undefined && { port: options.port }) })))
      )
    ),
    (context) => Effect.provide(context)
  )

const acquire = (credits: number) => Effect.flatMap(RateLimit.RateLimit, (limit) => limit.acquire(credits))

const responseOf = ({ limit, remaining, resetIn, retryAfter, status = 200 }: Said) =>
  Effect.map(Clock.currentTimeMillis, (now): RateLimit.Observation => ({
    status,
    retryAfter,
    budget: {
      ...(limit !== undefined && { limit }),
      ...(remaining !== undefined && { remaining }),
      ...(resetIn !== undefined && { reset: (now + resetIn) / 1000 })
    }
  }))

const spend = (credits: number, said: Said = {}) =>
  Effect.gen(function* () {
    const permit = yield* acquire(credits)
    const at = yield* Clock.currentTimeMillis
    yield* permit.observe(yield* responseOf(said))
    return at
  }).pipe(Effect.scoped)

const left = Effect.map(RateLimit.remaining, Option.getOrThrow)

describe.skipIf(!hasRedis)("RateLimit.layerRedis", () => {
  it.live("lets several machines share one budget, and each user have one", () =>
    Effect.gen(function* () {
      const prefix = unique()
      const one = yield* machine(prefix, { limit: 1_000, onExceeded: "fail" })
      const other = yield* machine(prefix, { limit: 1_000, onExceeded: "fail" })
      const spends = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : other)(Effect.option(spend(100)))
      )
      const sent = (yield* Effect.all(spends, { concurrency: 20 })).filter(Option.isSome)
      assert.strictEqual(sent.length, 10)
      assert.strictEqual(yield* one(left), 0)
      assert.strictEqual(yield* one(MiroClient.as(left, "anna")), 1_000)
    }).pipe(Effect.scoped)
  )

  it.live("tells one machine what Miro told the other, and lets nobody go before the reset", () =>
    Effect.gen(function* () {
      const prefix = unique()
      const one = yield* machine(prefix)
      const other = yield* machine(prefix)
      const now = yield* Clock.currentTimeMillis
      yield* one(spend(50, { limit: 2_000, remaining: 70, resetIn: 700 }))
      assert.strictEqual(yield* other(left), 70)
      const times = yield* Effect.all([one(spend(500)), other(spend(500))], { concurrency: 2 })
      for (const at of times) {
        assert.isAtLeast(at, now + 690)
        assert.isAtMost(at, now + 2_000)
      }
      assert.strictEqual(yield* other(left), 1_000)
    }).pipe(Effect.scoped)
  )

  it.live("holds all machines back after a 429", () =>
    Effect.gen(function* () {
      const prefix = unique()
      const one = yield* machine(prefix)
      const other = yield* machine(prefix)
      const now = yield* Clock.currentTimeMillis
      yield* one(spend(50, { status: 429, retryAfter: Duration.millis(600) }))
      assert.strictEqual(yield* other(left), 0)
      const at = yield* other(spend(50))
      assert.isAtLeast(at, now + 600)
      assert.isAtMost(at, now + 2_000)
    }).pipe(Effect.scoped)
  )

  it.live("is not misled by a machine whose clock is wrong, either way", () =>
    Effect.gen(function* () {
      const prefix = unique()
      const one = yield* machine(prefix)
      const late = yield* machine(prefix)
      const early = yield* machine(prefix)
      const clock = yield* Effect.service(Clock.Clock)
      const reset = Math.ceil(clock.currentTimeMillisUnsafe() / 1000) + 2
      const spendAndLeave = (remaining: number) =>
        Effect.gen(function* () {
          const permit = yield* acquire(500)
          const date = Math.floor(clock.currentTimeMillisUnsafe() / 1000)
          yield* permit.observe({
            status: 200,
            retryAfter: undefined,
            budget: { limit: 1_500, remaining, reset, date }
          })
        }).pipe(Effect.scoped)
      yield* one(spendAndLeave(1_000))
      yield* late(spendAndLeave(500)).pipe(withClockAhead(-30_000))
      yield* early(spendAndLeave(0)).pipe(withClockAhead(30_000))
      assert.strictEqual(yield* one(left), 0)
      const at = yield* one(spend(500))
      assert.isAtLeast(at, reset * 1000 - 10)
      assert.isAtMost(at, reset * 1000 + 1_500)
    }).pipe(Effect.scoped)
  )

  it.live("counts responses once, in any order, and not those of a window that is over", () =>
    Effect.gen(function* () {
      const one = yield* machine(unique())
      yield* Effect.gen(function* () {
        const permits = yield* Effect.forEach([500, 500, 500, 500], acquire)
        const [first, second, third, late] = [permits[0], permits[1], permits[2], permits[3]]
        assert.strictEqual(yield* left, 98_000)
        yield* second?.observe(yield* responseOf({ limit: 5_000, remaining: 3_000, resetIn: 900 })) ?? Effect.void
        assert.strictEqual(yield* left, 1_500)
        yield* first?.observe(yield* responseOf({ limit: 5_000, remaining: 3_500, resetIn: 900 })) ?? Effect.void
        assert.strictEqual(yield* left, 2_000)
        yield* third?.observe(yield* responseOf({})) ?? Effect.void
        assert.strictEqual(yield* left, 2_000)
        const old = yield* responseOf({ limit: 5_000, remaining: 0, resetIn: 900 })
        yield* Effect.sleep("1 second")
        assert.strictEqual(yield* left, 4_500)
        yield* late?.observe(old) ?? Effect.void
        assert.strictEqual(yield* left, 5_000)
      }).pipe(Effect.scoped, one)
    }).pipe(Effect.scoped)
  )

  it.live("takes credits back for what is not sent", () =>
    Effect.gen(function* () {
      const one = yield* machine(unique())
      yield* one(spend(100, { limit: 1_000, remaining: 900, resetIn: 30_000 }))
      const permit = yield* one(acquire(500))
      assert.strictEqual(yield* one(left), 400)
      yield* permit.release
      assert.strictEqual(yield* one(left), 900)
    }).pipe(Effect.scoped)
  )

  it.live("lets a request go when the responses to another machine show that there is enough", () =>
    Effect.gen(function* () {
      const prefix = unique()
      const one = yield* machine(prefix)
      const other = yield* machine(prefix)
      const permit = yield* one(acquire(900))
      yield* one(spend(100, { limit: 2_000, remaining: 1_000, resetIn: 30_000 }))
      const waiting = yield* Effect.forkChild(other(spend(500)))
      yield* Effect.sleep("300 millis")
      assert.isUndefined(waiting.pollUnsafe())
      yield* permit.observe(yield* responseOf({ limit: 2_000, remaining: 1_000, resetIn: 30_000 }))
      yield* Effect.timeout(Fiber.join(waiting), "2 seconds")
    }).pipe(Effect.scoped)
  )

  it.live("leaves nothing behind of users who are gone", () =>
    Effect.gen(function* () {
      const prefix = unique()
      const one = yield* machine(prefix)
      yield* one(spend(50, { remaining: 1, resetIn: 20_000 }))
      const { send } = yield* Redis.Redis
      const expiry = yield* send<number>("PTTL", `${prefix}default`)
      assert.isTrue(expiry > 70_000 && expiry <= 80_000, `${expiry}`)
    }).pipe(Effect.scoped, Effect.provide(layerRedis()))
  )

  it.live("goes on when Redis has lost everything, scripts and all", () =>
    Effect.gen(function* () {
      const prefix = unique()
      const one = yield* machine(prefix)
      yield* one(spend(50))
      const permit = yield* one(acquire(50))
      const { send } = yield* Redis.Redis
      yield* send("SCRIPT", "FLUSH")
      yield* send("DEL", `${prefix}default`)
      yield* permit.observe(yield* responseOf({ limit: 2_000, remaining: 500, resetIn: 20_000 }))
      assert.strictEqual(yield* one(left), 500)
    }).pipe(Effect.scoped, Effect.provide(layerRedis()))
  )

  it.live("has the same rules as RateLimit.layerMemory, also when the clock of Redis is set", () =>
    agree(20, 40).pipe(Effect.provide(layerRedis()))
  )

  it.live("asks for no longer pause than before when the clock of Redis is set back an hour", () =>
    Effect.gen(function* () {
      const redis = yield* Redis.Redis
      const prefix = unique()
      const context = yield* Layer.build(
        RateLimit.layerRedis({ prefix, onExceeded: "fail" }).pipe(
          Layer.provide(
            Layer.succeed(Redis.Redis, Redis.Redis.of({ ...redis, eval: (script) => redis.eval(timed(script)) }))
          )
        )
      )
      const now = 4_000_000_000_000
      const setClock = (millis: number) => setTime(redis, `${prefix}default`, now + millis)
      yield* Effect.gen(function* () {
        yield* setClock(0)
        yield* spend(50, { status: 429, retryAfter: Duration.seconds(7) })
        yield* setClock(-3_600_000)
        const reason = yield* Effect.flip(spend(50))
        assert.deepInclude(reason, { _tag: "CreditsSpent", retryAfter: Duration.seconds(7) })
        yield* setClock(-3_600_000 + 7_000)
        yield* spend(50)
      }).pipe(Effect.provide(context))
    }).pipe(Effect.scoped, Effect.provide(layerRedis()))
  )

  it.live("counts in the process while Redis is down, says so once, and comes back", () =>
    Effect.gen(function* () {
      const logs: Array<string> = []
      const logger = Logger.make(({ message }) => logs.push(String(message)))
      const { cut, mend, port } = yield* line(redis)
      yield* Effect.gen(function* () {
        const one = yield* machine(unique(), { port, limit: 1_000, onExceeded: "fail" })
        yield* one(spend(300))
        yield* cut
        const began = yield* Clock.currentTimeMillis
        yield* one(spend(500))
        yield* one(spend(500))
        assert.strictEqual((yield* Effect.flip(one(spend(500))))._tag, "CreditsSpent")
        assert.isAtMost((yield* Clock.currentTimeMillis) - began, 3_500)
        assert.strictEqual(logs.filter((log) => log.includes("Redis does not respond")).length, 1)
        yield* mend
        yield* Effect.sleep("6 seconds")
        assert.strictEqual(yield* one(left), 700)
      }).pipe(Effect.provide(Logger.layer([logger])))
    }).pipe(Effect.scoped)
  )
})
