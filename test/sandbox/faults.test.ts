import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Random, Redacted, Stream } from "effect"
import { Boards, Items, MiroClient, Retry } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpServer } from "effect/http"
import { TestClock } from "effect/testing"
import { createServer, request as httpRequest } from "node:http"
import { Everything, login } from "../auth/support.ts"
import * as support from "./support.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provideMerge(MiroSandbox.layerHttpClient))

const inject = (fault: MiroSandbox.Fault) =>
  Effect.flatMap(MiroSandbox.MiroSandbox, (sandbox) => sandbox.injectFault(fault))

const once = Retry.provide(Retry.none)

describe("a fault", () => {
  it.effect("is a status, as often as it says, and nothing is done meanwhile", () =>
    Effect.gen(function* () {
      yield* inject({ method: "POST", path: "/v2/boards", status: 503, times: 2 })
      for (const _ of [1, 2]) {
        assert.strictEqual((yield* Effect.flip(once(Boards.create({ name: "A" })))).reason._tag, "ServerError")
      }
      yield* Boards.create({ name: "B" })
      assert.deepStrictEqual(
        (yield* Boards.list()).data.map(({ name }) => name),
        ["B"]
      )
    }).pipe(Effect.provide(Miro))
  )

  it.effect("is a 429 that says how long to wait", () =>
    Effect.gen(function* () {
      yield* inject({ status: 429, retryAfter: 7, times: 1 })
      const error = yield* Effect.flip(once(Boards.list()))
      assert.strictEqual(error.reason._tag, "RateLimited")
      assert.isDefined(error.retryAfter)
    }).pipe(Effect.provide(Miro))
  )

  it.effect("is a latency", () =>
    Effect.gen(function* () {
      yield* inject({ latency: 3000 })
      const fiber = yield* Effect.forkChild(Effect.andThen(Boards.list(), Clock.currentTimeMillis), {
        startImmediately: true
      })
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(yield* Fiber.join(fiber), 3000)
    }).pipe(Effect.provide(Miro))
  )

  it.effect("is a type that nobody knows, or a field that is gone", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const [boardId = ""] = yield* sandbox.seed({
        boards: [{ items: [{ type: "text", data: { content: "Hello" } }] }]
      })
      yield* inject({ path: "/v2/boards/*", change: { at: ["data", 0, "type"], to: "hologram" }, times: 1 })
      assert.strictEqual((yield* Items.list({ boardId })).data[0]?.type, "unknown")
      yield* inject({ path: "/v2/boards/*", change: { at: ["data", 0, "id"] }, times: 1 })
      assert.strictEqual((yield* Effect.flip(Items.list({ boardId }))).reason._tag, "InvalidResponse")
    }).pipe(Effect.provide(Miro))
  )

  it.effect("is a token that expires now, which a client that is logged in refreshes", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* login
      yield* Boards.create({ name: "A" })
      yield* inject({ path: "/v2/boards", expireToken: true, times: 1 })
      yield* sandbox.clearLedger
      assert.strictEqual((yield* Boards.list()).total, 1)
      assert.deepStrictEqual(
        (yield* sandbox.ledger).map(({ path, status }) => [path, status]),
        [
          ["/v2/boards", 401],
          ["/v1/oauth/token", 200],
          ["/v2/boards", 200]
        ]
      )
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is of one token, and not of the others", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { accessToken: one } = yield* sandbox.issueTokens()
      const { accessToken: other } = yield* sandbox.issueTokens()
      yield* inject({ expireToken: true, times: 1 })
      assert.deepStrictEqual(
        [yield* support.statusOf(one), yield* support.statusOf(other), yield* support.statusOf(one)],
        [401, 200, 401]
      )
    }).pipe(Effect.provide(Miro))
  )

  it.effect("is a connection that breaks", () =>
    Effect.gen(function* () {
      yield* Boards.create({ name: "A" })
      for (const breakAfter of [0, 20]) {
        yield* inject({ breakAfter, times: 1 })
        assert.strictEqual((yield* Effect.flip(once(Boards.list()))).reason._tag, "Transport")
      }
    }).pipe(Effect.provide(Miro))
  )

  it.effect("comes at random at its rate, and the same each time where `Random` is seeded", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* inject({ status: 500, rate: 0.2 })
      const failures = Effect.replicateEffect(Effect.isFailure(once(Boards.list())), 200).pipe(
        Random.withSeed("a seed")
      )
      const first = yield* failures
      assert.isTrue(Math.abs(first.filter(Boolean).length - 40) < 20)
      assert.deepStrictEqual(yield* failures, first)
      yield* sandbox.clearFaults
      yield* Boards.list()
    }).pipe(Effect.provide(Miro))
  )
})

it.effect("the ledger keeps the last requests", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    for (let index = 0; index < 95; index++) yield* Effect.ignore(Boards.get({ boardId: `b${index}` }))
    const ledger = yield* sandbox.ledger
    assert.isAtMost(ledger.length, 20)
    assert.isAtLeast(ledger.length, 10)
    assert.strictEqual(ledger.at(-1)?.path, "/v2/boards/b94")
  }).pipe(Effect.provide(Miro), Effect.provide(MiroSandbox.layerSettings({ ledgerSize: 20 })))
)

