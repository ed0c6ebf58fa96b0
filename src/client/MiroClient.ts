/**
 * The client that all operations go through.
 *
 * From the outside in, a call passes:
 *
 * 1. **encoding and decoding**, in `Operation`, once. Files to be uploaded are read
 *    once too, before the first attempt;
 * 2. **`Retry`**, around all of the rest: every attempt reads its token and
 *    waits its turn anew;
 * 3. **one refresh** of the token, and one replay, when Miro responds with `401`;
 * 4. **`RateLimit`**, which may hold a request back;
 * 5. **base URL, headers and token**, which is that of the calling fiber's
 *    `CurrentUser`;
 * 6. **timeouts and size cap**, `Timeouts` and
 *    `HttpIncomingMessage.MaxBodySize` (32 MiB unless provided);
 * 7. **the injected `HttpClient`**. Redirects are not followed: with
 *    `FetchHttpClient` this is seen to, by a `FetchHttpClient.RequestInit`
 *    that adds to the one you provide to the program. A download follows those
 *    of the storage, which gets no token.
 *
 * References such as `Retry`, `Timeouts`, `RateLimit` and `Strict` hold for the
 * calls in the scope they are provided to. Provided to the layer of a client,
 * they hold for its calls, unless a call has others.
 */
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as AccessToken from "../auth/AccessToken.ts"
import * as MiroOAuth from "../auth/MiroOAuth.ts"
import type { TokenStorage } from "../auth/TokenStorage.ts"
import { CurrentUser } from "../CurrentUser.ts"
import * as BaseUrl from "../http/baseUrl.ts"
import * as Call from "./call/call.ts"
import * as CallTokens from "./call/tokens.ts"
import * as CallSite from "./call/site.ts"
import * as Telemetry from "./call/telemetry.ts"
import type { Storage } from "./download/storage.ts"
import type { FullResponse } from "../http/exchange.ts"
import { inMemory } from "./call/inMemory.ts"
import * as Settings from "../http/settings.ts"
import * as Http from "../http/telemetry.ts"
import { TracePropagation } from "../Telemetry.ts"
import { Timeouts } from "../Timeouts.ts"
import type { Download } from "./Download.ts"
import type { MiroError, Reason } from "../MiroError.ts"
import { credits, defaultLevel, type Level, RateLimit } from "./RateLimit.ts"
import { Retry } from "./Retry.ts"

export type { FullResponse }

/**
 * What a client knows of an endpoint beside the request: its name, what it
 * costs, and whether it may be repeated.
 *
 * @category models
 */
export type Endpoint = Call.Endpoint

/**
 * What a `MiroClient` is made with.
 *
 * @category configuration
 */
export interface Options {
  /**
   * Where the API is: unless set, the one that the `AccessToken` is for, or
   * `https://api.miro.com` if that does not say. Must begin with `https://`,
   * unless it is on this machine (`localhost`, `127.0.0.0/8`, `[::1]`), have no
   * user name, query or fragment, and be the one that the `AccessToken` is for.
   * With any other one every call fails with `InvalidInput`, and nothing is
   * sent.
   */
  readonly baseUrl?: string | undefined
  /** Lets `baseUrl` be `http://` on other machines, which sends tokens in the clear. */
  readonly allowInsecure?: boolean | undefined
  /**
   * Lets `baseUrl` be another API than the one that the `AccessToken` is for,
   * such as a proxy in front of it. It gets the tokens of all users.
   */
  readonly allowForeignTokens?: boolean | undefined
  /** Comes before this package's own name in the `user-agent` header. */
  readonly userAgent?: string | undefined
}

/**
 * The service that sends the requests of all operations.
 *
 * @category services
 */
export class MiroClient extends Context.Service<
  MiroClient,
  {
    /**
     * Sends a request whose URL is a path, and hands the response to `decodeResponse`.
     * Any status that is not 2xx is a `MiroError`, as is a failure of `decodeResponse`.
     */
    readonly call: <A>(
      request: HttpClientRequest.HttpClientRequest,
      endpoint: Endpoint,
      decodeResponse: (fullResponse: FullResponse) => Effect.Effect<A, Reason>
    ) => Effect.Effect<A, MiroError>
    /**
     * Lets `open` begin a download, with what it needs of the client beside
     * `call`: whatever is asked there is asked without a token.
     */
    readonly download: (
      endpoint: Endpoint,
      open: (storage: Storage) => Effect.Effect<Download, MiroError, Scope.Scope>
    ) => Effect.Effect<Download, MiroError, Scope.Scope>
  }
>()("effect-miro/client/MiroClient") {}

