import { Context, Effect, Redacted } from "effect"
import { HttpBody, HttpClient, HttpClientRequest, type HttpMethod } from "effect/http"
import { MiroSandbox } from "effect-miro/sandbox"

/** Where the requests of a test go; in process every host is the sandbox. */
export const BaseUrl = Context.Reference<string>("test/sandbox/BaseUrl", {
  defaultValue: () => "https://api.miro.com"
})

export interface Reply<A> {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  readonly json: A
}

interface Options {
  /** The quick-start token, unless told otherwise; `null` sends none. */
  readonly token?: string | Redacted.Redacted | null
  readonly json?: unknown
  readonly form?: Record<string, string>
  readonly text?: string
  /** Of the text: `application/json` unless set. */
  readonly contentType?: string
}

const bodyOf = ({ contentType = "application/json", form, json, text }: Options): HttpBody.HttpBody => {
  if (form !== undefined) return HttpBody.urlParams(new URLSearchParams(form))
  if (json !== undefined) return HttpBody.jsonUnsafe(json)
  return text === undefined ? HttpBody.empty : HttpBody.text(text, contentType)
}

export const send = Effect.fnUntraced(function* <A = unknown>(
  method: HttpMethod.HttpMethod,
  path: string,
  options: Options = {}
): Effect.fn.Return<Reply<A>, unknown, HttpClient.HttpClient> {
  const { token = "sandbox-token" } = options
  const baseUrl = yield* BaseUrl
  const request = HttpClientRequest.make(method)(`${baseUrl}${path}`).pipe(HttpClientRequest.setBody(bodyOf(options)))
  const response = yield* HttpClient.execute(token === null ? request : HttpClientRequest.bearerToken(request, token))
  const text = yield* response.text
  const isJson = response.headers["content-type"] === "application/json"
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
})

export interface ErrorBody {
  readonly code: string
  readonly message: string
  readonly status: number | string
  readonly context?: { readonly fields?: ReadonlyArray<{ readonly field: string; readonly message: string }> } | null
}

export interface Board {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly policy: Record<string, Record<string, unknown>>
  readonly [key: string]: unknown
}

export interface Item {
  readonly id: string
  readonly type: string
  readonly data: Record<string, unknown>
  readonly style: Record<string, unknown>
  readonly geometry: { readonly width: number; readonly height: number }
  readonly position: { readonly x: number; readonly y: number; readonly relativeTo: string }
  readonly parent?: { readonly id: string }
  readonly [key: string]: unknown
}

export interface Page<A> {
  readonly data: ReadonlyArray<A>
  readonly total: number
  readonly size: number
  readonly limit: number
  readonly offset?: number
  readonly cursor?: string
  readonly type: string
  readonly links: Readonly<Record<string, string>>
}

export const createBoard = (name = "Retro") =>
  Effect.map(send<Board>("POST", "/v2/boards", { json: { name } }), ({ json }) => json)

export const boardPath = (boardId: string, rest = "") => `/v2/boards/${encodeURIComponent(boardId)}${rest}`

export const createStickyNote = (boardId: string, body: unknown = {}) =>
  Effect.map(send<Item>("POST", boardPath(boardId, "/sticky_notes"), { json: body }), ({ json }) => json)

export interface TokenResponse {
  readonly token_type: string
  readonly user_id: string
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
  readonly expires_in: number
}

export const client = { client_id: "sandbox-client", client_secret: "sandbox-secret" }

export const redirectUrl = "http://localhost:8000/callback"

export const authorizeQuery = (overrides: Record<string, string> = {}) =>
  new URLSearchParams({
    response_type: "code",
    client_id: "sandbox-client",
    redirect_uri: redirectUrl,
    state: "s/1 &",
    ...overrides
  }).toString()

export const requestToken = (form: Record<string, string>) =>
  send<TokenResponse & ErrorBody>("POST", "/v1/oauth/token", { token: null, form: { ...client, ...form } })

export const exchange = (code: string) =>
  requestToken({ grant_type: "authorization_code", code, redirect_uri: redirectUrl })

export const refresh = (token: string) => requestToken({ grant_type: "refresh_token", refresh_token: token })

export const authorizeCode = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const callback = yield* sandbox.consent(`https://miro.com/oauth/authorize?${authorizeQuery()}`)
  return new URL(callback).searchParams.get("code") ?? ""
})

/** The status of the API's response to a token. */
export const statusOf = (token: string | Redacted.Redacted) =>
  Effect.map(send("GET", "/v1/oauth-token", { token }), ({ status }) => status)
