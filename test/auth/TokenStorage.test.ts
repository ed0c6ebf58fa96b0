import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { AccessToken, Boards, MiroClient, TokenStorage, TokenStorageTest } from "effect-miro"
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
    for (const { name, run } of TokenStorageTest.suite(layer)) it.effect(name, () => run)
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

it.effect("fromGetSet gives no version again after a write of which nobody knows whether it was made", () =>
  Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const before = versionOf(yield* storage.get("anna"))
    assert.strictEqual((yield* Effect.flip(storage.compareAndSet("anna", before, some("first")))).cause, "no answer")
    assert.notDeepEqual(versionOf(yield* storage.get("anna")), before)
    assert.isFalse(yield* storage.compareAndSet("anna", before, some("second")))
  }).pipe(
    Effect.provide(
      TokenStorage.fromGetSet({ get: () => Effect.succeed(some("first")), set: () => Effect.fail("no answer") })
    )
  )
)

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
