/**
 * Makes the functions that download what an item shows: the item is asked for,
 * then a signed URL, and by that the bytes.
 */
import * as ByteSize from "effect/ByteSize"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Simplify } from "effect/Types"
import type { Download, Options } from "../Download.ts"
import { type Endpoint, MiroClient } from "../MiroClient.ts"
import { InvalidInput, InvalidResponse, type Issue, MiroError, type Reason } from "../../MiroError.ts"
import type { Metadata, Operation } from "../Operation.ts"
import { credits } from "../RateLimit.ts"
import { Retry } from "../Retry.ts"
import * as Deadline from "../call/deadline.ts"
import * as CallSite from "../call/site.ts"
import * as Timeouts from "../../http/timeouts.ts"
import * as Encode from "../operation/encode.ts"
import { describe } from "../../http/exchange.ts"
import * as Issues from "../operation/issues.ts"
import * as Telemetry from "../call/telemetry.ts"
import * as Body from "./body.ts"
import * as Signing from "./signing.ts"
import * as Storage from "./storage.ts"
import * as Urls from "./urls.ts"

type Codec = Schema.ConstraintCodec<unknown, unknown>

interface ItemInput {
  readonly boardId: string
  readonly itemId: string
}

interface Declaration<A, Query> {
  /** How it is called in code: module and function. */
  readonly name: string
  /** Gets the item. */
  readonly get: Operation<ItemInput, A>
  /** The field of the item's `data` that has the URL of its bytes. */
  readonly field: string
  readonly url: (item: A) => string | undefined
  /** What the input may have beside the ids of board and item, and goes into the query. */
  readonly query?: Query
  /** What the query has unless the input has another value. */
  readonly parameters?: Readonly<Record<string, string>>
}

/**
 * A function that downloads a file.
 *
 * @category models
 */
export interface DownloadFunction<I> {
  (input: I, options?: Options): Effect.Effect<Download, MiroError, MiroClient | Scope.Scope>
  /** What is known of the requests to Miro. */
  readonly operation: Pick<Metadata, "name" | "method" | "path" | "scopes" | "level">
}

type Input<Query> = Simplify<ItemInput & (Query extends Schema.Constraint ? Query["Type"] : unknown)>

// What one of the API's resources costs is not documented. An item costs this.
const level = 1

const defaultMaxBytes = ByteSize.mebibytes(100)

interface Wanted {
  readonly item: ItemInput
  readonly parameters: Readonly<Record<string, string>>
  readonly maxBytes: ByteSize.ByteSize
}

// The texts that are a size are more than the compiler follows.
const limitOf = (options: Options | undefined): Option.Option<ByteSize.ByteSize> =>
  options?.maxBytes === undefined ? Option.some(defaultMaxBytes) : ByteSize.fromInput(options.maxBytes)

const readInput = Effect.fnUntraced(function* (
  encoder: Encode.Encoder,
  parameters: Wanted["parameters"] | undefined,
  input: unknown,
  options: Options | undefined
): Effect.fn.Return<Wanted, InvalidInput> {
  const read = encoder.read(input)
  const invalid = (issues: ReadonlyArray<Issue>) => new InvalidInput({ issues: Issues.bounded(issues) })
  const { request } = yield* Effect.mapError(Effect.fromResult(encoder.encode(read)), invalid)
  const maxBytes = yield* Effect.mapError(Effect.fromOption(limitOf(options)), () =>
    invalid([{ path: ["maxBytes"], message: "must be a number of bytes, or a text such as 10 MiB" }])
  )
  const { boardId, itemId } = read.fields
  return {
    // Both are in the path, which could be encoded.
    item: { boardId: String(boardId), itemId: String(itemId) },
    parameters: {
      ...parameters,
      ...Object.fromEntries(
        Array.from(request.urlParams, ([name, value]) => [name, Redacted.isRedacted(value) ? "" : value])
      )
    },
    maxBytes
  }
})

interface Steps {
  readonly wanted: Wanted
  readonly storage: Storage.Storage
  readonly failWith: (reason: Reason) => MiroError
  readonly name: string
}

const millisSince = (started: bigint): Effect.Effect<number> =>
  Effect.map(Clock.monotonicTimeNanos, (now) => Number(now - started) / 1e6)

/** Asks the storage once. Whatever fails, the connection is closed. */
const attempt = Effect.fnUntraced(function* (
  { failWith, storage, wanted: { maxBytes } }: Steps,
  url: Redacted.Redacted,
  timeouts: Body.Remaining["timeouts"],
  started: bigint
): Effect.fn.Return<Download, Reason, Scope.Scope> {
  const begun = yield* Clock.monotonicTimeNanos
  const scope = yield* Scope.fork(yield* Effect.scope)
  const { contentType, length, redaction, response } = yield* Timeouts.ofAttempt(timeouts, () =>
    Storage.open(storage, url, maxBytes)
  ).pipe(
    Scope.provide(scope),
    Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
  )
  const stream = response.stream.pipe(
    Stream.catchReason("HttpClientError", "EmptyBodyError", () => Stream.empty),
    Stream.mapError((error) => describe(error, redaction))
  )
  const remaining = {
    timeouts,
    attempt: Duration.toMillis(timeouts.attempt) - (yield* millisSince(begun)),
    call: Duration.toMillis(timeouts.call) - (yield* millisSince(started))
  }
  const bytes = Body.bytes({ status: response.status, stream, length, maxBytes, remaining, scope })
  return { contentType, length, bytes: Stream.mapError(bytes, failWith) }
})

