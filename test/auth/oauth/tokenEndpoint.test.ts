/** What the token endpoint may say, and what becomes of the users to whom it says it. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Logger, Redacted, References } from "effect"
import { Boards, MiroClient, MiroOAuth, Retry } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { Everything, login, Miro, record, refreshes, Shared } from "../support.ts"

const listBoards = Boards.list()

const once = Retry.provide(Retry.none)

const respondToRefresh = (response: HttpServerResponse.HttpServerResponse) =>
  MiroSandbox.MiroSandbox.use((sandbox) => sandbox.respondNext(response, { path: "/v1/oauth/token" }))

const expire = MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)

const html = "<html><body><h1>Forbidden</h1>invalid_grant is not what this page is about</body></html>"

const miro = (status: number, message: string, code = "oauthError") =>
  JSON.stringify({ status, code, message, type: "error" })

const json = "application/json"

/** What neither means the user nor, for all that is known, anybody else. */
const bodies: ReadonlyArray<readonly [name: string, contentType: string, body: string]> = [
  ["nothing", "text/plain", ""],
  ["a page", "text/html", html],
  ["JSON of another shape", json, '{"detail":"Not here","fault":{"code":7}}'],
  ["JSON that is no object", json, '["invalid_grant"]'],
  ["half of a JSON", json, '{"error":"invalid_gr'],
  ["Miro's envelope with another code", json, miro(401, "Invalid token", "tokenNotProvided")]
]

const headers: ReadonlyArray<Record<string, string>> = [
  {},
  { "retry-after": "86400" },
  { "www-authenticate": 'Bearer error="invalid_token"' }
]

const statuses = [400, 401, 403, 404, 405, 407, 409, 413, 418, 429, 451, 500, 502, 503, 504, 520, 302, 200]

const transient = statuses.flatMap((status, index) =>
  bodies.map(([name, contentType, body], at) => ({
    name: `${status} with ${name}`,
    response: HttpServerResponse.text(body, { status, contentType, headers: headers[(index + at) % headers.length] })
  }))
)

const ofApp = [
  ...["invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_request", "invalid_scope"].flatMap(
    (error) => [
      { name: `400 with ${error}`, status: 400, body: JSON.stringify({ error }) },
      {
        name: `401 with ${error}`,
        status: 401,
        body: JSON.stringify({ error, error_description: "The token is not…" })
      }
    ]
  ),
  ...["Client not found", "Invalid client secret", "Redirect URI mismatch.", "Unsupported grant type"].map(
    (message) => ({
      name: `Miro's "${message}"`,
      status: 401,
      body: miro(401, message)
    })
  )
]

const ofGrant = [
  { name: "400 with invalid_grant", status: 400, body: '{"error":"invalid_grant"}' },
  { name: "401 with invalid_grant", status: 401, body: '{"error":"invalid_grant","code":400,"message":"no"}' },
  ...["Invalid refresh token", "Refresh token expired.", "Invalid authorization code", "Token not found"].map(
    (message) => ({ name: `Miro's "${message}"`, status: 401, body: miro(401, message) })
  )
]

const responseOf = ({ body, status }: { readonly body: string; readonly status: number }) =>
  HttpServerResponse.text(body, { status, contentType: json })

