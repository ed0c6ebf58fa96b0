/**
 * Miro's OAuth 2.0: sending a user to Miro, taking them back, and keeping what
 * was granted.
 *
 * @see https://developers.miro.com/docs/getting-started-with-oauth
 */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Digest from "effect/crypto/Digest"
import * as Mac from "effect/crypto/Mac"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { InvalidInput, MiroError, type Reason } from "../MiroError.ts"
import * as BaseUrl from "../http/baseUrl.ts"
import * as Settings from "../http/settings.ts"
import * as Fingerprint from "./oauth/fingerprint.ts"
import { CurrentUser, defaultUser } from "../CurrentUser.ts"
import * as Adopting from "./oauth/adopting.ts"
import * as App from "./oauth/app.ts"
import * as Logins from "./oauth/logins.ts"
import * as Pages from "./oauth/pages.ts"
import * as Revoking from "./oauth/revoking.ts"
import * as States from "./oauth/states.ts"
import * as TokenEndpoint from "./oauth/tokenEndpoint.ts"
import type * as TokenRecord from "./TokenRecord.ts"
import { TokenStorage } from "./TokenStorage.ts"
import * as Lifetime from "./record/lifetime.ts"
import * as RecordStore from "./record/store.ts"

export type { Adoption } from "./oauth/adopting.ts"
export type { Options } from "./oauth/app.ts"
export type { Authorization, LoginOptions } from "./oauth/logins.ts"
export type { AuthorizationRequest, PageOptions } from "./oauth/pages.ts"
export { Deadline } from "./oauth/tokenEndpoint.ts"

type Authorization = Logins.Authorization
type LoginOptions<E, R> = Logins.LoginOptions<E, R>

/**
 * What {@link MiroOAuth} does. The functions of this module do it with the service
 * in context.
 *
 * @category services
 */
