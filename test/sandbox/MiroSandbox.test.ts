import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Layer, Option, Redacted, Stream } from "effect"
import { HttpBody, HttpClient, HttpClientRequest, HttpServerRequest, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { MiroSandbox } from "effect-miro/sandbox"
import * as support from "./support.ts"

const inProcess = Effect.provide(MiroSandbox.layerHttpClient)

const withSettings = (settings: Partial<MiroSandbox.Settings>) =>
  Effect.provide(MiroSandbox.layerHttpClient.pipe(Layer.provide(MiroSandbox.layerSettings(settings))))

describe("routing", () => {
  it.effect("responds like Miro's servlet where there is nothing", () =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard()
      for (const path of [
        "/",
        "/v2",
        "/v2/boards/",
        `/v2/boards/${id}/frames/7/items`,
        "/v2/boards/%ZZ",
        "/v2//boards"
      ]) {
        const { json, status } = yield* support.send("GET", path, { token: null })
        assert.strictEqual(status, 404)
        assert.deepStrictEqual(json, {
          servlet: "dispatcherServlet",
          message: "Not Found",
          url: path,
          status: "404"
        })
      }
    }).pipe(inProcess)
  )

  it.effect("responds 405 to a method that a path does not have", () =>
    Effect.gen(function* () {
      const { headers, json, status } = yield* support.send<support.ErrorBody>("PATCH", "/v2/boards")
      assert.strictEqual(status, 405)
      assert.strictEqual(json.code, "methodNotSupported")
      assert.strictEqual(headers["allow"], "POST, GET, PUT")
    }).pipe(inProcess)
  )

  it.effect("decodes a segment after splitting the path", () =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard()
      for (const encoded of [id, encodeURIComponent(id)]) {
        assert.strictEqual((yield* support.send("GET", `/v2/boards/${encoded}`)).status, 200)
      }
      const { json, status } = yield* support.send<{ context: unknown }>("DELETE", "/v2/boards/a%2Fitems%2Fb%20%C3%A9")
      assert.strictEqual(status, 404)
      assert.deepStrictEqual(json.context, { boardId: { value: "a/items/b é" } })
    }).pipe(inProcess)
  )
})

describe("requests", () => {
  it.effect("need a bearer token", () =>
    Effect.gen(function* () {
      const none = yield* support.send("GET", "/v2/boards", { token: null })
      assert.strictEqual(none.status, 401)
      assert.deepStrictEqual(none.json, {
        type: "error",
        code: "tokenNotProvided",
        message: "No authorization token was provided",
        status: 401
      })
      const unknown = yield* support.send<support.ErrorBody>("POST", "/v2/boards", { token: "unknown" })
      assert.strictEqual(unknown.status, 401)
      assert.strictEqual(unknown.json.code, "tokenExpired")
      const basic = yield* HttpClient.execute(
        HttpClientRequest.basicAuth(HttpClientRequest.get("https://api.miro.com/v2/boards"), "sandbox-token", "")
      )
      assert.strictEqual(basic.status, 401)
      assert.strictEqual((yield* support.send<support.Page<unknown>>("GET", "/v2/boards")).json.total, 0)
      for (const { headers } of [none, unknown, yield* support.send("GET", "/v2/nothing")]) {
        assert.strictEqual(headers["x-ratelimit-remaining"], "100000")
      }
    }).pipe(inProcess)
  )

  it.effect("with a body that is no JSON are refused, whatever it says", () =>
    Effect.gen(function* () {
      for (const contentType of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
        const { json, status } = yield* support.send<support.ErrorBody>("POST", "/v2/boards", {
          text: "{}",
          contentType
        })
        assert.deepStrictEqual([status, json.code], [415, "unsupportedMediaType"], contentType)
      }
      const contentType = "application/json; charset=utf-8"
      assert.strictEqual((yield* support.send("POST", "/v2/boards", { text: "{}", contentType })).status, 201)
      const compressed = yield* HttpClientRequest.post("https://api.miro.com/v2/boards").pipe(
        HttpClientRequest.bearerToken("sandbox-token"),
        HttpClientRequest.setHeader("content-encoding", "gzip"),
        HttpClientRequest.bodyJsonUnsafe({}),
        HttpClient.execute
      )
      assert.strictEqual(compressed.status, 415)
    }).pipe(inProcess)
  )

  it.effect.each(["{", "[1,", "<html>"])("with a body of %s are refused", (text) =>
    Effect.gen(function* () {
      const { json, status } = yield* support.send("POST", "/v2/boards", { text })
      assert.strictEqual(status, 400)
      assert.deepStrictEqual(json, {
        type: "error",
        code: "2.0703",
        context: { fields: [{ field: "", message: "Malformed JSON" }] },
        message: "Invalid parameters",
        status: 400
      })
    }).pipe(inProcess)
  )

  it.effect.each([
    [{ name: "" }, "name", "Name must have between 1 and 60 characters"],
    [{ name: "x".repeat(61) }, "name", "Name must have between 1 and 60 characters"],
    [{ name: null }, "name", "Unexpected value [null]"],
    [{ description: "x".repeat(301) }, "description", "Description must have at most 300 characters"],
    [{ metadata: 1 }, "metadata", "Field [metadata] is not supported"],
    [
      { policy: { sharingPolicy: { access: "all" } } },
      "policy.sharingPolicy.access",
      "Unexpected value [all], expected one of: [private, view, edit, comment]"
    ]
  ] as const)("for a board with %j are refused", ([json, field, message]) =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard("x".repeat(60))
      for (const [method, path] of [
        ["POST", "/v2/boards"],
        ["PATCH", support.boardPath(id)],
        ["PUT", `/v2/boards?copy_from=${id}`]
      ] as const) {
        const refused = yield* support.send<support.ErrorBody>(method, path, { json })
        assert.strictEqual(refused.status, 400)
        assert.deepStrictEqual(refused.json.context?.fields, [{ field, message }])
      }
      const { json: page } = yield* support.send<support.Page<support.Board>>("GET", "/v2/boards")
      assert.deepStrictEqual(
        page.data.map(({ name }) => name),
        ["x".repeat(60)]
      )
    }).pipe(inProcess)
  )

  it.effect("by thousands at once leave a consistent board", () =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard()
      const notes = yield* Effect.all(
        Array.from({ length: 3000 }, () => support.createStickyNote(id)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(notes.map((note) => note.id)).size, 3000)
      const half = notes.slice(0, 1500)
      yield* Effect.forEach(half, (note) => support.send("DELETE", support.boardPath(id, `/items/${note.id}`)), {
        concurrency: "unbounded"
      })
      const { json } = yield* support.send<support.Page<support.Item>>("GET", support.boardPath(id, "/items"))
      assert.strictEqual(json.total, 1500)
    }).pipe(withSettings({ creditsPerMinute: 10_000_000 }))
  )
})

