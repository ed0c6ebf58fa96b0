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
 * SCIM and the token endpoint do not cost credits, and do not pass here. An operation
 * of level `"none"`, such as `Tokens.get`, waits for none.
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
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import type * as Redis from "effect/persistence/Redis"
import * as Budget from "./rateLimit/budget.ts"
import * as BudgetRedis from "./rateLimit/budgetRedis.ts"
import * as Limiter from "./rateLimit/limiter.ts"
import { defaultLimit } from "./rateLimit/observations.ts"
import { type Options, RateLimit } from "./rateLimit/service.ts"

export { credits, defaultLevel, type Level } from "./rateLimit/level.ts"
export { type Limiter, none, type Observation, type Options, type Permit, RateLimit } from "./rateLimit/service.ts"

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
 * Counts in the memory of this process. Who has not called for a minute or two is
 * forgotten.
 *
 * @category layers
 */
export const layerMemory = (options: Options = {}): Layer.Layer<never> =>
  Layer.sync(RateLimit, () => Limiter.make(Budget.make(options.limit ?? defaultLimit), options))

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
    Effect.map(BudgetRedis.make(options.limit ?? defaultLimit, options.prefix ?? "miro:credits:"), (budget) =>
      Limiter.make(budget, options)
    )
  )
