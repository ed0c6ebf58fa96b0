/** A refresh is made for everyone, so that it is nobody's own. */
import { assert, describe, it } from "@effect/vitest"
import {
  ByteSize,
  Clock,
  Deferred,
  Duration,
  Effect,
  Exit,
  Fiber,
  Layer,
  Logger,
  Option,
  Random,
  Redacted,
  References,
  Scope
} from "effect"
import { AccessToken, Boards, MiroClient, MiroOAuth, RateLimit, Retry, Telemetry, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpClient, HttpIncomingMessage, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { skewed } from "../../support/clock.ts"
import { Everything, login, Miro, passSeconds, record, refreshes, Shared } from "../support.ts"
import * as Lifetime from "../../../src/auth/record/lifetime.ts"

const listBoards = Boards.list()

const expire = MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)

const isTokenCall = (url: string) => url.endsWith("/v1/oauth/token")

describe("a caller with settings of its own", () => {
  it.effect("has no part in the refresh that it begins, but its place in the trace", () =>
    Effect.gen(function* () {
      const clock = yield* Effect.service(Clock.Clock)
      const seen: Array<unknown> = []
      const look = Effect.gen(function* () {
        seen.push([
          yield* Clock.Clock,
          yield* RateLimit.RateLimit,
          yield* Retry.Retry,
          yield* Telemetry.TracePropagation,
          yield* FetchHttpClient.Fetch,
          yield* MiroOAuth.Deadline,
          yield* References.MinimumLogLevel,
          yield* Random.Random
        ])
      })
      const client = HttpClient.transform(yield* HttpClient.HttpClient, (response, request) =>
        isTokenCall(request.url) ? Effect.andThen(look, response) : response
      )
      const limiter: RateLimit.Limiter = { ...RateLimit.none }
      yield* Effect.gen(function* () {
        yield* login
        seen.length = 0
        yield* expire
        yield* AccessToken.AccessToken.use(({ get, refresh }) => Effect.flatMap(get, (stale) => refresh(stale)))
        const accessToken = yield* AccessToken.AccessToken
        const stale = yield* accessToken.get
        yield* accessToken.refresh(stale).pipe(
          Effect.provideService(Clock.Clock, skewed(clock, 1e6)),
          Effect.provideService(RateLimit.RateLimit, limiter),
          Retry.provide(Retry.none),
          Effect.provideService(Telemetry.TracePropagation, true),
          Effect.provideService(FetchHttpClient.Fetch, () => Promise.reject(new Error("own"))),
          Effect.provideService(MiroOAuth.Deadline, Duration.millis(1)),
          Effect.provideService(References.MinimumLogLevel, "Fatal"),
          Random.withSeed("own")
        )
      }).pipe(Effect.provide(Layer.fresh(Miro)), Effect.provideService(HttpClient.HttpClient, client))
      assert.strictEqual(seen.length, 2)
      assert.deepStrictEqual(seen[1], seen[0])
    }).pipe(Effect.provide(Shared))
  )

  for (const size of [0, 10]) {
    it.effect(`cannot lose the new tokens by a size cap of ${size} bytes, nor can a login`, () =>
      Effect.gen(function* () {
        yield* login
        yield* expire
        yield* Effect.flip(listBoards)
        assert.strictEqual((yield* record()).record.generation, 2)
      }).pipe(Effect.provide(Everything), Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(size)))
    )
  }
})

describe("MiroOAuth.Deadline", () => {
  const silentTokens = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      Effect.service(HttpClient.HttpClient),
      HttpClient.transform((response, request) => {
        const isRefresh =
          request.body._tag === "Uint8Array" && new TextDecoder().decode(request.body.body).includes("=refresh_token")
        return isRefresh ? Effect.never : response
      })
    )
  ).pipe(Layer.provideMerge(Shared))

  const deadline = Layer.succeed(MiroOAuth.Deadline, Duration.seconds(3))
  const toAll = Layer.provide(Miro, deadline)
  const toOAuth = MiroClient.layer().pipe(
    Layer.provideMerge(AccessToken.layerOAuth),
    Layer.provideMerge(
      Layer.unwrap(Effect.map(Effect.service(MiroSandbox.Settings), MiroOAuth.layer)).pipe(Layer.provide(deadline))
    )
  )

  for (const [name, layer] of [
    ["the client", toAll],
    ["MiroOAuth", toOAuth]
  ] as const) {
    it.effect(`holds for refreshes when it is provided to the layer of ${name}, and for their leases`, () =>
      Effect.gen(function* () {
        yield* login
        yield* expire
        const call = yield* listBoards.pipe(
          Retry.provide(Retry.none),
          Effect.flip,
          Effect.forkChild({ startImmediately: true })
        )
        yield* Effect.repeat(Effect.yieldNow, { times: 100 })
        assert.strictEqual((yield* record()).record.refreshing?.lease, 6000)
        yield* TestClock.adjust("2900 millis")
        assert.isUndefined(call.pollUnsafe())
        yield* TestClock.adjust("200 millis")
        const { reason } = yield* Fiber.join(call)
        assert.isTrue(reason._tag === "RefreshFailed" && reason.description.includes("3s"))
      }).pipe(Effect.provide(Layer.provideMerge(layer, silentTokens)))
    )
  }
})

