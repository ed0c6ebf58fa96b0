/**
 * How calls are observed: by the tracer, the metrics and the loggers of the
 * program. Nothing has to be switched on here: provide an exporter, such as
 * those in `effect/observability`.
 *
 * **Spans.** Every call has one of kind `client`, named after its operation:
 * `Miro.Boards.create`. It takes the place of the span of `HttpClient`, and is
 * one for all attempts. A program without a tracer has none, unless
 * {@link TracePropagation} is on. Its attributes are OpenTelemetry's for HTTP
 * clients:
 *
 * - `http.request.method`, `url.template`, `url.full` (without the query),
 *   `server.address`, `server.port`
 * - `http.response.status_code` of the last response
 * - `http.request.resend_count`: how many requests followed the first one, if
 *   any did
 * - `error.type` of a call that failed: the status, or the name of the reason,
 *   such as `Timeout`
 *
 * and Miro's own:
 *
 * - `miro.operation.id`: what Miro's OpenAPI document calls the operation
 * - `miro.level`, and `miro.credits.cost`: what one request costs of the rate
 *   limit
 * - `miro.credits.remaining`: the credits left of the minute, as Miro last said
 * - `miro.credits.wait`: how long the call waited for credits at `RateLimit`, in
 *   seconds, if it had to
 * - `miro.attempts`: 1, and one more for each retry
 * - `miro.refreshed`: `true` if the call had to get a new token first
 * - `miro.response.dropped_fields`: what did not fit and was left out of the
 *   value
 *
 * Each retry is an event, `miro.retry`, with `miro.retry.reason`,
 * `miro.retry.delay` (the pause before it, in seconds) and the
 * `http.response.status_code` that it came after.
 *
 * A refresh of the token is `Miro.AccessToken.refresh`, a child of the call
 * that first needed it; the other calls that wait for it are linked to it.
 * Requests to the token endpoint are `Miro.OAuth.refresh`,
 * `Miro.OAuth.exchangeCode` and `Miro.OAuth.revokeToken`, and before tokens are
 * given up that cannot be revoked `Miro.OAuth.tokenInfo`.
 *
 * A download, such as `Miro.Images.download`, ends when its bytes begin to come.
 * Its children are the operation that gets the item, and for each request to the
 * storage `Miro.Storage.get`, which has of the signed URL only the server.
 *
 * **Metrics** are {@link calls}, {@link callDuration}, {@link retries},
 * {@link refreshes} and {@link credits}, and with a limiter of `RateLimit`
 * {@link creditsRemaining} and {@link creditsWait}. Their attributes are names
 * of operations, reasons and levels: never ids or paths, and users only where
 * you ask for it.
 *
 * **Logs.** Retries, refreshes and waiting for credits are logged at debug level,
 * and at warning level what somebody should look at: fields of a response that
 * had to be left out, tokens that could not be stored yet, and a limiter that
 * cannot reach its Redis. A call that fails is not logged, since its error says
 * so.
 *
 * No token and no secret is in any of these.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
import * as Context from "effect/Context"
import * as Metric from "effect/Metric"

/**
 * The boundaries of the histograms, in seconds: those of OpenTelemetry for HTTP,
 * and beyond, since pauses between attempts count.
 *
 * @category metrics
 */
export const durationBoundaries: ReadonlyArray<number> = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120
]

/**
 * Counts the calls that ended, by `miro.operation.name` (such as
 * `Boards.create`) and `miro.outcome`: `Success`, the `_tag` of the reason for
 * which the call failed, `Interrupted` or `Defect`.
 *
 * A call that fails before anything is sent is one too.
 *
 * **Example** (Reading one series)
 *
 * ```ts
 * import { Console, Effect, Metric } from "effect"
 * import { Boards, MiroClient, Telemetry } from "effect-miro"
 * import { FetchHttpClient } from "effect/http"
 *
 * const listed = Metric.withAttributes(Telemetry.calls, {
 *   "miro.operation.name": "Boards.list",
 *   "miro.outcome": "Success"
 * })
 *
 * const program = Effect.gen(function*() {
 *   yield* Boards.list()
 *   const { count } = yield* Metric.value(listed)
 *   yield* Console.log(`listed boards ${count} times`)
 * })
 *
 * await Effect.runPromise(
 *   program.pipe(Effect.provide(MiroClient.layerConfig()), Effect.provide(FetchHttpClient.layer))
 * )
 * ```
 *
 * @category metrics
 */
