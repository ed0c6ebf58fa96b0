/**
 * The client that all operations go through.
 *
 * From the outside in, a call passes:
 *
 * 1. **encoding and decoding**, in `Operation`, once;
 * 2. **`Retry`**, around all of the rest: every attempt reads its token and
 *    waits its turn anew;
 * 3. **one refresh** of the token, and one replay, when Miro answers `401`;
 * 4. **`RateLimit`**, which may hold a request back;
 * 5. **base URL, headers and token**, which is that of the calling fiber's
 *    `CurrentUser`;
 * 6. **deadlines and size cap**, `Deadlines` and
 *    `HttpIncomingMessage.MaxBodySize` (32 MiB unless provided);
 * 7. **the injected `HttpClient`**. Redirects are not followed: with
 *    `FetchHttpClient` this is seen to, by a `FetchHttpClient.RequestInit`
 *    that adds to the one you provide to the program.
 *
 * References such as `Retry`, `Deadlines`, `RateLimit` and `Strict` hold for the
 * calls in the scope they are provided to. Provided to the layer of a client,
 * they hold for its calls, unless a call has others.
 */
import * as Clock from "effect/Clock"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { dual, identity } from "effect/Function"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as AccessToken from "../auth/AccessToken.ts"
import { CurrentUser } from "../auth/CurrentUser.ts"
import * as BaseUrl from "../internal/baseUrl.ts"
import * as CallTokens from "../internal/callTokens.ts"
import * as Deadline from "../internal/deadlines.ts"
import { type Answer, exchange } from "../internal/exchange.ts"
import * as Headers from "../internal/headers.ts"
import * as RateLimitHeaders from "../internal/rateLimitHeaders.ts"
import * as Redaction from "../internal/redaction.ts"
import * as Telemetry from "../internal/telemetry.ts"
import { Deadlines } from "./Deadlines.ts"
import { InvalidInput, MiroError, type Reason } from "./MiroError.ts"
import { credits, type Level, RateLimit } from "./RateLimit.ts"
import { Retry } from "./Retry.ts"

export type { Answer }

/**
 * @category configuration
 */
export interface Options {
  /**
   * Where the API is: unless set, the one that the `AccessToken` is for, or
   * `https://api.miro.com` if that does not say. Must begin with `https://`,
   * unless it is on this machine (`localhost`, `127.0.0.0/8`, `[::1]`), have no
   * user name, query or fragment, and be the one that the `AccessToken` is for.
   * With any other one every call fails with `InvalidInput`, and nothing is
   * sent.
   */
  readonly baseUrl?: string | undefined
  /** Lets `baseUrl` be `http://` on other machines, which sends tokens in the clear. */
  readonly allowInsecure?: boolean | undefined
  /**
   * Lets `baseUrl` be another API than the one that the `AccessToken` is for,
   * such as a proxy in front of it. It gets the tokens of all users.
   */
  readonly allowForeignTokens?: boolean | undefined
  /** Comes before this package's own name in the `user-agent` header. */
  readonly userAgent?: string | undefined
}

/**
 * What the client has to know of an operation beside the request.
 *
 * @category models
 */
export interface Endpoint {
  /** The operation as it is called in code, such as `Boards.create`. */
  readonly name: string
  /** What the request costs of the rate limit. */
  readonly credits: number
  /** The rate limit level that the credits follow from, if there is one. */
  readonly level?: Level | undefined
  /** Whether the request may be repeated, if that is not as its method says. */
  readonly isIdempotent?: boolean | undefined
  /** What the operation was called with. */
  readonly input?: unknown
}

/**
 * @category services
 */
export class MiroClient extends Context.Service<
  MiroClient,
  {
    /**
     * Sends a request whose URL is a path, and hands the answer to `receive`.
     * Any status that is not 2xx is a `MiroError`, as is a failure of `receive`.
     */
    readonly call: <A>(
      request: HttpClientRequest.HttpClientRequest,
      endpoint: Endpoint,
      receive: (answer: Answer) => Effect.Effect<A, Reason>
    ) => Effect.Effect<A, MiroError>
  }
