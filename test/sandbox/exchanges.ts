/**
 * Requests to a sandbox with their responses, each held against what Miro's
 * document says of the operation.
 */
import { Effect, Layer, Option } from "effect"
import { HttpClient, HttpClientRequest, HttpServerRequest, type HttpServerResponse } from "effect/http"
import { read } from "../contract/document.ts"
import { type Contract, contractOf, ids, type Schema } from "../contract/openapi.ts"
import { type Problems, problemsIn } from "./structure.ts"

export interface Exchange {
  readonly method: string
  /** The path with its query. */
  readonly url: URL
  readonly requestType: string | undefined
  readonly status: number
  readonly contentType: string | undefined
  readonly text: string
}

const typeOf = ({ body }: HttpClientRequest.HttpClientRequest): string | undefined =>
  body._tag === "FormData" ? "multipart/form-data" : "contentType" in body ? body.contentType : undefined

/** An `HttpClient` over another one, which notes what goes through it. */
export const recordClient = (note: (exchange: Exchange) => void) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.tap(({ headers, request, status, text }) =>
        Effect.map(text, (text) => {
          const url = Option.getOrThrow(HttpClientRequest.toUrl(request))
          const requestType = typeOf(request)
          note({ method: request.method, url, requestType, status, contentType: headers["content-type"], text })
        })
      )
    )
  )

const textOf = ({ body }: HttpServerResponse.HttpServerResponse): string =>
  body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""

/** The same on the side of the server. */
export const recordServer =
  (note: (exchange: Exchange) => void) =>
  <E, R>(app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
    Effect.tap(app, (response) =>
      HttpServerRequest.HttpServerRequest.useSync(({ headers, method, url }) =>
        note({
          method,
          url: new URL(url, "http://localhost"),
          requestType: headers["content-type"],
          status: response.status,
          contentType: response.headers["content-type"],
          text: textOf(response)
        })
      )
    )

interface Known {
  readonly contract: Contract
  readonly path: RegExp
  /** Names of parameters of the query that have to be there. */
  readonly query: ReadonlyArray<string>
}

const scimPrefix = /^\/api\/v1\/scim(?=\/)/

let known: ReadonlyArray<Known> | undefined

const contracts = (): ReadonlyArray<Known> => {
  if (known !== undefined) return known
  const document = read()
  known = ids(document)
    .map((id) => contractOf(document, id))
    .map((contract) => ({
      contract,
      path: new RegExp(`^${contract.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
      query: contract.parameters.filter((one) => one.in === "query" && one.required).map(({ name }) => name)
    }))
    // Of operations with the same path the one that takes more of the query.
    .toSorted((one, other) => other.query.length - one.query.length)
  return known
}

/** What the document says of the operation that a request is of, if it has it. */
export const contractFor = ({ method, requestType = "", url }: Exchange): Contract | undefined => {
  const [type = ""] = requestType.split(";")
  const path = url.pathname.replace(scimPrefix, "")
  const alike = contracts().filter((one) => one.contract.method === method.toLowerCase() && one.path.test(path))
  const fitting = alike.find(
    ({ contract: { body }, query }) =>
      query.every((name) => url.searchParams.get(name)) && (body === undefined || type in body.schemas)
  )
  return (fitting ?? alike[0])?.contract
}

const string: Schema = { type: "string" }

/** The shape of all errors, which the document has in several, of which none is whole. */
const errorOf = (status: number): Schema => ({
  properties: {
    type: { type: "string", enum: ["error"] },
    code: string,
    message: string,
    status: { type: "integer", enum: [status] },
    context: {}
  },
  required: ["type", "code", "message", "status"]
})

/** The shape that RFC 7644 gives errors. */
const scimErrorOf = (status: number): Schema => ({
  properties: {
    schemas: { type: "array", items: { type: "string", enum: ["urn:ietf:params:scim:api:messages:2.0:Error"] } },
    status: { type: "string", enum: [String(status)] },
    detail: string,
    scimType: string
  },
  required: ["schemas", "status", "detail"]
})

/** What is wrong with the response of an operation. */
export const problemsOf = ({ contentType, status, text, url }: Exchange, contract: Contract): Problems => {
  if (status >= 400) {
    const error = scimPrefix.test(url.pathname) ? scimErrorOf : errorOf
    return problemsIn(JSON.parse(text), error(status))
  }
  const documented = contract.responses.filter((response) => response.status === status)
  const [response] = documented
  if (response === undefined) return [`${status} is no status of it`]
  if (response.contentType === undefined) return text === "" ? [] : ["there is a body"]
  return documented.some((one) => one.contentType === contentType?.split(";")[0])
    ? problemsIn(JSON.parse(text), response.schema)
    : [`it is ${contentType}, not ${response.contentType}`]
}