describe("a token endpoint that responds once", () => {
  it.effect.each(transient)("$name: the next call goes on, without a login", ({ response }) =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      yield* respondToRefresh(response)
      const error = yield* Effect.flip(once(listBoards))
      assert.strictEqual(error.reason._tag, "RefreshFailed")
      assert.isUndefined((yield* record()).record.refused)
      // A server may ask for a pause of up to a minute.
      yield* TestClock.adjust("1 minute")
      yield* once(listBoards)
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Everything))
  )

  it.effect.each(ofApp)("$name: it is the app's fault, which is said aloud, and no user's", (shape) =>
    Effect.gen(function* () {
      const logs: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => void logs.push(`${logLevel} ${String(message)}`))
      yield* Effect.gen(function* () {
        yield* login
        yield* expire
        yield* respondToRefresh(responseOf(shape))
        const error = yield* Effect.flip(listBoards)
        assert.strictEqual(error.reason._tag, "AppRejected")
        assert.isFalse(error.isRetryable)
        const { record: after } = yield* record()
        assert.isUndefined(after.refused)
        assert.isUndefined(after.refreshing)
        assert.isTrue(yield* MiroOAuth.MiroOAuth.use(({ isAuthorized }) => isAuthorized))
        // Somebody corrects the settings.
        yield* TestClock.adjust("1 minute")
        yield* listBoards
      }).pipe(Effect.provide(Everything), Effect.provide(Logger.layer([logger])))
      assert.deepStrictEqual(
        logs.map((log) => /^Error the token endpoint refuses the app: .*client secret/.test(log)),
        [true]
      )
    })
  )

  it.effect.each(ofGrant)("$name: the user has to authorize the app again", (shape) =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      yield* respondToRefresh(responseOf(shape))
      assert.strictEqual((yield* Effect.flip(listBoards)).reason._tag, "ReauthorizationRequired")
      assert.isFalse(yield* MiroOAuth.MiroOAuth.use(({ isAuthorized }) => isAuthorized))
      // And if that was a mistake: nothing is asked for a minute, and then it heals.
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual((yield* Effect.flip(listBoards)).reason._tag, "ReauthorizationRequired")
      assert.strictEqual((yield* refreshes).length, 1)
      yield* TestClock.adjust("1 second")
      yield* listBoards
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Everything))
  )
})

describe("a wrong client secret", () => {
  const wrong = Miro.pipe(
    Layer.provide(
      Layer.effect(
        MiroSandbox.Settings,
        Effect.map(Effect.service(MiroSandbox.Settings), (settings) => ({
          ...settings,
          clientSecret: Redacted.make("wrong")
        }))
      )
    ),
    Layer.fresh
  )

  it.effect("ends nobody's authorization, however many users meet it", () =>
    Effect.gen(function* () {
      const users = Array.from({ length: 50 }, (_, index) => `user ${index}`)
      yield* Effect.forEach(users, (user) => MiroClient.as(login, user))
      yield* expire
      const errors = yield* Effect.forEach(users, (user) => Effect.flip(MiroClient.as(listBoards, user)), {
        concurrency: "unbounded"
      }).pipe(Effect.provide(wrong), Effect.provideService(References.MinimumLogLevel, "None"))
      assert.isTrue(errors.every(({ reason }) => reason._tag === "AppRejected"))
      yield* Effect.forEach(users, (user) => MiroClient.as(listBoards, user))
    }).pipe(Effect.provide(Layer.provideMerge(Miro, Shared)))
  )

  it.effect("a mark that was set with it is tried again at once with another one", () =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      yield* respondToRefresh(HttpServerResponse.jsonUnsafe({ error: "invalid_grant" }, { status: 400 }))
      const { reason } = yield* Effect.flip(listBoards).pipe(Effect.provide(wrong))
      assert.strictEqual(reason._tag, "ReauthorizationRequired")
      const { app } = (yield* record()).record.refused ?? assert.fail("not marked")
      assert.match(app ?? "", /^[0-9a-f]{8}$/)
      assert.isTrue(yield* MiroOAuth.MiroOAuth.use(({ isAuthorized }) => isAuthorized))
      yield* listBoards
      assert.strictEqual((yield* record()).record.generation, 2)
    }).pipe(Effect.provide(Layer.provideMerge(Miro, Shared)))
  )
})

describe("a grant that is gone", () => {
  it.effect("is asked for ever more rarely: at most 40 times in a day of calls", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* login
      yield* sandbox.revokeGrants
      for (let minute = 0; minute < 24 * 60; minute++) {
        assert.strictEqual((yield* Effect.flip(listBoards)).reason._tag, "ReauthorizationRequired")
        yield* TestClock.adjust("1 minute")
      }
      const count = (yield* refreshes).length
      assert.isAtLeast(count, 24)
      assert.isAtMost(count, 40)
    }).pipe(Effect.provide(Everything))
  )
})

