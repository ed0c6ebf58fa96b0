import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/**
 * Milliseconds by a clock that nobody sets, for spans of time within this
 * process. Whole ones, so that a wait that is over is not a fraction short of it.
 */
export const uptime: Effect.Effect<number> = Effect.map(Clock.monotonicTimeNanos, (nanos) =>
  Math.round(Number(nanos) / 1e6)
)
