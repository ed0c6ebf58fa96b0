/**
 * Calls of every operation, and what comes of them.
 */
import { DateTime, Effect, identity, Layer, Option, Predicate, Redacted, Result, Schema, type Stream } from "effect"
import { FetchHttpClient, HttpClientRequest } from "effect/http"
import { AccessToken, MiroClient, type MiroError, MiroOAuth, Retry, ScimClient, TokenStorage } from "effect-miro"
import { type Declared, operations } from "../../scripts/operations.ts"
import { generate, type Generated } from "./generate.ts"
import type { Response, Contract } from "./openapi.ts"
import { boardId, type Extent, id, samples, uuid } from "../support/sample.ts"
import { layerServer, type Reply, scimPrefix, Server } from "./server.ts"
import { type Problems, validateResponse } from "./validate.ts"

type Clients = MiroClient.MiroClient | ScimClient.ScimClient | MiroOAuth.MiroOAuth

type Input = Readonly<Record<string, unknown>>

interface Call {
  (input: Input): Effect.Effect<unknown, MiroError.MiroError | MiroError.Reason, Clients>
  /** Of a list. */
  readonly items?: (input: Input) => Stream.Stream<unknown, MiroError.MiroError, Clients>
}

/** An operation as it is called here. */
export interface Operation extends Pick<
  Declared,
  "id" | "name" | "path" | "query" | "body" | "success" | "pagination"
> {
  readonly call: Call
}

const undeclared = { query: undefined, body: undefined, success: undefined, pagination: undefined }

/** Made with the secret of the app, and not with a token. */
const revokeToken: Operation = {
  ...undeclared,
  id: "revoke-token-v2",
  name: "MiroOAuth.revokeToken",
  path: "/v2/oauth/revoke",
  call: () => MiroOAuth.MiroOAuth.use((oauth) => oauth.revokeToken(Redacted.make("token")))
}

/** Left out of this package, since it puts a token into the URL. Who must can still call it. */
const revokeTokenInUrl: Operation = {
  ...undeclared,
  id: "revoke-token",
  name: "MiroClient.execute",
  path: "/v1/oauth/revoke",
  call: () => Effect.asVoid(MiroClient.execute(HttpClientRequest.post("/v1/oauth/revoke?access_token=token")))
}

export const all: ReadonlyArray<Operation> = [
  // What an operation takes and needs is in its declaration, and nothing of it in the type of the list.
  ...operations.map((operation) => ({ ...operation, call: operation.call as Call })),
  revokeToken,
  revokeTokenInUrl
]

export const operation = (id: string): Operation => {
  const operation = all.find((operation) => operation.id === id)
  if (operation === undefined) throw new Error(`there is no operation ${id}`)
  return operation
}

/** The clients of all operations, which make every call once. */
export const layerClients = (origin: string) =>
  Layer.mergeAll(
    MiroClient.layer({ baseUrl: origin }).pipe(Layer.provide(AccessToken.layer(Redacted.make("token")))),
    ScimClient.layer({ token: Redacted.make("scim-token"), baseUrl: `${origin}${scimPrefix}` }),
    MiroOAuth.layer({
      clientId: "3458764517517818867",
      clientSecret: Redacted.make("secret"),
      redirectUrl: "http://localhost/callback",
      baseUrl: origin
    }).pipe(Layer.provide(TokenStorage.layerMemory)),
    Layer.succeed(Retry.Retry, Retry.none)
  )

/** A server, and the clients that are connected to it and let nothing pass that does not fit. */
export const layer = Layer.unwrap(Effect.map(Server, ({ origin }) => layerClients(origin))).pipe(
  Layer.provide(FetchHttpClient.layer),
  Layer.merge(Layer.succeed(MiroClient.Strict, true)),
  Layer.provideMerge(layerServer)
)

const parametersIn = (path: string): ReadonlyArray<string> =>
  Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => name)

