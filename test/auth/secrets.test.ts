import { assert, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, Metric, Option, Redacted, References, Tracer } from "effect"
import { AccessToken, Boards, MiroClient, MiroOAuth, Retry, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpClient, HttpClientError, HttpClientRequest, HttpServerResponse } from "effect/http"
import { inspect } from "node:util"
import { login, Miro, OAuth, record, Shared } from "./support.ts"

const json = (value: unknown) =>
  JSON.stringify(value, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)) ?? ""

/** Everything that a program could show to somebody: its logs, its spans and its errors. */
const shown = Effect.fnUntraced(function* <A, E, R>(program: Effect.Effect<A, E, R>) {
  const texts: Array<string> = []
  const show = (value: unknown) => {
    texts.push(String(value), json(value), inspect(value, { depth: 20, showHidden: true }))
  }
  const logger = Logger.make(({ cause, fiber, message }) => {
    show(message)
    show(fiber.getRef(References.CurrentLogAnnotations))
    texts.push(Cause.pretty(cause))
  })
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const spans: Array<Tracer.NativeSpan> = []
  const exit = yield* Effect.exit(program).pipe(
    Effect.provide(Logger.layer([logger])),
    Effect.provideService(References.MinimumLogLevel, "All"),
    Effect.tap(Effect.map(Metric.snapshot, show)),
    Effect.provideService(Metric.MetricRegistry, new Map()),
    Effect.withTracer(tracer)
  )
  show(exit)
  if (Exit.isFailure(exit)) {
    texts.push(Cause.pretty(exit.cause))
    for (const error of Cause.prettyErrors(exit.cause)) show(error)
    show(Option.getOrUndefined(Cause.findErrorOption(exit.cause)))
  }
  for (const span of spans) show([span.name, [...span.attributes], span.events, span.status])
  return { exit, spans, text: texts.join("\n") }
})

const canary = "canary-token"
const canaries = [canary, "sandbox-secret", "eyJtaXJvLm9yaWdpbiI6ImV1MDEifQ_"]

const assertNoSecret = (text: string) => {
  for (const secret of canaries) assert.notInclude(text, secret)
}

const Everything = Layer.provideMerge(Miro, Shared)

it.effect("authorizing, calling and refreshing show no secret, at any log level", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    const { exit, spans, text } = yield* shown(
      Effect.gen(function* () {
        yield* login
        yield* Boards.list()
        yield* sandbox.expireAccessTokens
        yield* Boards.list()
        yield* MiroOAuth.revoke
      })
    )
    assert.isTrue(Exit.isSuccess(exit))
    assert.include(
      spans.map(({ name }) => name),
      "Miro.Boards.list"
    )
    assertNoSecret(text)
  }).pipe(Effect.provide(Everything))
)

it.effect("a token endpoint that repeats what it was sent gives nothing away", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    yield* login
    const { record: stored } = yield* record()
    assert.isDefined(stored.refreshToken)
    const echo = `client_secret=sandbox-secret&refresh_token=${Redacted.value(stored.refreshToken)}`
    const responses = [
      HttpServerResponse.text(echo, { status: 502 }),
      HttpServerResponse.text(echo, { status: 200 }),
      HttpServerResponse.jsonUnsafe(
        { code: "oauthError", message: echo, context: { fields: [{ field: echo, message: echo }] } },
        { status: 400 }
      )
    ]
    for (const response of responses) {
      yield* sandbox.expireAccessTokens
      yield* sandbox.respondNext(response, { path: "/v1/oauth/token" })
      const { exit, text } = yield* shown(Boards.list())
      assert.isTrue(Exit.isFailure(exit))
      assertNoSecret(text)
    }
    const code = "canary-token-code"
    yield* sandbox.respondNext(HttpServerResponse.text(`code=${code}`, { status: 400 }), { path: "/v1/oauth/token" })
    const { exit, text } = yield* shown(MiroOAuth.exchangeCode(code))
    assert.isTrue(Exit.isFailure(exit))
    assertNoSecret(text)
  }).pipe(Retry.provide(Retry.none), Effect.provide(Everything))
)

