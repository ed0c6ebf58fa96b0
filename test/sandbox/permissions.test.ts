import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpBody, HttpClient, HttpClientRequest } from "effect/http"
import { layerHttpClient } from "./documented.ts"
import * as support from "./support.ts"

const sandbox = (settings: Partial<MiroSandbox.Settings> = {}) =>
  layerHttpClient.pipe(Layer.provide(MiroSandbox.layerSettings(settings)))

const tokenOf = Effect.fn(function* (options?: { readonly userId?: string; readonly scopes?: ReadonlyArray<string> }) {
  const { accessToken } = yield* (yield* MiroSandbox.MiroSandbox).issueTokens(options)
  return Redacted.value(accessToken)
})

it.effect("a token without a scope may not do what needs it", () =>
  Effect.gen(function* () {
    const token = yield* tokenOf()
    assert.strictEqual((yield* support.send("GET", "/v2/boards", { token })).status, 200)
    const { json, status } = yield* support.send<support.ErrorBody>("POST", "/v2/boards", { token, json: {} })
    assert.deepStrictEqual([status, json.code], [403, "forbiddenAccess"])
    const info = yield* support.send<{ scopes: ReadonlyArray<string> }>("GET", "/v1/oauth-token", { token })
    assert.deepStrictEqual(info.json.scopes, ["boards:read"])
  }).pipe(Effect.provide(sandbox({ scopes: ["boards:read"] })))
)

it.effect("a token can be issued with scopes of its own, and unless told may do everything", () =>
  Effect.gen(function* () {
    const none = yield* tokenOf({ scopes: [] })
    assert.strictEqual((yield* support.send("GET", "/v2/boards", { token: none })).status, 403)
    const all = yield* tokenOf()
    assert.strictEqual((yield* support.send("GET", "/v2/orgs/3074457346704692800", { token: all })).status, 200)
  }).pipe(Effect.provide(sandbox()))
)

it.effect("an organization without the Enterprise plan has no Enterprise API", () =>
  Effect.gen(function* () {
    for (const path of ["/v2/orgs/3074457346704692800", "/api/v1/scim/Users", "/v2/audit/logs"]) {
      assert.strictEqual((yield* support.send("GET", path)).status, 403, path)
    }
    assert.strictEqual((yield* support.send("GET", "/v2/boards")).status, 200)
  }).pipe(Effect.provide(sandbox({ plan: "business" })))
)

it.effect("a viewer reads a board and does not write on it", () =>
  Effect.gen(function* () {
    const { id } = yield* support.createBoard()
    const path = `/v2/boards/${id}`
    yield* support.send("POST", `${path}/members`, { json: { emails: ["vera@example.com"], role: "viewer" } })
    const { json } = yield* support.send<support.Page<{ readonly id: string }>>("GET", `${path}/members`)
    const token = yield* tokenOf({ userId: json.data[1]?.id ?? "" })
    assert.strictEqual((yield* support.send("GET", path, { token })).status, 200)
    const note = { token, json: { data: { content: "Hello" } } }
    assert.strictEqual((yield* support.send("POST", `${path}/sticky_notes`, note)).status, 403)
    const node = { token, json: { data: { nodeView: {} } } }
    assert.strictEqual((yield* support.send("POST", mindMapOf(id), node)).status, 403)
  }).pipe(Effect.provide(sandbox()))
)

const mindMapOf = (id: string) => `/v2-experimental/boards/${id}/mindmap_nodes`

it.effect("who is no member of a board may do there what its sharing policy says", () =>
  Effect.gen(function* () {
    const token = yield* tokenOf({ userId: "3074457353169356301" })
    for (const [organizationAccess, read, write, role] of [
      ["private", 404, 404, undefined],
      ["view", 200, 403, "viewer"],
      ["comment", 200, 403, "commenter"],
      ["edit", 200, 201, "editor"]
    ] as const) {
      const json = { policy: { sharingPolicy: { organizationAccess } } }
      const { id } = (yield* support.send<support.Board>("POST", "/v2/boards", { json })).json
      const path = `/v2/boards/${id}`
      const board = yield* support.send<{ readonly currentUserMembership?: { readonly role: string } }>("GET", path, {
        token
      })
      assert.deepStrictEqual([board.status, board.json.currentUserMembership?.role], [read, role])
      assert.strictEqual((yield* support.send("GET", mindMapOf(id), { token })).status, read)
      const note = { token, json: {} }
      assert.strictEqual((yield* support.send("POST", `${path}/sticky_notes`, note)).status, write)
      const node = { token, json: { data: { nodeView: {} } } }
      assert.strictEqual((yield* support.send("POST", mindMapOf(id), node)).status, write)
    }
  }).pipe(Effect.provide(sandbox()))
)

it.effect("an app may show its secret by HTTP basic authentication", () =>
  Effect.gen(function* () {
    const control = yield* MiroSandbox.MiroSandbox
    const { refreshToken } = yield* control.issueTokens()
    const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token: Redacted.value(refreshToken) })
    const send = (secret: string) =>
      HttpClientRequest.post("https://api.miro.com/v1/oauth/token").pipe(
        HttpClientRequest.basicAuth("sandbox-client", secret),
        HttpClientRequest.setBody(HttpBody.urlParams(form)),
        HttpClient.execute
      )
    assert.strictEqual((yield* send("wrong")).status, 401)
    assert.strictEqual((yield* send("sandbox-secret")).status, 200)
  }).pipe(Effect.provide(sandbox()))
)
