/**
 * The storage outside of Miro's API that holds the bytes of images and documents. It is
 * asked by a signed URL, without a token and without anything else of the API.
 */
import * as ByteSize from "effect/ByteSize"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { InvalidResponse, RateLimited, type Reason, ServerError, Transport, UnexpectedStatus } from "../../MiroError.ts"
import { abandon, describe, isRedirect } from "../../http/exchange.ts"
import * as RateLimitHeaders from "../../http/rateLimitHeaders.ts"
import * as Redaction from "../../http/redaction.ts"
import * as Telemetry from "../../http/telemetry.ts"
import * as Urls from "./urls.ts"

type Response = HttpClientResponse.HttpClientResponse

export interface Storage {
  readonly client: HttpClient.HttpClient
  /** Of the API: says whether `http:` will do. */
  readonly baseUrl: string
}

/** A response with the bytes, none of which is read yet. */
export interface Opened {
  readonly response: Response
  readonly contentType: string | undefined
  /** Of the bytes as they are read, if that is known. */
  readonly length: number | undefined
  readonly redaction: Redaction.Redaction
}

// As many as a browser would follow is more than any storage needs.
const maxRedirects = 5

const send = Effect.fnUntraced(function* (
  client: HttpClient.HttpClient,
  url: Redacted.Redacted,
  redirect: "follow" | "manual"
): Effect.fn.Return<Response, Transport> {
  const redaction = Redaction.make(Urls.secretsIn(url))
  const options = Option.getOrElse(yield* Effect.serviceOption(FetchHttpClient.RequestInit), () => ({}))
  // An encoded body has another length than its bytes. Browsers decide on the encoding themselves.
  const request = HttpClientRequest.get(Redacted.value(url), {
    headers: { accept: "*/*", "accept-encoding": "identity" }
  })
  return yield* client.execute(request).pipe(
    // To a client of the program, a status can be an error.
    Effect.catch((error) =>
      error.reason._tag === "StatusCodeError"
        ? Effect.succeed(error.reason.response)
        : Effect.fail(describe(error, redaction))
    ),
    Effect.catchDefect((defect) => Effect.die(redaction.quoteCause(defect))),
    Effect.provideService(FetchHttpClient.RequestInit, {
      ...options,
      // Those of the program may be for a proxy in front of the API, and have secrets.
      headers: {},
      redirect,
      credentials: "omit",
      referrerPolicy: "no-referrer"
    }),
    // The client's own span would have the signed URL, and its headers would go along.
    Effect.provideService(HttpClient.TracerDisabledWhen, constTrue)
  )
})

const acquire = (client: HttpClient.HttpClient, url: Redacted.Redacted, redirect: "follow" | "manual") =>
  Effect.acquireRelease(send(client, url, redirect), abandon, { interruptible: true })

const problem = (status: number, path: ReadonlyArray<string>, message: string) =>
  // Whatever the storage says of a signed URL may repeat it.
  new InvalidResponse({ status, issues: [{ path, message }], excerpt: "" })

/** Follows the redirects of the storage, each of which has to be as good as the URL before it. */
const follow = Effect.fnUntraced(function* (
  { baseUrl, client }: Storage,
  signed: Redacted.Redacted
): Effect.fn.Return<readonly [Response, Redacted.Redacted], Reason, Scope.Scope> {
  let url = signed
  for (let count = 0; count <= maxRedirects; count++) {
    const response = yield* acquire(client, url, "manual")
    const { location } = response.headers
    // A browser does not show where a redirect leads, but neither does it follow one to `http:`.
    if (response.status === 0) return [yield* acquire(client, url, "follow"), url]
    if (!isRedirect(response) || location === undefined) return [response, url]
    yield* abandon(response)
    const next = Urls.redirected(url, location, baseUrl)
    if (Result.isFailure(next)) return yield* problem(response.status, ["location"], next.failure)
    url = next.success
  }
  return yield* new Transport({ description: `the storage redirected more than ${maxRedirects} times` })
})

/** What the storage says instead of the bytes. Its body is not quoted: it may repeat the signed URL. */
const refusal = Effect.fnUntraced(function* ({ headers, status }: Response): Effect.fn.Return<Reason> {
  const wait = RateLimitHeaders.retryAfter(status, headers, yield* Clock.currentTimeMillis)
  const described = {
    status,
    message: `the storage outside of the API responded with status ${status}`,
    ...(wait !== undefined && { retryAfter: wait })
  }
  if (status === 429) return new RateLimited(described)
  return status >= 500 ? new ServerError(described) : new UnexpectedStatus(described)
})

/** The length of the body as it is read, if its headers say so. */
const lengthOf = ({ headers }: Response): number | undefined => {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity"
  const length = headers["content-length"]?.trim()
  return encoding === "identity" && length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined
}

export const tooLarge = (status: number, maxBytes: ByteSize.ByteSize) =>
  problem(status, [], `the body is larger than ${ByteSize.format(maxBytes)}`)

const isWebPage = (contentType: string | undefined): boolean =>
  /^\s*(?:text\/html|application\/xhtml)/i.test(contentType ?? "")

/** Asks the storage for the bytes, up to the head of its response. */
export const open = (
  storage: Storage,
  signed: Redacted.Redacted,
  maxBytes: ByteSize.ByteSize
): Effect.Effect<Opened, Reason, Scope.Scope> =>
  Effect.gen(function* () {
    const [response, url] = yield* follow(storage, signed)
    const { headers, status } = response
    yield* Telemetry.annotate(() => ({ "http.response.status_code": status }))
    // A part of the bytes was not asked for, and no content is no image.
    if (status !== 200 && status !== 203) return yield* Effect.flatMap(refusal(response), Effect.fail)
    const contentType = headers["content-type"]
    if (isWebPage(contentType)) return yield* problem(status, [], "the storage responded with a web page")
    const length = lengthOf(response)
    if (length !== undefined && length > Number(maxBytes)) return yield* tooLarge(status, maxBytes)
    const redaction = Redaction.make([...Urls.secretsIn(signed), ...Urls.secretsIn(url)])
    return { response, contentType, length, redaction }
  }).pipe(Telemetry.storage(Redacted.value(signed)))
