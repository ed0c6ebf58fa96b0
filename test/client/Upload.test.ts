import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema, Stream } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { AccessToken, Images, Items, MiroClient, Operation, Retry, Upload } from "effect-miro"
import * as UndiciHttpClient from "effect-miro/undici"
import * as http from "../support/http.ts"
import { jsonOf, serve } from "../support/uploads.ts"

const image = { id: "7", type: "image" }

const pixels = Uint8Array.from({ length: 256 }, (_, index) => index)

const mebibytes = (count: number) => new Uint8Array(count * 1024 * 1024)

const accessToken = AccessToken.layer(Redacted.make("t1"))

const connect = (
  baseUrl: string,
  transport: Layer.Layer<HttpClient.HttpClient> = FetchHttpClient.layer,
  token: Layer.Layer<AccessToken.AccessToken> = accessToken
) => Effect.provide(MiroClient.layer({ baseUrl }).pipe(Layer.provide(token), Layer.provide(transport)))

const quickly = Retry.provide(Retry.policy({ base: "1 millis" }))

const upload = (resource: Upload.Upload) => Images.createFromFile({ boardId: "b=", resource })

/** What arrives of the file itself. */
const received = (resource: Upload.Upload) =>
  Effect.gen(function* () {
    const { origin, uploads } = yield* serve(image)
    yield* upload(resource).pipe(connect(origin))
    const [file] = uploads[0]?.parts ?? []
    return { filename: file?.filename, contentType: file?.contentType, bytes: file?.bytes }
  }).pipe(Effect.scoped)