/**
 * Whether a response must fit its schema. Off unless provided: optional fields
 * that do not fit are left out and reported as a warning. A `null` for an absent
 * field and a number for an id fit either way. Turn it on in tests that should
 * notice when Miro's responses change.
 *
 * @category references
 */
export const Strict = Context.Reference<boolean>("effect-miro/client/MiroClient/Strict", {
  defaultValue: () => false
})

// What a client can be given of its own. Not `CurrentUser`: who builds a client is not who calls.
const pickSettings = Context.pick(RateLimit, Retry, Timeouts, Strict, TracePropagation, HttpIncomingMessage.MaxBodySize)

const defaultBaseUrl = "https://api.miro.com"

// A token never goes to another API than the one that issued it.
const foreignTokens = (
  accessToken: AccessToken.AccessToken["Service"],
  baseUrl: string,
  options: Options | undefined
): string | undefined =>
  accessToken.baseUrl === undefined ||
  options?.allowForeignTokens === true ||
  BaseUrl.isSame(accessToken.baseUrl, baseUrl)
    ? undefined
    : "must be the API that the access tokens are for, unless allowForeignTokens is set"

/**
 * Makes a client of the `HttpClient` and the `AccessToken` in context.
 *
 * @category constructors
 */
export const make: (
  options?: Options
) => Effect.Effect<MiroClient["Service"], never, HttpClient.HttpClient | AccessToken.AccessToken> = Effect.fnUntraced(
  function* (options) {
    const accessToken = yield* AccessToken.AccessToken
    const baseUrl = options?.baseUrl ?? accessToken.baseUrl ?? defaultBaseUrl
    const connection: Call.Connection = {
      client: yield* HttpClient.HttpClient,
      tokensOf: CallTokens.make(accessToken),
      baseUrl,
      misdirected: BaseUrl.problem(baseUrl, options?.allowInsecure) ?? foreignTokens(accessToken, baseUrl, options),
      userAgent: options?.userAgent === undefined ? "effect-miro" : `${options.userAgent} effect-miro`,
      server: Http.server(baseUrl),
      spend: Telemetry.spending()
    }
    const settings = pickSettings(yield* Effect.context())
    const withSettings = <A>(own: Context.Context<A>) => Context.merge(settings, own)
    return MiroClient.of({
      call: (request, endpoint, decodeResponse) =>
        Effect.updateContext(Call.make(connection, request, endpoint, decodeResponse), withSettings<never>),
      download: (_, open) => Effect.updateContext(open(connection), withSettings<Scope.Scope>)
    })
  }
)

/**
 * A `MiroClient` of the `HttpClient` and the `AccessToken` in context.
 *
 * @category layers
 */
export const layer = (
  options?: Options
): Layer.Layer<MiroClient, never, HttpClient.HttpClient | AccessToken.AccessToken> =>
  Layer.effect(MiroClient, make(options))

/**
 * A client with one fixed token: of an app whose tokens do not expire, or for a
 * script.
 *
 * @category layers
 */
export const layerToken = (
  token: Redacted.Redacted,
  options?: Options
): Layer.Layer<MiroClient, never, HttpClient.HttpClient> => layer(options).pipe(Layer.provide(AccessToken.layer(token)))

/**
 * A client with the one token in `MIRO_ACCESS_TOKEN`, unless another `Config` is
 * given. `MIRO_BASE_URL` points elsewhere than to Miro; one that `baseUrl` may
 * not be is a `ConfigError`.
 *
 * @category layers
 */
export const layerConfig = (options?: {
  /** The access token: `MIRO_ACCESS_TOKEN` unless set. */
  readonly token?: Config.Config<Redacted.Redacted> | undefined
  /** Where the API is: `MIRO_BASE_URL` unless set. */
  readonly baseUrl?: Config.Config<string> | undefined
  /** What comes before `effect-miro` in the `User-Agent` header. */
  readonly userAgent?: string | undefined
}): Layer.Layer<MiroClient, Config.ConfigError, HttpClient.HttpClient> =>
  Layer.unwrap(
    Effect.gen(function* () {
      return layer({
        baseUrl: yield* BaseUrl.fromConfig(options?.baseUrl, "MIRO_BASE_URL"),
        userAgent: options?.userAgent
      })
    }).pipe(Effect.mapError(Settings.readable))
  ).pipe(Layer.provide(AccessToken.layerConfig(options)))

const withOAuth = <E, R>(
  oauth: Layer.Layer<MiroOAuth.MiroOAuth, E, R>,
  options: Options
): Layer.Layer<MiroClient | MiroOAuth.MiroOAuth, E, R | HttpClient.HttpClient | TokenStorage> =>
  layer(options).pipe(Layer.provide(AccessToken.layerOAuth), Layer.provideMerge(oauth))

