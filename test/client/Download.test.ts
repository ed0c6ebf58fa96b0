/**
 * Downloads between two servers on the loopback interface: one is Miro, and one the storage that it points to.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber, Layer, Option, Redacted, Scope, Stream } from "effect"
import {
  FetchHttpClient,
  type HttpClient,
  HttpClient as Http,
  HttpClientError,
  type HttpClientRequest,
  HttpClientResponse
} from "effect/http"
import type * as Net from "node:net"
import { gzipSync } from "node:zlib"
import {
  AccessToken,
  Timeouts,
  Documents,
  type Download,
  Images,
  MiroClient,
  type MiroError,
  Retry,
  Telemetry
} from "effect-miro"
import * as UndiciHttpClient from "effect-miro/undici"
import { failsWith } from "../support/http.ts"
import { observe } from "../support/observe.ts"
import * as tcp from "../support/tcp.ts"

const boardId = "uXjVOfjmkAk="
const itemId = "3458764515979043608"

const file = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251)

const secret = "c2lnbmF0dXJlLW9mLXRoZS1zdG9yYWdl"
const query = `?X-Amz-Signature=${secret}&X-Amz-Expires=60`

const png = (bytes: Uint8Array = file, headers: Record<string, string | number> = {}) =>
  tcp.reply(tcp.response(200, bytes, { "content-type": "image/png", ...headers }))

interface World {
  readonly miro: tcp.Server
  readonly storage: tcp.Server
}

interface Behaviour {
  /** Of the storage. */
  readonly storage?: tcp.Respond
  /** The URL in the item, from the origin of Miro. */
  readonly itemUrl?: (origin: string) => string | null | undefined
  /** Miro's response to the request for the resource. */
  readonly resource?: (storage: string) => tcp.Respond
}

const signedUrl = (origin: string) => `${origin}/files/${itemId}${query}`

const itemUrlOf = (origin: string) =>
  `${origin}/v2/boards/${boardId}/resources/images/${itemId}?format=preview&redirect=false`

const worldOf = ({ itemUrl = itemUrlOf, resource, storage: respond = png() }: Behaviour = {}) =>
  Effect.gen(function* () {
    const storage = yield* tcp.serve(respond)
    const signed = resource ?? ((origin: string) => tcp.json({ type: "image", url: signedUrl(origin) }))
    let origin = ""
    const miro = yield* tcp.serve((socket, request, index) => {
      if (request.target.includes("/resources/")) return signed(storage.origin)(socket, request, index)
      const type = request.target.includes("/documents/") ? "document" : "image"
      const url = itemUrl(origin)
      return tcp.json({ id: itemId, type, data: { imageUrl: url, documentUrl: url } })(socket, request, index)
    })
    origin = miro.origin
    return { miro, storage } satisfies World
  })

const connect = ({ miro }: World, transport: Layer.Layer<HttpClient.HttpClient> = FetchHttpClient.layer) =>
  Effect.provide(
    MiroClient.layer({ baseUrl: miro.origin }).pipe(
      Layer.provide(AccessToken.layer(Redacted.make("canary-token"))),
      Layer.provideMerge(transport)
    )
  )

const bytesOf = <R>(download: Effect.Effect<Download.Download, MiroError.MiroError, R>) =>
  Effect.scoped(Effect.flatMap(download, ({ bytes }) => Stream.mkUint8Array(bytes)))

const image = Images.download({ boardId, itemId })

/** A client of Miro's own URL, and of a storage that responds in process. */
const inProcess = (
  url: string,
  storage: (request: HttpClientRequest.HttpClientRequest) => Effect.Effect<Response, HttpClientError.HttpClientError>
) => {
  const client = Http.make((request, { hostname, pathname }) =>
    Effect.map(
      hostname !== "api.miro.com"
        ? storage(request)
        : Effect.sync(() =>
            Response.json(
              pathname.includes("/resources/")
                ? { url }
                : { id: itemId, type: "image", data: { imageUrl: itemUrlOf("https://api.miro.com") } }
            )
          ),
      (response) => HttpClientResponse.fromWeb(request, response)
    )
  )
  return Effect.provide(
    MiroClient.layer().pipe(
      Layer.provide(AccessToken.layer(Redacted.make("canary-token"))),
      Layer.provide(Layer.succeed(Http.HttpClient, client))
    )
  )
}

const quickly = Retry.provide(Retry.policy({ base: "1 millis" }))
const once = Retry.provide(Retry.none)

