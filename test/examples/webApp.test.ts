import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Redacted, Scope, Struct } from "effect"
import { AccessToken, Boards, Frames, MiroClient, Texts } from "effect-miro"
import type { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpServerResponse } from "effect/http"
import { existsSync, readFileSync } from "node:fs"
import { freePort, hasPostgres, postgres } from "../support/servers.ts"
import { app, Browser, makeApp, type Page, sandboxed, sandboxedFor, startCommand } from "./webAppBrowser.ts"

/** A call as somebody else makes it, who works with the boards in Miro itself. */
const elsewhere = <A, E>(
  baseUrl: string,
  effect: Effect.Effect<A, E, MiroClient.MiroClient>,
  token: Redacted.Redacted
) =>
  Effect.provide(
    effect,
    MiroClient.layer({ baseUrl }).pipe(Layer.provide([AccessToken.layer(token), FetchHttpClient.layer]))
  )

const createBoard = (baseUrl: string, name: string, token = Redacted.make("sandbox-token")) =>
  elsewhere(baseUrl, Boards.create({ name }), token)

const boardPath = (id: string) => `/boards/${encodeURIComponent(id)}`

const addNote = (browser: Browser, page: Page, id: string, content: string) =>
  browser.submit(page, `${boardPath(id)}/sticky-notes`, { content })

const respond429 = (sandbox: MiroSandbox.MiroSandbox["Service"]) =>
  sandbox.respondNext(HttpServerResponse.text("", { status: 429, headers: { "retry-after": "37" } }))

