import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import { ByteSize, Effect, Layer, Option, Redacted, Schema, Stream } from "effect"
import {
  FetchHttpClient,
  type HttpClient,
  HttpClient as Http,
  HttpClientError,
  HttpClientRequest,
  HttpClientResponse,
  HttpIncomingMessage,
  UrlParams
} from "effect/http"
import { gzipSync } from "node:zlib"
import { AccessToken, Boards, MiroClient, Retry, StickyNotes } from "effect-miro"
import * as UndiciHttpClient from "effect-miro/undici"
import * as http from "../support/http.ts"
import * as payloads from "../support/payloads.ts"
import * as tcp from "../support/tcp.ts"

const executed = MiroClient.execute(HttpClientRequest.get("/v2/x"))

const huge = 64 * 1024 * 1024

const transports: ReadonlyArray<readonly [name: string, transport: Layer.Layer<HttpClient.HttpClient>]> = [
  ["fetch", FetchHttpClient.layer],
  ["undici", NodeHttpClient.layerUndici],
  ["undici's dispatcher", UndiciHttpClient.layer],
  ["node:http", NodeHttpClient.layerNodeHttp]
]

const connect = (origin: string, transport: Layer.Layer<HttpClient.HttpClient>) =>
  Effect.provide(
    MiroClient.layer({ baseUrl: origin }).pipe(Layer.provide(AccessToken.layer(http.token)), Layer.provide(transport))
  )

/** A head alone, which says that there would be a body. */
const headOnly = (status: number, headers: string) =>
  tcp.reply(`HTTP/1.1 ${status} Status\r\nconnection: close\r\n${headers}\r\n\r\n`)

describe.each(transports)("a response without a body, over %s,", (_, transport) => {
  const request = HttpClientRequest.head("/v2/boards/b/image")

  it.live("has the length of one that was not asked for", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(headOnly(200, `content-length: ${huge}\r\nx-request-id: r-1`))
      const response = yield* MiroClient.execute(request).pipe(http.once, connect(server.origin, transport))
      assert.deepStrictEqual(
        [response.status, response.headers["content-length"], response.headers["x-request-id"]],
        [200, String(huge), "r-1"]
      )
      assert.strictEqual(yield* response.text, "")
      yield* server.allClosed
    })
  )

  it.live("may say how one that was not asked for is encoded", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(headOnly(200, "content-length: 100\r\ncontent-encoding: gzip"))
      const response = yield* MiroClient.execute(request).pipe(http.once, connect(server.origin, transport))
      assert.strictEqual(yield* response.text, "")
    })
  )

  it.live("fails by its status all the same", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(headOnly(404, `content-length: ${huge}`))
      yield* http.failsWith(MiroClient.execute(request), "NotFound").pipe(connect(server.origin, transport))
    })
  )
})

describe("a length", () => {
  const limited = Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(10))

  it.effect.each([204, 304])("that comes with a %i is that of another response", (status) =>
    Effect.gen(function* () {
      const result = yield* Effect.result(executed)
      if (status === 204) assert.strictEqual(result._tag, "Success")
      else assert.strictEqual((yield* http.failsWith(executed, "UnexpectedStatus")).reason.status, 304)
    }).pipe(
      http.always(() => Effect.sync(() => new Response(null, { status, headers: { "content-length": String(huge) } })))
    )
  )

  it.effect.each(["", " ", "abc", "-1", "1e9", "0x10", "5, 5", "5,6", "+5", "NaN", "5.0"])(
    "of %j says nothing, and the body is counted",
    (length) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* (yield* executed).text, "0123456789")
        yield* http.failsWith(executed, "InvalidResponse")
      }).pipe(
        limited,
        http.replying(
          http.text("0123456789", { headers: { "content-length": length } }),
          http.text("0123456789a", { headers: { "content-length": length } })
        )
      )
  )

  it.effect("that is less than the body lets no larger one through", () =>
    http
      .failsWith(executed, "InvalidResponse")
      .pipe(limited, http.replying(http.text("0123456789a", { headers: { "content-length": "5" } })))
  )

  it.effect("may have spaces around it", () =>
    Effect.gen(function* () {
      yield* http.failsWith(executed, "InvalidResponse")
    }).pipe(limited, http.replying(http.text("x", { headers: { "content-length": " 11 " } })))
  )
})

