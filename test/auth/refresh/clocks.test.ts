import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Fiber, Layer, Option, Result } from "effect"
import { Boards, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { skewed } from "../../support/clock.ts"
import { anotherProcess, apiCalls, login, Miro, passSeconds, record, refreshes, rewrite } from "../support.ts"

const Everything = Layer.provideMerge(
  Miro,
  Layer.merge(
    TokenStorage.layerMemory,
    Layer.provide(MiroSandbox.layerHttpClient, MiroSandbox.layerSettings({ reuse: "revokeGrant" }))
  )
)

const listBoards = Boards.list()

const expire = MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)

const minutes = 60_000

/** A process on a machine whose clock is wrong by so many milliseconds, while Miro's is right. */
const onMachine = (skew: number) =>
  Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof Miro>>) {
    const clock = yield* Effect.service(Clock.Clock)
    const client = HttpClient.transform(yield* HttpClient.HttpClient, (response) =>
      Effect.provideService(response, Clock.Clock, clock)
    )
    return yield* anotherProcess(effect).pipe(
      Effect.provideService(HttpClient.HttpClient, client),
      Effect.provideService(Clock.Clock, skewed(clock, skew))
    )
  })

/** A login on such a machine. */
const loginOn = (skew: number) =>
  Effect.andThen(
    login,
    rewrite((record) => ({ ...record, receivedAt: record.receivedAt + skew }))
  )

describe("machines whose clocks differ by up to 20 minutes", () => {
  for (const [ours, theirs] of [
    [-10 * minutes, 10 * minutes],
    [10 * minutes, -10 * minutes],
    [0, 10 * minutes],
    [0, -10 * minutes]
  ] as const) {
    it.effect(`wait for the one that refreshes: ${ours / minutes} and ${theirs / minutes} minutes`, () =>
      Effect.gen(function* () {
        yield* loginOn(ours)
        yield* expire
        const asked = yield* Deferred.make<void>()
        const arrival = yield* Deferred.make<void>()
        const slow = HttpClient.transform(yield* HttpClient.HttpClient, (response, request) =>
          request.url.endsWith("/v1/oauth/token")
            ? Effect.tap(response, Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(arrival)))
            : response
        )
        const first = yield* onMachine(ours)(listBoards).pipe(
          Effect.provideService(HttpClient.HttpClient, slow),
          Effect.forkChild
        )
        yield* Deferred.await(asked)
        const second = yield* Effect.forkChild(onMachine(theirs)(listBoards))
        yield* passSeconds(25)
        assert.strictEqual((yield* refreshes).length, 1)
        yield* Deferred.succeed(arrival, undefined)
        yield* passSeconds(1)
        yield* Fiber.join(first)
        yield* Fiber.join(second)
        assert.strictEqual((yield* refreshes).length, 1)
        assert.strictEqual((yield* record()).record.generation, 2)
      }).pipe(Effect.provide(Everything))
    )

    it.effect(`take over from a dead one in time: ${ours / minutes} and ${theirs / minutes} minutes`, () =>
      Effect.gen(function* () {
        yield* loginOn(ours)
        yield* expire
        const since = (yield* Clock.currentTimeMillis) + ours
        yield* rewrite((record) => ({ ...record, refreshing: { owner: "a dead process", since, lease: 60_000 } }))
        const call = yield* Effect.forkChild(onMachine(theirs)(listBoards))
        yield* passSeconds(59)
        const early = (yield* refreshes).length
        yield* passSeconds(2)
        yield* Fiber.join(call)
        assert.strictEqual(early, 0)
        assert.strictEqual((yield* refreshes).length, 1)
      }).pipe(Effect.provide(Everything))
    )

    it.effect(`refresh once a lifetime: ${ours / minutes} and ${theirs / minutes} minutes`, () =>
      Effect.gen(function* () {
        yield* loginOn(ours)
        for (let minute = 0; minute < 600; minute += 5) {
          yield* onMachine(ours)(listBoards)
          yield* onMachine(theirs)(listBoards)
          yield* TestClock.adjust("5 minutes")
        }
        assert.isAtMost((yield* refreshes).length, 15)
        // One whose clock is slow can be surprised by a 401, once a lifetime, and then it refreshes.
        assert.isAtMost((yield* apiCalls).filter(({ status }) => status !== 200).length, 15)
      }).pipe(Effect.provide(Everything))
    )
  }

  it.effect("take over a mark that is old by anyone's clock after a moment, in which its holder could come back", () =>
    Effect.gen(function* () {
      yield* login
      yield* TestClock.adjust("90 minutes")
      yield* rewrite((record) => ({ ...record, refreshing: { owner: "a dead process", since: 0, lease: 60_000 } }))
      const call = yield* Effect.forkChild(listBoards)
      yield* passSeconds(2.5)
      assert.strictEqual((yield* refreshes).length, 0)
      yield* passSeconds(1)
      yield* Fiber.join(call)
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(Everything))
  )
})

