import { assert, describe, it } from "@effect/vitest"
import { Data, Effect, Layer, Option, Redacted, References, Logger } from "effect"
import { AccessToken, Boards, MiroClient, MiroError, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { anotherProcess, Everything, login, record, refreshes, rewrite, Shared, tokenCalls } from "../support.ts"

const oauth = MiroOAuth.MiroOAuth

const sandbox = MiroSandbox.MiroSandbox

/** A user goes to Miro and comes back: what the session of the browser has, and where it was sent. */
const visit = Effect.gen(function* () {
  const { codeVerifier, state, url } = yield* oauth.use((oauth) => oauth.authorizationRequest())
  return { session: { codeVerifier, state }, callback: yield* sandbox.use((sandbox) => sandbox.consent(url)) }
})

const revoke = oauth.use((oauth) => oauth.revoke)

const revocations = sandbox.use((sandbox) =>
  Effect.map(sandbox.ledger, (ledger) => ledger.filter(({ path }) => path === "/v2/oauth/revoke"))
)

/** Whether Miro still takes a refresh token. */
const isAlive = (refreshToken: Redacted.Redacted | undefined) =>
  oauth.use((oauth) => Effect.isSuccess(oauth.refresh(refreshToken ?? assert.fail("no refresh token"))))

const respondNext = (response: HttpServerResponse.HttpServerResponse, path: string) =>
  sandbox.use((sandbox) => sandbox.respondNext(response, { path }))

/** The lines that an effect logs from the level of warnings on. */
const logged = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const lines: Array<string> = []
    const logger = Logger.make(({ message }) => void lines.push(String(message)))
    return Effect.as(
      Effect.provideService(Effect.provide(effect, Logger.layer([logger])), References.MinimumLogLevel, "Warn"),
      lines
    )
  })

describe("a session without a state", () => {
  it.effect.each([undefined, { state: undefined }, { state: "" }])(
    "such as %j is turned away for a user who is everybody",
    (options) =>
      Effect.gen(function* () {
        // Somebody who tricks the browser of a user into the end of a login of their own.
        const { callback } = yield* visit
        const { message, method, path, reason } = yield* Effect.flip(
          oauth.use((oauth) => oauth.handleCallback(callback, options))
        )
        assert.isTrue(reason._tag === "CallbackRejected" && reason.problem === "InvalidState")
        assert.deepStrictEqual([method, path], ["", ""])
        assert.notInclude(message, "POST")
        assert.deepStrictEqual(yield* tokenCalls, [])
      }).pipe(Effect.provide(Everything))
  )

  it.effect("is turned away for a user with a key too, if the session should have one", () =>
    Effect.gen(function* () {
      const { callback } = yield* visit
      const { reason } = yield* Effect.flip(oauth.use((oauth) => oauth.handleCallback(callback, { state: undefined })))
      assert.strictEqual(reason._tag, "CallbackRejected")
    }).pipe(MiroClient.as("anna"), Effect.provide(Everything))
  )

  it.effect("that is another's is turned away", () =>
    Effect.gen(function* () {
      const { session } = yield* visit
      const { callback } = yield* visit
      const { reason } = yield* Effect.flip(oauth.use((oauth) => oauth.handleCallback(callback, session)))
      assert.strictEqual(reason._tag, "CallbackRejected")
    }).pipe(Effect.provide(Everything))
  )
})

describe("what is given by mistake", () => {
  it.effect("a bare code to handleCallback: says where it belongs", () =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(oauth.use((oauth) => oauth.handleCallback("a1b2c3", { state: "s" })))
      assert.include(reason.message, "exchangeCode")
    }).pipe(Effect.provide(Everything))
  )

  it.effect.each(["", " ", "a b", "a\r\nb", "é", "x".repeat(2049), "callback?foo=1 2"])(
    "%j, which cannot be a code, to exchangeCode: nothing is sent",
    (code) =>
      Effect.gen(function* () {
        const { reason } = yield* Effect.flip(oauth.use((oauth) => oauth.exchangeCode(code)))
        assert.include(["InvalidInput", "CallbackRejected"], reason._tag)
        assert.deepStrictEqual(yield* tokenCalls, [])
      }).pipe(Effect.provide(Everything))
  )

  it.effect("an empty client secret: says so, and nothing is sent", () =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(oauth.use((oauth) => oauth.exchangeCode("code")))
      assert.strictEqual(reason._tag, "InvalidInput")
      assert.include(reason.message, "clientSecret: must not be empty")
      assert.deepStrictEqual(yield* tokenCalls, [])
    }).pipe(Effect.provide(Everything), Effect.provide(MiroSandbox.layerSettings({ clientSecret: Redacted.make("") })))
  )

  it.effect.each(["", "/callback", "localhost:8000/callback x", "http://localhost/#part"])(
    "the redirect URL %j: says so before the user is sent away",
    (redirectUrl) =>
      Effect.gen(function* () {
        const { reason } = yield* Effect.flip(oauth.use((oauth) => oauth.authorizationRequest()))
        assert.include(reason.message, "redirectUrl: must be a whole URL without a fragment")
      }).pipe(Effect.provide(Everything), Effect.provide(MiroSandbox.layerSettings({ redirectUrl })))
  )
})

