import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"

/**
 * One request, as it arrived on the wire, and the status of its response.
 *
 * @category models
 */
export interface LedgerEntry {
  /** The HTTP method. */
  readonly method: string
  /** The path with its percent-encoding intact. */
  readonly path: string
  /**
   * The query with its percent-encoding intact, without the question mark. A
   * secret in it, where none belongs, is `<redacted>`.
   */
  readonly query: string
  /** The bearer token, if there was one. */
  readonly token: Option.Option<Redacted.Redacted>
  /** The `content-type` header, if there was one. */
  readonly contentType: string | undefined
  /** The body, which may have secrets in it. Empty if there was none. */
  readonly body: Redacted.Redacted
  /** The status of the response. */
  readonly status: number
}

const secretParameter = /(?<=(?:^|&)(?:access_token|refresh_token|client_secret|code|code_verifier)=)[^&]+/g

/** The query of a request, to be shown. */
export const withoutSecrets = (query: string): string => query.replace(secretParameter, "<redacted>")

/**
 * Which requests a scripted response is for: all of them if it is empty.
 *
 * @category models
 */
export interface RequestFilter {
  /** Requests with this method. */
  readonly method?: string | undefined
  /** Requests with this path, as it is on the wire, or with one that the expression finds something in. */
  readonly path?: string | RegExp | undefined
}

export interface ScriptedResponse {
  readonly response: HttpServerResponse.HttpServerResponse
  readonly filter: RequestFilter
}

const matches = ({ method, path }: RequestFilter, request: { readonly method: string; readonly path: string }) =>
  (method === undefined || method.toUpperCase() === request.method) &&
  (path === undefined || (path instanceof RegExp ? request.path.search(path) >= 0 : path === request.path))

/** Takes the first scripted response that is meant for the request out of the queue. */
export const takeScripted = (
  queue: Array<ScriptedResponse>,
  request: { readonly method: string; readonly path: string }
): HttpServerResponse.HttpServerResponse | undefined => {
  const index = queue.findIndex(({ filter }) => matches(filter, request))
  return index === -1 ? undefined : queue.splice(index, 1)[0]?.response
}
