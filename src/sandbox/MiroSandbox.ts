/**
 * A stateful fake of Miro's REST API and of its SCIM, which serves every
 * operation of this package, with OAuth and rotating tokens, paging, validation
 * errors, credits and rate limits. What is created can be listed, read, changed
 * and deleted, and the logs tell what happened.
 *
 * {@link layerHttpClient} responds in process, and {@link layerServer} on a
 * real socket. Both keep a ledger of every request, which tests can read.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Url from "effect/http/Url"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as app from "./internal/app.ts"
import * as Control from "./internal/control.ts"
import * as credits from "./internal/credits.ts"
import * as Faults from "./internal/faults.ts"
import * as grants from "./internal/grants.ts"
import { atomically } from "./internal/instant.ts"
import { issue, type IssuedTokens } from "./internal/issuedTokens.ts"
import type { LedgerEntry, RequestFilter } from "./internal/ledger.ts"
import * as Inspector from "./internal/inspector.ts"
import * as oauth from "./internal/oauth.ts"
import { Settings } from "./internal/settings.ts"
import * as Snapshot from "./internal/snapshot.ts"
import * as store from "./internal/store.ts"
import type { MiroError } from "../MiroError.ts"
import type * as Fault from "./Fault.ts"
import * as Seed from "./Seed.ts"

export { Fault } from "./Fault.ts"
export { Seed, SeedBoard } from "./Seed.ts"
export type { IssuedTokens } from "./internal/issuedTokens.ts"
export type { LedgerEntry, RequestFilter } from "./internal/ledger.ts"
export { layerSettings, Settings } from "./internal/settings.ts"

/**
 * The controls of a sandbox.
 *
 * @category services
 */
export class MiroSandbox extends Context.Service<
  MiroSandbox,
  {
    /** The fake itself, for a server or a test client of one's own. */
    readonly app: Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest>
    /** The requests so far, the last 10,000 of them unless the settings say otherwise, in the order of arrival. */
    readonly ledger: Effect.Effect<ReadonlyArray<LedgerEntry>>
    /** Forgets every request so far. Boards, items and tokens stay. */
    readonly clearLedger: Effect.Effect<void>
    /**
     * Makes boards with their items, and gives the ids of the boards. Neither
     * the ledger nor the credits of anybody show it. Fails with what Miro would
     * refuse.
     */
    readonly seed: (seed: Seed.Seed) => Effect.Effect<ReadonlyArray<string>, MiroError>
    /** Forgets everything, tokens too, as if the sandbox had just been made. */
    readonly reset: Effect.Effect<void>
    /**
     * The whole state as JSON: boards with what is on them, the bytes of their
     * files, the organization, what happened, and all grants. It has the tokens
     * of the sandbox in the clear.
     */
    readonly snapshot: Effect.Effect<string>
    /**
     * Puts the state of a snapshot, which another sandbox may have made, in the
     * place of this one. The ledger, the credits and the faults stay.
     */
    readonly restore: (snapshot: string) => Effect.Effect<void, Schema.SchemaError>
    /**
     * Opens an authorize URL as a user would, and clicks Allow. Gives the URL
     * that the browser is sent to. Dies if the sandbox refuses the authorize
     * URL.
     */
    readonly consent: (
      authorizeUrl: string | URL,
      options?: {
        /** Who opens the URL: the sandbox's own user unless set. */
        readonly userId?: string | undefined
      }
    ) => Effect.Effect<string>
    /** Mints a pair of tokens without any OAuth flow. */
    readonly issueTokens: (options?: {
      /** Whom the tokens are for: the sandbox's own user unless set. */
      readonly userId?: string | undefined
      /** What they may be used for: what `Settings` says unless set. */
      readonly scopes?: ReadonlyArray<string> | undefined
    }) => Effect.Effect<IssuedTokens>
    /** Lets every access token expire now. Their refresh tokens stay good. */
    readonly expireAccessTokens: Effect.Effect<void>
    /** Kills all grants, as if every user had removed the app. */
    readonly revokeGrants: Effect.Effect<void>
    /**
     * Lets something go wrong with requests, until it did as often as the fault
     * says, or the faults are cleared.
     */
    readonly injectFault: (fault: Fault.Fault) => Effect.Effect<void>
    /** Ends all faults. */
    readonly clearFaults: Effect.Effect<void>
    /** Sets how many credits a user may spend in a minute, from a new minute on. */
    readonly setCredits: (perMinute: number) => Effect.Effect<void>
    /**
     * Queues a response for the next request that the filter matches. The
     * request is put in the ledger and goes no further: it needs no token,
     * costs nothing and changes nothing.
     */
    readonly respondNext: (
      response: HttpServerResponse.HttpServerResponse,
      filter?: RequestFilter
    ) => Effect.Effect<void>
  }