describe("an upload", () => {
  it.live.each([
    ["fetch", FetchHttpClient.layer],
    ["undici", NodeHttpClient.layerUndici],
    ["undici's dispatcher", UndiciHttpClient.layer],
    ["node:http", NodeHttpClient.layerNodeHttp]
  ] as const)("arrives over %s with the file as it is and all that is said of it", ([, transport]) =>
    Effect.gen(function* () {
      const { origin, uploads } = yield* serve(image)
      const data = {
        title: "Zeichnung „1“ 😀",
        altText: "A pixel",
        position: { x: 10.5, y: -20 },
        geometry: { width: 100, rotation: 45 },
        parent: { id: "3458764517517818867" }
      }
      const created = yield* Images.createFromFile({
        boardId: "b=",
        resource: new File([pixels], "bild.png", { type: "image/png" }),
        data
      }).pipe(connect(origin, transport))
      assert.deepStrictEqual({ ...created }, image)
      const [{ parts, ...request } = assert.fail("nothing arrived")] = uploads
      assert.deepStrictEqual(request, {
        method: "POST",
        path: "/v2/boards/b%3D/images",
        authorization: "Bearer t1",
        contentType: "multipart/form-data"
      })
      assert.deepStrictEqual(
        parts.map(({ contentType, filename, name }) => [name, filename, contentType]),
        [
          ["resource", "bild.png", "image/png"],
          ["data", "data.json", "application/json"]
        ]
      )
      assert.deepStrictEqual(parts[0]?.bytes, pixels)
      assert.deepStrictEqual(jsonOf(parts[1]), data)
    }).pipe(Effect.scoped)
  )

  it.live("says no more of the file than the caller did", () =>
    Effect.gen(function* () {
      const { origin, uploads } = yield* serve(image)
      const resource = { content: pixels, filename: "a.png" }
      yield* Effect.gen(function* () {
        yield* Images.createFromFile({ boardId: "b", resource })
        yield* Images.updateFromFile({ boardId: "b", itemId: "7", resource, data: { position: { x: 5 } } })
        yield* Images.updateFromFile({ boardId: "b", itemId: "7", resource, data: { parent: null } })
      }).pipe(connect(origin))
      assert.deepStrictEqual(
        uploads.map(({ method, parts: [, ...rest], path }) => [method, path, ...rest.map(jsonOf)]),
        [
          ["POST", "/v2/boards/b/images"],
          ["PATCH", "/v2/boards/b/images/7", { position: { x: 5 } }],
          ["PATCH", "/v2/boards/b/images/7", { parent: { id: null } }]
        ]
      )
    }).pipe(Effect.scoped)
  )

  it.live("has a part for each field that the caller sets, an empty list too", () =>
    Effect.gen(function* () {
      const { origin, uploads } = yield* serve({})
      const createDiagram = Operation.upload({
        id: "create-diagram",
        name: "Diagrams.create",
        method: "POST",
        path: "/v2/diagrams",
        body: Schema.Struct({ file: Upload.Upload, tags: Schema.Array(Schema.String) })
      })
      yield* createDiagram({ file: { content: pixels, filename: "a.png" }, tags: [] }).pipe(connect(origin))
      assert.deepStrictEqual(
        uploads[0]?.parts.map(({ name }) => name),
        ["file", "tags"]
      )
      assert.deepStrictEqual(jsonOf(uploads[0]?.parts[1]), [])
    }).pipe(Effect.scoped)
  )

  it.live("may be bytes, a blob, a file or a stream", () =>
    Effect.gen(function* () {
      const contents: ReadonlyArray<Upload.Content> = [
        pixels,
        new Blob([pixels]),
        new File([pixels], "other.gif"),
        Stream.make(pixels.subarray(0, 100), pixels.subarray(100))
      ]
      for (const content of contents) {
        assert.deepStrictEqual(yield* received({ content, filename: "a.png" }), {
          filename: "a.png",
          contentType: "image/png",
          bytes: pixels
        })
      }
    })
  )

  it.live("has the content type that the caller, the content or the extension says", () =>
    Effect.gen(function* () {
      const typed = new Blob([pixels], { type: "image/webp" })
      const cases: ReadonlyArray<readonly [Upload.Upload, string]> = [
        [{ content: typed, filename: "a.png", contentType: "image/gif" }, "image/gif"],
        [{ content: typed, filename: "a.png" }, "image/webp"],
        [{ content: pixels, filename: "A.JPG", contentType: undefined }, "image/jpeg"],
        [{ content: pixels, filename: "plan.v2.pdf" }, "application/pdf"],
        [{ content: pixels, filename: "readme" }, "application/octet-stream"],
        [{ content: pixels, filename: "constructor" }, "application/octet-stream"],
        [new File([pixels], "a.svg"), "image/svg+xml"]
      ]
      for (const [resource, contentType] of cases) {
        assert.strictEqual((yield* received(resource)).contentType, contentType)
      }
    })
  )

  it.live("keeps a hostile filename in its place", () =>
    Effect.gen(function* () {
      const { origin, uploads } = yield* serve(image)
      const filename = 'a".png"; name="data"; --boundary \\ %0D%0A'
      yield* upload({ content: pixels, filename }).pipe(connect(origin))
      assert.deepStrictEqual(
        uploads[0]?.parts.map(({ bytes, name }) => [name, bytes]),
        [["resource", pixels]]
      )
    }).pipe(Effect.scoped)
  )

  it.live("sends the bytes that there were when it was called", () =>
    Effect.gen(function* () {
      const { origin, uploads } = yield* serve(image, [429])
      const content = Uint8Array.from([1, 2, 3])
      const call = upload({ content, filename: "a.png" }).pipe(
        Effect.provideService(Retry.Retry, (attempt) =>
          Effect.catch(attempt, () =>
            Effect.andThen(
              Effect.sync(() => content.fill(9)),
              attempt
            )
          )
        )
      )
      yield* call.pipe(connect(origin))
      assert.deepStrictEqual(
        uploads.map(({ parts }) => parts[0]?.bytes),
        [Uint8Array.from([1, 2, 3]), Uint8Array.from([1, 2, 3])]
      )
    }).pipe(Effect.scoped)
  )

  it.live("of a file that has changed since it was opened is refused, and takes nothing down with it", () =>
    Effect.gen(function* () {
      const folder = mkdtempSync(join(tmpdir(), "effect-miro-"))
      yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
      const path = join(folder, "a.png")
      writeFileSync(path, "before")
      const content = yield* Effect.promise(() => openAsBlob(path))
      writeFileSync(path, "afterwards")
      const { origin, uploads } = yield* serve(image)
      for (const resource of [{ content, filename: "a.png" }, new File([content], "a.png")]) {
        const { reason } = yield* http.failsWith(upload(resource).pipe(connect(origin)), "InvalidInput")
        assert.include(reason.message, "resource: cannot be read: ")
      }
      assert.deepStrictEqual(uploads, [])
    }).pipe(Effect.scoped)
  )

  it.live("reads a stream once, however often the call is made again", () =>
    Effect.gen(function* () {
      let reads = 0
      const content = Stream.suspend(() => {
        reads++
        return Stream.make(pixels)
      })
      const fresh = Layer.succeed(AccessToken.AccessToken, {
        get: Effect.succeed(Redacted.make("t1")),
        refresh: () => Effect.succeed(Redacted.make("t2"))
      })
      const { origin, uploads } = yield* serve(image, [429, 401])
      yield* quickly(upload({ content, filename: "a.png" })).pipe(connect(origin, FetchHttpClient.layer, fresh))
      assert.strictEqual(reads, 1)
      assert.deepStrictEqual(
        uploads.map(({ authorization, parts }) => [authorization, parts[0]?.bytes]),
        [
          ["Bearer t1", pixels],
          ["Bearer t1", pixels],
          ["Bearer t2", pixels]
        ]
      )
    }).pipe(Effect.scoped)
  )

  it.live("that may have been processed is not sent again", () =>
    Effect.gen(function* () {
      const { origin, uploads } = yield* serve(image, [503])
      yield* http.failsWith(
        quickly(upload({ content: pixels, filename: "a.png" })).pipe(connect(origin)),
        "ServerError"
      )
      assert.strictEqual(uploads.length, 1)
    }).pipe(Effect.scoped)
  )

  it.live("of 6 MB is sent", () =>
    Effect.gen(function* () {
      const { bytes } = yield* received({ content: mebibytes(6), filename: "a.png" })
      assert.strictEqual(bytes?.length, 6 * 1024 * 1024)
    })
  )
})

