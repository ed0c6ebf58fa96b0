/**
 * An `HttpClient` that responds from a script and keeps what it was sent.
 */
import { assert } from "@effect/vitest"
import { Clock, Context, Effect, Fiber, Layer, Redacted, Result, Stream } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { AccessToken, MiroClient, type MiroError, Retry } from "effect-miro"

/** A request as it would have left the machine. */
export interface Sent {
  readonly method: string
  readonly url: string
  /** With its percent-encoding intact, after the URL parser has had its way with dot segments. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string | undefined
  /** When it was sent, by the `Clock`. */
  readonly at: number
}

export type Reply = (
  request: HttpClientRequest.HttpClientRequest
) => Effect.Effect<Response, HttpClientError.HttpClientError>

export type Respond = (sent: Sent, index: number) => Reply

/** Everything that was sent, in order. */
export class Wire extends Context.Service<Wire, { readonly sent: ReadonlyArray<Sent> }>()("test/support/http/Wire") {}

interface ReplyOptions {
  readonly status?: number
  readonly headers?: Record<string, string>
}

export const text =
  (body: string | Uint8Array<ArrayBuffer>, { headers = {}, status = 200 }: ReplyOptions = {}): Reply =>
  () =>
    Effect.sync(() => new Response(body, { status, headers }))

export const json = (body: unknown, options?: ReplyOptions): Reply =>
  text(JSON.stringify(body), { ...options, headers: { "content-type": "application/json", ...options?.headers } })

export const status = (status: number, headers?: Record<string, string>): Reply =>
  json({ type: "error", code: "code", message: "message", status }, { status, ...(headers && { headers }) })

export const noContent: Reply = () => Effect.sync(() => new Response(null, { status: 204 }))

/** The connection breaks before there is a response. */
export const fault: Reply = (request) =>
  Effect.fail(
    new HttpClientError.HttpClientError({
      reason: new HttpClientError.TransportError({ request, cause: new Error("socket hang up") })
    })
  )

export const silence: Reply = () => Effect.never

/** One reply after the other. A request too many is a defect. */
export const script =
  (...replies: ReadonlyArray<Reply>): Respond =>
  ({ method, url }, index) =>
    replies[index] ?? (() => Effect.die(new Error(`request ${index + 1} was not expected: ${method} ${url}`)))

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): Effect.Effect<string | undefined> => {
  switch (body._tag) {
    case "Uint8Array":
      return Effect.succeed(new TextDecoder().decode(body.body))
    case "Stream":
      return Effect.orDie(Stream.mkString(Stream.decodeText(body.stream)))
    case "Empty":
      return Effect.succeed(undefined)
    default:
      return Effect.succeed(`[${body._tag}]`)
  }
}

export const layerWire = (respond: Respond): Layer.Layer<Wire | HttpClient.HttpClient> => {
  const sent: Array<Sent> = []
  const client = HttpClient.make(
    Effect.fnUntraced(function* (request, url) {
      const entry: Sent = {
        method: request.method,
        url: url.href,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: { ...request.headers },
        body: yield* bodyOf(request),
        at: yield* Clock.currentTimeMillis
      }
      // A list that never ends would otherwise end no test.
      if (sent.push(entry) > 50_000) return yield* Effect.die(new Error("there is no end to the requests"))
      return HttpClientResponse.fromWeb(request, yield* respond(entry, sent.length - 1)(request))
    })
  )
  return Layer.merge(Layer.succeed(Wire, { sent }), Layer.succeed(HttpClient.HttpClient, client))
}

export const token = Redacted.make("test-token")

interface ClientOptions extends MiroClient.Options {
  readonly accessToken?: Layer.Layer<AccessToken.AccessToken>
}

/** A client with one fixed token on a wire of its own. */
export const wired = (respond: Respond, { accessToken, ...options }: ClientOptions = {}) =>
  Effect.provide(
    MiroClient.layer(options).pipe(
      Layer.provide(accessToken ?? AccessToken.layer(token)),
      Layer.provideMerge(Layer.suspend(() => layerWire(respond)))
    )
  )

/** A client that gets these replies, one after the other. */
export const replying = (...replies: ReadonlyArray<Reply>) => wired(script(...replies))

/** A client whose every request gets the same reply. */
export const always = (reply: Reply) => wired(() => reply)

export const once = Retry.provide(Retry.none)

/**
 * Runs an effect while the test clock goes on, so that pauses end. It goes on
 * by little at a time: a response that takes some turns is no late one.
 */
export const inTime = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(self)
    while (fiber.pollUnsafe() === undefined) {
      yield* Effect.repeat(Effect.yieldNow, { times: 10 })
      yield* TestClock.adjust("2 seconds")
    }
    return yield* Fiber.join(fiber)
  })

type Failed<Tag> = MiroError.MiroError & { readonly reason: Extract<MiroError.Reason, { readonly _tag: Tag }> }

const hasReason = <Tag extends MiroError.Reason["_tag"]>(error: MiroError.MiroError, tag: Tag): error is Failed<Tag> =>
  error.reason._tag === tag

/** The error of a call that has to fail for this reason. */
export const failsWith = <A, R, Tag extends MiroError.Reason["_tag"]>(
  self: Effect.Effect<A, MiroError.MiroError, R>,
  tag: Tag
): Effect.Effect<Failed<Tag>, never, R> =>
  Effect.map(Effect.result(self), (result) => {
    if (Result.isSuccess(result)) assert.fail(`expected ${tag}, got a success`)
    const error = result.failure
    return hasReason(error, tag) ? error : assert.fail(`expected ${tag}, got: ${error.message}`)
  })
