/** What a limiter learns from the responses. */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import { uptimeOf } from "../../http/uptime.ts"
import { minute, type Outcome, tolerance } from "./account.ts"
import type { Observation } from "./service.ts"
import * as Skew from "./skew.ts"

export const defaultLimit = 100_000

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

export interface Observations {
  /** The most credits that a request may cost. */
  readonly dearest: () => number
  /** What a response says of the credits that were taken at `takenAt`. */
  readonly outcome: (observation: Observation, takenAt: number, clock: Clock.Clock) => Outcome
}

/** For one limiter, which may have a limit of its own. */
export const make = (limit: number | undefined): Observations => {
  const skew = Skew.make()
  let known = defaultLimit
  return {
    dearest: () => limit ?? known,
    outcome: (observation, takenAt, clock) => {
      // The calendar is only for what Miro names by it.
      const now = clock.currentTimeMillisUnsafe()
      const sentAt = now - (uptimeOf(clock) - takenAt)
      const { date = NaN } = observation.budget ?? {}
      if (Number.isFinite(date)) skew.learn(date * 1000, sentAt, now)
      const outcome = outcomeOf(observation, sentAt, now, skew.get())
      if (outcome.limit !== undefined) known = Math.max(defaultLimit, outcome.limit)
      return limit === undefined ? outcome : { ...outcome, limit: Math.min(limit, outcome.limit ?? limit) }
    }
  }
}