export interface Service {
  /** The client id in the app's settings. */
  readonly clientId: string
  /** The API that issues the tokens, and that they are for. */
  readonly baseUrl: string
  /**
   * The user that a call is made for: `CurrentUser`, who must have been given
   * if the app says `requireUser`.
   */
  readonly currentUser: Effect.Effect<string, InvalidInput>
  /**
   * The page at Miro where the user authorizes the app, with what the session
   * of the browser has to keep until the callback, and then to forget:
   * `handleCallback(url, { state, codeVerifier })`, in any process.
   *
   * The `state` is what the callback is known by: for some minutes and once.
   * The `codeVerifier` is for PKCE (S256), and goes with the code. Miro does
   * not document that it checks it, so nothing relies on it.
   */
  readonly authorizationRequest: (options?: Pages.PageOptions) => Effect.Effect<Pages.AuthorizationRequest, MiroError>
  /**
   * The same page alone, for a program whose users each have a key of their
   * own and come back to the process that they left: this one keeps the
   * `state` and the PKCE verifier of up to 10,000 logins.
   */
  readonly authorizeUrl: (options?: Pages.PageOptions) => Effect.Effect<string, MiroError>
  /**
   * Takes the URL to which Miro sent the user back, whole or from its path
   * on: checks it, exchanges the code in it and stores the tokens. A login
   * that they replace is revoked; if that fails, the log says so.
   *
   * It must be the app's redirect URL, with nothing in it twice. A program
   * that sees another origin than its users, as behind a proxy, gives the
   * path and the query only.
   *
   * With `state` the callback must carry that very one. An empty one is never
   * good, nor is `{ state: undefined }`, which is that of a session without
   * one. Without it, the callback must carry a state that was made for the
   * same user in this process; the user of a program that has only one is
   * everybody who can reach it, and so always needs the `state`, in a script
   * too. Either way a state is good once: a browser that loads the page again
   * would present the code twice, for which a server may revoke what it
   * issued. A used state is remembered for as long as it would be good, and by
   * this process only, so the session should forget it too.
   *
   * A callback that fails the check, or says that the user declined, is the
   * reason `CallbackRejected`, and nothing is sent. Tokens that cannot be
   * stored are revoked, and the user has to authorize the app again. What is
   * stored and cannot be read is replaced; the record of another app is not.
   */
  readonly handleCallback: <E = never, R = never>(
    url: string,
    options?: LoginOptions<E, R>
  ) => Effect.Effect<Authorization, MiroError | E, R>
  /**
   * Exchanges an authorization code and stores the tokens. Also takes the
   * URL with the code in it, and checks that as `handleCallback` does, but
   * for its `state`: for a script, whose user pastes what the browser shows.
   *
   * The PKCE verifier is sent too if it is given, or if the `state`, in the
   * callback or given beside a bare code, was made in this process.
   */
  readonly exchangeCode: <E = never, R = never>(
    codeOrUrl: string,
    options?: LoginOptions<E, R>
  ) => Effect.Effect<Authorization, MiroError | E, R>
  /**
   * Stores tokens that the app has already, as a login does: those that
   * another system or another client of Miro's has kept until now, and does
   * not use any more. Sends nothing, and does not revoke what it replaces,
   * which may be of the same grant.
   */
  readonly adopt: (tokens: Adopting.Adoption) => Effect.Effect<Authorization, MiroError>
  /**
   * Revokes the user's tokens at Miro and removes them from the storage, also
   * those that a refresh stores in the meantime.
   *
   * If Miro does not take the access token, it is refreshed once and the new
   * one revoked. If that is refused too, because the user has removed the app
   * at Miro, the record is removed, and the log says what is not certain. Any
   * other failure leaves the record for another attempt. What cannot be read
   * is removed, and its tokens, which nobody knows, are not revoked.
   */
  readonly revoke: Effect.Effect<void, MiroError>
  /**
   * Whether tokens are stored for the user that, as far as is known, still
   * work. Reads the storage and sends nothing.
   */
  readonly isAuthorized: Effect.Effect<boolean, MiroError>
  /**
   * Spends a refresh token. Stores nothing: `AccessToken.layerOAuth` does
   * all that must happen around this.
   *
   * @internal
   */
  readonly refresh: (refreshToken: Redacted.Redacted) => Effect.Effect<TokenRecord.TokenGrant, Reason>
  /**
   * Revokes an access token, and the refresh token with it. Stores nothing.
   *
   * @internal
   */
  readonly revokeToken: (accessToken: Redacted.Redacted) => Effect.Effect<void, Reason>
  /**
   * The `Deadline` in scope or, if there is none, that of the layer.
   *
   * @internal
   */
  readonly deadline: Effect.Effect<Duration.Duration>
  /**
   * Eight hexadecimal digits by which a token can be told from another one in
   * a log. They are keyed with the client secret, and do not give it away.
   *
   * @internal
   */
  readonly fingerprint: (token: Redacted.Redacted) => Effect.Effect<string>
  /**
   * The fingerprint of the client id and the client secret.
   *
   * @internal
   */
  readonly credentials: Effect.Effect<string>
}

/**
 * Authorizes users, whom {@link CurrentUser} names, and stores their tokens in
 * `TokenStorage`.
 *
 * @category services
 */
export class MiroOAuth extends Context.Service<MiroOAuth, Service>()("effect-miro/auth/MiroOAuth") {}

const failed = (operation: string, method = "", path = "") =>
  Effect.mapError((reason: Reason) => new MiroError({ operation: `MiroOAuth.${operation}`, method, path, reason }))

// Nothing was sent for a callback that is turned away.
const failedLogin = (operation: string, reason: Reason): MiroError => {
  const isSent = reason._tag !== "CallbackRejected" && reason._tag !== "InvalidInput"
  return new MiroError({
    operation: `MiroOAuth.${operation}`,
    method: isSent ? "POST" : "",
    path: isSent ? TokenEndpoint.tokenPath : "",
    reason
  })
}

const nobody = new InvalidInput({
  issues: [{ path: ["CurrentUser"], message: "must be given, since requireUser is set: use MiroClient.as" }]
})

const currentUser = ({ requireUser }: App.App): Effect.Effect<string, InvalidInput> =>
  Effect.filterOrFail(
    CurrentUser,
    (user) => requireUser !== true || (user !== defaultUser && user !== ""),
    () => nobody
  )