it.effect("15,000 logins that are begun and not ended are not remembered for ever", () =>
  Effect.gen(function* () {
    const begin = oauth.use((oauth) => oauth.authorizeUrl())
    const mine = yield* begin.pipe(MiroClient.as("anna"))
    const first = yield* begin.pipe(MiroClient.as("mallory"))
    yield* Effect.forEach(Array.from({ length: 15_000 }), () => begin.pipe(MiroClient.as("mallory")), { discard: true })
    const { reason } = yield* Effect.flip(
      oauth
        .use((oauth) => oauth.handleCallback(`/callback${new URL(first).search}&code=1`))
        .pipe(MiroClient.as("mallory"))
    )
    assert.strictEqual(reason._tag, "CallbackRejected")
    // The one of another user is still good.
    const callback = yield* sandbox.use((sandbox) => sandbox.consent(mine))
    yield* oauth.use((oauth) => oauth.handleCallback(callback)).pipe(MiroClient.as("anna"))
  }).pipe(Effect.provide(Everything))
)

describe("revoke", () => {
  it.effect("of a user whose access token has expired refreshes it, and ends the grant", () =>
    Effect.gen(function* () {
      yield* login
      const { refreshToken } = (yield* record()).record
      yield* respondNext(HttpServerResponse.empty({ status: 401 }), "/v2/oauth/revoke")
      yield* revoke
      assert.deepStrictEqual(
        (yield* revocations).map(({ status }) => status),
        [401, 204]
      )
      assert.isFalse(yield* isAlive(refreshToken))
      assert.isTrue(Option.isNone(yield* TokenStorage.TokenStorage.use((storage) => storage.get("default"))))
    }).pipe(Effect.provide(Everything))
  )

  it.effect.each([400, 401, 404])("that is refused with %i also for a new token fails, and keeps it", (status) =>
    Effect.gen(function* () {
      yield* login
      for (const _ of [1, 2]) yield* respondNext(HttpServerResponse.empty({ status }), "/v2/oauth/revoke")
      const { reason } = yield* Effect.flip(revoke)
      assert.include(["InvalidRequest", "Unauthorized", "NotFound"], reason._tag)
      // Not spent for nothing.
      assert.strictEqual((yield* record()).record.generation, 2)
      yield* revoke
    }).pipe(Effect.provide(Everything))
  )

  it.effect.each([
    ["429, after a refresh whose outcome nobody knows", 429, true, true],
    ["429", 429, false, false],
    ["503", 503, false, true]
  ] as const)("whose refresh fails leaves what is known of the refresh token: %s", ([, status, before, after]) =>
    Effect.gen(function* () {
      yield* login
      if (before) {
        yield* rewrite((record) => ({ ...record, refreshing: { owner: "a dead process", since: 0, lease: 0 } }))
      }
      yield* respondNext(HttpServerResponse.empty({ status: 401 }), "/v2/oauth/revoke")
      yield* respondNext(HttpServerResponse.empty({ status }), "/v1/oauth/token")
      yield* Effect.flip(revoke)
      const { refreshing } = (yield* record()).record
      assert.strictEqual(refreshing?.lease, after ? 0 : undefined)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("with a wrong client secret fails, and the grant is there for another attempt", () =>
    Effect.gen(function* () {
      yield* anotherProcess(login)
      const settings = yield* MiroSandbox.Settings
      const wrong = MiroOAuth.layer({ ...settings, clientSecret: Redacted.make("wrong") })
      const { reason } = yield* Effect.flip(Effect.provide(revoke, Layer.fresh(wrong)))
      assert.notStrictEqual(reason._tag, "AuthorizationRequired")
      assert.isUndefined((yield* record()).record.refused)
      yield* anotherProcess(revoke)
      assert.strictEqual((yield* revocations).at(-1)?.status, 204)
    }).pipe(Effect.provide(Shared))
  )

  it.effect("of a user who has removed the app at Miro removes the tokens, and says what is not certain", () =>
    Effect.gen(function* () {
      yield* login
      yield* sandbox.use((sandbox) => sandbox.revokeGrants)
      const lines = yield* logged(revoke)
      assert.strictEqual(lines.filter((line) => line.includes("the grant may have ended")).length, 1)
      assert.isTrue(Option.isNone(yield* TokenStorage.TokenStorage.use((storage) => storage.get("default"))))
    }).pipe(Effect.provide(Everything))
  )

  it.effect("of a record that cannot be read removes it, and says that its grant may live", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      yield* storage.compareAndSet("default", Option.none(), Option.some(Redacted.make("{ cut")))
      const lines = yield* logged(revoke)
      assert.strictEqual(lines.filter((line) => line.includes("the grant may go on")).length, 1)
      assert.isTrue(Option.isNone(yield* storage.get("default")))
    }).pipe(Effect.provide(Everything))
  )

  it.effect("after five logins leaves no grant", () =>
    Effect.gen(function* () {
      const tokens: Array<Redacted.Redacted | undefined> = []
      for (let count = 0; count < 5; count++) {
        yield* login
        tokens.push((yield* record()).record.refreshToken)
      }
      assert.deepStrictEqual(yield* Effect.forEach(tokens.slice(0, 4), isAlive), [false, false, false, false])
      yield* Boards.list()
      yield* revoke
      assert.isFalse(yield* isAlive(tokens[4]))
    }).pipe(Effect.provide(Everything))
  )
})

describe("a login that replaces another one", () => {
  it.effect("stands if that cannot be revoked, which the log says", () =>
    Effect.gen(function* () {
      yield* login
      yield* respondNext(HttpServerResponse.empty({ status: 503 }), "/v2/oauth/revoke")
      const lines = yield* logged(login)
      assert.strictEqual(lines.filter((line) => line.includes("could not be revoked")).length, 1)
      yield* Boards.list()
    }).pipe(Effect.provide(Everything))
  )

  it.effect("ends it though its access token has expired", () =>
    Effect.gen(function* () {
      yield* login
      const { refreshToken } = (yield* record()).record
      yield* respondNext(HttpServerResponse.empty({ status: 401 }), "/v2/oauth/revoke")
      yield* login
      assert.isFalse(yield* isAlive(refreshToken))
      yield* Boards.list()
    }).pipe(Effect.provide(Everything))
  )

  it.effect("replaces a record that cannot be read", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      yield* storage.compareAndSet("default", Option.none(), Option.some(Redacted.make("{ cut")))
      yield* login
      yield* Boards.list()
    }).pipe(Effect.provide(Everything))
  )
})

