/**
 * What a limiter is.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { RateLimitHeaders, Reason } from "../../MiroError.ts"

/**
 * What a response says that a limiter can learn from.
 *
 * @category models
 */
export interface Observation {
  /** The HTTP status. */
  readonly status: number
  /** Its `X-RateLimit-*` headers, and its date. */
  readonly budget: RateLimitHeaders | undefined
  /** How long Miro asks to wait. */
  readonly retryAfter: Duration.Duration | undefined
}

/**
 * The right to send one request.
 *
 * @category models
 */
export interface Permit {
  /** Takes in the response to the request. */
  readonly observe: (observation: Observation) => Effect.Effect<void>
  /** Gives the credits back for a request that is not sent after all. */
  readonly release: Effect.Effect<void>
}

/**
 * Stands before every request, replays and retries included.
 *
 * @category models
 */
export interface Limiter {
  /**
   * Completes when a request that costs so many credits may leave. It is on its
   * way until its response is observed or, if there is none, until the scope closes.
   */
  readonly acquire: (credits: number) => Effect.Effect<Permit, Reason, Scope.Scope>
  /** The credits that are left for the current user, if this limiter counts them. */
  readonly remaining: Effect.Effect<Option.Option<number>>
}

/**
 * Lets every request pass at once, and leaves it to Miro to respond with `429`.
 *
 * @category limiters
 */
export const none: Limiter = {
  acquire: () => Effect.succeed({ observe: () => Effect.void, release: Effect.void }),
  remaining: Effect.succeedNone
}

/**
 * The limiter of the calls in its scope, or of a client if provided to its layer:
 * {@link none} unless provided.
 *
 * @category references
 */
export const RateLimit = Context.Reference<Limiter>("effect-miro/client/RateLimit", { defaultValue: () => none })

/**
 * How a limiter spends the credits.
 *
 * @category configuration
 */
export interface Options {
  /**
   * The credits that may be spent per minute and user. Unless set, it is what Miro
   * says it gives, and 100,000 before its first response. Set it to leave some to
   * other programs: Miro's own limit holds all the same.
   *
   * A request that costs more fails with `InvalidInput`.
   */
  readonly limit?: number | undefined
  /**
   * What becomes of a request for which there are no credits: it waits for them, as
   * it does unless set, or fails at once with `CreditsSpent`.
   */
  readonly onExceeded?: "delay" | "fail" | undefined
  /**
   * How long a request waits at most: 5 minutes unless set. One that would have to
   * wait longer fails with `CreditsSpent`, without waiting if that is known before.
   */
  readonly maxWait?: Duration.Input | undefined
  /**
   * Whether the gauge has the user as attribute `user`. That makes a time series for
   * every user: only for programs with few.
   */
  readonly withUser?: boolean | undefined
}
