import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Scope, Stream } from "effect"
import { Cookies, HttpBody, HttpClient, type HttpClientError, HttpClientRequest } from "effect/http"
import * as UndiciHttpClient from "effect-miro/undici"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { Agent, MockAgent, ProxyAgent } from "undici"
import * as tcp from "../support/tcp.ts"

const post = (origin: string, body: HttpBody.HttpBody) =>
  HttpClient.execute(HttpClientRequest.setBody(HttpClientRequest.post(origin), body))

const provided = Effect.provide(UndiciHttpClient.layer)

const bytes = (text: string) => new TextEncoder().encode(text)

const large = 64 * 1024 * 1024

/** Writes a large body as fast as it is read, and counts. */
const pouring = () => {
  let sent = 0
  const respond: tcp.Respond = (socket) => {
    const chunk = Buffer.alloc(64 * 1024, 1)
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${large}\r\n\r\n`)
    const pour = () => {
      while (sent < large && !socket.destroyed) {
        sent += chunk.length
        if (!socket.write(chunk)) return socket.once("drain", pour)
      }
    }
    pour()
  }
  return { respond, sent: () => sent }
}

describe("a request", () => {
  it.live("is sent with its query and a body of each kind", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(tcp.json({}))
      const form = new FormData()
      form.append("name", "日本")
      form.append("file", new Blob(["content"], { type: "text/plain" }), "a.txt")
      yield* HttpClient.get(`${server.origin}/a?b=c`, { urlParams: { d: "e f" } })
      yield* post(server.origin, HttpBody.text("text"))
      yield* post(server.origin, HttpBody.raw("raw", { contentType: "text/x-raw" }))
      yield* post(server.origin, HttpBody.stream(Stream.make(bytes("str"), bytes("eam")), "text/plain", 6))
      yield* post(server.origin, HttpBody.stream(Stream.make(bytes("str"), bytes("eam")), "text/plain"))
      yield* post(server.origin, HttpBody.formData(form))
      const [get, text, raw, sized, chunked, multipart] = server.requests
      assert.strictEqual(get?.target, "/a?b=c&d=e+f")
      assert.deepStrictEqual([text?.body, text?.headers["content-type"]], ["text", "text/plain"])
      assert.deepStrictEqual([raw?.body, raw?.headers["content-type"]], ["raw", "text/x-raw"])
      assert.deepStrictEqual([sized?.body, sized?.headers["content-length"]], ["stream", "6"])
      assert.include(chunked?.body, "str")
      assert.include(chunked?.body, "eam")
      const boundary = multipart?.headers["content-type"]?.split("boundary=")[1] ?? assert.fail("no boundary")
      assert.include(multipart?.body, boundary)
      assert.include(multipart?.body, 'filename="a.txt"')
    }).pipe(provided)
  )

  it.live("whose body fails is a TransportError with the failure, and arrives at nobody", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(tcp.json({}))
      const body = Stream.concat(Stream.make(bytes("begun")), Stream.fail(new Error("the disk is gone")))
      const error = yield* Effect.flip(post(server.origin, HttpBody.stream(body, "text/plain", 100)))
      assert.strictEqual(error.reason._tag, "TransportError")
      assert.include(String(error.reason.cause), "the disk is gone")
      assert.lengthOf(server.requests, 0)
    }).pipe(provided)
  )

  it.live("that is interrupted ends the source of its body, though that has nothing to give", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(tcp.json({}))
      const ended = yield* Deferred.make<void>()
      const begun = yield* Deferred.make<void>()
      const body = Stream.concat(
        Stream.make(bytes("begun")),
        Stream.fromEffect(Effect.andThen(Deferred.succeed(begun, undefined), Effect.never))
      ).pipe(Stream.ensuring(Deferred.succeed(ended, undefined)))
      const fiber = yield* Effect.forkChild(post(server.origin, HttpBody.stream(body, "text/plain", 100)))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      yield* Effect.timeout(Deferred.await(ended), "2 seconds")
      yield* server.allClosed
    }).pipe(provided)
  )

  it.live("that waits for a connection and is interrupted is not sent", () =>
    Effect.gen(function* () {
      const respond = yield* Deferred.make<void>()
      const server = yield* tcp.serve((socket, _, index) => {
        if (index === 0)
          Effect.runFork(Effect.map(Deferred.await(respond), () => socket.end(tcp.response(200, "first"))))
      })
      const agent = new Agent({ connections: 1 })
      const client = UndiciHttpClient.make(agent)
      const first = yield* Effect.forkChild(Effect.flatMap(client.get(server.origin), (response) => response.text))
      yield* Effect.sleep("50 millis")
      const second = yield* Effect.forkChild(client.get(`${server.origin}/second`))
      yield* Effect.sleep("50 millis")
      yield* Fiber.interrupt(second)
      yield* Deferred.succeed(respond, undefined)
      assert.strictEqual(yield* Fiber.join(first), "first")
      yield* Effect.sleep("50 millis")
      assert.deepStrictEqual(
        server.requests.map(({ target }) => target),
        ["/"]
      )
      yield* Effect.promise(() => agent.destroy())
    })
  )

  it.live("that cannot be sent is a TransportError", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(HttpClient.get("http://127.0.0.1:1/"))
      assert.strictEqual(refused.reason._tag, "TransportError")
      assert.include(String(refused.reason.cause), "ECONNREFUSED")
      const invalid = yield* Effect.flip(HttpClient.get("http://127.0.0.1:1/", { headers: { "x-a": "b\r\nc: d" } }))
      assert.strictEqual(invalid.reason._tag, "TransportError")
    }).pipe(provided)
  )
})

it.effect("a dispatcher that throws is a TransportError", () =>
  Effect.gen(function* () {
    const proxy = new ProxyAgent("http://127.0.0.1:1")
    const client = UndiciHttpClient.make(proxy)
    const { reason } = yield* Effect.flip(
      client.get("http://127.0.0.1:1/", { headers: { "proxy-authorization": "a" } })
    )
    assert.strictEqual(reason._tag, "TransportError")
    assert.include(String(reason.cause), "Proxy-Authorization")
  })
)

describe("a response", () => {
  const served = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    Effect.flatMap(tcp.serve(tcp.reply(tcp.response(200, body, headers))), ({ origin }) =>
      HttpClient.get(`${origin}/a?b#c`)
    )

  it.live("is read as often and in as many ways as one likes", () =>
    Effect.gen(function* () {
      const response = yield* served('{"a":"日本"}', { "content-type": "application/json" })
      assert.strictEqual(response.status, 200)
      assert.match(response.url, /\/a\?b$/)
      assert.strictEqual(response.headers["content-type"], "application/json")
      for (const _ of [1, 2]) {
        assert.deepStrictEqual(yield* response.json, { a: "日本" })
        assert.strictEqual(yield* response.text, '{"a":"日本"}')
        assert.strictEqual((yield* response.arrayBuffer).byteLength, 14)
      }
      assert.strictEqual(yield* Stream.mkString(Stream.decodeText(response.stream)), '{"a":"日本"}')
    }).pipe(provided)
  )

  it.live("that was read as a stream does not look empty to who reads it again", () =>
    Effect.gen(function* () {
      for (const first of [Stream.runDrain, Stream.runHead]) {
        const response = yield* served("body")
        yield* first(response.stream)
        for (const again of [response.text, response.json, Stream.runDrain(response.stream)]) {
          const { reason } = yield* Effect.flip<unknown, HttpClientError.HttpClientError, never>(again)
          assert.strictEqual(reason._tag, "DecodeError")
          assert.include(String(reason.cause), "was read as a stream")
        }
      }
    }).pipe(provided)
  )

  it.live("that was read as a whole may be read as a stream more than once", () =>
    Effect.gen(function* () {
      const response = yield* served("body")
      yield* response.text
      for (const _ of [1, 2]) assert.strictEqual(yield* Stream.mkString(Stream.decodeText(response.stream)), "body")
      assert.strictEqual(yield* response.text, "body")
    }).pipe(provided)
  )

  it.live("has its cookies, its form and its fields", () =>
    Effect.gen(function* () {
      const cookies = yield* served("", { "set-cookie": "a=b; Path=/" })
      assert.deepStrictEqual(Cookies.toRecord(cookies.cookies), { a: "b" })
      const fields = yield* served("a=b&c=d+e", { "content-type": "application/x-www-form-urlencoded" })
      assert.deepStrictEqual(
        [...(yield* fields.urlParamsBody)],
        [
          ["a", "b"],
          ["c", "d e"]
        ]
      )
      assert.strictEqual((yield* fields.formData).get("c"), "d e")
    }).pipe(provided)
  )

  it.live("that is no JSON is a DecodeError", () =>
    Effect.gen(function* () {
      const response = yield* served("<html>")
      assert.strictEqual((yield* Effect.flip(response.json)).reason._tag, "DecodeError")
      assert.strictEqual((yield* Effect.flip(response.formData)).reason._tag, "DecodeError")
      assert.strictEqual((yield* Effect.flip(response.upgrade)).reason._tag, "StatusCodeError")
    }).pipe(provided)
  )

  it.live("comes after early hints", () =>
    Effect.gen(function* () {
      const hints = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
      const server = yield* tcp.serve(tcp.reply(Buffer.concat([Buffer.from(hints), tcp.response(200, "body")])))
      const response = yield* HttpClient.get(server.origin)
      assert.strictEqual(response.status, 200)
      assert.strictEqual(yield* response.text, "body")
    }).pipe(provided)
  )

  it.live("without a body is empty", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(tcp.reply("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"))
      const response = yield* HttpClient.get(server.origin)
      assert.strictEqual(yield* response.text, "")
      assert.isNull(yield* response.json)
      assert.deepStrictEqual(yield* Stream.runCollect(response.stream), [])
    }).pipe(provided)
  )

  it.live("that is torn gives what came of it, and then a DecodeError", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(tcp.reply("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"))
      const whole = yield* HttpClient.get(server.origin)
      assert.strictEqual((yield* Effect.flip(whole.text)).reason._tag, "DecodeError")
      const pieces: Array<string> = []
      const streamed = yield* HttpClient.get(server.origin)
      const read = Stream.runForEach(Stream.decodeText(streamed.stream), (piece) =>
        Effect.sync(() => pieces.push(piece))
      )
      assert.strictEqual((yield* Effect.flip(read)).reason._tag, "DecodeError")
      assert.strictEqual(pieces.join(""), "half")
    }).pipe(provided)
  )

  it.live("is not received faster than it is read", () =>
    Effect.gen(function* () {
      const { respond, sent } = pouring()
      const server = yield* tcp.serve(respond)
      const response = yield* HttpClient.get(server.origin)
      yield* Effect.sleep("200 millis")
      assert.isBelow(sent(), large / 2)
      const size = yield* Stream.runFold(
        response.stream,
        () => 0,
        (size, chunk) => size + chunk.length
      )
      assert.strictEqual(size, large)
    }).pipe(provided)
  )

  it.live("that is large is read as a whole", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(pouring().respond)
      const response = yield* HttpClient.get(server.origin)
      yield* Effect.sleep("50 millis")
      assert.strictEqual((yield* response.arrayBuffer).byteLength, large)
    }).pipe(provided)
  )
})

