/** What is uploaded comes from the user's own code, which may stall, fail or give anything. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { AccessToken, Timeouts, Images, MiroClient, type MiroError, type Upload } from "effect-miro"
import * as http from "../support/http.ts"
import { serve } from "../support/uploads.ts"

const image = { id: "7", type: "image" }

const upload = (resource: unknown) => Images.createFromFile({ boardId: "b", resource: resource as Upload.Upload })

const named = (content: unknown) => upload({ content, filename: "a.png" })

/** The bytes of the file as they arrive over a socket. */
const received = (content: Upload.Content) =>
  Effect.gen(function* () {
    const { origin, uploads } = yield* serve(image)
    yield* Effect.provide(
      named(content),
      MiroClient.layer({ baseUrl: origin }).pipe(
        Layer.provide(AccessToken.layer(Redacted.make("token"))),
        Layer.provide(FetchHttpClient.layer)
      )
    )
    return uploads[0]?.parts[0]?.bytes
  }).pipe(Effect.scoped)

const timesOut = (
  call: ReturnType<typeof upload>,
  within: number,
  phase: MiroError.Timeout["phase"],
  deadlines: Timeouts.Timeouts = {}
) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(
      http.failsWith(Effect.provideService(call, Timeouts.Timeouts, deadlines), "Timeout")
    )
    // Until the source has been asked for its second piece.
    yield* Effect.repeat(Effect.yieldNow, { times: 100 })
    yield* TestClock.adjust(within - 1)
    assert.isUndefined(fiber.pollUnsafe())
    yield* TestClock.adjust(1)
    const { reason } = yield* Fiber.join(fiber)
    assert.strictEqual(reason.phase, phase)
    assert.deepStrictEqual((yield* http.Wire).sent, [])
  }).pipe(http.replying())

describe("a source that stalls", () => {
  const stalls = Stream.concat(Stream.make(Uint8Array.of(1)), Stream.never)

  // A file of a network drive that does not respond.
  const blob = Object.assign(new Blob(["a"]), { arrayBuffer: () => new Promise<ArrayBuffer>(() => {}) })

  const slow = Stream.forever(Stream.fromEffect(Effect.as(Effect.sleep("20 seconds"), Uint8Array.of(1))))

  it.effect("is given 30 seconds from one piece of a stream to the next", () =>
    timesOut(named(stalls), 30_000, "upload")
  )

  it.effect("is given 30 seconds for a blob", () => timesOut(named(blob), 30_000, "upload"))

  it.effect("is given 30 seconds for a file", () =>
    timesOut(upload(Object.assign(new File(["a"], "a.png"), { arrayBuffer: blob.arrayBuffer })), 30_000, "upload")
  )

  it.effect("is given the time that Timeouts say", () =>
    timesOut(named(stalls), 5_000, "upload", { upload: "5 seconds" })
  )

  it.effect("is given the time of an attempt in all, however well it moves", () =>
    timesOut(named(slow), 120_000, "attempt")
  )

  it.effect("is given the time of the call in all", () =>
    timesOut(named(slow), 70_000, "call", { attempt: "1 hour", call: "70 seconds" })
  )

  it.effect("has used up a part of the time of the call when the request is sent", () =>
    Effect.gen(function* () {
      const content = Stream.fromEffect(Effect.as(Effect.sleep("8 seconds"), Uint8Array.of(1)))
      const fiber = yield* named(content).pipe(
        Timeouts.provide({ call: "10 seconds" }),
        (call) => http.failsWith(call, "Timeout"),
        Effect.forkChild
      )
      yield* TestClock.adjust("8 seconds")
      assert.strictEqual((yield* http.Wire).sent.length, 1)
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).reason.phase, "call")
    }).pipe(http.replying(() => Effect.never))
  )

  const takesEightSeconds = named(Stream.fromEffect(Effect.as(Effect.sleep("8 seconds"), Uint8Array.of(1)))).pipe(
    Timeouts.provide({ call: "10 seconds" })
  )

  it.effect("leaves a request whose outcome nobody knows, when the time of the call is up after it was sent", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(http.failsWith(takesEightSeconds, "Timeout"))
      yield* TestClock.adjust("8 seconds")
      yield* TestClock.adjust("2 seconds")
      const { outcomeUnknown, path, reason } = yield* Fiber.join(fiber)
      assert.deepStrictEqual([reason.phase, reason.deadline], ["call", Duration.seconds(10)])
      assert.isTrue(outcomeUnknown)
      assert.strictEqual(path, "/v2/boards/b/images")
    }).pipe(http.always(http.silence))
  )

  it.effect("leaves no time for a pause that would outlast the call", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(http.failsWith(takesEightSeconds, "RateLimited"))
      yield* TestClock.adjust("8 seconds")
      assert.deepStrictEqual((yield* Fiber.join(fiber)).retryAfter, Duration.seconds(5))
    }).pipe(http.always(http.status(429, { "retry-after": "5" })))
  )

  it.effect("is closed when its time is up, when it is interrupted, and when it is too large", () =>
    Effect.gen(function* () {
      let open = 0
      const counted = <A>(stream: Stream.Stream<A>) =>
        Stream.unwrap(
          Effect.as(
            Effect.acquireRelease(
              Effect.sync(() => open++),
              () => Effect.sync(() => open--)
            ),
            stream
          )
        )
      const late = yield* Effect.forkChild(Effect.exit(named(counted(stalls))))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(open, 1)
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(late)
      assert.strictEqual(open, 0)

      const interrupted = yield* Effect.forkChild(named(counted(stalls)))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(open, 1)
      yield* Fiber.interrupt(interrupted)
      assert.strictEqual(open, 0)

      yield* http.failsWith(named(counted(Stream.forever(Stream.make(new Uint8Array(1024 * 1024))))), "InvalidInput")
      assert.strictEqual(open, 0)
    }).pipe(http.replying())
  )
})

