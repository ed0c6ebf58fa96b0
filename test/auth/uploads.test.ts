import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Result, Stream } from "effect"
import { FetchHttpClient, HttpClientRequest, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createHash } from "node:crypto"
import { createServer } from "node:http"
import { AccessToken, Boards, Images, MiroClient, type MiroError, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { login, refreshes } from "./support.ts"

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex")

/** A request that got its response. */
interface Entry {
  readonly name: string
  /** Of the file in the body, if there is one, and of all of the body otherwise. */
  readonly hash: string
  readonly status: number
}

const fileIn = async (body: ArrayBuffer, contentType: string) => {
  if (!contentType.startsWith("multipart/")) return new Uint8Array(body)
  const form = await new Response(body, { headers: { "content-type": contentType } }).formData()
  const file = form.get("resource")
  return file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array()
}

const nameOf = (url: string, body: ArrayBuffer): string => {
  const [path = "", query] = url.split("?query=")
  return path.endsWith("/images") ? path : (query ?? JSON.parse(new TextDecoder().decode(body)).name)
}

// The sandbox takes no images, but it can say whether a token is good.
const image = Effect.fnUntraced(function* (authorization: string) {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const question = HttpClientRequest.get("http://miro/v1/oauth-token").pipe(
    HttpClientRequest.setHeader("authorization", authorization)
  )
  const response = yield* Effect.provideService(
    sandbox.app,
    HttpServerRequest.HttpServerRequest,
    HttpServerRequest.fromClientRequest(question)
  )
  return response.status === 200 ? HttpServerResponse.jsonUnsafe({ id: "1", type: "image" }, { status: 201 }) : response
})

/** Miro on a socket, where a request is looked at when all of it is there and its turn has come. */
const serve = Effect.fnUntraced(function* (turn: (name: string, arrived: number) => Effect.Effect<unknown>) {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const ledger: Array<Entry> = []
  let arrived = 0
  yield* HttpServer.serveEffect(
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      if (!request.url.startsWith("/v2/boards")) return yield* sandbox.app
      const body = yield* Effect.orDie(request.arrayBuffer)
      const { authorization = "", "content-type": contentType = "" } = request.headers
      const hash = sha256(yield* Effect.promise(() => fileIn(body, contentType)))
      const name = nameOf(request.url, body)
      yield* turn(name, ++arrived)
      const response = yield* request.url.endsWith("/images") ? image(authorization) : sandbox.app
      ledger.push({ name, hash, status: response.status })
      return response
    })
  )
  return ledger
})

const file = (index: number) => Uint8Array.from({ length: 40_000 + index }, (_, at) => (at * (index + 1)) % 251)

/** A stream that gives its bytes once, and nothing when it is read again. */
const once = (bytes: Uint8Array) =>
  Stream.fromIterable([bytes.subarray(0, 10_000), bytes.subarray(10_000, 30_000), bytes.subarray(30_000)].values())

interface Request {
  readonly name: string
  readonly sent: Uint8Array | string
  readonly isReplayable: boolean
  readonly effect: Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>
}

const call = (index: number, boardId: string): Request => {
  const name = `call-${index}`
  const json = { name, sent: JSON.stringify({ name }), isReplayable: true }
  switch (index % 3) {
    case 0:
      return { ...json, sent: "", effect: Boards.list({ query: name }) }
    case 1:
      return { ...json, effect: Boards.create({ name }) }
    default:
      return { ...json, effect: Boards.update({ boardId, name }) }
  }
}

/** A file that is read ahead of time, also when it is a stream. */
const upload = (index: number): Request => {
  const sent = file(index)
  const resource = { content: index % 2 === 0 ? sent : once(sent), filename: "a.png" }
  const effect = Images.createFromFile({ boardId: `upload-${index}`, resource })
  return { name: `/v2/boards/upload-${index}/images`, sent, isReplayable: true, effect }
}

