import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import { CurrentUser } from "../../auth/CurrentUser.ts"
import { CreditsSpent, InvalidInput } from "../../client/MiroError.ts"
import type { Answer, Limiter, Options } from "../../client/RateLimit.ts"
import * as Telemetry from "../telemetry.ts"
import { minute, type Outcome, tolerance } from "./account.ts"
import type { Budget } from "./budget.ts"
import * as Skew from "./skew.ts"

export const defaultLimit = 100_000

/** How long a request waits for an answer to another one, which may come to another process, before it asks again. */
const poll = 100

/** A `429` that says more than this is not believed for longer. */
const longestPause = 300_000

const creditsRemaining = Telemetry.creditsRemaining()
const creditsWait = Telemetry.creditsWait()

/** A request in the queue of its user. */
interface Place {
  readonly credits: number
  /** Opens when all that came before have left. */
  readonly turn: Latch.Latch
}

/**
 * How those who waited for a new window go: in groups, so that not all of them
 * are sent at once.
 */
interface Pace {
  readonly group: number
  readonly interval: number
  /** How many have yet to go, in all and of this group. */
  readonly waiting: number
  readonly inGroup: number
  readonly nextAt: number
}

/** The queue of one user. It exists while somebody is in it. */
interface Queue {
  readonly places: Set<Place>
  /** What all of them cost. */
  credits: number
  /** Released with every answer. */
  readonly answered: Latch.Latch
  /** What the first in the queue was last told, while it waits. */
  denial: { readonly until: number; readonly limit: number } | undefined
  pace: Pace | undefined
}

// At most a tenth in any 100 milliseconds: in so many steps that those who are late do not gang up.
const paceOf = (waiting: number, now: number): Pace => {
  const share = Math.max(1, Math.floor(waiting / 10))
  const isCrowd = share > 20
  const group = isCrowd ? Math.floor(share / 5) : 1
  return { group, interval: isCrowd ? 26 : Math.ceil(100 / share) + 1, waiting, inGroup: group, nextAt: now }
}

const afterOne = (pace: Pace, now: number): Pace | undefined => {
  const waiting = pace.waiting - 1
  if (waiting === 0) return undefined
  return pace.inGroup > 1
    ? { ...pace, waiting, inGroup: pace.inGroup - 1 }
    : { ...pace, waiting, inGroup: pace.group, nextAt: now + pace.interval }
}

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

const whole = (value: number | undefined, least: number): number | undefined =>
  value === undefined || !Number.isFinite(value)
    ? undefined
    : Math.min(Math.max(least, Math.floor(value)), Number.MAX_SAFE_INTEGER)

/** What an answer says, without what cannot be meant. */
const outcomeOf = ({ budget, retryAfter, status }: Answer, takenAt: number, now: number, skew: number): Outcome => {
  const { limit, remaining, reset = NaN } = budget ?? {}
  // An epoch second, as Miro documents it, or else seconds to wait.
  const resetAt = reset > 1e9 ? reset * 1000 - skew : now + reset * 1000
  const isCredible = reset >= 0 && resetAt >= takenAt - tolerance && resetAt <= now + minute + tolerance
  return {
    status,
    limit: whole(limit !== undefined && limit < 1 ? undefined : limit, 1),
    remaining: whole(remaining, 0),
    resetIn: isCredible ? Math.ceil(resetAt - now) : undefined,
    retryIn: retryAfter === undefined ? undefined : Math.min(Math.ceil(Duration.toMillis(retryAfter)), longestPause)
  }
}