>()("effect-miro/sandbox/MiroSandbox") {}

// The request and its response each take a turn, as they do on a socket:
// callers interleave, and can be interrupted with the response still on its way.
const inProcess = (app: MiroSandbox["Service"]["app"]): HttpClient.HttpClient =>
  HttpClient.make((request) =>
    Effect.yieldNow.pipe(
      Effect.andThen(app),
      Effect.provideService(HttpServerRequest.HttpServerRequest, HttpServerRequest.fromClientRequest(request)),
      Effect.tap(Effect.yieldNow),
      Effect.map((response) => HttpServerResponse.toClientResponse(response, { request }))
    )
  )

const make = (settings: Settings): MiroSandbox["Service"] => {
  const state = store.make(settings)
  const sower = Layer.succeed(HttpClient.HttpClient, inProcess(app.make(state, { isUnnoticed: true })))
  const sessionOf = (userId: string = grants.defaultSession.userId) => ({ ...grants.defaultSession, userId })
  const controls: Omit<MiroSandbox["Service"], "app"> = {
    ledger: Effect.sync(() => [...state.ledger]),
    clearLedger: Effect.sync(() => {
      state.ledger = []
    }),
    seed: (seed) => Seed.sow(seed, settings.accessToken, sower),
    reset: Effect.sync(() => {
      Object.assign(state, store.make(settings))
    }),
    snapshot: Effect.flatMap(
      atomically(({ now }) => Snapshot.take(state, now)),
      Snapshot.encode
    ),
    restore: (snapshot) => Effect.map(Snapshot.decode(snapshot), (taken) => Snapshot.put(state, taken)),
    consent: (authorizeUrl, options) =>
      Effect.flatMap(
        atomically((instant) =>
          Result.flatMap(Url.fromString(String(authorizeUrl)), ({ searchParams }) =>
            oauth.consent(state, searchParams, sessionOf(options?.userId).userId, instant)
          )
        ),
        Result.match({
          onFailure: (problem) => Effect.die(problem),
          onSuccess: Effect.succeed
        })
      ),
    issueTokens: (options) =>
      atomically((instant) => {
        const session = { ...sessionOf(options?.userId), scopes: options?.scopes ?? settings.scopes }
        return issue(state.grants, session, instant)
      }),
    expireAccessTokens: atomically((instant) => grants.expireAccessTokens(state.grants, instant)),
    revokeGrants: Effect.sync(() => grants.revokeAll(state.grants)),
    injectFault: (fault) =>
      Effect.sync(() => {
        state.faults = [...state.faults, Faults.inject(fault)]
      }),
    clearFaults: Effect.sync(() => {
      state.faults = []
    }),
    setCredits: (perMinute) =>
      Effect.sync(() => {
        state.credits = credits.make(perMinute)
      }),
    respondNext: (response, filter = {}) =>
      Effect.sync(() => {
        state.scripted.push({ response, filter })
      })
  }
  const show = (path: string, query: URLSearchParams) => Inspector.show(state, path, query)
  return MiroSandbox.of({ ...controls, app: Control.around(app.make(state), { ...controls, show }) })
}

/**
 * The state of a sandbox alone. Layers that are built together share it.
 *
 * @category layers
 */
export const layer: Layer.Layer<MiroSandbox> = Layer.effect(
  MiroSandbox,
  Effect.gen(function* () {
    return make(yield* Settings)
  })
)

/**
 * An `HttpClient` whose every request, to any host, goes to the
 * sandbox, in process.
 *
 * @category layers
 */
export const layerHttpClient: Layer.Layer<HttpClient.HttpClient | MiroSandbox> = Layer.effect(
  HttpClient.HttpClient,
  MiroSandbox.useSync(({ app }) => inProcess(app))
).pipe(Layer.provideMerge(layer))

/**
 * Serves the sandbox on an HTTP server.
 *
 * **Example** (A sandbox on port 4010)
 *
 * ```ts
 * import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
 * import { Layer } from "effect"
 * import { MiroSandbox } from "effect-miro/sandbox"
 * import { createServer } from "node:http"
 *
 * const Sandbox = MiroSandbox.layerServer.pipe(
 *   Layer.provide(NodeHttpServer.layer(createServer, { port: 4010 }))
 * )
 * ```
 *
 * @category layers
 */
export const layerServer: Layer.Layer<MiroSandbox, never, HttpServer.HttpServer> = Layer.effectDiscard(
  MiroSandbox.use((sandbox) => HttpServer.serveEffect(sandbox.app))
).pipe(Layer.provideMerge(layer))
