import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { AccessToken, Boards, MiroClient, MiroOAuth, TokenStorage } from "effect-miro"
import * as http from "../support/http.ts"
import * as payloads from "../support/payloads.ts"

const get = Boards.get({ boardId: "b" })

/** One token that is for this API. */
const tokenOf = (baseUrl: string) =>
  Layer.effect(
    AccessToken.AccessToken,
    Effect.map(Effect.service(AccessToken.AccessToken), (service) => ({ ...service, baseUrl }))
  ).pipe(Layer.provide(AccessToken.layer(http.token)))

const origins = http.Wire.useSync(({ sent }) => sent.map(({ url }) => new URL(url).origin))

const board = http.json(payloads.board)

describe("a token that is for one API", () => {
  it.effect("is sent there, though the client is not told where that is", () =>
    Effect.gen(function* () {
      yield* get
      assert.deepStrictEqual(yield* origins, ["https://eu.example"])
    }).pipe(http.wired(() => board, { accessToken: tokenOf("https://eu.example") }))
  )

  it.effect.each([
    ["https://eu.example", "https://eu.example/"],
    ["https://eu.example:443/", "HTTPS://EU.example"],
    ["https://eu.example/miro/", "https://eu.example/miro"],
    ["http://localhost:80", "http://localhost"]
  ] as const)("of %s is sent to %s, which is the same", ([of, baseUrl]) =>
    Effect.gen(function* () {
      yield* get
      assert.lengthOf(yield* origins, 1)
    }).pipe(http.wired(() => board, { accessToken: tokenOf(of), baseUrl }))
  )

  it.effect.each([
    ["https://eu.example", "https://api.miro.com"],
    ["https://api.miro.com", "https://api.miro.com.evil.example"],
    ["https://api.miro.com", "https://api.miro.com:8443"],
    ["https://eu.example/miro", "https://eu.example"],
    ["https://eu.example/miro", "https://eu.example/MIRO"],
    ["https://localhost", "http://localhost"]
  ] as const)("of %s is not sent to %s", ([of, baseUrl]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "InvalidInput")
      assert.deepStrictEqual(reason.issues, [
        {
          path: ["baseUrl"],
          message: "must be the API that the access tokens are for, unless allowForeignTokens is set"
        }
      ])
      assert.deepStrictEqual(yield* origins, [])
    }).pipe(http.wired(() => board, { accessToken: tokenOf(of), baseUrl }))
  )

  it.effect("is sent to a proxy if that is allowed", () =>
    Effect.gen(function* () {
      yield* get
      assert.deepStrictEqual(yield* origins, ["https://proxy.example"])
    }).pipe(
      http.wired(() => board, {
        accessToken: tokenOf("https://api.miro.com"),
        baseUrl: "https://proxy.example",
        allowForeignTokens: true
      })
    )
  )

  it.effect("is not sent in the clear, though it is for such an API", () =>
    Effect.gen(function* () {
      yield* http.failsWith(get, "InvalidInput")
      assert.deepStrictEqual(yield* origins, [])
    }).pipe(http.wired(() => board, { accessToken: tokenOf("http://eu.example") }))
  )
})

describe("the client of a program with OAuth", () => {
  const environment = ConfigProvider.layer(
    ConfigProvider.fromEnv({
      env: {
        MIRO_CLIENT_ID: "1",
        MIRO_CLIENT_SECRET: "client-secret",
        MIRO_REDIRECT_URL: "https://app.example/callback",
        MIRO_BASE_URL: "https://eu.example"
      }
    })
  )

  const grant = http.json({ access_token: "of-eu", refresh_token: "r", expires_in: 3599, scope: "boards:read" })

  const program = (options?: MiroClient.Options) =>
    Effect.provide(
      MiroClient.layer(options).pipe(
        Layer.provide(AccessToken.layerOAuth),
        Layer.provideMerge(MiroOAuth.layerConfig()),
        Layer.provide(TokenStorage.layerMemory),
        Layer.provide(environment),
        Layer.provideMerge(Layer.suspend(() => http.layerWire(http.script(grant, board))))
      )
    )

  const login = MiroOAuth.exchangeCode("code")

  it.effect("calls the API that issues its tokens", () =>
    Effect.gen(function* () {
      yield* login
      yield* get
      assert.deepStrictEqual(yield* origins, ["https://eu.example", "https://eu.example"])
    }).pipe(program())
  )

  it.effect("calls no other API with them", () =>
    Effect.gen(function* () {
      yield* login
      yield* http.failsWith(get, "InvalidInput")
      assert.deepStrictEqual(yield* origins, ["https://eu.example"])
    }).pipe(program({ baseUrl: "https://api.miro.com" }))
  )
})

it.effect("a fixed token is for any API", () =>
  Effect.gen(function* () {
    yield* get
    assert.deepStrictEqual(yield* origins, ["https://proxy.example"])
  }).pipe(
    http.wired(() => board, {
      accessToken: AccessToken.layer(Redacted.make("fixed")),
      baseUrl: "https://proxy.example"
    })
  )
)
