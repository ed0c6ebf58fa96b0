/**
 * Turns the declaration of one of Miro's operations into the function that
 * calls it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Simplify } from "effect/Types"
import * as CallSite from "./call/site.ts"
import * as Decode from "./operation/decode.ts"
import * as Encode from "./operation/encode.ts"
import * as Issues from "./operation/issues.ts"
import * as Multipart from "./operation/multipart.ts"
import * as PageItems from "./pagination/items.ts"
import * as Pages from "./pagination/pages.ts"
import * as Json from "../http/json.ts"
import * as Telemetry from "./call/telemetry.ts"
import * as Text from "../http/text.ts"
import { inMemory } from "./call/inMemory.ts"
import { type Endpoint, type FullResponse, MiroClient, Strict } from "./MiroClient.ts"
import { InvalidInput, InvalidResponse, type Issue, MiroError, type Reason } from "../MiroError.ts"
import type * as Pagination from "./Pagination.ts"
import { credits, defaultLevel, type Level } from "./RateLimit.ts"

/**
 * A permission that an app asks for in its settings.
 *
 * @category models
 * @see https://developers.miro.com/reference/scopes
 */
export type Scope =
  | "boards:read"
  | "boards:write"
  | "boards:export"
  | "identity:read"
  | "identity:write"
  | "team:read"
  | "team:write"
  | "organizations:read"
  | "organizations:teams:read"
  | "organizations:teams:write"
  | "organizations:groups:read"
  | "organizations:groups:write"
  | "organization:cases:management"
  | "projects:read"
  | "projects:write"
  | "auditlogs:read"
  | "aiinteractionlogs:read"
  | "contentlogs:export"
  | "sessions:delete"
  | (string & {})

const multipart = "multipart/form-data"

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

type Codec = Schema.ConstraintCodec<unknown, unknown>

/**
 * What is known of an operation.
 *
 * @category models
 */
export interface Metadata {
  /** How it is called in code: module and function. */
  readonly name: string
  /** Miro's own name for it, the `operationId` of its OpenAPI document. */
  readonly id: string
  /** The HTTP method. */
  readonly method: Method
  /** The path, with the names of its parameters in braces. */
  readonly path: string
  /** The scopes that the app needs, all of them. */
  readonly scopes: ReadonlyArray<Scope>
  /** The rate limit level. Undefined for an operation that costs no credits. */
  readonly level: Level | undefined
  /** How many items an input has, where Miro counts the level for each of them. */
  readonly perItem: ((input: never) => number) | undefined
  /** The status of a success. */
  readonly status: number
  /** How the body is written. Absent if there is none. */
  readonly contentType: Encode.JsonType | typeof multipart | undefined
  /** The schema of the query parameters, if there are some. */
  readonly query: Codec | undefined
  /** The schema of the body, if there is one. */
  readonly body: Codec | undefined
  /** The schema of the value. Absent if there is none. */
  readonly success: Codec | undefined
  /** How the list is paged, if the operation gives one. */
  readonly pagination: Pagination.Pagination | undefined
}

type PathParameter<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never

type TypeOf<S> = S extends Schema.Constraint ? S["Type"] : unknown

/**
 * The input of an operation: the parameters of its path, its query and the
 * fields of its body in one object.
 *
 * @category models
 */
export type Input<Path extends string, Query, Body> = Simplify<
  { readonly [Name in PathParameter<Path>]: string } & TypeOf<Query> & TypeOf<Body>
>

interface CallResult {
  readonly value: unknown
  readonly skipped: ReadonlyArray<Pagination.InvalidItem>
  readonly request: HttpClientRequest.HttpClientRequest
  readonly fullResponse: FullResponse
}

// Which client it needs shows in the types of `make` and `list`.
type Call = (
  input?: unknown,
  site?: CallSite.CallSite,
  skipInvalidItems?: boolean
) => Effect.Effect<CallResult, MiroError, unknown>