const make = Effect.fnUntraced(function* (options: App.Options) {
  const storage = yield* TokenStorage
  const random = yield* SecureRandom.SecureRandom
  const digest = yield* Digest.Digest
  const app = App.make(options)
  const fingerprint = yield* Fingerprint.make(app.clientSecret)
  // Long there when somebody needs it, and nobody has waited for it.
  const hashing = yield* Effect.forkScoped(fingerprint(Redacted.make(app.clientId)), { startImmediately: true })
  const credentials = Fiber.join(hashing)
  const endpoint = yield* TokenEndpoint.make(app)
  const states = States.make()
  const user = currentUser(app)
  const request = Pages.make({ app, digest, random, states })
  const logins = Logins.make({ app, endpoint, states, storage, user })
  const revoke = Revoking.make({ app, endpoint, random, storage })
  const adopt = Adopting.make({ app, storage })

  const isAuthorized = Effect.gen(function* () {
    const stored = yield* RecordStore.read(storage, yield* user, app)
    if (Option.isNone(stored)) return false
    const { record } = stored.value
    const now = yield* Clock.currentTimeMillis
    // What other credentials were refused with says nothing of these.
    const isRefused = record.refused !== undefined && [undefined, yield* credentials].includes(record.refused.app)
    return !isRefused && (record.refreshToken !== undefined || !Lifetime.isExpired(record, now))
  })

  return MiroOAuth.of({
    clientId: app.clientId,
    baseUrl: app.baseUrl,
    currentUser: user,
    authorizationRequest: (options) =>
      // Who logs in may be known only afterwards.
      Effect.flatMap(CurrentUser, (user) => request(user, options)).pipe(
        failed("authorizationRequest", "GET", Pages.path)
      ),
    authorizeUrl: (options) =>
      Effect.flatMap(user, (user) => request(user, options)).pipe(
        Effect.map(({ url }) => url),
        failed("authorizeUrl", "GET", Pages.path)
      ),
    handleCallback: (url, options) =>
      logins.handleCallback(url, options).pipe(Logins.mapReason((reason) => failedLogin("handleCallback", reason))),
    exchangeCode: (codeOrUrl, options) =>
      logins.exchangeCode(codeOrUrl, options).pipe(Logins.mapReason((reason) => failedLogin("exchangeCode", reason))),
    adopt: (tokens) => Effect.flatMap(user, (user) => adopt(user, tokens)).pipe(failed("adopt")),
    revoke: Effect.flatMap(user, revoke).pipe(failed("revoke", "POST", TokenEndpoint.revokePath)),
    isAuthorized: isAuthorized.pipe(failed("isAuthorized")),
    refresh: endpoint.refresh,
    revokeToken: endpoint.revokeToken,
    deadline: endpoint.deadline,
    fingerprint,
    credentials
  })
})

/**
 * The page at Miro where the user authorizes the app, with what the session of
 * the browser keeps until the callback: see {@link MiroOAuth}.
 *
 * @category operations
 */
export const authorizationRequest = (
  options?: Pages.PageOptions
): Effect.Effect<Pages.AuthorizationRequest, MiroError, MiroOAuth> =>
  MiroOAuth.use((oauth) => oauth.authorizationRequest(options))

/**
 * The page at Miro alone, for users who have a key of their own and come back to
 * this process.
 *
 * @category operations
 */
export const authorizeUrl = (options?: Pages.PageOptions): Effect.Effect<string, MiroError, MiroOAuth> =>
  MiroOAuth.use((oauth) => oauth.authorizeUrl(options))

/**
 * Checks the URL to which Miro sent the user back, exchanges the code in it and
 * stores the tokens: see {@link MiroOAuth}.
 *
 * @category operations
 */
export const handleCallback = <E = never, R = never>(
  url: string,
  options?: LoginOptions<E, R>
): Effect.Effect<Authorization, MiroError | E, MiroOAuth | R> =>
  MiroOAuth.use((oauth) => oauth.handleCallback(url, options))

/**
 * Exchanges an authorization code, or the URL with it, and stores the tokens: for
 * a script, whose user pastes what the browser shows.
 *
 * @category operations
 */
