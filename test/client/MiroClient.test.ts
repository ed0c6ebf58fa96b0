import { assert, describe, it } from "@effect/vitest"
import { ByteSize, ConfigProvider, type Context, Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { HttpBody, HttpClientRequest, HttpIncomingMessage } from "effect/http"
import {
  AccessToken,
  Boards,
  CurrentUser,
  Timeouts,
  Images,
  Items,
  MiroClient,
  MiroError,
  RateLimit,
  Retry,
  StickyNotes,
  Tokens
} from "effect-miro"
import { TestClock } from "effect/testing"
import { execFile } from "node:child_process"
import * as http from "../support/http.ts"
import { observe } from "../support/observe.ts"
import * as payloads from "../support/payloads.ts"

const get = Boards.get({ boardId: "b" })

/** Base URLs to which no token may go, and what is said of them. */
const misdirecting = [
  ["", "must be a URL that begins with https://"],
  ["api.miro.com", "must be a URL that begins with https://"],
  ["//api.miro.com", "must be a URL that begins with https://"],
  ["/v2", "must be a URL that begins with https://"],
  ["https:api.miro.com", "must be a URL that begins with https://"],
  ["https:\\\\api.miro.com", "must be a URL that begins with https://"],
  ["https://", "must be a URL that begins with https://"],
  ["https://api.miro.com\n", "must be a URL that begins with https://"],
  ["https://a b", "must be a URL that begins with https://"],
  ["ftp://api.miro.com", "must be a URL that begins with https://"],
  ["file:///etc/passwd", "must be a URL that begins with https://"],
  ["javascript:alert(1)", "must be a URL that begins with https://"],
  ["https://anna:s3cret@api.miro.com", "must not have a user name or password"],
  ["https://s3cret@api.miro.com", "must not have a user name or password"],
  ["http://localhost:s3cret@evil.example", "must not have a user name or password"],
  ["https://api.miro.com?key=s3cret", "must not have a query or fragment"],
  ["https://api.miro.com/?", "must not have a query or fragment"],
  ["https://api.miro.com/#s3cret", "must not have a query or fragment"],
  ...[
    "http://api.miro.com",
    "http://localhost.evil.example",
    "http://127.evil.example",
    "http://10.0.0.1",
    "http://[::2]"
  ].map(
    (url) => [url, "must begin with https://, unless the server is on this machine or allowInsecure is set"] as const
  )
] as const

const authorizations = http.Wire.useSync(({ sent }) => sent.map(({ headers }) => headers["authorization"]))

describe("withResponse", () => {
  const created = http.json(
    { ...payloads.board, unknown: { kept: true } },
    { status: 201, headers: { "x-request-id": "r-1" } }
  )
  const body = JSON.stringify({ ...payloads.board, unknown: { kept: true } })

  it.effect("gives the value, the status, the headers and the body", () =>
    Effect.gen(function* () {
      const { response, value } = yield* Boards.create.withResponse({ name: "Retro" })
      assert.strictEqual(value.name, "Retro")
      assert.strictEqual(response.status, 201)
      assert.strictEqual(response.headers["x-request-id"], "r-1")
      assert.strictEqual(yield* response.text, body)
      assert.deepStrictEqual(yield* response.json, JSON.parse(body))
    }).pipe(http.replying(created))
  )

  it.effect("gives the body as often as wanted, and in every form", () =>
    Effect.gen(function* () {
      const { response } = yield* Boards.create.withResponse({ name: "Retro" })
      for (let reading = 0; reading < 2; reading++) {
        assert.strictEqual((yield* response.arrayBuffer).byteLength, body.length)
        assert.strictEqual(yield* response.text, body)
        assert.strictEqual(yield* Stream.mkString(Stream.decodeText(response.stream)), body)
      }
    }).pipe(http.replying(created))
  )

  it.effect("gives the headers as they came, and no others", () =>
    Effect.gen(function* () {
      const responses: ReadonlyArray<Record<string, string>> = [
        { "x-request-id": "r-1" },
        { "content-type": "application/json; charset=utf-8", "content-length": "77", "content-encoding": "gzip" }
      ]
      for (const headers of responses) {
        const { response } = yield* Boards.get
          .withResponse({ boardId: "b" })
          .pipe(http.replying(http.text(new TextEncoder().encode(body), { headers })))
        assert.deepStrictEqual({ ...response.headers }, headers)
      }
    })
  )

  it.effect("gives the cookies that came", () =>
    Effect.gen(function* () {
      const { response } = yield* Boards.get.withResponse({ boardId: "b" })
      assert.strictEqual(response.cookies.cookies["lang"]?.value, "de")
    }).pipe(http.replying(http.text(body, { headers: { "set-cookie": "lang=de; Path=/" } })))
  )

  it.effect("gives a response without a body too", () =>
    Effect.gen(function* () {
      const { response, value } = yield* Boards.delete.withResponse({ boardId: "b" })
      assert.isUndefined(value)
      assert.strictEqual(response.status, 204)
      assert.strictEqual(yield* response.text, "")
      const accepted = yield* Boards.update.withResponse({ boardId: "b" })
      assert.isUndefined(accepted.value)
      assert.strictEqual(accepted.response.status, 202)
    }).pipe(http.replying(http.noContent, http.text("", { status: 202 })))
  )

  it.effect("gives one page of a list", () =>
    Effect.gen(function* () {
      const { response, value } = yield* Boards.list.withResponse({ limit: 1 })
      assert.strictEqual(value.data.length, 1)
      assert.strictEqual(response.headers["x-ratelimit-remaining"], "7")
    }).pipe(http.replying(http.json({ data: payloads.boards(0, 1) }, { headers: { "x-ratelimit-remaining": "7" } })))
  )

  it.effect("fails as the call itself does", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(Boards.get.withResponse({ boardId: "b" }), "NotFound")
      assert.strictEqual(error.operation, "Boards.get")
    }).pipe(http.replying(http.status(404)))
  )
})

