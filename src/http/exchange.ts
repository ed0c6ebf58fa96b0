import * as ByteSize from "effect/ByteSize"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { constTrue } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as Headers from "effect/http/Headers"
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
import * as Bytes from "./bytes.ts"
import * as Timeouts from "./timeouts.ts"
import * as Explain from "./explain.ts"
import * as Failure from "./failure.ts"
import type { Redaction } from "./redaction.ts"
import * as Telemetry from "./telemetry.ts"
import * as Text from "./text.ts"
import * as Thrown from "./thrown.ts"

/**
 * The response to a request, with all of its body.
 *
 * @category models
 */
export interface FullResponse {
  /** The response, whose own body has been read. */
  readonly response: HttpClientResponse.HttpClientResponse
  /** Its headers: a response of fetch makes them anew every time that it is asked. */
  readonly headers: Headers.Headers
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
  for (let depth = 0; depth < 4; depth++) {
    const message = Thrown.propertyOf(cause, "message")
    if (Predicate.isString(message) && message !== "") messages.push(redaction.quote(message))
    cause = Thrown.propertyOf(cause, "cause")
  }
  const description = [error.reason._tag, ...messages].join(": ")
  return new Transport({ description })
}

/** Reading is the only thing that a response lets one interrupt, which closes the connection. */
export const abandon = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<void> =>
  Effect.flatMap(Effect.forkChild(response.arrayBuffer, { startImmediately: true }), Fiber.interrupt)

// So little that it is not worth to look at each piece of it: it comes within the deadline as a whole.
const small = 64 * 1024

interface Head {
  readonly headers: Headers.Headers
  readonly status: number
}

// The length of the body that comes with this response, if its headers say so. That of a HEAD or a 304 is the length of
// another one, and a value that is none, or several, says nothing.
const announcedLength = ({ method }: HttpClientRequest.HttpClientRequest, { headers, status }: Head): number => {
  const length = headers["content-length"]?.trim()
  const isOfThis = method !== "HEAD" && status !== 204 && status !== 304
  return isOfThis && length !== undefined && /^\d+$/.test(length) ? Number(length) : NaN
}

const readBody = (
  request: HttpClientRequest.HttpClientRequest,
  response: HttpClientResponse.HttpClientResponse,
  headers: Headers.Headers,
  maxBodySize: ByteSize.ByteSize,
  moved: () => void,
  redaction: Redaction
): Effect.Effect<Uint8Array, Transport | InvalidResponse> => {
  const { status } = response
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
    return Effect.matchEffect(response.arrayBuffer, {
      onFailure: (error) => Effect.fail(describe(error, redaction)),
      onSuccess: (buffer) =>
        buffer.byteLength > limit ? Effect.failSync(tooLarge) : Effect.succeed(new Uint8Array(buffer))
    })
  }
  return Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    return response.stream.pipe(
      Stream.runForEachArray((more) => {
        moved()
        for (const chunk of more) {
          chunks.push(chunk)
          size += chunk.length
        }
        return size > limit ? Effect.failSync(tooLarge) : Effect.void
      }),
      Effect.catchReason("HttpClientError", "EmptyBodyError", () => Effect.void),
      Effect.mapBoth({
        onFailure: (error) => (error._tag === "HttpClientError" ? describe(error, redaction) : error),
        onSuccess: () => Bytes.concat(chunks)
      })
    )
  })
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

/** What the client is given for one request. */
const withSettings = (context: Context.Context<never>) =>
  context.pipe(
    // The span of the operation takes the place of the client's own, which would also send trace headers unasked.
    Context.add(HttpClient.TracerDisabledWhen, constTrue),
    // A redirect would carry the token, or a body full of secrets, to wherever it points.
    Context.add(FetchHttpClient.RequestInit, {
      ...Option.getOrUndefined(Context.getOption(context, FetchHttpClient.RequestInit)),
      redirect: "manual"
    })
  )

type Received = Pick<FullResponse, "response" | "headers" | "body">

const nothing = new Uint8Array()

const sendAndRead = (
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  { timeouts, redaction }: Options
): Effect.Effect<Received, Transport | InvalidResponse | Timeout> =>
  Effect.contextWith((context: Context.Context<never>) => {
    const maxBodySize = Context.get(context, HttpIncomingMessage.MaxBodySize) ?? defaultMaxBodySize
    const sent = Effect.updateContext(client.execute(Telemetry.propagate(request, context)), withSettings)
    let failed: Received | undefined
    const receive = (response: HttpClientResponse.HttpClientResponse, moved: () => void) => {
      moved()
      const { headers } = response
      if (!isSuccess(response)) failed = { response, headers, body: nothing }
      const body = readBody(request, response, headers, maxBodySize, moved, redaction)
      return Effect.map(body, (body): Received => ({ response, headers, body }))
    }
    const attempt = (moved: () => void) =>
      Effect.matchEffect(sent, {
        onFailure: (error) =>
          // To a client of the program, a status can be an error.
          error.reason._tag === "StatusCodeError"
            ? receive(error.reason.response, moved)
            : Effect.fail(describe(error, redaction)),
        onSuccess: (response) => receive(response, moved)
      })
    const patient = isUpload(request) ? { ...timeouts, headers: Duration.infinity } : timeouts
    return Timeouts.ofAttempt(patient, attempt).pipe(
      // A client of the user's own can die of an error that holds the request.
      Effect.catchDefect((defect) => Effect.die(redaction.quoteCause(defect))),
      // A status that is no success says enough, even if what explains it is torn, too large or stalls.
      Effect.catch((reason) => (failed === undefined ? Effect.fail(reason) : Effect.succeed(failed)))
    )
  })

export const isRedirect = ({ headers, status }: HttpClientResponse.HttpClientResponse): boolean =>
  [301, 302, 303, 307, 308].includes(status) && headers["location"] !== undefined

// A page of something in between says nothing of what the request is for.
const isAbsence = ({ status }: HttpClientResponse.HttpClientResponse, body: Uint8Array): boolean =>
  (status === 404 || status === 410) && /^\s*(?:\{|$)/.test(Text.decode(body.subarray(0, 64)))

/** The reason for a response that is no success. */
const failure = Effect.fnUntraced(function* (
  { body, headers, response }: Received,
  { url }: HttpClientRequest.HttpClientRequest,
  { redaction, secretsIn }: Options
) {
  const text = Text.decode(body)
  const known = secretsIn === undefined ? redaction : redaction.and(secretsIn(text))
  const reason = yield* Failure.fromResponse(response.status, headers, text, known)
  return yield* Effect.fail(Explain.absence(reason, url))
})

/**
 * Sends one request and receives all of its response within the timeouts. A
 * status that is no success is a failure, whatever the body. The connection is
 * closed when the response is not read to its end.
 */
export const exchange = (
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  options: Options
): Effect.Effect<FullResponse, Reason> => {
  const { isDoneWhenAbsent = false, redaction, takesRedirect = false } = options
  return Effect.flatMap(sendAndRead(client, request, options), (received): Effect.Effect<FullResponse, Reason> => {
    const { body, response } = received
    const isTaken =
      isSuccess(response) || (isDoneWhenAbsent && isAbsence(response, body)) || (takesRedirect && isRedirect(response))
    if (!isTaken) return failure(received, request, options)
    // A body may repeat the request that it is the response to, token and all.
    return Effect.succeed({ ...received, excerpt: () => redaction.quote(Text.decode(body)), redaction })
  })
}
