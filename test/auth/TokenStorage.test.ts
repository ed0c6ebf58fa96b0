import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { AccessToken, Boards, MiroClient, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { Everything, login, OAuth, record, refreshes } from "./support.ts"

const fromMap = Layer.suspend(() => {
  const map = new Map<string, string>()
  return TokenStorage.fromGetSet({
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
  ["fromGetSet", fromMap]
] as const) {
  describe(name, () => {
    it.effect("gives back what was put in, and nothing once it was removed", () =>
      Effect.gen(function* () {
        const storage = yield* TokenStorage.TokenStorage
        assert.isTrue(Option.isNone(yield* storage.get("anna")))
        assert.isTrue(yield* storage.compareAndSet("anna", Option.none(), some("1")))
        const stored = yield* storage.get("anna")
        assert.strictEqual(textOf(stored), "1")
        assert.isTrue(yield* storage.compareAndSet("anna", versionOf(stored), Option.none()))
        assert.isTrue(Option.isNone(yield* storage.get("anna")))
      }).pipe(Effect.provide(Layer.fresh(layer)))
    )

    it.effect("writes for no one who has not seen the last version", () =>
      Effect.gen(function* () {
        const storage = yield* TokenStorage.TokenStorage
        yield* storage.compareAndSet("anna", Option.none(), some("1"))
        const first = versionOf(yield* storage.get("anna"))
        assert.isFalse(yield* storage.compareAndSet("anna", Option.none(), some("2")))
        assert.isTrue(yield* storage.compareAndSet("anna", first, some("2")))
        assert.isFalse(yield* storage.compareAndSet("anna", first, some("3")))
        assert.isFalse(yield* storage.compareAndSet("anna", first, Option.none()))
        assert.isFalse(yield* storage.compareAndSet("ben", first, some("3")))
        assert.strictEqual(textOf(yield* storage.get("anna")), "2")
      }).pipe(Effect.provide(Layer.fresh(layer)))
    )

    it.effect("never gives a version again, not even for the same text or after a removal", () =>
      Effect.gen(function* () {
        const storage = yield* TokenStorage.TokenStorage
        const versions = new Set<string>()
        for (let round = 0; round < 10; round++) {
          const before = versionOf(yield* storage.get("anna"))
          const next = round % 3 === 2 ? Option.none() : some("the same")
          assert.isTrue(yield* storage.compareAndSet("anna", before, next))
          const after = versionOf(yield* storage.get("anna"))
          if (Option.isSome(after)) {
            assert.isFalse(versions.has(after.value))
            versions.add(after.value)
          }
        }
      }).pipe(Effect.provide(Layer.fresh(layer)))
    )

    it.effect("loses no update of 200 concurrent writers", () =>
      Effect.gen(function* () {
        const storage = yield* TokenStorage.TokenStorage
        yield* storage.compareAndSet("anna", Option.none(), some("0"))
        const increment: Effect.Effect<void, TokenStorage.TokenStorageError> = Effect.gen(function* () {
          const stored = yield* storage.get("anna")
          yield* Effect.yieldNow
          const next = some(String(Number(textOf(stored)) + 1))
          if (!(yield* storage.compareAndSet("anna", versionOf(stored), next))) yield* increment
        })
        yield* Effect.all(
          Array.from({ length: 200 }, () => increment),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(textOf(yield* storage.get("anna")), "200")
      }).pipe(Effect.provide(Layer.fresh(layer)))
    )

    it.effect("keeps users apart, whatever they are called, and large records whole", () =>
      Effect.gen(function* () {
        const storage = yield* TokenStorage.TokenStorage
        const users = ["1", "01", "__proto__", "constructor", "", " ", "ünï", "a/b", "x".repeat(1024)]
        const large = "y".repeat(65_536)
        for (const user of users) assert.isTrue(yield* storage.compareAndSet(user, Option.none(), some(large + user)))
        for (const user of users) assert.strictEqual(textOf(yield* storage.get(user)), large + user)
      }).pipe(Effect.provide(Layer.fresh(layer)))
    )
  })
}

it.effect("fromGetSet notices a record that was changed behind its back", () => {
  let text = "first"
  return Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const before = versionOf(yield* storage.get("anna"))
    text = "second"
    assert.isFalse(yield* storage.compareAndSet("anna", before, some("third")))
    assert.strictEqual(text, "second")
  }).pipe(
    Effect.provide(
      TokenStorage.fromGetSet({
        get: () => Effect.sync(() => some(text)),
        set: (_, record) =>
          Effect.sync(() => {
            text = Redacted.value(Option.getOrThrow(record))
          })
      })
    )
  )
})

it.effect("fromGetSet carries the whole of authorization and refresh", () =>
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
