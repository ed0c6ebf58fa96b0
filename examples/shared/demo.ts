/** What an app with users needs to be tried without Miro: a sandbox, and keys and a database that end with it. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Config, ConfigProvider, Effect, FileSystem, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { Base64 } from "effect/encoding"
import { Boards, MiroClient, AccessToken, StickyNotes } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpServer } from "effect/http"
import { createServer } from "node:http"

const Settings = Layer.unwrap(
  Effect.gen(function* () {
    const port = yield* Config.Port("PORT").pipe(Config.withDefault(3000))
    return MiroSandbox.layerSettings({ redirectUrl: `http://127.0.0.1:${port}/callback` })
  })
)

const Sandbox = MiroSandbox.layerServer.pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })),
  Layer.provideMerge(Settings)
)

/** Something to see. */
const example = Effect.gen(function* () {
  const board = yield* Boards.create({ name: "Retrospective", description: "What went well, and what did not" })
  yield* Boards.create({ name: "Roadmap" })
  for (const [column, content] of ["Ship it", "More tests", "Fewer meetings"].entries()) {
    yield* StickyNotes.create({ boardId: board.id, data: { content }, position: { x: column * 250, y: 0 } })
  }
})

export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const baseUrl = yield* HttpServer.addressFormattedWith(Effect.succeed)
    const { accessToken, clientId, clientSecret, redirectUrl } = yield* MiroSandbox.Settings
    yield* example.pipe(
      Effect.provide(MiroClient.layer({ baseUrl }).pipe(Layer.provide(AccessToken.layer(accessToken)))),
      Effect.provide(FetchHttpClient.layer)
    )
    const random = yield* SecureRandom.SecureRandom
    const key = Effect.map(random.randomBytes(32), Base64.encode)
    const directory = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
    return ConfigProvider.layerAdd(
      ConfigProvider.fromUnknown({
        MIRO_BASE_URL: baseUrl,
        MIRO_WEB_URL: baseUrl,
        MIRO_CLIENT_ID: clientId,
        MIRO_CLIENT_SECRET: Redacted.value(clientSecret),
        MIRO_REDIRECT_URL: redirectUrl,
        MIRO_TOKEN_KEYS: `demo:${yield* key}`,
        SESSION_KEY: yield* key,
        SQLITE_FILE: `${directory}/tokens.db`
      })
    )
  })
).pipe(Layer.provide(Sandbox), Layer.provide([NodeFileSystem.layer, SecureRandom.layerWebCrypto]))
