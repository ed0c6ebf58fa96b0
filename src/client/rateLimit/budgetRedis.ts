import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redis from "effect/persistence/Redis"
import { uptime } from "../../http/uptime.ts"
import * as Local from "./budget.ts"
import * as Scripts from "./scripts.ts"

const giveBack = (taken: Local.Taken): Effect.Effect<unknown> =>
  taken._tag === "Taken" ? taken.settle({ isUnsent: true }) : Effect.void

/** How long the budget does without Redis after it did not respond. */
const outage = 5_000

/** Accounts in Redis and, while it is down, in this process. */
export const make = Effect.fnUntraced(function* (
  limit: number,
  prefix: string
): Effect.fn.Return<Local.Budget, never, Redis.Redis> {
  const redis = yield* Redis.Redis
  const local = Local.make(limit)
  let downUntil = 0

  const orLocal =
    <A>(fallback: Effect.Effect<A>) =>
    (command: Effect.Effect<A, Redis.RedisError>): Effect.Effect<A> =>
      Effect.gen(function* () {
        const now = yield* uptime
        if (now < downUntil) return yield* fallback
        // One finds out whether Redis is back, while the others go on without.
        if (downUntil > 0) downUntil = now + outage
        return yield* command.pipe(
          Effect.tap(() => Effect.sync(() => (downUntil = 0))),
          Effect.timeout("2 seconds"),
          Effect.catchCause((cause) =>
            Effect.gen(function* () {
              const isNew = downUntil === 0
              downUntil = (yield* uptime) + outage
              if (isNew)
                yield* Effect.logWarning("Redis does not respond: this process counts credits by itself", cause)
              return yield* fallback
            })
          )
        )
      })

  const ask = (user: string, credits: number): Effect.Effect<Local.Taken> => {
    const key = `${prefix}${user}`
    return redis
      .eval(Scripts.take)(key, limit, credits)
      .pipe(
        Effect.map(([isTaken, windowOrWait, leftOrLimit, isFirm]): Local.Taken =>
          isTaken === 1
            ? {
                _tag: "Taken",
                remaining: leftOrLimit,
                settle: (outcome) =>
                  orLocal(local.remaining(user))(redis.eval(Scripts.settle)(key, limit, windowOrWait, credits, outcome))
              }
            : { _tag: "Denied", wait: windowOrWait, limit: leftOrLimit, isFirm: isFirm === 1 }
        ),
        orLocal(local.take(user, credits))
      )
  }

  return {
    // In a fiber of its own: nobody who is interrupted has to wait for Redis, and no credits are lost on the way.
    take: Effect.fnUntraced(function* (user, credits, restore) {
      const asking = yield* Effect.forkDetach(ask(user, credits), { startImmediately: true })
      return yield* Effect.onInterrupt(restore(Fiber.join(asking)), () =>
        Effect.forkDetach(Effect.flatMap(Fiber.join(asking), giveBack))
      )
    }),
    remaining: (user) => orLocal(local.remaining(user))(redis.eval(Scripts.remaining)(`${prefix}${user}`, limit))
  }
})
