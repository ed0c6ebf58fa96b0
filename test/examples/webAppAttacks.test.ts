import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { AccessToken, Boards, MiroClient, StickyNotes } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient } from "effect/http"
import { app, type Browser, hiddenFields, sandboxed } from "./webAppBrowser.ts"

const isSignedIn = (browser: Browser) => Effect.map(browser.visit("/"), ({ text }) => text.includes("Your boards"))

const withParameters = (url: string, parameters: Record<string, string>) => {
  const changed = new URL(url)
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value)
  return changed.href
}

const exchanges = Effect.map(
  MiroSandbox.MiroSandbox.use(({ ledger }) => ledger),
  (entries) => entries.filter(({ path }) => path === "/v1/oauth/token").length
)

/** A board that anybody in the team may write on, and what they have written. */
const hostileBoard = Effect.fnUntraced(function* (baseUrl: string, name: string, contents: ReadonlyArray<string>) {
  const { accessToken } = yield* MiroSandbox.Settings
  const Client = MiroClient.layer({ baseUrl }).pipe(
    Layer.provide([AccessToken.layer(accessToken), FetchHttpClient.layer])
  )
  return yield* Effect.gen(function* () {
    const { id } = yield* Boards.create({ name, description: name })
    yield* Effect.forEach(contents, (content) => StickyNotes.create({ boardId: id, data: { content } }))
    return `/boards/${encodeURIComponent(id)}`
  }).pipe(Effect.provide(Client))
})