describe("the ledger", () => {
  it.effect("keeps every request as it was on the wire", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* support.send("GET", "/v2/boards/a%2Fb%3D?limit=1%30&x#fragment")
      yield* support.send("POST", "/v2/boards", { token: null, json: { name: "Retro" } })
      const [first, second, ...rest] = yield* sandbox.ledger
      assert.deepStrictEqual(rest, [])
      assert.deepInclude(first, {
        method: "GET",
        path: "/v2/boards/a%2Fb%3D",
        query: "limit=1%30&x",
        contentType: undefined,
        status: 404
      })
      assert.deepStrictEqual(Option.map(first?.token ?? Option.none(), Redacted.value), Option.some("sandbox-token"))
      assert.deepInclude(second, { method: "POST", contentType: "application/json", status: 401 })
      assert.deepStrictEqual(second?.token, Option.none())
      assert.strictEqual(Redacted.value(second?.body ?? Redacted.make("")), `{"name":"Retro"}`)
      assert.notInclude(JSON.stringify([first, second]), "sandbox-token")
      assert.notInclude(JSON.stringify([first, second]), "Retro")

      yield* sandbox.clearLedger
      assert.deepStrictEqual(yield* sandbox.ledger, [])
    }).pipe(inProcess)
  )

  it.effect("does not change in the hands of who read it", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const before = yield* sandbox.ledger
      yield* support.send("GET", "/v2/boards")
      assert.strictEqual(before.length, 0)
      assert.strictEqual((yield* sandbox.ledger).length, 1)
    }).pipe(inProcess)
  )
})

