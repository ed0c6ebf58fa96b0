/** A Miro app at the edge: a fetch handler that needs nothing of Node. People sign in and see their boards, as JSON. */
import { ConfigProvider, Effect, Layer, Option, Stream } from "effect"
import { Boards, MiroClient, type MiroError, MiroOAuth, Retry, Timeouts, TokenStorage } from "effect-miro"
import { FetchHttpClient, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import * as Sessions from "./sessions.ts"
import * as Storage from "./storage.ts"

const { json, redirect } = HttpServerResponse

const failure = (error: MiroError.MiroError) => {
  switch (error.reason._tag) {
    case "AuthorizationRequired":
    case "ReauthorizationRequired":
    case "Unauthorized":
      return json({ error: "You are not signed in.", signIn: "/sign-in" }, { status: 401 })
    case "CallbackRejected":
      return json({ error: "You did not sign in.", signIn: "/sign-in" }, { status: 403 })
    default:
      return Effect.andThen(
        Effect.logError(error),
        json({ error: "Miro does not respond as it should." }, { status: 503 })
      )
  }
}

/** In the name of who is signed in. */
const boards = Effect.gen(function* () {
  const { session } = yield* Sessions.Sessions
  const current = yield* session.read
  if (Option.isNone(current)) return yield* json({ signIn: "/sign-in" }, { status: 401 })
  const boards = yield* Stream.runCollect(Stream.take(Boards.list.items(), 100)).pipe(
    MiroClient.as(current.value.id),
    // Somebody waits, and a platform ends requests that take long.
    Retry.provide(Retry.policy({ times: 2, maxDelay: "2 seconds" })),
    Timeouts.provide({ call: "10 seconds" })
  )
  return yield* json(boards.map(({ name, viewLink }) => ({ name, viewLink })))
}).pipe(Effect.catchTag("MiroError", failure))

const signIn = Effect.gen(function* () {
  const { login } = yield* Sessions.Sessions
  const { codeVerifier, state, url } = yield* MiroOAuth.authorizationRequest()
  return yield* login.set(redirect(url), { codeVerifier, state })
}).pipe(Effect.catchTag("MiroError", failure))

const callback = Effect.gen(function* () {
  const { login, newId, session } = yield* Sessions.Sessions
  const { url } = yield* HttpServerRequest.HttpServerRequest
  const begun = Option.getOrUndefined(yield* login.read)
  const id = yield* newId
  yield* MiroOAuth.handleCallback(url, {
    state: begun?.state,
    codeVerifier: begun?.codeVerifier,
    userOf: () => Effect.succeed(id)
  })
  return login.expire(yield* session.set(redirect("/", { status: 303 }), { id }))
}).pipe(Effect.catchTag("MiroError", failure))

const signOut = Effect.gen(function* () {
  const { origin, session } = yield* Sessions.Sessions
  const { headers } = yield* HttpServerRequest.HttpServerRequest
  if (headers["origin"] !== origin) return yield* json({ error: "This did not come from here." }, { status: 403 })
  const current = yield* session.read
  if (Option.isSome(current)) yield* MiroClient.as(MiroOAuth.revoke, current.value.id)
  return session.expire(redirect("/", { status: 303 }))
}).pipe(Effect.catchTag("MiroError", failure))

const Routes = Layer.mergeAll(
  HttpRouter.add("GET", "/", boards),
  HttpRouter.add("GET", "/sign-in", signIn),
  HttpRouter.add("GET", "/callback", callback),
  HttpRouter.add("POST", "/sign-out", signOut),
  HttpRouter.add("*", "*", json({ error: "There is no such page." }, { status: 404 }))
)

/** What the platform gives the worker: its variables and secrets, and where it keeps tokens. */
export interface Env extends Readonly<Record<string, unknown>> {
  readonly TOKENS: Storage.Namespace
}

const app = ({ TOKENS, ...variables }: Env) => {
  const Miro = MiroClient.layerOAuthConfig({ requireUser: true }).pipe(
    Layer.provide(TokenStorage.layerEncryptedConfig.pipe(Layer.provide(Storage.layer(TOKENS)))),
    Layer.provide(FetchHttpClient.layer)
  )
  return Routes.pipe(
    HttpRouter.provideRequest(Layer.merge(Miro, Sessions.layer)),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(variables)))
  )
}

/** Keeps the worker alive until it is done with what a request began. */
interface Execution {
  readonly waitUntil: (work: Promise<unknown>) => void
}

export default {
  fetch: (request: Request, env: Env, execution: Execution): Promise<Response> => {
    // For this request alone: a worker may not wait for what another request began, such as the refresh of a token.
    const { dispose, handler } = HttpRouter.toWebHandler(app(env), { disableLogger: true })
    return handler(request).finally(() => execution.waitUntil(dispose()))
  }
}
