/**
 * One call: its request is checked and completed, sent with a token, sent again
 * with another one if Miro refuses that, and all of it as often as `Retry` says.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpBody from "effect/http/HttpBody"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { InvalidInput, isAmbiguous, MiroError, type Reason } from "../../MiroError.ts"
import { type Level, type Limiter, none, type Permit, RateLimit } from "../RateLimit.ts"
import { Retry } from "../Retry.ts"
import * as Deadline from "./deadline.ts"
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
  /** Reads the files that are the body of the request: once, before the first attempt, within the time of the call. */
  readonly files?: ((timeouts: Timeouts.OfUpload) => Effect.Effect<HttpBody.HttpBody, Reason>) | undefined
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
  readonly context: Context.Context<never>
  readonly request: HttpClientRequest.HttpClientRequest
  readonly endpoint: Endpoint
  readonly timeouts: Timeouts.OfAttempt & Timeouts.OfUpload
  readonly tokens: CallTokens.CallTokens
  readonly progress: Progress
}

// A URL parser takes a percent-encoded dot for a dot and a backslash for a slash, and drops white space.
const unsafePath = /^\/\/|[\\\s\p{Control}]|^[^?#]*\/(?:\.|%2e){1,2}(?:[/?#]|$)/iu

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
const acquire = (limit: Limiter, { context, endpoint, progress }: Call): Effect.Effect<Permit, Reason, Scope.Scope> =>
  Effect.suspend(() => {
    const clock = Context.get(context, Clock.Clock)
    const asked = clock.monotonicTimeNanosUnsafe()
    return Effect.ensuring(
      limit.acquire(endpoint.credits),
      // A call that gives up waiting has waited too.
      Effect.sync(() => {
        progress.waited += clock.monotonicTimeNanosUnsafe() - asked
      })
    )
  })

const observeResponse = (
  { progress }: Call,
  permit: Permit | undefined,
  fullResponse: FullResponse
): Effect.Effect<FullResponse> => {
  const { headers, response } = fullResponse
  const { status } = response
  progress.outcomeUnknown = false
  progress.status = status
  if (permit === undefined) {
    progress.remaining = RateLimitHeaders.remaining(headers) ?? progress.remaining
    return Effect.succeed(fullResponse)
  }
  const budget = RateLimitHeaders.rateLimit(headers)
  progress.remaining = budget?.remaining ?? progress.remaining
  return Effect.as(permit.observe({ status, budget, retryAfter: undefined }), fullResponse)
}

const observeFailure = (
  { progress }: Call,
  permit: Permit | undefined,
  wasUnknown: boolean,
  reason: Reason
): Effect.Effect<void> => {
  const budget = "rateLimit" in reason ? reason.rateLimit : undefined
  const status = Http.statusOf(reason)
  progress.outcomeUnknown = wasUnknown || isAmbiguous(reason)
  progress.status = status
  progress.remaining = budget?.remaining ?? progress.remaining
  return status === undefined || permit === undefined
    ? Effect.void
    : permit.observe({ status, budget, retryAfter: "retryAfter" in reason ? reason.retryAfter : undefined })
}

/** Sends the request with a token, and takes down what comes of it, for the limiter too. */
const sendWith = (
  { client, spend }: Connection,
  call: Call,
  permit: Permit | undefined,
  token: Redacted.Redacted
): Effect.Effect<FullResponse, Reason> => {
  if (!Headers.isBearerToken(Redacted.value(token))) {
    return Effect.andThen(permit?.release ?? Effect.void, Effect.fail(invalid("accessToken", "is not a bearer token")))
  }
  const { context, endpoint, progress, request, timeouts } = call
  progress.tokens.push(token)
  progress.requests++
  spend(endpoint.credits, endpoint.level, context)
  const wasUnknown = progress.outcomeUnknown
  // Until there is a response: a deadline of the whole call may end this before.
  progress.outcomeUnknown = true
  const sent = exchange(client, HttpClientRequest.bearerToken(request, token), {
    timeouts,
    redaction: Redaction.make(progress.tokens),
    isDoneWhenAbsent: wasUnknown && endpoint.isDeletion === true,
    takesRedirect: endpoint.takesRedirect === true
  })
  return Effect.matchEffect(sent, {
    onSuccess: (response) => observeResponse(call, permit, response),
    onFailure: (reason) => Effect.andThen(observeFailure(call, permit, wasUnknown, reason), Effect.fail(reason))
  })
}

/** Sends the request once. */
const send = (
  connection: Connection,
  call: Call,
  token: Effect.Effect<Redacted.Redacted, Reason>
): Effect.Effect<FullResponse, Reason> => {
  const limit = Context.get(call.context, RateLimit)
  return limit === none
    ? Effect.flatMap(token, (token) => sendWith(connection, call, undefined, token))
    : Effect.scoped(
        Effect.flatMap(acquire(limit, call), (permit) =>
          // After the wait for credits, in which the token of before may have ended.
          Effect.flatMap(
            Effect.onError(token, () => permit.release),
            (token) => sendWith(connection, call, permit, token)
          )
        )
      )
}

/** Sends the request, and again if its token is refused and there is another one. */
const sendAndReplay = (
  connection: Connection,
  call: Call,
  tokenToSend: Effect.Effect<Redacted.Redacted, Reason>
): Effect.Effect<FullResponse, Reason> => {
  const { progress, tokens } = call
  return Effect.matchEffect(send(connection, call, tokenToSend), {
    onSuccess: (response) => {
      tokens.accepted()
      return Effect.succeed(response)
    },
    onFailure: (reason) => {
      const token = progress.tokens.at(-1)
      if (reason._tag !== "Unauthorized" || token === undefined) {
        tokens.accepted()
        return Effect.fail(reason)
      }
      return Effect.flatMap(tokens.next(token), (next) =>
        Option.isNone(next)
          ? Effect.fail(reason)
          : Effect.andThen(Http.refreshed, sendAndReplay(connection, call, Effect.succeed(next.value)))
      )
    }
  })
}

const attempt = (
  connection: Connection,
  call: Call,
  failWith: (reason: Reason) => MiroError
): Effect.Effect<FullResponse, MiroError> => {
  const { context, endpoint, progress, tokens } = call
  return Effect.suspend(() => {
    progress.attempts++
    const sent = sendAndReplay(connection, call, tokens.first)
    return progress.failed === undefined
      ? sent
      : Effect.andThen(Telemetry.retried(endpoint.name, progress.failed), sent)
  }).pipe(
    Effect.catch((reason) => {
      progress.failed = { reason, at: Context.get(context, Clock.Clock).currentTimeMillisUnsafe() }
      return Effect.fail(failWith(reason))
    })
  )
}

/** Reads what is to be sent, and makes as many attempts as `Retry` says. */
const makeAttempts = (
  connection: Connection,
  call: Call,
  failWith: (reason: Reason) => MiroError
): Effect.Effect<FullResponse, MiroError> => {
  const { context, endpoint, request, timeouts } = call
  const retry = CallTokens.isReplayable(request) ? Context.get(context, Retry) : identity
  const { files } = endpoint
  if (files === undefined) return retry(attempt(connection, call, failWith))
  const began = Deadline.began(context)
  return Effect.flatMap(Effect.mapError(files(timeouts), failWith), (body) => {
    const complete = { ...call, request: HttpClientRequest.setBody(request, body) }
    return Deadline.since(began)(retry(attempt(connection, complete, failWith)))
  })
}

/** What the span of a call says of it in the end. */
const annotate = ({ server }: Connection, path: string, { credits }: Endpoint, progress: Progress) =>
  Http.annotate(() => ({
    "http.response.status_code": progress.status,
    "http.request.resend_count": progress.requests > 1 ? progress.requests - 1 : undefined,
    ...server(path),
    "miro.attempts": progress.attempts,
    "miro.credits.cost": credits || undefined,
    "miro.credits.remaining": progress.remaining,
    "miro.credits.wait": Number(progress.waited / 1_000_000n) / 1000 || undefined
  }))

/** Makes a call, and hands its response to `decodeResponse`. */
export const make = <A>(
  connection: Connection,
  request: HttpClientRequest.HttpClientRequest,
  endpoint: Endpoint,
  decodeResponse: (fullResponse: FullResponse) => Effect.Effect<A, Reason>
): Effect.Effect<A, MiroError> =>
  Effect.contextWith((context: Context.Context<never>): Effect.Effect<A, MiroError> => {
    const progress: Progress = { attempts: 0, requests: 0, waited: 0n, outcomeUnknown: false, tokens: [] }
    const failWith = failing(request, endpoint, progress)
    const completed = complete(connection, request)
    if (Result.isFailure(completed)) return Effect.fail(failWith(completed.failure))
    const path = pathOf(request)
    const timeouts = Timeouts.within(context)
    const tokens = connection.tokensOf(request, path)
    const call: Call = { context, request: completed.success, endpoint, timeouts, tokens, progress }
    return makeAttempts(connection, call, failWith).pipe(
      Timeouts.ofCall(timeouts.call),
      Effect.ensuring(annotate(connection, path, endpoint, progress)),
      Effect.matchEffect({
        onFailure: (error) => Effect.fail(error._tag === "Timeout" ? failWith(error) : error),
        onSuccess: (fullResponse) => Effect.mapError(decodeResponse(fullResponse), failWith)
      })
    )
  })