describe("the web app refuses", () => {
  it.live("a state that was forged, or none", () =>
    Effect.gen(function* () {
      const { browser } = yield* app
      const anna = yield* browser
      const callback = yield* anna.decide(yield* anna.consentPage(), "Allow")
      const forged = yield* anna.visit(withParameters(callback, { state: "forged" }))
      assert.strictEqual(forged.status, 400)
      yield* anna.consentPage()
      assert.propertyVal(yield* anna.visit(withParameters(callback, { state: "" })), "status", 400)
      assert.isFalse(yield* isSignedIn(anna))
      assert.strictEqual(yield* exchanges, 0)
    }).pipe(sandboxed)
  )

  it.live("a state that was used before, with the cookie of then", () =>
    Effect.gen(function* () {
      const { browser } = yield* app
      const anna = yield* browser
      const consent = yield* anna.consentPage()
      const login = anna.cookies.get("login") ?? ""
      const callback = yield* anna.decide(consent, "Allow")
      yield* anna.visit(callback)
      const thief = yield* browser
      thief.cookies.set("login", login)
      assert.propertyVal(yield* thief.visit(callback), "status", 400)
      assert.isFalse(yield* isSignedIn(thief))
      assert.strictEqual(yield* exchanges, 1)
    }).pipe(sandboxed)
  )

  it.live("to sign a browser in with a callback that began in another one", () =>
    Effect.gen(function* () {
      const { browser } = yield* app
      const [attacker, victim] = [yield* browser, yield* browser]
      const callback = yield* attacker.decide(yield* attacker.consentPage(), "Allow as Ben")
      assert.propertyVal(yield* victim.visit(callback), "status", 400)
      // Nor one that has begun something itself.
      yield* victim.consentPage()
      assert.propertyVal(yield* victim.visit(callback), "status", 400)
      assert.isFalse(yield* isSignedIn(victim))
      assert.strictEqual(yield* exchanges, 0)
    }).pipe(sandboxed)
  )

  it.live("a session that was there before its user signed in", () =>
    Effect.gen(function* () {
      const { browser } = yield* app
      const [attacker, victim] = [yield* browser, yield* browser]
      yield* attacker.signIn("Allow as Ben")
      const planted = attacker.cookies.get("session") ?? ""
      victim.cookies.set("session", planted)
      yield* victim.signIn("Allow as Anna")
      assert.notStrictEqual(victim.cookies.get("session"), planted)
      assert.include((yield* victim.visit("/")).text, "Anna")
      assert.propertyVal(yield* attacker.visit("/"), "status", 401)
    }).pipe(sandboxed)
  )

  it.live("forms of other sites, and such without the token of this session", () =>
    Effect.gen(function* () {
      const { browser, settings } = yield* app
      const path = yield* hostileBoard(settings.MIRO_BASE_URL, "Retrospective", [])
      const [anna, ben] = [yield* browser, yield* browser]
      yield* anna.signIn()
      yield* ben.signIn("Allow as Ben")
      const action = `${path}/sticky-notes`
      const form = { ...hiddenFields(yield* anna.visit(path), action), content: "planted" }
      const { csrf } = hiddenFields(yield* ben.visit("/"), "/sign-out")
      const attempts = [
        { form, origin: "https://evil.example" },
        { form, origin: "null" },
        { form, origin: null },
        { form: { ...form, csrf: csrf ?? "" } },
        { form: { ...form, csrf: "" } },
        { form: { content: "planted", x: "0", y: "0" } }
      ]
      for (const attempt of attempts) {
        assert.propertyVal(yield* anna.request(action, attempt), "status", 403)
        assert.propertyVal(yield* anna.request("/sign-out", attempt), "status", 403)
      }
      assert.notInclude((yield* anna.visit(path)).text, "planted")
      // The same form as this page sends it.
      assert.propertyVal(yield* anna.request(action, { form }), "status", 303)
    }).pipe(sandboxed)
  )

  it.live("scripts in names and contents of a board", () =>
    Effect.gen(function* () {
      const { browser, settings } = yield* app
      const script = `"><script>alert(1)</script>`
      const path = yield* hostileBoard(settings.MIRO_BASE_URL, script, [
        "<p><script>alert(2)</script></p>",
        "&lt;script&gt;alert(3)&lt;/script&gt;",
        "&#60;img src=x onerror=alert(4)&#x3e;",
        "</tspan></text></svg><svg onload=alert(5)>"
      ])
      const anna = yield* browser
      yield* anna.signIn()
      for (const page of [yield* anna.visit("/"), yield* anna.visit(path)]) {
        assert.strictEqual(page.status, 200)
        assert.notMatch(page.text, /<script|<img|<svg onload|<[^>]* on\w+=/i)
        assert.include(page.text, "&#34;&#62;&#60;script&#62;alert(1)")
        const policy = page.headers.get("content-security-policy") ?? ""
        assert.include(policy, "default-src 'none'")
        assert.notMatch(policy, /unsafe|script-src/)
      }
      assert.include((yield* anna.visit(path)).text, "&#60;script&#62;alert(3)&#60;/script&#62;")
    }).pipe(sandboxed)
  )

  it.live.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/boards/../../evil",
    "/boards/x\r\nSet-Cookie: a=b",
    "javascript:alert(1)"
  ])("to send a user on to %j", (to) =>
    Effect.gen(function* () {
      const { browser, origin } = yield* app
      const anna = yield* browser
      const page = yield* anna.signIn("Allow", `/sign-in?to=${encodeURIComponent(to)}`)
      assert.strictEqual(page.url, `${origin}/`)
    }).pipe(sandboxed)
  )

  it.live("to show or change the board of another user", () =>
    Effect.gen(function* () {
      const { browser, settings } = yield* app
      const path = yield* hostileBoard(settings.MIRO_BASE_URL, "Salaries", ["secret"])
      const ben = yield* browser
      yield* ben.signIn("Allow as Ben")
      const page = yield* ben.visit(path)
      assert.strictEqual(page.status, 404)
      assert.notMatch(page.text, /Salaries|secret/)
      const { csrf = "" } = hiddenFields(yield* ben.visit("/"), "/sign-out")
      const form = { csrf, content: "planted", x: "0", y: "0" }
      assert.propertyVal(yield* ben.request(`${path}/sticky-notes`, { form }), "status", 404)
      // An id that would lead elsewhere in Miro's API.
      for (const id of ["..%2F..", "x%2Fmembers", "%00", "..%3Fx"]) {
        assert.propertyVal(yield* ben.request(`/boards/${id}`), "status", 404)
      }
    }).pipe(sandboxed)
  )

  it.live("cookies that were cut, changed or put in the place of others", () =>
    Effect.gen(function* () {
      const { browser } = yield* app
      const anna = yield* browser
      yield* anna.signIn()
      const session = anna.cookies.get("session") ?? ""
      yield* anna.consentPage()
      const login = anna.cookies.get("login") ?? ""
      const middle = Math.floor(session.length / 2)
      const changed = `${session.slice(0, middle)}${session[middle] === "A" ? "B" : "A"}${session.slice(middle + 1)}`
      for (const value of [
        session.slice(0, -1),
        session.slice(0, 20),
        changed,
        `${session}AAAA`,
        "",
        "%",
        "{}",
        login
      ]) {
        anna.cookies.set("session", value)
        assert.isFalse(yield* isSignedIn(anna), value)
      }
      anna.cookies.set("session", session)
      assert.isTrue(yield* isSignedIn(anna))
    }).pipe(sandboxed)
  )

  it.live("a callback with two codes", () =>
    Effect.gen(function* () {
      const { browser } = yield* app
      const [attacker, anna] = [yield* browser, yield* browser]
      const other = new URL(yield* attacker.decide(yield* attacker.consentPage(), "Allow as Ben"))
      const callback = yield* anna.decide(yield* anna.consentPage(), "Allow")
      const page = yield* anna.visit(`${callback}&code=${other.searchParams.get("code")}`)
      assert.strictEqual(page.status, 400)
      assert.isFalse(yield* isSignedIn(anna))
      assert.strictEqual(yield* exchanges, 0)
    }).pipe(sandboxed)
  )

  it.live("scripts a look at its cookies, and other sites a frame around its pages", () =>
    Effect.gen(function* () {
      const { browser } = yield* app
      const anna = yield* browser
      const callback = yield* anna.request(yield* anna.decide(yield* anna.consentPage(), "Allow"))
      for (const cookie of callback.headers.getSetCookie()) {
        assert.match(cookie, /; HttpOnly/)
        assert.match(cookie, /; SameSite=Lax/)
      }
      assert.include(callback.headers.get("content-security-policy"), "frame-ancestors 'none'")
    }).pipe(sandboxed)
  )
})
