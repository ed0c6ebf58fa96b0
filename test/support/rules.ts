/** The rules of a budget in TypeScript and in Lua, run against each other. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Redis } from "effect/persistence"
import * as fc from "fast-check"
import * as Account from "../../src/client/rateLimit/account.ts"
import * as Scripts from "../../src/client/rateLimit/scripts.ts"
import { forAll } from "./property.ts"
import { unique } from "./servers.ts"

const limit = 2_000

// So far ahead that no key expires.
const start = 4_000_000_000_000

const credits = fc.constantFrom(50, 100, 500, 2_000, 2_500)

const outcome: fc.Arbitrary<Account.Outcome> = fc.record(
  {
    status: fc.constantFrom(200, 429, 429, 503),
    isUnsent: fc.boolean(),
    limit: fc.constantFrom(1_000, 2_000, 3_000),
    remaining: fc.integer({ min: 0, max: 3_000 }),
    resetIn: fc.oneof(fc.integer({ min: -5_000, max: 62_000 }), fc.constantFrom(0, 1, 2_000, 60_000)),
    retryIn: fc.oneof(fc.integer({ min: 0, max: 300_000 }), fc.constantFrom(0, 1, 60_000))
  },
  { requiredKeys: [] }
)

type Step =
  | { readonly _tag: "Take"; readonly credits: number }
  | { readonly _tag: "Settle"; readonly which: number; readonly outcome: Account.Outcome }
  | { readonly _tag: "Remaining" }
  /** Time goes on, or the clock of Redis is set. */
  | { readonly _tag: "Clock"; readonly by: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: credits.map((credits) => ({ _tag: "Take" as const, credits })) },
  {
    weight: 5,
    arbitrary: fc.record({ _tag: fc.constant("Settle" as const), which: fc.nat(), outcome })
  },
  { weight: 1, arbitrary: fc.constant({ _tag: "Remaining" as const }) },
  {
    weight: 4,
    arbitrary: fc
      .oneof(fc.nat(3_000), fc.nat(100_000), fc.constantFrom(3_600_000, -50, -30_000, -3_600_000))
      .map((by) => ({ _tag: "Clock" as const, by }))
  }
)

/** A script that goes by a time which is kept beside the account, see `setTime`. */
export const timed = <S extends { readonly lua: string }>(script: S): S => {
  const lua = script.lua.replace('redis.call("TIME")', 'redis.call("HMGET", KEYS[1] .. ":time", "seconds", "micros")')
  assert.notStrictEqual(lua, script.lua)
  return Object.create(script, { lua: { value: lua } })
}

const scripts = { take: timed(Scripts.take), settle: timed(Scripts.settle), remaining: timed(Scripts.remaining) }

/** Sets the time, in milliseconds, that timed scripts go by. */
export const setTime = (redis: Redis.Redis["Service"], key: string, now: number) =>
  redis.send("HSET", `${key}:time`, "seconds", String(Math.floor(now / 1000)), "micros", String((now % 1000) * 1000))

const unknown = 2 ** 53

/** What an account comes to, with times from now on. */
const view = (account: Account.Account, now: number) => ({
  ...account,
  resetAt: account.resetAt - now,
  told: account.told === 0 ? "unknown" : account.told - now,
  opened: account.opened - now,
  left: account.left === Infinity ? unknown : account.left,
  blockedUntil: Math.max(0, account.blockedUntil - now)
})

const names = [
  "window",
  "limit",
  "resetAt",
  "told",
  "opened",
  "charged",
  "inFlight",
  "carried",
  "left",
  "blockedUntil"
] as const satisfies ReadonlyArray<keyof Account.Account>

const stored = (redis: Redis.Redis["Service"], key: string) =>
  Effect.map(redis.send<ReadonlyArray<string>>("HMGET", key, ...names), (values): Account.Account => {
    const field = (name: (typeof names)[number]) => Number(values[names.indexOf(name)])
    return {
      window: field("window"),
      limit: field("limit"),
      resetAt: field("resetAt"),
      told: field("told"),
      opened: field("opened"),
      charged: field("charged"),
      inFlight: field("inFlight"),
      carried: field("carried"),
      left: field("left"),
      blockedUntil: field("blockedUntil")
    }
  })

const story = (redis: Redis.Redis["Service"], steps: ReadonlyArray<Step>) =>
  Effect.gen(function* () {
    const key = unique()
    // The clock of the account in this process is not set back: it goes on from where it was when the other one was seen.
    let account = Account.make(limit, start)
    let now = start
    let seen = { redis: start, local: start }
    const local = () => {
      if (now < seen.redis) seen = { redis: now, local: seen.local }
      return seen.local + now - seen.redis
    }
    const tickets: Array<Account.Ticket> = []

    const isSame = Effect.gen(function* () {
      seen = { redis: now, local: local() }
      assert.deepStrictEqual(view(yield* stored(redis, key), now), view(account, seen.local))
    })

    const take = Effect.fnUntraced(function* (credits: number) {
      const [isTaken, windowOrWait, leftOrLimit, isFirm] = yield* redis.eval(scripts.take)(key, limit, credits)
      const copy = { ...account }
      const taken = Account.take(copy, credits, local())
      if ("wait" in taken) {
        // Nothing is written.
        assert.deepStrictEqual(
          [isTaken, windowOrWait, leftOrLimit, isFirm === 1],
          [0, taken.wait, taken.limit, taken.isFirm]
        )
        return
      }
      account = copy
      assert.deepStrictEqual(
        [isTaken, windowOrWait, leftOrLimit],
        [1, taken.window, Account.remaining(account, local())]
      )
      tickets.push(taken)
      yield* isSame
    })

    const settle = Effect.fnUntraced(function* (ticket: Account.Ticket, outcome: Account.Outcome) {
      const left = yield* redis.eval(scripts.settle)(key, limit, ticket.window, ticket.credits, outcome)
      Account.settle(account, ticket, outcome, local())
      assert.strictEqual(left, Account.remaining(account, local()))
      yield* isSame
    })

    for (const step of steps) {
      yield* setTime(redis, key, now)
      switch (step._tag) {
        case "Clock":
          now += step.by
          break
        case "Remaining":
          assert.strictEqual(
            yield* redis.eval(scripts.remaining)(key, limit),
            Account.remaining({ ...account }, local())
          )
          break
        case "Take":
          yield* take(step.credits)
          break
        case "Settle": {
          const [ticket] = tickets.splice(step.which % (tickets.length || 1), 1)
          if (ticket !== undefined) yield* settle(ticket, step.outcome)
        }
      }
    }
    yield* redis.send("DEL", key, `${key}:time`)
  })

/** Both come to the same in random stories, step by step. */
export const agree = (stories: number, length: number) =>
  Effect.flatMap(Redis.Redis, (redis) =>
    forAll(fc.array(step, { minLength: length, maxLength: length }), stories, (steps) =>
      // An account begins when credits are taken of it.
      story(redis, [{ _tag: "Take", credits: 50 }, ...steps])
    )
  )
