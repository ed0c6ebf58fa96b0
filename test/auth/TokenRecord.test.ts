import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, type Schema } from "effect"
import { AccessToken, Boards, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { TestClock } from "effect/testing"
import { anotherProcess, Everything, login, Miro, record, Shared, tokenCalls } from "./support.ts"

/** What is stored for a user, as it stands there. */
const content = Effect.fnUntraced(function* (user = "default") {
  const { record, version } = Option.getOrThrow(yield* (yield* TokenStorage.TokenStorage).get(user))
  const json: Record<string, Schema.Json> = JSON.parse(Redacted.value(record))
  return { json, version }
})

/** Changes what is stored for a user behind everybody's back. */
const change = Effect.fnUntraced(function* (
  next: (json: Record<string, Schema.Json>) => Record<string, Schema.Json>,
  user = "default"
) {
  const { json, version } = yield* content(user)
  const record = Redacted.make(JSON.stringify(next(json)))
  const { compareAndSet } = yield* TokenStorage.TokenStorage
  assert.isTrue(yield* compareAndSet(user, Option.some(version), Option.some(record)))
})

const without =
  (...names: ReadonlyArray<string>) =>
  (json: Record<string, Schema.Json>) =>
    Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)))

/** The app of `Miro` with another client id, or at another API, over the same storage. */
const asAnother =
  (options: { readonly clientId?: string; readonly baseUrl?: string }) =>
  <A, E, R>(effect: Effect.Effect<A, E, R | Layer.Success<typeof Miro>>) =>
    Effect.provide(
      effect,
      AccessToken.layerOAuth.pipe(
        Layer.provideMerge(
          Layer.unwrap(Effect.map(MiroSandbox.Settings, (settings) => MiroOAuth.layer({ ...settings, ...options })))
        ),
        Layer.provideMerge(Layer.fresh(Miro))
      )
    )

const problemOf = <A, E extends { readonly reason: { readonly _tag: string } }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => ("problem" in reason ? reason.problem : reason._tag))

const isAuthorized = MiroOAuth.isAuthorized
const revoke = MiroOAuth.revoke
const token = AccessToken.AccessToken.use(({ get }) => get)

describe("two apps that share a storage", () => {
  for (const other of [{ clientId: "another-client" }, { baseUrl: "https://miro.example" }]) {
    it.effect(`are told so, and leave each other's tokens alone: ${JSON.stringify(other)}`, () =>
      Effect.gen(function* () {
        const sandbox = yield* MiroSandbox.MiroSandbox
        yield* anotherProcess(login)
        const before = yield* content()
        yield* TestClock.adjust("2 hours")
        yield* sandbox.clearLedger
        yield* Effect.gen(function* () {
          assert.strictEqual(yield* problemOf(isAuthorized), "AnotherApp")
          assert.strictEqual(yield* problemOf(revoke), "AnotherApp")
          assert.strictEqual(yield* problemOf(MiroOAuth.exchangeCode("code")), "AnotherApp")
          const reason = yield* Effect.flip(token)
          assert.isTrue(reason._tag === "TokenStorageFailure" && reason.problem === "AnotherApp")
          assert.include(
            reason.message,
            'belongs to another app (client id "sandbox-client" at "https://api.miro.com")'
          )
        }).pipe(asAnother(other))
        assert.deepStrictEqual(yield* sandbox.ledger, [])
        assert.deepStrictEqual(yield* content(), before)
        yield* anotherProcess(Boards.list())
      }).pipe(Effect.provide(Shared))
    )
  }

  it.effect("are one app when they only write the base URL in another way", () =>
    Effect.gen(function* () {
      yield* anotherProcess(login)
      assert.isTrue(yield* asAnother({ baseUrl: "https://API.miro.com:443/" })(isAuthorized))
    }).pipe(Effect.provide(Shared))
  )
})

describe("a record of an older version", () => {
  const age = change(without("format", "clientId", "baseUrl"))

  it.effect("becomes that of the app which uses it first, before its tokens go anywhere", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* anotherProcess(login)
      yield* age
      assert.isTrue(yield* anotherProcess(isAuthorized))
      // To ask is not to use.
      assert.notProperty((yield* content()).json, "clientId")
      const apps = [anotherProcess(token), asAnother({ clientId: "another-client" })(token)]
      const results = yield* Effect.forEach(apps, Effect.result, { concurrency: "unbounded" })
      assert.deepStrictEqual(
        results.map(({ _tag }) => _tag),
        ["Success", "Failure"]
      )
      const { json } = yield* content()
      assert.deepInclude(json, { format: 1, clientId: "sandbox-client", baseUrl: "https://api.miro.com" })
      const { version } = yield* content()
      yield* anotherProcess(token)
      assert.strictEqual((yield* content()).version, version)
      assert.strictEqual((yield* sandbox.ledger).length, 1)
    }).pipe(Effect.provide(Shared))
  )

  it.effect("is refreshed, revoked and replaced like any other", () =>
    Effect.gen(function* () {
      yield* login
      yield* age
      yield* TestClock.adjust("2 hours")
      yield* Boards.list()
      assert.strictEqual((yield* record()).record.generation, 2)
      yield* age
      yield* login
      assert.strictEqual((yield* record()).record.generation, 3)
      yield* age
      yield* revoke
    }).pipe(Effect.provide(Everything))
  )
})

describe("a record of a newer version", () => {
  it.effect("with a newer format is an error that says so, and is not changed by calls", () =>
    Effect.gen(function* () {
      yield* login
      yield* change((json) => ({ format: 2, user: "default", sealed: json }))
      const before = yield* content()
      assert.strictEqual(yield* problemOf(isAuthorized), "NewerFormat")
      const { reason } = yield* Effect.flip(Boards.list())
      assert.isTrue(reason._tag === "TokenStorageFailure" && reason.problem === "NewerFormat")
      assert.include(reason.message, "it has the format 2, and this version of effect-miro knows 1")
      assert.deepStrictEqual(yield* content(), before)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("of another app is that of another app, whatever its format", () =>
    Effect.gen(function* () {
      yield* login
      yield* change((json) => ({ ...json, format: 2, clientId: "another-client" }))
      assert.strictEqual(yield* problemOf(isAuthorized), "AnotherApp")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("keeps the fields that are not known here when it is refreshed, also inside of its parts", () =>
    Effect.gen(function* () {
      yield* login
      const unknown = { label: "Anna's", nested: { list: [1, { two: null }] } }
      yield* change((json) => ({ ...json, ...unknown }))
      yield* TestClock.adjust("2 hours")
      yield* Boards.list()
      const { json } = yield* content()
      assert.deepInclude(json, { ...unknown, generation: 2 })
      assert.strictEqual((yield* tokenCalls).length, 2)
      // Read and written back, as by an older version that claims it.
      const refused = { outcomeUnknown: true, description: "why", since: 5 }
      const refreshing = { owner: "somebody", since: 0, lease: 0, attempts: [1] }
      yield* change((json) => ({ ...without("clientId")(json), refused, refreshing }))
      yield* Effect.flip(token)
      assert.deepInclude((yield* content()).json, { ...unknown, refused, refreshing, clientId: "sandbox-client" })
    }).pipe(Effect.provide(Everything))
  )
})
