import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import { ByteSize, Duration, Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { FetchHttpClient, type HttpClient, HttpBody, HttpClientRequest, HttpIncomingMessage } from "effect/http"
import type * as Net from "node:net"
import { inspect } from "node:util"
import { gzipSync } from "node:zlib"
import { AccessToken, Boards, Timeouts, MiroClient, type MiroError, Retry, StickyNotes } from "effect-miro"
import * as UndiciHttpClient from "effect-miro/undici"
import * as http from "../support/http.ts"
import { observe } from "../support/observe.ts"
import * as payloads from "../support/payloads.ts"
import * as tcp from "../support/tcp.ts"

const accessToken = AccessToken.layer(Redacted.make("canary-token"))

const connect = (origin: string, transport: Layer.Layer<HttpClient.HttpClient>) =>
  Effect.provide(MiroClient.layer({ baseUrl: origin }).pipe(Layer.provide(accessToken), Layer.provideMerge(transport)))

const transports: ReadonlyArray<readonly [name: string, transport: Layer.Layer<HttpClient.HttpClient>]> = [
  ["fetch", FetchHttpClient.layer],
  ["undici", NodeHttpClient.layerUndici],
  ["undici's dispatcher", UndiciHttpClient.layer],
  ["node:http", NodeHttpClient.layerNodeHttp]
]

const get = Boards.get({ boardId: "b" })

const quickly = Retry.provide(Retry.policy({ base: "1 millis" }))

const whole = JSON.stringify(payloads.board)
const half = whole.slice(0, whole.length / 2)

/** A head that promises a body of so many bytes. */
const promising = (length: number) => `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`
const chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

/** A redirect to somewhere else. */
const redirect =
  (status: number, location: string): tcp.Respond =>
  (socket) =>
    socket.end(tcp.response(status, "moved", { location }))

describe.each(transports)("over %s", (_, transport) => {
  describe("a request", () => {
    it.live("arrives with its id in one segment, the token, and no trace", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve(tcp.json({ ...payloads.board, ...payloads.stickyNote }))
        const ids = ["uXjVO=/x", "%2e%2e", "a?b#c", "a\\..\\b", "..;", "日本 x"]
        yield* Effect.forEach(ids, (boardId) => Effect.withSpan(Boards.get({ boardId }), "the user's")).pipe(
          connect(server.origin, transport)
        )
        assert.deepStrictEqual(
          server.requests.map(({ method, target }) => `${method} ${target}`),
          [
            "GET /v2/boards/uXjVO%3D%2Fx",
            "GET /v2/boards/%252e%252e",
            "GET /v2/boards/a%3Fb%23c",
            "GET /v2/boards/a%5C..%5Cb",
            "GET /v2/boards/..%3B",
            "GET /v2/boards/%E6%97%A5%E6%9C%AC%20x"
          ]
        )
        const [first] = server.requests
        assert.deepInclude(first?.headers, {
          accept: "application/json",
          authorization: "Bearer canary-token",
          "user-agent": "effect-miro"
        })
        for (const name of ["b3", "traceparent", "tracestate", "baggage", "cookie"]) {
          assert.notProperty(first?.headers, name)
        }
      })
    )

    it.live("arrives with its body to the byte", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve(tcp.json(payloads.stickyNote))
        yield* StickyNotes.create({ boardId: "b", data: { content: "日本 😀" } }).pipe(
          connect(server.origin, transport)
        )
        const [request] = server.requests
        assert.strictEqual(request?.body, '{"data":{"content":"日本 😀"}}')
        assert.strictEqual(request?.headers["content-type"], "application/json")
      })
    )
  })

  const torn: ReadonlyArray<readonly [name: string, respond: tcp.Respond]> = [
    ["is shorter than promised", (socket) => socket.end(promising(whole.length) + half)],
    ["never comes", (socket) => socket.end(promising(whole.length))],
    ["lacks its last chunk", (socket) => socket.end(chunked + chunk(whole))],
    ["ends within a chunk", (socket) => socket.end(`${chunked}ff\r\n${half}`)],
    ["is followed by a reset", (socket) => socket.write(promising(whole.length) + half, () => socket.resetAndDestroy())]
  ]
  const broken: ReadonlyArray<readonly [name: string, respond: tcp.Respond]> = [
    ["is closed", (socket) => socket.end()],
    ["is reset", (socket) => socket.resetAndDestroy()],
    ["breaks in the head", (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le")],
    ["does not speak HTTP", (socket) => socket.end("220 mail.example ESMTP\r\n\r\n")]
  ]

  describe("a response", () => {
    it.live.each(torn)("whose body %s is a Transport, and asked for again", ([, respond]) =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket, request, index) =>
          (index < 3 ? respond : tcp.json(payloads.board))(socket, request, index)
        )
        const onServer = connect(server.origin, transport)
        const { exit, text } = yield* onServer(observe(http.once(get)))
        assert.strictEqual(exit._tag, "Failure")
        assert.include(text, "failed with Transport")
        assert.notInclude(text, "canary-token")
        assert.strictEqual((yield* onServer(quickly(get))).name, "Retro")
        assert.strictEqual(server.requests.length, 4)
      })
    )

    it.live.each(torn)("whose body %s does not make a POST that was processed happen twice", ([, respond]) =>
      Effect.gen(function* () {
        const server = yield* tcp.serve(respond)
        yield* http
          .failsWith(quickly(Boards.create({ name: "Retro" })), "Transport")
          .pipe(connect(server.origin, transport))
        assert.strictEqual(server.requests.length, 1)
      })
    )

    it.live("that is no success is known by its status, also when its body is torn", () =>
      Effect.gen(function* () {
        const torn = "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"
        const server = yield* tcp.serve((socket, request, index) =>
          index === 0 ? socket.end(torn) : tcp.json(payloads.board)(socket, request, index)
        )
        const board = yield* quickly(Boards.create({ name: "Retro" })).pipe(connect(server.origin, transport))
        assert.strictEqual(board.name, "Retro")
        assert.strictEqual(server.requests.length, 2)
      })
    )

    it.live("is given with its status, headers and cookies, and can be read more than once", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve(tcp.reply(tcp.response(201, whole, { "set-cookie": "lang=de", "x-a": "1" })))
        const { response, value } = yield* Boards.create.withResponse().pipe(connect(server.origin, transport))
        assert.strictEqual(value.name, "Retro")
        assert.strictEqual(response.status, 201)
        assert.strictEqual(response.headers["x-a"], "1")
        assert.strictEqual(response.cookies.cookies["lang"]?.value, "de")
        for (let reading = 0; reading < 2; reading++) {
          assert.strictEqual(yield* response.text, whole)
          assert.strictEqual((yield* response.arrayBuffer).byteLength, whole.length)
          assert.strictEqual(yield* Stream.mkString(Stream.decodeText(response.stream)), whole)
        }
        const printed = `${inspect(response, { depth: Infinity, showHidden: true })} ${JSON.stringify(response)}`
        assert.notInclude(printed, "canary-token")
      })
    )

    it.live("is none when the connection breaks, and a GET is made again", () =>
      Effect.gen(function* () {
        for (const [name, respond] of broken) {
          const server = yield* tcp.serve(respond)
          yield* http.failsWith(quickly(get), "Transport").pipe(connect(server.origin, transport))
          assert.strictEqual(server.requests.length, 4, name)
        }
      })
    )

    it.live("is none when the connection breaks, and a POST is not made again", () =>
      Effect.gen(function* () {
        for (const [name, respond] of broken) {
          const server = yield* tcp.serve(respond)
          const error = yield* http
            .failsWith(quickly(Boards.create()), "Transport")
            .pipe(connect(server.origin, transport))
          assert.isFalse(error.isRetryable)
          assert.strictEqual(server.requests.length, 1, name)
        }
      })
    )

    it.live("is none when nobody listens", () =>
      Effect.gen(function* () {
        const { origin } = yield* Effect.scoped(tcp.serve(() => undefined))
        const error = yield* http.failsWith(http.once(get), "Transport").pipe(connect(origin, transport))
        assert.include(error.message, "ECONNREFUSED")
      })
    )

    it.live("may come in pieces", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket) => {
          const bytes = Buffer.concat([
            Buffer.from(chunked),
            Buffer.from(chunk('{"id":"1","name":"日本')),
            Buffer.from(chunk('","description":"","type":"board"}0'.slice(0, -1))),
            Buffer.from("0\r\n\r\n")
          ])
          let at = 0
          const next = () => {
            if (at < bytes.length) socket.write(bytes.subarray(at, (at += 7)), () => setTimeout(next, 1))
            else socket.end()
          }
          next()
        })
        assert.strictEqual((yield* get.pipe(connect(server.origin, transport))).name, "日本")
      })
    )
  })

  describe("a redirect", () => {
    it.live.each([301, 302, 303, 307, 308])("with status %i is not followed, to no origin at all", (status) =>
      Effect.gen(function* () {
        const other = yield* tcp.serve(tcp.json(payloads.board))
        const server = yield* tcp.serve((socket, request, index) =>
          redirect(status, index % 2 === 0 ? `${other.origin}/steal` : "/v2/boards/other")(socket, request, index)
        )
        const calls: ReadonlyArray<Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>> = [
          get,
          get,
          Boards.create({ name: "secret" }),
          Boards.delete({ boardId: "b" })
        ]
        for (const call of calls) {
          const { reason } = yield* http
            .failsWith(quickly(call), "UnexpectedStatus")
            .pipe(connect(server.origin, transport))
          assert.strictEqual(reason.status, status)
        }
        assert.strictEqual(server.requests.length, 4)
        assert.strictEqual(other.connections(), 0)
      })
    )
  })

  type Phase = MiroError.Timeout["phase"]
  const stalls: ReadonlyArray<readonly [name: string, respond: tcp.Respond, phase: Phase]> = [
    ["the head never comes", () => undefined, "headers"],
    ["the head never ends", (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-type:"), "headers"],
    ["the body never comes", (socket) => socket.write(promising(whole.length)), "idle"],
    ["the body stops in the middle", (socket) => socket.write(promising(whole.length) + half), "idle"],
    ["a large body stops in the middle", (socket) => socket.write(promising(100_000) + half), "idle"],
    ["the last chunk never comes", (socket) => socket.write(chunked + chunk(whole)), "idle"],
    ["a large body comes byte by byte", (socket) => trickle(socket, promising(100_000)), "attempt"],
    ["a small body comes byte by byte", (socket) => trickle(socket, promising(60_000)), "idle"],
    ["the chunks come without end", (socket) => trickle(socket, chunked, chunk(" ")), "attempt"]
  ]

  describe("a deadline", () => {
    it.live(
      "ends a call wherever the response stalls, and its connection",
      () =>
        Effect.forEach(
          stalls,
          Effect.fnUntraced(function* ([name, respond, phase]) {
            const deadlines = {
              headers: Duration.millis(2000),
              idle: Duration.millis(2300),
              attempt: Duration.millis(2700)
            }
            const server = yield* tcp.serve(respond)
            const started = performance.now()
            const { reason } = yield* http
              .failsWith(http.once(get), "Timeout")
              .pipe(
                Effect.provideService(Timeouts.Timeouts, deadlines),
                Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.mebibytes(1)),
                connect(server.origin, transport)
              )
            const took = performance.now() - started
            assert.strictEqual(reason.phase, phase, name)
            assert.deepStrictEqual<unknown>(reason.deadline, Reflect.get(deadlines, phase), name)
            const least = Duration.toMillis(reason.deadline)
            assert.isAtLeast(took, least - 10, name)
            assert.isAtMost(took, least * 1.1, name)
            yield* server.allClosed
            assert.strictEqual(server.requests.length, 1, name)
          }),
          { concurrency: "unbounded", discard: true }
        ),
      { retry: 2 }
    )

    it.live("ends a call that is repeated, in an attempt or in a pause", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket, request, index) =>
          index === 0 ? tcp.json({}, 503)(socket, request, index) : undefined
        )
        const started = performance.now()
        const { isRetryable, reason } = yield* http
          .failsWith(quickly(get), "Timeout")
          .pipe(Timeouts.provide({ call: "2 seconds", headers: "1.2 seconds" }), connect(server.origin, transport))
        assert.strictEqual(reason.phase, "call")
        assert.isTrue(isRetryable)
        assert.isAtMost(performance.now() - started, 2500)
        yield* server.allClosed
        assert.strictEqual(server.requests.length, 3)
      })
    )

    it.live("for the head is none for a large request, which takes its time", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket, request, index) => {
          setTimeout(() => tcp.reply(tcp.response(200, "{}"))(socket, request, index), 400)
        })
        const form = new FormData()
        form.append("resource", new Blob(["x"]), "x.png")
        const bodies = [HttpBody.formData(form), HttpBody.uint8Array(new Uint8Array(2 ** 20 + 1))]
        yield* Effect.forEach(bodies, (body) =>
          MiroClient.execute(HttpClientRequest.post("/v2/boards/b/images", { body })).pipe(
            Timeouts.provide({ headers: "200 millis" }),
            connect(server.origin, transport)
          )
        )
        yield* http
          .failsWith(MiroClient.execute(HttpClientRequest.post("/v2/x", { body: HttpBody.jsonUnsafe({}) })), "Timeout")
          .pipe(Timeouts.provide({ headers: "200 millis" }), connect(server.origin, transport))
      })
    )

    it.live("does not hide the status of an error whose body stalls", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket) => socket.write(promising(1000).replace("200", "500")))
        yield* http
          .failsWith(http.once(get), "ServerError")
          .pipe(Timeouts.provide({ idle: "200 millis" }), connect(server.origin, transport))
        yield* server.allClosed
      })
    )

    it.live("is none for a call that ends in time", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket) => {
          socket.write(promising(whole.length) + half)
          setTimeout(() => socket.end(whole.slice(half.length)), 100)
        })
        const board = yield* get.pipe(
          Timeouts.provide({
            headers: "5 seconds",
            idle: "5 seconds",
            attempt: "5 seconds",
            call: "5 seconds"
          }),
          connect(server.origin, transport)
        )
        assert.strictEqual(board.name, "Retro")
      })
    )

    it.live("can be as long as one likes, or without end", () =>
      Effect.gen(function* () {
        for (const long of [Duration.infinity, Duration.days(100)]) {
          const server = yield* tcp.serve((socket) => {
            setTimeout(() => socket.end(tcp.response(200, whole)), 50)
          })
          const board = yield* http
            .once(get)
            .pipe(
              Timeouts.provide({ headers: long, idle: long, attempt: long, call: long }),
              connect(server.origin, transport)
            )
          assert.strictEqual(board.name, "Retro")
        }
      })
    )

    it.live("starts anew with every attempt", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket, request, index) =>
          index < 2 ? undefined : tcp.json(payloads.board)(socket, request, index)
        )
        const board = yield* quickly(get).pipe(
          Timeouts.provide({ attempt: "200 millis" }),
          connect(server.origin, transport)
        )
        assert.strictEqual(board.name, "Retro")
        assert.strictEqual(server.requests.length, 3)
        yield* server.allClosed
      })
    )
  })

  describe("an interruption", () => {
    it.live.each(stalls)("closes the connection when %s", ([, respond]) =>
      Effect.gen(function* () {
        const server = yield* tcp.serve(respond)
        const fiber = yield* Effect.forkChild(get.pipe(connect(server.origin, transport)))
        while (server.requests.length === 0) yield* Effect.sleep("5 millis")
        yield* Effect.sleep("30 millis")
        const started = performance.now()
        yield* Fiber.interrupt(fiber)
        assert.isBelow(performance.now() - started, 200)
        yield* server.allClosed
        assert.strictEqual(server.requests.length, 1)
      })
    )
  })

  const small = Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(1000))

  describe("a body that is too large", () => {
    it.live("by its own word is refused without being read", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket) => socket.write(promising(32 * 1024 * 1024 + 1) + half))
        const started = performance.now()
        const { reason } = yield* http.failsWith(get, "InvalidResponse").pipe(connect(server.origin, transport))
        assert.include(reason.message, "the body is larger than 32 MiB")
        assert.isBelow(performance.now() - started, 1000)
        yield* server.allClosed
      })
    )

    it.live("by its own word is refused without waiting for it", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket) => socket.write(promising(32 * 1024 * 1024 + 1)))
        yield* http
          .failsWith(http.once(get), "InvalidResponse")
          .pipe(Timeouts.provide({ idle: "2 seconds" }), connect(server.origin, transport))
        yield* server.allClosed
      })
    )

    it.live("in chunks is refused where it becomes so", () =>
      Effect.gen(function* () {
        let chunks = 0
        const server = yield* tcp.serve((socket) => {
          socket.write(chunked)
          const text = chunk(" ".repeat(1 << 20))
          const next = () => {
            if (socket.writable) {
              chunks++
              socket.write(text, next)
            }
          }
          next()
        })
        const { reason } = yield* http.failsWith(get, "InvalidResponse").pipe(connect(server.origin, transport))
        assert.include(reason.message, "the body is larger than 32 MiB")
        yield* server.allClosed
        assert.isAtLeast(chunks, 32)
        assert.isAtMost(chunks, 64)
      })
    )

    it.live("for a limit of the user's own is refused in any form", () =>
      Effect.gen(function* () {
        const bytes = " ".repeat(1001)
        for (const respond of [
          (socket: Net.Socket) => socket.write(promising(2000) + bytes),
          (socket: Net.Socket) => socket.write(chunked + chunk(bytes))
        ]) {
          const server = yield* tcp.serve(respond)
          const { reason } = yield* http
            .failsWith(get, "InvalidResponse")
            .pipe(http.once, small, connect(server.origin, transport))
          assert.include(reason.message, "the body is larger than 1000 B")
          yield* server.allClosed
        }
      })
    )

    it.live("is not read to its end for an error either", () =>
      Effect.gen(function* () {
        const server = yield* tcp.serve((socket) =>
          socket.write(promising(2000).replace("200", "500") + " ".repeat(1001))
        )
        const { reason } = yield* Effect.flip(http.once(get)).pipe(small, connect(server.origin, transport))
        assert.propertyVal(reason, "status", 500)
        yield* server.allClosed
      })
    )

    it.live("is none as long as it stays within the limit", () =>
      Effect.gen(function* () {
        const exact = whole.padEnd(1000)
        for (const response of [promising(1000) + exact, `${chunked}${chunk(exact)}0\r\n\r\n`]) {
          const server = yield* tcp.serve(tcp.reply(response))
          const board = yield* get.pipe(small, connect(server.origin, transport))
          assert.strictEqual(board.name, "Retro")
        }
      })
    )
  })
})

