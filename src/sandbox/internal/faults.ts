import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Json from "../../http/json.ts"
import type { Fault } from "../Fault.ts"
import * as errors from "./errors.ts"
import type { Instant } from "./instant.ts"

/** A fault, and how many requests it is still for. */
export interface Injected {
  readonly fault: Fault
  left: number
}

export const inject = (fault: Fault): Injected => ({ fault, left: fault.times ?? Infinity })

const matches = ({ method, path }: Fault, request: { readonly method: string; readonly path: string }): boolean =>
  (method === undefined || method.toUpperCase() === request.method) &&
  (path === undefined || (path.endsWith("*") ? request.path.startsWith(path.slice(0, -1)) : path === request.path))

/** The first fault that is for a request. */
export const take = (
  all: ReadonlyArray<Injected>,
  request: { readonly method: string; readonly path: string },
  { random }: Instant
): Fault | undefined => {
  const found = all.find(
    ({ fault, left }) =>
      left > 0 && matches(fault, request) && (fault.rate === undefined || random.nextDoubleUnsafe() < fault.rate)
  )
  if (found === undefined) return undefined
  found.left -= 1
  return found.fault
}

/** The response that is made instead of Miro's. */
export const instead = ({ retryAfter, status }: Fault): HttpServerResponse.HttpServerResponse | undefined => {
  if (status === undefined) return undefined
  const response = status === 429 ? errors.tooManyRequests() : errors.ofStatus(status)
  return retryAfter === undefined ? response : HttpServerResponse.setHeader(response, "retry-after", String(retryAfter))
}

type Change = NonNullable<Fault["change"]>

const changed = (json: unknown, [name, ...rest]: ReadonlyArray<string | number>, to: unknown): unknown => {
  if (name === undefined) return to
  if (Array.isArray(json)) return json.map((item, index) => (index === name ? changed(item, rest, to) : item))
  return Predicate.isObject(json) ? { ...json, [name]: changed(json[name], rest, to) } : json
}

const decoder = new TextDecoder()

const bytesOf = ({ body }: HttpServerResponse.HttpServerResponse): Uint8Array =>
  body._tag === "Uint8Array" ? body.body : new Uint8Array()

const change = (
  response: HttpServerResponse.HttpServerResponse,
  { at, to }: Change
): HttpServerResponse.HttpServerResponse =>
  Json.parseResult(decoder.decode(bytesOf(response))).pipe(
    Result.flatMap((json) => Json.stringify(changed(json, at, to))),
    Result.match({
      onFailure: () => response,
      onSuccess: (text) =>
        HttpServerResponse.setHeaders(
          HttpServerResponse.text(text, { status: response.status, contentType: "application/json" }),
          Object.fromEntries(Object.entries(response.headers).filter(([name]) => !name.startsWith("content-")))
        )
    })
  )

const broken = (response: HttpServerResponse.HttpServerResponse, length: number) => {
  const bytes = bytesOf(response)
  const beginning = length === 0 ? Stream.empty : Stream.make(bytes.slice(0, length))
  return HttpServerResponse.stream(Stream.concat(beginning, Stream.fail("the connection breaks")), {
    status: response.status,
    headers: response.headers,
    contentType: response.headers["content-type"] ?? "application/json",
    contentLength: bytes.length
  })
}

/** The response as it comes. */
export const apply = (
  response: HttpServerResponse.HttpServerResponse,
  fault: Fault | undefined
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  if (fault === undefined) return Effect.succeed(response)
  const whole = fault.change === undefined ? response : change(response, fault.change)
  const sent = Effect.succeed(fault.breakAfter === undefined ? whole : broken(whole, fault.breakAfter))
  return fault.latency === undefined ? sent : Effect.delay(sent, fault.latency)
}