/** A body that goes out as it comes. */
const singleShot = (index: number): Request => {
  const name = `/v2/boards/stream-${index}/images`
  const sent = file(index)
  const body = HttpClientRequest.bodyStream(once(sent), { contentType: "image/png" })
  return { name, sent, isReplayable: false, effect: MiroClient.execute(body(HttpClientRequest.post(name))) }
}

/** 100 calls and 20 uploads, of each kind some early and some late. */
const requests = (boardId: string): ReadonlyArray<Request> =>
  Array.from({ length: 120 }, (_, index) => {
    switch (index % 12) {
      case 0:
        return upload(index / 12)
      case 1:
        return singleShot((index - 1) / 12)
      default:
        return call(index, boardId)
    }
  })

const client = (baseUrl: string) =>
  MiroClient.layer({ baseUrl }).pipe(
    Layer.provideMerge(AccessToken.layerOAuth),
    Layer.provideMerge(
      Layer.unwrap(
        Effect.map(Effect.service(MiroSandbox.Settings), (settings) => MiroOAuth.layer({ ...settings, baseUrl }))
      )
    ),
    Layer.provide(FetchHttpClient.layer)
  )

it.live(
  "a token that another process ends under 100 calls and 20 uploads costs none of them a byte",
  () =>
    Effect.gen(function* () {
      const baseUrl = yield* HttpServer.addressFormattedWith(Effect.succeed)
      const allArrived = yield* Deferred.make<void>()
      const refreshed = yield* Deferred.make<void>()
      const early = new Set(
        requests("")
          .slice(0, 40)
          .map(({ name }) => name)
      )
      // Once all are there, some have their response before the token dies, and most get it after.
      const ledger = yield* serve((name, arrived) => {
        if (name === "board") return Effect.void
        if (arrived === 121) Deferred.doneUnsafe(allArrived, Effect.void)
        return Deferred.await(early.has(name) ? allArrived : refreshed)
      })
      yield* Effect.gen(function* () {
        yield* login
        const board = yield* Boards.create({ name: "board" })
        const all = requests(board.id)
        const old = yield* AccessToken.AccessToken.use(({ get }) => get)
        const underWay = yield* Effect.forkChild(
          Effect.forEach(all, ({ effect }) => Effect.result(effect), { concurrency: "unbounded" })
        )
        while (ledger.length < 41) yield* Effect.sleep("5 millis")
        yield* AccessToken.AccessToken.use(({ refresh }) => refresh(old)).pipe(
          Effect.provide(Layer.fresh(client(baseUrl)))
        )
        yield* Deferred.succeed(refreshed, undefined)
        const results = yield* Fiber.join(underWay)

        const outcomes = all.map(({ isReplayable, name, sent }, index) => {
          const entries = ledger.filter((entry) => entry.name === name)
          // Every body arrived as it was given, refused or not.
          assert.isTrue(
            entries.every(({ hash }) => hash === sha256(sent)),
            name
          )
          const result = results[index] ?? assert.fail()
          const statuses = entries.map(({ status }) => (status < 300 ? "accepted" : status)).join(", ")
          const outcome = Result.isSuccess(result) ? "success" : result.failure.reason._tag
          return `${isReplayable ? "replayable" : "stream"}: ${statuses}: ${outcome}`
        })
        assert.deepStrictEqual(
          new Set(outcomes),
          new Set([
            "replayable: accepted: success",
            "replayable: 401, accepted: success",
            "stream: accepted: success",
            "stream: 401: Unauthorized"
          ])
        )
        yield* singleShot(10).effect
        assert.strictEqual((yield* refreshes).length, 1)
      }).pipe(Effect.provide(client(baseUrl)))
    }).pipe(
      Effect.provide(MiroSandbox.layer),
      Effect.provide(TokenStorage.layerMemory),
      Effect.provide(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })),
      Effect.scoped
    ),
  60_000
)
