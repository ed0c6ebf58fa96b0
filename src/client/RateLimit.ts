/**
 * Miro gives every user of an app 100,000 credits a minute, and every request
 * costs some.
 *
 * @see https://developers.miro.com/reference/rate-limiting
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { RateLimitHeaders, Reason } from "./MiroError.ts"

/**
 * The rate limit level of an operation.
 *
 * @category models
 */
export type Level = 1 | 2 | 3 | 4

/**
 * What one request of each level costs, in credits.
 *
 * @category models
 */
export const credits: Readonly<Record<Level, number>> = { 1: 50, 2: 100, 3: 500, 4: 2000 }

/**
 * Stands before every request, replays and retries included.
 *
 * @category models
 */
export interface Limiter {
  /** Completes when a request that costs so many credits may leave. */
  readonly acquire: (credits: number) => Effect.Effect<void, Reason>
  /** Takes in what Miro said of the budget with an answer. */
  readonly observe: (budget: RateLimitHeaders) => Effect.Effect<void>
}

/**
 * Lets every request pass at once, and leaves it to Miro to answer `429`.
 *
 * @category limiters
 */
export const none: Limiter = { acquire: () => Effect.void, observe: () => Effect.void }

/**
 * The limiter of the calls in its scope, {@link none} unless provided.
 *
 * @category references
 */
export const RateLimit = Context.Reference<Limiter>("effect-miro/client/RateLimit", { defaultValue: () => none })
