import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted } from "effect"
import { Boards, MiroClient } from "effect-miro"
import { HttpClient } from "effect/http"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

const heap = Effect.sync(() => {
  collect()
  return process.memoryUsage().heapUsed
})

const Miro = MiroClient.layerToken(Redacted.make("token")).pipe(
  Layer.provide(
    Layer.succeed(
      HttpClient.HttpClient,
      HttpClient.make(() => Effect.never)
    )
  )
)

it.live("a call that waits for its response takes no more than 12 kB, and hardly anything is left of it", () =>
  Effect.gen(function* () {
    const waiting = 5_000
    const begin = Effect.gen(function* () {
      const fibers = yield* Effect.replicateEffect(Effect.forkChild(Boards.get({ boardId: "b" })), waiting)
      yield* Effect.sleep(100)
      return fibers
    })
    yield* Fiber.interruptAll(yield* begin)
    const before = yield* heap
    const fibers = yield* begin
    assert.isAtMost((yield* heap) - before, waiting * 12 * 1024)
    yield* Fiber.interruptAll(fibers)
    fibers.length = 0
    yield* Effect.sleep(100)
    assert.isAtMost((yield* heap) - before, waiting * 2048)
  }).pipe(Effect.provide(Miro))
)
