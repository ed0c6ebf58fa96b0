import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Context, Deferred, Effect, Fiber, Layer, Option, Redacted } from "effect"
import { AccessToken, Boards, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpClient, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { anotherProcess, Everything, login, Miro, record, Shared } from "./support.ts"

describe("the authorize URL", () => {
  it.effect("has what Miro documents, and a state that cannot be guessed", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const url = new URL(yield* oauth.authorizeUrl({ teamId: "3074457358607431473" }))
      const { code_challenge, state, ...rest } = Object.fromEntries(url.searchParams)
      assert.strictEqual(url.origin + url.pathname, "https://miro.com/oauth/authorize")
      assert.deepStrictEqual(rest, {
        response_type: "code",
        client_id: "sandbox-client",
        redirect_uri: "http://localhost:8000/callback",
        code_challenge_method: "S256",
        team_id: "3074457358607431473"
      })
      assert.match(code_challenge ?? "", /^[\w-]{43}$/)
      assert.isAtLeast(state?.length ?? 0, 43)
      assert.notStrictEqual(yield* oauth.authorizeUrl(), yield* oauth.authorizeUrl())
    }).pipe(Effect.provide(Everything))
  )

  it.effect("has no parameter that was not asked for", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const url = new URL(yield* oauth.authorizeUrl({ state: "mine" }))
      assert.isFalse(url.searchParams.has("team_id"))
      assert.strictEqual(url.searchParams.get("state"), "mine")
      const unbound = new URL(yield* oauth.authorizeUrl({ state: "" }))
      assert.isAtLeast(unbound.searchParams.get("state")?.length ?? 0, 43)
    }).pipe(Effect.provide(Everything))
  )
})

describe("where the authorize URL leads", () => {
  it.effect.each([
    ["https://miro.com/", "https://miro.com/oauth/authorize"],
    ["https://gateway.example:8443/miro", "https://gateway.example:8443/miro/oauth/authorize"],
    ["https://gateway.example/miro/", "https://gateway.example/miro/oauth/authorize"]
  ])("is below the webUrl %s", ([webUrl, page]) =>
    Effect.gen(function* () {
      const settings = yield* MiroSandbox.Settings
      const layer = MiroOAuth.layer({ ...settings, webUrl })
      const { origin, pathname } = new URL(yield* Effect.provide(MiroOAuth.authorizeUrl(), layer))
      assert.strictEqual(origin + pathname, page)
    }).pipe(Effect.provide(Shared))
  )

  const variables = ConfigProvider.layer(
    ConfigProvider.fromUnknown({
      MIRO_CLIENT_ID: "1",
      MIRO_CLIENT_SECRET: "client-secret",
      MIRO_REDIRECT_URL: "https://app.example/callback",
      MIRO_BASE_URL: "http://api.internal",
      MIRO_WEB_URL: "http://web.internal"
    })
  )

  it.effect("may be an http:// URL in the environment if allowInsecure is set, and else is a ConfigError", () =>
    Effect.gen(function* () {
      const insecure = MiroOAuth.layerConfig({ allowInsecure: true }).pipe(Layer.provide(variables))
      const url = yield* Effect.provide(MiroOAuth.authorizeUrl(), insecure)
      assert.isTrue(url.startsWith("http://web.internal/oauth/authorize?"))
      const secure = MiroOAuth.layerConfig().pipe(Layer.provide(variables))
      assert.strictEqual((yield* Effect.flip(Effect.provide(MiroOAuth.authorizeUrl(), secure)))._tag, "ConfigError")
    }).pipe(Effect.provide(Shared))
  )
})

describe("revoke", () => {
  it.effect("ends the tokens at Miro and removes them", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const storage = yield* TokenStorage.TokenStorage
      yield* login
      const { record: before } = yield* record()
      yield* oauth.revoke
      assert.isTrue(Option.isNone(yield* storage.get("default")))
      assert.isDefined(before.refreshToken)
      const refused = yield* Effect.flip(oauth.refresh(before.refreshToken))
      assert.strictEqual(refused._tag, "Unauthorized")
      assert.strictEqual((yield* Effect.flip(oauth.revoke)).reason._tag, "AuthorizationRequired")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("removes tokens that Miro does not know any more, and keeps them when Miro cannot be reached", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const sandbox = yield* MiroSandbox.MiroSandbox
      const storage = yield* TokenStorage.TokenStorage
      yield* login
      yield* sandbox.respondNext(HttpServerResponse.empty({ status: 503 }), { path: "/v2/oauth/revoke" })
      assert.strictEqual((yield* Effect.flip(oauth.revoke)).reason._tag, "ServerError")
      assert.isTrue(Option.isSome(yield* storage.get("default")))
      yield* sandbox.revokeGrants
      yield* oauth.revoke
      assert.isTrue(Option.isNone(yield* storage.get("default")))
    }).pipe(Effect.provide(Everything))
  )
})

