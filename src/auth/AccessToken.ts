/**
 * The access token that requests are sent with, and how it is refreshed.
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type { Reason } from "../MiroError.ts"
import * as Settings from "../http/settings.ts"
import { MiroOAuth } from "./MiroOAuth.ts"
import * as Refreshes from "./refresh/refreshes.ts"
import { TokenStorage } from "./TokenStorage.ts"

/**
 * Gives `MiroClient` the access token of `CurrentUser`, for every attempt
 * anew.
 *
 * @category services
 */
export class AccessToken extends Context.Service<
  AccessToken,
  {
    /**
     * The API that the tokens are for. A client sends them there, and to
     * another one only if it is told to; to any if this is absent.
     */
    readonly baseUrl?: string | undefined
    /** The token to send. */
    readonly get: Effect.Effect<Redacted.Redacted, Reason>
    /**
     * The token for a request that can be sent only once, such as an upload of
     * a stream. {@link get} will do where there is none that is newer.
     */
    readonly fresh?: Effect.Effect<Redacted.Redacted, Reason> | undefined
    /**
     * The token to send after Miro refused `stale`. The same token again means
     * that there is no other one. `endpoint` is who refused it, as method and
     * path.
     */
    readonly refresh: (stale: Redacted.Redacted, endpoint?: string) => Effect.Effect<Redacted.Redacted, Reason>
    /**
     * The token to send after `endpoint` refused one that `refresh` had just
     * given: the one that has taken its place since, or the same if none has,
     * and then it is not the token that is at fault. Without this, it is taken
     * for the same.
     */
    readonly recheck?:
      | ((fresh: Redacted.Redacted, endpoint: string) => Effect.Effect<Redacted.Redacted, Reason>)
      | undefined
  }
>()("effect-miro/auth/AccessToken") {}

/**
 * One fixed token: of an app whose tokens do not expire, or for a script.
 *
 * @category layers
 */
export const layer = (token: Redacted.Redacted): Layer.Layer<AccessToken> =>
  Layer.succeed(AccessToken, { get: Effect.succeed(token), refresh: () => Effect.succeed(token) })

/**
 * One fixed token, from `MIRO_ACCESS_TOKEN` unless another `Config` is given.
 *
 * @category layers
 */
export const layerConfig = (options?: {
  /** The access token: `MIRO_ACCESS_TOKEN` unless set. */
  readonly token?: Config.Config<Redacted.Redacted> | undefined
}): Layer.Layer<AccessToken, Config.ConfigError> =>
  Layer.unwrap(
    (options?.token ?? Settings.secret("MIRO_ACCESS_TOKEN")).pipe(
      Effect.mapBoth({ onFailure: Settings.readable, onSuccess: layer })
    )
  )

const make = Effect.gen(function* () {
  const oauth = yield* MiroOAuth
  const refreshes = yield* Refreshes.make(oauth, yield* TokenStorage)
  const ofUser = <A>(f: (user: string) => Effect.Effect<A, Reason>) => Effect.flatMap(oauth.currentUser, f)
  return AccessToken.of({
    baseUrl: oauth.baseUrl,
    get: ofUser(refreshes.get),
    fresh: ofUser(refreshes.fresh),
    refresh: (stale, endpoint) => ofUser((user) => refreshes.refresh(user, stale, endpoint)),
    recheck: (fresh, endpoint) => ofUser((user) => refreshes.recheck(user, fresh, endpoint))
  })
})

/**
 * Stored tokens, refreshed when they are about to expire and when Miro refuses
 * them.
 *
 * However many fibers ask, one refresh runs per user, and it ends once the new
 * tokens are stored, even if everyone who asked for it has been interrupted.
 * Between processes that share a `TokenStorage` a lease in the record sees to
 * the same.
 *
 * @category layers
 */
export const layerOAuth: Layer.Layer<AccessToken, never, MiroOAuth | TokenStorage> = Layer.effect(
  AccessToken,
  make
).pipe(Layer.provide(SecureRandom.layerWebCrypto))
