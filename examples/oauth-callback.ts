/**
 * OAuth by hand: prints the page where you authorize the app, takes you back on
 * a local callback, and tells whose token it has.
 *
 *     MIRO_CLIENT_ID=... MIRO_CLIENT_SECRET=... MIRO_REDIRECT_URL=http://127.0.0.1:8000/callback \
 *       npm run example -- examples/oauth-callback.ts
 *
 * The redirect URL is one of the app's settings in Miro. With `npm run sandbox`
 * in another terminal, `MIRO_BASE_URL` and `MIRO_WEB_URL` of its address, and
 * what it prints, you can try this without Miro.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Config, Console, Deferred, Effect, Layer } from "effect"
import { MiroClient, MiroError, MiroOAuth, Tokens, TokenStorage } from "effect-miro"
import { FetchHttpClient, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"

/** The result of the one callback that this program waits for. */
const callback = Effect.fnUntraced(function* (redirectUrl: URL) {
  const authorized = yield* Deferred.make<MiroOAuth.Authorization, MiroError.MiroError>()
  const oauth = yield* MiroOAuth.MiroOAuth
  // A web app keeps these two in the session of the browser.
  const { codeVerifier, state, url: page } = yield* oauth.authorizationRequest()

  const route = HttpRouter.add(
    "GET",
    redirectUrl.pathname as HttpRouter.PathInput,
    Effect.gen(function* () {
      const { url } = yield* HttpServerRequest.HttpServerRequest
      const result = yield* Effect.exit(oauth.handleCallback(url, { codeVerifier, state }))
      yield* Deferred.done(authorized, result)
      return HttpServerResponse.text(
        result._tag === "Success" ? "Done. You can close this window." : "That did not work. See the terminal."
      )
    })
  )
  yield* HttpRouter.serve(route, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide(
      NodeHttpServer.layer(createServer, { host: redirectUrl.hostname, port: Number(redirectUrl.port || 80) })
    ),
    Layer.build
  )

  yield* Console.log(`Open this page to authorize the app:\n\n  ${page}\n`)
  return yield* Deferred.await(authorized)
}, Effect.scoped)

const program = Effect.gen(function* () {
  const { scopes } = yield* callback(yield* Config.URL("MIRO_REDIRECT_URL"))
  yield* Console.log(`Authorized, with the scopes ${scopes.join(", ")}`)

  const { team, user } = yield* Tokens.get()
  yield* Console.log(`The token is ${user?.name}'s, in the team ${team?.name}`)
}).pipe(
  Effect.catchReason("MiroError", "CallbackRejected", (reason) => Console.log(`Not authorized: ${reason.message}`))
)

const Miro = MiroClient.layerOAuthConfig().pipe(Layer.provide([TokenStorage.layerMemory, FetchHttpClient.layer]))

program.pipe(Effect.provide(Miro), NodeRuntime.runMain)
