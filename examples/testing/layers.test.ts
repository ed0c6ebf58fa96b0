import { assert, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { Boards, MiroClient, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"

const Production = MiroClient.layerOAuth({
  clientId: "id",
  clientSecret: Redacted.make("secret"),
  redirectUrl: "http://localhost"
})

it.effect("asks for authorization while nothing is stored", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(Boards.list())
    assert.strictEqual(error.reason._tag, "AuthorizationRequired")
  }).pipe(Effect.provide(Production), Effect.provide([TokenStorage.layerMemory, MiroSandbox.layerHttpClient]))
)

const BrokenStorage = Layer.succeed(TokenStorage.TokenStorage, {
  get: () => Effect.succeed(Option.some({ record: Redacted.make("not a record"), version: "1" })),
  compareAndSet: () => Effect.succeed(true)
})

it.effect("says so when what is stored is corrupt", () =>
  Effect.gen(function* () {
    assert.strictEqual((yield* Effect.flip(Boards.list())).reason._tag, "TokenStorageFailure")
  }).pipe(Effect.provide(Production), Effect.provide([BrokenStorage, MiroSandbox.layerHttpClient]))
)
