/**
 * Taking users back from Miro: checks the callback, exchanges the code and
 * stores what was granted.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { CallbackRejected, InvalidInput, type Reason } from "../../MiroError.ts"
import * as Callback from "./callback.ts"
import * as Pkce from "./pkce.ts"
import { CurrentUser, defaultUser } from "../../CurrentUser.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import type { TokenStorage } from "../TokenStorage.ts"
import * as App from "./app.ts"
import type { States } from "./states.ts"
import * as Storing from "./storing.ts"
import type { TokenEndpoint } from "./tokenEndpoint.ts"
import * as RecordStore from "../record/store.ts"

/**
 * What a user granted to the app, without the tokens.
 *
 * @category models
 */
export interface Authorization {
  /** The key under which the tokens are stored. */
  readonly user: string
  /** What the user permitted, such as `boards:read`. */
  readonly scopes: ReadonlyArray<string>
  /** The Miro user who authorized the app. */
  readonly userId?: string
  /** The Miro team for which the app was authorized. */
  readonly teamId?: string
}

/**
 * What a login is given beside its callback.
 *
 * @category models
 */
export interface LoginOptions<E = never, R = never> {
  /** The state that the session of the browser has kept. */
  readonly state?: string | undefined
  /** The PKCE verifier that it has kept with it, for a callback that comes to another process. */
  readonly codeVerifier?: Redacted.Redacted | undefined
  /**
   * Finds the key to store the tokens under, if that follows from who has
   * authorized the app: for a program whose users log in with Miro. Without it
   * that is `CurrentUser`. If it fails, the tokens are revoked.
   */
  readonly userOf?: ((granted: Omit<Authorization, "user">) => Effect.Effect<string, E, R>) | undefined
}

export const authorization = (user: string, grant: TokenRecord.TokenGrant): Authorization => ({
  user,
  ...granted(grant)
})

const granted = ({ scopes, teamId, userId }: TokenRecord.TokenGrant): Omit<Authorization, "user"> => ({
  scopes,
  ...(userId !== undefined && { userId }),
  ...(teamId !== undefined && { teamId })
})

const invalid = (name: string, message: string) => new InvalidInput({ issues: [{ path: [name], message }] })

const rejected = (problem: CallbackRejected["problem"], description: string) =>
  new CallbackRejected({ problem, description })

// Anybody can have a state of a user who is everybody.
const isMissing = (options: LoginOptions<unknown, unknown> | undefined, user: string): boolean =>
  options?.state === undefined && ((options !== undefined && "state" in options) || user === defaultUser)

const missing =
  "the session has no state: without a user of its own (MiroClient.as) a callback needs handleCallback(url, { state }), " +
  "with the state of MiroOAuth.authorizationRequest"

/** The failure of a `userOf`, which is no reason of ours. */
class UserNotFound<E> {
  readonly error: E
  constructor(error: E) {
    this.error = error
  }
}

type LoginError<E> = Reason | UserNotFound<E>

/** Makes the error of a login, and leaves that of a `userOf` as it is. */
export const mapReason =
  <E2>(f: (reason: Reason) => E2) =>
  <A, E, R>(login: Effect.Effect<A, LoginError<E>, R>): Effect.Effect<A, E | E2, R> =>
    Effect.mapError(login, (error) => (error instanceof UserNotFound ? error.error : f(error)))

export interface Parts {
  readonly app: App.App
  readonly endpoint: TokenEndpoint
  readonly states: States
  readonly storage: TokenStorage["Service"]
  /** Whom a login is for that does not find it out itself. */
  readonly user: Effect.Effect<string, Reason>
}

export const make = ({ app, endpoint, states, storage, user }: Parts) => {
  // Nobody has these tokens, so nobody could ever revoke them.
  const discard = (grant: TokenRecord.TokenGrant) =>
    Effect.catch(endpoint.revokeToken(grant.accessToken), ({ message }) =>
      Effect.logWarning(`The tokens of a login that failed could not be revoked: ${message}`)
    )

  const redeem = <E, R>(
    callback: Callback.Callback,
    codeVerifier: Redacted.Redacted | undefined,
    user: string,
    userOf: LoginOptions<E, R>["userOf"]
  ): Effect.Effect<Authorization, LoginError<E>, R> =>
    Effect.uninterruptible(
      Effect.gen(function* () {
        // The record of another app stays, and so the code is not spent for tokens that would have no place.
        if (userOf === undefined) yield* RecordStore.find(storage, user, app)
        const grant = yield* endpoint.exchangeCode({ ...callback, codeVerifier })
        const stored = Effect.gen(function* () {
          const key: unknown =
            userOf === undefined
              ? user
              : yield* Effect.interruptible(Effect.mapError(userOf(granted(grant)), (error) => new UserNotFound(error)))
          if (typeof key !== "string") return yield* invalid("userOf", "must give a string")
          return {
            key,
            replaced: yield* Storing.store(storage, app, key, { ...grant, authorizedAt: grant.receivedAt })
          }
        })
        const { key, replaced } = yield* Effect.onError(stored, () => discard(grant))
        yield* Storing.endReplaced(endpoint, key, replaced)
        return authorization(key, grant)
      })
    )

  const checkVerifier = (codeVerifier: Redacted.Redacted | undefined): Effect.Effect<void, InvalidInput> =>
    codeVerifier === undefined || Pkce.isVerifier(codeVerifier)
      ? Effect.void
      : Effect.fail(invalid("codeVerifier", "must be that of MiroOAuth.authorizationRequest"))

  const userBefore = <E, R>(options: LoginOptions<E, R> | undefined): Effect.Effect<string, Reason> =>
    options?.userOf === undefined ? user : CurrentUser

  return {
    handleCallback: Effect.fnUntraced(function* <E = never, R = never>(
      url: string,
      options?: LoginOptions<E, R>
    ): Effect.fn.Return<Authorization, LoginError<E>, R> {
      const user = yield* userBefore(options)
      yield* App.checkCallback(app)
      yield* checkVerifier(options?.codeVerifier)
      const callback = yield* Effect.fromResult(Callback.parse(url, app))
      if (isMissing(options, user)) return yield* rejected("InvalidState", missing)
      const now = yield* Clock.currentTimeMillis
      const expected = options?.state
      const known = yield* Effect.fromResult(states.use({ state: callback.state, expected, user }, now))
      return yield* redeem(callback, options?.codeVerifier ?? known, user, options?.userOf)
    }),

    exchangeCode: Effect.fnUntraced(function* <E = never, R = never>(
      codeOrUrl: string,
      options?: LoginOptions<E, R>
    ): Effect.fn.Return<Authorization, LoginError<E>, R> {
      const user = yield* userBefore(options)
      yield* App.checkCallback(app)
      yield* checkVerifier(options?.codeVerifier)
      const isUrl = Callback.isUrl(codeOrUrl)
      if (!isUrl && !Callback.isCode(codeOrUrl)) {
        return yield* invalid("codeOrUrl", "must be a code, or the URL of a callback with a code in its query")
      }
      const callback = isUrl ? yield* Effect.fromResult(Callback.parse(codeOrUrl, app)) : { code: codeOrUrl, state: "" }
      const state = options?.state ?? callback.state
      const known = states.verifierOf(state, yield* Clock.currentTimeMillis)
      return yield* redeem({ ...callback, state }, options?.codeVerifier ?? known, user, options?.userOf)
    })
  }
}
