/** Endpoints that respond `401` to good tokens, and what that costs everyone else. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Layer, Random, Redacted, Ref, Stream } from "effect"
import { AccessToken, Boards, MiroClient, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpClient, HttpClientRequest, HttpClientResponse, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { anotherProcess, apiCalls, dawdle, login, Miro, record, refreshes, slowHttp } from "../support.ts"

const listBoards = Boards.list()

const expire = MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)

const refused = (id = "1") => MiroClient.execute(HttpClientRequest.get(`/v2/boards/refuses-${id}`))

const unauthorized = (request: HttpClientRequest.HttpClientRequest) =>
  HttpClientResponse.fromWeb(request, new Response(null, { status: 401 }))

/** The sandbox, with endpoints that always respond 401. */
const refusing = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(
    Effect.service(HttpClient.HttpClient),
    HttpClient.transform((response, request) =>
      request.url.includes("refuses") ? Effect.as(Effect.yieldNow, unauthorized(request)) : response
    )
  )
)

const over = (settings: Partial<MiroSandbox.Settings> = {}) =>
  Miro.pipe(
    Layer.provideMerge(refusing),
    Layer.provideMerge(slowHttp),
    Layer.provideMerge(MiroSandbox.layerHttpClient),
    Layer.provideMerge(TokenStorage.layerMemory),
    Layer.provide(MiroSandbox.layerSettings({ reuse: "revokeGrant", creditsPerMinute: 1e9, ...settings }))
  )

