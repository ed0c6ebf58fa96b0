/**
 * Miro gives every user of an app 100,000 credits a minute, and every request
 * costs some. Without a limiter Miro responds with `429` to what is too much. With one
 * the requests wait until there are credits for them:
 *
 * - {@link layerMemory} for a program that runs in one process;
 * - {@link layerRedis} for several processes or machines with the same app.
 *
 * A limiter holds the calls of its scope to the budget of their `CurrentUser`, each
 * user by itself. Make one and share it: two layers that are built apart count
 * apart, and each would spend the whole budget.
 *
 * **What it knows.** Miro says with every response how many credits are left, and
 * when there will be new ones. A limiter goes by that, so that it also sees what
 * others spend for the same user and app; but only with the next response. Requests
 * on their way count in full until their responses come. At a `429` nothing more is
 * sent for this user before the time that Miro names.
 *
 * The time at which the budget is full again is one of Miro's clock. Should yours
 * be another, the dates of the responses show by how much. Pauses are not affected when
 * a clock is set, yours or that of Redis.
 *
 * SCIM and the token endpoint do not cost credits, and do not pass here.
 *
 * Requests of one user go in the order in which they came, and an expensive one is
 * not overtaken by cheap ones. After a reset those that waited go one after the
 * other: at most a tenth of them in any 100 milliseconds.
 *
 * What is left and how long requests waited are metrics, see `Telemetry`.
 *
 * **Example** (Holding all calls of a program to the budget)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { AccessToken, Boards, MiroClient, RateLimit } from "effect-miro"
 * import { FetchHttpClient } from "effect/http"
 *
 * const Miro = MiroClient.layerConfig().pipe(
 *   Layer.provide(FetchHttpClient.layer),
 *   Layer.merge(RateLimit.layerMemory({ maxWait: "2 minutes" }))
 * )
 *
 * const program = Effect.gen(function*() {
 *   const boards = yield* Boards.list()
 *   return [boards.data.length, yield* RateLimit.remaining]
 * })
 *
 * await Effect.runPromise(Effect.provide(program, Miro))
 * ```
 *
 * @see https://developers.miro.com/reference/rate-limiting
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redis from "effect/persistence/Redis"
import type * as Scope from "effect/Scope"
import type { RateLimitHeaders, Reason } from "./MiroError.ts"
import * as budget from "../internal/rateLimit/budget.ts"
import * as budgetRedis from "../internal/rateLimit/budgetRedis.ts"
import * as limiter from "../internal/rateLimit/limiter.ts"

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
 * The level that an endpoint counts as unless one is given, in an operation of
 * your own as in `MiroClient.execute`: 2, or 100 credits. Three quarters of
 * Miro's operations cost that or less. To count too much makes a request wait;
 * to count nothing would let any number of them pass at once, up to the `429`.
 *
 * @category models
 */
export const defaultLevel: Level = 2

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
 * The credits that the current user can still spend in this minute, as far as can
 * be known: without those that were taken for requests on their way, and the whole
 * budget for a user who has made no call yet. Nothing with {@link none}, and where
 * only the layer of the client has a limiter.
 *
 * @category getters
 */
export const remaining: Effect.Effect<Option.Option<number>> = Effect.flatMap(RateLimit, ({ remaining }) => remaining)

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

/**
 * Counts in the memory of this process. Who has not called for a minute or two is
 * forgotten.
 *
 * @category layers
 */
export const layerMemory = (options: Options = {}): Layer.Layer<never> =>
  Layer.sync(RateLimit, () => limiter.make(budget.make(options.limit ?? limiter.defaultLimit), options))

/**
 * How a limiter spends the credits that it counts in Redis.
 *
 * @category configuration
 */
export interface RedisOptions extends Options {
  /**
   * What the keys in Redis begin with, `miro:credits:` unless set. Programs with the
   * same app share it; another app has a budget and a prefix of its own.
   */
  readonly prefix?: string | undefined
}

/**
 * Counts in Redis, for any number of processes: a hash for each user, which expires
 * when it is of no more use. Time is that of Redis.
 *
 * The order of requests holds within each process. Between processes it is chance
 * who comes first, and a request that waits in one for responses to another learns of
 * them within 100 milliseconds.
 *
 * A budget is no reason to make no calls at all: while Redis is down or does not
 * respond within 2 seconds, every process counts for itself, as with
 * {@link layerMemory}, and asks Redis again every 5 seconds. Several processes can
 * then spend more than there is, to which Miro responds with `429`. A warning in the
 * log says when that begins.
 *
 * @category layers
 */
export const layerRedis = (options: RedisOptions = {}): Layer.Layer<never, never, Redis.Redis> =>
  Layer.effect(
    RateLimit,
    Effect.map(budgetRedis.make(options.limit ?? limiter.defaultLimit, options.prefix ?? "miro:credits:"), (budget) =>
      limiter.make(budget, options)
    )
  )