/** What Miro was told to revoke, and whether it knew the token. */
const revocations = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const calls = (yield* sandbox.ledger).filter(({ path }) => path === "/v2/oauth/revoke")
  return calls.map(({ body, status }) => {
    const { accessToken }: { readonly accessToken: string } = JSON.parse(Redacted.value(body))
    return { accessToken, status }
  })
})

const revoke = MiroOAuth.revoke

describe("revoke while tokens change", () => {
  it.effect("ends the tokens too that another process stores in between", () =>
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      const storage = yield* TokenStorage.TokenStorage
      yield* anotherProcess(login)
      const { record: old } = yield* record()
      const refresh = anotherProcess(AccessToken.AccessToken.use((token) => token.refresh(old.accessToken)))
      // Shared by all who ask, so that it happens before the first revocation only.
      const happening = yield* Effect.cached(
        Effect.provide(refresh, yield* Effect.context<Layer.Success<typeof Shared>>())
      )
      const slow = HttpClient.transform(client, (response, { url }) =>
        url.endsWith("/v2/oauth/revoke") ? Effect.andThen(Effect.orDie(happening), response) : response
      )
      yield* anotherProcess(revoke).pipe(Effect.provideService(HttpClient.HttpClient, slow))
      const fresh = yield* happening
      assert.deepStrictEqual(yield* revocations, [
        { accessToken: Redacted.value(old.accessToken), status: 404 },
        { accessToken: Redacted.value(fresh), status: 204 }
      ])
      assert.isTrue(Option.isNone(yield* storage.get("default")))
    }).pipe(Effect.provide(Shared))
  )

  for (const where of ["this", "another"] as const) {
    it.effect(`wins over a refresh that is under way in ${where} process`, () =>
      Effect.gen(function* () {
        const sandbox = yield* MiroSandbox.MiroSandbox
        const storage = yield* TokenStorage.TokenStorage
        const client = yield* HttpClient.HttpClient
        yield* anotherProcess(login)
        const { record: old } = yield* record()
        yield* sandbox.expireAccessTokens
        const redeemed = yield* Deferred.make<void>()
        const received = yield* Deferred.make<void>()
        const slow = HttpClient.transform(client, (response, { url }) =>
          url.endsWith("/v1/oauth/token")
            ? Effect.tap(response, () =>
                Effect.andThen(Deferred.succeed(redeemed, undefined), Deferred.await(received))
              )
            : response
        )
        const here = yield* Layer.build(Layer.fresh(Miro)).pipe(Effect.provideService(HttpClient.HttpClient, slow))
        const call = yield* Effect.forkChild(Effect.provide(Effect.flip(Boards.list()), here))
        yield* Deferred.await(redeemed)
        yield* where === "this" ? Context.get(here, MiroOAuth.MiroOAuth).revoke : anotherProcess(revoke)
        assert.isTrue(Option.isNone(yield* storage.get("default")))
        yield* Deferred.succeed(received, undefined)
        assert.strictEqual((yield* Fiber.join(call)).reason._tag, "AuthorizationRequired")
        assert.isTrue(Option.isNone(yield* storage.get("default")))
        const [first, second, ...others] = yield* revocations
        assert.deepStrictEqual(first, { accessToken: Redacted.value(old.accessToken), status: 404 })
        // What the refresh got, which nobody has seen, is not left alive.
        assert.strictEqual(second?.status, 204)
        assert.notStrictEqual(second?.accessToken, first?.accessToken)
        assert.deepStrictEqual(others, [])
      }).pipe(Effect.scoped, Effect.provide(Shared))
    )
  }
})

describe("isAuthorized", () => {
  it.effect("reads the storage, sends nothing, and does not hide that the storage fails", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const sandbox = yield* MiroSandbox.MiroSandbox
      const storage = yield* TokenStorage.TokenStorage
      assert.isFalse(yield* oauth.isAuthorized)
      yield* login
      yield* sandbox.clearLedger
      assert.isTrue(yield* oauth.isAuthorized)
      yield* TestClock.adjust("2 hours")
      assert.isTrue(yield* oauth.isAuthorized)
      assert.strictEqual((yield* sandbox.ledger).length, 0)
      const { version } = yield* record()
      yield* storage.compareAndSet("default", Option.some(version), Option.some(Redacted.make("garbage")))
      assert.strictEqual((yield* Effect.flip(oauth.isAuthorized)).reason._tag, "TokenStorageFailure")
    }).pipe(Effect.provide(Everything))
  )
})
