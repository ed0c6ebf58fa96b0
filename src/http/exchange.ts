import * as ByteSize from "effect/ByteSize"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { constTrue } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { InvalidResponse, type Reason, type Timeout, Transport } from "../MiroError.ts"
import * as Timeouts from "./timeouts.ts"
import * as Explain from "./explain.ts"
import * as Failure from "./failure.ts"
import type { Redaction } from "./redaction.ts"
import * as Telemetry from "./telemetry.ts"
import * as Text from "./text.ts"

/**
 * The response to a request, with all of its body.
 *
 * @category models
 */
export interface FullResponse {
  /** The response, whose own body has been read. */
  readonly response: HttpClientResponse.HttpClientResponse
  readonly body: Uint8Array
  /** The beginning of the body, without the token, for an error to quote. */
  readonly excerpt: () => string
  /** Takes the token out of whatever else an error quotes of the body. */
  readonly redaction: Redaction
}

const defaultMaxBodySize = ByteSize.mebibytes(32)

/**
 * A fault of the network hides behind several causes ("fetch failed" <-
 * "connect ECONNREFUSED ..."): their messages are kept, but not the objects,
 * which hold the request with its token.
 */
export const describe = (error: HttpClientError.HttpClientError, redaction: Redaction): Transport => {
  const messages: Array<string> = []
  let cause: unknown = error.reason.cause
  while (Predicate.hasProperty(cause, "message") && messages.length < 4) {
    messages.push(redaction.quote(String(cause.message)))
    cause = Predicate.hasProperty(cause, "cause") ? cause.cause : undefined
  }
  const description = [error.reason._tag, ...messages.filter((message) => message !== "")].join(": ")
  return new Transport({ description })
}

/** Reading is the only thing that a response lets one interrupt, which closes the connection. */
export const abandon = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<void> =>
  Effect.flatMap(Effect.forkChild(response.arrayBuffer, { startImmediately: true }), Fiber.interrupt)

// So little that it is not worth to look at each piece of it: it comes within the deadline as a whole.
const small = 64 * 1024

// The length of the body that comes with this response, if its headers say so. That of a HEAD or a 304 is the length of
// another one, and a value that is none, or several, says nothing.
const announcedLength = (
  { method }: HttpClientRequest.HttpClientRequest,
  { headers, status }: Pick<HttpClientResponse.HttpClientResponse, "headers" | "status">
): number => {
  const length = headers["content-length"]?.trim()
  const isOfThis = method !== "HEAD" && status !== 204 && status !== 304
  return isOfThis && length !== undefined && /^\d+$/.test(length) ? Number(length) : NaN
}

const readBody = (
  request: HttpClientRequest.HttpClientRequest,
  response: HttpClientResponse.HttpClientResponse,
  maxBodySize: ByteSize.ByteSize,
  moved: Effect.Effect<void>,
  redaction: Redaction
): Effect.Effect<Uint8Array, Transport | InvalidResponse> => {
  // Once: a response of fetch makes them anew every time.
  const { headers, status } = response
  const limit = Number(maxBodySize)
  const announced = announcedLength(request, { headers, status })
  const tooLarge = (): Transport | InvalidResponse =>
    new InvalidResponse({
      status,
      issues: [{ path: [], message: `the body is larger than ${ByteSize.format(maxBodySize)}` }],
      excerpt: ""
    })
  if (announced > limit) return Effect.andThen(abandon(response), Effect.failSync(tooLarge))
  // A compressed body can be larger than it says, and one that says nothing can be anything: those are counted.
  if (announced <= Math.min(limit, small) && headers["content-encoding"] === undefined) {
    return response.arrayBuffer.pipe(
      Effect.mapBoth({
        onFailure: (error) => describe(error, redaction),
        onSuccess: (buffer) => new Uint8Array(buffer)
      }),
      Effect.filterOrFail((body) => body.length <= limit, tooLarge)
    )
  }
  return response.stream.pipe(
    Stream.catchReason("HttpClientError", "EmptyBodyError", () => Stream.empty),
    Stream.mapError((error) => describe(error, redaction)),
    Stream.limitBytes(maxBodySize, () => Stream.failSync(tooLarge)),
    Stream.tap(() => moved),
    Stream.mkUint8Array
  )
}

