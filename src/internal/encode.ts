import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpMethod } from "effect/http/HttpMethod"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type { Issue } from "../client/MiroError.ts"
import * as Issues from "./issues.ts"
import * as Json from "./json.ts"
import * as Multipart from "./multipart.ts"
import * as Path from "./path.ts"

type Codec = Schema.ConstraintCodec<unknown, unknown>

/** Where the fields of a flat input go. */
export interface Declaration {
  readonly method: HttpMethod
  readonly path: string
  readonly query?: Codec | undefined
  readonly body?: Codec | undefined
  readonly contentType?: ContentType | undefined
}

export type ContentType = "application/json" | "application/scim+json" | "multipart/form-data"

export type Encoder = (input: unknown) => Effect.Effect<HttpClientRequest.HttpClientRequest, ReadonlyArray<Issue>>

type Fields = Readonly<Record<string, unknown>>

interface Part {
  readonly names: ReadonlySet<string>
  readonly encode: (fields: Fields) => Result.Result<unknown, Schema.SchemaError>
}

const part = (schema: Codec | undefined): Part => {
  if (schema === undefined) return { names: new Set(), encode: Result.succeed }
  const fields = SchemaAST.toType(schema.ast)
  return {
    names: new Set(SchemaAST.isObjects(fields) ? fields.propertySignatures.map(({ name }) => String(name)) : []),
    encode: Schema.encodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })
  }
}

const issuesOf = (result: Result.Result<unknown, Schema.SchemaError>): ReadonlyArray<Issue> =>
  Result.isSuccess(result)
    ? []
    : Issues.fromSchema(result.failure.issue).map(({ message, path }) => ({ path, message }))

// Reads by name, as a field may be a getter that an input inherits. Setting one
// to undefined is the same as not setting it.
const pick = (input: Fields, names: ReadonlySet<string>): Fields =>
  Object.fromEntries(
    Array.from(names, (name) => [name, input[name]] as const).filter(([, value]) => value !== undefined)
  )

// A list is sent as the parameter repeated, as OpenAPI has it unless told otherwise.
const queryParameters = (query: unknown): ReadonlyArray<readonly [string, string]> =>
  Object.entries(query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((value) => [name, String(value)] as const)
  )

const encodeBody = (contentType: ContentType, body: unknown): Effect.Effect<HttpBody.HttpBody, ReadonlyArray<Issue>> =>
  contentType === "multipart/form-data"
    ? Effect.map(Multipart.formData(Predicate.isObject(body) ? body : {}), HttpBody.formData)
    : Effect.succeed(HttpBody.text(Json.stringify(body), contentType))

/**
 * Makes requests from flat inputs: sends what the caller set, and nothing that
 * they did not, and refuses what the declaration does not know.
 */
export const make = (declaration: Declaration): Encoder => {
  const inPath: ReadonlySet<string> = new Set(Path.parameters(declaration.path))
  const query = part(declaration.query)
  const body = part(declaration.body)
  return (input = {}) => {
    if (!Predicate.isObject(input)) return Effect.fail([{ path: [], message: "Expected an object" }])
    const unknown = Object.keys(input).filter(
      (name) => input[name] !== undefined && ![inPath, query.names, body.names].some((names) => names.has(name))
    )
    // Nothing would be sent of such a list, and the filter that it is would let everything pass.
    const empty = Array.from(query.names).filter((name) => Array.isArray(input[name]) && input[name].length === 0)
    const path = Path.fill(declaration.path, pick(input, inPath))
    const encodedQuery = query.encode(pick(input, query.names))
    const encodedBody = body.encode(pick(input, body.names))
    if (
      unknown.length > 0 ||
      empty.length > 0 ||
      Result.isFailure(path) ||
      Result.isFailure(encodedQuery) ||
      Result.isFailure(encodedBody)
    ) {
      return Effect.fail([
        ...unknown.map((name) => ({ path: [name], message: "Unexpected key" })),
        ...empty.map((name) => ({ path: [name], message: "must not be empty" })),
        ...(Result.isFailure(path) ? path.failure : []),
        ...issuesOf(encodedQuery),
        ...issuesOf(encodedBody)
      ])
    }
    const request = HttpClientRequest.make(declaration.method)(path.success, {
      urlParams: queryParameters(encodedQuery.success)
    })
    return declaration.body === undefined
      ? Effect.succeed(request)
      : Effect.map(encodeBody(declaration.contentType ?? "application/json", encodedBody.success), (body) =>
          HttpClientRequest.setBody(request, body)
        )
  }
}