>()("effect-miro/client/MiroClient") {}

/**
 * Whether a response must fit its schema. Off unless provided: optional fields
 * that do not fit are left out and reported as a warning. A `null` for an absent
 * field and a number for an id fit either way. Turn it on in tests that should
 * notice when Miro's answers change.
 *
 * @category references
 */
export const Strict = Context.Reference<boolean>("effect-miro/client/MiroClient/Strict", {
  defaultValue: () => false
})

// What a client can be given of its own. Not `CurrentUser`: who builds a client is not who calls.
const pickSettings = Context.pick(
  RateLimit,
  Retry,
  Deadlines,
  Strict,
  Telemetry.TracePropagation,
  HttpIncomingMessage.MaxBodySize
)

const defaultBaseUrl = "https://api.miro.com"

// RFC 6750. Anything else would fail deep inside of the HTTP client, with an error that quotes the header.
const bearerToken = /^[\w\-.~+/]+=*$/

// A URL parser takes a percent-encoded dot for a dot and a backslash for a slash, and drops white space.
const unsafePath = /^\/\/|[\\\s\p{Control}]|(?:^|\/)(?:\.|%2e){1,2}(?:[/?#]|$)/iu

const invalid = (path: string, message: string) => new InvalidInput({ issues: [{ path: [path], message }] })

// A token never goes to another API than the one that issued it.
const foreignTokens = (
  accessToken: AccessToken.AccessToken["Service"],
  baseUrl: string,
  options: Options | undefined
): string | undefined =>
  accessToken.baseUrl === undefined ||
  options?.allowForeignTokens === true ||
  BaseUrl.isSame(accessToken.baseUrl, baseUrl)
    ? undefined
    : "must be the API that the access tokens are for, unless allowForeignTokens is set"

// What a call has come to so far.
interface Progress {
  attempts: number
  requests: number
  /** At the limiter, in nanoseconds. */
  waited: bigint
  /** Of all requests, the last one at the end. */
  readonly tokens: Array<Redacted.Redacted>
  /** Of the last request, if it was answered. */
  status?: number | undefined
  remaining?: number | undefined
  failed?: Telemetry.FailedAttempt
}

/**
 * A response that can still be read, as often as you like.
 *
 * @category models
 */
export const inMemory = (
  request: HttpClientRequest.HttpClientRequest,
  { body, response }: Answer
): HttpClientResponse.HttpClientResponse => {
  const unread = () => HttpClientResponse.fromWeb(request, new Response(body.slice(), { headers: response.headers }))
  // Status, headers and cookies are those of the response that came.
  return Object.create(response, {
    request: { value: request },
    text: { get: () => unread().text },
    json: { get: () => unread().json },
    arrayBuffer: { get: () => unread().arrayBuffer },
    urlParamsBody: { get: () => unread().urlParamsBody },
    formData: { get: () => unread().formData },
    stream: { get: () => unread().stream }
  })
}

/**
 * Makes a client of the `HttpClient` and the `AccessToken` in context.
 *
 * @category constructors
 */
export const make: (
  options?: Options
) => Effect.Effect<MiroClient["Service"], never, HttpClient.HttpClient | AccessToken.AccessToken> = Effect.fnUntraced(
  function* (options) {
    const client = yield* HttpClient.HttpClient
    const accessToken = yield* AccessToken.AccessToken
    const baseUrl = options?.baseUrl ?? accessToken.baseUrl ?? defaultBaseUrl
    const misdirected = BaseUrl.problem(baseUrl, options?.allowInsecure) ?? foreignTokens(accessToken, baseUrl, options)
    const userAgent = options?.userAgent === undefined ? "effect-miro" : `${options.userAgent} effect-miro`
    const settings = pickSettings(yield* Effect.context())
    const server = Telemetry.server(baseUrl)
    const spend = Telemetry.spending()
    const tokensOf = CallTokens.make(accessToken)

    const send = Effect.fnUntraced(function* (
      request: HttpClientRequest.HttpClientRequest,
      { credits, level }: Endpoint,
      deadlines: Deadline.OfAttempt,
      tokenToSend: Effect.Effect<Redacted.Redacted, Reason>,
      progress: Progress
    ): Effect.fn.Return<Answer, Reason, Scope.Scope> {
      const limit = yield* RateLimit
      const asked = yield* Clock.monotonicTimeNanos
      // A call that gives up waiting has waited too.
      const permit = yield* Effect.ensuring(
        limit.acquire(credits),
        Effect.map(Clock.monotonicTimeNanos, (now) => {
          progress.waited += now - asked
        })
      )
      // After the wait for credits, in which the token of before may have ended.
      const token = yield* tokenToSend.pipe(
        Effect.filterOrFail(
          (token) => bearerToken.test(Redacted.value(token)),
          () => invalid("accessToken", "is not a bearer token")
        ),
        Effect.onError(() => permit.release)
      )
      progress.tokens.push(token)
      progress.requests++
      yield* spend(credits, level)
      const result = yield* Effect.result(
        exchange(client, HttpClientRequest.bearerToken(request, token), {
          deadlines,
          redaction: Redaction.make(progress.tokens)
        })
      )
      const { budget, retryAfter, status } = Result.match(result, {
        onSuccess: ({ response }) => ({
          budget: RateLimitHeaders.rateLimit(response.headers),
          status: response.status,
          retryAfter: undefined
        }),
        onFailure: (reason) => ({
          budget: "rateLimit" in reason ? reason.rateLimit : undefined,
          status: "status" in reason ? reason.status : undefined,
          retryAfter: "retryAfter" in reason ? reason.retryAfter : undefined
        })
      })
      progress.status = status
      progress.remaining = budget?.remaining ?? progress.remaining
      if (status !== undefined) yield* permit.observe({ status, budget, retryAfter })
      return yield* Effect.fromResult(result)
    }, Effect.scoped)

    const call = Effect.fnUntraced(
      function* <A>(
        request: HttpClientRequest.HttpClientRequest,
        endpoint: Endpoint,
        receive: (answer: Answer) => Effect.Effect<A, Reason>
      ) {
        const [path = ""] = request.url.split(/[?#]/)
        const failWith = (reason: Reason) =>
          new MiroError({
            operation: endpoint.name,
            method: request.method,
            path,
            reason,
            ...(endpoint.isIdempotent !== undefined && { isIdempotent: endpoint.isIdempotent })
          })
        if (!request.url.startsWith("/") || unsafePath.test(request.url)) {
          return yield* failWith(
            invalid("url", "must be a path that begins with a slash, without dot segments or spaces")
          )
        }
        if (misdirected !== undefined) return yield* failWith(invalid("baseUrl", misdirected))
        const complete = request.pipe(
          HttpClientRequest.prependUrl(baseUrl),
          HttpClientRequest.setHeaders({ accept: "application/json", "user-agent": userAgent, ...request.headers })
        )
        const issues = Headers.issues(complete)
        if (issues.length > 0) return yield* failWith(new InvalidInput({ issues }))
        const progress: Progress = { attempts: 0, requests: 0, waited: 0n, tokens: [] }
        const deadlines = yield* Deadline.current
        const tokens = tokensOf(request, path)
        const attempt = Effect.gen(function* () {
          progress.attempts++
          if (progress.failed !== undefined) yield* Telemetry.retried(endpoint.name, progress.failed)
          let tokenToSend = tokens.first
          while (true) {
            const result = yield* Effect.result(send(complete, endpoint, deadlines, tokenToSend, progress))
            const token = progress.tokens.at(-1)
            const isRefused = Result.isFailure(result) && result.failure._tag === "Unauthorized"
            if (!isRefused || token === undefined) {
              tokens.accepted()
              return yield* Effect.fromResult(result)
            }
            const next = yield* tokens.next(token)
            if (Option.isNone(next)) return yield* result.failure
            yield* Telemetry.refreshed
            tokenToSend = Effect.succeed(next.value)
          }
        }).pipe(
          Effect.tapError((reason) =>
            Effect.map(Clock.currentTimeMillis, (at) => {
              progress.failed = { reason, at }
            })
          ),
          Effect.mapError(failWith)
        )
        const retry = CallTokens.isReplayable(request) ? yield* Retry : identity
        const answer = yield* Effect.ensuring(
          retry(attempt).pipe(
            Deadline.ofCall(deadlines.call),
            Effect.mapError((error) => (error._tag === "Timeout" ? failWith(error) : error))
          ),
          Effect.suspend(() =>
            Telemetry.annotate({
              "http.response.status_code": progress.status,
              "http.request.resend_count": progress.requests > 1 ? progress.requests - 1 : undefined,
              ...server(path),
              "miro.attempts": progress.attempts,
              "miro.credits.cost": endpoint.credits || undefined,
              "miro.credits.remaining": progress.remaining,
              "miro.credits.wait": Number(progress.waited / 1_000_000n) / 1000 || undefined
            })
          )
        )
        return yield* Effect.mapError(receive(answer), failWith)
      },
      Effect.updateContext((own: Context.Context<never>) => Context.merge(settings, own))
    )

    return MiroClient.of({ call })
  }
)

/**
 * @category layers
 */
export const layer = (
  options?: Options
): Layer.Layer<MiroClient, never, HttpClient.HttpClient | AccessToken.AccessToken> =>
  Layer.effect(MiroClient, make(options))

/**
 * A client with the one token in `MIRO_ACCESS_TOKEN`. `MIRO_BASE_URL` points
 * elsewhere than to Miro; one that `baseUrl` may not be is a `ConfigError`.
 *
 * @category layers
 */
export const layerConfig: Layer.Layer<MiroClient, Config.ConfigError, HttpClient.HttpClient> = Layer.unwrap(
  Effect.gen(function* () {
    return layer({
      baseUrl: Option.getOrUndefined(yield* BaseUrl.config("MIRO_BASE_URL"))
    })
  })
).pipe(Layer.provide(AccessToken.layerConfig))

const observeExecute = Telemetry.operation("MiroClient.execute", "Miro.execute")

/**
 * Sends a request to an endpoint that this package does not declare, with the
 * same token, refresh, retries and limits as an operation. Its URL is a path,
 * such as `/v2/boards/uXjVOfjmfkE%3D/diagrams`; an absolute one is refused, as
 * are headers that would break the request, point it elsewhere or replace the
 * token: `InvalidInput`, and nothing is sent.
 *
 * Gives the response with its body in memory. A status that is not 2xx is a
 * `MiroError`.
 *
 * @category requests
 */
export const execute = (
  request: HttpClientRequest.HttpClientRequest,
  options?: {
    /** The rate limit level of the endpoint: 2 unless set. */
    readonly level?: Level | undefined
  }
): Effect.Effect<HttpClientResponse.HttpClientResponse, MiroError, MiroClient> =>
  MiroClient.use((client) => {
    const level = options?.level ?? 2
    const endpoint = { name: "MiroClient.execute", level, credits: credits[level] }
    return client.call(request, endpoint, (answer) => Effect.succeed(inMemory(request, answer)))
  }).pipe(observeExecute({ "http.request.method": request.method }))

/**
 * Makes calls with the tokens of one user.
 *
 * **Example** (One program, two users)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Boards, MiroClient } from "effect-miro"
 *
 * const program = Effect.gen(function*() {
 *   yield* Boards.create({ name: "Retro" }).pipe(MiroClient.as("anna"))
 *   yield* Boards.create({ name: "Retro" }).pipe(MiroClient.as("ben"))
 * })
 * ```
 *
 * @category users
 */
export const as: {
  (user: string): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(self: Effect.Effect<A, E, R>, user: string): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(self: Effect.Effect<A, E, R>, user: string): Effect.Effect<A, E, R> =>
  Effect.provideService(self, CurrentUser, user)
)