describe("a clock that is set", () => {
  for (const jump of [-10 * minutes, 10 * minutes]) {
    it.effect(`by ${jump / minutes} minutes costs at most one refresh`, () =>
      Effect.gen(function* () {
        yield* login
        yield* TestClock.adjust("30 minutes")
        yield* listBoards
        yield* onMachine(jump)(
          Effect.gen(function* () {
            for (let minute = 0; minute < 50; minute++) {
              yield* listBoards
              yield* TestClock.adjust("1 minute")
            }
          })
        )
        assert.isAtMost((yield* refreshes).length, 1)
      }).pipe(Effect.provide(Everything))
    )
  }
})

describe("a process that is held up", () => {
  it.effect("between taking the lease and using it looks again, and presents nothing that another has spent", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      const clock = yield* Effect.service(Clock.Clock)
      yield* login
      yield* expire
      const taken = yield* Deferred.make<void>()
      const goOn = yield* Deferred.make<void>()
      let slept = 0n
      const suspended = TokenStorage.TokenStorage.of({
        get: storage.get,
        compareAndSet: (user, expected, next) =>
          Effect.tap(storage.compareAndSet(user, expected, next), () =>
            Effect.andThen(Deferred.succeed(taken, undefined), Deferred.await(goOn))
          )
      })
      const itsClock: Clock.Clock = Object.create(clock, {
        monotonicTimeNanosUnsafe: { value: () => clock.monotonicTimeNanosUnsafe() + slept }
      })
      const call = yield* anotherProcess(listBoards).pipe(
        Effect.provideService(TokenStorage.TokenStorage, suspended),
        Effect.provideService(Clock.Clock, itsClock),
        Effect.forkChild
      )
      yield* Deferred.await(taken)
      assert.isDefined((yield* record()).record.refreshing)
      // It is taken for dead, and another refreshes.
      yield* rewrite((record) => ({ ...record, refreshing: { owner: "another process", since: 0, lease: 0 } }))
      yield* listBoards
      assert.strictEqual((yield* record()).record.generation, 2)
      slept = 61_000_000_000n
      yield* Deferred.succeed(goOn, undefined)
      yield* Fiber.join(call)
      assert.deepStrictEqual(
        (yield* refreshes).map(({ status }) => status),
        [200]
      )
    }).pipe(Effect.provide(Everything))
  )
})

describe("a storage that hangs", () => {
  it.effect("is a typed failure after ten seconds, and nothing was spent", () =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      const storage = yield* TokenStorage.TokenStorage
      const hanging = TokenStorage.TokenStorage.of({ get: storage.get, compareAndSet: () => Effect.never })
      const call = yield* Effect.result(anotherProcess(listBoards)).pipe(
        Effect.provideService(TokenStorage.TokenStorage, hanging),
        Effect.forkChild
      )
      yield* passSeconds(11)
      const result = yield* Fiber.join(call)
      assert.isTrue(Result.isFailure(result) && result.failure.reason._tag === "TokenStorageFailure")
      assert.strictEqual((yield* refreshes).length, 0)
      assert.isTrue(Option.isSome(yield* storage.get("default")))
    }).pipe(Effect.provide(Everything))
  )
})
