import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import { TestClock } from "effect/testing"
import { AccessToken, Boards, Documents, Images, MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { createServer } from "node:http"
import { failsWith } from "../support/http.ts"
import { sandboxed } from "../support/sandbox.ts"
import * as support from "./support.ts"

const picture = Uint8Array.from({ length: 2000 }, (_, index) => index % 256)

const upload = Effect.gen(function* () {
  const { id: boardId } = yield* Boards.create({ name: "Files" })
  const resource = { content: picture, filename: "a.png", contentType: "image/png" }
  return yield* Effect.all({
    boardId: Effect.succeed(boardId),
    image: Images.createFromFile({ boardId, resource, data: { title: "A", position: { x: 1, y: 2 } } }),
    document: Documents.createFromFile({ boardId, resource: { content: picture, filename: "a.pdf" } })
  })
})

const roundTrip = Effect.gen(function* () {
  const { boardId, document, image } = yield* upload
  assert.deepInclude(image, { type: "image", geometry: { width: 800, height: 800 } })
  assert.strictEqual(image.data?.title, "A")
  assert.include(image.data?.imageUrl, `/v2/boards/${encodeURIComponent(boardId)}/resources/images/${image.id}?`)
  const downloaded = yield* Images.download({ boardId, itemId: image.id })
  assert.strictEqual(downloaded.contentType, "image/png")
  assert.deepStrictEqual(yield* Stream.mkUint8Array(downloaded.bytes), picture)
  const { bytes } = yield* Documents.download({ boardId, itemId: document.id })
  assert.deepStrictEqual(yield* Stream.mkUint8Array(bytes), picture)
  yield* failsWith(Images.download({ boardId, itemId: document.id }), "NotFound")
  yield* Images.updateFromFile({
    boardId,
    itemId: image.id,
    resource: { content: new Uint8Array([1]), filename: "b.png" }
  })
  const { bytes: after } = yield* Images.download({ boardId, itemId: image.id })
  assert.deepStrictEqual(yield* Stream.mkUint8Array(after), new Uint8Array([1]))
}).pipe(Effect.scoped)

describe("uploaded files of the sandbox", () => {
  it.effect("come back as they went, in process", () => roundTrip.pipe(sandboxed()))

  it.live("come back as they went, over a socket", () =>
    Effect.gen(function* () {
      const baseUrl = yield* HttpServer.addressFormattedWith(Effect.succeed)
      yield* roundTrip.pipe(
        Effect.provide(
          MiroClient.layer({ baseUrl }).pipe(
            Layer.provide(AccessToken.layer(Redacted.make("sandbox-token"))),
            Layer.provide(FetchHttpClient.layer)
          )
        )
      )
    }).pipe(
      Effect.provide(
        MiroSandbox.layerServer.pipe(
          Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
        )
      )
    )
  )

  it.effect.each([
    ["a short boundary", "multipart/form-data; boundary=x", "--x\r\n"],
    ["a quoted boundary", `Multipart/Form-Data; charset=utf-8; Boundary="a b:='"`, "--a b:='\r\n"],
    ["text around the parts", "multipart/form-data; boundary=x", "Parts follow\r\n--x\r\n"]
  ])("are read from a form with %s", ([, contentType, start]) =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const delimiter = start.slice(start.indexOf("--"), -2)
      const part = (headers: string, text: string) => `${headers}\r\n\r\n${text}\r\n`
      const text = [
        start,
        part('content-disposition: form-data; name="data"\r\nContent-Type: application/json', `{"title":"A"}`),
        `${delimiter}\r\n`,
        part(`Content-Disposition: form-data; name=resource; filename="a\\"b.png"`, "bytes"),
        `${delimiter}--\r\n`
      ].join("")
      const path = support.boardPath(boardId, "/images")
      const { json, status } = yield* support.send<support.Item>("POST", path, { text, contentType })
      assert.strictEqual(status, 201)
      assert.strictEqual(json.data["title"], "A")
      const cut = yield* support.send<support.ErrorBody>("POST", path, { text: text.slice(0, -9), contentType })
      assert.deepStrictEqual([cut.status, cut.json.code], [400, "2.0703"])
    }).pipe(sandboxed())
  )

  it.effect("have 6 MB at the most", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const upload = (bytes: number) => {
        const part = `Content-Disposition: form-data; name="resource"; filename="a.png"\r\n\r\n${"x".repeat(bytes)}`
        return support.send<support.ErrorBody>("POST", support.boardPath(boardId, "/images"), {
          text: `--x\r\n${part}\r\n--x--\r\n`,
          contentType: "multipart/form-data; boundary=x"
        })
      }
      assert.strictEqual((yield* upload(6 * 1024 * 1024)).status, 201)
      const { json, status } = yield* upload(6 * 1024 * 1024 + 1)
      assert.deepStrictEqual(
        [status, json.context?.fields],
        [400, [{ field: "resource", message: "A file can have at most 6 MB" }]]
      )
    }).pipe(sandboxed())
  )

  it.effect("have signed URLs that need no token, and are good for a minute", () =>
    Effect.gen(function* () {
      const { boardId, image } = yield* upload
      const path = support.boardPath(boardId, `/resources/images/${image.id}`)
      const { json } = yield* support.send<{ readonly type: string; readonly url: string }>("GET", path)
      assert.strictEqual(json.type, "image")
      const target = json.url.replace("https://api.miro.com", "")
      assert.strictEqual((yield* support.send("GET", target, { token: null })).status, 200)
      assert.strictEqual((yield* support.send("GET", path, { token: null })).status, 401)
      assert.strictEqual((yield* support.send("GET", `${path}?redirect=true`)).status, 307)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* support.send("GET", target, { token: null })).status, 403)
    }).pipe(sandboxed())
  )
})
