import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Fiber, Layer, Option, Redacted } from "effect"
import { AccessToken, Boards, type MiroError, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { inspect } from "node:util"
import { login, Miro, passSeconds, record, refreshes, rewrite, Shared } from "../support.ts"

/** What a storage of one's own throws, with all that it had in its hands. */
const thrown = (what: unknown) => Object.assign(new Error(`unexpected state: ${inspect(what)}`), { what })

const textOf = Option.map((record: Redacted.Redacted) => Redacted.value(record))

type Kind = "throws" | "dies" | "interrupts itself"

/** A storage of one's own, whose methods go wrong as often as `left` says, before or while they run. */
const throwing = Effect.fnUntraced(function* (kind: Kind) {
  const storage = yield* TokenStorage.TokenStorage
  const left = { reads: 0, writes: 0 }
  const fail = (method: "reads" | "writes", what: () => unknown) => {
    if (left[method] === 0) return Effect.void
    left[method]--
    if (kind === "throws") throw thrown(what())
    if (kind === "interrupts itself") return Effect.interrupt
    return Effect.sync(() => {
      throw thrown(what())
    })
  }
  let last: unknown
  const service = TokenStorage.TokenStorage.of({
    get: (user) =>
      Effect.andThen(
        fail("reads", () => last),
        storage.get(user)
      ),
    compareAndSet: (user, expected, next) => {
      last = textOf(next)
      return Effect.andThen(
        fail("writes", () => last),
        storage.compareAndSet(user, expected, next)
      )
    }
  })
  return { left, layer: Layer.fresh(Miro).pipe(Layer.provide(Layer.succeed(TokenStorage.TokenStorage, service))) }
})

const assertFailure = (
  exit: Exit.Exit<unknown, { readonly reason: { readonly _tag: string } }>,
  secrets: string,
  kind: Kind
) => {
  assert.isTrue(Exit.isFailure(exit))
  if (Exit.isSuccess(exit)) return
  assert.isFalse(Cause.hasDies(exit.cause) || Cause.hasInterrupts(exit.cause))
  assert.strictEqual(Option.getOrUndefined(Cause.findErrorOption(exit.cause))?.reason._tag, "TokenStorageFailure")
  const text = `${Cause.pretty(exit.cause)} ${inspect(exit, { depth: null })} ${JSON.stringify(exit)}`
  assert.include(text, kind === "interrupts itself" ? "it was interrupted" : "unexpected state")
  for (const secret of secrets.split(" ")) assert.notInclude(text, secret)
}

const secretsOf = Effect.map(record(), ({ record: { accessToken, refreshToken } }) =>
  [accessToken, refreshToken].map((token) => (token === undefined ? "" : Redacted.value(token))).join(" ")
)

describe("a storage of one's own that throws", () => {
  for (const kind of ["throws", "dies", "interrupts itself"] as const) {
    it.effect(`is one that fails, and shows nothing of the record: it ${kind}`, () =>
      Effect.gen(function* () {
        const { layer, left } = yield* throwing(kind)
        yield* Effect.gen(function* () {
          const oauth = yield* MiroOAuth.MiroOAuth
          yield* login
          const secrets = yield* secretsOf
          left.reads = Infinity
          assertFailure(yield* Effect.exit(Boards.list()), secrets, kind)
          assertFailure(yield* Effect.exit(oauth.isAuthorized), secrets, kind)
          assertFailure(yield* Effect.exit(oauth.revoke), secrets, kind)
        }).pipe(Effect.provide(layer))
      }).pipe(Effect.provide(Shared))
    )

    it.effect(`does not lose tokens that were refreshed: it ${kind}`, () =>
      Effect.gen(function* () {
        const { layer, left } = yield* throwing(kind)
        yield* Effect.gen(function* () {
          const sandbox = yield* MiroSandbox.MiroSandbox
          yield* login
          yield* sandbox.expireAccessTokens
          const call = yield* Effect.forkChild(Effect.exit(Boards.list()))
          while ((yield* refreshes).length === 0) yield* Effect.yieldNow
          left.writes = 20
          yield* passSeconds(10)
          assertFailure(yield* Fiber.join(call), yield* secretsOf, kind)
          yield* passSeconds(60)
          assert.strictEqual((yield* record()).record.generation, 2)
          yield* Boards.list()
          assert.strictEqual((yield* refreshes).length, 1)
        }).pipe(Effect.provide(layer))
      }).pipe(Effect.provide(Shared))
    )

    it.effect(`leaves no login alive that it did not store: it ${kind}`, () =>
      Effect.gen(function* () {
        const { layer, left } = yield* throwing(kind)
        yield* Effect.gen(function* () {
          const sandbox = yield* MiroSandbox.MiroSandbox
          left.writes = Infinity
          const fiber = yield* Effect.forkChild(Effect.exit(login))
          yield* passSeconds(10)
          assertFailure(yield* Fiber.join(fiber), "eyJtaXJvLm9yaWdpbiI6ImV1MDEifQ_", kind)
          const ends = (yield* sandbox.ledger).filter(({ path }) => path === "/v2/oauth/revoke")
          assert.deepStrictEqual(
            ends.map(({ status }) => status),
            [204]
          )
        }).pipe(Effect.provide(layer))
      }).pipe(Effect.provide(Shared))
    )
  }

  it.effect("is interrupted like any other, whatever it throws then", () =>
    Effect.gen(function* () {
      const hanging = TokenStorage.TokenStorage.of({
        get: () => Effect.onInterrupt(Effect.never, () => Effect.die(thrown("of no use"))),
        compareAndSet: () => Effect.never
      })
      const call = MiroOAuth.isAuthorized.pipe(
        Effect.provide(Layer.fresh(Miro)),
        Effect.provideService(TokenStorage.TokenStorage, hanging)
      )
      const fiber = yield* Effect.forkChild(call, { startImmediately: true })
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      const exit = yield* Fiber.await(fiber)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
    }).pipe(Effect.provide(Shared))
  )
})

/** How `isAuthorized` fails with a storage of one's own. */
const failureWith = Effect.fnUntraced(function* (storage: TokenStorage.TokenStorage["Service"]) {
  const fiber = yield* MiroOAuth.isAuthorized.pipe(
    Effect.flip,
    Effect.provide(Layer.fresh(Miro)),
    Effect.provideService(TokenStorage.TokenStorage, storage),
    Effect.forkChild
  )
  while (fiber.pollUnsafe() === undefined) yield* passSeconds(1)
  const { reason } = yield* Fiber.join(fiber)
  assert(reason._tag === "TokenStorageFailure")
  return reason
})

/** A storage that gives what its type forbids, as one written in JavaScript may. */
const untyped = (methods: object): TokenStorage.TokenStorage["Service"] => ({
  get: () => Effect.succeedNone,
  compareAndSet: () => Effect.succeed(true),
  ...methods
})

describe("a storage of one's own that gives something of another type", () => {
  const stored = { record: Redacted.make("{}"), version: "1" }

  it.effect.each([
    ["nothing", undefined],
    ["null", null],
    ["a record that is no Option", stored],
    ["null for a record", Option.some(null)],
    ["a text for a record", Option.some("{}")],
    ["a record without its version", Option.some({ record: stored.record })],
    ["a number for a version", Option.some({ ...stored, version: 1 })],
    ["a token in the clear", Option.some({ ...stored, record: "a-token-in-the-clear" })]
  ])("fails, and says what it has to give: %s", ([, found]) =>
    Effect.gen(function* () {
      const { description, method, problem } = yield* failureWith(untyped({ get: () => Effect.succeed(found) }))
      assert.strictEqual(`${method} ${problem}`, "get Unavailable")
      assert.strictEqual(description, "get gave something else than an Option with a redacted record and its version")
    }).pipe(Effect.provide(Shared))
  )

  it.effect("of a write is not taken for a refusal", () =>
    Effect.gen(function* () {
      const storage = untyped({ compareAndSet: () => Effect.void })
      const fiber = yield* MiroOAuth.adopt({ accessToken: Redacted.make("token") }).pipe(
        Effect.flip,
        Effect.provide(Layer.fresh(Miro)),
        Effect.provideService(TokenStorage.TokenStorage, storage),
        Effect.forkChild
      )
      yield* passSeconds(10)
      const { message } = yield* Fiber.join(fiber)
      assert.include(message, "compareAndSet gave something else than true or false")
    }).pipe(Effect.provide(Shared))
  )

  it.effect.each([
    ["a number", () => Effect.succeed(5)],
    ["a failure", () => Effect.fail("no place")],
    ["an interruption", () => Effect.interrupt],
    ["an exception", () => assert.fail("no place")],
    ["a response that never comes", () => Effect.uninterruptible(Effect.never)]
  ])("for a place fails as it would without one: %s", ([, place]) =>
    Effect.gen(function* () {
      const get = () => Effect.fail(new TokenStorage.TokenStorageError({ cause: "refused" }))
      const { description, place: said } = yield* failureWith(untyped({ get, place }))
      assert.strictEqual(description, "refused")
      assert.isUndefined(said)
    }).pipe(Effect.provide(Shared))
  )
})

describe("a storage of one's own that refuses every write", () => {
  /** Its writes are refused from the one on that `refuseFrom` counts, and made all the same if `isMade`. */
  const refusing = Effect.fnUntraced(function* (isMade: boolean) {
    const storage = yield* TokenStorage.TokenStorage
    const state = { writes: 0, refuseFrom: Infinity }
    const service = TokenStorage.TokenStorage.of({
      get: storage.get,
      compareAndSet: (user, expected, next) =>
        Effect.suspend(() => {
          if (++state.writes < state.refuseFrom) return storage.compareAndSet(user, expected, next)
          return isMade ? Effect.as(storage.compareAndSet(user, expected, next), false) : Effect.succeed(false)
        })
    })
    const layer = Layer.fresh(Miro).pipe(Layer.provide(Layer.succeed(TokenStorage.TokenStorage, service)))
    /** From now on, but for so many writes before. */
    const refuse = (after = 0) => {
      state.writes = 0
      state.refuseFrom = after + 1
    }
    return { state, layer, refuse }
  })

  const assertGivesUp = Effect.fnUntraced(function* <A, R>(
    state: { readonly writes: number },
    call: Effect.Effect<A, MiroError.MiroError, R>
  ) {
    const fiber = yield* Effect.forkChild(Effect.flip(call))
    while (fiber.pollUnsafe() === undefined) yield* passSeconds(1)
    const { reason } = yield* Fiber.join(fiber)
    assert(reason._tag === "TokenStorageFailure")
    assert.include(reason.description, "it refused 100 writes")
    assert.isBelow(state.writes, 120)
  })

  it.effect("fails a login, whose tokens are revoked", () =>
    Effect.gen(function* () {
      const { layer, refuse, state } = yield* refusing(false)
      refuse()
      yield* assertGivesUp(state, Effect.provide(login, layer))
      const sandbox = yield* MiroSandbox.MiroSandbox
      assert.strictEqual((yield* sandbox.ledger).at(-1)?.path, "/v2/oauth/revoke")
    }).pipe(Effect.provide(Shared))
  )

  for (const isMade of [false, true]) {
    it.effect(`fails a call before anything is spent${isMade ? ", also when it makes them all the same" : ""}`, () =>
      Effect.gen(function* () {
        const { layer, refuse, state } = yield* refusing(isMade)
        yield* Effect.gen(function* () {
          yield* login
          yield* MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)
          refuse()
          yield* assertGivesUp(state, Boards.list())
          assert.strictEqual((yield* refreshes).length, 0)
        }).pipe(Effect.provide(layer))
      }).pipe(Effect.provide(Shared))
    )
  }

  it.effect("fails a call that has waited for a dead process", () =>
    Effect.gen(function* () {
      const { layer, refuse, state } = yield* refusing(false)
      yield* Effect.gen(function* () {
        yield* login
        yield* MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)
        yield* rewrite((record) => ({ ...record, refreshing: { owner: "a dead process", since: 0, lease: 1000 } }))
        refuse()
        yield* assertGivesUp(state, Boards.list())
      }).pipe(Effect.provide(layer))
    }).pipe(Effect.provide(Shared))
  )

  it.effect("keeps the tokens that were refreshed until it takes them", () =>
    Effect.gen(function* () {
      const { layer, refuse, state } = yield* refusing(false)
      yield* Effect.gen(function* () {
        yield* login
        yield* MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)
        refuse(1)
        const call = yield* Effect.forkChild(Effect.flip(Boards.list()))
        while (call.pollUnsafe() === undefined) yield* passSeconds(1)
        assert.strictEqual((yield* Fiber.join(call)).reason._tag, "TokenStorageFailure")
        state.refuseFrom = Infinity
        yield* passSeconds(3)
        assert.strictEqual((yield* record()).record.generation, 2)
        assert.strictEqual((yield* refreshes).length, 1)
      }).pipe(Effect.provide(layer))
    }).pipe(Effect.provide(Shared))
  )

  it.effect("fails a call whose refresh token Miro refuses", () =>
    Effect.gen(function* () {
      const { layer, refuse, state } = yield* refusing(false)
      yield* Effect.gen(function* () {
        yield* login
        yield* MiroSandbox.MiroSandbox.use((sandbox) => sandbox.revokeGrants)
        refuse(1)
        yield* assertGivesUp(state, Boards.list())
      }).pipe(Effect.provide(layer))
    }).pipe(Effect.provide(Shared))
  )

  it.effect("lets a call go on that only takes down which endpoint refuses good tokens", () =>
    Effect.gen(function* () {
      const { layer, refuse, state } = yield* refusing(false)
      yield* Effect.gen(function* () {
        yield* login
        refuse()
        const { accessToken } = (yield* record()).record
        const { recheck } = yield* AccessToken.AccessToken
        assert(recheck !== undefined)
        assert.deepStrictEqual(yield* recheck(accessToken, "GET /v2/boards"), accessToken)
        assert.isBelow(state.writes, 120)
      }).pipe(Effect.provide(layer))
    }).pipe(Effect.provide(Shared))
  )

  it.effect("fails a call with a record that does not say whose app's it is", () =>
    Effect.gen(function* () {
      const { layer, refuse, state } = yield* refusing(false)
      yield* Effect.gen(function* () {
        yield* login
        const storage = yield* TokenStorage.TokenStorage
        const { record: text, version } = Option.getOrThrow(yield* storage.get("default"))
        const unclaimed = Redacted.make(Redacted.value(text).replace('"clientId"', '"formerly"'))
        yield* storage.compareAndSet("default", Option.some(version), Option.some(unclaimed))
        refuse()
        yield* assertGivesUp(state, Boards.list())
      }).pipe(Effect.provide(layer))
    }).pipe(Effect.provide(Shared))
  )

  it.effect("fails a logout", () =>
    Effect.gen(function* () {
      const { layer, refuse, state } = yield* refusing(false)
      yield* Effect.gen(function* () {
        yield* login
        refuse()
        yield* assertGivesUp(state, MiroOAuth.revoke)
      }).pipe(Effect.provide(layer))
    }).pipe(Effect.provide(Shared))
  )
})