export const calls: Metric.Counter<number> = Metric.counter("miro.client.calls", {
  description: "Calls that ended, by operation and outcome",
  incremental: true,
  attributes: { unit: "{call}" }
})

/**
 * How long calls took, in seconds, with all attempts and the pauses between
 * them. By `miro.operation.name`.
 *
 * @category metrics
 */
export const callDuration: Metric.Histogram<number> = Metric.histogram("miro.client.call.duration", {
  description: "How long calls took, with all attempts and the pauses between them",
  attributes: { unit: "s" },
  boundaries: durationBoundaries
})

/**
 * Counts the repetitions of calls, by `miro.operation.name` and
 * `miro.retry.reason`: the `_tag` of the reason for which the attempt before
 * failed. The one replay after a refresh is none.
 *
 * @category metrics
 */
export const retries: Metric.Counter<number> = Metric.counter("miro.client.retries", {
  description: "Repetitions of calls, by operation and reason",
  incremental: true,
  attributes: { unit: "{retry}" }
})

/**
 * Counts how often a refresh token was spent, by `miro.outcome`: `Success`, or
 * the `_tag` of the reason for which there are no new tokens, or they are not
 * stored. Of processes that share a `TokenStorage` the one that refreshes
 * counts.
 *
 * @category metrics
 */
export const refreshes: Metric.Counter<number> = Metric.counter("miro.client.refreshes", {
  description: "Refreshes of access tokens, by outcome",
  incremental: true,
  attributes: { unit: "{refresh}" }
})

/**
 * Adds up what the requests that were sent cost of the rate limit, in credits,
 * by `miro.level`. Retries and replays cost as much as first attempts.
 *
 * @category metrics
 */
export const credits: Metric.Counter<number> = Metric.counter("miro.client.credits", {
  description: "What requests cost of the rate limit, by level",
  incremental: true,
  attributes: { unit: "{credit}" }
})

/**
 * The credits that are left of the minute, as `RateLimit` counts them: for the
 * user who called last, or by `user` with the limiter's option `withUser`.
 *
 * @category metrics
 */
export const creditsRemaining: Metric.Gauge<number> = Metric.gauge("miro.client.credits.remaining", {
  description: "Credits that are left of the minute, for the user who called last",
  attributes: { unit: "{credit}" }
})

/**
 * How long requests waited at `RateLimit` for their credits, in seconds, those
 * included that did not have to.
 *
 * @category metrics
 */
export const creditsWait: Metric.Histogram<number> = Metric.histogram("miro.client.credits.wait", {
  description: "How long requests waited for their credits, those included that did not have to",
  attributes: { unit: "s" },
  boundaries: durationBoundaries
})

/**
 * Whether requests tell Miro which span they belong to, in `traceparent` and
 * `b3` headers. Off unless provided, since Miro has no use for them: turn it on
 * for a proxy or a gateway of your own in between.
 *
 * `HttpClient.TracerPropagationEnabled`, which is on by default, does not
 * matter here.
 *
 * **Example** (Tracing through a gateway)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Boards, Telemetry } from "effect-miro"
 *
 * const boards = Boards.list().pipe(Effect.provideService(Telemetry.TracePropagation, true))
 * ```
 *
 * @category references
 */
export const TracePropagation = Context.Reference<boolean>("effect-miro/Telemetry/TracePropagation", {
  defaultValue: () => false
})