/** Asks the storage as often as `Retry` says. */
const fetch = Effect.fnUntraced(function* (
  steps: Steps,
  url: Redacted.Redacted,
  timeouts: Body.Remaining["timeouts"],
  started: bigint
): Effect.fn.Return<Download, MiroError, Scope.Scope> {
  const { failWith, name } = steps
  const retry = yield* Retry
  const scope = yield* Effect.scope
  let failed: Telemetry.FailedAttempt | undefined
  const once = Effect.suspend(() =>
    Effect.andThen(
      failed === undefined ? Effect.void : Telemetry.retried(name, failed),
      attempt(steps, url, timeouts, started)
    )
  ).pipe(
    Effect.tapError((reason) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        failed = { reason, at }
      })
    ),
    Effect.mapError(failWith),
    Scope.provide(scope)
  )
  return yield* retry(once)
})

// A signed URL is good for a minute, and which of these the storage then responds with is its own affair.
const ofExpired: ReadonlySet<number> = new Set([400, 401, 403, 410])

const isExpired = ({ reason }: MiroError): boolean => reason._tag === "UnexpectedStatus" && ofExpired.has(reason.status)

const here = (body: Uint8Array, contentType: string, { maxBytes }: Wanted): Effect.Effect<Download, InvalidResponse> =>
  body.length > Number(maxBytes)
    ? Effect.fail(Storage.tooLarge(200, maxBytes))
    : Effect.succeed({ contentType, length: body.length, bytes: Stream.succeed(body) })

/** Gets a signed URL, and the bytes by it. */
const open = Effect.fnUntraced(function* (
  steps: Steps,
  located: Effect.Effect<Signing.Located, MiroError>,
  started: bigint
): Effect.fn.Return<Download, MiroError, Scope.Scope> {
  const timeouts = yield* Timeouts.current
  const get = Effect.flatMap(located, (found) =>
    found._tag === "Signed"
      ? Effect.result(fetch(steps, found.url, timeouts, started))
      : Effect.result(Effect.mapError(here(found.body, found.contentType, steps.wanted), steps.failWith))
  )
  const first = yield* get
  // The pauses between attempts can be longer than a signed URL lives.
  const result = Result.isFailure(first) && isExpired(first.failure) ? yield* get : first
  return yield* Effect.fromResult(result)
})

/** The resource that an item shows, as the API is asked for it. */
const resourceOf = <A, Query>(
  { field, url }: Declaration<A, Query>,
  item: A,
  { baseUrl }: Storage.Storage
): Effect.Effect<Urls.Resource, InvalidResponse> =>
  Effect.mapError(
    Effect.fromResult(Urls.resource(url(item), baseUrl)),
    (message) => new InvalidResponse({ status: 200, issues: [{ path: ["data", field], message }], excerpt: "" })
  )

/** Goes from the item to its bytes. All steps share the deadline of the call. */
const downloading = <A, Query>(
  declaration: Declaration<A, Query>,
  client: MiroClient["Service"],
  endpoint: Endpoint,
  wanted: Wanted
) => {
  const { get, name } = declaration
  const failing = (path: string) => (reason: Reason) => new MiroError({ operation: name, method: "GET", path, reason })
  const inSteps = Effect.fnUntraced(function* (
    storage: Storage.Storage,
    started: bigint
  ): Effect.fn.Return<Download, MiroError, Scope.Scope> {
    const item = yield* get(wanted.item).pipe(
      Effect.provideService(MiroClient, client),
      Effect.mapError((error) => new MiroError({ ...error, operation: name }))
    )
    const { path, query } = yield* Effect.mapError(resourceOf(declaration, item, storage), failing(get.operation.path))
    const request = Signing.request(path, query, wanted.parameters)
    const located = client.call(request, endpoint, Signing.locationOf(storage.baseUrl))
    return yield* open({ wanted, storage, name, failWith: failing(path) }, located, started)
  })
  return Effect.fnUntraced(function* (storage: Storage.Storage) {
    const started = yield* Clock.monotonicTimeNanos
    const { call } = yield* Timeouts.current
    return yield* inSteps(storage, started).pipe(
      Deadline.since(started),
      Timeouts.ofCall(call),
      Effect.mapError((error) => (error._tag === "Timeout" ? failing(get.operation.path)(error) : error))
    )
  })
}

/** Declares a download. */
export const make = <A, const Query extends Codec | undefined = undefined>(
  declaration: Declaration<A, Query>
): DownloadFunction<Input<Query>> => {
  const { get, name, parameters, query } = declaration
  const { path, scopes } = get.operation
  let encoder: Encode.Encoder | undefined
  // Made with the first call, as that of an operation is.
  const prepare = () => (encoder ??= Encode.make({ method: "GET", path, query }))
  const failWith = (reason: Reason) => new MiroError({ operation: name, method: "GET", path, reason })
  const observe = Telemetry.operation(name)
  const attributes = { "http.request.method": "GET", "url.template": path, "miro.level": level }
  const begin = Effect.fnUntraced(
    function* (input: unknown, options?: Options, _site?: CallSite.CallSite) {
      const wanted = yield* Effect.mapError(readInput(prepare(), parameters, input, options), failWith)
      const client = yield* MiroClient
      const endpoint: Endpoint = {
        name,
        level,
        credits: credits[level],
        scopes,
        input,
        takesRedirect: true
      }
      return yield* client.download(endpoint, downloading(declaration, client, endpoint, wanted))
    },
    (self, _input, _options, site) => observe(attributes, site)(self)
  )
  const download = (input: Input<Query>, options?: Options) => begin(input, options, CallSite.capture(download))
  return Object.assign(download, { operation: { name, method: "GET", path, scopes, level } as const })
}