describe("a connection", () => {
  it.live("is closed when a response is not read to its end", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(pouring().respond)
      const response = yield* HttpClient.get(server.origin)
      yield* Stream.runDrain(Stream.take(response.stream, 2))
      yield* server.allClosed
    }).pipe(provided)
  )

  it.live("is closed when reading is interrupted", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"))
      const whole = yield* HttpClient.get(server.origin)
      const streamed = yield* HttpClient.get(server.origin)
      yield* Effect.timeoutOption(whole.text, "50 millis")
      yield* Effect.timeoutOption(Stream.runDrain(streamed.stream), "50 millis")
      yield* server.allClosed
    }).pipe(provided)
  )

  it.live("is closed when the scope of its request is closed", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(pouring().respond)
      const scope = yield* Scope.make()
      const client = HttpClient.withScope(yield* HttpClient.HttpClient)
      yield* Scope.provide(client.get(server.origin), scope)
      yield* Scope.close(scope, Exit.void)
      yield* server.allClosed
    }).pipe(provided)
  )

  it.live("is closed when nobody has the response any more", () =>
    Effect.gen(function* () {
      setFlagsFromString("--expose-gc")
      const collect: unknown = runInNewContext("gc")
      const server = yield* tcp.serve(pouring().respond)
      yield* Effect.asVoid(HttpClient.get(server.origin))
      // Of another kind: what the stack still holds of the last fiber.
      yield* Effect.sleep("20 millis")
      if (typeof collect === "function") collect()
      yield* Effect.sleep("20 millis")
      yield* server.allClosed
    }).pipe(provided)
  )

  it.live("is kept for later requests, and closed with the layer", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"))
      const often = Effect.gen(function* () {
        for (let index = 0; index < 10; index++) {
          const response = yield* HttpClient.get(server.origin)
          assert.strictEqual(yield* response.text, "ok")
        }
      })
      yield* provided(often)
      // Undici waits for a turn of the event loop before it uses a connection again.
      assert.isAtMost(server.connections(), 2)
      yield* server.allClosed
    })
  )
})

it.effect("any dispatcher does, such as one that only pretends", () =>
  Effect.gen(function* () {
    const agent = new MockAgent()
    agent.disableNetConnect()
    agent.get("https://api.miro.com").intercept({ path: "/v2/boards" }).reply(418, "a teapot")
    const response = yield* HttpClient.get("https://api.miro.com/v2/boards").pipe(
      Effect.provide(UndiciHttpClient.layerDispatcher(agent))
    )
    assert.strictEqual(response.status, 418)
    assert.strictEqual(yield* response.text, "a teapot")
  })
)
