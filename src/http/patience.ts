/**
 * Timeouts of a process that can be held up: by a busy event loop, a signal or
 * the suspension of its machine.
 *
 * Its timers run out before it reads what arrived meanwhile, and time in which
 * it could not even send its request is no time in which nobody responded. So a
 * timeout that comes late is put off by as much as it is late, once, and what
 * has arrived is read before any of them counts.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

// More than a timer is late on a busy machine.
const noticeable = 100

/** How many milliseconds to put a timeout off that was to come at `planned`. */
export const postponement = (planned: number, now: number, deadline: number): number =>
  now - planned < noticeable ? 0 : Math.min(now - planned, deadline)

/** Gives the event loop the turns in which what has arrived is read, a head and a body after it. */
export const lastLook: Effect.Effect<void> = Effect.asVoid(Effect.repeat(Effect.yieldNow, { times: 20 }))

const now = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

const patientSleep = Effect.fnUntraced(function* (millis: number) {
  const planned = (yield* now) + millis
  yield* Effect.sleep(millis)
  const more = postponement(planned, yield* now, millis)
  if (more > 0) yield* Effect.sleep(more)
  yield* lastLook
})

/** Ends an effect that is not done by then. */
export const within = <A, E, R, E2>(
  self: Effect.Effect<A, E, R>,
  deadline: Duration.Duration,
  orElse: () => E2
): Effect.Effect<A, E | E2, R> =>
  Duration.isFinite(deadline)
    ? Effect.raceFirst(self, Effect.andThen(patientSleep(Duration.toMillis(deadline)), Effect.failSync(orElse)))
    : self