const trickle = (socket: Net.Socket, head: string, piece = " ") => {
  socket.write(head)
  const timer = setInterval(() => socket.write(piece), 20)
  socket.on("close", () => clearInterval(timer))
}

const overFetch = (origin: string) => connect(origin, FetchHttpClient.layer)

describe("over fetch alone", () => {
  it.live("the user's own RequestInit stays in force, but for redirects", () =>
    Effect.gen(function* () {
      const other = yield* tcp.serve(tcp.json(payloads.board))
      const server = yield* tcp.serve(redirect(307, `${other.origin}/steal`))
      const { reason } = yield* http.failsWith(get, "UnexpectedStatus").pipe(
        Effect.provideService(FetchHttpClient.RequestInit, {
          headers: { "x-of-the-user": "yes" },
          redirect: "follow"
        }),
        overFetch(server.origin)
      )
      assert.strictEqual(reason.status, 307)
      assert.strictEqual(server.requests[0]?.headers["x-of-the-user"], "yes")
      assert.strictEqual(other.connections(), 0)
    })
  )

  it.live("the user's own fetch is called", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(tcp.json(payloads.board))
      const urls: Array<string> = []
      yield* get.pipe(
        Effect.provideService(FetchHttpClient.Fetch, (url, init) => {
          urls.push(new Request(url).url)
          return globalThis.fetch(url, init)
        }),
        overFetch(server.origin)
      )
      assert.deepStrictEqual(urls, [`${server.origin}/v2/boards/b`])
    })
  )

  it.live("a compressed response is read", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(tcp.reply(tcp.response(200, gzipSync(whole), { "content-encoding": "gzip" })))
      const { response, value } = yield* Boards.get.withResponse({ boardId: "b" }).pipe(overFetch(server.origin))
      assert.strictEqual(value.name, "Retro")
      assert.strictEqual(yield* response.text, whole)
    })
  )

  it.live("a compressed response is refused where it becomes too large", () =>
    Effect.gen(function* () {
      const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "))
      assert.isBelow(bomb.length, 100_000)
      const server = yield* tcp.serve(tcp.reply(tcp.response(200, bomb, { "content-encoding": "gzip" })))
      const { reason } = yield* http.failsWith(get, "InvalidResponse").pipe(overFetch(server.origin))
      assert.include(reason.message, "the body is larger than 32 MiB")
      yield* server.allClosed
    })
  )

  it.live("a compressed response that is torn or broken is an error", () =>
    Effect.gen(function* () {
      const bytes = gzipSync(whole)
      const encoding = { "content-encoding": "gzip" }
      for (const [response, tag] of [
        [tcp.response(200, bytes.subarray(0, -20), { ...encoding, "content-length": bytes.length }), "Transport"],
        [tcp.response(200, "not compressed", encoding), "Transport"],
        // Where the length is right, some take the end of the bytes for the end of the text.
        [tcp.response(200, bytes.subarray(0, -20), encoding), "InvalidResponse"]
      ] as const) {
        const server = yield* tcp.serve(tcp.reply(response))
        yield* http.failsWith(http.once(get), tag).pipe(overFetch(server.origin))
      }
    })
  )

  it.live("a stream is sent once, whatever Miro responds with", () =>
    Effect.gen(function* () {
      for (const status of [401, 429, 503]) {
        const server = yield* tcp.serve(tcp.json({ message: "no" }, status))
        const request = HttpClientRequest.put("/v2/boards/b/images").pipe(
          HttpClientRequest.bodyStream(
            Stream.make(new TextEncoder().encode("first"), new TextEncoder().encode("second"))
          )
        )
        yield* Effect.flip(quickly(MiroClient.execute(request))).pipe(overFetch(server.origin))
        assert.deepStrictEqual(
          server.requests.map(({ body }) => body),
          ["5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n"]
        )
      }
    })
  )

  it.live("an attempt that timed out leaves no connection to be used again", () =>
    Effect.gen(function* () {
      // The response to the first request comes late: whoever gets that connection would get somebody else's board.
      const server = yield* tcp.serve((socket, { target }, index) => {
        const response = tcp.response(200, JSON.stringify({ ...payloads.board, name: target }), {
          connection: "keep-alive"
        })
        if (index === 0) setTimeout(() => socket.write(response), 300)
        else socket.write(response)
      })
      const deadline = Timeouts.provide({ headers: "150 millis" })
      yield* Effect.gen(function* () {
        yield* http.failsWith(http.once(Boards.get({ boardId: "of-anna" })), "Timeout")
        for (const boardId of ["1", "2", "3"]) {
          assert.strictEqual((yield* Boards.get({ boardId })).name, `/v2/boards/${boardId}`)
          yield* Effect.sleep("100 millis")
        }
      }).pipe(deadline, overFetch(server.origin))
      assert.isAtLeast(server.connections(), 2)
    })
  )

  it.live(
    "a deadline ends a call that does not even connect",
    () =>
      Effect.gen(function* () {
        const port = yield* tcp.deafPort
        const started = performance.now()
        yield* http
          .failsWith(http.once(get), "Timeout")
          .pipe(Timeouts.provide({ headers: "1 second" }), overFetch(`http://127.0.0.1:${port}`))
        const took = performance.now() - started
        assert.isAtLeast(took, 990)
        assert.isAtMost(took, 1100)
      }),
    { retry: 2 }
  )
})