describe("an operation", () => {
  it("says what is known of it", () => {
    const metadata = [Boards.list, StickyNotes.create, Boards.delete, Tokens.get].map(
      ({ operation: { id, level, method, name, path, scopes } }) => ({ name, id, method, path, scopes, level })
    )
    assert.deepStrictEqual(metadata, [
      { name: "Boards.list", id: "get-boards", method: "GET", path: "/v2/boards", scopes: ["boards:read"], level: 1 },
      {
        name: "StickyNotes.create",
        id: "create-sticky-note-item",
        method: "POST",
        path: "/v2/boards/{boardId}/sticky_notes",
        scopes: ["boards:write"],
        level: 2
      },
      {
        name: "Boards.delete",
        id: "delete-board",
        method: "DELETE",
        path: "/v2/boards/{boardId}",
        scopes: ["boards:write"],
        level: 3
      },
      {
        name: "Tokens.get",
        id: "token-info",
        method: "GET",
        path: "/v1/oauth-token",
        scopes: [],
        level: undefined
      }
    ])
  })

  it.effect("can be called again, each time with a request of its own", () =>
    Effect.gen(function* () {
      const call = StickyNotes.create({ boardId: "b" })
      assert.deepStrictEqual(yield* http.Wire.useSync(({ sent }) => sent.length), 0)
      yield* call
      yield* call
      assert.deepStrictEqual(yield* http.Wire.useSync(({ sent }) => sent.length), 2)
    }).pipe(http.always(http.json(payloads.stickyNote)))
  )
})

describe("a request", () => {
  it.effect("goes to Miro, and says who makes it and what it takes", () =>
    Effect.gen(function* () {
      yield* get
      const [request] = (yield* http.Wire).sent
      assert.deepStrictEqual(request?.headers, {
        accept: "application/json",
        "user-agent": "effect-miro",
        authorization: "Bearer test-token"
      })
      assert.strictEqual(request?.url, "https://api.miro.com/v2/boards/b")
    }).pipe(http.replying(http.json(payloads.board)))
  )

  it.effect.each([
    ["https://proxy.example", "https://proxy.example/v2/boards/b"],
    ["https://proxy.example/", "https://proxy.example/v2/boards/b"],
    ["http://localhost:4010/miro", "http://localhost:4010/miro/v2/boards/b"],
    ["http://localhost:4010/miro/", "http://localhost:4010/miro/v2/boards/b"]
  ])("goes to %s instead if told", ([baseUrl, url]) =>
    Effect.gen(function* () {
      yield* get
      assert.deepStrictEqual(yield* http.Wire.useSync(({ sent }) => sent.map((request) => request.url)), [url])
    }).pipe(http.wired(http.script(http.json(payloads.board)), { baseUrl }))
  )

  it.effect.each([
    "http://localhost",
    "http://LOCALHOST:4010",
    "http://127.0.0.1:4010",
    "http://127.8.9.10",
    "http://[::1]:4010/miro",
    "HTTPS://proxy.example"
  ])("goes to %s, which is this machine or encrypted", (baseUrl) =>
    Effect.gen(function* () {
      yield* get
      assert.strictEqual((yield* http.Wire).sent.length, 1)
    }).pipe(http.wired(http.script(http.json(payloads.board)), { baseUrl }))
  )

  it.effect("goes to another machine without encryption if that is allowed", () =>
    Effect.gen(function* () {
      yield* get
      assert.strictEqual((yield* http.Wire).sent[0]?.url, "http://miro.test:4010/v2/boards/b")
    }).pipe(
      http.wired(http.script(http.json(payloads.board)), { baseUrl: "http://miro.test:4010", allowInsecure: true })
    )
  )

  it.effect.each(
    misdirecting.flatMap(([baseUrl, message]) => [
      [baseUrl, message, false] as const,
      ...(message.includes("allowInsecure") ? [] : [[baseUrl, message, true] as const])
    ])
  )("is not sent to %j, which %s", ([baseUrl, message, allowInsecure]) =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(get, "InvalidInput")
      assert.deepStrictEqual(error.reason.issues, [{ path: ["baseUrl"], message }])
      assert.notInclude(JSON.stringify(error), "s3cret")
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.wired(() => http.json(payloads.board), { baseUrl, allowInsecure }))
  )

  it.effect.each(["bot\r\nx-injected: 1", "bot\u0000", "日本"])("is not sent for a program called %j", (userAgent) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "InvalidInput")
      assert.deepStrictEqual(reason.issues[0]?.path, ["headers", "user-agent"])
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.wired(() => http.json(payloads.board), { userAgent }))
  )

  it.effect("names the user's program before this package", () =>
    Effect.gen(function* () {
      yield* get
      const [request] = (yield* http.Wire).sent
      assert.strictEqual(request?.headers["user-agent"], "retro-bot/2 effect-miro")
    }).pipe(http.wired(http.script(http.json(payloads.board)), { userAgent: "retro-bot/2" }))
  )

  it.effect("carries no trace, also within a span", () =>
    Effect.gen(function* () {
      const { spans } = yield* observe(Effect.withSpan(get, "the user's"))
      assert.deepStrictEqual(
        spans.map(({ name }) => name),
        ["the user's", "Miro.Boards.get"]
      )
      const [request] = (yield* http.Wire).sent
      for (const name of ["b3", "traceparent", "tracestate", "baggage"]) assert.notProperty(request?.headers, name)
    }).pipe(http.replying(http.json(payloads.board)))
  )
})