describe("requireUser", () => {
  const Strict = Layer.provideMerge(
    Layer.unwrap(
      Effect.map(Effect.service(MiroSandbox.Settings), (settings) =>
        MiroOAuth.layer({ ...settings, requireUser: true })
      )
    ),
    Shared
  )
  const Client = MiroClient.layer().pipe(Layer.provideMerge(AccessToken.layerOAuth), Layer.provideMerge(Strict))

  it.effect("makes a call for nobody an error before anything is sent", () =>
    Effect.gen(function* () {
      const calls: ReadonlyArray<Effect.Effect<unknown, MiroError.MiroError, Layer.Success<typeof Client>>> = [
        Boards.list(),
        Boards.create({ name: "Retro" }),
        revoke,
        oauth.use((oauth) => oauth.isAuthorized),
        oauth.use((oauth) => oauth.authorizeUrl()),
        oauth.use((oauth) => oauth.handleCallback("/callback?code=1&state=1", { state: "1" })),
        oauth.use((oauth) => oauth.exchangeCode("code")),
        oauth.use((oauth) => oauth.adopt({ accessToken: Redacted.make("token") }))
      ]
      for (const call of calls) {
        const { reason } = yield* Effect.flip(call)
        assert.strictEqual(reason._tag, "InvalidInput")
        assert.include(reason.message, "MiroClient.as")
        // Such as an id that a session has not got.
        assert.strictEqual((yield* Effect.flip(MiroClient.as(call, ""))).reason._tag, "InvalidInput")
      }
      assert.deepStrictEqual(yield* sandbox.use((sandbox) => sandbox.ledger), [])
    }).pipe(Effect.provide(Client))
  )

  it.effect("lets calls for somebody through, and logins that find out who it is", () =>
    Effect.gen(function* () {
      yield* MiroClient.as(login, "anna")
      yield* MiroClient.as(Boards.list(), "anna")
      const { callback, session } = yield* visit
      const { user } = yield* oauth.use((oauth) =>
        oauth.handleCallback(callback, { ...session, userOf: ({ userId }) => Effect.succeed(`miro-${userId}`) })
      )
      assert.match(user, /^miro-\d+$/)
      yield* MiroClient.as(Boards.list(), user)
    }).pipe(Effect.provide(Client))
  )
})

