import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Random, Redacted } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { MiroSandbox } from "effect-miro/sandbox"
import { layerHttpClient } from "./documented.ts"
import * as support from "./support.ts"

const inProcess = Effect.provide(layerHttpClient)

const withSettings = (settings: Partial<MiroSandbox.Settings>) =>
  Effect.provide(layerHttpClient.pipe(Layer.provide(MiroSandbox.layerSettings(settings))))

const authorize = (overrides: Record<string, string> = {}) =>
  support.send("GET", `/oauth/authorize?${support.authorizeQuery(overrides)}`, { token: null })

describe("authorization", () => {
  it.effect("asks the user, and each link of the page leads to its outcome", () =>
    Effect.gen(function* () {
      const page = yield* authorize()
      assert.strictEqual(page.status, 200)
      assert.include(page.headers["content-type"], "text/html")
      const links = Array.from(page.text.matchAll(/href="([^"]+)"/g), ([, link = ""]) => link.replaceAll("&#38;", "&"))
      assert.deepStrictEqual(links, [
        `/oauth/authorize?${support.authorizeQuery()}&decision=allow`,
        `/oauth/authorize?${support.authorizeQuery()}&decision=deny`,
        `/oauth/authorize?${support.authorizeQuery()}&decision=allow&user_id=3074457353169356301`,
        `/oauth/authorize?${support.authorizeQuery()}&decision=allow&user_id=3074457353169356302`
      ])

      const allowed = yield* support.send("GET", links[0] ?? "", { token: null })
      assert.strictEqual(allowed.status, 302)
      const callback = new URL(allowed.headers["location"] ?? "")
      assert.strictEqual(callback.origin + callback.pathname, support.redirectUrl)
      assert.deepStrictEqual([...callback.searchParams.keys()], ["code", "state", "client_id", "team_id"])
      assert.strictEqual(callback.searchParams.get("state"), "s/1 &")
      const exchanged = yield* support.exchange(callback.searchParams.get("code") ?? "")
      assert.strictEqual(exchanged.status, 200)

      const byAnna = new URL((yield* support.send("GET", links[2] ?? "", { token: null })).headers["location"] ?? "")
      const hers = yield* support.exchange(byAnna.searchParams.get("code") ?? "")
      assert.propertyVal(hers.json, "user_id", "3074457353169356301")

      const denied = yield* support.send("GET", links[1] ?? "", { token: null })
      assert.strictEqual(denied.status, 302)
      assert.strictEqual(
        denied.headers["location"],
        `${support.redirectUrl}?error=access_denied&state=${encodeURIComponent("s/1 &").replace("%20", "+")}`
      )
    }).pipe(inProcess)
  )

  it.effect.each([
    { client_id: "someone-else" },
    { redirect_uri: `${support.redirectUrl}/` },
    { response_type: "token" },
    { code_challenge: "x", code_challenge_method: "plain" },
    { code_challenge: "x" },
    { team_id: `1,"x":2` }
  ])("shows an error page and never redirects: %j", (overrides) =>
    Effect.gen(function* () {
      const page = yield* authorize({ ...overrides, decision: "allow" })
      assert.strictEqual(page.status, 400)
      assert.include(page.headers["content-type"], "text/html")
      assert.isUndefined(page.headers["location"])
    }).pipe(inProcess)
  )

  it.effect("does not let the page be injected into", () =>
    Effect.gen(function* () {
      const { app } = yield* MiroSandbox.MiroSandbox
      // A client that encodes nothing, unlike those of a JavaScript runtime.
      const url = `/oauth/authorize?${support.authorizeQuery()}&x="><script>'`
      const request = HttpServerRequest.fromWeb(new Request("http://localhost/")).modify({ url })
      const response = yield* Effect.provideService(app, HttpServerRequest.HttpServerRequest, request)
      const page = yield* HttpServerResponse.toClientResponse(response).text
      assert.strictEqual(response.status, 200)
      assert.include(page, "x=&#34;&#62;&#60;script&#62;&#39;&#38;decision=allow")
      assert.notInclude(page, "<script>")
    }).pipe(inProcess)
  )

  it.effect("takes the team from the authorize URL", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const callback = yield* sandbox.consent(
        `https://miro.com/oauth/authorize?${support.authorizeQuery({ team_id: "3074457362577833142" })}`
      )
      const { searchParams } = new URL(callback)
      assert.strictEqual(searchParams.get("team_id"), "3074457362577833142")
      const exchanged = yield* support.exchange(searchParams.get("code") ?? "")
      assert.include(exchanged.text, `"team_id":3074457362577833142,`)
      // Not all of them are numbers.
      const other = yield* sandbox.consent(
        `https://miro.com/oauth/authorize?${support.authorizeQuery({ team_id: "o9J_kzlUDmo=" })}`
      )
      const { text } = yield* support.exchange(new URL(other).searchParams.get("code") ?? "")
      assert.include(text, `"team_id":"o9J_kzlUDmo=",`)
    }).pipe(inProcess)
  )

  it.effect("dies on a consent to a URL that is none", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const exit = yield* Effect.exit(sandbox.consent("https://miro.com/oauth/authorize?client_id=x"))
      assert.isTrue(Exit.isFailure(exit))
    }).pipe(inProcess)
  )
})