describe("respondNext", () => {
  it.effect("responds to the next request, once, and lets nothing happen", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.respondNext(
        HttpServerResponse.text("<html>Bad gateway</html>", { status: 502, headers: { "retry-after": "3" } })
      )
      const scripted = yield* support.send("POST", "/v2/boards", { json: { name: "Retro" } })
      assert.strictEqual(scripted.status, 502)
      assert.strictEqual(scripted.text, "<html>Bad gateway</html>")
      assert.strictEqual(scripted.headers["retry-after"], "3")
      assert.isUndefined(scripted.headers["x-ratelimit-limit"])

      const { headers, json } = yield* support.send<support.Page<unknown>>("GET", "/v2/boards")
      assert.strictEqual(json.total, 0)
      assert.strictEqual(headers["x-ratelimit-remaining"], "99950")
      assert.deepStrictEqual(
        (yield* sandbox.ledger).map(({ method, status }) => [method, status]),
        [
          ["POST", 502],
          ["GET", 200]
        ]
      )
    }).pipe(inProcess)
  )

  it.effect("waits for the request it is meant for, in the order of the queue", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { id } = yield* support.createBoard()
      const path = support.boardPath(id)
      const respond = (status: number, filter?: MiroSandbox.RequestFilter) =>
        sandbox.respondNext(HttpServerResponse.empty({ status }), filter)
      yield* respond(501, { method: "PATCH" })
      yield* respond(502, { path: /\/v2\/boards$/g })
      yield* respond(503, { method: "get", path })
      yield* respond(504, { path })

      const status = (method: "GET" | "PATCH", at: string) => Effect.map(support.send(method, at), (_) => _.status)
      assert.strictEqual(yield* status("GET", "/v1/oauth-token"), 200)
      assert.strictEqual(yield* status("GET", path), 503)
      assert.strictEqual(yield* status("GET", path), 504)
      assert.strictEqual(yield* status("GET", path), 200)
      assert.strictEqual(yield* status("GET", "/v2/boards"), 502)
      assert.strictEqual(yield* status("GET", "/v2/boards"), 200)
      assert.strictEqual(yield* status("PATCH", path), 501)
      assert.strictEqual(yield* status("PATCH", path), 200)
    }).pipe(inProcess)
  )

  it.effect("can tear a body in half", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const body = Stream.concat(Stream.encodeText(Stream.make(`{"data":[`)), Stream.fail("reset"))
      yield* sandbox.respondNext(HttpServerResponse.stream(body, { contentType: "application/json" }))
      const exit = yield* Effect.exit(support.send("GET", "/v2/boards"))
      assert.isTrue(Exit.isFailure(exit))
    }).pipe(inProcess)
  )
})

describe("credits", () => {
  it.effect("are counted by level, per user, and told on every response", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* TestClock.setTime(90_000)
      const { id } = yield* support.createBoard()
      const remaining = (method: "GET" | "PATCH" | "PUT", path: string, token: string | Redacted.Redacted) =>
        Effect.map(support.send(method, path, { token }), ({ headers }) => {
          assert.strictEqual(headers["x-ratelimit-limit"], "100000")
          assert.strictEqual(headers["x-ratelimit-reset"], "120")
          return Number(headers["x-ratelimit-remaining"])
        })
      const mine = "sandbox-token"
      assert.strictEqual(yield* remaining("GET", "/v2/boards", mine), 99_450)
      assert.strictEqual(yield* remaining("GET", "/v2/boards?limit=0", mine), 99_400)
      assert.strictEqual(yield* remaining("PATCH", support.boardPath(id), mine), 99_300)
      assert.strictEqual(yield* remaining("PUT", `/v2/boards?copy_from=${id}`, mine), 97_300)
      assert.strictEqual(yield* remaining("GET", "/v1/oauth-token", mine), 97_300)

      const { accessToken } = yield* sandbox.issueTokens({ userId: "42" })
      assert.strictEqual(yield* remaining("GET", "/v2/boards", accessToken), 99_950)
      const refreshed = yield* sandbox.issueTokens({ userId: "42" })
      assert.strictEqual(yield* remaining("GET", "/v2/boards", refreshed.accessToken), 99_900)
    }).pipe(inProcess)
  )

  it.effect("are spent for each item of several, and each user", () =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard()
      const json = Array.from({ length: 3 }, () => ({ type: "text", data: { content: "Hello" } }))
      const items = yield* support.send("POST", support.boardPath(id, "/items/bulk"), { json })
      assert.strictEqual(items.headers["x-ratelimit-remaining"], "99200")
      const groups = "/v2/orgs/3074457346704692800/groups"
      const group = yield* support.send<{ readonly id: string }>("POST", groups, { json: { name: "Design" } })
      const members = yield* support.send("PATCH", `${groups}/${group.json.id}/members`, {
        json: { membersToAdd: ["ada@example.com", "bob@example.com"], membersToRemove: ["cyd@example.com"] }
      })
      const spent = Number(group.headers["x-ratelimit-remaining"]) - Number(members.headers["x-ratelimit-remaining"])
      assert.strictEqual(spent, 150)
    }).pipe(inProcess)
  )

  it.effect("run out, and are back with the next minute", () =>
    Effect.gen(function* () {
      const board = yield* support.createBoard()
      assert.strictEqual(board.name, "Retro")
      const refused = yield* support.send("POST", "/v2/boards")
      assert.strictEqual(refused.status, 429)
      assert.deepStrictEqual(refused.json, {
        status: 429,
        code: "tooManyRequests",
        message: "Request rate limit exceed",
        context: null,
        type: "error"
      })
      assert.strictEqual(refused.headers["x-ratelimit-remaining"], "100")
      assert.strictEqual(refused.headers["x-ratelimit-reset"], "60")
      assert.strictEqual((yield* support.send("GET", "/v2/boards")).status, 200)
      assert.strictEqual((yield* support.send("GET", "/v2/boards")).status, 200)
      assert.strictEqual((yield* support.send("GET", "/v2/boards")).status, 429)
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual((yield* support.send("GET", "/v2/boards")).status, 429)
      yield* TestClock.adjust("1 second")
      const { headers, json } = yield* support.send<support.Page<unknown>>("GET", "/v2/boards")
      assert.strictEqual(json.total, 1)
      assert.strictEqual(headers["x-ratelimit-remaining"], "550")
    }).pipe(withSettings({ creditsPerMinute: 600 }))
  )
})