describe("a login whose user is known only afterwards", () => {
  class Banned extends Data.TaggedError("Banned")<{ readonly userId: string | undefined }> {}

  it.effect("is stored under the key that is found for who has authorized the app", () =>
    Effect.gen(function* () {
      const { callback, session } = yield* visit
      const { user, userId } = yield* oauth.use((oauth) =>
        oauth.handleCallback(callback, { ...session, userOf: ({ userId }) => Effect.succeed(`miro:${userId}`) })
      )
      assert.strictEqual(user, `miro:${userId}`)
      yield* MiroClient.as(Boards.list(), user)
      assert.isTrue(Option.isNone(yield* TokenStorage.TokenStorage.use((storage) => storage.get("default"))))
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is revoked if the program does not want that user, whose own error comes through", () =>
    Effect.gen(function* () {
      const { callback, session } = yield* visit
      const error = yield* Effect.flip(
        oauth.use((oauth) =>
          oauth.handleCallback(callback, { ...session, userOf: ({ userId }) => Effect.fail(new Banned({ userId })) })
        )
      )
      assert.strictEqual(error._tag, "Banned")
      assert.deepStrictEqual(
        (yield* revocations).map(({ status }) => status),
        [204]
      )
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is revoked if finding the user is interrupted or dies", () =>
    Effect.gen(function* () {
      for (const userOf of [() => Effect.interrupt, () => Effect.die("gone")]) {
        const { callback, session } = yield* visit
        yield* Effect.exit(oauth.use((oauth) => oauth.handleCallback(callback, { ...session, userOf })))
      }
      assert.deepStrictEqual(
        (yield* revocations).map(({ status }) => status),
        [204, 204]
      )
    }).pipe(Effect.provide(Everything))
  )
})

describe("adopt", () => {
  const issued = sandbox.use((sandbox) => sandbox.issueTokens())

  it.effect("takes over tokens of another system, and refreshes them from then on", () =>
    Effect.gen(function* () {
      const tokens = yield* issued
      const authorization = yield* oauth.use((oauth) => oauth.adopt({ ...tokens, scopes: ["boards:read"] }))
      assert.strictEqual(authorization.userId, tokens.userId)
      yield* Boards.list()
      assert.strictEqual((yield* refreshes).length, 0)
      yield* TestClock.adjust("1 hour")
      yield* Boards.list()
      assert.strictEqual((yield* refreshes).length, 1)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("takes tokens whose lifetime is not known, or over", () =>
    Effect.gen(function* () {
      const { accessToken, refreshToken } = yield* issued
      yield* sandbox.use((sandbox) => sandbox.expireAccessTokens)
      yield* oauth.use((oauth) => oauth.adopt({ accessToken, refreshToken }))
      yield* Boards.list()
      const again = yield* issued
      yield* oauth.use((oauth) => oauth.adopt({ ...again, expiresIn: 0 }))
      yield* Boards.list()
      assert.strictEqual((yield* refreshes).length, 2)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("wins over a refresh that is under way, whose tokens are revoked", () =>
    Effect.gen(function* () {
      yield* login
      const tokens = yield* issued
      yield* rewrite((record) => ({ ...record, refreshing: { owner: "another process", since: 0, lease: 60_000 } }))
      yield* oauth.use((oauth) => oauth.adopt(tokens))
      const { record: stored } = yield* record()
      assert.strictEqual(stored.generation, 2)
      assert.isUndefined(stored.refreshing)
      assert.deepStrictEqual(stored.accessToken, tokens.accessToken)
    }).pipe(Effect.provide(Everything))
  )

  it.effect.each([
    ["accessToken", { accessToken: Redacted.make("") }],
    ["accessToken", { accessToken: Redacted.make("a b") }],
    // No call could be made with it.
    ["accessToken", { accessToken: Redacted.make("a,b") }],
    ["refreshToken", { accessToken: Redacted.make("a"), refreshToken: Redacted.make("\r\n") }],
    ["expiresIn", { accessToken: Redacted.make("a"), expiresIn: Number.NaN }],
    ["expiresIn", { accessToken: Redacted.make("a"), expiresIn: -1 }]
  ] as const)("refuses what is no %s, and stores nothing", ([name, adoption]) =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(oauth.use((oauth) => oauth.adopt(adoption)))
      assert.isTrue(reason._tag === "InvalidInput")
      assert.include(reason.message, `${name}: must be`)
      assert.isTrue(Option.isNone(yield* TokenStorage.TokenStorage.use((storage) => storage.get("default"))))
    }).pipe(Effect.provide(Everything))
  )
})