describe("the token endpoint", () => {
  it.effect("exchanges a code once", () =>
    Effect.gen(function* () {
      const code = yield* support.authorizeCode
      const first = yield* support.exchange(code)
      assert.strictEqual(first.status, 200)
      assert.strictEqual(first.json.token_type, "bearer")
      assert.strictEqual(first.json.expires_in, 3600)
      assert.strictEqual(first.json.scope, "boards:write boards:read identity:read")
      assert.strictEqual(first.json.user_id, "3074457353169356300")
      // JSON.parse would have rounded it.
      assert.include(first.text, `"team_id":3074457358607431473,`)
      for (const token of [first.json.access_token, first.json.refresh_token]) {
        assert.match(token, /^eyJtaXJvLm9yaWdpbiI6ImV1MDEifQ_[\w-]{27}$/)
      }
      assert.strictEqual(yield* support.statusOf(first.json.access_token), 200)

      const second: support.Reply<unknown> = yield* support.exchange(code)
      assert.strictEqual(second.status, 401)
      assert.deepStrictEqual(second.json, {
        status: 401,
        code: "oauthError",
        message: "Invalid authorization code",
        type: "error"
      })
      assert.strictEqual(yield* support.statusOf(first.json.access_token), 200)
    }).pipe(inProcess)
  )

  it.effect("lets a code live for ten minutes", () =>
    Effect.gen(function* () {
      const [early, late] = yield* Effect.all([support.authorizeCode, support.authorizeCode])
      yield* TestClock.adjust("599 seconds")
      assert.strictEqual((yield* support.exchange(early)).status, 200)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* support.exchange(late)).status, 401)
    }).pipe(inProcess)
  )

  it.effect("compares the redirect URL to the letter, and keeps the code on a mismatch", () =>
    Effect.gen(function* () {
      const code = yield* support.authorizeCode
      const mismatch = yield* support.requestToken({
        grant_type: "authorization_code",
        code,
        redirect_uri: `${support.redirectUrl}/`
      })
      assert.strictEqual(mismatch.status, 401)
      assert.strictEqual(mismatch.json.message, "Redirect URI mismatch.")
      assert.strictEqual((yield* support.exchange(code)).status, 200)
    }).pipe(inProcess)
  )

  // The example of RFC 7636.
  const challenge = { code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" }
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

  const codeFor = (overrides: Record<string, string>) =>
    MiroSandbox.MiroSandbox.use((sandbox) =>
      sandbox.consent(`https://miro.com/oauth/authorize?${support.authorizeQuery(overrides)}`)
    ).pipe(Effect.map((callback) => new URL(callback).searchParams.get("code") ?? ""))

  const exchangeWith = (code: string, code_verifier: string) =>
    support.requestToken({
      grant_type: "authorization_code",
      code,
      redirect_uri: support.redirectUrl,
      code_verifier
    })

  it.effect("refuses a wrong code verifier, keeps the code, and takes the right one", () =>
    Effect.gen(function* () {
      const code = yield* codeFor(challenge)
      for (const wrong of ["", verifier.slice(1), challenge.code_challenge]) {
        const refused = yield* exchangeWith(code, wrong)
        assert.strictEqual(refused.status, 401)
        assert.deepStrictEqual<unknown>(refused.json, {
          status: 401,
          code: "oauthError",
          message: "Invalid code verifier",
          type: "error"
        })
      }
      assert.strictEqual((yield* exchangeWith(code, verifier)).status, 200)
    }).pipe(inProcess)
  )

  it.effect("reads the code verifier from the query too, where clients of Miro send all of it", () =>
    Effect.gen(function* () {
      const code = yield* codeFor(challenge)
      const form = { ...support.client, grant_type: "authorization_code", code, redirect_uri: support.redirectUrl }
      const exchange = (code_verifier: string) =>
        support.send("POST", `/v1/oauth/token?${new URLSearchParams({ ...form, code_verifier })}`, { token: null })
      assert.strictEqual((yield* exchange(verifier.slice(1))).status, 401)
      assert.strictEqual((yield* exchange(verifier)).status, 200)
    }).pipe(inProcess)
  )

  it.effect("does not ask for a code verifier, and ignores one that belongs to no challenge", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* support.exchange(yield* codeFor(challenge))).status, 200)
      assert.strictEqual((yield* exchangeWith(yield* codeFor({}), verifier)).status, 200)
    }).pipe(inProcess)
  )

  it.effect("lets one of many exchanges of a code win", () =>
    Effect.gen(function* () {
      const code = yield* codeFor(challenge)
      const replies = yield* Effect.all(
        Array.from({ length: 100 }, () => exchangeWith(code, verifier)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(replies.filter(({ status }) => status === 200).length, 1)
    }).pipe(inProcess)
  )

  it.effect.each(["client_secret", "code", "refresh_token"])(
    "refuses a %s in the URL if it is strict, and nothing happens",
    (name) =>
      Effect.gen(function* () {
        const code = yield* support.authorizeCode
        const form: Record<string, string> = {
          grant_type: "authorization_code",
          client_id: "sandbox-client",
          client_secret: "sandbox-secret",
          redirect_uri: support.redirectUrl,
          code
        }
        const query = new URLSearchParams({ [name]: form[name] ?? "x" })
        const refused = yield* support.send<support.ErrorBody>("POST", `/v1/oauth/token?${query}`, {
          token: null,
          form
        })
        assert.strictEqual(refused.status, 400)
        assert.strictEqual(refused.json.code, "oauthError")
        assert.strictEqual((yield* support.exchange(code)).status, 200)
      }).pipe(withSettings({ strict: true }))
  )

  it.effect("takes everything in the URL otherwise, as Miro's own clients send it, and shows no secret of it", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const query = new URLSearchParams({
        grant_type: "authorization_code",
        client_id: "sandbox-client",
        client_secret: "sandbox-secret",
        redirect_uri: support.redirectUrl,
        code: yield* support.authorizeCode
      })
      assert.strictEqual((yield* support.send("POST", `/v1/oauth/token?${query}`, { token: null })).status, 200)
      const entry = (yield* sandbox.ledger).at(-1)
      assert.include(entry?.query, "client_secret=<redacted>")
      assert.notInclude(entry?.query, "sandbox-secret")
    }).pipe(inProcess)
  )

  it.effect.each([
    { client_secret: "wrong" },
    { client_id: "wrong" },
    { grant_type: "password" },
    { refresh_token: "unknown" }
  ])("responds 401 in Miro's shape: %j", (overrides) =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { refreshToken } = yield* sandbox.issueTokens()
      const refused = yield* support.requestToken({
        grant_type: "refresh_token",
        refresh_token: Redacted.value(refreshToken),
        ...(overrides as Record<string, string>)
      })
      assert.strictEqual(refused.status, 401)
      assert.hasAllKeys(refused.json, ["status", "code", "message", "type"])
      assert.strictEqual(refused.json.code, "oauthError")
      assert.strictEqual((yield* support.refresh(Redacted.value(refreshToken))).status, 200)
    }).pipe(inProcess)
  )

  it.effect("takes a form only", () =>
    Effect.gen(function* () {
      const refused = yield* support.send("POST", "/v1/oauth/token", { token: null, json: { grant_type: "x" } })
      assert.strictEqual(refused.status, 400)
    }).pipe(inProcess)
  )
})