describe("layerConfig", () => {
  const environment = (env: Record<string, string>) => {
    const config = ConfigProvider.layer(ConfigProvider.fromEnv({ env }))
    return Effect.provide(
      MiroClient.layerConfig().pipe(
        Layer.provide(config),
        Layer.provideMerge(Layer.suspend(() => http.layerWire(() => http.json(payloads.board))))
      )
    )
  }
  const sent = http.Wire.useSync(({ sent }) => sent.map(({ headers, url }) => [url, headers["authorization"]]))

  it.effect("takes the token from the environment", () =>
    Effect.gen(function* () {
      yield* get
      assert.deepStrictEqual(yield* sent, [["https://api.miro.com/v2/boards/b", "Bearer from-env"]])
    }).pipe(environment({ MIRO_ACCESS_TOKEN: "from-env" }))
  )

  it.effect("takes the base URL from there too", () =>
    Effect.gen(function* () {
      yield* get
      assert.deepStrictEqual(yield* sent, [["http://127.0.0.1:4010/v2/boards/b", "Bearer from-env"]])
    }).pipe(environment({ MIRO_ACCESS_TOKEN: "from-env", MIRO_BASE_URL: "http://127.0.0.1:4010" }))
  )

  it.effect("fails for a base URL that would get the token without encryption, and names the variable", () =>
    Effect.gen(function* () {
      for (const url of ["http://api.miro.com", "https://anna:s3cret@api.miro.com", "miro"]) {
        const error = yield* Effect.flip(get.pipe(environment({ MIRO_ACCESS_TOKEN: "from-env", MIRO_BASE_URL: url })))
        assert.notInstanceOf(error, MiroError.MiroError)
        assert.include(String(error), "MIRO_BASE_URL")
        assert.notInclude(String(error), "s3cret")
      }
    })
  )

  it.live.each([
    ["MIRO_ACCESS_TOKEN", "MiroClient.layerConfig()", {}],
    ["MIRO_BASE_URL", "MiroClient.layerConfig()", { MIRO_ACCESS_TOKEN: "t", MIRO_BASE_URL: "http://miro" }],
    ["MIRO_SCIM_TOKEN", "ScimClient.layerConfig()", {}],
    ["MIRO_CLIENT_SECRET", "MiroOAuth.layerConfig()", { MIRO_CLIENT_ID: "1", MIRO_CLIENT_SECRET: "" }],
    ["MIRO_TOKEN_KEYS", "TokenStorage.layerEncryptedConfig", { MIRO_TOKEN_KEYS: "" }]
  ] as const)("names %s where nobody handles the error of %s", ([name, layer, env]) =>
    Effect.gen(function* () {
      const program = `
        import { Effect, Layer } from "effect"
        import { FetchHttpClient } from "effect/http"
        import { AccessToken, MiroClient, MiroOAuth, ScimClient, TokenStorage } from "effect-miro"
        const layer = ${layer}.pipe(Layer.provide(TokenStorage.layerMemory), Layer.provide(FetchHttpClient.layer))
        Effect.runPromise(Effect.provide(Effect.void, layer))
      `
      const { stderr } = yield* Effect.promise(
        () =>
          new Promise<{ readonly stderr: string }>((resolve) => {
            execFile(
              process.execPath,
              ["--conditions=effect-miro-source", "--input-type=module", "--eval", program],
              { env: { ...env, NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] } },
              (_, __, stderr) => resolve({ stderr })
            )
          })
      )
      assert.match(stderr, new RegExp(`ConfigError\\]?: .*\n.*${name}`))
      assert.notInclude(stderr, "[object Object]")
    })
  )

  it.effect("fails without a token, and names the variable", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(get.pipe(environment({})))
      assert.notInstanceOf(error, MiroError.MiroError)
      assert.include(String(error), "MIRO_ACCESS_TOKEN")
    })
  )
})