it.effect("a storage that takes longer to write than a lease lasts fails a call before anything is spent", () =>
  Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    yield* Effect.provide(login, Layer.fresh(Miro))
    yield* MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)
    const slow = TokenStorage.TokenStorage.of({
      get: storage.get,
      compareAndSet: (user, expected, next) => Effect.delay(storage.compareAndSet(user, expected, next), "4 seconds")
    })
    const call = yield* Effect.flip(Boards.list()).pipe(
      Effect.provide(Layer.fresh(Miro)),
      Effect.provideService(TokenStorage.TokenStorage, slow),
      Effect.provideService(MiroOAuth.Deadline, Duration.seconds(3)),
      Effect.forkChild
    )
    yield* passSeconds(30)
    const { reason } = yield* Fiber.join(call)
    assert(reason._tag === "TokenStorageFailure")
    assert.include(reason.description, "it took so long to write")
    assert.strictEqual((yield* refreshes).length, 0)
  }).pipe(Effect.provide(Shared))
)

describe("a storage of one's own that hangs, and cannot be interrupted", () => {
  it.effect("fails after ten seconds, and once more for a read", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(failureWith(untyped({ get: () => Effect.uninterruptible(Effect.never) })))
      yield* passSeconds(22)
      assert.strictEqual((yield* Fiber.join(fiber)).description, "no response within 10 seconds")
    }).pipe(Effect.provide(Shared))
  )

  it.effect("does not hold up a caller that is interrupted", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(failureWith(untyped({ get: () => Effect.uninterruptible(Effect.never) })), {
        startImmediately: true
      })
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
    }).pipe(Effect.provide(Shared))
  )
})