describe("a token endpoint that is down", () => {
  const down = HttpServerResponse.text(html, { status: 503, contentType: "text/html" })

  const goDown = (times: number) => Effect.replicateEffect(respondToRefresh(down), times, { discard: true })

  it.effect("gets a few requests of 200 calls, and the calls say when to try again", () =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      yield* goDown(200)
      const errors = yield* Effect.replicateEffect(Effect.flip(once(listBoards)), 200)
      assert.isTrue(errors.every(({ reason }) => reason._tag === "RefreshFailed"))
      assert.isTrue(errors.slice(1).every(({ retryAfter }) => Duration.toMillis(retryAfter ?? Duration.zero) > 0))
      assert.isAtMost((yield* refreshes).length, 2)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("gets a few requests of 200 users", () =>
    Effect.gen(function* () {
      const users = Array.from({ length: 200 }, (_, index) => `user ${index}`)
      yield* Effect.forEach(users, (user) => MiroClient.as(login, user))
      yield* expire
      yield* goDown(400)
      yield* Effect.forEach(users, (user) => Effect.flip(MiroClient.as(once(listBoards), user)))
      assert.isAtMost((yield* refreshes).length, 3)
      // After each pause one request finds out whether it works again.
      for (let second = 0; second < 100; second++) {
        yield* TestClock.adjust("1 second")
        yield* Effect.forEach(users.slice(0, 20), (user) => Effect.flip(MiroClient.as(once(listBoards), user)), {
          concurrency: "unbounded"
        })
      }
      assert.isAtMost((yield* refreshes).length, 12)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is left alone for as long as it asks for", () =>
    Effect.gen(function* () {
      yield* login
      yield* expire
      const headers = { "retry-after": "40" }
      yield* respondToRefresh(HttpServerResponse.text(html, { status: 503, contentType: "text/html", headers }))
      const error = yield* Effect.flip(once(listBoards))
      assert.strictEqual(Duration.toSeconds(error.retryAfter ?? Duration.zero), 40)
      yield* TestClock.adjust("39 seconds")
      yield* Effect.flip(once(listBoards))
      assert.strictEqual((yield* refreshes).length, 1)
      yield* TestClock.adjust("1 second")
      yield* once(listBoards)
    }).pipe(Effect.provide(Everything))
  )

  it.effect("fails a call whose token was refused as one that was not processed, though it was sent", () =>
    Effect.gen(function* () {
      yield* login
      yield* MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)
      yield* goDown(1)
      const error = yield* Effect.flip(once(Boards.create({ name: "Retro" })))
      assert.strictEqual(error.reason._tag, "RefreshFailed")
      assert.isTrue(error.isRetryable)
      assert.include(error.message, "not processed")
      const sandbox = yield* MiroSandbox.MiroSandbox
      assert.deepStrictEqual(
        (yield* sandbox.ledger).filter(({ path }) => path === "/v2/boards").map(({ status }) => status),
        [401]
      )
    }).pipe(Effect.provide(Everything))
  )

  it.effect("fails a POST as one that was not processed, which is repeated once it works again", () =>
    Effect.gen(function* () {
      yield* login
      yield* TestClock.adjust("2 hours")
      yield* goDown(1)
      const error = yield* Effect.flip(once(Boards.create({ name: "Retro" })))
      assert.strictEqual(error.reason._tag, "RefreshFailed")
      assert.isTrue(error.isRetryable)
      assert.include(error.message, "not processed")
      yield* goDown(2)
      const created = yield* Effect.forkChild(Boards.create({ name: "Retro" }))
      for (let second = 0; second < 20; second++) {
        yield* Effect.replicateEffect(Effect.yieldNow, 50)
        yield* TestClock.adjust("1 second")
      }
      yield* Fiber.join(created)
      const sandbox = yield* MiroSandbox.MiroSandbox
      assert.deepStrictEqual(
        (yield* sandbox.ledger).filter(({ path }) => path === "/v2/boards").map(({ status }) => status),
        [201]
      )
    }).pipe(Effect.provide(Everything))
  )

  it.effect("is nobody's problem while the token lives", () =>
    Effect.gen(function* () {
      yield* login
      yield* goDown(10)
      yield* TestClock.adjust("3590 seconds")
      yield* Effect.replicateEffect(listBoards, 10)
      assert.isAtMost((yield* refreshes).length, 2)
    }).pipe(Effect.provide(Everything))
  )
})
