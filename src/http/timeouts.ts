import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Provided from "../Timeouts.ts"
import { Timeout } from "../MiroError.ts"
import * as Patience from "./patience.ts"

/** The timeouts of the calls in scope. */
export const current = Effect.map(Provided.Timeouts, ({ attempt, call, headers, idle, upload }) => ({
  headers: Duration.fromInputUnsafe(headers ?? Duration.seconds(30)),
  idle: Duration.fromInputUnsafe(idle ?? Duration.seconds(30)),
  attempt: Duration.fromInputUnsafe(attempt ?? Duration.minutes(2)),
  call: Duration.fromInputUnsafe(call ?? Duration.infinity),
  upload: Duration.fromInputUnsafe(upload ?? Duration.seconds(30))
}))

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
  attempt: (moved: Effect.Effect<void>) => Effect.Effect<A, E, R>
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
    const moved = Effect.sync(() => {
      phase = "idle"
      since = now()
    })
    const passed = (phase: keyof OfAttempt) => new Timeout({ phase, deadline: timeouts[phase] })
    const attemptLeft = () => start + millis.attempt - now()
    const phaseLeft = () => since + millis[phase] - now()
    let isPutOff = false
    const putOff = (by: number) => {
      isPutOff = true
      start += by
      since += by
    }
    const watch = Effect.gen(function* () {
      while (true) {
        const left = Math.min(attemptLeft(), phaseLeft())
        const postponement = isPutOff ? 0 : Patience.postponement(left, 0, millis.attempt)
        if (postponement > 0) putOff(postponement)
        else if (left <= 0) {
          yield* Patience.lastLook
          // Whichever came first: on a busy machine both can have passed by now.
          if (Math.min(attemptLeft(), phaseLeft()) <= 0) {
            return yield* passed(attemptLeft() < phaseLeft() ? "attempt" : phase)
          }
        }
        // Not longer than `idle`, or it would sleep over a body that stalls after a head that came at once.
        const pause = Math.max(1, Math.ceil(Math.min(attemptLeft(), phaseLeft(), millis.idle)))
        yield* pause === Infinity ? Effect.never : Effect.sleep(pause)
      }
    })
    return Effect.raceFirst(attempt(moved), watch)
  })
