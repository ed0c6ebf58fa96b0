import * as Digest from "effect/crypto/Digest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Fault } from "../Fault.ts"
import * as boards from "./boards.ts"
import * as appMetrics from "./appMetrics.ts"
import * as bulk from "./bulk.ts"
import * as connectors from "./connectors.ts"
import * as credits from "./credits.ts"
import * as errors from "./errors.ts"
import * as faults from "./faults.ts"
import * as files from "./files.ts"
import * as grants from "./grants.ts"
import * as groups from "./groups.ts"
import type { Instant } from "./instant.ts"
import { atomically } from "./instant.ts"
import * as items from "./items.ts"
import { takeScripted, withoutSecrets } from "./ledger.ts"
import * as logs from "./logs.ts"
import * as members from "./members.ts"
import * as mindMaps from "./mindMaps.ts"
import * as oauth from "./oauth.ts"
import * as organization from "./organization.ts"
import * as permissions from "./permissions.ts"
import type { Call, MeteredRoute, Route } from "./route.ts"
import * as router from "./router.ts"
import * as scimDiscovery from "./scimDiscovery.ts"
import * as scimGroups from "./scimGroups.ts"
import * as scim from "./scimResponse.ts"
import * as scimUsers from "./scimUsers.ts"
import type { Store } from "./store.ts"
import { unserved } from "./unserved.ts"
import * as Upload from "./upload.ts"

const served = [
  ...oauth.routes,
  ...boards.routes,
  ...items.routes,
  ...bulk.routes,
  ...connectors.routes,
  ...groups.routes,
  ...members.routes,
  ...organization.routes,
  ...mindMaps.routes,
  ...appMetrics.routes,
  ...logs.routes,
  ...scimDiscovery.routes,
  ...scimUsers.routes,
  ...scimGroups.routes,
  ...files.routes
]

const findRoutes = router.make([...served, ...unserved(served)])

/** A request whose body has arrived. */
interface Incoming {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly path: string
  readonly query: string
  readonly token: string | undefined
  readonly body: string
  readonly uploads?: Upload.Uploads | undefined
  readonly hashedVerifier?: string | undefined
  /** Whether the ledger and the credits do not show it. */
  readonly isUnnoticed: boolean
}

