/**
 * A fake at the level of operations: each operation that a test needs has a
 * handler, and there is no HTTP. For tests of what a program does with Miro; what
 * Miro itself does with a call is the matter of `MiroSandbox`.
 *
 * **Example** (Testing a program against two handlers)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Boards, MiroError, StickyNotes } from "effect-miro"
 * import { MiroTest } from "effect-miro/sandbox"
 *
 * const program = Effect.gen(function* () {
 *   const board = yield* Boards.get({ boardId: "uXjVOfjmfkE=" })
 *   yield* StickyNotes.create({ boardId: board.id, data: { content: "Ship it" } }).pipe(
 *     Effect.catchReason("MiroError", "Forbidden", () => Effect.log("The board is read-only"))
 *   )
 * })
 *
 * const Miro = MiroTest.layer(
 *   MiroTest.on(Boards.get, ({ boardId }) => Effect.succeed({ id: boardId, name: "Retro", type: "board" })),
 *   MiroTest.on(StickyNotes.create, () => new MiroError.Forbidden({ status: 403, message: "read-only" }))
 * )
 *
 * Effect.gen(function* () {
 *   yield* program
 *   return (yield* MiroTest.calls).map(({ operation }) => operation) // => ["Boards.get", "StickyNotes.create"]
 * }).pipe(Effect.provide(Miro), Effect.runPromise)
 * ```
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Download } from "../client/Download.ts"
import * as MiroClient from "../client/MiroClient.ts"
import { InvalidInput, InvalidResponse, isMiroError, type Issue, MiroError, type Reason } from "../MiroError.ts"
import type { Operation } from "../client/Operation.ts"
import type { DownloadFunction } from "../client/download/make.ts"
import * as Issues from "../client/operation/issues.ts"
import * as Json from "../http/json.ts"
import * as Redaction from "../http/redaction.ts"
import * as Timeouts from "../http/timeouts.ts"
import { ScimClient } from "../scim/ScimClient.ts"

/**
 * A call that was made.
 *
 * @category models
 */
export interface Call {
  /** As it is called in code, such as `Boards.get`. */
  readonly operation: string
  /** What the operation was called with, before it is encoded. */
  readonly input: unknown
}

/**
 * What a handler fails with: a reason, or an error of its own making.
 *
 * @category models
 */
export type Failure = Reason | MiroError

/**
 * The handler of one operation.
 *
 * @category models
 */
export interface Handler<R = never> {
  /** The operation as it is called in code, such as `Boards.get`. */
  readonly operation: string
  /** The schema of the operation's value, if it has one. */
  readonly success: Schema.ConstraintCodec<unknown, unknown> | undefined
  /** Gives the value for an input, or the reason why the call fails. */
  readonly handle: (input: unknown) => Effect.Effect<unknown, Failure, R>
}

/**
 * Handles an operation: gives its value for an input, or the reason why it fails.
 * For a list, an input asks for one page, as `limit`, `cursor` or `offset` in it
 * say.
 *
 * **Example** (An image without any HTTP)
 *
 * ```ts
 * import { Effect, Stream } from "effect"
 * import { Images } from "effect-miro"
 * import { MiroTest } from "effect-miro/sandbox"
 *
 * const Miro = MiroTest.layer(
 *   MiroTest.on(Images.download, () =>
 *     Effect.succeed({
 *       contentType: "image/png",
 *       length: 4,
 *       bytes: Stream.make(new Uint8Array([0x89, 0x50, 0x4e, 0x47]))
 *     })
 *   )
 * )
 * ```
 *
 * @category constructors
 */
export const on: {
  <I, R = never>(
    download: DownloadFunction<I>,
    handle: (input: NoInfer<I>) => Effect.Effect<Download, Failure, R>
  ): Handler<R>
  // The last one, since of several a compiler explains the last.
  <I, A, Client, R = never>(
    operation: Operation<I, A, Client>,
    handle: (input: NoInfer<I>) => Effect.Effect<NoInfer<A>, Failure, R>
  ): Handler<R>
} = <R>(
  { operation }: { readonly operation: { readonly name: string; readonly success?: Handler["success"] } },
  // It is called with inputs that could be encoded, which are of the type that the operation says.
  handle: (input: never) => Effect.Effect<unknown, Failure, R>
): Handler<R> => ({
  operation: operation.name,
  success: operation.success,
  handle: handle as (input: unknown) => Effect.Effect<unknown, Failure, R>
})

/**
 * The calls that a layer has handled or refused, in their order.
 *
 * @category services
 */