export const exchangeCode = <E = never, R = never>(
  codeOrUrl: string,
  options?: LoginOptions<E, R>
): Effect.Effect<Authorization, MiroError | E, MiroOAuth | R> =>
  MiroOAuth.use((oauth) => oauth.exchangeCode(codeOrUrl, options))

/**
 * Stores tokens that the app has already, as a login does.
 *
 * @category operations
 */
export const adopt = (tokens: Adopting.Adoption): Effect.Effect<Authorization, MiroError, MiroOAuth> =>
  MiroOAuth.use((oauth) => oauth.adopt(tokens))

/**
 * Revokes the user's tokens at Miro and removes them from the storage.
 *
 * @category operations
 */
export const revoke: Effect.Effect<void, MiroError, MiroOAuth> = MiroOAuth.use((oauth) => oauth.revoke)

/**
 * Whether tokens are stored for the user that, as far as is known, still work.
 * Sends nothing.
 *
 * @category operations
 */
export const isAuthorized: Effect.Effect<boolean, MiroError, MiroOAuth> = MiroOAuth.use((oauth) => oauth.isAuthorized)

/**
 * A `MiroOAuth` for one app, whose tokens are in the `TokenStorage`.
 *
 * @category layers
 */
export const layer = (options: App.Options): Layer.Layer<MiroOAuth, never, HttpClient.HttpClient | TokenStorage> =>
  Layer.effect(MiroOAuth, make(options)).pipe(
    Layer.provide(Mac.layerWebCrypto),
    Layer.provide(Digest.layerWebCrypto),
    Layer.provide(SecureRandom.layerWebCrypto)
  )

/**
 * The app, as variables say. They are those in the names below, unless other
 * `Config`s are given.
 *
 * @category configuration
 */
export interface ConfigOptions {
  /** The client id in the app's settings: `MIRO_CLIENT_ID` unless set. */
  readonly clientId?: Config.Config<string> | undefined
  /** The client secret in the app's settings: `MIRO_CLIENT_SECRET` unless set. */
  readonly clientSecret?: Config.Config<Redacted.Redacted> | undefined
  /** Where Miro sends users back to, one of the URLs in the app's settings: `MIRO_REDIRECT_URL` unless set. */
  readonly redirectUrl?: Config.Config<string> | undefined
  /** Where the API is: `MIRO_BASE_URL` unless set. */
  readonly baseUrl?: Config.Config<string> | undefined
  /** Where users authorize apps: `MIRO_WEB_URL` unless set. */
  readonly webUrl?: Config.Config<string> | undefined
  /** Lets URLs be `http://` on other machines, which sends secrets in the clear. */
  readonly allowInsecure?: boolean | undefined
  /** Whether every call needs a `CurrentUser`, so that no two users share tokens by mistake. */
  readonly requireUser?: boolean | undefined
}

/**
 * The app from `MIRO_CLIENT_ID`, `MIRO_CLIENT_SECRET` and `MIRO_REDIRECT_URL`,
 * unless other `Config`s are given; `MIRO_BASE_URL` and `MIRO_WEB_URL` point
 * elsewhere than to Miro. A value that `baseUrl` may not have is a
 * `ConfigError`.
 *
 * @category layers
 */
export const layerConfig = (
  options?: ConfigOptions
): Layer.Layer<MiroOAuth, Config.ConfigError, HttpClient.HttpClient | TokenStorage> =>
  Layer.unwrap(
    Effect.gen(function* () {
      return layer({
        clientId: yield* options?.clientId ?? Config.NonEmptyString("MIRO_CLIENT_ID"),
        clientSecret: yield* options?.clientSecret ?? Settings.secret("MIRO_CLIENT_SECRET"),
        redirectUrl: yield* options?.redirectUrl ?? Config.NonEmptyString("MIRO_REDIRECT_URL"),
        baseUrl: yield* BaseUrl.fromConfig(options?.baseUrl, "MIRO_BASE_URL", options?.allowInsecure),
        webUrl: yield* BaseUrl.fromConfig(options?.webUrl, "MIRO_WEB_URL", options?.allowInsecure),
        allowInsecure: options?.allowInsecure,
        requireUser: options?.requireUser
      })
    }).pipe(Effect.mapError(Settings.readable))
  )