describe("MiroClient.execute", () => {
  it.effect("sends any request with the token, and gives its response", () =>
    Effect.gen(function* () {
      const response = yield* MiroClient.execute(
        HttpClientRequest.post("/v2/boards/uXjVO%3D/diagrams", {
          urlParams: { a: "1 &" },
          headers: { "x-own": "yes" },
          body: HttpBody.jsonUnsafe({ title: "Diagram" })
        })
      )
      assert.strictEqual(response.status, 201)
      assert.strictEqual(response.headers["location"], "/v2/boards/uXjVO%3D/diagrams/1")
      assert.deepStrictEqual(yield* response.json, { id: 1 })
      const [request] = (yield* http.Wire).sent
      assert.deepInclude(request, {
        method: "POST",
        path: "/v2/boards/uXjVO%3D/diagrams",
        query: { a: "1 &" },
        body: '{"title":"Diagram"}'
      })
      assert.deepInclude(request?.headers, {
        accept: "application/json",
        authorization: "Bearer test-token",
        "user-agent": "effect-miro",
        "x-own": "yes"
      })
    }).pipe(
      http.replying(http.json({ id: 1 }, { status: 201, headers: { location: "/v2/boards/uXjVO%3D/diagrams/1" } }))
    )
  )

  it.effect("leaves the accept header and the name of the program to the caller", () =>
    Effect.gen(function* () {
      const headers = { accept: "text/csv", "user-agent": "retro-bot/2" }
      yield* MiroClient.execute(HttpClientRequest.get("/v2/x", { headers }))
      const [request] = (yield* http.Wire).sent
      assert.deepInclude(request?.headers, { ...headers, authorization: "Bearer test-token" })
    }).pipe(http.replying(http.text("a,b")))
  )

  it.effect.each([
    [{ "x-a": "s3cret\r\nx-injected: 1" }, ["headers", "x-a"]],
    [{ "x-a": "s3cret\n" }, ["headers", "x-a"]],
    [{ "x-a": "s3cret\u0000" }, ["headers", "x-a"]],
    [{ "x-a": "s3cret 日本" }, ["headers", "x-a"]],
    [{ "x-s3cret\r\nx-injected": "1" }, ["headers"]],
    [{ "x s3cret": "1" }, ["headers"]],
    [{ "": "s3cret" }, ["headers"]],
    [{ authorization: "Bearer s3cret" }, ["headers", "authorization"]],
    [{ Authorization: "Bearer s3cret" }, ["headers", "authorization"]],
    [{ host: "s3cret.example" }, ["headers", "host"]],
    [{ "transfer-encoding": "chunked" }, ["headers", "transfer-encoding"]],
    [{ connection: "upgrade" }, ["headers", "connection"]],
    [{ expect: "100-continue" }, ["headers", "expect"]],
    [{ "keep-alive": "timeout=5" }, ["headers", "keep-alive"]],
    [{ "content-length": "0" }, ["headers", "content-length"]],
    [{ "content-length": "3" }, ["headers", "content-length"]]
  ] as const)("refuses the headers %j before the wire, and does not repeat them", ([headers, path]) =>
    Effect.gen(function* () {
      const request = HttpClientRequest.post("/v2/x").pipe(
        HttpClientRequest.bodyText("{}"),
        HttpClientRequest.setHeaders(headers)
      )
      const { text } = yield* observe(MiroClient.execute(request))
      const error = yield* http.failsWith(MiroClient.execute(request), "InvalidInput")
      assert.deepStrictEqual<unknown>(
        error.reason.issues.map(({ path }) => path),
        [path]
      )
      assert.notInclude(text, "s3cret")
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.always(http.noContent))
  )

  it.effect("takes a body that is no JSON, and gives one", () =>
    Effect.gen(function* () {
      const response = yield* MiroClient.execute(HttpClientRequest.get("/v2/x"))
      assert.deepStrictEqual(new Uint8Array(yield* response.arrayBuffer), Uint8Array.of(0xff, 0x00, 0xfe))
    }).pipe(http.replying(http.text(Uint8Array.of(0xff, 0x00, 0xfe))))
  )

  it.effect("fails with a MiroError for a status that is no success", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(MiroClient.execute(HttpClientRequest.patch("/v2/x")), "Forbidden")
      assert.include(error.message, "MiroClient.execute failed with Forbidden (PATCH /v2/x, status 403): message")
    }).pipe(http.replying(http.status(403)))
  )

  it.effect("keeps the query out of its errors", () =>
    Effect.gen(function* () {
      for (const request of [
        HttpClientRequest.get("/v2/x?code=secret"),
        HttpClientRequest.get("/v2/x#secret"),
        HttpClientRequest.get("/v2/x", { urlParams: { code: "secret" } })
      ]) {
        const error = yield* http.failsWith(MiroClient.execute(request), "NotFound")
        assert.strictEqual(error.path, "/v2/x")
        assert.notInclude(JSON.stringify(error), "secret")
      }
    }).pipe(http.always(http.status(404)))
  )

  it.effect.each([
    "https://evil.example/x",
    "HTTPS://evil.example/x",
    "http:/evil.example",
    "https://api.miro.com/v2/boards",
    "//evil.example/x",
    "/\\evil.example/x",
    "\\\\evil.example/x",
    "\\/evil.example",
    "",
    "v2/boards",
    " /v2/boards",
    "@evil.example/",
    ".evil.example/",
    ":80@evil.example/",
    "/.",
    "/..",
    "/v2/boards/b/items/..",
    "/v2/boards/b/items/../",
    "/v2/boards/b/items/.",
    "/v2/boards/../orgs",
    "/v2/boards/b/items/%2e%2e",
    "/v2/boards/b/items/%2E.",
    "/v2/boards/b/items/.%2e/x",
    "/v2/boards/b/items/%2e",
    "/v2/boards/b/items/..?a=b",
    "/v2/boards/b/items/..#a",
    "/v2/boards/b\\..\\..\\x",
    // A URL parser takes these out before it looks for dots.
    "/v2/boards/b/items/.\t.",
    "/v2/boards/b/items/.\n.",
    "/v2/boards/b/items/\r..",
    "/v2/boards/b/items/%2\te%2e",
    "/v2/boards/b/items/..\u0000",
    "/v2/boards/b/items/.. ",
    "/\t/evil.example/x"
  ])("refuses the URL %j before the wire", (url) =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(MiroClient.execute(HttpClientRequest.delete(url)), "InvalidInput")
      assert.deepStrictEqual(
        error.reason.issues.map(({ path }) => path),
        [["url"]]
      )
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.always(http.noContent))
  )

  it.effect("refuses a URL object, which is an absolute one", () =>
    Effect.gen(function* () {
      const request = HttpClientRequest.get(new URL("https://evil.example/v2/boards"))
      yield* http.failsWith(MiroClient.execute(request), "InvalidInput")
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.always(http.noContent))
  )

  it.effect.each([
    ["/v2/boards/..a", "/v2/boards/..a"],
    ["/v2/boards/...", "/v2/boards/..."],
    ["/v2/boards/a..", "/v2/boards/a.."],
    ["/v2/boards/%2e%2ea", "/v2/boards/%2e%2ea"],
    ["/v2/boards/%2F..%2F", "/v2/boards/%2F..%2F"],
    ["/v2//boards", "/v2//boards"],
    ["/@evil.example", "/@evil.example"],
    ["/v2/boards?next=/../orgs", "/v2/boards"],
    ["/", "/"]
  ])("sends the URL %j as it is", ([url, path]) =>
    Effect.gen(function* () {
      yield* MiroClient.execute(HttpClientRequest.get(url))
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map((sent) => [new URL(sent.url).origin, sent.path]),
        [["https://api.miro.com", path]]
      )
    }).pipe(http.always(http.noContent))
  )
})