// The fragment is for the caller only; a real one never gets here.
const target = /^([^?#]*)(?:\?([^#]*))?/

const bearer = /^Bearer +(\S+)$/i

const incoming = (request: HttpServerRequest.HttpServerRequest, body: string, isUnnoticed: boolean): Incoming => {
  const [, path = "", query = ""] = target.exec(request.url) ?? []
  return { request, path, query, token: bearer.exec(request.headers["authorization"] ?? "")?.[1], body, isUnnoticed }
}

const originOf = ({ headers, originalUrl }: HttpServerRequest.HttpServerRequest): string =>
  /^https?:\/\/[^/]+/i.exec(originalUrl)?.[0] ?? `http://${headers["host"] ?? "localhost"}`

/** A response that no user gets. It says what can be spent, as all of them do. */
const ofNobody = (store: Store, { now }: Instant, response: HttpServerResponse.HttpServerResponse) =>
  HttpServerResponse.setHeaders(response, credits.charge(store.credits, "", 0, now).headers)

const handle = (route: Route, call: Call, { isUnnoticed, token }: Incoming): HttpServerResponse.HttpServerResponse => {
  if (route.level === undefined) {
    return Result.merge(route.handle(call))
  }
  const { instant, store } = call
  if (token === undefined) {
    return ofNobody(store, instant, errors.tokenNotProvided())
  }
  const session = grants.authenticate(store.grants, token, instant)
  if (session === undefined) {
    return ofNobody(store, instant, errors.tokenExpired())
  }
  const level = isUnnoticed ? 0 : route.level
  const { accepted, headers } = credits.charge(store.credits, session.userId, level, instant.now, route.times?.(call))
  const authenticated = { ...call, session }
  const response = accepted
    ? (permissions.refusal(route, authenticated) ?? Result.merge(route.handle(authenticated)))
    : errors.tooManyRequests()
  logs.record(route, authenticated, response)
  return HttpServerResponse.setHeaders(response, headers)
}

const json = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i

const form = /^multipart\/form-data\s*(?:;|$)/i

const mostBytes = 6 * 1024 * 1024

/** Why the API does not take a body, whatever it says: how it is compressed, what it is, or how large a file is. */
const refusalOf = (
  { takesFiles = false }: MeteredRoute,
  { body, request, uploads }: Incoming
): HttpServerResponse.HttpServerResponse | undefined => {
  // A form that comes in process has no content type.
  const given = uploads === undefined ? undefined : "multipart/form-data"
  const { "content-encoding": encoding = "identity", "content-type": type = given } = request.headers
  if (encoding !== "identity") return errors.unsupportedMediaType(`Content encoding [${encoding}]`)
  if (body !== "" && type !== undefined && !json.test(type) && !(takesFiles && form.test(type))) {
    return errors.unsupportedMediaType(`Content type [${type}]`)
  }
  if (uploads === undefined && type !== undefined && form.test(type)) {
    return errors.invalidParameter("resource", "A form needs a file")
  }
  return uploads?.files.some(({ bytes }) => bytes.length > mostBytes) === true
    ? errors.invalidParameter("resource", "A file can have at most 6 MB")
    : undefined
}

const dispatch = (store: Store, arrived: Incoming, instant: Instant): HttpServerResponse.HttpServerResponse => {
  const { body, hashedVerifier, path, query, request, uploads } = arrived
  const matches = findRoutes(path)
  if (matches.length === 0) {
    return ofNobody(store, instant, errors.noSuchPath(path))
  }
  // The body of a response to HEAD is left out where it is sent.
  const method = request.method === "HEAD" ? "GET" : request.method
  const match = matches.find(({ route }) => route.method === method)
  if (match === undefined) {
    const methods = matches.map(({ route }) => route.method)
    return ofNobody(store, instant, errors.methodNotSupported(request.method, methods))
  }
  const refusal = match.route.level === undefined ? undefined : refusalOf(match.route, arrived)
  if (refusal !== undefined) return ofNobody(store, instant, refusal)
  const call: Call = {
    store,
    instant,
    path,
    rawQuery: query,
    query: new URLSearchParams(query),
    params: match.params,
    contentType: request.headers["content-type"],
    authorization: request.headers["authorization"],
    body,
    uploads,
    hashedVerifier,
    origin: originOf(request)
  }
  return handle(match.route, call, arrived)
}

const record = (store: Store, { body, path, query, request, token }: Incoming, status: number): void => {
  // A server that runs for days would otherwise hold all of them.
  if (store.ledger.length >= store.settings.ledgerSize) store.ledger = store.ledger.slice(store.settings.ledgerSize / 2)
  store.ledger.push({
    method: request.method,
    path,
    query: withoutSecrets(query),
    token: Option.map(Option.fromUndefinedOr(token), (value) => Redacted.make(value)),
    contentType: request.headers["content-type"],
    body: Redacted.make(body),
    status
  })
}

interface Response {
  readonly response: HttpServerResponse.HttpServerResponse
  readonly fault?: Fault | undefined
}

const respond = (store: Store, arrived: Incoming, instant: Instant): Response => {
  if (arrived.isUnnoticed) return { response: dispatch(store, arrived, instant) }
  const request = { method: arrived.request.method, path: arrived.path }
  const scripted = takeScripted(store.scripted, request)
  const fault = scripted === undefined ? faults.take(store.faults, request, instant) : undefined
  if (fault?.expireToken === true) grants.expireAccessToken(store.grants, arrived.token ?? "", instant)
  const made = () => (fault && faults.instead(fault)) ?? dispatch(store, arrived, instant)
  const response = scripted ?? scim.respondTo(arrived.path, made())
  record(store, arrived, response.status)
  return { response, fault }
}

const encoder = new TextEncoder()

// Ahead of the turn in which the response is made: a hash takes more than one.
const hashedVerifier = Effect.fnUntraced(function* ({ body, query }: Incoming) {
  const [verifier] = [body, query].flatMap((form) => new URLSearchParams(form).get("code_verifier") ?? [])
  if (verifier === undefined) return undefined
  const digest = yield* Digest.Digest
  return Base64Url.encode(yield* digest.digest(Digest.sha256, encoder.encode(verifier)))
}, Effect.provide(Digest.layerWebCrypto))

export interface Options {
  /** Whether the ledger and the credits do not show the requests, and scripted responses are not for them. */
  readonly isUnnoticed: boolean
}

/** The whole fake: one request in, one response out. */
export const make = (
  store: Store,
  { isUnnoticed }: Options = { isUnnoticed: false }
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest> => {
  const serve = (request: HttpServerRequest.HttpServerRequest) =>
    Effect.matchEffect(Upload.read(request), {
      onFailure: () =>
        Effect.sync(() => {
          const response = errors.invalidParameter("", "The body could not be read")
          record(store, incoming(request, "", isUnnoticed), response.status)
          return response
        }),
      onSuccess: ({ text, uploads }: Upload.Body) =>
        Effect.flatMap(hashedVerifier(incoming(request, text, isUnnoticed)), (hashedVerifier) =>
          Effect.flatMap(
            atomically((instant) =>
              respond(store, { ...incoming(request, text, isUnnoticed), uploads, hashedVerifier }, instant)
            ),
            ({ fault, response }) => faults.apply(response, fault)
          )
        )
    })
  const latency = isUnnoticed ? Duration.zero : Duration.fromInputUnsafe(store.settings.latency)
  return Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
    Duration.isZero(latency) ? serve(request) : Effect.andThen(Effect.sleep(latency), serve(request))
  )
}
