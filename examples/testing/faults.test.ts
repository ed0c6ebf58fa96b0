/** What a program does when Miro is busy or gone, and when a token ends: with the time of `TestClock`. */
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Redacted } from "effect"
import { Boards, MiroClient, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provideMerge(MiroSandbox.layerHttpClient))

it.effect("a call waits as long as Miro asks", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    yield* sandbox.respondNext(HttpServerResponse.empty({ status: 429, headers: { "retry-after": "30" } }))
    const call = yield* Effect.forkChild(Effect.timed(Boards.list()), { startImmediately: true })
    yield* TestClock.adjust("1 minute")
    const [waited] = yield* Fiber.join(call)
    assert.isTrue(Duration.between(waited, { minimum: Duration.seconds(30), maximum: Duration.seconds(38) }))
  }).pipe(Effect.provide(Miro))
)

it.effect("a board that may have been made is not made again", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    yield* sandbox.respondNext(HttpServerResponse.empty({ status: 503 }), { method: "POST" })
    const error = yield* Effect.flip(Boards.create({ name: "Retro" }))
    assert.isTrue(error.outcomeUnknown)
    assert.strictEqual((yield* sandbox.ledger).length, 1)
  }).pipe(Effect.provide(Miro))
)

const App = Layer.unwrap(Effect.map(MiroSandbox.Settings, (app) => MiroClient.layerOAuth(app))).pipe(
  Layer.provideMerge(TokenStorage.layerMemory),
  Layer.provideMerge(MiroSandbox.layerHttpClient)
)

it.effect("a user's token is refreshed when its hour has passed", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    yield* MiroOAuth.handleCallback(yield* sandbox.consent(yield* MiroOAuth.authorizeUrl()))
    yield* TestClock.adjust("2 hours")
    yield* Boards.list()
    const requests = (yield* sandbox.ledger).filter(({ path }) => path === "/v1/oauth/token")
    assert.strictEqual(requests.length, 2)
  }).pipe(MiroClient.as("anna"), Effect.provide(App))
)