describe("the controls over HTTP", () => {
  const Server = MiroSandbox.layerServer.pipe(
    Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
  )

  interface Options {
    readonly body?: unknown
    readonly headers?: Readonly<Record<string, string>>
  }

  const send = Effect.fn(function* (method: string, path: string, { body, headers = {} }: Options = {}) {
    const url = new URL(path, yield* HttpServer.addressFormattedWith(Effect.succeed))
    return yield* Effect.callback<{ readonly status: number | undefined; readonly text: string }>((resume) => {
      const all = { "content-type": "application/json", ...headers }
      const request = httpRequest(url, { method, headers: all }, (response) => {
        let text = ""
        response.on("data", (chunk) => (text += String(chunk)))
        response.on("end", () => resume(Effect.succeed({ status: response.statusCode, text })))
      })
      request.end(body === undefined ? undefined : JSON.stringify(body))
    })
  })

  const authorized = { headers: { authorization: "Bearer sandbox-token" } }

  it.live("seed, fail, tell, and begin anew", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        (yield* send("POST", "/__sandbox/seed", { body: { boards: [{ name: "Retro" }] } })).status,
        200
      )
      yield* send("POST", "/__sandbox/faults", { body: { status: 500, times: 1 } })
      assert.strictEqual((yield* send("GET", "/v2/boards", authorized)).status, 500)
      assert.strictEqual((yield* send("GET", "/v2/boards", authorized)).status, 200)
      const ledger = JSON.parse((yield* send("GET", "/__sandbox/ledger")).text) as ReadonlyArray<{ status: number }>
      assert.deepStrictEqual(
        ledger.map(({ status }) => status),
        [500, 200]
      )
      yield* send("PUT", "/__sandbox/credits", { body: { perMinute: 10 } })
      assert.strictEqual((yield* send("GET", "/v2/boards", authorized)).status, 429)
      yield* send("POST", "/__sandbox/reset")
      assert.include((yield* send("GET", "/v2/boards", authorized)).text, `"total":0`)
    }).pipe(Effect.provide(Server))
  )

  it.live("give the whole state, and take it back", () =>
    Effect.gen(function* () {
      yield* send("POST", "/__sandbox/seed", { body: { boards: [{ name: "Retro" }] } })
      const issued = JSON.parse((yield* send("POST", "/__sandbox/tokens", { body: {} })).text) as {
        readonly accessToken: string
      }
      const state = yield* send("GET", "/__sandbox/state")
      assert.strictEqual(state.status, 200)
      yield* send("POST", "/__sandbox/reset")
      const look = send("GET", "/v2/boards", { headers: { authorization: `Bearer ${issued.accessToken}` } })
      assert.strictEqual((yield* look).status, 401)
      assert.strictEqual((yield* send("PUT", "/__sandbox/state", { body: JSON.parse(state.text) })).status, 204)
      assert.include((yield* look).text, `"name":"Retro"`)
      const refused = yield* send("PUT", "/__sandbox/state", { body: { boards: [] } })
      assert.strictEqual(refused.status, 400)
      assert.include(refused.text, "snapshot")
      assert.include((yield* look).text, `"name":"Retro"`)
    }).pipe(Effect.provide(Server))
  )

  it.live("let the tokens expire now", () =>
    Effect.gen(function* () {
      const issued = JSON.parse((yield* send("POST", "/__sandbox/tokens", { body: {} })).text) as {
        readonly accessToken: string
      }
      const look = send("GET", "/v2/boards", { headers: { authorization: `Bearer ${issued.accessToken}` } })
      assert.strictEqual((yield* look).status, 200)
      assert.strictEqual((yield* send("DELETE", "/__sandbox/tokens")).status, 204)
      assert.strictEqual((yield* look).status, 401)
    }).pipe(Effect.provide(Server))
  )

  it.live("say what is wrong", () =>
    Effect.gen(function* () {
      const { status, text } = yield* send("POST", "/__sandbox/faults", { body: { stauts: 500 } })
      assert.strictEqual(status, 400)
      assert.include(text, "stauts")
      assert.strictEqual((yield* send("POST", "/__sandbox/nothing")).status, 404)
    }).pipe(Effect.provide(Server))
  )

  it.live("are for this machine alone: not for another name of it, nor for a page of the web", () =>
    Effect.gen(function* () {
      const url = new URL(yield* HttpServer.addressFormattedWith(Effect.succeed))
      for (const headers of [
        { host: `evil.example:${url.port}` },
        { host: url.host, origin: "https://evil.example" },
        { host: url.host, origin: "null" }
      ]) {
        assert.strictEqual((yield* send("POST", "/__sandbox/reset", { headers })).status, 404)
        assert.strictEqual((yield* send("GET", "/__sandbox/state", { headers })).status, 404)
      }
      assert.strictEqual((yield* send("POST", "/__sandbox/reset", { headers: { origin: url.origin } })).status, 204)
    }).pipe(Effect.provide(Server))
  )

  it.live("break a connection of a real socket", () =>
    Effect.gen(function* () {
      const baseUrl = yield* HttpServer.addressFormattedWith(Effect.succeed)
      const Client = MiroClient.layerToken(Redacted.make("sandbox-token"), { baseUrl }).pipe(
        Layer.provide(FetchHttpClient.layer)
      )
      yield* Effect.gen(function* () {
        yield* Boards.create({ name: "A" })
        yield* send("POST", "/__sandbox/faults", { body: { breakAfter: 20, times: 1 } })
        assert.strictEqual((yield* Effect.flip(once(Boards.list()))).reason._tag, "Transport")
        assert.strictEqual(yield* Stream.runCount(Boards.list.items()), 1)
      }).pipe(Effect.provide(Client))
    }).pipe(Effect.provide(Server))
  )
})
