/** The login of Miro's own client for Node, unmodified, with its storage, refresh and high-level API. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Miro } from "@mirohq/miro-api"
import { InMemoryStorage } from "@mirohq/miro-api/dist/storage.js"
import { Effect, Layer, Redacted } from "effect"
import { HttpServer } from "effect/http"
import { MiroSandbox } from "effect-miro/sandbox"
import http, { createServer, type RequestOptions } from "node:http"
import https from "node:https"
import { vi } from "vitest"

const Server = MiroSandbox.layerServer.pipe(
  Layer.provide(MiroSandbox.layerSettings({ accessTokenLifetime: "1 minute" })),
  Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
)

// Wherever it is pointed to, this client asks https://api.miro.com for tokens.
const redirected = (url: URL) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      vi.spyOn(https, "request").mockImplementation(((
        options: RequestOptions,
        listener: (response: http.IncomingMessage) => void
      ) =>
        http.request(
          {
            ...options,
            protocol: "http:",
            host: url.hostname,
            hostname: url.hostname,
            port: url.port,
            agent: undefined
          },
          listener
        )) as typeof https.request)
    ),
    (spy) => Effect.sync(() => spy.mockRestore())
  )

describe("Miro's client for Node", () => {
  it.live("logs a user in, refreshes their tokens and works with boards as objects", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { clientId, clientSecret, redirectUrl } = yield* MiroSandbox.Settings
      const origin = yield* HttpServer.addressFormattedWith(Effect.succeed)
      yield* redirected(new URL(origin))
      const storage = new InMemoryStorage()
      const miro = new Miro({
        clientId,
        clientSecret: Redacted.value(clientSecret),
        redirectUrl,
        basePath: origin,
        // It warns of its own storage, but not of one around it.
        storage: { get: (user) => storage.get(user), set: (user, state) => storage.set(user, state) }
      })
      const callback = yield* sandbox.consent(miro.getAuthUrl("a state"))
      assert.strictEqual(new URL(callback).searchParams.get("state"), "a state")
      yield* Effect.promise(() => miro.exchangeCodeForAccessToken("anna", callback))
      const first = yield* Effect.promise(() => storage.get("anna"))

      yield* Effect.promise(async () => {
        const board = await miro.as("anna").createBoard({ name: "Retro" })
        const note = await board.createStickyNoteItem({ data: { content: "More tests" } })
        await note.update({ data: { content: "Fewer meetings" } })
        const contents = []
        for await (const item of board.getAllItems()) contents.push(item.data)
        assert.strictEqual(contents.length, 1)
        assert.deepInclude(contents[0], { content: "Fewer meetings" })
        await note.delete()
        const tag = await board.createTag({ title: "Urgent" })
        const card = await board.createCardItem({ data: { title: "Task" } })
        await card.attachTag(tag.id)
        assert.strictEqual((await card.getAllTags())[0]?.title, "Urgent")
        await board.delete()
        const names = []
        for await (const { name } of miro.as("anna").getAllBoards()) names.push(name)
        assert.deepStrictEqual(names, [])
      })
      // It takes two minutes off a token's life, so that each of these calls refreshed.
      const last = yield* Effect.promise(() => storage.get("anna"))
      assert.notStrictEqual(last?.refreshToken, first?.refreshToken)
      const refreshes = (yield* sandbox.ledger).filter(({ path }) => path === "/v1/oauth/token")
      assert.isAbove(refreshes.length, 5)
    }).pipe(Effect.provide(Server))
  )
})