/**
 * A client for the users of an app, and the `MiroOAuth` by which they authorize
 * it. Their tokens are in the `TokenStorage`, and refreshed as
 * `AccessToken.layerOAuth` does.
 *
 * **Example** (An app whose users' tokens are in memory)
 *
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { MiroClient, TokenStorage } from "effect-miro"
 * import { FetchHttpClient } from "effect/http"
 *
 * const Miro = MiroClient.layerOAuth({
 *   clientId: "3458764517517819000",
 *   clientSecret: Redacted.make("secret"),
 *   redirectUrl: "https://example.com/callback"
 * }).pipe(Layer.provide([TokenStorage.layerMemory, FetchHttpClient.layer]))
 * ```
 *
 * @category layers
 */
export const layerOAuth = (
  app: MiroOAuth.Options,
  options?: {
    /** Comes before this package's own name in the `user-agent` header. */
    readonly userAgent?: string | undefined
  }
): Layer.Layer<MiroClient | MiroOAuth.MiroOAuth, never, HttpClient.HttpClient | TokenStorage> =>
  withOAuth(MiroOAuth.layer(app), { ...options, allowInsecure: app.allowInsecure })

/**
 * The same for the app in `MIRO_CLIENT_ID`, `MIRO_CLIENT_SECRET` and
 * `MIRO_REDIRECT_URL`, unless other `Config`s are given: see
 * `MiroOAuth.layerConfig`.
 *
 * @category layers
 */
export const layerOAuthConfig = (
  app?: MiroOAuth.ConfigOptions,
  options?: {
    /** Comes before this package's own name in the `user-agent` header. */
    readonly userAgent?: string | undefined
  }
): Layer.Layer<MiroClient | MiroOAuth.MiroOAuth, Config.ConfigError, HttpClient.HttpClient | TokenStorage> =>
  withOAuth(MiroOAuth.layerConfig(app), { ...options, allowInsecure: app?.allowInsecure })

const observeExecute = Telemetry.operation("MiroClient.execute", "Miro.execute")

/**
 * Sends a request to an endpoint that this package does not declare, with the
 * same token, refresh, retries and limits as an operation. Its URL is a path,
 * such as `/v2/boards/uXjVOfjmfkE%3D/diagrams`; an absolute one is refused, as
 * are headers that would break the request, point it elsewhere or replace the
 * token: `InvalidInput`, and nothing is sent.
 *
 * Gives the response with its body in memory. A status that is not 2xx is a
 * `MiroError`.
 *
 * @category requests
 */
export const execute = (
  request: HttpClientRequest.HttpClientRequest,
  options?: {
    /** The rate limit level of the endpoint: 2 unless set, see `RateLimit.defaultLevel`. */
    readonly level?: Level | undefined
  }
): Effect.Effect<HttpClientResponse.HttpClientResponse, MiroError, MiroClient> =>
  MiroClient.use((client) => {
    const level = options?.level ?? defaultLevel
    const endpoint = { name: "MiroClient.execute", level, credits: credits[level] }
    return client.call(request, endpoint, (fullResponse) => Effect.succeed(inMemory(request, fullResponse)))
  }).pipe(observeExecute({ "http.request.method": request.method }, CallSite.capture(execute)))

/**
 * Makes calls with the tokens of one user.
 *
 * **Example** (One program, two users)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Boards, MiroClient } from "effect-miro"
 *
 * const program = Effect.gen(function*() {
 *   yield* Boards.create({ name: "Retro" }).pipe(MiroClient.as("anna"))
 *   yield* Boards.create({ name: "Retro" }).pipe(MiroClient.as("ben"))
 * })
 * ```
 *
 * @category users
 */
export const as: {
  (user: string): <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(self: Effect.Effect<A, E, R>, user: string): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(self: Effect.Effect<A, E, R>, user: string): Effect.Effect<A, E, R> =>
  Effect.provideService(self, CurrentUser, user)
)

/**
 * The same for a stream, as those of a list are.
 *
 * **Example** (All boards of a user)
 *
 * ```ts
 * import { Boards, MiroClient } from "effect-miro"
 *
 * const boards = Boards.list.items().pipe(MiroClient.streamAs("anna"))
 * ```
 *
 * @category users
 */
export const streamAs: {
  (user: string): <A, E, R>(self: Stream.Stream<A, E, R>) => Stream.Stream<A, E, R>
  <A, E, R>(self: Stream.Stream<A, E, R>, user: string): Stream.Stream<A, E, R>
} = dual(2, <A, E, R>(self: Stream.Stream<A, E, R>, user: string): Stream.Stream<A, E, R> =>
  Stream.provideService(self, CurrentUser, user)
)