interface Refreshing {
  readonly layer: Layer.Layer<AccessToken.AccessToken>
  /** The tokens for which another one was asked. */
  readonly refused: Array<string>
}

/** Gives `token-0`, and the next one for every refresh, up to the last. */
const refreshing = (last: number): Refreshing => {
  const refused: Array<string> = []
  let current = 0
  const token = Effect.sync(() => Redacted.make(`token-${current}`))
  return {
    refused,
    layer: Layer.succeed(AccessToken.AccessToken, {
      get: token,
      refresh: (stale) => {
        refused.push(Redacted.value(stale))
        current = Math.min(current + 1, last)
        return token
      }
    })
  }
}

/** Responds 401 to all tokens but one. */
const onlyFor =
  (token: string, reply: http.Reply): http.Respond =>
  ({ headers }) =>
    headers["authorization"] === `Bearer ${token}` ? reply : http.status(401)

describe("a token that Miro refuses", () => {
  it.effect("is refreshed once, and the call made again with the new one", () => {
    const tokens = refreshing(1)
    return Effect.gen(function* () {
      assert.strictEqual((yield* get).name, "Retro")
      assert.deepStrictEqual(yield* authorizations, ["Bearer token-0", "Bearer token-1"])
      assert.deepStrictEqual(tokens.refused, ["token-0"])
    }).pipe(http.wired(onlyFor("token-1", http.json(payloads.board)), { accessToken: tokens.layer }))
  })

  it.effect("is refreshed for a POST too, which is made again with the same body", () => {
    const tokens = refreshing(1)
    return Effect.gen(function* () {
      yield* StickyNotes.create({ boardId: "b", data: { content: "Ship it" } })
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ body, method }) => `${method} ${body}`),
        ['POST {"data":{"content":"Ship it"}}', 'POST {"data":{"content":"Ship it"}}']
      )
    }).pipe(http.wired(onlyFor("token-1", http.json(payloads.stickyNote)), { accessToken: tokens.layer }))
  })

  it.effect("ends the call when the new one is refused too", () => {
    const tokens = refreshing(9)
    return Effect.gen(function* () {
      const { isRetryable } = yield* http.failsWith(get, "Unauthorized")
      assert.isFalse(isRetryable)
      assert.deepStrictEqual(yield* authorizations, ["Bearer token-0", "Bearer token-1"])
      assert.deepStrictEqual(tokens.refused, ["token-0"])
    }).pipe(http.wired(onlyFor("none", http.noContent), { accessToken: tokens.layer }))
  })

  it.effect("ends the call when there is no other one", () => {
    const tokens = refreshing(0)
    return Effect.gen(function* () {
      yield* http.failsWith(get, "Unauthorized")
      assert.deepStrictEqual(yield* authorizations, ["Bearer token-0"])
    }).pipe(http.wired(onlyFor("none", http.noContent), { accessToken: tokens.layer }))
  })

  it.effect("is looked at again by an AccessToken that is an instance of a class", () => {
    class Rotating {
      count = 0
      readonly get = Effect.sync(() => Redacted.make(`token-${this.count}`))
      rotate() {
        this.count++
        return this.get
      }
      refresh() {
        return this.rotate()
      }
      recheck() {
        return this.rotate()
      }
    }
    return Effect.gen(function* () {
      assert.strictEqual((yield* get).name, "Retro")
      assert.deepStrictEqual(yield* authorizations, ["Bearer token-0", "Bearer token-1", "Bearer token-2"])
    }).pipe(
      http.wired(onlyFor("token-2", http.json(payloads.board)), {
        accessToken: Layer.sync(AccessToken.AccessToken, () => new Rotating())
      })
    )
  })

  it.effect("ends the call when it is fixed", () =>
    Effect.gen(function* () {
      yield* http.failsWith(get, "Unauthorized")
      assert.deepStrictEqual(yield* authorizations, ["Bearer test-token"])
    }).pipe(http.always(http.status(401)))
  )

  it.effect("ends the call with the reason for which there is no new one", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(get, "ReauthorizationRequired")
      assert.strictEqual(error.operation, "Boards.get")
      assert.strictEqual((yield* http.Wire).sent.length, 1)
    }).pipe(
      http.wired(() => http.status(401), {
        accessToken: Layer.succeed(AccessToken.AccessToken, {
          get: Effect.succeed(Redacted.make("old")),
          refresh: () =>
            Effect.fail(
              new MiroError.ReauthorizationRequired({ user: "anna", outcomeUnknown: false, description: "revoked" })
            )
        })
      })
    )
  )

  it.effect.each([400, 403, 404, 407, 419, 498, 500])("is not one that gets a %i", (status) => {
    const tokens = refreshing(1)
    return Effect.gen(function* () {
      yield* Effect.flip(get)
      assert.deepStrictEqual(tokens.refused, [])
      assert.deepStrictEqual(yield* authorizations, ["Bearer token-0"])
    }).pipe(
      http.once,
      http.wired(() => http.status(status), { accessToken: tokens.layer })
    )
  })

  it.effect("is refreshed once for one call, also when that call is repeated for other reasons", () => {
    const tokens = refreshing(9)
    return Effect.gen(function* () {
      yield* http.inTime(http.failsWith(get, "Unauthorized"))
      assert.deepStrictEqual(tokens.refused, ["token-0"])
      assert.deepStrictEqual(yield* authorizations, ["Bearer token-0", "Bearer token-1", "Bearer token-1"])
    }).pipe(http.wired((_, index) => http.status(index % 2 === 0 ? 401 : 503), { accessToken: tokens.layer }))
  })

  it.effect("is not refreshed for a body that is a stream, which is spent", () => {
    const tokens = refreshing(1)
    let read = 0
    const body = Stream.suspend(() => {
      read++
      return Stream.make(new TextEncoder().encode("large"))
    })
    const request = HttpClientRequest.post("/v2/boards/b/images").pipe(HttpClientRequest.bodyStream(body))
    return Effect.gen(function* () {
      yield* http.failsWith(MiroClient.execute(request), "Unauthorized")
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ body }) => body),
        ["large"]
      )
      assert.strictEqual(read, 1)
    }).pipe(http.wired(onlyFor("token-1", http.noContent), { accessToken: tokens.layer }))
  })

  it.effect("is refreshed for a form, which can be sent again", () => {
    const tokens = refreshing(1)
    const form = new FormData()
    form.append("data", new Blob(["x"]), "x.png")
    const request = HttpClientRequest.post("/v2/boards/b/images").pipe(HttpClientRequest.bodyFormData(form))
    return Effect.gen(function* () {
      assert.strictEqual((yield* MiroClient.execute(request)).status, 204)
      assert.strictEqual((yield* http.Wire).sent.length, 2)
    }).pipe(http.wired(onlyFor("token-1", http.noContent), { accessToken: tokens.layer }))
  })
})

