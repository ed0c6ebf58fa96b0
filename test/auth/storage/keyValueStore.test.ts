import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { TokenStorage, TokenStorageTest } from "effect-miro"
import { KeyValueStore } from "effect/persistence"

const some = (text: string) => Option.some(Redacted.make(text))

describe("layerKeyValueStore", () => {
  const inMemory = Layer.provide(TokenStorage.layerKeyValueStore(), KeyValueStore.layerMemory)
  for (const { name, run } of TokenStorageTest.suite(inMemory)) it.effect(name, () => run)

  it.effect("keeps to its prefix, and leaves other keys alone", () =>
    Effect.gen(function* () {
      const store = yield* KeyValueStore.KeyValueStore
      yield* store.set("anna", "of somebody else")
      const tokens = yield* Effect.provide(Effect.service(TokenStorage.TokenStorage), TokenStorage.layerKeyValueStore())
      assert.isTrue(Option.isNone(yield* tokens.get("anna")))
      assert.isTrue(yield* tokens.compareAndSet("anna", Option.none(), some("tokens")))
      assert.strictEqual(yield* store.get("miro:tokens:anna"), "tokens")
      assert.strictEqual(yield* store.get("anna"), "of somebody else")
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("reads after a restart what was written before, under a prefix of one's own", () =>
    Effect.gen(function* () {
      const layer = Layer.fresh(TokenStorage.layerKeyValueStore({ prefix: "app/" }))
      const written = TokenStorage.TokenStorage.use((storage) =>
        storage.compareAndSet("anna", Option.none(), some("tokens"))
      )
      assert.isTrue(yield* Effect.provide(written, layer))
      const stored = yield* Effect.provide(
        TokenStorage.TokenStorage.use((storage) => storage.get("anna")),
        layer
      )
      assert.strictEqual(Redacted.value(Option.getOrThrow(stored).record), "tokens")
      const store = yield* KeyValueStore.KeyValueStore
      assert.deepStrictEqual(yield* store.keys, ["app/anna"])
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("reports a store that fails as a TokenStorageError, and not as no record", () =>
    Effect.gen(function* () {
      for (const method of ["get", "set", "remove"] as const) {
        const down = new KeyValueStore.KeyValueStoreError({ message: "down", method })
        const failing = Layer.effect(
          KeyValueStore.KeyValueStore,
          Effect.map(KeyValueStore.KeyValueStore, (store) => ({ ...store, [method]: () => Effect.fail(down) }))
        ).pipe(Layer.provide(KeyValueStore.layerMemory))
        const error = yield* Effect.flip(
          Effect.gen(function* () {
            const storage = yield* TokenStorage.TokenStorage
            assert.isTrue(yield* storage.compareAndSet("anna", Option.none(), some("tokens")))
            const stored = yield* storage.get("anna")
            return yield* storage.compareAndSet(
              "anna",
              Option.map(stored, ({ version }) => version),
              Option.none()
            )
          }).pipe(Effect.provide(Layer.provide(TokenStorage.layerKeyValueStore(), failing)))
        )
        assert.strictEqual(error._tag, "TokenStorageError")
        assert.strictEqual(error.cause, down)
      }
    })
  )
})
