/**
 * One call: its request is checked and completed, sent with a token, sent again
 * with another one if Miro refuses that, and all of it as often as `Retry` says.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { InvalidInput, isAmbiguous, MiroError, type Reason } from "../../MiroError.ts"
import { type Level, type Permit, RateLimit } from "../RateLimit.ts"
import { Retry } from "../Retry.ts"
import * as Telemetry from "./telemetry.ts"
import * as CallTokens from "./tokens.ts"
import * as Timeouts from "../../http/timeouts.ts"
import { type FullResponse, exchange } from "../../http/exchange.ts"
import * as Explain from "../../http/explain.ts"
import * as Headers from "../../http/headers.ts"
import * as RateLimitHeaders from "../../http/rateLimitHeaders.ts"
import * as Redaction from "../../http/redaction.ts"
import * as Http from "../../http/telemetry.ts"

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
  /** The scopes that it needs, if they are known. */
  readonly scopes?: ReadonlyArray<string> | undefined
  /** Whether the request may be repeated, if that is not as its method says. */
  readonly isIdempotent?: boolean | undefined
  /** What the operation was called with. */
  readonly input?: unknown
  /**
   * Whether it deletes what its path names, and nothing is read from the
   * response. A `404` is then a success if an attempt before it, of the same
   * call, may have been processed: its response was lost.
   */
  readonly isDeletion?: boolean | undefined
  /** Whether a redirect is a response like others, which is not followed, but shown. */
  readonly takesRedirect?: boolean | undefined
}

/** What all calls of a client share. */
export interface Connection {
  readonly client: HttpClient.HttpClient
  readonly tokensOf: ReturnType<typeof CallTokens.make>
  readonly baseUrl: string
  /** Why no token may go to the base URL. */
  readonly misdirected: string | undefined
  readonly userAgent: string
  readonly server: ReturnType<typeof Http.server>
  readonly spend: ReturnType<typeof Telemetry.spending>
}

/** What a call has come to so far. */
interface Progress {
  attempts: number
  requests: number
  /** At the limiter, in nanoseconds. */
  waited: bigint
  /** Whether a request was sent for which there is no response that says what became of it. */
  outcomeUnknown: boolean
  /** Of all requests, the last one at the end. */
  readonly tokens: Array<Redacted.Redacted>
  /** Of the last request, if there was a response to it. */
  status?: number | undefined
  remaining?: number | undefined
  failed?: Telemetry.FailedAttempt
}

interface Call {
  readonly request: HttpClientRequest.HttpClientRequest
  readonly endpoint: Endpoint
  readonly timeouts: Timeouts.OfAttempt
  readonly tokens: CallTokens.CallTokens
  readonly progress: Progress
}

// RFC 6750. Anything else would fail deep inside of the HTTP client, with an error that quotes the header.
const bearerToken = /^[\w\-.~+/]+=*$/