describe("content that the types allow arrives byte for byte:", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 256)
  const offset = new Uint8Array(500)
  offset.set(bytes, 100)
  const reused = new Uint8Array(100)

  it.live.each<readonly [string, Upload.Content]>([
    ["a view into a larger buffer", offset.subarray(100, 400)],
    ["a Buffer", Buffer.from(bytes)],
    ["shared memory", new Uint8Array(Object.assign(new SharedArrayBuffer(300))).map((_, index) => index % 256)],
    ["a stream of Buffers", Stream.make(Buffer.from(bytes.subarray(0, 7)), Buffer.from(bytes.subarray(7)))],
    ["a stream of views", Stream.make(offset.subarray(100, 200), offset.subarray(200, 400))],
    ["a stream of empty pieces too", Stream.make(new Uint8Array(0), bytes, new Uint8Array(0))],
    [
      "a stream that uses one buffer for all its pieces",
      Stream.fromIterable([0, 100, 200]).pipe(
        Stream.rechunk(1),
        Stream.map((start) => {
          reused.set(bytes.subarray(start, start + 100))
          return reused
        })
      )
    ]
  ])("%s", ([, content]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* received(content), bytes)
    })
  )

  it.live("nothing at all", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* received(new Uint8Array(0)), new Uint8Array(0))
      assert.deepStrictEqual(yield* received(Stream.empty), new Uint8Array(0))
    })
  )
})

describe("what is no content is refused before anything is sent:", () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const moved = new Uint8Array(3)
  structuredClone(moved, { transfer: [moved.buffer] })
  const throws = Stream.suspend((): Stream.Stream<Uint8Array> => {
    throw new Error("no such file")
  })
  const other = "is a stream of something else than Uint8Arrays"
  const name = "must have a filename without control characters and lone surrogates"
  const type = "must have a content type such as image/png"

  it.effect.each<readonly [string, unknown, string]>([
    ["a stream of text", { content: Stream.make("text"), filename: "a" }, other],
    ["a stream of Uint16Arrays", { content: Stream.make(Uint16Array.of(1, 2)), filename: "a" }, other],
    ["a stream of ArrayBuffers", { content: Stream.make(new ArrayBuffer(3)), filename: "a" }, other],
    ["a stream of DataViews", { content: Stream.make(new DataView(new ArrayBuffer(3))), filename: "a" }, other],
    ["a stream of numbers", { content: Stream.make(1, 2, 3), filename: "a" }, other],
    ["a stream of null", { content: Stream.make(null), filename: "a" }, other],
    ["a stream of undefined", { content: Stream.make(undefined), filename: "a" }, other],
    [
      "a stream of what calls itself bytes",
      { content: Stream.make({ [Symbol.toStringTag]: "Uint8Array" }), filename: "a" },
      other
    ],
    ["a stream of bytes and others", { content: Stream.make(bytes, "text"), filename: "a" }, other],
    ["a stream that throws", { content: throws, filename: "a" }, "cannot be read: no such file"],
    ["a stream that dies", { content: Stream.die(new Error("gone")), filename: "a" }, "cannot be read: gone"],
    ["a file without a name", new File([bytes], ""), "must have a filename"],
    ["a filename with a line break", { content: bytes, filename: "a\r\nx: 1" }, name],
    ["a filename with half a character", { content: bytes, filename: "a\ud800.png" }, name],
    [
      "a content type by a name that nobody knows",
      { content: bytes, filename: "a.bin", mimeType: "image/png" },
      'has an unexpected key "mimeType"'
    ],
    ["a content type that is none", { content: bytes, filename: "a.png", contentType: "png" }, type],
    ["a content type with a line break", { content: bytes, filename: "a.png", contentType: "image/png\r\nx: 1" }, type]
  ])("%s", ([, resource, message]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(upload(resource), "InvalidInput")
      assert.deepStrictEqual(
        reason.issues.map(({ message, path }) => [path, message]),
        [[["resource"], message]]
      )
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.replying())
  )

  it.effect("a buffer that was handed to somebody else, alone or in a stream", () =>
    Effect.gen(function* () {
      for (const content of [moved, Stream.make(moved)]) {
        const { reason } = yield* http.failsWith(named(content), "InvalidInput")
        assert.include(reason.message, "resource: cannot be read: ")
      }
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.replying())
  )

  it.effect.each<readonly [string, unknown]>([
    ["a Uint16Array", Uint16Array.of(1)],
    ["an ArrayBuffer", new ArrayBuffer(3)],
    ["text", "text"],
    ["a ReadableStream", new ReadableStream()],
    ["an iterable", [bytes]],
    ["an Effect", Effect.succeed(bytes)],
    ["nothing", null]
  ])("content that is %s", ([, content]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(named(content), "InvalidInput")
      assert.include(reason.message, "Expected a File, or content (bytes, a Blob or a stream) with a filename")
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.replying())
  )
})