const targets = ({ requests }: tcp.Server) => requests.map(({ target }) => target)

const head = (length: number) => `HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: ${length}\r\n\r\n`

const transports: ReadonlyArray<readonly [name: string, transport: Layer.Layer<HttpClient.HttpClient>]> = [
  ["fetch", FetchHttpClient.layer],
  ["undici", NodeHttpClient.layerUndici],
  ["undici's dispatcher", UndiciHttpClient.layer],
  ["node:http", NodeHttpClient.layerNodeHttp]
]

describe.each(transports)("a download over %s", (_, transport) => {
  it.live("gives the bytes, and the token to Miro alone", () =>
    Effect.gen(function* () {
      const world = yield* worldOf()
      const { bytes, contentType, length } = yield* Effect.scoped(
        Effect.gen(function* () {
          const download = yield* image
          return { ...download, bytes: yield* Stream.mkUint8Array(download.bytes) }
        })
      ).pipe(connect(world, transport))
      assert.deepStrictEqual(bytes, file)
      assert.strictEqual(contentType, "image/png")
      assert.strictEqual(length, file.length)
      assert.deepStrictEqual(targets(world.miro), [
        `/v2/boards/uXjVOfjmkAk%3D/images/${itemId}`,
        `/v2/boards/${boardId}/resources/images/${itemId}?format=original&redirect=false`
      ])
      assert.deepStrictEqual(targets(world.storage), [`/files/${itemId}${query}`])
      for (const { headers } of world.miro.requests) assert.strictEqual(headers["authorization"], "Bearer canary-token")
      for (const { headers } of world.storage.requests) {
        assert.notInclude(JSON.stringify(headers), "canary-token")
        for (const name of ["authorization", "cookie", "traceparent", "b3"]) assert.notProperty(headers, name)
        assert.notInclude(headers["user-agent"] ?? "", "effect-miro")
      }
      yield* world.storage.allClosed
    })
  )

  it.live("follows a redirect of the storage", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({
        storage: (socket, request, index) =>
          request.target.startsWith("/moved")
            ? png()(socket, request, index)
            : tcp.reply(tcp.response(302, "moved", { location: `/moved${query}` }))(socket, request, index)
      })
      assert.deepStrictEqual(yield* bytesOf(image).pipe(connect(world, transport)), file)
      assert.deepStrictEqual(targets(world.storage), [`/files/${itemId}${query}`, `/moved${query}`])
    })
  )

  it.live("closes the connection when it is interrupted, left or never read", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({ storage: (socket) => socket.write(head(file.length) + "x".repeat(1000)) })
      const onServer = connect(world, transport)
      const fiber = yield* Effect.forkChild(onServer(bytesOf(image)))
      yield* Effect.repeat(Effect.sleep("10 millis"), { until: () => world.storage.requests.length === 1 })
      yield* Fiber.interrupt(fiber)
      yield* world.storage.allClosed
      yield* Effect.scoped(Effect.flatMap(image, ({ bytes }) => Stream.runDrain(Stream.take(bytes, 1)))).pipe(onServer)
      yield* world.storage.allClosed
      yield* Effect.scoped(image).pipe(onServer)
      yield* world.storage.allClosed
      assert.strictEqual(world.storage.requests.length, 3)
    })
  )

  it.live("whose body is shorter than announced is a Transport", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({ storage: (socket) => socket.end(head(file.length) + "x") })
      yield* failsWith(bytesOf(image), "Transport").pipe(connect(world, transport))
      // Bytes were handed out: it is not for the download to begin again.
      assert.strictEqual(world.storage.requests.length, 1)
    })
  )
})

