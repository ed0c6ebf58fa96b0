import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Boards, MiroClient, StickyNotes } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpServerResponse } from "effect/http"
import type { Page } from "playwright-core"
import * as Chromium from "../support/chromium.ts"
import { freePort, line } from "../support/servers.ts"
import { app, makeApp, sandboxed, sandboxedFor, startCommand } from "./webAppBrowser.ts"

/** A board of a user, or of the one whom the quick-start token is for. */
const createBoard = Effect.fnUntraced(function* (baseUrl: string, name: string, userId?: string) {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const { accessToken } = userId === undefined ? yield* MiroSandbox.Settings : yield* sandbox.issueTokens({ userId })
  const create = Effect.gen(function* () {
    const board = yield* Boards.create({ name })
    yield* StickyNotes.create({ boardId: board.id, data: { content: `On ${name}` } })
    return board
  })
  return yield* Effect.provide(
    create,
    MiroClient.layerToken(accessToken, { baseUrl }).pipe(Layer.provide(FetchHttpClient.layer))
  )
})

const click = (page: Page, role: "button" | "link", name: string | RegExp) =>
  page.getByRole(role, { name, exact: true }).click()

const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText()

/** Signs in from the page that is open, and decides on Miro's page. */
const signIn = async (page: Page, decision = "Allow") => {
  await click(page, "link", "Sign in with Miro")
  await click(page, "link", decision)
  return heading(page)
}

const addNote = async (page: Page, content: string) => {
  await page.getByLabel("New sticky note").fill(content)
  await click(page, "button", "Add")
  await page.locator("svg").getByText(content).waitFor()
}

const main = (page: Page) => page.locator("main").innerText()

