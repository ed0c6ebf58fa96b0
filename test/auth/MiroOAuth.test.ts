import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Redacted } from "effect"
import { Boards, MiroClient, MiroError, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { Everything, login, Miro, record, Shared, tokenCalls } from "./support.ts"

const callbackUrl = Effect.gen(function* () {
  const oauth = yield* MiroOAuth.MiroOAuth
  const sandbox = yield* MiroSandbox.MiroSandbox
  return yield* sandbox.consent(yield* oauth.authorizeUrl())
})

const handle = (url: string, options?: { readonly state?: string }) =>
  MiroOAuth.MiroOAuth.use((oauth) => oauth.handleCallback(url, options))

/** The problem of a callback that is turned away without a word to Miro. */
const problemOf = <R>(callback: Effect.Effect<unknown, MiroError.MiroError, R>) =>
  Effect.gen(function* () {
    const { reason } = yield* Effect.flip(callback)
    assert.strictEqual((yield* tokenCalls).length, 0)
    return reason._tag === "CallbackRejected" ? reason.problem : reason._tag
  })

describe("the authorize URL", () => {
  it.effect("has what Miro documents, and a state that cannot be guessed", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const url = new URL(yield* oauth.authorizeUrl({ teamId: "3074457358607431473" }))
      const { state, ...rest } = Object.fromEntries(url.searchParams)
      assert.strictEqual(url.origin + url.pathname, "https://miro.com/oauth/authorize")
      assert.deepStrictEqual(rest, {
        response_type: "code",
        client_id: "sandbox-client",
        redirect_uri: "http://localhost:8000/callback",
        team_id: "3074457358607431473"
      })
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
    }).pipe(Effect.provide(Everything))
  )
})

describe("a callback", () => {
  it.effect("stores the tokens of the user who was sent, and says what was granted", () =>
    Effect.gen(function* () {
      const { user, ...granted } = yield* MiroClient.as(login, "anna")
      assert.strictEqual(user, "anna")
      assert.deepStrictEqual(granted.scopes, ["boards:write", "boards:read", "identity:read"])
      // 3074457358607431473 is a number in Miro's answer, and more than a double can hold.
      assert.strictEqual(granted.teamId, "3074457358607431473")
      yield* Boards.list().pipe(MiroClient.as("anna"))
      const { reason } = yield* Effect.flip(Boards.list())
      assert.strictEqual(reason._tag, "NotAuthorized")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("may be given from its path on, as web frameworks do", () =>
    Effect.gen(function* () {
      const url = new URL(yield* callbackUrl)
      yield* handle(url.pathname + url.search)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("says so when the user declined", () =>
    Effect.gen(function* () {
      const state = new URL(yield* callbackUrl).searchParams.get("state")
      const url = `/callback?error=access_denied&error_description=The+user+declined&state=${state}`
      assert.strictEqual(yield* problemOf(handle(url)), "Denied")
    }).pipe(Effect.provide(Everything))
  )

  for (const [what, change] of [
    ["no state", (url: URL) => url.searchParams.delete("state")],
    ["an empty state", (url: URL) => url.searchParams.set("state", "")],
    ["somebody else's state", (url: URL) => url.searchParams.set("state", "forged")]
  ] as const) {
    it.effect(`with ${what} is turned away`, () =>
      Effect.gen(function* () {
        const url = new URL(yield* callbackUrl)
        change(url)
        assert.strictEqual(yield* problemOf(handle(url.href)), "InvalidState")
      }).pipe(Effect.provide(Everything))
    )
  }

  for (const name of ["code", "state", "error"]) {
    it.effect(`with several parameters ${name} is turned away`, () =>
      Effect.gen(function* () {
        const url = new URL(yield* callbackUrl)
        url.searchParams.append(name, "1")
        url.searchParams.append(name, "2")
        assert.strictEqual(yield* problemOf(handle(url.href)), "InvalidUrl")
      }).pipe(Effect.provide(Everything))
    )
  }

  it.effect("without a code, or that is no URL, is turned away", () =>
    Effect.gen(function* () {
      const url = new URL(yield* callbackUrl)
      url.searchParams.delete("code")
      assert.strictEqual(yield* problemOf(handle(url.href)), "InvalidUrl")
      assert.strictEqual(yield* problemOf(handle("http://[")), "InvalidUrl")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("of one user is not good for another", () =>
    Effect.gen(function* () {
      const url = yield* MiroClient.as(callbackUrl, "anna")
      assert.strictEqual(yield* problemOf(MiroClient.as(handle(url), "ben")), "InvalidState")
      // And Anna's own is not used up by that.
      yield* MiroClient.as(handle(url), "anna")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is good for ten minutes", () =>
    Effect.gen(function* () {
      const url = yield* callbackUrl
      yield* TestClock.adjust("11 minutes")
      assert.strictEqual(yield* problemOf(handle(url)), "InvalidState")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is good once, also for 100 at the same time", () =>
    Effect.gen(function* () {
      const url = yield* callbackUrl
      const exits = yield* Effect.all(
        Array.from({ length: 100 }, () => Effect.option(handle(url))),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(exits.filter(Option.isSome).length, 1)
      assert.strictEqual((yield* tokenCalls).length, 1)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("whose handler is interrupted still stores the tokens, for which the code is spent", () =>
    Effect.gen(function* () {
      const url = yield* callbackUrl
      const fiber = yield* Effect.forkChild(handle(url))
      while ((yield* tokenCalls).length === 0) yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      assert.strictEqual((yield* record()).record.generation, 1)
      yield* Boards.list()
    }).pipe(Effect.provide(Everything))
  )

  it.effect("can come to another process, with the state that the session kept", () =>
    Effect.gen(function* () {
      const url = yield* Effect.provide(callbackUrl, Layer.fresh(Miro))
      const state = new URL(url).searchParams.get("state") ?? ""
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* problemOf(handle(url)), "InvalidState")
        assert.strictEqual(yield* problemOf(handle(url, { state: "another" })), "InvalidState")
        yield* handle(url, { state })
      }).pipe(Effect.provide(Layer.fresh(Miro)))
    }).pipe(Effect.provide(Shared))
  )

  it.effect("whose code Miro refuses is Unauthorized, with Miro's words", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const { operation, reason } = yield* Effect.flip(oauth.exchangeCode("no-such-code"))
      assert.strictEqual(operation, "MiroOAuth.exchangeCode")
      assert.isTrue(reason._tag === "Unauthorized" && reason.code === "oauthError")
    }).pipe(Effect.provide(Everything))
  )
})

describe("exchangeCode", () => {
  it.effect("takes the code or the URL with it, and no URL that says the user declined", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const denied = oauth.exchangeCode("http://localhost:8000/callback?error=access_denied")
      assert.strictEqual(yield* problemOf(denied), "Denied")
      yield* oauth.exchangeCode(yield* callbackUrl)
      yield* oauth.exchangeCode(new URL(yield* callbackUrl).searchParams.get("code") ?? "")
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Everything))
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
      assert.strictEqual((yield* Effect.flip(oauth.revoke)).reason._tag, "NotAuthorized")
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
