import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Deadlines } from "../client/Deadlines.ts"
import { Timeout } from "../client/MiroError.ts"

/** The deadlines of the calls in scope. */
export const current = Effect.map(Deadlines, ({ attempt, call, headers, idle }) => ({
  headers: Duration.fromInputUnsafe(headers ?? Duration.seconds(30)),
  idle: Duration.fromInputUnsafe(idle ?? Duration.seconds(30)),
  attempt: Duration.fromInputUnsafe(attempt ?? Duration.minutes(2)),
  call: Duration.fromInputUnsafe(call ?? Duration.infinity)
}))

/** Ends an effect that is not done by then. */
export const within =
  (phase: Timeout["phase"], deadline: Duration.Duration) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | Timeout, R> =>
    Duration.isFinite(deadline)
      ? Effect.timeoutOrElse(self, {
          duration: deadline,
          orElse: () => Effect.fail(new Timeout({ phase, deadline }))
        })
      : self
