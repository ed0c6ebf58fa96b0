import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Miro, MiroApi } from "@mirohq/miro-api"
import { Context, Effect, Layer, Redacted, Stream } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpServer, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import { MiroSandbox } from "effect-miro/sandbox"
import * as support from "./support.ts"

const BaseUrl = Layer.effect(
  support.BaseUrl,
  HttpServer.addressFormattedWith((url) => Effect.succeed(url))
)

// Redirects are left to the tests, as they go to an app that does not run.
const Client = FetchHttpClient.layer.pipe(
  Layer.provide(Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" }))
)

const onSocket = Effect.provide(
  Layer.merge(MiroSandbox.layerServer, BaseUrl).pipe(
    Layer.provide(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })),
    Layer.merge(Client)
  )
)

describe("the server", () => {
  it.effect("takes a user from the consent page to a board", () =>
    Effect.gen(function* () {
      const query = support.authorizeQuery()
      const page = yield* support.send("GET", `/oauth/authorize?${query}`, { token: null })
      assert.include(page.text, "Allow")
      const redirect = yield* support.send("GET", `/oauth/authorize?${query}&decision=allow`, { token: null })
      assert.strictEqual(redirect.status, 302)
      const code = new URL(redirect.headers["location"] ?? "").searchParams.get("code") ?? ""
      const { json: tokens } = yield* support.exchange(code)
      const created = yield* support.send<support.Board>("POST", "/v2/boards", {
        token: tokens.access_token,
        json: { name: "Rückblick" }
      })
      assert.strictEqual(created.status, 201)
      assert.strictEqual(created.json.name, "Rückblick")
      const baseUrl = yield* support.BaseUrl
      assert.propertyVal(created.json["links"], "self", `${baseUrl}${support.boardPath(created.json.id)}`)
      const removed = yield* support.send("DELETE", support.boardPath(created.json.id))
      assert.strictEqual(removed.status, 204)
      assert.strictEqual(removed.text, "")
    }).pipe(onSocket)
  )

  it.effect("keeps paths as they are on the wire", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* support.send("GET", "/v2/boards/a%2Fb%3D?x=%20")
      const [entry] = yield* sandbox.ledger
      assert.deepInclude(entry, { path: "/v2/boards/a%2Fb%3D", query: "x=%20", status: 404 })
    }).pipe(onSocket)
  )

  it.effect("responds to HEAD as to GET, without the body", () =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard()
      const head = yield* HttpClient.execute(
        HttpClientRequest.head(`${yield* support.BaseUrl}${support.boardPath(id)}`).pipe(
          HttpClientRequest.bearerToken("sandbox-token")
        )
      )
      const { headers, text } = yield* support.send("GET", support.boardPath(id))
      assert.deepStrictEqual([head.status, yield* head.text], [200, ""])
      assert.strictEqual(head.headers["content-type"], headers["content-type"])
      assert.isNotEmpty(text)
    }).pipe(onSocket)
  )

  it.effect("serves scripted responses", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.respondNext(HttpServerResponse.text("<html>", { status: 503, headers: { "retry-after": "1" } }))
      const scripted = yield* support.send("GET", "/v2/boards")
      assert.strictEqual(scripted.status, 503)
      assert.strictEqual(scripted.headers["retry-after"], "1")
      assert.strictEqual((yield* support.send("GET", "/v2/boards")).status, 200)
    }).pipe(onSocket)
  )
})

const collect = <A>(iterable: AsyncIterable<A>) =>
  Stream.runCollect(Stream.fromAsyncIterable(iterable, (cause) => cause))

const roundTrip = (api: MiroApi) =>
  Effect.gen(function* () {
    const board = yield* Effect.promise(() => api.createBoard({ name: "Retro", description: "Sprint 1" }))
    assert.strictEqual(board.name, "Retro")

    const notes = yield* Effect.forEach(
      Array.from({ length: 23 }, (_, index) => index),
      (index) => Effect.promise(() => board.createStickyNoteItem({ data: { content: `${index}`, shape: "square" } }))
    )
    const items = yield* collect(board.getAllItems())
    assert.deepStrictEqual(
      items.map(({ id }) => id),
      notes.map(({ id }) => id)
    )

    const [first, second] = notes
    yield* Effect.promise(() => first.update({ data: { content: "changed" }, style: { fillColor: "red" } }))
    yield* Effect.promise(() => second.delete())
    const read = yield* Effect.promise(() => board.getStickyNoteItem(first.id))
    assert.strictEqual(read.data?.content, "changed")
    assert.strictEqual(read.style?.fillColor, "red")
    assert.strictEqual((yield* collect(board.getAllItems())).length, 22)

    const missing = yield* Effect.flip(Effect.tryPromise(() => board.getStickyNoteItem(second.id)))
    assert.propertyVal(missing.cause, "statusCode", 404)

    yield* Effect.promise(() => board.update({ name: "Done" }))
    const copy = yield* Effect.promise(() => board.copy({ name: "Again" }))
    assert.strictEqual((yield* collect(copy.getAllItems())).length, 22)
    const boards = yield* collect(api.getAllBoards())
    assert.deepStrictEqual(
      boards.map(({ name }) => name),
      ["Again", "Done"]
    )
    yield* Effect.forEach(boards, (each) => Effect.promise(() => each.delete()))
    assert.deepStrictEqual(yield* collect(api.getAllBoards()), [])
  })

describe("a server and a client in process", () => {
  it.effect("share one sandbox when they are built together", () =>
    Effect.gen(function* () {
      const address = NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })
      const context = yield* Layer.build(
        Layer.mergeAll(MiroSandbox.layerServer, MiroSandbox.layerHttpClient, BaseUrl).pipe(Layer.provide(address))
      )
      const board = yield* support
        .createBoard()
        .pipe(Effect.provideService(HttpClient.HttpClient, Context.get(context, HttpClient.HttpClient)))
      const served = yield* support
        .send("GET", support.boardPath(board.id))
        .pipe(Effect.provideService(support.BaseUrl, Context.get(context, support.BaseUrl)), Effect.provide(Client))
      assert.strictEqual(served.status, 200)
    })
  )
})

describe("Miro's own client", () => {
  it.effect("works with the quick-start token", () =>
    Effect.gen(function* () {
      const baseUrl = yield* support.BaseUrl
      yield* roundTrip(new MiroApi("sandbox-token", baseUrl))
    }).pipe(onSocket)
  )

  it.effect("works with tokens from a storage, and is told when they are dead", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const baseUrl = yield* support.BaseUrl
      const { accessToken, userId } = yield* sandbox.issueTokens({ userId: "42" })
      // The client asks api.miro.com for tokens whatever its base path is, so
      // it gets one here that needs no refresh.
      const state = { userId, accessToken: Redacted.value(accessToken) }
      const miro = new Miro({
        clientId: "sandbox-client",
        clientSecret: "sandbox-secret",
        redirectUrl: support.redirectUrl,
        basePath: baseUrl,
        storage: { get: () => Promise.resolve(state), set: () => Promise.resolve() }
      })
      const callback = yield* sandbox.consent(miro.getAuthUrl("state", "7"))
      assert.strictEqual(new URL(callback).searchParams.get("state"), "state")

      yield* roundTrip(miro.as(userId))
      yield* sandbox.revokeGrants
      const refused = yield* Effect.flip(Effect.tryPromise(() => miro.as(userId).createBoard({ name: "x" })))
      assert.propertyVal(refused.cause, "statusCode", 401)
    }).pipe(onSocket)
  )
})
