import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import { CurrentUser } from "../../CurrentUser.ts"
import { CreditsSpent, InvalidInput } from "../../MiroError.ts"
import * as Series from "../../http/series.ts"
import { creditsRemaining, creditsWait } from "../../Telemetry.ts"
import { uptime } from "../../http/uptime.ts"
import { minute, type Outcome, tolerance } from "./account.ts"
import type { Budget, Restore } from "./budget.ts"
import * as Pace from "./pace.ts"
import * as Queue from "./queue.ts"
import type { Limiter, Observation, Options } from "./service.ts"
import * as Skew from "./skew.ts"

export const defaultLimit = 100_000

/** How long a request waits for a response to another one, which may come to another process, before it asks again. */
const poll = 100

/** A `429` that says more than this is not believed for longer. */
const longestPause = 300_000

const whole = (value: number | undefined, least: number): number | undefined =>
  value === undefined || !Number.isFinite(value)
    ? undefined
    : Math.min(Math.max(least, Math.floor(value)), Number.MAX_SAFE_INTEGER)

/** What a response says, without what cannot be meant. */
const outcomeOf = ({ budget, retryAfter, status }: Observation, sentAt: number, now: number, skew: number): Outcome => {
  const { limit, remaining, reset = NaN } = budget ?? {}
  // An epoch second, as Miro documents it, or else seconds to wait.
  const resetAt = reset > 1e9 ? reset * 1000 - skew : now + reset * 1000
  const pause = retryAfter && Math.min(Math.ceil(Duration.toMillis(retryAfter)), longestPause)
  const isCredible = reset >= 0 && resetAt >= sentAt - tolerance && resetAt <= now + minute + tolerance
  return {
    status,
    limit: whole(limit !== undefined && limit < 1 ? undefined : limit, 1),
    remaining: whole(remaining, 0),
    resetIn: isCredible ? Math.ceil(resetAt - now) : undefined,
    // No pause, if that is how long it is to a reset that is over, is nothing that Miro asks for.
    retryIn: pause === 0 && !Number.isNaN(reset) ? undefined : pause
  }
}

/** What the requests of one limiter share. */
interface State {
  readonly budget: Budget
  readonly onExceeded: "delay" | "fail"
  readonly maxWait: number
  readonly queues: Queue.Queues
  readonly report: (user: string, remaining: number) => Effect.Effect<void>
}

// Before the wait: a program that waits for a minute should not look as if it hung.
const announce = (user: string, wait: number) =>
  Effect.logDebug(
    `No credits are left for user ${JSON.stringify(user)}, next request in ${Duration.format(Duration.millis(wait))}`
  ).pipe(Effect.annotateLogs({ "miro.credits.wait": wait / 1000 }))

const spent = (credits: number, wait: number) => new CreditsSpent({ credits, retryAfter: Duration.millis(wait) })

/** Waits until all that came before have left, or fails if that takes too long. */
const awaitTurn = Effect.fnUntraced(function* (queue: Queue.Queue, place: Queue.Place, restore: Restore) {
  if (queue.first === place) return
  const now = yield* uptime
  const wait = Queue.expectedWait(queue, now)
  if (now + wait > place.deadline) return yield* spent(place.credits, wait)
  yield* restore(place.turn.await)
  const later = yield* uptime
  if (later > place.deadline) return yield* spent(place.credits, Queue.expectedWait(queue, later))
})

/** The denial that the first in the queue has to wait for, or the credits. */
const ask = Effect.fnUntraced(function* (
  { budget }: State,
  user: string,
  queue: Queue.Queue,
  credits: number,
  restore: Restore
) {
  const denial = Queue.denialOf(queue, credits, yield* uptime)
  if (denial !== undefined) return denial
  const taken = yield* budget.take(user, credits, restore)
  if (taken._tag === "Taken") {
    queue.denial = undefined
    return taken
  }
  const { isFirm, limit, wait } = taken
  queue.denial = { credits, limit, until: (yield* uptime) + wait, isFirm }
  return queue.denial
})