describe("a MiroOAuth.Deadline that nobody should set", () => {
  it.effect.each([
    ["without end", Duration.infinity, "7200000"],
    ["of a year", Duration.days(365), "7200000"],
    ["of nothing", Duration.zero, "2000"],
    ["that is over before", Duration.seconds(-5), "2000"]
  ] as const)("makes no lease that never ends, or ends before it is used: %s", ([, deadline, lease]) =>
    Effect.gen(function* () {
      const leases: Array<string> = []
      const storage = yield* TokenStorage.TokenStorage
      const observed = TokenStorage.TokenStorage.of({
        get: storage.get,
        compareAndSet: (user, expected, next) => {
          const text = Option.getOrElse(Option.map(next, Redacted.value), () => "")
          leases.push(...(/(?<="lease":)\d+/.exec(text) ?? []))
          return storage.compareAndSet(user, expected, next)
        }
      })
      yield* Effect.gen(function* () {
        yield* login
        yield* expire
        yield* listBoards
        const unauthorized = HttpServerResponse.empty({ status: 401 })
        yield* MiroSandbox.MiroSandbox.use(({ respondNext }) => respondNext(unauthorized, { path: "/v2/oauth/revoke" }))
        yield* MiroOAuth.revoke
      }).pipe(
        Effect.provide(Layer.fresh(Miro).pipe(Layer.provide(Layer.succeed(MiroOAuth.Deadline, deadline)))),
        Effect.provideService(TokenStorage.TokenStorage, observed)
      )
      assert.deepStrictEqual(leases, [lease, lease])
    }).pipe(Effect.provide(Shared))
  )
})

describe("users who logged in together", () => {
  it.effect("are refreshed apart: in no tenth of the margin more than a third of them", () =>
    Effect.gen(function* () {
      const count = 200
      const users = Array.from({ length: count }, (_, index) => `user ${index}`)
      yield* Effect.forEach(users, (user) => MiroClient.as(login, user))
      yield* TestClock.adjust("59 minutes")
      const perSixSeconds: Array<number> = []
      for (let step = 0; step < 10; step++) {
        const before = (yield* refreshes).length
        // As another process would find it, at the same time.
        const records = yield* Effect.forEach(users, record)
        const now = yield* Clock.currentTimeMillis
        const due = records.filter(({ record }) => Lifetime.isStale(record, now)).length
        yield* Effect.forEach(users, (user) => MiroClient.as(listBoards, user))
        perSixSeconds.push((yield* refreshes).length - before)
        assert.strictEqual(perSixSeconds.at(-1), due)
        yield* TestClock.adjust("6 seconds")
      }
      assert.strictEqual(
        perSixSeconds.reduce((sum, n) => sum + n, 0),
        count
      )
      assert.isAtMost(Math.max(...perSixSeconds), count / 3)
      // Not a single one in the last seconds, in which a request may find its token expired.
      assert.strictEqual(perSixSeconds[9], 0)
    }).pipe(Effect.provide(Everything))
  )
})

describe("a program that is told to end", () => {
  const ending = (outcome: "responds" | "never responds") =>
    Effect.gen(function* () {
      const logs: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => void logs.push(`${logLevel}: ${String(message)}`))
      const arrival = yield* Deferred.make<void>()
      const asked = yield* Deferred.make<void>()
      yield* Effect.provide(login, Miro)
      yield* expire
      const client = HttpClient.transform(yield* HttpClient.HttpClient, (response, request) =>
        isTokenCall(request.url)
          ? Effect.tap(response, Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(arrival))).pipe(
              outcome === "responds" ? (effect) => effect : Effect.uninterruptible
            )
          : response
      )
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Layer.fresh(Miro), scope).pipe(
        Effect.provideService(HttpClient.HttpClient, client),
        Effect.provide(Logger.layer([logger]))
      )
      yield* Effect.forkChild(Effect.provideContext(listBoards, context))
      yield* Deferred.await(asked)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* passSeconds(outcome === "responds" ? 5 : 1)
      assert.isUndefined(closing.pollUnsafe())
      assert.deepStrictEqual(logs, ["Info: Waiting for 1 token refresh to end"])
      return { arrival, closing, logs }
    })

  it.effect("waits for its refreshes, and says for how many", () =>
    Effect.gen(function* () {
      const { arrival, closing } = yield* ending("responds")
      yield* Deferred.succeed(arrival, undefined)
      yield* Fiber.join(closing)
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Shared))
  )

  it.effect("does not wait for ever, and says what may be lost", () =>
    Effect.gen(function* () {
      const { arrival, closing, logs } = yield* ending("never responds")
      for (let second = 0; second < 70; second++) yield* TestClock.adjust("1 second")
      yield* Fiber.join(closing)
      assert.match(logs[1] ?? "", /^Error: Gave up waiting after 1m: 1 token refresh/)
      yield* Deferred.succeed(arrival, undefined)
    }).pipe(Effect.provide(Shared))
  )
})
