import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Option, Random, Redacted, Ref, Result, Scope, Struct } from "effect"
import { AccessToken, Boards, MiroClient, MiroOAuth, RateLimit, Retry, TokenRecord, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpClient, HttpClientRequest, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { inTime } from "../../support/http.ts"
import { AtRandom, shareOneRefresh } from "./schedules.ts"
import {
  anotherProcess,
  apiCalls,
  Everything,
  login,
  Miro,
  OAuth,
  Outage,
  passSeconds,
  passUntilEnd,
  record,
  refreshes,
  rewrite,
  Shared,
  tokenCalls,
  UnreliableStorage
} from "../support.ts"
import * as Lifetime from "../../../src/auth/record/lifetime.ts"

const seeds = Array.from({ length: 20 }, (_, seed) => seed)

const listBoards = Boards.list()

const expire = MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)

const oauthError = HttpServerResponse.jsonUnsafe(
  { status: 401, code: "oauthError", message: "Invalid refresh token.", type: "error" },
  { status: 401 }
)

const respondToRefresh = (response: HttpServerResponse.HttpServerResponse) =>
  MiroSandbox.MiroSandbox.use((sandbox) => sandbox.respondNext(response, { path: "/v1/oauth/token" }))

/** The HTTP client, but for what happens before a response of the token endpoint arrives. */
const onTokenResponse = (happening: Effect.Effect<void>) =>
  HttpClient.HttpClient.useSync(
    HttpClient.transform((response, request) =>
      request.url.endsWith("/v1/oauth/token") ? Effect.tap(response, happening) : response
    )
  )

describe("many callers with an expired token", () => {
  it.effect(
    "1,000 at once share one refresh and all get their response, over 10 random schedules",
    () => shareOneRefresh({ callers: 1000, schedules: 10 }),
    120_000
  )

  it.effect("a caller that comes late with the old token does not refresh again", () =>
    Effect.gen(function* () {
      yield* login
      const accessToken = yield* AccessToken.AccessToken
      const old = yield* accessToken.get
      const first = yield* accessToken.refresh(old)
      const second = yield* accessToken.refresh(old)
      assert.strictEqual(Redacted.value(second), Redacted.value(first))
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("a call that waited for its credits leaves with the token that is good by then", () =>
    Effect.gen(function* () {
      yield* login
      const turn = yield* Deferred.make<void>()
      const limiter: RateLimit.Limiter = {
        acquire: () => Effect.as(Deferred.await(turn), { observe: () => Effect.void, release: Effect.void }),
        remaining: Effect.succeedNone
      }
      const call = yield* listBoards.pipe(
        Effect.provideService(RateLimit.RateLimit, limiter),
        Effect.forkChild({ startImmediately: true })
      )
      yield* expire
      yield* listBoards
      yield* Deferred.succeed(turn, undefined)
      yield* Fiber.join(call)
      assert.deepStrictEqual(
        (yield* apiCalls).map(({ status }) => status),
        [401, 200, 200]
      )
    }).pipe(Effect.provide(Everything))
  )

  it.effect("users do not wait for, or get, each other's tokens", () =>
    Effect.gen(function* () {
      const users = Array.from({ length: 20 }, (_, index) => `user ${index}`)
      yield* Effect.forEach(users, (user) => MiroClient.as(login, user))
      yield* expire
      yield* Effect.forEach(
        users,
        (user) =>
          Effect.all(
            Array.from({ length: 20 }, () => listBoards),
            { concurrency: "unbounded" }
          ).pipe(MiroClient.as(user)),
        {
          concurrency: "unbounded"
        }
      )
      assert.strictEqual((yield* refreshes).length, 20)
      const tokens = yield* Effect.forEach(users, (user) =>
        Effect.map(record(user), ({ record }) => Redacted.value(record.accessToken))
      )
      assert.strictEqual(new Set(tokens).size, 20)
    }).pipe(Effect.provide(AtRandom))
  )
})

describe("a caller that is interrupted", () => {
  it.effect(
    "never loses a rotated token: 1,000 interrupts at random moments",
    () =>
      Effect.gen(function* () {
        yield* login
        for (let round = 1; round <= 1000; round++) {
          yield* expire
          const caller = yield* Effect.forkChild(listBoards)
          const turns = yield* Random.nextIntBetween(0, 200)
          for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
          yield* Fiber.interrupt(caller)
          // Whoever comes next finds tokens that work.
          yield* listBoards
          assert.strictEqual((yield* refreshes).length, round)
          assert.strictEqual((yield* record()).record.generation, round + 1)
        }
      }).pipe(Effect.provide(AtRandom), Random.withSeed("interrupts")),
    60_000
  )

  it.effect("is gone at once, while the refresh goes on", () =>
    Effect.gen(function* () {
      const arrival = yield* Deferred.make<void>()
      const asked = yield* Deferred.make<void>()
      const client = HttpClient.transform(yield* HttpClient.HttpClient, (response, request) =>
        request.url.endsWith("/v1/oauth/token")
          ? Effect.tap(response, () => Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(arrival)))
          : response
      )
      yield* Effect.gen(function* () {
        const accessToken = yield* AccessToken.AccessToken
        const old = yield* accessToken.get
        const caller = yield* Effect.forkChild(accessToken.refresh(old))
        yield* Deferred.await(asked)
        yield* Fiber.interrupt(caller)
        assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(caller)))
        assert.strictEqual((yield* record()).record.generation, 1)
        yield* Deferred.succeed(arrival, undefined)
        assert.notStrictEqual(Redacted.value(yield* accessToken.refresh(old)), Redacted.value(old))
        assert.strictEqual((yield* refreshes).length, 1)
      }).pipe(Effect.provide(Layer.fresh(Miro)), Effect.provideService(HttpClient.HttpClient, client))
    }).pipe((test) => Effect.andThen(Effect.provide(login, Miro), test), Effect.provide(Shared))
  )

  it.effect("a program that ends in the middle of a refresh stores the tokens first", () =>
    Effect.gen(function* () {
      yield* Effect.provide(login, Miro)
      yield* expire
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Layer.fresh(Miro), scope)
      const caller = yield* Effect.forkChild(Effect.provideContext(listBoards, context))
      while ((yield* refreshes).length === 0) yield* Effect.yieldNow
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* record()).record.generation, 2)
      yield* Fiber.interrupt(caller)
    }).pipe(Effect.provide(Shared))
  )
})