// Whether the input may be left out: when nothing in it is required.
type Arguments<I> = {} extends I ? [input?: I] : [input: I]

type ListArguments<I> = [...Arguments<I>, options?: Pagination.StreamOptions]

/**
 * An operation's value together with the response that it came in.
 *
 * @category models
 */
export interface WithResponse<A> {
  /** The operation's value. */
  readonly value: A
  /** The response, with its body in memory. */
  readonly response: HttpClientResponse.HttpClientResponse
}

/**
 * A function that calls one of Miro's operations.
 *
 * @category models
 */
export interface Operation<I, A, Client = MiroClient> {
  (...input: Arguments<I>): Effect.Effect<A, MiroError, Client>
  /**
   * The same call, which also gives the response: its status and headers. It is
   * the one that came last: after a `DELETE` whose first response was lost, the
   * `404` of its repetition.
   */
  readonly withResponse: (...input: Arguments<I>) => Effect.Effect<WithResponse<A>, MiroError, Client>
  /** What is known of the operation: its names, path, scopes, level and schemas. */
  readonly operation: Metadata
}

/**
 * Any operation, whatever its types are.
 *
 * @category models
 */
export type Any = Operation<never, unknown, unknown>

/**
 * What an operation is called with.
 *
 * **Example** (A function that passes an input on)
 *
 * ```ts
 * import { Boards, type Operation } from "effect-miro"
 *
 * const createRetro = (input: Operation.InputOf<typeof Boards.create>) => Boards.create({ name: "Retro", ...input })
 * ```
 *
 * @category models
 */
export type InputOf<O extends Any> = NonNullable<Parameters<O>[0]>

/**
 * What an operation gives.
 *
 * @category models
 */
export type ValueOf<O extends Any> = Effect.Success<ReturnType<O>>

interface Listing {
  /** The items of all pages. */
  readonly items: (...input: never) => Stream.Stream<unknown, unknown, unknown>
}

/**
 * What the pages of a list consist of.
 *
 * @category models
 */
export type ItemOf<O extends Listing> = Stream.Success<ReturnType<O["items"]>>

/**
 * A function that calls an operation which gives a list page by page.
 *
 * @category models
 */
export interface ListOperation<I, P, Client = MiroClient> extends Operation<I, P, Client> {
  /**
   * The pages of the list, each as large as Miro makes them unless the input
   * says otherwise.
   */
  readonly pages: (...input: ListArguments<I>) => Stream.Stream<P, MiroError, Client>
  /**
   * The items of all pages.
   *
   * Every page is retried on its own, as `Retry` says. A page that still fails
   * ends the stream, after all items before it. `Stream.retry` would begin the
   * list anew; the error's `resumeAt` is where to go on.
   *
   * **Example** (Going on where a list failed)
   *
   * ```ts
   * import { Effect, Stream } from "effect"
   * import { Items, type MiroClient, type MiroError } from "effect-miro"
   * import type { Item } from "effect-miro/models/Item"
   *
   * interface Input {
   *   readonly boardId: string
   *   readonly cursor?: string
   * }
   *
   * const patiently = (input: Input): Stream.Stream<Item, MiroError.MiroError, MiroClient.MiroClient> =>
   *   Items.list.items(input).pipe(
   *     Stream.catchIf(
   *       (error) => error.isRetryable,
   *       ({ resumeAt }) =>
   *         Stream.unwrap(Effect.as(Effect.sleep("1 minute"), patiently({ ...input, ...resumeAt })))
   *     )
   *   )
   *
   * const items = patiently({ boardId: "uXjVOfjmfkE=" })
   * ```
   *
   * **Example** (The items of many boards, five boards at a time)
   *
   * Each request waits for its turn at the `RateLimit`, however many streams
   * there are.
   *
   * ```ts
   * import { Stream } from "effect"
   * import { Boards, Items } from "effect-miro"
   *
   * const items = Boards.list.items().pipe(
   *   Stream.flatMap((board) => Items.list.items({ boardId: board.id }), { concurrency: 5 })
   * )
   * ```
   *
   * **Example** (Fetching the next page while the program works)
   *
   * ```ts
   * import { Effect, Stream } from "effect"
   * import { Items } from "effect-miro"
   *
   * const program = Items.list.items({ boardId: "uXjVOfjmfkE=" }, { readAhead: 1 }).pipe(
   *   Stream.runForEach((item) => Effect.log(item.id))
   * )
   * ```
   */
  readonly items: (...input: ListArguments<I>) => Stream.Stream<Pagination.ItemOf<P>, MiroError, Client>
}

