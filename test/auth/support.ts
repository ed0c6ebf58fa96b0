import { Context, Effect, Fiber, Layer, Option, Random, Redacted, Ref } from "effect"
import { AccessToken, MiroClient, MiroOAuth, TokenRecord, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import * as RecordStore from "../../src/auth/record/store.ts"

/** An app at the sandbox; `Miro` may be built several times over what it shares, like the processes of a back end. */
export const OAuth = Layer.unwrap(Effect.map(Effect.service(MiroSandbox.Settings), MiroOAuth.layer))

export const Miro = MiroClient.layer().pipe(Layer.provideMerge(AccessToken.layerOAuth), Layer.provideMerge(OAuth))

export const Shared = Layer.merge(TokenStorage.layerMemory, MiroSandbox.layerHttpClient)

export const Everything = Layer.provideMerge(Miro, Shared)

/** What the records of the app say of it. */
export const app: RecordStore.App = { clientId: "sandbox-client", baseUrl: "https://api.miro.com" }

/** Another process: a client of its own over the same storage and the same Miro. */
export const anotherProcess = <A, E, R>(effect: Effect.Effect<A, E, R | Layer.Success<typeof Miro>>) =>
  Effect.provide(effect, Layer.fresh(Miro))

export const login = Effect.gen(function* () {
  const oauth = yield* MiroOAuth.MiroOAuth
  const sandbox = yield* MiroSandbox.MiroSandbox
  const { codeVerifier, state, url } = yield* oauth.authorizationRequest()
  return yield* oauth.handleCallback(yield* sandbox.consent(url), { codeVerifier, state })
})

/** What the token endpoint was asked. */
export const tokenCalls = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  return (yield* sandbox.ledger).filter(({ path }) => path === "/v1/oauth/token")
})

export const refreshes = Effect.map(tokenCalls, (calls) =>
  calls.filter(({ body }) => Redacted.value(body).includes("grant_type=refresh_token"))
)

export const apiCalls = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  return (yield* sandbox.ledger).filter(({ path }) => path.startsWith("/v2/boards"))
})

/** The record of a user as it is stored. */
export const record = Effect.fnUntraced(function* (user = "default") {
  const storage = yield* TokenStorage.TokenStorage
  const stored = yield* RecordStore.read(storage, user, app)
  return Option.getOrThrow(stored)
})

/** Changes the record of a user behind everybody's back. */
export const rewrite = Effect.fnUntraced(function* (
  change: (record: TokenRecord.TokenRecord) => TokenRecord.TokenRecord,
  user = "default"
) {
  const storage = yield* TokenStorage.TokenStorage
  const { record: before, version } = yield* record(user)
  yield* RecordStore.write(storage, Option.some(version), change(before))
})

/** Gives way to other fibers for a random number of turns. */
export const dawdle = Effect.gen(function* () {
  const turns = yield* Random.nextIntBetween(0, 20)
  for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
})

/** Takes a random number of turns with every request and every response. */
export const slowHttp = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(
    Effect.service(HttpClient.HttpClient),
    HttpClient.transform((response) => Effect.tap(Effect.andThen(dawdle, response), dawdle))
  )
)

/** A storage whose writes and reads fail while the switch says so. */
export class Outage extends Context.Service<
  Outage,
  {
    readonly reads: Ref.Ref<number>
    readonly writes: Ref.Ref<number>
    /** Writes that are made, but reported as failures. */
    readonly lostReplies: Ref.Ref<number>
  }
>()("test/auth/Outage") {}

const failing = (left: Ref.Ref<number>) =>
  Effect.flatMap(
    Ref.getAndUpdate(left, (times) => Math.max(0, times - 1)),
    (times) =>
      times > 0
        ? Effect.fail(new TokenStorage.TokenStorageError({ cause: new Error("connection refused") }))
        : Effect.void
  )

/** The storage in context, with the faults of {@link Outage}. */
export const unreliable = Layer.effect(
  TokenStorage.TokenStorage,
  Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const outage = yield* Outage
    return TokenStorage.TokenStorage.of({
      get: (user) => Effect.andThen(failing(outage.reads), storage.get(user)),
      compareAndSet: (user, expected, next) =>
        failing(outage.writes).pipe(
          Effect.andThen(storage.compareAndSet(user, expected, next)),
          Effect.tap(failing(outage.lostReplies))
        )
    })
  })
).pipe(
  Layer.provideMerge(
    Layer.effect(Outage, Effect.all({ reads: Ref.make(0), writes: Ref.make(0), lostReplies: Ref.make(0) }))
  )
)

export const UnreliableStorage = Layer.provide(unreliable, TokenStorage.layerMemory)

// Hashes are made outside of the event loop, in a time that no test clock rules.
const realTurn = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 1)))

/**
 * Lets time pass in small steps, between which everyone gets their turn: one
 * great leap would pass the deadlines of requests that are under way.
 */
export const passSeconds = Effect.fnUntraced(function* (seconds: number) {
  for (let step = 0; step < seconds * 10; step++) {
    yield* realTurn
    for (let turn = 0; turn < 50; turn++) yield* Effect.yieldNow
    yield* TestClock.adjust("100 millis")
  }
})

/** Lets time pass until a fiber has ended. */
export const passUntilEnd = Effect.fnUntraced(function* <A, E>(fiber: Fiber.Fiber<A, E>) {
  while (fiber.pollUnsafe() === undefined) yield* passSeconds(1)
  return yield* Fiber.join(fiber)
})
