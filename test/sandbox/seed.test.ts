import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Random, Redacted, Stream } from "effect"
import { AccessToken, Boards, Items, MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { TestClock } from "effect/testing"
import { layerHttpClient } from "./documented.ts"

const Miro = (settings: Partial<MiroSandbox.Settings> = {}) =>
  MiroClient.layer().pipe(
    Layer.provide(AccessToken.layer(Redacted.make("sandbox-token"))),
    Layer.provideMerge(layerHttpClient),
    Layer.provide(MiroSandbox.layerSettings(settings))
  )

const seed: MiroSandbox.Seed = {
  boards: [
    {
      name: "Retro",
      items: Array.from({ length: 45 }, (_, index) => ({ type: "sticky_note", data: { content: `${index}` } }))
    },
    {}
  ]
}

describe("MiroSandbox.seed", () => {
  it.effect("makes the boards with their items, and gives their ids", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const [retro = "", empty = ""] = yield* sandbox.seed(seed)
      assert.strictEqual((yield* Boards.get({ boardId: retro })).name, "Retro")
      assert.strictEqual((yield* Stream.runCollect(Items.list.items({ boardId: retro }))).length, 45)
      assert.strictEqual((yield* Boards.get({ boardId: empty })).name, "Untitled")
    }).pipe(Effect.provide(Miro()))
  )

  it.effect("is in no ledger, costs no credits and takes no time", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.seed(seed)
      assert.deepStrictEqual(yield* sandbox.ledger, [])
      const fiber = yield* Effect.forkChild(Boards.list.withResponse(), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      const { response } = yield* Fiber.join(fiber)
      assert.strictEqual(response.headers["x-ratelimit-remaining"], "950")
    }).pipe(Effect.provide(Miro({ creditsPerMinute: 1000, latency: "1 second" })))
  )

  it.effect("fails with what Miro would refuse", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const error = yield* Effect.flip(sandbox.seed({ boards: [{ name: "x".repeat(61) }] }))
      assert.strictEqual(error.reason._tag, "InvalidInput")
    }).pipe(Effect.provide(Miro()))
  )
})

describe("MiroSandbox.reset", () => {
  it.effect("forgets boards, requests and tokens", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.seed(seed)
      yield* Boards.list()
      yield* sandbox.reset
      assert.deepStrictEqual(yield* sandbox.ledger, [])
      assert.deepStrictEqual((yield* Boards.list()).data, [])
    }).pipe(Effect.provide(Miro()))
  )

  it.effect("makes the same again as before, with the same ids where `Random` is seeded alike", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const contents = sandbox
        .seed(seed)
        .pipe(
          Effect.flatMap(Effect.forEach((boardId) => Boards.get({ boardId }))),
          Effect.tap(Boards.create({ name: "One more" })),
          Random.withSeed("retro")
        )
      const before = yield* contents
      yield* sandbox.reset
      assert.deepStrictEqual(yield* contents, before)
    }).pipe(Effect.provide(Miro()))
  )
})

describe("the latency of the sandbox", () => {
  it.effect("is what each response takes", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Boards.list().pipe(Effect.andThen(Clock.currentTimeMillis)), {
        startImmediately: true
      })
      yield* TestClock.adjust("249 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Fiber.join(fiber), 250)
    }).pipe(Effect.provide(Miro({ latency: "250 millis" })))
  )
})