export interface Options {
  readonly timeouts: Timeouts.OfAttempt
  /** Takes the secrets that the request holds out of what is said of it. */
  readonly redaction: Redaction
  /** The secrets that the body of a failure holds itself. */
  readonly secretsIn?: (body: string) => ReadonlyArray<Redacted.Redacted>
  /** Whether a `404` is a success: that of a deletion that may have been made before. */
  readonly isDoneWhenAbsent?: boolean
  /** Whether a redirect is a success, which whoever asked makes something of. */
  readonly takesRedirect?: boolean
}

const isSuccess = ({ status }: HttpClientResponse.HttpClientResponse): boolean => status >= 200 && status < 300

// A client does not say when it has sent the body, so waiting for the response begins before that.
const isUpload = ({ body }: HttpClientRequest.HttpClientRequest): boolean =>
  body._tag !== "Empty" && (body.contentLength ?? Infinity) > 1024 * 1024

const send = Effect.fnUntraced(function* (
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  redaction: Redaction
): Effect.fn.Return<HttpClientResponse.HttpClientResponse, Transport> {
  const fetchOptions = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
  return yield* client.execute(yield* Telemetry.propagate(request)).pipe(
    Effect.mapError((error) => describe(error, redaction)),
    // A redirect would carry the token, or a body full of secrets, to wherever it points.
    Effect.provideService(FetchHttpClient.RequestInit, { ...Option.getOrUndefined(fetchOptions), redirect: "manual" }),
    // The span of the operation takes the place of the client's own, which would also send trace headers unasked.
    Effect.provideService(HttpClient.TracerDisabledWhen, constTrue)
  )
})

const nothing = new Uint8Array()

const sendAndRead = Effect.fnUntraced(function* (
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  { timeouts, redaction }: Options
): Effect.fn.Return<Pick<FullResponse, "response" | "body">, Transport | InvalidResponse | Timeout> {
  const maxBodySize = (yield* HttpIncomingMessage.MaxBodySize) ?? defaultMaxBodySize
  let failed: HttpClientResponse.HttpClientResponse | undefined
  return yield* Timeouts.ofAttempt(
    isUpload(request) ? { ...timeouts, headers: Duration.infinity } : timeouts,
    (moved) =>
      Effect.gen(function* () {
        const response = yield* send(client, request, redaction)
        yield* moved
        if (!isSuccess(response)) failed = response
        return { response, body: yield* readBody(request, response, maxBodySize, moved, redaction) }
      })
  ).pipe(
    // A client of the user's own can die of an error that holds the request.
    Effect.catchDefect((defect) => Effect.die(redaction.quoteCause(defect))),
    // A status that is no success says enough, even if what explains it is torn, too large or stalls.
    Effect.catch((reason) =>
      failed === undefined ? Effect.fail(reason) : Effect.succeed({ response: failed, body: nothing })
    )
  )
})

export const isRedirect = ({ headers, status }: HttpClientResponse.HttpClientResponse): boolean =>
  [301, 302, 303, 307, 308].includes(status) && headers["location"] !== undefined

// A page of something in between says nothing of what the request is for.
const isAbsence = ({ status }: HttpClientResponse.HttpClientResponse, body: Uint8Array): boolean =>
  (status === 404 || status === 410) && /^\s*(?:\{|$)/.test(Text.decode(body.subarray(0, 64)))

/**
 * Sends one request and receives all of its response within the timeouts. A
 * status that is no success is a failure, whatever the body. The connection is
 * closed when the response is not read to its end.
 */
export const exchange = Effect.fnUntraced(function* (
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  options: Options
): Effect.fn.Return<FullResponse, Reason> {
  const { isDoneWhenAbsent = false, redaction, secretsIn, takesRedirect = false } = options
  const { body, response } = yield* sendAndRead(client, request, options)
  const isTaken =
    isSuccess(response) || (isDoneWhenAbsent && isAbsence(response, body)) || (takesRedirect && isRedirect(response))
  if (isTaken) {
    // A body may repeat the request that it is the response to, token and all.
    return { response, body, excerpt: () => redaction.quote(Text.decode(body)), redaction }
  }
  const text = Text.decode(body)
  const known = secretsIn === undefined ? redaction : redaction.and(secretsIn(text))
  const reason = yield* Failure.fromResponse(response.status, response.headers, text, known)
  return yield* Effect.fail(Explain.absence(reason, request.url))
})