/** A value for every parameter of the path, as the document describes the one at the same place. */
const pathInput = (operation: Operation, contract: Contract): Input => {
  const documented = parametersIn(contract.path).map((name) =>
    contract.parameters.find((parameter) => parameter.in === "path" && parameter.name === name)
  )
  return Object.fromEntries(
    parametersIn(operation.path).map((name, index) => {
      const { enum: values, format } = documented[index]?.schema ?? {}
      return [name, values?.[0] ?? (format === "uuid" ? uuid : name === "boardId" ? boardId : id)]
    })
  )
}

/** Inputs with all fields or with the required ones, several where there are alternatives. */
export const inputs = (operation: Operation, contract: Contract, extent: Extent): ReadonlyArray<Input> => {
  const queries = samples(operation.query, extent)
  const bodies = samples(operation.body, extent)
  return Array.from({ length: Math.max(queries.length, bodies.length) }, (_, index) => ({
    ...pathInput(operation, contract),
    ...queries[index % queries.length],
    ...bodies[index % bodies.length]
  }))
}

export const replyOf = ({ contentType, schema, status }: Response, how: Generated): Reply =>
  contentType === undefined ? { status } : { status, contentType, body: JSON.stringify(generate(schema, how)) }

/** Sends an input, and gives what the document finds wrong with the request. */
export const send = Effect.fnUntraced(function* (operation: Operation, contract: Contract, input: Input) {
  const server = yield* Server
  const [response] = contract.responses
  if (response === undefined) return ["the document has no response"]
  const received = server.expect(contract, [replyOf(response, { optional: "all", seed: 1 })])
  const result = yield* Effect.result(operation.call(input))
  const [request] = received
  if (request === undefined) return [Result.isFailure(result) ? result.failure.message : "nothing was sent"]
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => String(input[name]))
  return request.path.endsWith(path) ? request.problems : [...request.problems, `${request.path} is not ${path}`]
})

const instant = (value: unknown): Option.Option<DateTime.DateTime> =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value) ? DateTime.make(value) : Option.none()

const isSameInstant = Option.makeEquivalence(DateTime.Equivalence)

const isSame = (sent: unknown, kept: unknown): boolean =>
  sent === kept ||
  (typeof sent === "number" && String(sent) === kept) ||
  (Option.isSome(instant(sent)) && isSameInstant(instant(sent), instant(kept)))

/** Where JSON is not what was sent; a number may have become a string, which ids do, and a time another spelling. */
const differences = (sent: unknown, kept: unknown, at = "it"): Problems => {
  if (Array.isArray(sent) && Array.isArray(kept) && sent.length === kept.length) {
    return sent.flatMap((item, index) => differences(item, kept[index], `${at}[${index}]`))
  }
  if (Predicate.isObject(sent) && Predicate.isObject(kept)) {
    const names = new Set([...Object.keys(sent), ...Object.keys(kept)])
    return Array.from(names).flatMap((name) => differences(sent[name], kept[name], `${at}.${name}`))
  }
  return isSame(sent, kept) ? [] : [`${at} was ${JSON.stringify(sent)} and is ${JSON.stringify(kept)}`]
}

/** What an operation made of a reply, as JSON. */
export const receive = Effect.fnUntraced(function* (operation: Operation, contract: Contract, reply: Reply) {
  const server = yield* Server
  server.expect(contract, [reply])
  const [input = {}] = inputs(operation, contract, "required")
  const value = yield* operation.call(input)
  return operation.success === undefined ? value : yield* Schema.encodeUnknownEffect(operation.success)(value)
})

/** Lets the server give a response, and says what is wrong with what the operation made of it. */
export const response = Effect.fnUntraced(function* (
  operation: Operation,
  contract: Contract,
  documented: Response,
  how: Generated,
  keptOf: (sent: unknown) => unknown = identity
) {
  const reply = replyOf(documented, how)
  const sent: unknown = reply.body === undefined ? undefined : JSON.parse(reply.body)
  const invalid = yield* Effect.promise(() => validateResponse(contract, documented.status, sent))
  if (sent !== undefined && invalid.length > 0) return invalid.map((problem) => `the response itself: ${problem}`)
  const result = yield* Effect.result(receive(operation, contract, reply))
  return Result.isFailure(result) ? [result.failure.message] : differences(keptOf(sent), result.success)
})
