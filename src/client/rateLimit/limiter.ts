import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import { CurrentUser } from "../../CurrentUser.ts"
import { CreditsSpent, InvalidInput, type Reason } from "../../MiroError.ts"
import * as Series from "../../http/series.ts"
import { creditsRemaining, creditsWait } from "../../Telemetry.ts"
import { uptime, uptimeOf } from "../../http/uptime.ts"
import type { Outcome } from "./account.ts"
import type { Budget, Restore, Settle } from "./budget.ts"
import * as Observations from "./observations.ts"
import * as Pace from "./pace.ts"
import * as Queue from "./queue.ts"
import { type Limiter, none, type Options, type Permit } from "./service.ts"

/** How long a request waits for a response to another one, which may come to another process, before it asks again. */
const poll = 100

/** The credits of a request that may leave. */
interface Passed {
  readonly settle: Settle
  readonly takenAt: number
}

/** What the requests of one limiter share. */
interface State {
  readonly budget: Budget
  readonly onExceeded: "delay" | "fail"
  readonly maxWait: number
  readonly queues: Queue.Queues
  readonly observations: Observations.Observations
  readonly report: (user: string, remaining: number, context: Context.Context<never>) => void
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
      state.report(user, asked.remaining, yield* Effect.context())
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

/** Lets a request leave, and settles once what it cost. */
const permit = (
  { observations, queues, report }: State,
  user: string,
  { settle, takenAt }: Passed,
  context: Context.Context<Scope.Scope>
): Effect.Effect<Permit> => {
  let isSettled = false
  const settleOnce = (outcome: () => Outcome): Effect.Effect<void> =>
    Effect.uninterruptible(
      Effect.suspend(() => {
        if (isSettled) return Effect.void
        isSettled = true
        return Effect.flatMap(settle(outcome()), (remaining) => {
          report(user, remaining, context)
          return Queue.responded(queues, user)
        })
      })
    )
  const clock = Context.get(context, Clock.Clock)
  return Effect.as(
    Scope.addFinalizer(
      Context.get(context, Scope.Scope),
      settleOnce(() => ({}))
    ),
    {
      release: settleOnce(() => ({ isUnsent: true })),
      observe: (observation) => settleOnce(() => observations.outcome(observation, takenAt, clock))
    }
  )
}

/** Lets requests go in their order, for each user, when a budget has the credits. */
export const make = (budget: Budget, options: Options): Limiter => {
  const { limit, withUser = false } = options
  const queues: Queue.Queues = new Map()
  const observations = Observations.make(limit)

  const report = (user: string, remaining: number, context: Context.Context<never>) => {
    const gauge = withUser ? Series.gauge(creditsRemaining, { user }) : creditsRemaining
    gauge.updateUnsafe(remaining, context)
  }

  const state: State = {
    budget,
    onExceeded: options.onExceeded ?? "delay",
    maxWait: Duration.toMillis(Duration.fromInputUnsafe(options.maxWait ?? "5 minutes")),
    queues,
    observations,
    report
  }

  const wait = (user: string, credits: number, restore: Restore) =>
    Effect.gen(function* () {
      const place = Queue.place(credits, (yield* uptime) + state.maxWait)
      const queue = Queue.join(queues, user, place)
      return yield* Effect.ensuring(pass(state, user, queue, place, restore), Queue.leave(queues, user, queue, place))
    })

  /** The credits of a request that nobody of its user is before, if they are there. */
  const takeAtOnce = (user: string, credits: number, context: Context.Context<never>): Passed | undefined => {
    const now = uptimeOf(Context.get(context, Clock.Clock))
    const taken = queues.has(user) ? undefined : budget.takeAtOnce?.(user, credits, now)
    if (taken?._tag !== "Taken") return undefined
    report(user, taken.remaining, context)
    return { settle: taken.settle, takenAt: now }
  }

  const acquireSome: Limiter["acquire"] = (credits) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.contextWith((context: Context.Context<Scope.Scope>): Effect.Effect<Permit, Reason> => {
        const dearest = observations.dearest()
        if (credits > dearest) {
          const message = `costs ${credits} credits, and a minute has no more than ${dearest}`
          return Effect.fail(new InvalidInput({ issues: [{ path: [], message }] }))
        }
        const user = Context.get(context, CurrentUser)
        const clock = Context.get(context, Clock.Clock)
        const asked = clock.monotonicTimeNanosUnsafe()
        const leave = (passed: Passed) => {
          creditsWait.updateUnsafe(Number(clock.monotonicTimeNanosUnsafe() - asked) / 1e9, context)
          return permit(state, user, passed, context)
        }
        const passed = takeAtOnce(user, credits, context)
        return passed === undefined ? Effect.flatMap(wait(user, credits, restore), leave) : leave(passed)
      })
    )

  return {
    // Who needs none does not wait for those who do.
    acquire: (credits) => (credits === 0 ? none.acquire(0) : acquireSome(credits)),
    remaining: Effect.flatMap(CurrentUser, (user) => Effect.asSome(budget.remaining(user)))
  }
}
