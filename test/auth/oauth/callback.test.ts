import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Layer, Option, Redacted, Ref } from "effect"
import { Boards, CurrentUser, MiroClient, MiroError, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpClient, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { createHash } from "node:crypto"
import { lifetime } from "../../../src/auth/oauth/states.ts"
import { forAll } from "../../support/property.ts"
import {
  Everything as EverythingForNobody,
  login,
  Miro,
  Outage,
  passUntilEnd,
  record,
  Shared,
  tokenCalls,
  UnreliableStorage
} from "../support.ts"

// A callback without a state of its own is for a user who has a key.
const Everything = Layer.merge(EverythingForNobody, Layer.succeed(CurrentUser.CurrentUser, "anna"))

const callbackUrl = Effect.gen(function* () {
  const oauth = yield* MiroOAuth.MiroOAuth
  const sandbox = yield* MiroSandbox.MiroSandbox
  return yield* sandbox.consent(yield* oauth.authorizeUrl())
})

const handle = (url: string, options?: MiroOAuth.LoginOptions) => MiroOAuth.handleCallback(url, options)

/** The problem of a callback that is turned away without a word to Miro. */
const problemOf = <R>(callback: Effect.Effect<unknown, MiroError.MiroError, R>) =>
  Effect.gen(function* () {
    const { reason } = yield* Effect.flip(callback)
    assert.strictEqual((yield* tokenCalls).length, 0)
    return reason._tag === "CallbackRejected" ? reason.problem : reason._tag
  })

const clearLedger = MiroSandbox.MiroSandbox.use((sandbox) => sandbox.clearLedger)

const stateOf = (url: string) => new URL(url).searchParams.get("state") ?? ""

/** The forms that the token endpoint was sent. */
const forms = Effect.map(tokenCalls, (calls) => calls.map(({ body }) => new URLSearchParams(Redacted.value(body))))

describe("a callback", () => {
  it.effect.each([
    ["boards:read boards:write", ["boards:read", "boards:write"]],
    [" boards:read  boards:write\n", ["boards:read", "boards:write"]],
    [" ", []]
  ] as const)("says which scopes were granted, however %j is spaced", ([scope, scopes]) =>
    Effect.gen(function* () {
      const grant = { access_token: "token", scope }
      yield* MiroSandbox.MiroSandbox.use((sandbox) =>
        sandbox.respondNext(HttpServerResponse.jsonUnsafe(grant), { path: "/v1/oauth/token" })
      )
      assert.deepStrictEqual((yield* login).scopes, scopes)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("stores the tokens of the user who was sent, and says what was granted", () =>
    Effect.gen(function* () {
      const { user, ...granted } = yield* MiroClient.as(login, "anna")
      assert.strictEqual(user, "anna")
      assert.deepStrictEqual(granted.scopes, ["boards:write", "boards:read", "identity:read"])
      // 3074457358607431473 is a number in Miro's response, and more than a double can hold.
      assert.strictEqual(granted.teamId, "3074457358607431473")
      yield* Boards.list().pipe(MiroClient.as("anna"))
      const { reason } = yield* Effect.flip(Boards.list().pipe(MiroClient.as("ben")))
      assert.strictEqual(reason._tag, "AuthorizationRequired")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("says so when the user declined at Miro's page", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const page = yield* HttpClient.get(`${yield* oauth.authorizeUrl()}&decision=deny`)
      assert.strictEqual(yield* problemOf(handle(page.headers["location"] ?? "")), "Denied")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("quotes why, in words that cannot pass for another line of a log", () =>
    Effect.gen(function* () {
      const url = `/callback?error=access_denied&error_description=${encodeURIComponent(`no\r\nlevel=ERROR${"x".repeat(9999)}`)}`
      const { reason } = yield* Effect.flip(handle(url))
      assert.isTrue(reason._tag === "CallbackRejected" && reason.problem === "Denied")
      assert.match(reason.message, /^Miro responded with "no\\r\\nlevel=ERRORx+…"$/)
      assert.isBelow(reason.message.length, 600)
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

  for (const name of ["code", "state", "error", "error_description", "client_id", "team_id"]) {
    it.effect(`with several parameters ${name} is turned away`, () =>
      Effect.gen(function* () {
        const url = new URL(yield* callbackUrl)
        url.searchParams.append(name, url.searchParams.get(name) ?? "1")
        url.searchParams.append(name, url.searchParams.get(name) ?? "1")
        assert.strictEqual(yield* problemOf(handle(url.href)), "InvalidUrl")
      }).pipe(Effect.provide(Everything))
    )
  }

  for (const [what, change] of [
    ["without a code", (url: URL) => url.searchParams.delete("code")],
    ["with an empty code", (url: URL) => url.searchParams.set("code", "")],
    ["with both a code and an error", (url: URL) => url.searchParams.set("error", "")],
    ["for another app", (url: URL) => url.searchParams.set("client_id", "another")]
  ] as const) {
    it.effect(`${what} is turned away, and does not use up the state`, () =>
      Effect.gen(function* () {
        const url = yield* callbackUrl
        const changed = new URL(url)
        change(changed)
        assert.strictEqual(yield* problemOf(handle(changed.href)), "InvalidUrl")
        yield* handle(url)
      }).pipe(Effect.provide(Everything))
    )
  }

  it.effect("may lack the parameters that only inform", () =>
    Effect.gen(function* () {
      const url = new URL(yield* callbackUrl)
      url.searchParams.delete("client_id")
      url.searchParams.delete("team_id")
      yield* handle(url.href)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("cannot add to the form that is sent to Miro", () =>
    Effect.gen(function* () {
      const url = new URL(yield* callbackUrl)
      const code = `x&grant_type=refresh_token&client_id=another%0d%0a=`
      url.searchParams.set("code", code)
      const { reason } = yield* Effect.flip(handle(url.href))
      assert.strictEqual(reason._tag, "Unauthorized")
      const [form] = yield* forms
      assert.deepStrictEqual(
        [...(form ?? [])].filter(([name]) => name !== "code_verifier"),
        [
          ["grant_type", "authorization_code"],
          ["code", code],
          ["redirect_uri", "http://localhost:8000/callback"],
          ["client_id", "sandbox-client"],
          ["client_secret", "sandbox-secret"]
        ]
      )
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

  it.effect("is good for as long as a state lives", () =>
    Effect.gen(function* () {
      const url = yield* callbackUrl
      const oauth = yield* MiroOAuth.MiroOAuth
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* TestClock.adjust(1)
      const later = yield* oauth.authorizeUrl()
      yield* TestClock.adjust(lifetime - 1)
      assert.strictEqual(yield* problemOf(handle(url)), "InvalidState")
      yield* handle(yield* sandbox.consent(later))
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is good for as long after its state was last given out", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const sandbox = yield* MiroSandbox.MiroSandbox
      const [first, other] = [yield* oauth.authorizeUrl({ state: "mine" }), yield* callbackUrl]
      yield* TestClock.adjust(lifetime * 0.6)
      const again = yield* oauth.authorizeUrl({ state: "mine" })
      assert.strictEqual(stateOf(again), stateOf(first))
      yield* TestClock.adjust(lifetime * 0.5)
      yield* oauth.authorizeUrl()
      assert.strictEqual(yield* problemOf(handle(other)), "InvalidState")
      yield* handle(yield* sandbox.consent(again))
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

  it.effect("is good once too when the session has the state", () =>
    Effect.gen(function* () {
      const url = yield* callbackUrl
      const state = stateOf(url)
      yield* Effect.gen(function* () {
        const exits = yield* Effect.all(
          Array.from({ length: 100 }, () => Effect.option(handle(url, { state }))),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(exits.filter(Option.isSome).length, 1)
        assert.strictEqual((yield* tokenCalls).length, 1)
        yield* clearLedger
        yield* TestClock.adjust(lifetime * 0.9)
        assert.strictEqual(yield* problemOf(handle(url, { state })), "InvalidState")
        assert.strictEqual(yield* problemOf(handle(url)), "InvalidState")
        assert.strictEqual(yield* problemOf(MiroClient.as(handle(url, { state }), "ben")), "InvalidState")
      }).pipe(Effect.provide(Layer.fresh(Miro)))
    }).pipe(Effect.provide(Layer.provideMerge(Layer.fresh(Miro), Shared)))
  )

  it.effect("that was loaded again is told from one that is forged", () =>
    Effect.gen(function* () {
      const url = yield* callbackUrl
      yield* handle(url)
      yield* clearLedger
      assert.strictEqual(yield* problemOf(handle(url)), "InvalidState")
      assert.include((yield* Effect.flip(handle(url))).message, "handled before")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("of a session that has lost its state is turned away", () =>
    Effect.gen(function* () {
      const url = new URL(yield* callbackUrl)
      for (const change of [() => url.searchParams.set("state", ""), () => url.searchParams.delete("state")]) {
        change()
        for (const state of ["", undefined]) {
          assert.strictEqual(yield* problemOf(handle(url.href, state === undefined ? {} : { state })), "InvalidState")
        }
      }
      assert.strictEqual(yield* problemOf(handle(yield* callbackUrl, { state: "" })), "InvalidState")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("whose handler is interrupted still stores the tokens, for which the code is spent", () =>
    Effect.gen(function* () {
      const url = yield* callbackUrl
      const fiber = yield* Effect.forkChild(handle(url))
      while ((yield* tokenCalls).length === 0) yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      assert.strictEqual((yield* record("anna")).record.generation, 1)
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

describe("the URL of a callback", () => {
  for (const place of [
    "/callback",
    "http://localhost:8000/callback",
    // The same origin, though a browser would not write it so.
    "HTTP://LOCALHOST:8000/callback"
  ]) {
    it.effect(`may be at ${place}`, () =>
      Effect.gen(function* () {
        yield* handle(place + new URL(yield* callbackUrl).search)
        yield* handle(`${place}${new URL(yield* callbackUrl).search}#left-over`)
      }).pipe(Effect.provide(Everything))
    )
  }

  for (const place of [
    "",
    "/",
    "callback",
    "./callback",
    "/Callback",
    "/callback/",
    "//callback",
    "/%63allback",
    "/x/../callback",
    "/x/%2e%2e/callback",
    "/./callback",
    "\\callback",
    " /callback",
    "/callback ",
    "/call\tback",
    "/call\nback",
    "//localhost:8000/callback",
    "//evil.example/callback",
    "/\\evil.example/callback",
    "http://evil.example/callback",
    "http://localhost:8000@evil.example/callback",
    "http://evil.example\\@localhost:8000/callback",
    "http://user@localhost:8000/callback",
    "http://user:password@localhost:8000/callback",
    "http://localhost:8000.evil.example/callback",
    "http://localhost.:8000/callback",
    "http://localhost:8001/callback",
    "http://localhost/callback",
    "https://localhost:8000/callback",
    "http://localhost:8000",
    "http://localhost:8000/",
    "http://localhost:8000/callback/",
    "http://localhost:8000//callback",
    "http://localhost:8000/x/../callback",
    "http://localhost:8000/%2e/callback",
    "http://localhost:8000\\callback",
    "http:/localhost:8000/callback",
    "http:localhost:8000/callback",
    "http:\\\\localhost:8000/callback",
    "http://local\nhost:8000/callback",
    "javascript://localhost:8000/callback",
    "http://[/callback",
    "blob:http://localhost:8000/callback"
  ]) {
    it.effect(`may not be at ${JSON.stringify(place)}`, () =>
      Effect.gen(function* () {
        const url = yield* callbackUrl
        const { search } = new URL(url)
        assert.strictEqual(yield* problemOf(handle(place + search)), "InvalidUrl")
        assert.include((yield* Effect.flip(handle(place + search))).message, "http://localhost:8000/callback")
        // Nothing of the right one is used up.
        yield* handle(url)
      }).pipe(Effect.provide(Everything))
    )
  }

  it.effect("has the parameters of the redirect URL, as they are", () =>
    Effect.gen(function* () {
      const url = yield* callbackUrl
      assert.isTrue(url.startsWith("https://app.example/?tenant=a+b&tenant=c&code="))
      const rest = url.slice("https://app.example/?tenant=a+b&tenant=c".length)
      for (const own of ["tenant=a+b", "tenant=c&tenant=a+b", "tenant=a+b&tenant=c&tenant=d", "x=1"]) {
        assert.strictEqual(yield* problemOf(handle(`https://app.example/?${own}${rest}`)), "InvalidUrl")
      }
      yield* handle(`https://App.example:443?tenant=a%20b&tenant=c${rest}`)
    }).pipe(
      Effect.provide(Everything),
      Effect.provide(MiroSandbox.layerSettings({ redirectUrl: "https://app.example/?tenant=a+b&tenant=c" }))
    )
  )

  it.effect("is never right for a redirect URL that is none", () =>
    Effect.gen(function* () {
      const calls: ReadonlyArray<Effect.Effect<unknown, MiroError.MiroError, MiroOAuth.MiroOAuth>> = [
        handle("/callback?code=1&state=1"),
        MiroOAuth.authorizeUrl()
      ]
      for (const call of calls) {
        const { reason } = yield* Effect.flip(call)
        assert.include(reason.message, "redirectUrl: must be a whole URL without a fragment")
      }
      assert.deepStrictEqual(yield* tokenCalls, [])
    }).pipe(Effect.provide(Everything), Effect.provide(MiroSandbox.layerSettings({ redirectUrl: "/callback" })))
  )

  const anything = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.webUrl(), fc.webPath())
  const place = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("/callback", "http://localhost:8000/callback") },
    fc.constantFrom(
      "//evil.example/callback",
      "/callback/",
      "http://localhost:8000@evil.example/callback",
      "\\callback"
    ),
    anything
  )
  /** A parameter as Miro would send it, or with any other value. */
  const parameter = fc.tuple(
    fc.constantFrom("code", "state", "error", "error_description", "client_id", "team_id", "x"),
    fc.option(anything, { freq: 4 })
  )
  const shape = fc.record({
    place,
    extra: fc.array(parameter, { maxLength: 3 }),
    left: fc.subarray(["code", "state", "client_id", "team_id"], { minLength: 3 }),
    fragment: fc.option(anything)
  })

  it.live("is sent for when all is right, and else turned away without a word to Miro", () =>
    Effect.gen(function* () {
      const seen = { sent: 0, refused: 0 }
      yield* forAll(shape, 1000, ({ extra, fragment, left, place }) =>
        Effect.gen(function* () {
          const right = new URL(yield* callbackUrl).searchParams
          const pairs = [
            ...left.map((name) => [name, right.get(name) ?? ""]),
            ...extra.map(([name, value]) => [name, value ?? right.get(name) ?? "1"])
          ]
          yield* clearLedger
          const exit = yield* Effect.exit(
            handle(`${place}?${new URLSearchParams(pairs)}${fragment === null ? "" : `#${fragment}`}`)
          )
          const values = (name: string) => pairs.filter(([key]) => key === name).map(([, value]) => value)
          const isRight =
            (place === "/callback" || place === "http://localhost:8000/callback") &&
            values("error").length === 0 &&
            ["error_description", "team_id", "client_id"].every((name) => values(name).length <= 1) &&
            values("client_id").every((value) => value === "sandbox-client") &&
            values("code").length === 1 &&
            /^[!-~]{1,2048}$/.test(values("code")[0] ?? "") &&
            values("state").length === 1 &&
            values("state")[0] === right.get("state")
          assert.strictEqual((yield* tokenCalls).length, isRight ? 1 : 0)
          if (!isRight) {
            assert.isTrue(Exit.isFailure(exit))
            const error = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
            assert.strictEqual(error?.reason._tag, "CallbackRejected")
          }
          seen[isRight ? "sent" : "refused"]++
        })
      )
      // Else it would say nothing.
      assert.isAbove(seen.sent, 50)
      assert.isAbove(seen.refused, 50)
    }).pipe(Effect.provide(Everything))
  )
})

describe("PKCE", () => {
  it.effect("sends with the code what the challenge is the hash of", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const url = yield* MiroOAuth.authorizeUrl()
      yield* handle(yield* sandbox.consent(url))
      const challenge = new URL(url).searchParams.get("code_challenge")
      const verifier = (yield* forms)[0]?.get("code_verifier") ?? ""
      assert.match(verifier, /^[\w-]{43}$/)
      assert.strictEqual(createHash("sha256").update(verifier).digest("base64url"), challenge)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("goes with the session to another process", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { codeVerifier, state, url } = yield* MiroOAuth.authorizationRequest()
      const callback = yield* sandbox.consent(url)
      yield* Effect.provide(handle(callback, { codeVerifier, state }), Layer.fresh(Miro))
      assert.strictEqual((yield* forms)[0]?.get("code_verifier"), Redacted.value(codeVerifier))
    }).pipe(Effect.provide(Everything))
  )

  it.effect("has nothing to do with the client secret, nor with what the URL shows", () =>
    Effect.gen(function* () {
      const request = MiroOAuth.authorizationRequest({ state: "the-same" })
      const verifiers = yield* Effect.forEach([1, 2], () => Effect.provide(request, Layer.fresh(Miro)))
      const [one, two] = verifiers.map(({ codeVerifier }) => Redacted.value(codeVerifier))
      assert.notStrictEqual(one, two)
    }).pipe(Effect.provide(Everything))
  )

  it.effect.each(["", "short", "x".repeat(129), `${"x".repeat(43)}&`])("takes no verifier like %j", (verifier) =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(handle(yield* callbackUrl, { codeVerifier: Redacted.make(verifier) }))
      assert.include(reason.message, "codeVerifier: must be that of MiroOAuth.authorizationRequest")
      assert.deepStrictEqual(yield* tokenCalls, [])
    }).pipe(Effect.provide(Everything))
  )

  it.effect("stops a code that somebody else was given", () =>
    Effect.gen(function* () {
      const foreign = new URL(yield* callbackUrl).searchParams.get("code") ?? ""
      const url = new URL(yield* callbackUrl)
      url.searchParams.set("code", foreign)
      assert.strictEqual((yield* Effect.flip(handle(url.href))).reason._tag, "Unauthorized")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("keeps the verifier to itself", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { codeVerifier, state, url } = yield* MiroOAuth.authorizationRequest()
      const echo = HttpServerResponse.jsonUnsafe(
        { code: "oauthError", message: `what is ${Redacted.value(codeVerifier)}` },
        { status: 400 }
      )
      yield* sandbox.respondNext(echo, { path: "/v1/oauth/token" })
      const { reason } = yield* Effect.flip(handle(yield* sandbox.consent(url), { codeVerifier, state }))
      assert.isTrue(reason._tag === "InvalidRequest")
      assert.include(JSON.stringify(reason), "what is <redacted>")
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
      assert.strictEqual((yield* record("anna")).record.generation, 2)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("checks the URL but for its state, and sends the verifier when it knows the state", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const url = yield* callbackUrl
      const elsewhere = url.replace("localhost", "evil.example")
      assert.strictEqual(yield* problemOf(oauth.exchangeCode(elsewhere)), "InvalidUrl")
      yield* Effect.provide(MiroOAuth.exchangeCode(url), Layer.fresh(Miro))
      const another = new URL(yield* callbackUrl).searchParams
      yield* oauth.exchangeCode(another.get("code") ?? "", { state: another.get("state") ?? "" })
      yield* oauth.exchangeCode(new URL(yield* callbackUrl).searchParams.get("code") ?? "")
      assert.deepStrictEqual(
        (yield* forms).map((form) => form.has("code_verifier")),
        [false, true, false]
      )
    }).pipe(Effect.provide(Everything))
  )
})

describe("a login whose tokens cannot be stored", () => {
  const logIn = Effect.gen(function* () {
    const outage = yield* Outage
    yield* Ref.set(outage.writes, 1000)
    const fiber = yield* Effect.forkChild(login)
    return yield* Effect.flip(passUntilEnd(fiber))
  })

  const revocations = MiroSandbox.MiroSandbox.useSync((sandbox) =>
    Effect.map(sandbox.ledger, (calls) => calls.filter(({ path }) => path === "/v2/oauth/revoke"))
  ).pipe(Effect.flatten)

  const Unreliable = Layer.provideMerge(Miro, Layer.merge(UnreliableStorage, MiroSandbox.layerHttpClient))

  it.effect("leaves none alive that nobody has", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      const { reason } = yield* logIn
      assert.isTrue(reason._tag === "TokenStorageFailure" && reason.method === "compareAndSet")
      assert.deepStrictEqual(
        (yield* revocations).map(({ status }) => status),
        [204]
      )
      assert.isTrue(Option.isNone(yield* storage.get("default")))
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("says so also when they cannot be revoked", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.respondNext(HttpServerResponse.empty({ status: 503 }), { path: "/v2/oauth/revoke" })
      assert.strictEqual((yield* logIn).reason._tag, "TokenStorageFailure")
      assert.strictEqual((yield* revocations).length, 1)
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("revokes nothing when the storage comes round", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      yield* Ref.set(outage.writes, 2)
      const fiber = yield* Effect.forkChild(login)
      yield* passUntilEnd(fiber)
      assert.strictEqual((yield* revocations).length, 0)
      yield* Boards.list()
    }).pipe(Effect.provide(Unreliable))
  )
})