it.effect("tokens that are issued with an error are secret like any others", () =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    const bodies = [
      JSON.stringify({ code: "oauthError", message: "issued new.1", access_token: "new.1", refresh_token: "new.2/3" }),
      JSON.stringify({ message: "of no use: new.2\\/3", data: [{ access_token: "new.1", refreshToken: "new.2/3" }] }),
      `{"access_token":"new.1","message":"new.1 and new.2/3","refresh_token":"new.2\\/3`,
      "access_token=new.1&refresh_token=new.2%2F3&error=new.1%20new.2/3"
    ]
    for (const status of [400, 403, 500]) {
      for (const body of bodies) {
        yield* sandbox.respondNext(HttpServerResponse.text(body, { status }), { path: "/v1/oauth/token" })
        const { exit, text } = yield* shown(MiroOAuth.exchangeCode("a-code"))
        assert.isTrue(Exit.isFailure(exit))
        for (const secret of ["new.1", "new.2", "2/3", "2%2F3"]) assert.notInclude(text, secret)
      }
    }
  }).pipe(Effect.provide(Everything))
)

it.effect("a token that no header can carry is refused without being shown", () =>
  Effect.gen(function* () {
    for (const token of [`${canary}\r\nx: y`, `${canary} `, "", `${canary}é`]) {
      const { exit, text } = yield* shown(Boards.list()).pipe(
        Effect.provide(MiroClient.layer()),
        Effect.provide(AccessToken.layer(Redacted.make(token)))
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.include(text, "InvalidInput")
      assertNoSecret(text)
    }
    assert.strictEqual((yield* MiroSandbox.MiroSandbox.use((sandbox) => sandbox.ledger)).length, 0)
  }).pipe(Effect.provide(MiroSandbox.layerHttpClient))
)

it.effect("a driver that quotes the record in its errors gives nothing away", () =>
  Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const quoting = TokenStorage.TokenStorage.of({
      get: storage.get,
      compareAndSet: (_user, _expected, next) => {
        const cause = new Error(`insert failed: ${Redacted.value(Option.getOrThrow(next))}`)
        return Effect.fail(new TokenStorage.TokenStorageError({ cause }))
      }
    })
    yield* Effect.provide(login, Miro)
    yield* MiroSandbox.MiroSandbox.use((sandbox) => sandbox.expireAccessTokens)
    const { exit, text } = yield* shown(Boards.list()).pipe(
      Effect.provide(Layer.fresh(Miro)),
      Effect.provideService(TokenStorage.TokenStorage, quoting)
    )
    assert.isTrue(Exit.isFailure(exit))
    assert.include(text, "insert failed")
    assertNoSecret(text)
  }).pipe(Effect.provide(Shared))
)

it.effect("a fault of the network that quotes the request gives nothing away", () =>
  Effect.gen(function* () {
    const faulty = HttpClient.make((request) =>
      Effect.fail(
        new HttpClientError.HttpClientError({
          reason: new HttpClientError.TransportError({
            request,
            cause: new TypeError("fetch failed", { cause: new Error(`bad header ${request.headers["authorization"]}`) })
          })
        })
      )
    )
    const { exit, text } = yield* shown(
      MiroClient.execute(HttpClientRequest.post("/v2/boards")).pipe(
        Effect.provide(MiroClient.layer()),
        Effect.provide(AccessToken.layer(Redacted.make(canary))),
        Effect.provideService(HttpClient.HttpClient, faulty)
      )
    )
    assert.isTrue(Exit.isFailure(exit))
    assert.include(text, "bad header Bearer <redacted>")
    assertNoSecret(text)
  })
)

it.effect("the services themselves show no secret", () =>
  Effect.gen(function* () {
    const everything = yield* Layer.build(Layer.merge(OAuth, AccessToken.layer(Redacted.make(canary))))
    assertNoSecret(inspect(everything, { depth: 20 }))
    assertNoSecret(JSON.stringify(everything))
  }).pipe(Effect.provide(Shared))
)