describe("MiroClient.as", () => {
  const perUser = {
    accessToken: Layer.succeed(AccessToken.AccessToken, {
      get: CurrentUser.CurrentUser.use((user) => Effect.succeed(Redacted.make(`of-${user}`))),
      refresh: () => CurrentUser.CurrentUser.use((user) => Effect.succeed(Redacted.make(`new-of-${user}`)))
    })
  }
  const board = http.json(payloads.board)

  it.effect("makes calls with the tokens of that user, whichever way it is written", () =>
    Effect.gen(function* () {
      yield* get
      yield* get.pipe(MiroClient.as("anna"))
      yield* MiroClient.as(get, "ben")
      yield* MiroClient.as(Effect.andThen(get, MiroClient.as(get, "inner")), "outer")
      yield* get
      assert.deepStrictEqual(yield* authorizations, [
        "Bearer of-default",
        "Bearer of-anna",
        "Bearer of-ben",
        "Bearer of-outer",
        "Bearer of-inner",
        "Bearer of-default"
      ])
    }).pipe(http.wired(() => board, perUser))
  )

  it.effect("holds for the refresh, the replay and the pages of a stream", () =>
    Effect.gen(function* () {
      yield* get.pipe(MiroClient.as("anna"))
      yield* Stream.runDrain(Items.list.items({ boardId: "b" })).pipe(MiroClient.as("ben"))
      assert.deepStrictEqual(yield* authorizations, [
        "Bearer of-anna",
        "Bearer new-of-anna",
        "Bearer of-ben",
        "Bearer of-ben"
      ])
    }).pipe(
      http.wired(
        http.script(http.status(401), board, http.json({ data: [], cursor: "next" }), http.json({ data: [] })),
        perUser
      )
    )
  )

  it.effect("never mixes up users that call at the same time", () =>
    Effect.gen(function* () {
      const users = Array.from({ length: 50 }, (_, index) => `user-${index}`)
      const fibers = yield* Effect.forEach(users, (user) =>
        Effect.forkChild(
          Effect.forEach([1, 2, 3], (call) =>
            Effect.andThen(Effect.yieldNow, Boards.get({ boardId: `${user}-${call}` }))
          ).pipe(MiroClient.as(user))
        )
      )
      yield* Effect.forEach(fibers, Fiber.join)
      const { sent } = yield* http.Wire
      assert.strictEqual(sent.length, 150)
      for (const { headers, path } of sent) {
        assert.strictEqual(headers["authorization"], `Bearer of-${path.split("/").at(-1)?.replace(/-\d$/, "")}`)
      }
    }).pipe(http.wired(() => (request) => Effect.andThen(Effect.yieldNow, board(request)), perUser))
  )
})