// Interruptible only where it waits, so that credits that were taken are never lost sight of.
const pass = Effect.fnUntraced(function* (
  state: State,
  user: string,
  queue: Queue.Queue,
  place: Queue.Place,
  restore: Restore
) {
  const { credits, deadline } = place
  yield* awaitTurn(queue, place, restore)
  let isAnnounced = false
  while (true) {
    if (queue.pace !== undefined) {
      const pause = queue.pace.nextAt - (yield* uptime)
      if (pause > 0) yield* restore(Effect.sleep(pause))
    }
    const asked = yield* ask(state, user, queue, credits, restore)
    const now = yield* uptime
    if ("settle" in asked) {
      if (queue.pace !== undefined) queue.pace = Pace.afterOne(queue.pace, now)
      yield* state.report(user, asked.remaining)
      return { settle: asked.settle, takenAt: now }
    }
    const left = asked.until - now
    const wait = asked.isFirm ? left : Math.min(left, poll)
    if (state.onExceeded === "fail" || now + wait > deadline) return yield* spent(credits, left)
    if (asked.isFirm && !isAnnounced) {
      isAnnounced = true
      yield* announce(user, left)
    }
    const response = yield* restore(Effect.timeoutOption(queue.responded.await, wait))
    if (asked.isFirm) {
      const jitter = Option.isNone(response) ? Math.floor((yield* Random.next) * 100) : 0
      queue.pace = Pace.make(queue.places.size, (yield* uptime) + jitter)
    }
  }
})

/** Lets requests go in their order, for each user, when a budget has the credits. */
export const make = (budget: Budget, options: Options): Limiter => {
  const { limit, withUser = false } = options
  const queues: Queue.Queues = new Map()
  const skew = Skew.make()
  let knownLimit = defaultLimit

  const report = (user: string, remaining: number) =>
    Metric.update(withUser ? Series.gauge(creditsRemaining, { user }) : creditsRemaining, remaining)

  const state: State = {
    budget,
    onExceeded: options.onExceeded ?? "delay",
    maxWait: Duration.toMillis(Duration.fromInputUnsafe(options.maxWait ?? "5 minutes")),
    queues,
    report
  }

  const wait = (user: string, credits: number, restore: Restore) =>
    Effect.gen(function* () {
      const place = Queue.place(credits, (yield* uptime) + state.maxWait)
      const queue = Queue.join(queues, user, place)
      return yield* Effect.ensuring(pass(state, user, queue, place, restore), Queue.leave(queues, user, queue, place))
    })

  /** What a response says of the credits that were taken at `takenAt`. */
  const learn = Effect.fnUntraced(function* (observation: Observation, takenAt: number) {
    // The calendar is only for what Miro names by it.
    const now = yield* Clock.currentTimeMillis
    const sentAt = now - ((yield* uptime) - takenAt)
    const { date = NaN } = observation.budget ?? {}
    if (Number.isFinite(date)) skew.learn(date * 1000, sentAt, now)
    const outcome = outcomeOf(observation, sentAt, now, skew.get())
    if (outcome.limit !== undefined) knownLimit = Math.max(defaultLimit, outcome.limit)
    return limit === undefined ? outcome : { ...outcome, limit: Math.min(limit, outcome.limit ?? limit) }
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
        const [waited, { settle, takenAt }] = yield* Effect.timed(wait(user, credits, restore))
        yield* Metric.update(creditsWait, Duration.toSeconds(waited))
        let isSettled = false
        const settleOnce = Effect.fnUntraced(function* (outcome: Outcome) {
          if (isSettled) return
          isSettled = true
          yield* report(user, yield* settle(outcome))
          yield* Queue.responded(queues, user)
        }, Effect.uninterruptible)
        yield* Scope.addFinalizer(scope, settleOnce({}))
        return {
          release: settleOnce({ isUnsent: true }),
          observe: (observation) => Effect.flatMap(learn(observation, takenAt), settleOnce)
        }
      })
    )

  return {
    acquire,
    remaining: Effect.flatMap(CurrentUser, (user) => Effect.asSome(budget.remaining(user)))
  }
}