describe("an endpoint that refuses a token which was just issued", () => {
  it.effect("costs one refresh for 100 calls, also of several processes", () =>
    Effect.gen(function* () {
      yield* login
      yield* listBoards
      for (let call = 0; call < 100; call++) {
        const ours = Effect.flip(refused())
        const error = call % 2 === 0 ? yield* ours : yield* anotherProcess(ours)
        assert.strictEqual(error.reason._tag, "Unauthorized")
      }
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(over()))
  )

  it.effect("is asked again after a minute, two, four and so on up to an hour", () =>
    Effect.gen(function* () {
      yield* login
      for (let minute = 0; minute < 12 * 60; minute++) {
        yield* Effect.flip(refused())
        yield* TestClock.adjust("1 minute")
      }
      // 12 of these are for tokens that expired.
      assert.isAtMost((yield* refreshes).length, 12 + 18)
    }).pipe(Effect.provide(over()))
  )

  it.effect("says nothing of the others: a token that dies is refreshed for them at once, however soon", () =>
    Effect.gen(function* () {
      yield* login
      yield* Effect.flip(refused())
      for (let death = 1; death <= 20; death++) {
        yield* expire
        yield* listBoards
        yield* Effect.flip(refused())
        assert.strictEqual((yield* refreshes).length, 1 + death)
      }
    }).pipe(Effect.provide(over()))
  )

  it.effect("is one of many: after three of them no further one costs a refresh", () =>
    Effect.gen(function* () {
      yield* login
      for (let id = 0; id < 50; id++) yield* Effect.flip(refused(String(id)))
      assert.strictEqual((yield* refreshes).length, 3)
    }).pipe(Effect.provide(over()))
  )

  it.effect("fails none of 15 good fibers beside it, whose tokens live for a second", () =>
    Effect.gen(function* () {
      yield* login
      const isOver = yield* Ref.make(false)
      const calls = yield* Ref.make(0)
      const fiber = <E>(call: Effect.Effect<unknown, E, MiroClient.MiroClient>) =>
        Effect.gen(function* () {
          const failures: Array<E> = []
          while (!(yield* Ref.get(isOver))) {
            yield* Effect.catch(call, (error) => Effect.sync(() => failures.push(error)))
            yield* Ref.update(calls, (count) => count + 1)
            yield* dawdle
          }
          return failures
        })
      const seconds = 8
      const all = yield* Effect.forkChild(
        Effect.all(
          [
            ...Array.from({ length: 15 }, () => fiber(listBoards)),
            ...Array.from({ length: 4 }, () => fiber(refused()))
          ],
          {
            concurrency: "unbounded"
          }
        )
      )
      for (let step = 0; step < seconds * 50; step++) {
        yield* Effect.replicateEffect(Effect.yieldNow, 20)
        yield* TestClock.adjust("20 millis")
      }
      yield* Ref.set(isOver, true)
      yield* Effect.replicateEffect(Effect.yieldNow, 500)
      const exit = all.pollUnsafe()
      assert.isTrue(exit !== undefined && Exit.isSuccess(exit))
      const failures = exit !== undefined && Exit.isSuccess(exit) ? exit.value : []
      assert.deepStrictEqual(failures.slice(0, 15).flat(), [])
      assert.isTrue(
        failures
          .slice(15)
          .flat()
          .every(({ reason }) => reason._tag === "Unauthorized")
      )
      assert.isAbove(yield* Ref.get(calls), 400)
      // A token is renewed in the last tenth of its life.
      const rotations = Math.ceil(seconds / 0.9)
      assert.isAtMost((yield* refreshes).length, rotations + 1)
    }).pipe(Effect.provide(over({ accessTokenLifetime: "1 second" })), Random.withSeed("refusers"))
  )
})

describe("a call whose token is rotated under it", () => {
  it.effect("again and again goes on with the newest one, and costs no refresh", () =>
    Effect.gen(function* () {
      yield* login
      const rotate = anotherProcess(
        AccessToken.AccessToken.use(({ get, refresh }) => Effect.flatMap(get, (stale) => refresh(stale)))
      )
      const rotations = yield* Ref.make(3)
      const context = yield* Effect.context<Layer.Success<ReturnType<typeof over>>>()
      // Between a request being on its way and its arrival another process refreshes.
      const client = HttpClient.transform(yield* HttpClient.HttpClient, (response, request) =>
        request.url.includes("/v2/boards")
          ? Effect.flatMap(
              Ref.getAndUpdate(rotations, (left) => Math.max(0, left - 1)),
              (left) =>
                Effect.andThen(left > 0 ? Effect.orDie(Effect.provideContext(rotate, context)) : Effect.void, response)
            )
          : response
      )
      yield* anotherProcess(listBoards).pipe(Effect.provideService(HttpClient.HttpClient, client))
      assert.deepStrictEqual(
        (yield* apiCalls).map(({ status }) => status),
        [401, 401, 401, 200]
      )
      assert.strictEqual((yield* refreshes).length, 3)
      assert.isUndefined((yield* record()).record.refusers)
    }).pipe(Effect.provide(over()))
  )
})

describe("a request that can be sent only once", () => {
  const upload = Effect.suspend(() =>
    MiroClient.execute(
      HttpClientRequest.post("/v2/boards").pipe(
        HttpClientRequest.bodyStream(Stream.make(new TextEncoder().encode('{"name":"Retro"}')), {
          contentType: "application/json"
        })
      )
    )
  )

  it.effect("is lost with a dead token, but not the next one", () =>
    Effect.gen(function* () {
      yield* login
      for (let death = 1; death <= 5; death++) {
        yield* expire
        assert.strictEqual((yield* Effect.flip(upload)).reason._tag, "Unauthorized")
        yield* upload
        yield* upload
        assert.strictEqual((yield* refreshes).length, death)
      }
    }).pipe(Effect.provide(over()))
  )

  it.effect("costs one refresh if its endpoint refuses good tokens", () =>
    Effect.gen(function* () {
      yield* login
      const refusedUpload = MiroClient.execute(
        HttpClientRequest.post("/v2/boards/refuses").pipe(HttpClientRequest.bodyStream(Stream.make(new Uint8Array(3))))
      )
      for (let call = 0; call < 20; call++) yield* Effect.flip(refusedUpload)
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(over()))
  )

  it.effect("waits for a refresh that is under way, and takes its token", () =>
    Effect.gen(function* () {
      yield* login
      const arrival = yield* Deferred.make<void>()
      const client = HttpClient.transform(yield* HttpClient.HttpClient, (response, request) =>
        request.url.endsWith("/v1/oauth/token") ? Effect.tap(response, Deferred.await(arrival)) : response
      )
      yield* Effect.gen(function* () {
        const accessToken = yield* AccessToken.AccessToken
        const old = yield* accessToken.get
        yield* Effect.forkChild(accessToken.refresh(old), { startImmediately: true })
        const uploading = yield* Effect.forkChild(upload, { startImmediately: true })
        yield* Effect.replicateEffect(Effect.yieldNow, 50)
        // Another process looks at the lease instead.
        const another = yield* Effect.forkChild(anotherProcess(upload), { startImmediately: true })
        yield* Effect.replicateEffect(Effect.yieldNow, 200)
        assert.strictEqual((yield* apiCalls).length, 0)
        yield* Deferred.succeed(arrival, undefined)
        for (let step = 0; step < 20; step++) {
          yield* Effect.replicateEffect(Effect.yieldNow, 100)
          yield* TestClock.adjust("50 millis")
        }
        assert.isTrue([uploading, another].every((fiber) => fiber.pollUnsafe()?._tag === "Success"))
      }).pipe(Effect.provide(Layer.fresh(Miro)), Effect.provideService(HttpClient.HttpClient, client))
      assert.deepStrictEqual(
        (yield* apiCalls).map(({ status }) => status),
        [201, 201]
      )
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(over()))
  )

  it.effect("is not sent with a token that is about to expire", () =>
    Effect.gen(function* () {
      yield* login
      yield* TestClock.adjust("3541 seconds")
      yield* upload
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(over()))
  )
})

it.effect("an endpoint that refuses once, for a reason of its own, is good again with the next call", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    yield* login
    const once = HttpServerResponse.empty({ status: 401 })
    yield* sandbox.respondNext(once, { path: "/v2/boards" })
    yield* listBoards
    assert.isUndefined((yield* record()).record.refusers)
    assert.notStrictEqual(Redacted.value((yield* record()).record.accessToken), "")
  }).pipe(Effect.provide(over()))
)
