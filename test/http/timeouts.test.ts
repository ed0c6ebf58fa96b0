import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Timeouts as Provided } from "effect-miro"
import * as Timeouts from "../../src/http/timeouts.ts"

const timeouts = { headers: Duration.seconds(30), idle: Duration.seconds(1), attempt: Duration.seconds(40) }

/** The phase that an attempt ends in, of which something comes after each of these seconds. */
const phaseAfter = (...seconds: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const attempt = (moved: () => void) =>
      Effect.andThen(
        Effect.forEach(seconds, (pause) => Effect.andThen(Effect.sleep(Duration.seconds(pause)), Effect.sync(moved))),
        Effect.never
      )
    const fiber = yield* Effect.forkChild(Effect.flip(Timeouts.ofAttempt(timeouts, attempt)))
    const total = seconds.reduce((sum, pause) => sum + pause, 0)
    yield* TestClock.adjust(Duration.seconds(Math.min(total, 38)))
    assert.strictEqual(fiber.pollUnsafe(), undefined)
    yield* TestClock.adjust(Duration.seconds(seconds.length === 0 ? 30 : 2))
    return (yield* Fiber.join(fiber)).phase
  })

describe("an attempt ends", () => {
  it.effect("after the longest time for its head", () =>
    Effect.map(phaseAfter(), (phase) => assert.strictEqual(phase, "headers"))
  )

  it.effect("soon after a head that came early, if nothing follows", () =>
    Effect.map(phaseAfter(3), (phase) => assert.strictEqual(phase, "idle"))
  )

  it.effect("in the middle of a body that never stalls and never ends", () =>
    Effect.map(phaseAfter(...Array.from({ length: 100 }, () => 0.5)), (phase) => assert.strictEqual(phase, "attempt"))
  )

  it.effect("with the phase that it is in, when all of its time is over as well", () =>
    Effect.gen(function* () {
      const second = Duration.seconds(1)
      const same = { headers: second, idle: second, attempt: second }
      const fiber = yield* Effect.forkChild(Effect.flip(Timeouts.ofAttempt(same, () => Effect.never)))
      yield* TestClock.adjust(second)
      assert.strictEqual((yield* Fiber.join(fiber)).phase, "headers")
    })
  )
})

it.effect("a timeout that is set to undefined is left as it is around it", () =>
  Effect.gen(function* () {
    const { call, headers, idle } = yield* Timeouts.current.pipe(
      Provided.provide({ call: undefined, headers: undefined, idle: "2 seconds" }),
      Provided.provide({ call: "5 seconds", idle: "1 second" })
    )
    assert.deepStrictEqual([call, headers, idle].map(Duration.toSeconds), [5, 30, 2])
  })
)