/** Lets requests go in their order, for each user, when a budget has the credits. */
export const make = (budget: Budget, options: Options): Limiter => {
  const { limit, onExceeded = "wait", withUser = false } = options
  const maxWait = Duration.toMillis(Duration.fromInputUnsafe(options.maxWait ?? "5 minutes"))
  const queues = new Map<string, Queue>()
  const skew = Skew.make()
  let knownLimit = defaultLimit

  const report = (user: string, remaining: number) =>
    Metric.update(withUser ? Telemetry.creditsRemaining({ user }) : creditsRemaining, remaining)

  const join = (user: string, place: Place): Queue => {
    let queue = queues.get(user)
    if (queue === undefined) {
      queue = { places: new Set(), credits: 0, answered: Latch.makeUnsafe(false), denial: undefined, pace: undefined }
      queues.set(user, queue)
    }
    queue.places.add(place)
    queue.credits += place.credits
    return queue
  }

  const leave = (user: string, queue: Queue, place: Place): void => {
    queue.places.delete(place)
    queue.credits -= place.credits
    const [next] = queue.places
    if (next === undefined) queues.delete(user)
    else next.turn.openUnsafe()
  }

  /** At least how long it takes until it is the turn of the last in the queue. */
  const expectedWait = ({ credits, denial }: Queue, now: number): number =>
    denial === undefined || denial.until <= now
      ? 0
      : denial.until - now + minute * Math.max(0, Math.ceil(credits / denial.limit) - 1)

  // Before the wait: a program that waits for a minute should not look as if it hung.
  const announce = (user: string, wait: number) =>
    Effect.logDebug(
      `No credits are left for user ${JSON.stringify(user)}, next request in ${Duration.format(Duration.millis(wait))}`
    ).pipe(Effect.annotateLogs({ "miro.credits.wait": wait / 1000 }))

  const spent = (credits: number, wait: number) => new CreditsSpent({ credits, retryAfter: Duration.millis(wait) })

  // Interruptible only where it waits, so that credits that were taken are never lost sight of.
  const pass = Effect.fnUntraced(function* (user: string, queue: Queue, place: Place, restore: Restore) {
    const { credits } = place
    const deadline = (yield* Clock.currentTimeMillis) + maxWait
    const [first] = queue.places
    if (first !== place) {
      const now = yield* Clock.currentTimeMillis
      const wait = expectedWait(queue, now)
      if (now + wait > deadline) return yield* spent(credits, wait)
      const turn = yield* restore(Effect.timeoutOption(place.turn.await, deadline - now))
      if (Option.isNone(turn)) return yield* spent(credits, expectedWait(queue, yield* Clock.currentTimeMillis))
    }
    let isAnnounced = false
    while (true) {
      if (queue.pace !== undefined) {
        const pause = queue.pace.nextAt - (yield* Clock.currentTimeMillis)
        if (pause > 0) yield* restore(Effect.sleep(pause))
      }
      const taken = yield* budget.take(user, credits)
      const now = yield* Clock.currentTimeMillis
      if (taken._tag === "Taken") {
        queue.denial = undefined
        if (queue.pace !== undefined) queue.pace = afterOne(queue.pace, now)
        yield* report(user, taken.remaining)
        return { settle: taken.settle, takenAt: now }
      }
      const wait = taken.isFirm ? taken.wait : Math.min(taken.wait, poll)
      if (onExceeded === "fail" || now + wait > deadline) return yield* spent(credits, taken.wait)
      queue.denial = { until: now + taken.wait, limit: taken.limit }
      if (taken.isFirm && !isAnnounced) {
        isAnnounced = true
        yield* announce(user, taken.wait)
      }
      const answer = yield* restore(Effect.timeoutOption(queue.answered.await, wait))
      if (taken.isFirm) {
        const jitter = Option.isNone(answer) ? Math.floor((yield* Random.next) * 100) : 0
        queue.pace = paceOf(queue.places.size, (yield* Clock.currentTimeMillis) + jitter)
      }
    }
  })

  const acquire: Limiter["acquire"] = (credits) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const dearest = limit ?? knownLimit
        if (credits > dearest) {
          const message = `costs ${credits} credits, and a minute has no more than ${dearest}`
          return yield* new InvalidInput({ issues: [{ path: [], message }] })
        }
        const user = yield* CurrentUser
        const scope = yield* Effect.scope
        const place: Place = { credits, turn: Latch.makeUnsafe(false) }
        const queue = join(user, place)
        const [waited, { settle, takenAt }] = yield* pass(user, queue, place, restore).pipe(
          Effect.ensuring(Effect.sync(() => leave(user, queue, place))),
          Effect.timed
        )
        yield* Metric.update(creditsWait, Duration.toSeconds(waited))
        let isSettled = false
        const settleOnce = Effect.fnUntraced(function* (outcome: Outcome) {
          if (isSettled) return
          isSettled = true
          yield* report(user, yield* settle(outcome))
          yield* queues.get(user)?.answered.release ?? Effect.void
        }, Effect.uninterruptible)
        yield* Scope.addFinalizer(scope, settleOnce({}))
        return {
          release: settleOnce({ isUnsent: true }),
          observe: Effect.fnUntraced(function* (answer) {
            const now = yield* Clock.currentTimeMillis
            const { date = NaN } = answer.budget ?? {}
            if (Number.isFinite(date)) skew.learn(date * 1000, takenAt, now)
            const outcome = outcomeOf(answer, takenAt, now, skew.get())
            if (outcome.limit !== undefined) knownLimit = Math.max(defaultLimit, outcome.limit)
            yield* settleOnce(
              limit === undefined ? outcome : { ...outcome, limit: Math.min(limit, outcome.limit ?? limit) }
            )
          })
        }
      })
    )

  return {
    acquire,
    remaining: Effect.flatMap(CurrentUser, (user) => Effect.asSome(budget.remaining(user)))
  }
}
