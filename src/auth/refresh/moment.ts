import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { uptime } from "../../http/uptime.ts"

/** A moment by both clocks. */
export interface Moment {
  readonly uptime: number
  readonly now: number
}

export const moment: Effect.Effect<Moment> = Effect.zipWith(uptime, Clock.currentTimeMillis, (uptime, now) => ({
  uptime,
  now
}))

/**
 * For how long something has lasted at most. While a machine is suspended, the
 * clock that nobody sets may stand still.
 */
export const elapsedSince = (start: Moment): Effect.Effect<number> =>
  Effect.map(moment, ({ now, uptime }) => Math.max(uptime - start.uptime, now - start.now))