describe("a reference that is given to the layer of a client", () => {
  const board = http.json(payloads.board)
  const odd = http.json({ ...payloads.board, description: true })

  /** A client whose layer gets this, and a program that does not. */
  const clientWith = <A>(reference: Context.Reference<A>, value: A, respond: http.Respond) =>
    Effect.provide(
      MiroClient.layer().pipe(
        Layer.provide(Layer.succeed(reference, value)),
        Layer.provide(AccessToken.layer(http.token)),
        Layer.provideMerge(http.layerWire(respond))
      )
    )

  const count = http.Wire.useSync(({ sent }) => sent.length)

  it.effect("holds for its calls: Retry", () =>
    Effect.gen(function* () {
      yield* http.failsWith(get, "ServerError")
      assert.strictEqual(yield* count, 1)
    }).pipe(clientWith(Retry.Retry, Retry.none, () => http.status(500)))
  )

  it.effect("holds for its calls: RateLimit", () =>
    Effect.gen(function* () {
      yield* get
      yield* http.failsWith(MiroClient.execute(HttpClientRequest.get("/v2/boards/b")), "CreditsSpent")
      assert.strictEqual(yield* count, 1)
    }).pipe((program) =>
      Effect.gen(function* () {
        const limiter = yield* RateLimit.RateLimit.pipe(
          Effect.provide(RateLimit.layerMemory({ limit: 149, onExceeded: "fail" }))
        )
        yield* program.pipe(clientWith(RateLimit.RateLimit, limiter, () => board))
      })
    )
  )

  it.effect("holds for its calls: Timeouts", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(get))
      yield* TestClock.adjust("3 seconds")
      assert.deepInclude((yield* Fiber.join(fiber)).reason, { _tag: "Timeout", phase: "call" })
    }).pipe(clientWith(Timeouts.Timeouts, { call: "3 seconds" }, () => http.silence))
  )

  it.effect.each(["upload", "attempt", "call"] as const)(
    "holds for its calls: Timeouts, for reading a file: %s",
    (phase) =>
      Effect.gen(function* () {
        const resource = { content: Stream.never, filename: "a.png" }
        const fiber = yield* Effect.forkChild(Effect.flip(Images.createFromFile({ boardId: "b", resource })))
        yield* TestClock.adjust("3 seconds")
        assert.isDefined(fiber.pollUnsafe())
        assert.deepInclude((yield* Fiber.join(fiber)).reason, { _tag: "Timeout", phase })
      }).pipe(clientWith(Timeouts.Timeouts, { [phase]: "3 seconds" }, () => http.silence))
  )

  it.effect("holds for its calls: Timeouts, for a download", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(Images.download({ boardId: "b", itemId: "1" })))
      yield* TestClock.adjust("2 seconds")
      yield* TestClock.adjust("1 second")
      assert.isDefined(fiber.pollUnsafe())
      assert.deepInclude((yield* Fiber.join(fiber)).reason, { _tag: "Timeout", phase: "call" })
    }).pipe(
      clientWith(Timeouts.Timeouts, { call: "3 seconds" }, ({ path }) =>
        path === "/v2/boards/b/images/1"
          ? (request) =>
              Effect.delay(
                http.json({ id: "1", type: "image", data: { imageUrl: "https://api.miro.com/v2/resources/1" } })(
                  request
                ),
                "2 seconds"
              )
          : http.silence
      ),
      Effect.scoped
    )
  )

  it.effect("holds for its calls: Strict", () =>
    http.failsWith(get, "InvalidResponse").pipe(clientWith(MiroClient.Strict, true, () => odd))
  )

  it.effect("holds for its calls: MaxBodySize", () =>
    http
      .failsWith(get, "InvalidResponse")
      .pipe(clientWith(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(10), () => board))
  )

  it.effect("does not hold for what a file is made of, which is the caller's", () =>
    Effect.gen(function* () {
      const found: Array<unknown> = []
      const content = Stream.fromEffect(
        Effect.gen(function* () {
          found.push(yield* MiroClient.Strict, yield* Timeouts.Timeouts)
          return new Uint8Array(1)
        })
      )
      const upload = Images.createFromFile({ boardId: "b", resource: { content, filename: "a.png" } })
      yield* Effect.provideService(upload, Timeouts.Timeouts, { upload: "3 seconds" })
      assert.deepStrictEqual(found, [false, { upload: "3 seconds" }])
    }).pipe(clientWith(MiroClient.Strict, true, () => http.json({ id: "1", type: "image" })))
  )

  it.effect("gives way to that of a call", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.provideService(get, MiroClient.Strict, false)).name, "Retro")
    }).pipe(clientWith(MiroClient.Strict, true, () => odd))
  )

  it.effect("says nothing of whose calls they are", () =>
    Effect.gen(function* () {
      yield* get
      assert.deepStrictEqual(yield* authorizations, ["Bearer of-default"])
    }).pipe(
      Effect.provide(
        MiroClient.layer().pipe(
          Layer.provide(
            Layer.succeed(AccessToken.AccessToken, {
              get: CurrentUser.CurrentUser.use((user) => Effect.succeed(Redacted.make(`of-${user}`))),
              refresh: () => Effect.die("not asked for")
            })
          ),
          Layer.provide(Layer.succeed(CurrentUser.CurrentUser, "anna")),
          Layer.provideMerge(http.layerWire(() => board))
        )
      )
    )
  )
})