interface Described {
  /** Miro's own name for it, the `operationId` of its OpenAPI document. */
  readonly id: string
  /** How it is called in code: module and function. */
  readonly name: string
  /** The HTTP method. */
  readonly method: Method
  /** The path, with the names of its parameters in braces. */
  readonly path: string
  /** The scopes that the app needs, all of them. */
  readonly scope?: Scope | ReadonlyArray<Scope>
  /**
   * The rate limit level, which says what a call costs: 2 unless set, see
   * `RateLimit.defaultLevel`. `"none"` is for an endpoint that costs no credits.
   */
  readonly level?: Level | "none"
  /** The status of a success: 200 unless set, or 204 where there is no `success`. */
  readonly status?: number
  /** Whether a call may be repeated, where that is not as the method says. */
  readonly isIdempotent?: boolean
}

interface AnyDeclaration extends Described {
  readonly perItem?: (input: never) => number
  readonly query?: Codec | undefined
  readonly body?: Codec | undefined
  readonly success?: Codec | undefined
  readonly contentType?: Metadata["contentType"]
  readonly pagination?: Pagination.Pagination
  readonly client?: Context.Key<unknown, MiroClient["Service"]>
}

/**
 * All that `make` has to know of an operation.
 *
 * @category models
 */
export interface Declaration<Path extends string, Query, Body, Success, Client> extends Described {
  /** The path, with the names of its parameters in braces. */
  readonly path: Path
  /** How many items the input has, where Miro counts the level for each of them. */
  readonly perItem?: (input: Input<Path, Query, Body>) => number
  /** The query parameters, a struct; `Schema.encodeKeys` gives them the names that they have on the wire. */
  readonly query?: Query
  /** The fields of the body, a struct. */
  readonly body?: Body
  /**
   * What the response of a success holds. Without it, the body of the response is not looked
   * at. An operation that Miro may only accept for later (`202`, no body) has a
   * schema that takes `undefined`.
   */
  readonly success?: Success
  /** The client that makes the call: `MiroClient` unless set. */
  readonly client?: Context.Key<Client, MiroClient["Service"]>
}

/**
 * Declares an operation.
 *
 * **Example** (An endpoint of your own)
 *
 * ```ts
 * import { Schema } from "effect"
 * import { Operation } from "effect-miro"
 *
 * const getDiagram = Operation.make({
 *   id: "get-diagram",
 *   name: "Diagrams.get",
 *   method: "GET",
 *   path: "/v2/boards/{boardId}/diagrams/{diagramId}",
 *   scope: "boards:read",
 *   success: Schema.Struct({ id: Schema.String })
 * })
 *
 * const diagram = getDiagram({ boardId: "uXjVOfjmfkE=", diagramId: "1" })
 * ```
 *
 * @category constructors
 */
export const make = <
  const Path extends string,
  Query extends Codec | undefined = undefined,
  Body extends Codec | undefined = undefined,
  Success extends Codec | undefined = undefined,
  Client = MiroClient
>(
  declaration: Declaration<Path, Query, Body, Success, Client> & {
    /** How the body is written: `application/json` unless set. */
    readonly contentType?: Encode.JsonType
  }
): Operation<Input<Path, Query, Body>, Success extends Schema.Constraint ? Success["Type"] : void, Client> => {
  // The types of input, result and client follow from the declaration, which the implementation reads at run time.
  const prepare = preparing(declaration, Encode.json(declaration.contentType))
  return operationOf(declaration, caller(declaration, prepare)) as never
}