describe("an upload that cannot be", () => {
  const endless = Stream.forever(Stream.make(mebibytes(1)))
  const large = "must not be larger than 6 MiB"
  const wanted = "Expected a File, or content (bytes, a Blob or a stream) with a filename"
  const rejected: ReadonlyArray<readonly [what: string, resource: unknown, message: string]> = [
    ["bytes of more than 6 MB", { content: mebibytes(7), filename: "a.png" }, large],
    ["a file of more than 6 MB", new File([mebibytes(7)], "a.png"), large],
    ["a stream without an end", { content: endless, filename: "a.png" }, large],
    [
      "a stream that fails",
      { content: Stream.concat(Stream.make(pixels), Stream.fail("no such file")), filename: "a.png" },
      "cannot be read: no such file"
    ],
    [
      "a stream that fails with no Error",
      { content: Stream.fail({ _tag: "Gone", path: "a.png" }), filename: "a.png" },
      'cannot be read: {"_tag":"Gone","path":"a.png"}'
    ],
    ["content without a name", { content: pixels }, wanted],
    ["an empty name", { content: pixels, filename: "" }, wanted],
    ["bare bytes", pixels, wanted],
    ["a path", "./a.png", wanted],
    ["nothing", undefined, "Missing key"]
  ]

  it.effect("is named by its place among several", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(
        Items.createBulkFromFiles({
          boardId: "b",
          data: [{ type: "image" }, { type: "image" }],
          resources: [
            { content: pixels, filename: "a.png" },
            { content: mebibytes(7), filename: "b.png" }
          ]
        }),
        "InvalidInput"
      )
      assert.deepStrictEqual(
        reason.issues.map(({ message, path }) => [path, message]),
        [[["resources", 1], large]]
      )
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.replying())
  )

  it.effect.each(rejected)("as it is %s is refused before anything is sent", ([, resource, message]) =>
    Effect.gen(function* () {
      const call = Images.createFromFile({ boardId: "b", resource: resource as Upload.Upload })
      const { reason } = yield* http.failsWith(call, "InvalidInput")
      assert.deepStrictEqual(
        reason.issues.map(({ message, path }) => [path, message]),
        [[["resource"], message]]
      )
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.replying())
  )
})
