/** How responses of SCIM look. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Order from "effect/Order"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Json from "../../http/json.ts"
import * as Text from "../../http/text.ts"
import type { Metadata } from "../../client/Operation.ts"
import type { Refusable } from "./errors.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import * as Filters from "./scimFilter.ts"

/** Where SCIM is, beside the rest of the API. */
export const base = "/api/v1/scim"

const contentType = "application/scim+json"

export const json = (body: unknown, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(body), { status, contentType })

const error = (status: number, detail: string, scimType?: string): HttpServerResponse.HttpServerResponse =>
  json(
    {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: String(status),
      ...(scimType !== undefined && { scimType }),
      detail
    },
    status
  )

export const invalid = (detail: string, scimType = "invalidValue") => error(400, detail, scimType)

export const notFound = (kind: string, id: string) => error(404, `${kind} ${id} not found`)

const messageIn = ({ body }: HttpServerResponse.HttpServerResponse): string => {
  const json = body._tag === "Uint8Array" ? Result.getOrUndefined(Json.parseResult(Text.decode(body.body))) : undefined
  return Predicate.hasProperty(json, "message") && Predicate.isString(json.message) ? json.message : ""
}

/** A response to a request of SCIM, which has a form of its own for errors that others of the sandbox make too. */
export const respondTo = (
  path: string,
  response: HttpServerResponse.HttpServerResponse
): HttpServerResponse.HttpServerResponse => {
  const { headers, status } = response
  if (!path.startsWith(`${base}/`) || status < 400 || headers["content-type"] === contentType) return response
  const others = Object.entries(headers).filter(([name]) => !name.startsWith("content-"))
  return HttpServerResponse.setHeaders(
    error(status, messageIn(response), status === 429 ? "tooManyRequests" : undefined),
    Object.fromEntries(others)
  )
}

/** The route of an operation of SCIM, which costs no credits. */
export const routeOf = (
  { operation: { method, path } }: { readonly operation: Metadata },
  handle: (call: AuthenticatedCall) => FullResponse
): Route => ({ method, path: base + path, level: 0, handle })

const picked = (value: unknown, names: ReadonlyArray<string>): unknown => {
  const [name, ...rest] = names
  if (name === undefined) return value
  if (Array.isArray(value)) return value.map((element) => picked(element, names))
  if (!Predicate.isObject(value)) return undefined
  return { [Filters.keyOf(value, name)]: picked(Filters.fieldOf(value, name), rest) }
}

/** The attributes that are asked for, and those that every resource has. */
export const pick = ({ query }: AuthenticatedCall, resource: object): object => {
  const asked = query.get("attributes")
  if (asked === null || asked.trim() === "") return resource
  const ways = ["schemas", "id", ...asked.split(",").map((path) => path.trim())].map(Filters.namesIn)
  return Object.assign({}, ...ways.map((names) => picked(resource, names)))
}

const integer = ({ query }: AuthenticatedCall, name: string, fallback: number): Refusable<number> => {
  const text = query.get(name) ?? String(fallback)
  return /^-?\d{1,9}$/.test(text) ? Result.succeed(Number(text)) : Result.fail(invalid(`${name} must be an integer`))
}

const textAt = (resource: object, path: string): string => {
  const [value] = Filters.valuesAt(resource, Filters.namesIn(path))
  return value === undefined ? "" : Filters.textOf(value)
}

export const listResponse = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

const most = 1000

/** A page of resources: those that the filter finds, in the order that is asked for. */
export const list = (call: AuthenticatedCall, all: ReadonlyArray<object>): FullResponse =>
  Result.gen(function* () {
    const { query } = call
    const condition = query.get("filter") || undefined
    const filter = condition === undefined ? () => true : Filters.parse(condition)
    if (filter === undefined) return yield* Result.fail(invalid("The filter cannot be read", "invalidFilter"))
    const startIndex = Math.max(1, yield* integer(call, "startIndex", 1))
    const count = Math.min(most, Math.max(0, yield* integer(call, "count", 100)))
    const found = all.filter(filter)
    const sortBy = query.get("sortBy") || undefined
    const order = Order.mapInput(Order.String, (resource: object) => textAt(resource, sortBy ?? ""))
    const sorted = sortBy === undefined ? found : found.toSorted(order)
    const ordered = query.get("sortOrder") === "descending" ? sorted.toReversed() : sorted
    const page = ordered.slice(startIndex - 1, startIndex - 1 + count)
    return json({
      schemas: [listResponse],
      totalResults: found.length,
      startIndex,
      itemsPerPage: page.length,
      ...(page.length > 0 && { Resources: page.map((resource) => pick(call, resource)) })
    })
  })
