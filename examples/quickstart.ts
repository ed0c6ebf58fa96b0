/**
 * The main job from end to end: an app is authorized, its expired token is
 * refreshed on the way, a board is made, sticky notes are put on it and listed
 * as a stream, and the board is deleted.
 *
 *     npm run demo
 *
 * It runs against the sandbox, over real HTTP, or against Miro itself when
 * `MIRO_ACCESS_TOKEN` is set.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Config, Console, Effect, Layer, Stream } from "effect"
import { Boards, Items, MiroClient, MiroOAuth, StickyNotes, Tokens, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpServer } from "effect/http"
import { createServer } from "node:http"

const retrospective = Effect.gen(function* () {
  const { user } = yield* Tokens.get()
  yield* Console.log(`Calling Miro as ${user?.name ?? "somebody"}`)

  const board = yield* Boards.create({ name: "Retrospective", description: "Made by effect-miro" })
  yield* Console.log(`Created the board ${board.name} (${board.id})`)

  yield* Effect.gen(function* () {
    for (const [column, content] of ["Ship it", "More tests", "Fewer meetings"].entries()) {
      yield* StickyNotes.create({
        boardId: board.id,
        data: { content, shape: "square" },
        style: { fillColor: "light_yellow" },
        position: { x: column * 250, y: 0 }
      })
    }
    yield* Console.log("Put three sticky notes on it:")

    yield* Items.list
      .items({ boardId: board.id, type: "sticky_note" })
      .pipe(
        Stream.runForEach((item) =>
          item.type === "sticky_note"
            ? Console.log(`  - ${item.data?.content} (${item.style?.fillColor})`)
            : Effect.void
        )
      )
  }).pipe(Effect.ensuring(Effect.orDie(Boards.delete({ boardId: board.id }))))
  yield* Console.log("Deleted the board")
})

const authorized = Effect.gen(function* () {
  const oauth = yield* MiroOAuth.MiroOAuth
  const sandbox = yield* MiroSandbox.MiroSandbox

  const { codeVerifier, state, url } = yield* oauth.authorizationRequest()
  yield* Console.log(`Sent the user to ${new URL(url).origin}/oauth/authorize, where they click Allow`)
  const { scopes } = yield* oauth.handleCallback(yield* sandbox.consent(url), { codeVerifier, state })
  yield* Console.log(`Came back with tokens for ${scopes.join(", ")}, and stored them`)

  yield* sandbox.expireAccessTokens
  yield* Console.log("An hour goes by, and the access token expires")

  yield* sandbox.clearLedger
  yield* retrospective
  const refreshes = (yield* sandbox.ledger).filter(({ path }) => path === "/v1/oauth/token")
  yield* Console.log(
    `The token was refreshed ${refreshes.length === 1 ? "once" : `${refreshes.length} times`} on the way`
  )
})

const Sandbox = Layer.unwrap(
  Effect.gen(function* () {
    const baseUrl = yield* HttpServer.addressFormattedWith(Effect.succeed)
    const { clientId, clientSecret, redirectUrl } = yield* MiroSandbox.Settings
    yield* Console.log(`Started the sandbox on ${baseUrl}`)
    return MiroClient.layerOAuth({ clientId, clientSecret, redirectUrl, baseUrl, webUrl: baseUrl }).pipe(
      Layer.provide(TokenStorage.layerMemory)
    )
  })
).pipe(
  Layer.provideMerge(MiroSandbox.layerServer),
  Layer.provide(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
)

const demo = Effect.gen(function* () {
  const token = yield* Config.String("MIRO_ACCESS_TOKEN").pipe(Config.withDefault(""))
  return yield* token !== ""
    ? Effect.provide(retrospective, MiroClient.layerConfig())
    : Effect.provide(authorized, Sandbox)
})

demo.pipe(Effect.provide(FetchHttpClient.layer), NodeRuntime.runMain)