describe("the client in process", () => {
  it.effect("gives the body as bytes, with its length and type", () =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard("Rückblick")
      const response = yield* HttpClient.execute(
        HttpClientRequest.get(`https://anything.example:8443${support.boardPath(id)}`).pipe(
          HttpClientRequest.bearerToken("sandbox-token")
        )
      )
      const bytes = yield* Stream.mkUint8Array(response.stream)
      assert.strictEqual(response.headers["content-length"], String(bytes.byteLength))
      const board = JSON.parse(new TextDecoder().decode(bytes)) as support.Board
      assert.strictEqual(board.name, "Rückblick")
      assert.propertyVal(board["links"], "self", `https://anything.example:8443${support.boardPath(id)}`)
    }).pipe(inProcess)
  )

  it.effect("reads a request body that is a stream", () =>
    Effect.gen(function* () {
      const body = HttpBody.stream(Stream.encodeText(Stream.make(`{"na`, `me":"x"}`)), "application/json")
      const response = yield* HttpClient.execute(
        HttpClientRequest.post("https://api.miro.com/v2/boards").pipe(
          HttpClientRequest.setBody(body),
          HttpClientRequest.bearerToken("sandbox-token")
        )
      )
      assert.strictEqual(response.status, 201)
    }).pipe(inProcess)
  )

  it.effect("refuses a body that breaks off, and keeps the request in the ledger", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const body = HttpBody.stream(Stream.fail("torn"), "application/json")
      const response = yield* HttpClient.execute(
        HttpClientRequest.post("https://api.miro.com/v2/boards").pipe(HttpClientRequest.setBody(body))
      )
      assert.strictEqual(response.status, 400)
      assert.deepStrictEqual(
        (yield* sandbox.ledger).map(({ status }) => status),
        [400]
      )
    }).pipe(inProcess)
  )

  it.effect("can be interrupted before a request arrives, and after", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const hanging = HttpBody.stream(Stream.never, "application/json")
      const stuck = yield* HttpClient.execute(
        HttpClientRequest.post("https://api.miro.com/v2/boards").pipe(HttpClientRequest.setBody(hanging))
      ).pipe(Effect.forkChild({ startImmediately: true }))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(stuck)
      assert.deepStrictEqual(yield* sandbox.ledger, [])

      const fiber = yield* Effect.forkChild(support.createBoard(), { startImmediately: true })
      while ((yield* sandbox.ledger).length === 0) yield* Effect.yieldNow
      assert.isUndefined(fiber.pollUnsafe())
      yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
      const { json } = yield* support.send<support.Page<unknown>>("GET", "/v2/boards")
      assert.strictEqual(json.total, 1)
    }).pipe(inProcess)
  )
})

describe("layers", () => {
  it.effect("keep sandboxes apart, and read the settings that they were built with", () =>
    Effect.gen(function* () {
      const build = (accessToken: string) =>
        Layer.build(
          MiroSandbox.layerHttpClient.pipe(
            Layer.provide(MiroSandbox.layerSettings({ accessToken: Redacted.make(accessToken) })),
            Layer.fresh
          )
        )
      const [first, second] = yield* Effect.all([build("one"), build("two")])
      const status = (context: Context.Context<HttpClient.HttpClient>, token: string) =>
        Effect.provide(support.statusOf(token), context)
      assert.deepStrictEqual(
        yield* Effect.all([status(first, "one"), status(first, "two"), status(second, "one"), status(second, "two")]),
        [200, 401, 401, 200]
      )
    })
  )

  it.effect("give the app itself, to be mounted elsewhere", () =>
    Effect.gen(function* () {
      const { app } = yield* MiroSandbox.MiroSandbox
      const request = new Request("http://localhost/v2/boards", { headers: { authorization: "Bearer sandbox-token" } })
      const response = yield* Effect.provideService(
        app,
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromWeb(request)
      )
      assert.strictEqual(response.status, 200)
    }).pipe(Effect.provide(MiroSandbox.layer))
  )
})