describe("a download", () => {
  it.live("of a preview, or of a document, asks for that", () =>
    Effect.gen(function* () {
      const world = yield* worldOf()
      yield* bytesOf(Images.download({ boardId, itemId, format: "preview" })).pipe(connect(world))
      yield* bytesOf(Documents.download({ boardId, itemId })).pipe(connect(world))
      assert.deepStrictEqual(
        targets(world.miro).filter((target) => target.includes("/resources/")),
        [
          `/v2/boards/${boardId}/resources/images/${itemId}?format=preview&redirect=false`,
          // The item of this world says a preview of all.
          `/v2/boards/${boardId}/resources/images/${itemId}?format=preview&redirect=false`
        ]
      )
      assert.include(targets(world.miro)[2], "/documents/")
    })
  )

  it.live("of nothing is a stream of nothing", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({ storage: png(new Uint8Array()) })
      assert.strictEqual((yield* bytesOf(image).pipe(connect(world))).length, 0)
    })
  )

  it.live("keeps a percent-encoded board, and has no use for the origin of the item behind a proxy", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({
        itemUrl: () => `https://api.miro.com/v2/boards/uXjVOfjmkAk%3D/resources/${itemId}?redirect=true`
      })
      assert.deepStrictEqual(yield* bytesOf(image).pipe(connect(world)), file)
      assert.strictEqual(
        targets(world.miro)[1],
        `/v2/boards/uXjVOfjmkAk%3D/resources/${itemId}?redirect=false&format=original`
      )
    })
  )

  const foreign: ReadonlyArray<readonly [name: string, url: (origin: string) => string | null | undefined]> = [
    ["is missing", () => undefined],
    ["is null", () => null],
    ["is empty", () => ""],
    ["is of another origin", (origin) => itemUrlOf(origin.replace("127.0.0.1", "localhost"))],
    ["is of another port", () => itemUrlOf("http://127.0.0.1:1")],
    ["is of a host that begins as the API's", (origin) => itemUrlOf(`${origin}.example`)],
    ["has a user name", (origin) => itemUrlOf(origin.replace("://", "://u:p@"))],
    ["is relative to the protocol", (origin) => itemUrlOf(origin.replace("http:", ""))],
    ["is relative", () => itemUrlOf("")],
    ["is a path of two slashes", (origin) => `${origin}//evil.example/resources/1`],
    ["has backslashes", (origin) => `${origin}\\resources\\1`],
    ["is data", () => "data:image/png;base64,iVBORw0KGgo="],
    ["is a file", () => "file:///etc/passwd"],
    ["is a script", () => "javascript:alert(1)"]
  ]

  it.live.each(foreign)("of an item whose URL %s is an InvalidResponse, and asks for nothing", ([, itemUrl]) =>
    Effect.gen(function* () {
      const world = yield* worldOf({ itemUrl })
      const { reason } = yield* failsWith(bytesOf(image), "InvalidResponse").pipe(connect(world))
      assert.deepStrictEqual(reason.issues[0]?.path, ["data", "imageUrl"])
      assert.strictEqual(world.miro.requests.length, 1)
      assert.strictEqual(world.storage.connections(), 0)
    })
  )

  const hostile: ReadonlyArray<readonly [name: string, url: (origin: string) => unknown]> = [
    ["no text", () => 1],
    ["missing", () => undefined],
    ["a file", () => `file:///etc/passwd${query}`],
    ["a script", () => `javascript:alert(1)//${query}`],
    ["data", () => `data:image/png;base64,${secret}`],
    ["relative to the protocol", (origin) => signedUrl(origin.replace("http:", ""))],
    ["with a password", (origin) => signedUrl(origin.replace("://", `://u:${secret}@`))],
    ["with a backslash", (origin) => signedUrl(origin.replace("://", ":\\\\"))]
  ]

  it.live.each(hostile)("by a signed URL that is %s is an InvalidResponse that does not quote it", ([, url]) =>
    Effect.gen(function* () {
      const world = yield* worldOf({ resource: (origin) => tcp.json({ url: url(origin), other: signedUrl(origin) }) })
      const { exit, text } = yield* observe(bytesOf(image)).pipe(connect(world))
      assert.isTrue(Exit.isFailure(exit))
      assert.include(text, "failed with InvalidResponse")
      assert.notInclude(text, secret)
      assert.strictEqual(world.storage.connections(), 0)
    })
  )

  it.effect("quotes no signed URL that its client does", () =>
    Effect.gen(function* () {
      const url = `https://storage.example/files/${itemId}${query}`
      const { exit, text } = yield* observe(bytesOf(image)).pipe(
        once,
        inProcess(url, (request) =>
          Effect.fail(
            new HttpClientError.HttpClientError({
              reason: new HttpClientError.TransportError({ request, cause: new Error(`no way to ${request.url}`) })
            })
          )
        )
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.include(text, "no way to")
      assert.notInclude(text, secret)
    })
  )

  it.effect(
    "has nothing of the program's fetch options but what is harmless, and lets a browser follow redirects",
    () =>
      Effect.gen(function* () {
        const asked: Array<readonly [init: RequestInit | undefined, headers: object]> = []
        const bytes = yield* Effect.withSpan(bytesOf(image), "the user's").pipe(
          Effect.provideService(Telemetry.TracePropagation, true),
          Effect.provideService(FetchHttpClient.RequestInit, {
            headers: { "x-gateway-key": "canary" },
            credentials: "include",
            cache: "no-store"
          }),
          inProcess("https://storage.example/1", ({ headers }) =>
            Effect.map(Effect.serviceOption(FetchHttpClient.RequestInit), (option) => {
              const init = Option.getOrUndefined(option)
              asked.push([init, { ...headers }])
              return init?.redirect === "follow" ? new Response(new Uint8Array([1])) : Response.error()
            })
          )
        )
        assert.deepStrictEqual(bytes, new Uint8Array([1]))
        assert.deepStrictEqual(
          asked,
          (["manual", "follow"] as const).map((redirect) => [
            { headers: {}, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", redirect },
            { accept: "*/*", "accept-encoding": "identity" }
          ])
        )
      })
  )

  it.effect.each([
    ["in the response of an API of https:", "http://storage.example/1", undefined],
    ["in a redirect of the storage", "https://storage.example/1", "http://storage.example/2"]
  ] as const)("does not go down to http: %s", ([, url, location]) =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      yield* failsWith(bytesOf(image), "InvalidResponse").pipe(
        once,
        inProcess(url, (request) =>
          Effect.sync(() => {
            asked.push(request.url)
            return new Response("", { status: 302, headers: { location: location ?? "" } })
          })
        )
      )
      assert.deepStrictEqual(
        asked.filter((href) => href.startsWith("http:")),
        []
      )
    })
  )

  it.live("does not follow redirects without end", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({ storage: tcp.reply(tcp.response(302, "moved", { location: "/again" })) })
      yield* failsWith(bytesOf(image), "Transport").pipe(once, connect(world))
      assert.strictEqual(world.storage.requests.length, 6)
    })
  )

  it.live("takes a redirect of Miro's for what it is, and the token does not go along", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({
        resource: (origin) => tcp.reply(tcp.response(307, "", { location: signedUrl(origin) }))
      })
      assert.deepStrictEqual(yield* bytesOf(image).pipe(connect(world)), file)
      assert.notProperty(world.storage.requests[0]?.headers, "authorization")
    })
  )

  it.live("takes bytes from Miro itself, if they come at once", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({ resource: () => png() })
      assert.deepStrictEqual(yield* bytesOf(image).pipe(connect(world)), file)
      yield* failsWith(bytesOf(Images.download({ boardId, itemId }, { maxBytes: 1000 })), "InvalidResponse").pipe(
        connect(world)
      )
      assert.strictEqual(world.storage.connections(), 0)
    })
  )

  it.live("that is larger than allowed is an InvalidResponse, before or while it is read", () =>
    Effect.gen(function* () {
      const announced = yield* worldOf()
      const tooLarge = Images.download({ boardId, itemId }, { maxBytes: file.length - 1 })
      const { message } = yield* failsWith(Effect.scoped(tooLarge), "InvalidResponse").pipe(connect(announced))
      assert.include(message, "larger than")
      yield* announced.storage.allClosed
      const unannounced = yield* worldOf({
        storage: (socket) => {
          socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
          for (let part = 0; part < 100; part++) socket.write(`400\r\n${"x".repeat(1024)}\r\n`)
        }
      })
      yield* failsWith(bytesOf(Images.download({ boardId, itemId }, { maxBytes: "10 KiB" })), "InvalidResponse").pipe(
        connect(unannounced)
      )
      yield* unannounced.storage.allClosed
      const exactly = Images.download({ boardId, itemId }, { maxBytes: file.length })
      assert.deepStrictEqual(yield* bytesOf(exactly).pipe(connect(announced)), file)
    })
  )

  it.live("that is encoded has no length to be held to", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({ storage: png(gzipSync(file), { "content-encoding": "gzip" }) })
      yield* Effect.gen(function* () {
        const { bytes, length } = yield* image
        assert.isUndefined(length)
        assert.deepStrictEqual(yield* Stream.mkUint8Array(bytes), file)
      }).pipe(Effect.scoped, connect(world))
    })
  )

  it.live("that stalls is a Timeout, in the head and in the body", () =>
    Effect.gen(function* () {
      const within = (deadlines: Timeouts.Timeouts) => Effect.provideService(Timeouts.Timeouts, deadlines)
      const silent = yield* worldOf({ storage: () => undefined })
      const inHead = yield* failsWith(bytesOf(image), "Timeout").pipe(
        within({ headers: "150 millis" }),
        once,
        connect(silent)
      )
      assert.strictEqual(inHead.reason.phase, "headers")
      yield* silent.storage.allClosed
      const stalled = yield* worldOf({ storage: (socket) => socket.write(head(file.length) + "x") })
      for (const phase of ["idle", "attempt", "call"] as const) {
        const { reason } = yield* failsWith(bytesOf(image), "Timeout").pipe(
          within({ [phase]: "200 millis" }),
          connect(stalled)
        )
        assert.strictEqual(reason.phase, phase)
        assert.deepStrictEqual(reason.deadline, Duration.millis(200))
        yield* stalled.storage.allClosed
      }
    })
  )

  it.live("may be read slowly: only waiting for bytes counts", () =>
    Effect.gen(function* () {
      const world = yield* worldOf()
      const count = yield* Effect.scoped(
        Effect.flatMap(image, ({ bytes }) =>
          Stream.runFold(
            Stream.tap(bytes, () => Effect.sleep("60 millis")),
            () => 0,
            (sum, chunk) => sum + chunk.length
          )
        )
      ).pipe(Timeouts.provide({ idle: "150 millis", attempt: "150 millis" }), connect(world))
      assert.strictEqual(count, file.length)
    })
  )

  it.live("asks for another signed URL once when the storage does not take one any more", () =>
    Effect.gen(function* () {
      const expired = yield* worldOf({
        storage: (socket, request, index) =>
          (index === 0 ? tcp.reply(tcp.response(403, "<Error>Request has expired</Error>")) : png())(
            socket,
            request,
            index
          )
      })
      assert.deepStrictEqual(yield* bytesOf(image).pipe(connect(expired)), file)
      assert.strictEqual(expired.miro.requests.length, 3)
      const forbidden = yield* worldOf({ storage: tcp.reply(tcp.response(403, `<Error>${secret}</Error>`)) })
      const { reason } = yield* failsWith(bytesOf(image), "UnexpectedStatus").pipe(connect(forbidden))
      assert.strictEqual(reason.status, 403)
      assert.notInclude(reason.message, secret)
      assert.strictEqual(forbidden.storage.requests.length, 2)
    })
  )

  it.live("asks so too by a client to which a status can be an error", () =>
    Effect.gen(function* () {
      const expired = tcp.reply(tcp.response(403, "<Error>Request has expired</Error>"))
      const redirect = tcp.reply(tcp.response(302, "", { location: `/other${query}` }))
      const world = yield* worldOf({
        storage: (socket, request, index) => ([expired, redirect][index] ?? png())(socket, request, index)
      })
      const strict = Layer.effect(Http.HttpClient, Effect.map(Http.HttpClient, Http.filterStatusOk)).pipe(
        Layer.provide(FetchHttpClient.layer)
      )
      assert.deepStrictEqual(yield* bytesOf(image).pipe(once, connect(world, strict)), file)
    })
  )

  const failing: ReadonlyArray<readonly [name: string, respond: tcp.Respond]> = [
    ["429", tcp.reply(tcp.response(429, ""))],
    ["503", tcp.reply(tcp.response(503, "<html>"))],
    ["a reset", (socket: Net.Socket) => socket.resetAndDestroy()]
  ]

  it.live.each(failing)("is repeated as Retry says after %s of the storage", ([, respond]) =>
    Effect.gen(function* () {
      const world = yield* worldOf({
        storage: (socket, request, index) => (index < 3 ? respond : png())(socket, request, index)
      })
      assert.deepStrictEqual(yield* bytesOf(image).pipe(quickly, connect(world)), file)
      assert.strictEqual(world.storage.requests.length, 4)
      assert.strictEqual(world.miro.requests.length, 2)
    })
  )

  it.live.each([
    ["a web page", 200, { "content-type": "text/html; charset=utf-8" }, "InvalidResponse"],
    ["a part of the bytes", 206, { "content-range": "bytes 0-3/9" }, "UnexpectedStatus"],
    ["no content", 204, {}, "UnexpectedStatus"],
    ["nothing of the kind", 404, {}, "UnexpectedStatus"]
  ] as const)("that gets %s is no success", ([, status, headers, tag]) =>
    Effect.gen(function* () {
      const world = yield* worldOf({ storage: tcp.reply(tcp.response(status, status === 204 ? "" : "page", headers)) })
      yield* failsWith(bytesOf(image), tag).pipe(once, connect(world))
    })
  )

  it.live("is read once, within its scope, and not before it is asked for", () =>
    Effect.gen(function* () {
      const world = yield* worldOf()
      yield* Effect.gen(function* () {
        const { bytes } = yield* Effect.scoped(image)
        yield* failsWith(Stream.runDrain(bytes), "InvalidInput")
        const scope = yield* Scope.make()
        const download = yield* Scope.provide(image, scope)
        assert.deepStrictEqual(yield* Stream.mkUint8Array(download.bytes), file)
        yield* failsWith(Stream.runDrain(download.bytes), "InvalidInput")
        yield* Scope.close(scope, Exit.void)
        yield* Effect.scoped(
          Effect.flatMap(image, ({ bytes }) =>
            Stream.runDrain(Stream.tap(bytes, () => failsWith(Stream.runDrain(bytes), "InvalidInput")))
          )
        )
      }).pipe(connect(world))
      yield* world.storage.allClosed
    })
  )

  it.live("that is cut off by the end of its scope does not look complete", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({
        storage: (socket) => socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n")
      })
      yield* Effect.gen(function* () {
        const scope = yield* Scope.make()
        const { bytes } = yield* Scope.provide(image, scope)
        const closing = Stream.tap(bytes, () => Scope.close(scope, Exit.void))
        yield* failsWith(Stream.runDrain(closing), "InvalidInput")
      }).pipe(connect(world))
      yield* world.storage.allClosed
    })
  )

  it.live("that fails closes its connection at once", () =>
    Effect.gen(function* () {
      const world = yield* worldOf({ storage: (socket) => socket.write(head(file.length)) })
      const small = Images.download({ boardId, itemId }, { maxBytes: 1 })
      yield* Effect.scoped(Effect.andThen(failsWith(small, "InvalidResponse"), world.storage.allClosed)).pipe(
        connect(world)
      )
    })
  )

  it.live("shows nothing of the signed URL, whether it succeeds or fails", () =>
    Effect.gen(function* () {
      const good = yield* worldOf()
      const { spans, text } = yield* observe(bytesOf(image)).pipe(connect(good))
      assert.notInclude(text, secret)
      assert.notInclude(text, "/files/")
      assert.deepStrictEqual(spans.map(({ name }) => name).toSorted(), [
        "Miro.Images.download",
        "Miro.Images.get",
        "Miro.Storage.get"
      ])
      for (const respond of [
        tcp.reply(tcp.response(500, `no ${secret}`)),
        tcp.reply("no HTTP"),
        (socket: Net.Socket) => socket.end(head(10)),
        tcp.reply(tcp.response(302, "", { location: `http://u:${secret}@127.0.0.1/` }))
      ]) {
        const bad = yield* worldOf({ storage: respond })
        const { exit, text } = yield* observe(bytesOf(image)).pipe(once, connect(bad))
        assert.isTrue(Exit.isFailure(exit))
        assert.include(text, "Images.download failed with")
        assert.notInclude(text, secret)
        assert.notInclude(text, "/files/")
      }
    })
  )

  it.effect.each([
    ["an empty item", { boardId, itemId: "" }, undefined, "itemId"],
    ["an unknown format", { boardId, itemId, format: "huge" }, undefined, "format"],
    ["a field that is none", { boardId, itemId, size: 1 }, undefined, "size"],
    ["a limit that is none", { boardId, itemId }, { maxBytes: -1 }, "maxBytes"]
  ] as const)("with %s is an InvalidInput, and nothing is sent", ([, input, options, path]) =>
    Effect.gen(function* () {
      const { reason } = yield* failsWith(
        Effect.scoped(Images.download(input as Parameters<typeof Images.download>[0], options)),
        "InvalidInput"
      ).pipe(connect({ miro: { origin: "http://127.0.0.1:1" } as tcp.Server, storage: {} as tcp.Server }))
      assert.deepStrictEqual(reason.issues[0]?.path, [path])
    })
  )

  it.live("of what is no image fails as getting it does", () =>
    Effect.gen(function* () {
      const miro = yield* tcp.serve(
        tcp.json({ type: "error", code: "3.0201", message: "Item not found", status: 404 }, 404)
      )
      const { operation, reason } = yield* failsWith(bytesOf(image), "NotFound").pipe(connect({ miro, storage: miro }))
      assert.strictEqual(operation, "Images.download")
      assert.strictEqual(reason.status, 404)
    })
  )
})
