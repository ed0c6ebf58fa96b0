import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/**
 * Milliseconds by a clock that nobody sets, for spans of time within this
 * process. Whole ones, so that a wait that is over is not a fraction short of it.
 */
export const uptimeOf = (clock: Clock.Clock): number => Math.round(Number(clock.monotonicTimeNanosUnsafe()) / 1e6)

/** The same by the clock of the fiber. */
export const uptime: Effect.Effect<number> = Effect.clockWith((clock) => Effect.succeed(uptimeOf(clock)))