describe("the web app", () => {
  it.live("shows boards and what is on them, adds a sticky note, and signs out", () =>
    Effect.gen(function* () {
      const { browser, sandbox, settings } = yield* app
      const { id } = yield* createBoard(settings.MIRO_BASE_URL, "Retrospective")
      const anna = yield* browser
      const start = yield* anna.visit("/")
      assert.include(start.text, "Sign in with Miro")

      const boards = yield* anna.signIn()
      assert.strictEqual(boards.status, 200)
      assert.include(boards.text, `href="${boardPath(id)}"`)
      assert.include(boards.text, "Retrospective")

      const empty = yield* anna.visit(boardPath(id))
      const one = yield* addNote(anna, empty, id, "Ship it")
      const two = yield* addNote(anna, one, id, "Tom & <b>Jerry</b>")
      assert.strictEqual(two.status, 200)
      assert.match(two.text, /<svg.*Ship it.*Tom &#38; .*&#60;b&#62;Jerry&#60;\/b&#62;.*<\/svg>/s)

      const [session] = anna.cookies.values()
      const out = yield* anna.submit(two, "/sign-out")
      assert.include(out.text, "Sign in with Miro")
      assert.strictEqual(anna.cookies.size, 0)
      const revocations = (yield* sandbox.ledger).filter(({ path }) => path === "/v2/oauth/revoke")
      assert.deepStrictEqual(
        revocations.map(({ status }) => status),
        [204]
      )
      // A copy of the cookie is worth nothing any more.
      anna.cookies.set("session", session ?? "")
      assert.propertyVal(yield* anna.visit("/"), "status", 401)
    }).pipe(sandboxed)
  )

  it.live("shows the pictures of boards, and the texts on them without their markup", () =>
    Effect.gen(function* () {
      const { browser, sandbox, settings } = yield* app
      const anna = yield* browser
      yield* anna.signIn()
      const imageURL = "https://pictures.example/1?size=2&x=3"
      yield* sandbox.respondNext(
        HttpServerResponse.jsonUnsafe({
          data: [{ id: "1", name: "Retrospective", type: "board", picture: { imageURL, type: "picture" } }],
          total: 1,
          size: 1,
          offset: 0,
          limit: 50
        }),
        { method: "GET", path: "/v2/boards" }
      )
      assert.include(
        (yield* anna.visit("/")).text,
        `<img class="picture" src="${imageURL.replace("&", "&#38;")}" alt=""`
      )

      const drawn = Effect.gen(function* () {
        const { id } = yield* Boards.create({ name: "Roadmap" })
        const frame = yield* Frames.create({
          boardId: id,
          data: { title: "Next year", format: "custom", type: "freeform" },
          position: { x: 1000, y: 1000 },
          geometry: { width: 800, height: 600 }
        })
        yield* Texts.create({
          boardId: id,
          data: { content: "<p>Hello <strong>you</strong> &amp; me</p>" },
          position: { x: 100, y: 200 },
          geometry: { width: 100 },
          parent: { id: frame.id }
        })
        return id
      })
      const id = yield* elsewhere(settings.MIRO_BASE_URL, drawn, Redacted.make("sandbox-token"))
      const { text } = yield* anna.visit(boardPath(id))
      assert.match(text, />Next year<\/text>.*>Hello you &#38; <\/tspan><tspan [^>]*>me<\/tspan>/s)
      // 600 is the left edge of the frame, in which the text begins at 50.
      assert.match(text, /<g class="frame"[^>]*>\s*<rect x="600" y="700".*<g class="text"[^>]*>\s*<rect x="650"/s)
    }).pipe(sandboxed)
  )

  it.live("goes back to the board that somebody wanted to see", () =>
    Effect.gen(function* () {
      const { browser, settings } = yield* app
      const { id } = yield* createBoard(settings.MIRO_BASE_URL, "Roadmap")
      const anna = yield* browser
      const refused = yield* anna.visit(boardPath(id))
      assert.strictEqual(refused.status, 401)
      const [, link = ""] = /href="(\/sign-in[^"]*)"/.exec(refused.text) ?? []
      const page = yield* anna.signIn("Allow", link)
      assert.include(page.url, boardPath(id))
      assert.include(page.text, "Roadmap")
    }).pipe(sandboxed)
  )

  it.live("shows a page to who declines", () =>
    Effect.gen(function* () {
      const { browser } = yield* app
      const page = yield* (yield* browser).signIn("Deny")
      assert.strictEqual(page.status, 403)
      assert.include(page.text, "did not let the app use Miro")
    }).pipe(sandboxed)
  )

  it.live("sends whose grant has ended to sign in again, and refreshes tokens that have expired", () =>
    Effect.gen(function* () {
      const { browser, sandbox } = yield* app
      const anna = yield* browser
      yield* anna.signIn()
      yield* sandbox.expireAccessTokens
      assert.propertyVal(yield* anna.visit("/"), "status", 200)
      yield* sandbox.revokeGrants
      const ended = yield* anna.visit("/")
      assert.strictEqual(ended.status, 401)
      assert.include(ended.text, "/sign-in")
      assert.isFalse(anna.cookies.has("session"))
      assert.propertyVal(yield* anna.signIn(), "status", 200)
    }).pipe(sandboxed)
  )

  it.live("says how long to wait when there are too many requests, and that Miro is down", () =>
    Effect.gen(function* () {
      const { browser, sandbox } = yield* app
      const anna = yield* browser
      yield* anna.signIn()
      yield* respond429(sandbox)
      const limited = yield* anna.visit("/")
      assert.strictEqual(limited.status, 429)
      assert.strictEqual(limited.headers.get("retry-after"), "37")
      assert.include(limited.text, "37s")

      const broken = sandbox.respondNext(HttpServerResponse.text("<h1>Bad gateway</h1>", { status: 502 }))
      yield* Effect.all([broken, broken, broken])
      assert.propertyVal(yield* anna.visit("/"), "status", 503)
      assert.propertyVal(yield* anna.visit("/"), "status", 200)
    }).pipe(sandboxed)
  )

  it.live("shows users their own boards and nobody else's", () =>
    Effect.gen(function* () {
      const { browser, sandbox, settings } = yield* app
      const [anna, ben] = [yield* browser, yield* browser]
      const tokensOf = (userId: string) => Effect.map(sandbox.issueTokens({ userId }), ({ accessToken }) => accessToken)
      const hers = yield* createBoard(settings.MIRO_BASE_URL, "Hers", yield* tokensOf("3074457353169356301"))
      const his = yield* createBoard(settings.MIRO_BASE_URL, "His", yield* tokensOf("3074457353169356302"))
      yield* Effect.all([anna.signIn("Allow as Anna"), ben.signIn("Allow as Ben")], { concurrency: "unbounded" })
      const turn = Effect.gen(function* () {
        const [annas, bens] = yield* Effect.all([anna.visit("/"), ben.visit("/")], { concurrency: "unbounded" })
        assert.include(annas.text, hers.id.slice(0, -1))
        assert.notInclude(annas.text, his.id.slice(0, -1))
        assert.include(bens.text, his.id.slice(0, -1))
        assert.notInclude(bens.text, hers.id.slice(0, -1))
      })
      yield* Effect.all(
        Array.from({ length: 10 }, () => turn),
        { concurrency: "unbounded" }
      )
    }).pipe(sandboxed)
  )

  it.live("goes on in another process when the one that signed a user in has ended", () =>
    Effect.gen(function* () {
      const { browser, settings, start } = yield* makeApp()
      const first = yield* Scope.make()
      yield* Scope.provide(start(), first)
      const anna = yield* browser
      const { id } = yield* createBoard(settings.MIRO_BASE_URL, "Retrospective")
      const consent = yield* anna.consentPage()
      const second = yield* start(yield* freePort)
      // The callback comes to the other process, as behind a load balancer.
      anna.server = second
      assert.propertyVal(yield* anna.visit(yield* anna.decide(consent, "Allow")), "status", 200)
      yield* Scope.close(first, Exit.void)
      const page = yield* anna.visit(boardPath(id))
      assert.include((yield* addNote(anna, page, id, "Still here")).text, "Still here")
    }).pipe(sandboxed)
  )

  it.live("keeps no token in clear text", () =>
    Effect.gen(function* () {
      const { browser, settings } = yield* app
      yield* (yield* browser).signIn()
      const stored = ["", "-wal"].map((suffix) => readFileSync(`${settings.SQLITE_FILE}${suffix}`, "latin1")).join("")
      assert.include(stored, `"kid":"test"`)
      // How the access tokens of the sandbox begin.
      assert.notInclude(stored, "eyJtaXJvLm9yaWdpbiI6ImV1MDEifQ")
    }).pipe(sandboxed)
  )

  it.live.skipIf(!hasPostgres)("keeps tokens in PostgreSQL when it is told of one", () =>
    Effect.gen(function* () {
      const { browser, settings, start } = yield* makeApp({ DATABASE_URL: postgres.href })
      yield* start()
      const anna = yield* browser
      assert.include((yield* anna.signIn()).text, "Your boards")
      yield* anna.submit(yield* anna.visit("/"), "/sign-out")
      assert.isFalse(existsSync(settings.SQLITE_FILE))
    }).pipe(sandboxed)
  )

  it.live("has cookies for its own host and https alone where browsers find it by https", () =>
    Effect.gen(function* () {
      const { browser, start } = yield* makeApp()
      const anna = yield* browser
      anna.server = yield* start(yield* freePort)
      const { headers } = yield* anna.request(yield* anna.decide(yield* anna.consentPage(), "Allow"))
      assert.lengthOf(headers.getSetCookie(), 2)
      for (const cookie of headers.getSetCookie()) assert.match(cookie, /^__Host-.*; Path=\/;.*; Secure/)
      const boards = yield* anna.visit("/")
      assert.include(boards.text, "Your boards")
      assert.include((yield* anna.submit(boards, "/sign-out")).text, "Sign in with Miro")
    }).pipe((test) => sandboxedFor(test, "https://boards.example/callback"))
  )

  it.live("runs by one command, with a Miro of its own", () =>
    Effect.gen(function* () {
      const port = yield* freePort
      const clean = Struct.omit(process.env, ["MIRO_CLIENT_ID"])
      yield* startCommand({ ...clean, PORT: port })
      const anna = new Browser(`http://127.0.0.1:${port}`)
      const boards = yield* anna.signIn()
      const [, path = ""] = /href="(\/boards\/[^"]*)">(?:(?!<\/a>).)*Retrospective/s.exec(boards.text) ?? []
      assert.include((yield* anna.visit(path)).text, "Fewer meetings")
    })
  )
})