// A URL parser takes a percent-encoded dot for a dot and a backslash for a slash, and drops white space.
const unsafePath = /^\/\/|[\\\s\p{Control}]|(?:^|\/)(?:\.|%2e){1,2}(?:[/?#]|$)/iu

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"])

const invalid = (path: string, message: string) => new InvalidInput({ issues: [{ path: [path], message }] })

const pathOf = ({ url }: HttpClientRequest.HttpClientRequest): string => url.split(/[?#]/)[0] ?? ""

/** Makes the errors of a call. */
const failing =
  (request: HttpClientRequest.HttpClientRequest, endpoint: Endpoint, progress: Progress) => (reason: Reason) =>
    new MiroError({
      operation: endpoint.name,
      method: request.method,
      path: pathOf(request),
      reason: Explain.permission(reason, endpoint.name, endpoint.scopes),
      ...(endpoint.isIdempotent !== undefined && { isIdempotent: endpoint.isIdempotent }),
      ...(progress.outcomeUnknown && !safeMethods.has(request.method) && { outcomeUnknown: true })
    })

/** The request as it is sent but for its token, or why it is not sent. */
const complete = (
  { baseUrl, misdirected, userAgent }: Connection,
  request: HttpClientRequest.HttpClientRequest
): Result.Result<HttpClientRequest.HttpClientRequest, InvalidInput> => {
  if (!request.url.startsWith("/") || unsafePath.test(request.url)) {
    return Result.fail(invalid("url", "must be a path that begins with a slash, without dot segments or spaces"))
  }
  if (misdirected !== undefined) return Result.fail(invalid("baseUrl", misdirected))
  const completed = request.pipe(
    HttpClientRequest.prependUrl(baseUrl),
    HttpClientRequest.setHeaders({ accept: "application/json", "user-agent": userAgent, ...request.headers })
  )
  const issues = Headers.issues(completed)
  return issues.length > 0 ? Result.fail(new InvalidInput({ issues })) : Result.succeed(completed)
}

/** Waits for the credits of a request. */
const acquire = Effect.fnUntraced(function* ({ endpoint, progress }: Call) {
  const limit = yield* RateLimit
  const asked = yield* Clock.monotonicTimeNanos
  return yield* Effect.ensuring(
    limit.acquire(endpoint.credits),
    // A call that gives up waiting has waited too.
    Effect.map(Clock.monotonicTimeNanos, (now) => {
      progress.waited += now - asked
    })
  )
})

/** Takes down what a request has come to, for the limiter too. */
const observe = (
  { progress }: Call,
  permit: Permit,
  result: Result.Result<FullResponse, Reason>
): Effect.Effect<void> => {
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
  return status === undefined ? Effect.void : permit.observe({ status, budget, retryAfter })
}

/** Sends the request once. */
const send = Effect.fnUntraced(function* (
  { client, spend }: Connection,
  call: Call,
  tokenToSend: Effect.Effect<Redacted.Redacted, Reason>
): Effect.fn.Return<FullResponse, Reason, Scope.Scope> {
  const { timeouts, endpoint, progress, request } = call
  const permit = yield* acquire(call)
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
  yield* spend(endpoint.credits, endpoint.level)
  const wasUnknown = progress.outcomeUnknown
  // Until there is a response: a deadline of the whole call may end this before.
  progress.outcomeUnknown = true
  const result = yield* Effect.result(
    exchange(client, HttpClientRequest.bearerToken(request, token), {
      timeouts,
      redaction: Redaction.make(progress.tokens),
      isDoneWhenAbsent: wasUnknown && endpoint.isDeletion === true,
      takesRedirect: endpoint.takesRedirect === true
    })
  )
  progress.outcomeUnknown = Result.isFailure(result) && (wasUnknown || isAmbiguous(result.failure))
  yield* observe(call, permit, result)
  return yield* Effect.fromResult(result)
}, Effect.scoped)

/** Sends the request, and again if its token is refused and there is another one. */
const attempt = Effect.fnUntraced(
  function* (connection: Connection, call: Call): Effect.fn.Return<FullResponse, Reason> {
    const { endpoint, progress, tokens } = call
    progress.attempts++
    if (progress.failed !== undefined) yield* Telemetry.retried(endpoint.name, progress.failed)
    let tokenToSend = tokens.first
    while (true) {
      const result = yield* Effect.result(send(connection, call, tokenToSend))
      const token = progress.tokens.at(-1)
      const isRefused = Result.isFailure(result) && result.failure._tag === "Unauthorized"
      if (!isRefused || token === undefined) {
        tokens.accepted()
        return yield* Effect.fromResult(result)
      }
      const next = yield* tokens.next(token)
      if (Option.isNone(next)) return yield* result.failure
      yield* Http.refreshed
      tokenToSend = Effect.succeed(next.value)
    }
  },
  (self, _, { progress }) =>
    Effect.tapError(self, (reason) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        progress.failed = { reason, at }
      })
    )
)

/** What the span of a call says of it in the end. */
const annotate = ({ server }: Connection, path: string, { credits }: Endpoint, progress: Progress) =>
  Http.annotate({
    "http.response.status_code": progress.status,
    "http.request.resend_count": progress.requests > 1 ? progress.requests - 1 : undefined,
    ...server(path),
    "miro.attempts": progress.attempts,
    "miro.credits.cost": credits || undefined,
    "miro.credits.remaining": progress.remaining,
    "miro.credits.wait": Number(progress.waited / 1_000_000n) / 1000 || undefined
  })

/** Makes a call, and hands its response to `decodeResponse`. */
export const make = Effect.fnUntraced(function* <A>(
  connection: Connection,
  request: HttpClientRequest.HttpClientRequest,
  endpoint: Endpoint,
  decodeResponse: (fullResponse: FullResponse) => Effect.Effect<A, Reason>
): Effect.fn.Return<A, MiroError> {
  const progress: Progress = {
    attempts: 0,
    requests: 0,
    waited: 0n,
    outcomeUnknown: false,
    tokens: []
  }
  const failWith = failing(request, endpoint, progress)
  const completed = yield* Effect.mapError(Effect.fromResult(complete(connection, request)), failWith)
  const timeouts = yield* Timeouts.current
  const tokens = connection.tokensOf(request, pathOf(request))
  const call: Call = { request: completed, endpoint, timeouts, tokens, progress }
  const retry = CallTokens.isReplayable(request) ? yield* Retry : identity
  const fullResponse = yield* Effect.ensuring(
    retry(Effect.mapError(attempt(connection, call), failWith)).pipe(
      Timeouts.ofCall(timeouts.call),
      Effect.mapError((error) => (error._tag === "Timeout" ? failWith(error) : error))
    ),
    Effect.suspend(() => annotate(connection, pathOf(request), endpoint, progress))
  )
  return yield* Effect.mapError(decodeResponse(fullResponse), failWith)
})