/**
 * Declares an operation that uploads files: its body is `multipart/form-data`,
 * with a part for every field. An `Upload` is sent as the file that it is, and
 * all else as a file of JSON.
 *
 * **Example** (An upload of your own)
 *
 * ```ts
 * import { Schema } from "effect"
 * import { Operation } from "effect-miro"
 * import { Upload } from "effect-miro/client/Upload"
 *
 * const createDiagram = Operation.upload({
 *   id: "create-diagram",
 *   name: "Diagrams.createFromFile",
 *   method: "POST",
 *   path: "/v2/boards/{boardId}/diagrams",
 *   scope: "boards:write",
 *   body: Schema.Struct({ resource: Upload }),
 *   success: Schema.Struct({ id: Schema.String })
 * })
 *
 * const diagram = createDiagram({
 *   boardId: "uXjVOfjmfkE=",
 *   resource: { content: new TextEncoder().encode("a -> b"), filename: "a.txt" }
 * })
 * ```
 *
 * @category constructors
 */
export const upload = <
  const Path extends string,
  Body extends Codec,
  Query extends Codec | undefined = undefined,
  Success extends Codec | undefined = undefined,
  Client = MiroClient
>(
  declaration: Declaration<Path, Query, Body, Success, Client> & {
    /** The parts of the body, a struct. */
    readonly body: Body
  }
): Operation<Input<Path, Query, Body>, Success extends Schema.Constraint ? Success["Type"] : void, Client> => {
  const described: AnyDeclaration = { ...declaration, contentType: multipart }
  // As in `make`.
  return operationOf(described, caller(described, preparing(described, Multipart.write))) as never
}

/**
 * Declares an operation that gives a list page by page.
 *
 * @category constructors
 */
export const list = <
  const Path extends string,
  Query extends Schema.ConstraintCodec<Pagination.PageInput, unknown>,
  Success extends Schema.ConstraintCodec<Pagination.Page<unknown>, unknown>,
  Client = MiroClient
>(
  declaration: Declaration<Path, Query, undefined, Success, Client> & {
    /** The query parameters, a struct with those that choose a page. */
    readonly query: Query
    /** The page. */
    readonly success: Success
    /** How the list is paged. */
    readonly pagination: Pagination.Pagination
  }
): ListOperation<Input<Path, Query, undefined>, Success["Type"], Client> => {
  const prepare = preparing(declaration, Encode.json())
  const call = caller(declaration, prepare)
  const itemsOf = PageItems.make(declaration.success)
  const pagesAt = (
    site: CallSite.CallSite | undefined,
    input?: unknown,
    options: Pagination.StreamOptions = {}
  ): Stream.Stream<Success["Type"], MiroError, unknown> => {
    const { onInvalidItem = "fail" } = options
    const fetch = (page: Pagination.PageInput) => {
      const at = (error: MiroError) =>
        CallSite.mark(new MiroError({ ...error, resumeAt: Pages.position(declaration.pagination, page) }), site)
      return call(page, site, onInvalidItem !== "fail").pipe(
        Effect.tap(({ skipped }) =>
          Predicate.isFunction(onInvalidItem) ? Effect.forEach(skipped, onInvalidItem, { discard: true }) : Effect.void
        ),
        Effect.mapBoth({
          onFailure: at,
          onSuccess: ({ fullResponse, skipped, value }) => ({
            page: value as Success["Type"],
            items: itemsOf(value as Success["Type"]),
            skipped,
            invalid: (issues: ReadonlyArray<Issue>) => at(failWith(declaration, invalidResponse(fullResponse, issues)))
          })
        })
      )
    }
    // Once for all pages, since an input may be of a class, or change, and before the first, since paging relies on it.
    const read = Effect.suspend(() => {
      const { encoder } = prepare()
      const read = encoder.read(input)
      const encoded = encoder.encode(read)
      return Result.isFailure(encoded)
        ? Effect.fail(failWith(declaration, invalidInput(encoded.failure), site))
        : Effect.succeed(read.fields)
    })
    return Stream.unwrap(Effect.map(read, (fields) => Pages.make(declaration.pagination, fetch, fields, options))).pipe(
      Stream.mapError((error) => (error._tag === "MiroError" ? error : failWith(declaration, error, site)))
    )
  }
  const pages = (
    input?: unknown,
    options?: Pagination.StreamOptions
  ): Stream.Stream<Success["Type"], MiroError, unknown> => pagesAt(CallSite.capture(pages), input, options)
  const items = (input?: unknown, options?: Pagination.StreamOptions): Stream.Stream<unknown, MiroError, unknown> =>
    Stream.flatMap(pagesAt(CallSite.capture(items), input, options), (page) => Stream.fromIterable(itemsOf(page)))
  // As in `make`.
  return Object.assign(operationOf(declaration, call), { pages, items }) as never
}

