import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpMethod } from "effect/http/HttpMethod"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type { Issue, Timeout } from "../../MiroError.ts"
import * as Issues from "./issues.ts"
import * as Json from "../../http/json.ts"
import type * as Timeouts from "../../http/timeouts.ts"
import * as Path from "./path.ts"
import * as Plain from "./plain.ts"

type Codec = Schema.ConstraintCodec<unknown, unknown>

/** Where the fields of a flat input go. */
export interface Declaration {
  readonly method: HttpMethod
  readonly path: string
  readonly query?: Codec | undefined
  readonly body?: Codec | undefined
}

/** The types of a body that is JSON. */
export type JsonType = "application/json" | "application/scim+json"

type Fields = Readonly<Record<string, unknown>>

/** An input as it was read, once. */
export interface Read {
  readonly fields: Fields
  /** What of it could not be read. */
  readonly issues: ReadonlyArray<Issue>
}

export interface Encoded {
  readonly request: HttpClientRequest.HttpClientRequest
  /** Reads the files that are the body of the request, which has none yet. */
  readonly files?: (timeouts: Timeouts.OfUpload) => Effect.Effect<HttpBody.HttpBody, ReadonlyArray<Issue> | Timeout>
}

export interface Encoder {
  readonly read: (input: unknown) => Read
  readonly encode: (input: Read) => Result.Result<Encoded, ReadonlyArray<Issue>>
}

interface Part {
  readonly type: SchemaAST.AST | undefined
  readonly names: ReadonlySet<string>
  readonly encode: (fields: Fields) => Result.Result<unknown, ReadonlyArray<Issue>>
}

const nothing: Part = { type: undefined, names: new Set(), encode: () => Result.void }

const part = (schema: Codec | undefined): Part => {
  if (schema === undefined) return nothing
  const type = SchemaAST.toType(schema.ast)
  const encode = Schema.encodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })
  return {
    type,
    names: new Set(SchemaAST.isObjects(type) ? type.propertySignatures.map(({ name }) => String(name)) : []),
    encode: (fields) =>
      Result.try({ try: () => encode(fields), catch: () => [{ path: [], message: "cannot be encoded" }] }).pipe(
        Result.flatMap(Result.mapError(({ issue }) => Issues.fromSchema(issue)))
      )
  }
}

const none: Fields = {}

const pick = (fields: Fields, names: ReadonlySet<string>): Fields => {
  if (names.size === 0) return none
  const entries = Object.entries(fields).filter(([name]) => names.has(name))
  return entries.length === 0 ? none : Object.fromEntries(entries)
}

// Only a cursor has a meaning when it is empty: that of the first page.
const mayBeEmpty: ReadonlySet<string> = new Set(["cursor"])

const empty = "must not be empty"

/**
 * What would be sent as nothing, and change the request: a filter that is empty
 * lets everything pass.
 */
const emptyParameters = (query: Fields): ReadonlyArray<Issue> =>
  Object.entries(query).flatMap(([name, value]): ReadonlyArray<Issue> => {
    if (mayBeEmpty.has(name)) return []
    if (value === "" || (Array.isArray(value) && value.length === 0)) return [{ path: [name], message: empty }]
    return Array.isArray(value)
      ? Arr.filterMap(value, (element: unknown, index) =>
          element === "" ? Result.succeed({ path: [name, index], message: empty }) : Result.failVoid
        )
      : []
  })

type Parameters = ReadonlyArray<readonly [name: string, value: string]>

// A list is sent as the parameter repeated, as OpenAPI has it unless told otherwise.
const queryParameters = (query: unknown): Result.Result<Parameters, ReadonlyArray<Issue>> =>
  Result.all(
    Object.entries(query ?? {}).flatMap(([name, value]) =>
      Arr.ensure(value).map((value) =>
        ["string", "number", "boolean", "bigint"].includes(typeof value)
          ? Result.succeed([name, String(value)] as const)
          : Result.fail([{ path: [name], message: "must be text, a number or a boolean in a query" }])
      )
    )
  )

/** Puts an encoded body into a request. */
export type WriteBody = (
  request: HttpClientRequest.HttpClientRequest,
  body: unknown
) => Result.Result<Encoded, ReadonlyArray<Issue>>

export const json =
  (contentType: JsonType = "application/json"): WriteBody =>
  (request, body) =>
    Result.mapBoth(Json.stringify(body), {
      onFailure: (message) => [{ path: [], message }],
      onSuccess: (json) => ({ request: HttpClientRequest.setBody(request, HttpBody.text(json, contentType)) })
    })

const issuesOf = (result: Result.Result<unknown, ReadonlyArray<Issue>>): ReadonlyArray<Issue> =>
  Result.isFailure(result) ? result.failure.map(({ message, path }) => ({ path, message })) : []

const isWithin = (path: Issue["path"], outer: Issue["path"]): boolean =>
  outer.every((key, index) => String(path[index]) === String(key))

/** Leaves out what follows from something that could not be read. */
const withoutConsequences = (unread: ReadonlyArray<Issue>, issues: ReadonlyArray<Issue>): ReadonlyArray<Issue> => [
  ...unread,
  ...issues.filter(({ path }) => !unread.some((other) => isWithin(path, other.path) || isWithin(other.path, path)))
]

const textPlace = Plain.placeOf([SchemaAST.string])

/** The place of a whole input, in which the fields of query and body stand beside the parameters of the path. */
const inputPlace = (inPath: ReadonlySet<string>, types: ReadonlyArray<SchemaAST.AST>): Plain.Place => {
  const place = Plain.placeOf(types)
  return {
    ...place,
    hasFields: true,
    names: new Set([...inPath, ...place.names]),
    field: (name) => (inPath.has(name) ? textPlace : place.field(name))
  }
}

/**
 * Makes requests from flat inputs: sends what the caller set, and nothing that
 * they did not, and refuses what the declaration does not know.
 */
export const make = (declaration: Declaration, writeBody: WriteBody = json()): Encoder => {
  const inPath: ReadonlySet<string> = new Set(Path.parameters(declaration.path))
  const fillPath = Path.filler(declaration.path)
  const query = part(declaration.query)
  const body = part(declaration.body)
  const place = inputPlace(inPath, [query.type, body.type].filter(Predicate.isNotUndefined))

  const read = (input: unknown = {}): Read => {
    const { issues, value } = Plain.read(input, place)
    if (Predicate.isObject(value)) return { fields: value, issues }
    return { fields: {}, issues: issues.length > 0 ? issues : [{ path: [], message: "Expected an object" }] }
  }

  const encode = ({ fields, issues }: Read): ReturnType<Encoder["encode"]> => {
    const path = fillPath(fields)
    const inQuery = pick(fields, query.names)
    const encodedQuery = Result.flatMap(query.encode(inQuery), queryParameters)
    const encodedBody = body.encode(pick(fields, body.names))
    const empty = emptyParameters(inQuery)
    if (
      issues.length > 0 ||
      empty.length > 0 ||
      Result.isFailure(path) ||
      Result.isFailure(encodedQuery) ||
      Result.isFailure(encodedBody)
    ) {
      const others = [...issuesOf(path), ...issuesOf(encodedQuery), ...issuesOf(encodedBody)]
      return Result.fail(withoutConsequences([...issues, ...empty], others))
    }
    const request = HttpClientRequest.make(declaration.method)(path.success, {
      urlParams: encodedQuery.success
    })
    return declaration.body === undefined ? Result.succeed({ request }) : writeBody(request, encodedBody.success)
  }

  return { read, encode }
}
