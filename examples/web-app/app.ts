/** The routes of the app. */
import { Effect, Layer, Option, Schema, Stream } from "effect"
import { Boards, Items, MiroClient, type MiroError, MiroOAuth, Retry, StickyNotes, Timeouts, Tokens } from "effect-miro"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { fileURLToPath } from "node:url"
import { toMarkup } from "../shared/html.ts"
import * as Pages from "./pages.ts"
import * as Problems from "./problems.ts"
import { type Session, Sessions } from "./sessions.ts"

const { redirect } = HttpServerResponse

// A browser waits for a page: not for the next minute's credits, say.
const soon = Retry.policy({ times: 2, maxDelay: "2 seconds" })

/** A route of those who are signed in, in whose name it calls Miro. */
const signedIn = <R>(
  route: (session: Session) => Effect.Effect<HttpServerResponse.HttpServerResponse, MiroError.MiroError, R>,
  otherwise: (here: string) => HttpServerResponse.HttpServerResponse = (here) =>
    Pages.signIn(here, "You are not signed in, or were long ago.")
) =>
  Effect.gen(function* () {
    const { session } = yield* Sessions
    const { url } = yield* HttpServerRequest.HttpServerRequest
    const current = yield* session.read
    if (Option.isNone(current)) return otherwise(url)
    return yield* route(current.value).pipe(
      MiroClient.as(current.value.id),
      Retry.provide(soon),
      Timeouts.provide({ call: "20 seconds" }),
      Effect.catchTag("MiroError", Problems.failurePage(url))
    )
  })

const home = signedIn(
  (session) =>
    Effect.map(Stream.runCollect(Stream.take(Boards.list.items(), 100)), (boards) => Pages.boards(session, boards)),
  () => Pages.welcome
)

const boardId = Effect.map(HttpRouter.params, ({ boardId = "" }) => boardId)

const board = signedIn((session) =>
  Effect.gen(function* () {
    const id = yield* boardId
    const items = Stream.runCollect(Stream.take(Items.list.items({ boardId: id }), 1000))
    const [found, on] = yield* Effect.all([Boards.get({ boardId: id }), items], { concurrency: "unbounded" })
    return Pages.board(session, found, on)
  })
)

/** Reads a form that a page of this session has sent; another site can neither send that origin nor know the token. */
const form = <A, I extends Readonly<Record<string, string>>>(session: Session, schema: Schema.Codec<A, I>) =>
  Effect.gen(function* () {
    const { headers } = yield* HttpServerRequest.HttpServerRequest
    if (headers["origin"] !== (yield* Sessions).origin) return Option.none<A>()
    const { csrf } = yield* HttpServerRequest.schemaBodyUrlParams(Schema.Struct({ csrf: Schema.String }))
    return csrf === session.csrf ? Option.some(yield* HttpServerRequest.schemaBodyUrlParams(schema)) : Option.none<A>()
  }).pipe(Effect.catchTag(["SchemaError", "HttpServerError"], () => Effect.succeedNone))

const NewNote = Schema.Struct({
  content: Schema.NonEmptyString,
  x: Schema.FiniteFromString,
  y: Schema.FiniteFromString
})

const addStickyNote = signedIn((session) =>
  Effect.gen(function* () {
    const id = yield* boardId
    const note = yield* form(session, NewNote)
    if (Option.isNone(note)) return Problems.notYours
    const { content, ...position } = note.value
    yield* StickyNotes.create({ boardId: id, data: { content: toMarkup(content) }, position })
    return redirect(`/boards/${encodeURIComponent(id)}`, { status: 303 })
  })
)

const signOut = signedIn((session) =>
  Effect.gen(function* () {
    if (Option.isNone(yield* form(session, Schema.Struct({})))) return Problems.notYours
    yield* MiroOAuth.revoke
    return (yield* Sessions).session.expire(redirect("/", { status: 303 }))
  })
)

// Nowhere but to a board: anything else could lead to another site.
const isReturn = (path: string | undefined): path is string => path !== undefined && /^\/boards\/[\w%=-]+$/.test(path)

const signIn = Effect.gen(function* () {
  const { login } = yield* Sessions
  const { url } = yield* HttpServerRequest.HttpServerRequest
  const to = new URL(url, "http://localhost").searchParams.get("to") ?? undefined
  const { codeVerifier, state, url: page } = yield* MiroOAuth.authorizationRequest()
  return yield* login.set(redirect(page), { codeVerifier, state, returnTo: isReturn(to) ? to : "/" })
}).pipe(Effect.catchTag("MiroError", Problems.failurePage("/")))

/** Ends what the browser was signed in as before, if it was. */
const endSession = Effect.fnUntraced(function* (session: Option.Option<Session>) {
  if (Option.isSome(session))
    yield* MiroOAuth.revoke.pipe(MiroClient.as(session.value.id), Effect.ignore({ log: "Warn" }))
})

const callback = Effect.gen(function* () {
  const sessions = yield* Sessions
  const { url } = yield* HttpServerRequest.HttpServerRequest
  const login = yield* sessions.login.read
  // Also what follows from a denial or a failure: a login is good for one callback.
  return yield* Effect.gen(function* () {
    const { codeVerifier, returnTo, state } = Option.getOrElse(login, () => ({
      codeVerifier: undefined,
      returnTo: "/",
      state: undefined
    }))
    const id = yield* sessions.secret
    yield* MiroOAuth.handleCallback(url, { state, codeVerifier, userOf: () => Effect.succeed(id) })
    const { user } = yield* Tokens.get().pipe(MiroClient.as(id))
    yield* endSession(yield* sessions.session.read)
    const session = { id, csrf: yield* sessions.secret, name: user?.name ?? "Somebody" }
    return yield* sessions.session.set(redirect(returnTo, { status: 303 }), session)
  }).pipe(Effect.catchTag("MiroError", Problems.failurePage("/")), Effect.map(sessions.login.expire))
})

const securityHeaders = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src https: data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  // Any stricter, and a browser would not say where a form comes from.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff"
}

const Secured = HttpRouter.middleware(Effect.map(HttpServerResponse.setHeaders(securityHeaders)), { global: true })

/** `callbackPath` is the path of the app's redirect URL. */
export const layer = (callbackPath: HttpRouter.PathInput) =>
  Layer.mergeAll(
    HttpRouter.add("GET", "/", home),
    HttpRouter.add("GET", "/style.css", HttpServerResponse.file(fileURLToPath(new URL("style.css", import.meta.url)))),
    HttpRouter.add("GET", "/sign-in", signIn),
    HttpRouter.add("GET", callbackPath, callback),
    HttpRouter.add("GET", "/boards/:boardId", board),
    HttpRouter.add("POST", "/boards/:boardId/sticky-notes", addStickyNote),
    HttpRouter.add("POST", "/sign-out", signOut),
    HttpRouter.add("*", "*", Problems.notFound)
  ).pipe(Layer.provide(Secured))
