import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Boards, MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpServer } from "effect/http"
import { createServer } from "node:http"
import * as Chromium from "../support/chromium.ts"

const url = HttpServer.addressFormattedWith(Effect.succeed)

const onSocket = Effect.provide(
  MiroSandbox.layerServer.pipe(
    Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })),
    Layer.fresh
  )
)

const withMiro = <A, E>(effect: Effect.Effect<A, E, MiroClient.MiroClient>) =>
  Effect.flatMap(url, (baseUrl) =>
    Effect.provide(
      effect,
      MiroClient.layerToken(Redacted.make("sandbox-token"), { baseUrl }).pipe(Layer.provide(FetchHttpClient.layer))
    )
  )

const attack = "document.title = 'attacked'"

const seed: MiroSandbox.Seed = {
  boards: [
    {
      name: `Retro <script>${attack}</script>`,
      items: [
        { type: "frame", data: { title: "Done" }, position: { x: 0, y: 0 }, geometry: { width: 600, height: 400 } },
        { type: "sticky_note", data: { content: "Ship it" }, position: { x: 800, y: 0 } },
        {
          type: "sticky_note",
          data: { content: `<script>${attack}</script><img src="x" onerror="${attack}">&lt;b onclick=1&gt;` },
          position: { x: 1100, y: 0 }
        },
        { type: "shape", data: { shape: "circle", content: "Round" }, position: { x: 0, y: 400 } },
        { type: "text", data: { content: "Hello" }, position: { x: 800, y: 400 } },
        { type: "card", data: { title: "A card" }, position: { x: 1100, y: 400 } }
      ]
    }
  ]
}

describe.skipIf(!Chromium.hasChromium)("the inspector in a browser", () => {
  layer(Chromium.layer, { excludeTestServices: true })((it) => {
    it.effect("draws a board in its places, on which a script does nothing", () =>
      Effect.gen(function* () {
        yield* (yield* MiroSandbox.MiroSandbox).seed(seed)
        const baseUrl = yield* url
        const anna = yield* Chromium.person()
        yield* anna((page) => page.goto(`${baseUrl}/__sandbox/`))
        yield* anna((page) => page.getByRole("link", { name: /^Retro/ }).click())
        const placeOf = (text: string) =>
          anna((page) => page.locator("svg").getByText(text, { exact: true }).boundingBox())
        const [frame, note, round] = yield* Effect.all([placeOf("Done"), placeOf("Ship it"), placeOf("Round")])
        assert.isBelow(frame?.x ?? NaN, note?.x ?? NaN)
        assert.isBelow(frame?.y ?? NaN, round?.y ?? NaN)
        assert.strictEqual(yield* anna((page) => page.locator("img, svg script, [onerror], [onclick]").count()), 0)
        assert.strictEqual(yield* anna((page) => page.title()), `Retro <script>${attack}</script>`)
      }).pipe(onSocket)
    )

    it.effect("shows a request once it was made", () =>
      Effect.gen(function* () {
        const baseUrl = yield* url
        const anna = yield* Chromium.person()
        yield* anna((page) => page.goto(`${baseUrl}/__sandbox/`))
        assert.strictEqual(yield* anna((page) => page.getByRole("row", { name: "/v2/boards" }).count()), 0)
        yield* withMiro(Boards.create({ name: "Roadmap" }))
        yield* anna((page) => page.reload())
        yield* anna((page) => page.getByRole("row", { name: "201 POST /v2/boards" }).waitFor())
        yield* anna((page) => page.getByRole("link", { name: "Roadmap" }).waitFor())
      }).pipe(onSocket)
    )

    it.effect("has no barriers on any page, nor has the consent page", () =>
      Effect.gen(function* () {
        const sandbox = yield* MiroSandbox.MiroSandbox
        const baseUrl = yield* url
        const anna = yield* Chromium.person()
        const look = Effect.fnUntraced(function* (path: string) {
          yield* anna((page) => page.goto(`${baseUrl}${path}`))
          assert.deepStrictEqual(yield* anna(Chromium.barriers), [])
        })
        yield* look("/__sandbox/")
        const [id = ""] = yield* sandbox.seed(seed)
        yield* sandbox.issueTokens({ scopes: ["boards:read"] })
        yield* withMiro(Boards.list())
        yield* look("/__sandbox/")
        yield* look("/__sandbox/?q=ship")
        yield* look("/__sandbox/?q=nowhere")
        yield* look(`/__sandbox/boards/${encodeURIComponent(id)}`)
        const { clientId, redirectUrl } = yield* MiroSandbox.Settings
        const request = new URLSearchParams({ response_type: "code", client_id: clientId, redirect_uri: redirectUrl })
        yield* look(`/oauth/authorize?${request}`)
        yield* look("/oauth/authorize")
      }).pipe(onSocket)
    )
  })
})
