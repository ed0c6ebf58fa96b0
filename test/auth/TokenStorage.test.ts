import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Redacted } from "effect"
import { AccessToken, Boards, MiroClient, TokenStorage, TokenStorageTest } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { TestClock } from "effect/testing"
import { Everything, login, OAuth, record, refreshes } from "./support.ts"

const fromMap = Layer.suspend(() => {
  const map = new Map<string, string>()
  return TokenStorage.layerGetSet({
    get: Effect.fnUntraced(function* (user) {
      yield* Effect.yieldNow
      return Option.map(Option.fromUndefinedOr(map.get(user)), (text) => Redacted.make(text))
    }),
    set: Effect.fnUntraced(function* (user, record) {
      yield* Effect.yieldNow
      if (Option.isSome(record)) map.set(user, Redacted.value(record.value))
      else map.delete(user)
    })
  })
})

const some = (text: string) => Option.some(Redacted.make(text))
const textOf = (stored: Option.Option<TokenStorage.Stored>) =>
  Option.getOrUndefined(Option.map(stored, ({ record }) => Redacted.value(record)))
const versionOf = Option.map(({ version }: TokenStorage.Stored) => version)

for (const [name, layer] of [
  ["layerMemory", TokenStorage.layerMemory],
  ["layerGetSet", fromMap]
] as const) {
  describe(name, () => {
    for (const { name, run } of TokenStorageTest.suite(layer)) it.effect(name, () => run)
  })
}

it.effect("layerGetSet notices a record that was changed behind its back", () => {
  let text = "first"
  return Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const before = versionOf(yield* storage.get("anna"))
    text = "second"
    assert.isFalse(yield* storage.compareAndSet("anna", before, some("third")))
    assert.strictEqual(text, "second")
  }).pipe(
    Effect.provide(
      TokenStorage.layerGetSet({
        get: () => Effect.sync(() => some(text)),
        set: (_, record) =>
          Effect.sync(() => {
            text = Redacted.value(Option.getOrThrow(record))
          })
      })
    )
  )
})

it.effect("layerGetSet keeps the records of no more than 10,000 users, and who comes back after them looks again", () =>
  Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const before = versionOf(yield* storage.get("anna"))
    const ofBen = versionOf(yield* storage.get("ben"))
    for (let user = 0; user < 9999; user++) {
      yield* storage.get(`user ${user}`)
      assert.deepStrictEqual(versionOf(yield* storage.get("ben")), ofBen)
    }
    assert.isFalse(yield* storage.compareAndSet("anna", before, some("second")))
    assert.isTrue(yield* storage.compareAndSet("anna", versionOf(yield* storage.get("anna")), some("second")))
    assert.isTrue(yield* storage.compareAndSet("ben", ofBen, some("second")))
  }).pipe(
    Effect.provide(TokenStorage.layerGetSet({ get: () => Effect.succeed(some("first")), set: () => Effect.void }))
  )
)

it.effect("layerGetSet gives no version again after a write of which nobody knows whether it was made", () =>
  Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const before = versionOf(yield* storage.get("anna"))
    assert.strictEqual((yield* Effect.flip(storage.compareAndSet("anna", before, some("first")))).cause, "no response")
    assert.notDeepEqual(versionOf(yield* storage.get("anna")), before)
    assert.isFalse(yield* storage.compareAndSet("anna", before, some("second")))
  }).pipe(
    Effect.provide(
      TokenStorage.layerGetSet({ get: () => Effect.succeed(some("first")), set: () => Effect.fail("no response") })
    )
  )
)

it.effect(
  "layerGetSet makes nobody wait for the write of another user, and one user's writes wait for each other",
  () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      const slow = yield* Effect.forkChild(storage.compareAndSet("anna", Option.none(), some("first")))
      const second = yield* Effect.forkChild(storage.compareAndSet("anna", Option.none(), some("second")))
      yield* TestClock.adjust("1 second")
      assert.isTrue(yield* storage.compareAndSet("ben", Option.none(), some("of ben")))
      assert.isUndefined(slow.pollUnsafe())
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual([yield* Fiber.join(slow), yield* Fiber.join(second)], [true, false])
    }).pipe(
      Effect.provide(
        Layer.suspend(() => {
          const rows = new Map<string, Redacted.Redacted>()
          return TokenStorage.layerGetSet({
            get: (user) => Effect.sync(() => Option.fromUndefinedOr(rows.get(user))),
            set: (user, record) =>
              Effect.sync(() => rows.set(user, Option.getOrThrow(record))).pipe(
                Effect.delay(user === "anna" ? "6 seconds" : 0)
              )
          })
        })
      )
    )
)

it.effect("layerGetSet lets a record be replaced that its get cannot read and gives a version of", () => {
  let text = "encrypted with another key"
  return Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const { version } = yield* Effect.flip(storage.get("anna"))
    assert.isFalse(yield* storage.compareAndSet("anna", Option.none(), some("second")))
    assert.isTrue(yield* storage.compareAndSet("anna", Option.fromUndefinedOr(version), some("second")))
    assert.strictEqual(text, "second")
  }).pipe(
    Effect.provide(
      TokenStorage.layerGetSet({
        get: () =>
          Effect.suspend(() =>
            text === "second"
              ? Effect.succeed(some(text))
              : Effect.fail(new TokenStorage.TokenStorageError({ cause: "no such key", version: "unreadable" }))
          ),
        set: (_, record) =>
          Effect.sync(() => {
            text = Redacted.value(Option.getOrThrow(record))
          })
      })
    )
  )
})

it.effect("layerGetSet carries the whole of authorization and refresh", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    yield* login
    yield* sandbox.expireAccessTokens
    yield* Effect.all(
      Array.from({ length: 50 }, () => Boards.list()),
      { concurrency: "unbounded" }
    )
    assert.strictEqual((yield* refreshes).length, 1)
    assert.strictEqual((yield* record()).record.generation, 2)
  }).pipe(
    Effect.provide(
      MiroClient.layer().pipe(
        Layer.provideMerge(AccessToken.layerOAuth),
        Layer.provideMerge(OAuth),
        Layer.provideMerge(Layer.merge(Layer.fresh(fromMap), MiroSandbox.layerHttpClient))
      )
    )
  )
)

it.effect("a record survives being stored: nothing of it is lost, and it shows no secret", () =>
  Effect.gen(function* () {
    yield* login
    const storage = yield* TokenStorage.TokenStorage
    const { record: decoded } = yield* record()
    const text = textOf(yield* storage.get("default")) ?? ""
    assert.isDefined(decoded.refreshToken)
    for (const secret of [decoded.accessToken, decoded.refreshToken]) {
      assert.include(text, Redacted.value(secret))
      assert.notInclude(JSON.stringify(decoded), Redacted.value(secret))
    }
  }).pipe(Effect.provide(Everything))
)