describe.skipIf(!Chromium.hasChromium)("the web app in a browser", () => {
  layer(Chromium.layer, { excludeTestServices: true })((it) => {
    it.effect("signs in on Miro's page, shows boards, adds sticky notes, and signs out", () =>
      Effect.gen(function* () {
        const { origin, settings } = yield* app
        yield* createBoard(settings.MIRO_BASE_URL, "Retrospective")
        const anna = yield* Chromium.person()
        yield* anna((page) => page.goto(origin))
        assert.strictEqual(yield* anna(signIn), "Your boards")
        yield* anna((page) => click(page, "link", /Retrospective/))
        yield* anna((page) => page.locator("svg").getByText("On Retrospective").waitFor())
        yield* anna((page) => addNote(page, "Ship it"))
        yield* anna((page) => addNote(page, `<img src=x onerror="document.title = 'attacked'"> & more`))
        assert.strictEqual(yield* anna((page) => page.title()), "Retrospective · Board viewer")

        yield* anna((page) => click(page, "button", "Sign out"))
        assert.strictEqual(yield* anna(heading), "Your Miro boards, here")
        yield* anna((page) => page.goBack())
        assert.strictEqual(yield* anna(heading), "Please sign in")
      }).pipe(sandboxed)
    )

    it.effect("shows a page to who declines, from which they can begin again", () =>
      Effect.gen(function* () {
        const { origin } = yield* app
        const anna = yield* Chromium.person()
        yield* anna((page) => page.goto(origin))
        assert.strictEqual(yield* anna((page) => signIn(page, "Deny")), "Not signed in")
        yield* anna((page) => click(page, "link", "To the start"))
        assert.strictEqual(yield* anna(signIn), "Your boards")
      }).pipe(sandboxed)
    )

    it.effect("leads back to the board once somebody whose grant has ended signs in again", () =>
      Effect.gen(function* () {
        const { origin, sandbox, settings } = yield* app
        yield* createBoard(settings.MIRO_BASE_URL, "Retrospective")
        const anna = yield* Chromium.person()
        yield* anna((page) => page.goto(origin))
        yield* anna(signIn)
        yield* anna((page) => click(page, "link", /Retrospective/))
        yield* sandbox.expireAccessTokens
        yield* anna((page) => addNote(page, "With a refreshed token"))
        yield* sandbox.revokeGrants
        yield* anna((page) => page.reload())
        assert.strictEqual(yield* anna(heading), "Please sign in")
        assert.strictEqual(yield* anna(signIn), "Retrospective")
      }).pipe(sandboxed)
    )

    it.effect("shows two people their own boards and nobody else's", () =>
      Effect.gen(function* () {
        const { origin, settings } = yield* app
        const hers = yield* createBoard(settings.MIRO_BASE_URL, "Hers", "3074457353169356301")
        const his = yield* createBoard(settings.MIRO_BASE_URL, "His", "3074457353169356302")
        const [anna, ben] = yield* Effect.all([Chromium.person(), Chromium.person()])
        yield* Effect.all([anna((page) => page.goto(origin)), ben((page) => page.goto(origin))])
        yield* Effect.all(
          [anna((page) => signIn(page, "Allow as Anna")), ben((page) => signIn(page, "Allow as Ben"))],
          {
            concurrency: "unbounded"
          }
        )
        for (const [someone, own, other] of [
          [anna, hers, his],
          [ben, his, hers]
        ] as const) {
          const shown = yield* someone(main)
          assert.include(shown, own.name)
          assert.notInclude(shown, other.name)
          const board = (id: string) => `${origin}/boards/${encodeURIComponent(id)}`
          yield* someone((page) => page.goto(board(other.id)))
          assert.strictEqual(yield* someone(heading), "Not found")
          yield* someone((page) => page.goto(board(own.id)))
          assert.include(yield* someone(main), `On ${own.name}`)
        }
      }).pipe(sandboxed)
    )

    it.effect("goes on in a second process when the first is killed", () =>
      Effect.gen(function* () {
        // What stands before the processes, and whose address browsers know.
        const process = new URL("http://127.0.0.1")
        const front = yield* line(process)
        const test = Effect.gen(function* () {
          const { origin, settings } = yield* makeApp()
          yield* createBoard(settings.MIRO_BASE_URL, "Retrospective")
          const ports = [yield* freePort, yield* freePort]
          const start = (PORT: string) => startCommand({ ...globalThis.process.env, ...settings, PORT })
          const [first] = yield* Effect.forEach(ports, start, { concurrency: "unbounded" })
          process.port = ports[0] ?? ""
          const anna = yield* Chromium.person()
          yield* anna((page) => page.goto(origin))
          yield* anna(signIn)
          yield* anna((page) => click(page, "link", /Retrospective/))
          first?.kill("SIGKILL")
          process.port = ports[1] ?? ""
          yield* anna((page) => addNote(page, "Still here"))
        })
        yield* sandboxedFor(test, `http://127.0.0.1:${front.port}/callback`)
      })
    )

    it.effect("takes no form from a page of another origin, though the browser sends the cookie", () =>
      Effect.gen(function* () {
        const { origin, settings } = yield* app
        const { id } = yield* createBoard(settings.MIRO_BASE_URL, "Retrospective")
        const anna = yield* Chromium.person()
        yield* anna((page) => page.goto(origin))
        yield* anna(signIn)
        yield* anna((page) => page.goto(settings.MIRO_BASE_URL))
        const action = `${origin}/boards/${encodeURIComponent(id)}/sticky-notes`
        const form = `<form method="post" action="${action}"><input name="content" value="Forged" /><button>Win</button></form>`
        yield* anna((page) => page.setContent(form))
        yield* anna((page) => click(page, "button", "Win"))
        assert.strictEqual(yield* anna(heading), "Not accepted")
        yield* anna((page) => page.goto(`${origin}/boards/${encodeURIComponent(id)}`))
        assert.notInclude(yield* anna(main), "Forged")
      }).pipe(sandboxed)
    )

    it.effect("has no barriers on any page, and uses nothing that its own policy refuses", () =>
      Effect.gen(function* () {
        const { origin, sandbox, settings } = yield* app
        const anna = yield* Chromium.person()
        const refused: Array<string> = []
        yield* anna(async (page) => {
          page.on("console", (message) => {
            if (message.text().includes("Content Security Policy")) refused.push(message.text())
          })
        })
        const look = Effect.fnUntraced(function* (path: string, title: string) {
          yield* anna((page) => page.goto(`${origin}${path}`))
          assert.strictEqual(yield* anna(heading), title)
          assert.deepStrictEqual(yield* anna(Chromium.barriers), [])
        })
        yield* look("/", "Your Miro boards, here")
        yield* look("/boards/1", "Please sign in")
        yield* look("/callback?error=access_denied", "Not signed in")
        yield* anna((page) => page.goto(origin))
        yield* anna(signIn)
        yield* look("/", "Your boards")
        const { id } = yield* createBoard(settings.MIRO_BASE_URL, "Retrospective")
        yield* look("/", "Your boards")
        yield* look(`/boards/${encodeURIComponent(id)}`, "Retrospective")
        yield* look("/boards/1", "Not found")
        yield* sandbox.respondNext(HttpServerResponse.text("", { status: 429, headers: { "retry-after": "37" } }))
        yield* look("/", "Too many requests")
        const broken = sandbox.respondNext(HttpServerResponse.text("<h1>Bad gateway</h1>", { status: 502 }))
        yield* Effect.all([broken, broken, broken])
        yield* look("/", "Miro is not available")
        assert.deepStrictEqual(refused, [])
      }).pipe(sandboxed)
    )
  })
})