const levelOf = ({ level = defaultLevel }: AnyDeclaration): Level | undefined => (level === "none" ? undefined : level)

const operationOf = (declaration: AnyDeclaration, call: Call) => {
  const { body, id, method, name, pagination, path, perItem, query, success } = declaration
  const metadata: Metadata = {
    name,
    id,
    method,
    path,
    scopes: scopesOf(declaration),
    level: levelOf(declaration),
    perItem,
    status: declaration.status ?? (success === undefined ? 204 : 200),
    contentType: body === undefined ? undefined : (declaration.contentType ?? "application/json"),
    query,
    body,
    success,
    pagination
  }
  const operation = (input?: unknown): Effect.Effect<unknown, MiroError, unknown> =>
    Effect.map(call(input, CallSite.capture(operation)), ({ value }) => value)
  const withResponse = (input?: unknown): Effect.Effect<WithResponse<unknown>, MiroError, unknown> =>
    Effect.map(call(input, CallSite.capture(withResponse)), ({ fullResponse, request, value }) => ({
      value,
      response: inMemory(request, fullResponse)
    }))
  return Object.assign(operation, { withResponse, operation: metadata })
}

const scopesOf = ({ scope = [] }: AnyDeclaration): ReadonlyArray<Scope> => (typeof scope === "string" ? [scope] : scope)

const failWith = ({ method, name, path }: AnyDeclaration, reason: Reason, site?: CallSite.CallSite) =>
  CallSite.mark(new MiroError({ operation: name, method, path, reason }), site)

const invalidInput = (issues: ReadonlyArray<Issue>) => new InvalidInput({ issues: Issues.bounded(issues) })

const invalidResponse = ({ excerpt, redaction, response }: FullResponse, issues: ReadonlyArray<Issue>) =>
  new InvalidResponse({ status: response.status, issues: Issues.bounded(issues, redaction), excerpt: excerpt() })

interface Decoded {
  readonly value: unknown
  readonly skipped: ReadonlyArray<Pagination.InvalidItem>
}

const nothing: Decoded = { value: undefined, skipped: [] }