describe("another process", () => {
  it.effect("that refreshed is believed: a 401 with a newer token in the store replays with that one", () =>
    Effect.gen(function* () {
      const ours = yield* AccessToken.AccessToken
      yield* login
      const old = yield* ours.get
      yield* anotherProcess(AccessToken.AccessToken.use((theirs) => theirs.refresh(old)))
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.clearLedger

      // The first request goes out with the token that has just died, as one under way would.
      const stale = AccessToken.AccessToken.of({ get: Effect.succeed(old), refresh: ours.refresh })
      yield* listBoards.pipe(
        Effect.provide(Layer.fresh(MiroClient.layer())),
        Effect.provideService(AccessToken.AccessToken, stale)
      )
      assert.deepStrictEqual(
        (yield* apiCalls).map(({ status }) => status),
        [401, 200]
      )
      assert.strictEqual((yield* refreshes).length, 0)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("that is refreshing is waited for", () =>
    Effect.gen(function* () {
      yield* login
      yield* rewrite((record) => ({ ...record, refreshing: { owner: "another process", since: 0, lease: 10_000 } }))
      yield* expire
      const call = yield* Effect.forkChild(listBoards)
      yield* passSeconds(5)
      assert.strictEqual((yield* refreshes).length, 0)
      // It is done, and has stored what it got.
      const oauth = yield* MiroOAuth.MiroOAuth
      const { record: before } = yield* record()
      const refreshToken = before.refreshToken
      assert.isDefined(refreshToken)
      const grant = yield* oauth.refresh(refreshToken)
      yield* rewrite((record) => ({ ...Lifetime.withoutMark(record), ...grant, generation: 2 }))
      yield* passSeconds(1)
      yield* Fiber.join(call)
      assert.strictEqual((yield* refreshes).length, 1)
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("that is refreshing is not waited for while the token is good", () =>
    Effect.gen(function* () {
      yield* login
      yield* TestClock.adjust("59 minutes")
      yield* rewrite((record) => ({
        ...record,
        refreshing: { owner: "another process", since: 3_540_000, lease: 60_000 }
      }))
      yield* listBoards
      assert.strictEqual((yield* refreshes).length, 0)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("that died while refreshing is waited for until its lease ends, and no longer", () =>
    Effect.gen(function* () {
      yield* login
      yield* rewrite((record) => ({ ...record, refreshing: { owner: "a dead process", since: 0, lease: 60_000 } }))
      yield* expire
      const call = yield* Effect.forkChild(listBoards)
      yield* passSeconds(59)
      assert.strictEqual((yield* refreshes).length, 0)
      yield* passSeconds(2)
      yield* Fiber.join(call)
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("racing for the refresh wins or waits, and nobody spends a token twice", () =>
    Effect.forEach(
      seeds,
      (seed) =>
        Effect.gen(function* () {
          yield* login
          yield* expire
          const calls = Effect.all(
            Array.from({ length: 20 }, () => listBoards),
            { concurrency: "unbounded" }
          )
          const processes = yield* Effect.forkChild(
            Effect.all(
              Array.from({ length: 4 }, () => anotherProcess(calls)),
              { concurrency: "unbounded" }
            )
          )
          yield* passUntilEnd(processes)
          assert.strictEqual((yield* refreshes).length, 1)
        }).pipe(Effect.provide(Layer.fresh(AtRandom)), Random.withSeed(seed)),
      { discard: true }
    )
  )

  it.effect("that redeemed the token which Miro refuses us has the tokens that count", () =>
    Effect.gen(function* () {
      yield* login
      const accessToken = yield* AccessToken.AccessToken
      const oauth = yield* MiroOAuth.MiroOAuth
      const old = yield* accessToken.get
      const { record: before } = yield* record()
      const refreshToken = before.refreshToken
      assert.isDefined(refreshToken)
      const storage = yield* TokenStorage.TokenStorage
      // It stores its pair between our reading the record and Miro's refusing us.
      const client = HttpClient.transform(yield* HttpClient.HttpClient, (response, request) =>
        request.url.endsWith("/v1/oauth/token")
          ? Effect.gen(function* () {
              const grant = yield* Effect.orDie(oauth.refresh(refreshToken))
              yield* rewrite((record) => ({ ...Lifetime.withoutMark(record), ...grant, generation: 2 })).pipe(
                Effect.orDie,
                Effect.provideService(TokenStorage.TokenStorage, storage)
              )
              return yield* response
            })
          : response
      )
      const token = yield* AccessToken.AccessToken.use((ours) => ours.refresh(old)).pipe(
        Effect.provide(Layer.fresh(Layer.provide(AccessToken.layerOAuth, Layer.fresh(OAuth)))),
        Effect.provideService(HttpClient.HttpClient, client),
        Effect.provideService(TokenStorage.TokenStorage, storage)
      )
      const { record: after } = yield* record()
      assert.strictEqual(Redacted.value(token), Redacted.value(after.accessToken))
      assert.isUndefined(after.refused)
      assert.deepStrictEqual(
        (yield* refreshes).map(({ status }) => status),
        [200, 401]
      )
      yield* listBoards
    }).pipe(Effect.provide(Everything))
  )
})

describe("a refused refresh token", () => {
  it.effect("ends every call after at most two requests, typed, and the record stays", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* login
      yield* sandbox.revokeGrants
      yield* sandbox.clearLedger
      const first = yield* Effect.flip(listBoards)
      assert.strictEqual(first.reason._tag, "ReauthorizationRequired")
      assert.isFalse(first.reason._tag === "ReauthorizationRequired" && first.reason.outcomeUnknown)
      assert.isAtMost((yield* sandbox.ledger).length, 2)
      const second = yield* Effect.flip(listBoards)
      assert.strictEqual(second.reason._tag, "ReauthorizationRequired")
      assert.isAtMost((yield* sandbox.ledger).length, 2)
      assert.isDefined((yield* record()).record.refused)
      // Authorizing again sets all right.
      yield* login
      yield* listBoards
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is not proven by a server error: the next call tries again", () =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      yield* respondToRefresh(HttpServerResponse.text("<html>", { status: 502 }))
      const error = yield* Effect.flip(listBoards).pipe(Retry.provide(Retry.none))
      assert.strictEqual(error.reason._tag, "RefreshFailed")
      yield* listBoards
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is not proven by a server error: a call that may be repeated tries again itself", () =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      yield* respondToRefresh(HttpServerResponse.text("<html>", { status: 502 }))
      yield* inTime(listBoards)
      assert.deepStrictEqual(
        (yield* apiCalls).map(({ status }) => status),
        [401, 401, 200]
      )
    }).pipe(Effect.provide(Everything))
  )

  it.effect("after an attempt whose response never came says that the outcome is unknown", () =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      yield* respondToRefresh(HttpServerResponse.text("", { status: 504 }))
      yield* Effect.flip(listBoards).pipe(Retry.provide(Retry.none))
      yield* respondToRefresh(oauthError)
      const { reason } = yield* Effect.flip(listBoards)
      assert.isTrue(reason._tag === "ReauthorizationRequired" && reason.outcomeUnknown)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("a 200 without an access token is no success, and the tokens stay", () =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      yield* respondToRefresh(HttpServerResponse.jsonUnsafe({ token_type: "bearer" }))
      const { reason } = yield* Effect.flip(listBoards).pipe(Retry.provide(Retry.none))
      assert.strictEqual(reason._tag, "RefreshFailed")
      yield* listBoards
    }).pipe(Effect.provide(Everything))
  )
})

describe("expiry", () => {
  const lifetimes = (expiresIn: unknown) =>
    respondToRefresh(
      HttpServerResponse.jsonUnsafe({
        token_type: "bearer",
        access_token: "sandbox-token",
        refresh_token: "next",
        expires_in: expiresIn
      })
    )

  it.effect("is seen to ahead of time: no request goes out with a token that is about to expire", () =>
    Effect.gen(function* () {
      yield* login
      yield* TestClock.adjust("3590 seconds")
      yield* listBoards
      assert.deepStrictEqual(
        (yield* apiCalls).map(({ status }) => status),
        [200]
      )
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is seen to for everyone: no request goes out with the token that our own refresh ends", () =>
    Effect.gen(function* () {
      yield* login
      yield* TestClock.adjust("3590 seconds")
      const late = (turns: number) => Effect.andThen(Effect.replicateEffect(Effect.yieldNow, turns), listBoards)
      yield* Effect.all(
        Array.from({ length: 100 }, (_, turns) => late(turns)),
        { concurrency: "unbounded" }
      )
      assert.isTrue((yield* apiCalls).every(({ status }) => status === 200))
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(AtRandom))
  )

  it.effect("refreshes once a lifetime, however short it is", () =>
    Effect.gen(function* () {
      yield* login
      for (let second = 0; second < 50; second++) {
        yield* listBoards
        yield* TestClock.adjust("1 second")
      }
      assert.isAtMost((yield* refreshes).length, 10)
      assert.isTrue((yield* apiCalls).every(({ status }) => status === 200))
    }).pipe(
      Effect.provide(
        Layer.provideMerge(Miro, Layer.provide(Shared, MiroSandbox.layerSettings({ accessTokenLifetime: "5 seconds" })))
      )
    )
  )

  for (const expiresIn of [undefined, null, 0, -1, "soon", Number.MAX_VALUE]) {
    it.effect(`of ${String(expiresIn)} seconds starts no loop of refreshes`, () =>
      Effect.gen(function* () {
        yield* login
        yield* expire
        yield* lifetimes(expiresIn)
        for (let hour = 0; hour < 10; hour++) {
          yield* listBoards
          yield* TestClock.adjust("1 hour")
        }
        assert.strictEqual((yield* refreshes).length, 1)
      }).pipe(Effect.provide(Everything))
    )
  }

  it.effect("in seconds as a string is understood", () =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      yield* lifetimes("3599")
      yield* listBoards
      assert.strictEqual((yield* record()).record.expiresIn, 3599)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("that is only near does not hurt when the token endpoint is down", () =>
    Effect.gen(function* () {
      yield* login
      yield* TestClock.adjust(3_570_000)
      yield* respondToRefresh(HttpServerResponse.text("", { status: 503 }))
      yield* listBoards
      assert.deepStrictEqual(
        (yield* apiCalls).map(({ status }) => status),
        [200]
      )
    }).pipe(Effect.provide(Everything))
  )

  it.effect("of a token without a refresh token asks for authorization, and sends nothing", () =>
    Effect.gen(function* () {
      yield* login
      yield* rewrite((record) => Struct.omit(record, ["refreshToken"]))
      yield* listBoards
      yield* TestClock.adjust("2 hours")
      const { reason } = yield* Effect.flip(listBoards)
      assert.strictEqual(reason._tag, "ReauthorizationRequired")
      assert.strictEqual((yield* apiCalls).length, 1)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("does not happen to tokens that have none; once refused, they are Unauthorized", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* login
      yield* rewrite((record) => Struct.omit(record, ["expiresIn", "refreshToken"]))
      yield* sandbox.revokeGrants
      const { reason } = yield* Effect.flip(listBoards)
      assert.strictEqual(reason._tag, "Unauthorized")
      assert.strictEqual((yield* apiCalls).length, 1)
    }).pipe(Effect.provide(Everything))
  )
})

describe("an API that responds 401 for ever", () => {
  const refuseAll = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      Effect.service(HttpClient.HttpClient),
      HttpClient.mapRequest((request) =>
        request.url.includes("/v2/boards") ? HttpClientRequest.bearerToken(request, "never-valid") : request
      )
    )
  ).pipe(Layer.provideMerge(MiroSandbox.layerHttpClient))

  it.effect("gets two requests per call and one refresh per token", () =>
    Effect.gen(function* () {
      yield* login
      const errors = yield* Effect.all(
        Array.from({ length: 100 }, () => Effect.flip(listBoards)),
        { concurrency: "unbounded" }
      )
      assert.isTrue(errors.every(({ reason }) => reason._tag === "Unauthorized"))
      assert.isAtMost((yield* apiCalls).length, 200)
      assert.strictEqual((yield* refreshes).length, (yield* record()).record.generation - 1)
      assert.isUndefined((yield* record()).record.refused)
    }).pipe(Effect.provide(Layer.provideMerge(Miro, Layer.merge(refuseAll, TokenStorage.layerMemory))))
  )

  it.effect("a 403 refreshes nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* login
      yield* sandbox.respondNext(HttpServerResponse.empty({ status: 403 }), { path: "/v2/boards" })
      assert.strictEqual((yield* Effect.flip(listBoards)).reason._tag, "Forbidden")
      assert.strictEqual((yield* refreshes).length, 0)
    }).pipe(Effect.provide(Everything))
  )
})

describe("a storage that fails", () => {
  const Unreliable = Layer.provideMerge(Miro, Layer.merge(UnreliableStorage, MiroSandbox.layerHttpClient))

  it.effect("to read or to write before the refresh: the refresh token is not spent", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      yield* login
      yield* expire
      yield* Ref.set(outage.reads, 2)
      assert.strictEqual((yield* Effect.flip(listBoards)).reason._tag, "TokenStorageFailure")
      yield* Ref.set(outage.writes, 1)
      assert.strictEqual((yield* Effect.flip(listBoards)).reason._tag, "TokenStorageFailure")
      assert.strictEqual((yield* refreshes).length, 0)
      yield* listBoards
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("to say that it has written the lease: this process knows it for its own, and waits for nobody", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      yield* login
      yield* expire
      yield* Ref.set(outage.lostReplies, 1)
      yield* listBoards
      assert.strictEqual(yield* Ref.get(outage.lostReplies), 0)
      assert.strictEqual((yield* refreshes).length, 1)
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("to read once is not noticed: reading again costs nothing", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      yield* login
      yield* Ref.set(outage.reads, 1)
      yield* listBoards
      assert.strictEqual(yield* Ref.get(outage.reads), 0)
    }).pipe(Effect.provide(Unreliable))
  )

  for (const times of [1, 2, 3, 4, 5]) {
    it.effect(
      `to write ${times} times after the refresh: the tokens are stored in the end, before anyone uses them`,
      () =>
        Effect.gen(function* () {
          const outage = yield* Outage
          yield* login
          yield* expire
          const client = yield* onTokenResponse(Ref.set(outage.writes, times))
          const call = yield* listBoards.pipe(
            Effect.provide(Layer.fresh(Miro)),
            Effect.provideService(HttpClient.HttpClient, client),
            Effect.forkChild
          )
          yield* passUntilEnd(call)
          assert.strictEqual((yield* refreshes).length, 1)
          assert.strictEqual((yield* record()).record.generation, 2)
          assert.deepStrictEqual(
            (yield* apiCalls).map(({ status }) => status),
            [401, 200]
          )
        }).pipe(Effect.provide(Unreliable))
    )
  }

  it.effect("to say that it has written: the tokens are found there, and not revoked as somebody else's", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* login
      yield* expire
      const client = yield* onTokenResponse(Ref.set(outage.lostReplies, 1))
      const call = yield* listBoards.pipe(
        Effect.provide(Layer.fresh(Miro)),
        Effect.provideService(HttpClient.HttpClient, client),
        Effect.forkChild
      )
      yield* passUntilEnd(call)
      assert.strictEqual((yield* refreshes).length, 1)
      assert.isFalse((yield* sandbox.ledger).some(({ path }) => path === "/v2/oauth/revoke"))
      yield* listBoards
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("to say that it has written: what was refreshed since is not ended with what it replaced", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* login
      yield* expire
      const client = yield* onTokenResponse(Ref.set(outage.lostReplies, 1))
      const call = yield* listBoards.pipe(
        Effect.provide(Layer.fresh(Miro)),
        Effect.provideService(HttpClient.HttpClient, client),
        Effect.forkChild
      )
      while ((yield* record()).record.generation < 2) yield* Effect.yieldNow
      yield* expire
      yield* anotherProcess(listBoards)
      yield* passUntilEnd(call)
      assert.isFalse((yield* sandbox.ledger).some(({ path }) => path === "/v2/oauth/revoke"))
      assert.strictEqual((yield* record()).record.generation, 3)
      yield* anotherProcess(listBoards)
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("to write after a login is tried again, since the code is spent", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      yield* Ref.set(outage.writes, 3)
      const fiber = yield* Effect.forkChild(login)
      yield* passUntilEnd(fiber)
      yield* listBoards
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("to say that it has written after a login: what was refreshed since is not replaced by what is spent", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      const storage = yield* TokenStorage.TokenStorage
      yield* Ref.set(outage.lostReplies, 1)
      const fiber = yield* Effect.forkChild(login)
      while (Option.isNone(yield* storage.get("default"))) yield* Effect.yieldNow
      yield* expire
      yield* anotherProcess(listBoards)
      yield* passSeconds(1)
      yield* Fiber.join(fiber)
      assert.strictEqual((yield* record()).record.generation, 2)
      yield* listBoards
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("to write for ever after the refresh: typed, and stored with the next call that can", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      yield* login
      yield* expire
      const client = yield* onTokenResponse(Ref.set(outage.writes, 1_000_000))
      yield* Effect.gen(function* () {
        const call = yield* Effect.forkChild(Effect.flip(listBoards))
        yield* passSeconds(10)
        assert.strictEqual((yield* Fiber.join(call)).reason._tag, "TokenStorageFailure")
        yield* Ref.set(outage.writes, 0)
        yield* listBoards
      }).pipe(Effect.provide(Layer.fresh(Miro)), Effect.provideService(HttpClient.HttpClient, client))
      assert.strictEqual((yield* refreshes).length, 1)
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("to write for a while after the refresh: the tokens are stored without being asked for", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      yield* login
      yield* expire
      const client = yield* onTokenResponse(Ref.set(outage.writes, 1_000_000))
      yield* Effect.gen(function* () {
        const call = yield* Effect.forkChild(Effect.flip(listBoards))
        yield* passSeconds(30)
        assert.strictEqual((yield* Fiber.join(call)).reason._tag, "TokenStorageFailure")
        assert.strictEqual((yield* record()).record.generation, 1)
        yield* Ref.set(outage.writes, 0)
        yield* passSeconds(3)
        assert.strictEqual((yield* record()).record.generation, 2)
      }).pipe(Effect.provide(Layer.fresh(Miro)), Effect.provideService(HttpClient.HttpClient, client))
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect(
    "to write until the user has logged in again: what is kept is let go, and the login not refreshed for it",
    () =>
      Effect.gen(function* () {
        const outage = yield* Outage
        yield* login
        yield* expire
        const failing = yield* Ref.make(1_000_000)
        // With the first response, which is that to the refresh.
        const client = yield* onTokenResponse(
          Effect.flatMap(Ref.getAndSet(failing, 0), (times) => Ref.set(outage.writes, times))
        )
        yield* Effect.gen(function* () {
          const call = yield* Effect.forkChild(Effect.flip(listBoards))
          yield* passUntilEnd(call)
          yield* Ref.set(outage.writes, 0)
          yield* login
          const { record: loggedIn } = yield* record()
          yield* listBoards
          yield* passSeconds(3)
          yield* listBoards
          assert.deepStrictEqual((yield* record()).record, loggedIn)
        }).pipe(Effect.provide(Layer.fresh(Miro)), Effect.provideService(HttpClient.HttpClient, client))
        assert.strictEqual((yield* refreshes).length, 1)
      }).pipe(Effect.provide(Unreliable))
  )

  it.effect("to write until the program ends gets the tokens at its end, if it can by then", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      yield* login
      yield* expire
      const client = yield* onTokenResponse(Ref.set(outage.writes, 1_000_000))
      yield* Effect.gen(function* () {
        const call = yield* Effect.forkChild(Effect.flip(listBoards))
        yield* passUntilEnd(call)
        yield* Ref.set(outage.writes, 0)
      }).pipe(Effect.provide(Layer.fresh(Miro)), Effect.provideService(HttpClient.HttpClient, client))
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Unreliable))
  )

  it.effect("to hold what was put in is a typed error, and is not overwritten", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      const garbage = Redacted.make("{")
      yield* storage.compareAndSet("default", Option.none(), Option.some(garbage))
      const { reason } = yield* Effect.flip(listBoards)
      assert.isTrue(reason._tag === "TokenStorageFailure" && reason.method === "get")
      assert.strictEqual(Redacted.value(Option.getOrThrow(yield* storage.get("default")).record), "{")
    }).pipe(Effect.provide(Everything))
  )

  it.effect("by mixing up users is found out", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      yield* MiroClient.as(login, "anna")
      const annas = Option.getOrThrow(yield* storage.get("anna"))
      yield* storage.compareAndSet("ben", Option.none(), Option.some(annas.record))
      const { reason } = yield* Effect.flip(listBoards).pipe(MiroClient.as("ben"))
      assert.strictEqual(reason._tag, "TokenStorageFailure")
      assert.strictEqual((yield* apiCalls).length, 0)
    }).pipe(Effect.provide(Everything))
  )
})

describe("while a refresh is under way", () => {
  const during = <E>(happening: Effect.Effect<unknown, E, Layer.Success<typeof Everything>>) =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      const everything = yield* Effect.context<Layer.Success<typeof Everything>>()
      const client = yield* onTokenResponse(Effect.orDie(Effect.provideContext(happening, everything)))
      return yield* Effect.result(listBoards).pipe(
        Effect.provide(Layer.fresh(Miro)),
        Effect.provideService(HttpClient.HttpClient, client)
      )
    })

  it.effect("a logout wins, and the new tokens are not left alive", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      const sandbox = yield* MiroSandbox.MiroSandbox
      const logout = Effect.gen(function* () {
        const { version } = yield* record()
        yield* storage.compareAndSet("default", Option.some(version), Option.none())
      })
      const result = yield* during(logout)
      assert.isTrue(Result.isFailure(result) && result.failure.reason._tag === "AuthorizationRequired")
      assert.isTrue(Option.isNone(yield* storage.get("default")))
      assert.strictEqual((yield* sandbox.ledger).filter(({ path }) => path === "/v2/oauth/revoke").length, 1)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("a new login wins", () =>
    Effect.gen(function* () {
      const fromLogin = yield* Ref.make<ReadonlyArray<TokenRecord.TokenRecord>>([])
      const again = Effect.gen(function* () {
        yield* login
        yield* Ref.set(fromLogin, [(yield* record()).record])
      })
      assert.isTrue(Result.isSuccess(yield* during(again)))
      const [loggedIn] = yield* Ref.get(fromLogin)
      assert.isDefined(loggedIn)
      const { record: after } = yield* record()
      assert.strictEqual(Redacted.value(after.accessToken), Redacted.value(loggedIn.accessToken))
      assert.isUndefined(after.refreshing)
      yield* listBoards
    }).pipe(Effect.provide(Everything))
  )
})

it.effect("secrets travel in the body, and no URL ever has one", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    yield* login
    yield* expire
    yield* listBoards
    const { record: after } = yield* record()
    const secrets = [after.accessToken, after.refreshToken].flatMap((secret) =>
      secret === undefined ? [] : [Redacted.value(secret)]
    )
    for (const { path, query } of yield* sandbox.ledger) {
      assert.isFalse([...secrets, "sandbox-secret"].some((secret) => `${path}?${query}`.includes(secret)))
    }
    assert.strictEqual(
      (yield* tokenCalls).every(({ contentType }) => contentType === "application/x-www-form-urlencoded"),
      true
    )
  }).pipe(Effect.provide(Everything))
)
