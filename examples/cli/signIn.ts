/** Signs the user in by a page of Miro and a callback on this machine. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Config, Console, Deferred, Effect, Layer } from "effect"
import { type MiroError, MiroOAuth } from "effect-miro"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"

const Done = HttpServerResponse.text("Done. You can close this window.")
const Failed = HttpServerResponse.text("That did not work. See the terminal.", { status: 400 })

/** Prints where to sign in, and waits for the browser to come back to `MIRO_REDIRECT_URL`. */
export const signIn = Effect.gen(function* () {
  const redirectUrl = yield* Config.URL("MIRO_REDIRECT_URL")
  const { codeVerifier, state, url: page } = yield* MiroOAuth.authorizationRequest()
  const authorized = yield* Deferred.make<MiroOAuth.Authorization, MiroError.MiroError>()
  const oauth = yield* MiroOAuth.MiroOAuth
  const callback = HttpRouter.add(
    "GET",
    redirectUrl.pathname as HttpRouter.PathInput,
    Effect.gen(function* () {
      const { url } = yield* HttpServerRequest.HttpServerRequest
      const result = yield* Effect.exit(oauth.handleCallback(url, { codeVerifier, state }))
      yield* Deferred.done(authorized, result)
      return result._tag === "Success" ? Done : Failed
    })
  )
  const server = NodeHttpServer.layer(createServer, {
    host: redirectUrl.hostname,
    port: Number(redirectUrl.port || 80)
  })
  yield* HttpRouter.serve(callback, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide(server),
    Layer.build
  )
  yield* Console.error(`Open this page to sign in:\n\n  ${page}\n`)
  return yield* Deferred.await(authorized)
}).pipe(Effect.scoped)