describe("the error of a storage", () => {
  const hostile = {
    get message() {
      throw new Error("not for you")
    }
  }

  it.each([
    [undefined, "the storage gave no reason"],
    [null, "the storage gave no reason, but a cause of type object"],
    ["no such key", "no such key"],
    [new Error("refused"), "refused"],
    [{ _tag: "SqlError" }, "SqlError"],
    [hostile, "the storage gave no reason, but a cause of type object"]
  ])("has a message, whatever the cause", (cause, message) => {
    assert.strictEqual(new TokenStorage.TokenStorageError({ cause }).message, message)
  })
})

describe("a storage of one's own that is an instance of a class", () => {
  class Vault {
    readonly name = "vault"
    readonly get = () => Effect.fail(new TokenStorage.TokenStorageError({ cause: "sealed" }))
    readonly set = () => Effect.void
    readonly compareAndSet = () => Effect.succeed(true)
    place(user: string) {
      return Effect.sync(() => `${this.name} of ${user}`)
    }
  }

  const key = Redacted.make("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")
  const inVault = Layer.succeed(TokenStorage.TokenStorage, new Vault())

  it.effect.each<readonly [string, Layer.Layer<TokenStorage.TokenStorage, TokenStorage.InvalidEncryptionKeys>]>([
    ["itself", inVault],
    ["with encryption", Layer.provide(TokenStorage.layerEncrypted({ keys: [{ id: "1", key }] }), inVault)],
    ["by get and set", TokenStorage.layerGetSet(new Vault())]
  ])("says where the record is: %s", ([, layer]) =>
    Effect.gen(function* () {
      const { place } = yield* failureWith(yield* Effect.provide(Effect.service(TokenStorage.TokenStorage), layer))
      assert.strictEqual(place, "vault of default")
    }).pipe(Effect.provide(Shared))
  )
})

it.effect.each([
  ["an object", { message: "value too long" }],
  ["a tagged object", { _tag: "value too long" }],
  ["an object without a prototype", Object.assign(Object.create(null), { message: "value too long" })],
  ["an error", new Error("value too long")]
])("what a driver says shows, but not the record that comes with it: %s", ([, said]) =>
  Effect.gen(function* () {
    const record = Redacted.make('{"accessToken":"a-token-of-anna"}')
    const storage = yield* TokenStorage.TokenStorage
    Object.assign(said, { parameters: [Redacted.value(record)] })
    const error = yield* Effect.flip(storage.compareAndSet("anna", Option.none(), Option.some(record)))
    assert.strictEqual(error.message, "value too long")
    assert.notInclude(inspect(error, { depth: null }), "a-token-of-anna")
  }).pipe(Effect.provide(TokenStorage.layerGetSet({ get: () => Effect.succeedNone, set: () => Effect.fail(said) })))
)