const responseDecoder = ({
  name,
  pagination,
  success
}: AnyDeclaration): ((fullResponse: FullResponse, skip: boolean) => Effect.Effect<Decoded, Reason>) => {
  if (success === undefined) return () => Effect.succeed(nothing)
  const decode = Decode.make(success, pagination === undefined ? undefined : Decode.page)
  const decoded = (fullResponse: FullResponse, skip: boolean, isStrict: boolean) => {
    const { body, response } = fullResponse
    const text = Text.decode(body)
    const fail = (message: string) => Result.fail([{ path: [], message }])
    // Work that is accepted for later has nothing to show yet.
    const json = response.status === 202 && text === "" ? Result.void : Json.parseResult(text)
    if (Result.isFailure(json)) return fail(text.trim() === "" ? "the body is empty" : "the body is not JSON")
    const result = Result.try({
      try: () => decode(json.success, skip && !isStrict),
      // A body that is nested too deep for the stack, or a schema that throws.
      catch: () => [{ path: [], message: "the body cannot be decoded" }]
    })
    return Result.flatMap(result, identity)
  }
  return (fullResponse, skip) =>
    Effect.contextWith((context: Context.Context<never>) => {
      const isStrict = Context.get(context, Strict)
      const result = decoded(fullResponse, skip, isStrict)
      if (Result.isFailure(result)) return Effect.fail(invalidResponse(fullResponse, result.failure))
      const { dropped, skipped } = result.success
      if (dropped.length === 0 && skipped.length === 0) return Effect.succeed(result.success)
      return isStrict && dropped.length > 0
        ? Effect.fail(invalidResponse(fullResponse, dropped))
        : Effect.as(Decode.report(name, result.success, fullResponse.redaction), result.success)
    })
}

/** Reads files as their caller would: what a stream of them does is none of the client's calls. */
const readIn =
  (context: Context.Context<never>, files: NonNullable<Encode.Encoded["files"]>): NonNullable<Endpoint["files"]> =>
  (timeouts) =>
    files(timeouts).pipe(
      Effect.mapError((problem) => ("_tag" in problem ? problem : invalidInput(problem))),
      Effect.updateContext(() => context)
    )

interface Prepared {
  readonly encoder: Encode.Encoder
  readonly decodeResponse: ReturnType<typeof responseDecoder>
}

// Made with the first call, so that a program pays for the operations that it uses.
const preparing = (declaration: AnyDeclaration, writeBody: Encode.WriteBody): (() => Prepared) => {
  let prepared: Prepared | undefined
  return () =>
    (prepared ??= { encoder: Encode.make(declaration, writeBody), decodeResponse: responseDecoder(declaration) })
}

const caller = (declaration: AnyDeclaration, prepare: () => Prepared): Call => {
  const level = levelOf(declaration)
  const cost = level === undefined ? 0 : credits[level]
  const attributes = {
    "http.request.method": declaration.method,
    "url.template": declaration.path,
    "miro.operation.id": declaration.id,
    ...(level !== undefined && { "miro.level": level })
  }
  const scopes = scopesOf(declaration)
  const isDeletion =
    declaration.method === "DELETE" && declaration.success === undefined && declaration.isIdempotent !== false
  const observe = Telemetry.operation(declaration.name)
  const send = (input: unknown, skipInvalidItems: boolean) => {
    const { encoder, decodeResponse } = prepare()
    const read = encoder.read(input)
    const encoded = encoder.encode(read)
    if (Result.isFailure(encoded)) return Effect.fail(failWith(declaration, invalidInput(encoded.failure)))
    const { files, request } = encoded.success
    return Effect.flatMap(declaration.client ?? MiroClient, (client: MiroClient["Service"]) => {
      // What could be encoded is of the type that the declaration computes.
      const items = declaration.perItem?.(read.fields as never) ?? 1
      const { isIdempotent, name } = declaration
      const endpoint: Endpoint = { name, level, credits: cost * items, scopes, isIdempotent, isDeletion, input }
      const callAt = (endpoint: Endpoint) =>
        client.call(request, endpoint, (fullResponse) =>
          Effect.map(decodeResponse(fullResponse, skipInvalidItems), ({ skipped, value }) => ({
            value,
            skipped,
            request,
            fullResponse
          }))
        )
      return files === undefined
        ? callAt(endpoint)
        : Effect.contextWith((own: Context.Context<never>) => callAt({ ...endpoint, files: readIn(own, files) }))
    })
  }
  return (input, site, skipInvalidItems = false) =>
    observe(attributes, site)(Effect.suspend(() => send(input, skipInvalidItems)))
}
