import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Schedule } from "effect"
import { TokenStorage, TokenStorageTest } from "effect-miro"
import { Redis } from "effect/persistence"
import { TestClock } from "effect/testing"
import { inTime } from "../../support/http.ts"
import { hasRedis, layerRedis, line, redis, unique } from "../../support/servers.ts"

const some = (text: string) => Option.some(Redacted.make(text))
const textOf = (stored: Option.Option<TokenStorage.Stored>) =>
  Option.getOrUndefined(Option.map(stored, ({ record }) => Redacted.value(record)))
const versionOf = Option.map(({ version }: TokenStorage.Stored) => version)

/** What is said of a call that has to fail, and neither hangs nor is a defect. */
const problemOf = <A, R>(call: Effect.Effect<A, TokenStorage.TokenStorageError, R>) =>
  Effect.map(Effect.flip(call), ({ cause }) => String(cause))

const layer = (prefix = unique()) => TokenStorage.layerRedis({ prefix })

describe.skipIf(!hasRedis)("layerRedis", () => {
  for (const { name, run } of TokenStorageTest.suite(layer(), { shared: true })) {
    it.live(name, () => Effect.provide(run, layerRedis()))
  }

  it.live("keeps apart those who have prefixes of their own", () =>
    Effect.gen(function* () {
      const one = yield* Effect.provide(TokenStorage.TokenStorage, layer())
      const other = yield* Effect.provide(TokenStorage.TokenStorage, layer())
      yield* one.compareAndSet("anna", Option.none(), some("one"))
      assert.isTrue(Option.isNone(yield* other.get("anna")))
    }).pipe(Effect.provide(layerRedis()))
  )

  it.live("goes on when Redis has forgotten its scripts", () =>
    Effect.gen(function* () {
      const { send } = yield* Redis.Redis
      const storage = yield* TokenStorage.TokenStorage
      yield* storage.compareAndSet("anna", Option.none(), some("first"))
      const first = versionOf(yield* storage.get("anna"))
      yield* send("SCRIPT", "FLUSH")
      assert.isTrue(yield* storage.compareAndSet("anna", first, some("second")))
      assert.isFalse(yield* storage.compareAndSet("anna", first, some("third")))
      assert.strictEqual(textOf(yield* storage.get("anna")), "second")
    }).pipe(Effect.provide(Layer.provideMerge(layer(), layerRedis())))
  )

  it.live("never takes what it did not write for no record", () => {
    const prefix = unique()
    return Effect.gen(function* () {
      const { send } = yield* Redis.Redis
      const storage = yield* TokenStorage.TokenStorage
      yield* send("SET", `${prefix}a text`, "x")
      yield* send("HSET", `${prefix}half a record`, "version", "1")
      yield* send("HSET", `${prefix}the other half`, "record", "1")
      for (const user of ["a text", "half a record", "the other half"]) yield* problemOf(storage.get(user))
      yield* problemOf(storage.compareAndSet("a text", Option.none(), some("y")))
    }).pipe(Effect.provide(Layer.provideMerge(layer(prefix), layerRedis())))
  })

  it.live("refuses users that it could not tell apart from others", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      for (const user of ["\ud800", "\udfff"]) {
        yield* problemOf(storage.get(user))
        yield* problemOf(storage.compareAndSet(user, Option.none(), some("x")))
      }
      assert.isTrue(yield* storage.compareAndSet("a\0b", Option.none(), some("x")))
      assert.isTrue(Option.isNone(yield* storage.get("a")))
    }).pipe(Effect.provide(layer()), Effect.provide(layerRedis()))
  )

  for (const disableOfflineQueue of [true, false]) {
    it.effect(
      `fails while Redis is down, and goes on when it is back ${disableOfflineQueue ? "without" : "with"} a queue of the client`,
      () =>
        Effect.gen(function* () {
          const { cut, mend, port } = yield* line(redis)
          yield* Effect.gen(function* () {
            const storage = yield* TokenStorage.TokenStorage
            yield* storage.compareAndSet("anna", Option.none(), some("before"))
            yield* cut
            yield* inTime(problemOf(storage.get("anna")))
            const problem = yield* inTime(problemOf(storage.compareAndSet("ben", Option.none(), some("late"))))
            assert.include(problem, disableOfflineQueue ? "offline" : "no response within 5 seconds")
            yield* mend
            const stored = yield* Effect.retry(storage.get("anna"), {
              schedule: Schedule.spaced("50 millis"),
              times: 200
            }).pipe(TestClock.withLive)
            assert.strictEqual(textOf(stored), "before")
          }).pipe(Effect.provide(layer()), Effect.provide(layerRedis({ disableOfflineQueue, port })))
        })
    )
  }
})