const big = "3458764517517818867"
const body = `{"id":${big},"safe":9007199254740991,"text":"3458764517517818867","list":[${big},-${big}]}`
const parsed = { id: big, safe: 9007199254740991, text: big, list: [big, `-${big}`] }

const board = JSON.stringify({ ...payloads.board, id: "b" })

describe("a response in memory", () => {
  it.effect("keeps all digits of its integers in JSON, as strings", () =>
    Effect.gen(function* () {
      const response = yield* executed
      assert.deepStrictEqual(yield* response.json, parsed)
      assert.deepStrictEqual(yield* response.json, parsed)
    }).pipe(http.replying(http.text(body)))
  )

  it.effect("keeps them in withResponse too", () =>
    Effect.gen(function* () {
      const { response } = yield* Boards.get.withResponse({ boardId: "b" })
      assert.propertyVal(yield* response.json, "big", big)
    }).pipe(http.replying(http.text(board.replace("{", `{"big":${big},`))))
  )

  it.effect("keeps them for a schema", () =>
    Effect.gen(function* () {
      const decode = HttpClientResponse.schemaBodyJson(Schema.Struct({ id: Schema.String, safe: Schema.Number }))
      assert.deepStrictEqual(yield* decode(yield* executed), { id: big, safe: 9007199254740991 })
      const ids = HttpClientResponse.schemaBodyJson(Schema.Struct({ id: Schema.BigInt }))
      assert.deepStrictEqual(yield* ids(yield* executed), { id: BigInt(big) })
      const whole = HttpClientResponse.schemaJson(
        Schema.Struct({ status: Schema.Number, body: Schema.Struct({ id: Schema.String }) })
      )
      assert.deepStrictEqual(yield* whole(yield* executed), { status: 200, body: { id: big } })
    }).pipe(http.always(http.text(body)))
  )

  it.effect("is read as often as wanted, whichever way", () =>
    Effect.gen(function* () {
      const response = yield* executed
      const { arrayBuffer, json, stream, text, urlParamsBody } = response
      for (let times = 0; times < 3; times++) {
        assert.strictEqual(yield* response.text, body)
        assert.strictEqual(yield* text, body)
        assert.deepStrictEqual(yield* json, parsed)
        assert.strictEqual(yield* Stream.mkString(Stream.decodeText(response.stream)), body)
        assert.strictEqual(yield* Stream.mkString(Stream.decodeText(stream)), body)
        const bytes = new Uint8Array(yield* arrayBuffer)
        assert.strictEqual(new TextDecoder().decode(bytes), body)
        // What one reader does to them is not what the next one gets.
        bytes.fill(0)
        assert.isNotEmpty(UrlParams.toString(yield* urlParamsBody))
      }
    }).pipe(http.replying(http.text(body)))
  )

  it.effect("is read as a form as often as wanted", () =>
    Effect.gen(function* () {
      const response = yield* executed
      for (let times = 0; times < 2; times++) {
        assert.deepStrictEqual(Array.from(yield* response.formData), [["a", "1"]])
        assert.deepStrictEqual(Array.from(yield* response.urlParamsBody), [["a", "1"]])
      }
    }).pipe(http.replying(http.text("a=1", { headers: { "content-type": "application/x-www-form-urlencoded" } })))
  )

  it.effect("is handed to a Web API with its body", () =>
    Effect.gen(function* () {
      const response = yield* executed
      for (let times = 0; times < 2; times++) {
        const web = Option.getOrThrow(HttpClientResponse.toWeb(response))
        assert.deepStrictEqual([web.status, web.headers.get("x-request-id")], [201, "r-1"])
        assert.strictEqual(yield* Effect.promise(() => web.text()), body)
      }
    }).pipe(http.replying(http.text(body, { status: 201, headers: { "x-request-id": "r-1" } })))
  )

  it.effect("is filtered and matched by its status", () =>
    Effect.gen(function* () {
      const response = yield* executed
      const [ok, filtered] = yield* Effect.all([
        HttpClientResponse.filterStatusOk(response),
        HttpClientResponse.filterStatus(response, (status) => status === 201)
      ])
      assert.deepStrictEqual(yield* ok.json, parsed)
      assert.deepStrictEqual(yield* filtered.json, parsed)
      const matched = HttpClientResponse.matchStatus(response, { 201: ({ json }) => json, orElse: () => Effect.void })
      assert.deepStrictEqual(yield* matched, parsed)
      const refused = yield* Effect.flip(HttpClientResponse.filterStatus(response, (status) => status === 200))
      assert.strictEqual(refused.reason._tag, "StatusCodeError")
    }).pipe(http.replying(http.text(body, { status: 201 })))
  )

  it.effect("without a body is null in JSON, and an empty stream", () =>
    Effect.gen(function* () {
      const response = yield* executed
      assert.isNull(yield* response.json)
      assert.deepStrictEqual(yield* Stream.runCollect(response.stream), [])
      assert.isTrue(Option.isSome(HttpClientResponse.toWeb(response)))
    }).pipe(http.replying(http.noContent))
  )

  it.effect("that is no JSON fails to be read as such", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip((yield* executed).json)
      assert.strictEqual(error.reason._tag, "DecodeError")
    }).pipe(http.replying(http.text("<p>")))
  )

  it.live("had its compression taken off", () =>
    Effect.gen(function* () {
      const zipped = tcp.response(200, gzipSync(body), { "content-encoding": "gzip" })
      const server = yield* tcp.serve(tcp.reply(zipped))
      const response = yield* executed.pipe(connect(server.origin, FetchHttpClient.layer))
      assert.deepStrictEqual(yield* response.json, parsed)
      const web = Option.getOrThrow(HttpClientResponse.toWeb(response))
      assert.strictEqual(yield* Effect.promise(() => web.text()), body)
    })
  )
})

