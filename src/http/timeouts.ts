import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Provided from "../Timeouts.ts"
import { Timeout } from "../MiroError.ts"
import * as Watchdog from "./watchdog.ts"

const halfMinute = Duration.seconds(30)
const twoMinutes = Duration.minutes(2)

const durationOr = (given: Duration.Input | undefined, otherwise: Duration.Duration): Duration.Duration =>
  given === undefined ? otherwise : Duration.fromInputUnsafe(given)

/** The timeouts of the calls in a context. */
export const within = (context: Context.Context<never>) => {
  const { attempt, call, headers, idle, upload } = Context.get(context, Provided.Timeouts)
  return {
    headers: durationOr(headers, halfMinute),
    idle: durationOr(idle, halfMinute),
    attempt: durationOr(attempt, twoMinutes),
    call: durationOr(call, Duration.infinity),
    upload: durationOr(upload, halfMinute)
  }
}

/** The timeouts of the calls in scope. */
export const current = Effect.contextWith((context: Context.Context<never>) => Effect.succeed(within(context)))

/** Those of reading a file before it is sent. */
export interface OfUpload {
  readonly attempt: Duration.Duration
  readonly upload: Duration.Duration
}

/** Ends a call that is not done by then. */
export const ofCall =
  (deadline: Duration.Duration) =>
  <A, E, R>(call: Effect.Effect<A, E, R>): Effect.Effect<A, E | Timeout, R> =>
    Watchdog.within(call, deadline, () => new Timeout({ phase: "call", deadline }))

/** Those of one attempt. */
export interface OfAttempt {
  readonly attempt: Duration.Duration
  readonly headers: Duration.Duration
  readonly idle: Duration.Duration
}

/**
 * Ends an attempt that passes one of its timeouts. The attempt says when
 * something of the response came, its head or a piece of its body.
 */
export const ofAttempt = <A, E, R>(
  timeouts: OfAttempt,
  attempt: (moved: () => void) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | Timeout, R> =>
  Effect.contextWith((context: Context.Context<never>) => {
    const start = Watchdog.now(context)
    const idle = Duration.toMillis(timeouts.idle)
    const longest = Duration.toMillis(timeouts.attempt)
    const end = start + longest
    const endOfHead = start + Duration.toMillis(timeouts.headers)
    const deadline = new Watchdog.Deadline(Math.min(end, endOfHead), longest)
    let first: "attempt" | "headers" | "idle" = end < endOfHead ? "attempt" : "headers"
    const moved = () => {
      const endOfAttempt = end + deadline.putOff
      const endOfIdle = Watchdog.now(context) + idle
      first = endOfAttempt < endOfIdle ? "attempt" : "idle"
      deadline.due = Math.min(endOfAttempt, endOfIdle)
      Watchdog.hurry(context, deadline)
    }
    return Watchdog.watch(
      attempt(moved),
      context,
      deadline,
      () => new Timeout({ phase: first, deadline: timeouts[first] })
    )
  })