describe("tokens", () => {
  it.effect("rotate: both old ones are dead at once", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const old = yield* sandbox.issueTokens()
      assert.strictEqual(yield* support.statusOf(old.accessToken), 200)

      const rotated = yield* support.refresh(Redacted.value(old.refreshToken))
      assert.strictEqual(rotated.status, 200)
      assert.notStrictEqual(rotated.json.access_token, Redacted.value(old.accessToken))
      assert.notStrictEqual(rotated.json.refresh_token, Redacted.value(old.refreshToken))
      assert.strictEqual(yield* support.statusOf(old.accessToken), 401)
      assert.strictEqual(yield* support.statusOf(rotated.json.access_token), 200)

      const again = yield* support.refresh(Redacted.value(old.refreshToken))
      assert.strictEqual(again.status, 401)
      assert.strictEqual(again.json.message, "Invalid refresh token")
      assert.strictEqual(yield* support.statusOf(rotated.json.access_token), 200)
      assert.strictEqual((yield* support.refresh(rotated.json.refresh_token)).status, 200)
    }).pipe(inProcess)
  )

  it.effect("let one of many concurrent refreshes win", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { refreshToken } = yield* sandbox.issueTokens()
      const replies = yield* Effect.all(
        Array.from({ length: 100 }, () => support.refresh(Redacted.value(refreshToken))),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(replies.filter(({ status }) => status === 200).length, 1)
      assert.strictEqual(replies.filter(({ status }) => status === 401).length, 99)
    }).pipe(inProcess)
  )

  it.effect("take the whole grant with them when a refresh token is reused, if told so", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const bystander = yield* sandbox.issueTokens({ userId: "42" })
      const old = yield* sandbox.issueTokens()
      const rotated = yield* support.refresh(Redacted.value(old.refreshToken))
      assert.strictEqual((yield* support.refresh(Redacted.value(old.refreshToken))).status, 401)
      assert.strictEqual(yield* support.statusOf(rotated.json.access_token), 401)
      assert.strictEqual((yield* support.refresh(rotated.json.refresh_token)).status, 401)
      assert.strictEqual(yield* support.statusOf(bystander.accessToken), 200)
    }).pipe(withSettings({ reuse: "revokeGrant" }))
  )

  it.effect("give another pair when a refresh token is reused within its grace, and none after", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const old = yield* sandbox.issueTokens()
      const first = yield* support.refresh(Redacted.value(old.refreshToken))
      yield* TestClock.adjust("29 seconds")
      const second = yield* support.refresh(Redacted.value(old.refreshToken))
      assert.strictEqual(second.status, 200)
      assert.notStrictEqual(second.json.refresh_token, first.json.refresh_token)
      assert.strictEqual((yield* support.refresh(first.json.refresh_token)).status, 200)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* support.refresh(Redacted.value(old.refreshToken))).status, 401)
      assert.strictEqual((yield* support.refresh(second.json.refresh_token)).status, 200)
    }).pipe(withSettings({ reuse: { grace: "30 seconds" } }))
  )

  it.effect("expire by the clock", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { accessToken, expiresIn, refreshToken } = yield* sandbox.issueTokens()
      assert.strictEqual(expiresIn, 90)
      yield* TestClock.adjust("89 seconds")
      assert.strictEqual(yield* support.statusOf(accessToken), 200)
      yield* TestClock.adjust("1 second")
      const expired = yield* support.send<support.ErrorBody>("GET", "/v2/boards", { token: accessToken })
      assert.strictEqual(expired.status, 401)
      assert.strictEqual(expired.json.code, "tokenExpired")

      const rotated = yield* support.refresh(Redacted.value(refreshToken))
      assert.strictEqual(rotated.status, 200)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* support.refresh(rotated.json.refresh_token)).status, 401)
      assert.strictEqual(yield* support.statusOf("sandbox-token"), 200)
    }).pipe(withSettings({ accessTokenLifetime: "90 seconds", refreshTokenLifetime: "1 hour" }))
  )

  it.effect("expire on demand, and can be refreshed then", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { accessToken, refreshToken } = yield* sandbox.issueTokens()
      yield* sandbox.expireAccessTokens
      assert.strictEqual(yield* support.statusOf(accessToken), 401)
      const rotated = yield* support.refresh(Redacted.value(refreshToken))
      assert.strictEqual(yield* support.statusOf(rotated.json.access_token), 200)
    }).pipe(inProcess)
  )

  it.effect("die with their grant when all grants are revoked", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { accessToken, refreshToken } = yield* sandbox.issueTokens()
      yield* sandbox.revokeGrants
      assert.strictEqual(yield* support.statusOf(accessToken), 401)
      assert.strictEqual((yield* support.refresh(Redacted.value(refreshToken))).status, 401)
      const fresh = yield* sandbox.issueTokens()
      assert.strictEqual(yield* support.statusOf(fresh.accessToken), 200)
    }).pipe(inProcess)
  )

  it.effect("are revoked by the app, together with the refresh token", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { accessToken, refreshToken } = yield* sandbox.issueTokens()
      const other = yield* sandbox.issueTokens()
      const revoke = (body: Record<string, string>) =>
        support.send<support.ErrorBody>("POST", "/v2/oauth/revoke", {
          token: null,
          json: { accessToken: Redacted.value(accessToken), clientId: "sandbox-client", ...body }
        })

      assert.strictEqual((yield* revoke({ clientSecret: "wrong" })).status, 401)
      const incomplete = yield* revoke({})
      assert.strictEqual(incomplete.status, 400)
      assert.deepStrictEqual(incomplete.json.context?.fields, [
        { field: "clientSecret", message: "Field [clientSecret] is required" }
      ])
      assert.strictEqual(yield* support.statusOf(accessToken), 200)

      const revoked = yield* revoke({ clientSecret: "sandbox-secret" })
      assert.strictEqual(revoked.status, 204)
      assert.strictEqual(revoked.text, "")
      assert.strictEqual(yield* support.statusOf(accessToken), 401)
      assert.strictEqual((yield* support.refresh(Redacted.value(refreshToken))).status, 401)
      assert.strictEqual(yield* support.statusOf(other.accessToken), 200)
      assert.strictEqual((yield* revoke({ clientSecret: "sandbox-secret" })).status, 404)
    }).pipe(inProcess)
  )

  it.effect("say whose they are", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { accessToken } = yield* sandbox.issueTokens({ userId: "3074457353169356399" })
      const { json } = yield* support.send("GET", "/v1/oauth-token", { token: accessToken })
      const user = { type: "user", name: "User 3074457353169356399", id: "3074457353169356399" }
      assert.deepStrictEqual(json, {
        type: "oAuthToken",
        application: { type: "application", name: "Sandbox app", id: "sandbox-client" },
        createdBy: user,
        team: { type: "team", name: "Sandbox team", id: "3074457358607431473" },
        scopes: ["boards:write", "boards:read", "identity:read"],
        organization: { type: "organization", name: "Sandbox organization", id: "3074457346704692800" },
        user
      })
    }).pipe(inProcess)
  )

  it.effect("follow the seed, and differ even when every step has the same one", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const seeded = Random.withSeed(sandbox.issueTokens(), "seed")
      const tokens = yield* Effect.all([seeded, seeded])
      const all = tokens.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken].map(Redacted.value))
      assert.strictEqual(new Set(all).size, 4)
      return all
    }).pipe(
      inProcess,
      (run) => Effect.all([run, run]),
      Effect.map(([first, second]) => assert.deepStrictEqual(first, second))
    )
  )
})