describe("a client to which a status is an error", () => {
  const strictly = (respond: http.Respond, accessToken = AccessToken.layer(http.token)) =>
    Effect.provide(
      MiroClient.layer().pipe(
        Layer.provide(accessToken),
        Layer.provide(Layer.effect(Http.HttpClient, Effect.map(Http.HttpClient, Http.filterStatusOk))),
        Layer.provideMerge(http.layerWire(respond))
      )
    )

  it.effect("has the reasons that others have", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(StickyNotes.create({ boardId: "b" }), "NotFound")
      assert.strictEqual(error.reason.message, "message")
      assert.notProperty(error, "outcomeUnknown")
    }).pipe(strictly(http.script(http.status(404))))
  )

  it.effect("is asked again after a 429, and with another token after a 401", () => {
    const another = Layer.succeed(AccessToken.AccessToken, {
      get: Effect.succeed(Redacted.make("t1")),
      refresh: () => Effect.succeed(Redacted.make("t2"))
    })
    return Effect.gen(function* () {
      yield* http.inTime(StickyNotes.create({ boardId: "b" }))
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ headers }) => headers["authorization"]),
        ["Bearer t1", "Bearer t1", "Bearer t2"]
      )
    }).pipe(strictly(http.script(http.status(429), http.status(401), http.json(payloads.stickyNote)), another))
  })
})

describe("a client whose failure cannot be read", () => {
  const unreadable = Object.defineProperty(new Error("first"), "message", {
    get: () => {
      throw new Error("second")
    }
  })

  it.effect.each<readonly [string, unknown, string]>([
    ["a message that throws", unreadable, "TransportError"],
    ["a message that is no text", { message: Object.create(null) }, "TransportError"],
    ["a cause of such a kind", new Error("reset", { cause: unreadable }), "TransportError: reset"]
  ])("fails as others do: %s", ([, cause, description]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(Boards.get({ boardId: "b" }), "Transport")
      assert.strictEqual(reason.description, description)
    }).pipe(
      Effect.provide(
        MiroClient.layerToken(http.token).pipe(
          Layer.provide(
            Layer.succeed(
              Http.HttpClient,
              Http.make((request) =>
                Effect.fail(
                  new HttpClientError.HttpClientError({
                    reason: new HttpClientError.TransportError({ request, cause })
                  })
                )
              )
            )
          )
        )
      ),
      Effect.provideService(Retry.Retry, Retry.none)
    )
  )
})