export class MiroTest extends Context.Service<
  MiroTest,
  {
    /** The calls so far, in their order. */
    readonly calls: Effect.Effect<ReadonlyArray<Call>>
  }
>()("effect-miro/sandbox/MiroTest") {}

/**
 * The calls so far, in their order.
 *
 * @category getters
 */
export const calls: Effect.Effect<ReadonlyArray<Call>, never, MiroTest> = MiroTest.use(({ calls }) => calls)

const missing = (operation: string) => {
  const message = `MiroTest has no handler for ${operation}: add MiroTest.on(${operation}, ...)`
  return new InvalidInput({ issues: [{ path: [], message }] })
}

const unfit = (issues: ReadonlyArray<Issue>) => new InvalidResponse({ status: 200, issues, excerpt: "" })

/** A value as it would be in the body of a response: none where the operation gives no value. */
const encode = ({ success }: Handler, value: unknown): Effect.Effect<string | undefined, Reason> =>
  success === undefined
    ? Effect.undefined
    : Schema.encodeUnknownEffect(success, { errors: "all" })(value).pipe(
        Effect.mapError(({ issue }) => unfit(Issues.fromSchema(issue).map(({ message, path }) => ({ path, message })))),
        Effect.flatMap((json) =>
          Effect.mapError(Effect.fromResult(Json.stringify(json)), (message) => unfit([{ path: [], message }]))
        )
      )

const isDownload = (value: unknown): value is Download =>
  Predicate.hasProperty(value, "bytes") && Stream.isStream(value.bytes)

const respondWith = (
  request: HttpClientRequest.HttpClientRequest,
  text: string | undefined
): MiroClient.FullResponse => {
  const status = text === undefined ? 204 : 200
  const response = HttpClientResponse.fromWeb(request, new Response(text ?? null, { status }))
  return {
    response,
    headers: response.headers,
    body: new TextEncoder().encode(text),
    excerpt: () => "",
    redaction: Redaction.make([])
  }
}

const make = (handlers: ReadonlyArray<Handler>) => {
  const byOperation = new Map(handlers.map((handler) => [handler.operation, handler]))
  const made: Array<Call> = []
  const handle = Effect.fnUntraced(function* <A>(
    { files, input, name }: MiroClient.Endpoint,
    { method, path }: { readonly method: string; readonly path: string },
    give: (handler: Handler, value: unknown) => Effect.Effect<A, Failure>
  ) {
    const failWith = (failure: Failure) =>
      isMiroError(failure) ? failure : new MiroError({ operation: name, method, path, reason: failure })
    if (files !== undefined) yield* Effect.mapError(Effect.flatMap(Timeouts.current, files), failWith)
    made.push({ operation: name, input })
    const handler = byOperation.get(name)
    if (handler === undefined) return yield* failWith(missing(name))
    return yield* Effect.suspend(() => handler.handle(input)).pipe(
      Effect.flatMap((value) => give(handler, value)),
      Effect.mapError(failWith)
    )
  })
  const client = MiroClient.MiroClient.of({
    call: (request, endpoint, decodeResponse) =>
      handle(endpoint, { method: request.method, path: request.url }, (handler, value) =>
        Effect.flatMap(encode(handler, value), (text) => decodeResponse(respondWith(request, text)))
      ),
    download: (endpoint) =>
      handle(endpoint, { method: "GET", path: "" }, (_, value) =>
        isDownload(value)
          ? Effect.succeed(value)
          : Effect.fail(unfit([{ path: ["bytes"], message: "must be a stream of bytes" }]))
      )
  })
  return { client, calls: Effect.sync(() => [...made]) }
}

/**
 * The clients of a test, which give every call to the handler of its operation.
 * Its input is checked before and its value after, by the schemas of the
 * operation: a wrong value is `InvalidResponse`. A call of an operation that has
 * no handler is `InvalidInput` and names it.
 *
 * @category layers
 */
export const layer = <R = never>(
  ...handlers: ReadonlyArray<Handler<R>>
): Layer.Layer<MiroClient.MiroClient | ScimClient | MiroTest, never, R> =>
  Layer.effectContext(
    Effect.contextWith((context: Context.Context<R>) => {
      const { calls, client } = make(
        handlers.map(({ handle, ...handler }) => ({
          ...handler,
          handle: (input) => Effect.provideContext(handle(input), context)
        }))
      )
      return Effect.succeed(
        Context.make(MiroClient.MiroClient, client).pipe(
          Context.add(ScimClient, client),
          Context.add(MiroTest, { calls })
        )
      )
    })
  )
