import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Provided from "../Timeouts.ts"
import { Timeout } from "../MiroError.ts"
import * as Patience from "./patience.ts"

const seconds = Duration.seconds(30)
const minutes = Duration.minutes(2)

const durationOr = (given: Duration.Input | undefined, otherwise: Duration.Duration): Duration.Duration =>
  given === undefined ? otherwise : Duration.fromInputUnsafe(given)

/** The timeouts of the calls in a context. */
export const within = (context: Context.Context<never>) => {
  const { attempt, call, headers, idle, upload } = Context.get(context, Provided.Timeouts)
  return {
    headers: durationOr(headers, seconds),
    idle: durationOr(idle, seconds),
    attempt: durationOr(attempt, minutes),
    call: durationOr(call, Duration.infinity),
    upload: durationOr(upload, seconds)
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
    Patience.within(call, deadline, () => new Timeout({ phase: "call", deadline }))

/** Those of one attempt. */
export interface OfAttempt {
  readonly attempt: Duration.Duration
  readonly headers: Duration.Duration
  readonly idle: Duration.Duration
}

/**
 * Ends an attempt that passes one of its timeouts. The attempt says when
 * something of the response came, its head or a piece of its body. One fiber looks
 * after all timeouts: a timer for each piece would cost more than the piece.
 */
export const ofAttempt = <A, E, R>(
  timeouts: OfAttempt,
  attempt: (moved: () => void) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | Timeout, R> =>
  Effect.clockWith((clock) => {
    const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
    const millis = {
      attempt: Duration.toMillis(timeouts.attempt),
      headers: Duration.toMillis(timeouts.headers),
      idle: Duration.toMillis(timeouts.idle)
    }
    let start = now()
    let phase: "headers" | "idle" = "headers"
    let since = start
    const moved = () => {
      phase = "idle"
      since = now()
    }
    const attemptLeft = () => start + millis.attempt - now()
    const phaseLeft = () => since + millis[phase] - now()
    const left = () => Math.min(attemptLeft(), phaseLeft())
    const pass = () => {
      const passed = attemptLeft() < phaseLeft() ? "attempt" : phase
      return Effect.fail(new Timeout({ phase: passed, deadline: timeouts[passed] }))
    }
    let isPutOff = false
    const putOff = (by: number) => {
      isPutOff = true
      start += by
      since += by
    }
    const sleep = (): Effect.Effect<never, Timeout> => {
      // Not longer than `idle`, or it would sleep over a body that stalls after a head that came at once.
      const pause = Math.max(1, Math.ceil(Math.min(left(), millis.idle)))
      return pause === Infinity ? Effect.never : Effect.flatMap(Effect.sleep(pause), look)
    }
    const look = (): Effect.Effect<never, Timeout> => {
      const late = isPutOff ? 0 : Patience.postponement(left(), 0, millis.attempt)
      if (late > 0) putOff(late)
      // Whichever came first: on a busy machine both can have passed by now.
      else if (left() <= 0) return Effect.flatMap(Patience.lastLook, () => (left() <= 0 ? pass() : sleep()))
      return sleep()
    }
    return Effect.raceFirst(attempt(moved), Effect.suspend(look))
  })
