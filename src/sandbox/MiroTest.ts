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
import * as Schema from "effect/Schema"
import * as MiroClient from "../client/MiroClient.ts"
import { InvalidInput, InvalidResponse, isMiroError, type Issue, MiroError, type Reason } from "../client/MiroError.ts"
import type { Operation } from "../client/Operation.ts"
import * as Issues from "../internal/issues.ts"
import * as Json from "../internal/json.ts"
import * as Redaction from "../internal/redaction.ts"
import { ScimClient } from "../scim/ScimClient.ts"

/**
 * A call that was made.
 *
 * @category models
 */
export interface Call {
  /** As it is called in code, such as `Boards.get`. */
  readonly operation: string
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
  readonly operation: string
  readonly success: Schema.ConstraintCodec<unknown, unknown> | undefined
  readonly handle: (input: unknown) => Effect.Effect<unknown, Failure, R>
}

/**
 * Handles an operation: gives its value for an input, or the reason why it fails.
 * For a list, an input asks for one page, as `limit`, `cursor` or `offset` in it
 * say.
 *
 * @category constructors
 */
export const on = <I, A, Client, R = never>(
  operation: Operation<I, A, Client>,
  handle: (input: NoInfer<I>) => Effect.Effect<NoInfer<A>, Failure, R>
): Handler<R> => ({
  operation: operation.name,
  success: operation.success,
  // It is called with inputs that could be encoded, which are of the type that the operation says.
  handle: handle as (input: unknown) => Effect.Effect<unknown, Failure, R>
})

/**
 * The calls that a layer has handled or refused, in their order.
 *
 * @category services
 */
export class MiroTest extends Context.Service<MiroTest, { readonly calls: Effect.Effect<ReadonlyArray<Call>> }>()(
  "effect-miro/sandbox/MiroTest"
) {}

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

const respondWith = (request: HttpClientRequest.HttpClientRequest, text: string | undefined): MiroClient.Answer => ({
  response: HttpClientResponse.fromWeb(request, new Response(text ?? null, { status: text === undefined ? 204 : 200 })),
  body: new TextEncoder().encode(text),
  excerpt: () => "",
  redaction: Redaction.make([])
})

const make = (handlers: ReadonlyArray<Handler>) => {
  const byOperation = new Map(handlers.map((handler) => [handler.operation, handler]))
  const made: Array<Call> = []
  const call: MiroClient.MiroClient["Service"]["call"] = Effect.fnUntraced(function* (request, endpoint, receive) {
    const { input, name } = endpoint
    made.push({ operation: name, input })
    const failWith = (failure: Failure) =>
      isMiroError(failure)
        ? failure
        : new MiroError({ operation: name, method: request.method, path: request.url, reason: failure })
    const handler = byOperation.get(name)
    if (handler === undefined) return yield* failWith(missing(name))
    return yield* Effect.suspend(() => handler.handle(input)).pipe(
      Effect.flatMap((value) => encode(handler, value)),
      Effect.flatMap((text) => receive(respondWith(request, text))),
      Effect.mapError(failWith)
    )
  })
  return { call, calls: Effect.sync(() => [...made]) }
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
      const { call, calls } = make(
        handlers.map(({ handle, ...handler }) => ({
          ...handler,
          handle: (input) => Effect.provideContext(handle(input), context)
        }))
      )
      return Effect.succeed(
        Context.make(MiroClient.MiroClient, { call }).pipe(
          Context.add(ScimClient, { call }),
          Context.add(MiroTest, { calls })
        )
      )
    })
  )
