/**
 * The client of Miro's SCIM API, by which an identity provider manages the
 * users and teams of an organization on the Enterprise plan. It has a host and
 * a token of its own, and beyond that works as `MiroClient` does, but for
 * `RateLimit`: the limits of SCIM are not counted in credits.
 *
 * @see https://developers.miro.com/reference/scim
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as AccessToken from "../auth/AccessToken.ts"
import * as MiroClient from "../client/MiroClient.ts"
import * as RateLimit from "../client/RateLimit.ts"
import * as BaseUrl from "../http/baseUrl.ts"
import * as Settings from "../http/settings.ts"

/**
 * What a `ScimClient` is made with.
 *
 * @category configuration
 */
export interface Options {
  /** The SCIM token, from the organization's settings: no OAuth token will do. */
  readonly token: Redacted.Redacted
  /** Where the API is: `https://miro.com/api/v1/scim` unless set. What `MiroClient` asks of one holds here too. */
  readonly baseUrl?: string | undefined
  /** Lets `baseUrl` be `http://` on other machines, which sends tokens in the clear. */
  readonly allowInsecure?: boolean | undefined
  /** Comes before this package's own name in the `user-agent` header. */
  readonly userAgent?: string | undefined
}

/**
 * What the operations in `scim` call.
 *
 * @category services
 */
export class ScimClient extends Context.Service<ScimClient, MiroClient.MiroClient["Service"]>()(
  "effect-miro/scim/ScimClient"
) {}

const make = Effect.fnUntraced(function* ({
  allowInsecure,
  baseUrl = "https://miro.com/api/v1/scim",
  userAgent
}: Options) {
  const client = yield* MiroClient.make({ baseUrl, allowInsecure, userAgent })
  return ScimClient.of({
    ...client,
    call: (request, endpoint, decodeResponse) =>
      client.call(HttpClientRequest.accept(request, "application/scim+json"), endpoint, decodeResponse).pipe(
        // SCIM has limits of its own, which are not counted in credits.
        Effect.provideService(RateLimit.RateLimit, RateLimit.none)
      )
  })
})

/**
 * A `ScimClient` that sends its requests with the SCIM token of an
 * organization.
 *
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<ScimClient, never, HttpClient.HttpClient> =>
  Layer.effect(ScimClient, make(options)).pipe(Layer.provide(AccessToken.layer(options.token)))

/**
 * A client with the token in `MIRO_SCIM_TOKEN`, unless other `Config`s are
 * given. `MIRO_SCIM_BASE_URL` points elsewhere than to Miro; one that `baseUrl` may not be is a `ConfigError`.
 *
 * @category layers
 */
export const layerConfig = (options?: {
  /** The token of SCIM: `MIRO_SCIM_TOKEN` unless set. */
  readonly token?: Config.Config<Redacted.Redacted> | undefined
  /** Where SCIM is: `MIRO_SCIM_BASE_URL` unless set. */
  readonly baseUrl?: Config.Config<string> | undefined
}): Layer.Layer<ScimClient, Config.ConfigError, HttpClient.HttpClient> =>
  Layer.unwrap(
    Effect.gen(function* () {
      return layer({
        token: yield* options?.token ?? Settings.secret("MIRO_SCIM_TOKEN"),
        baseUrl: yield* BaseUrl.fromConfig(options?.baseUrl, "MIRO_SCIM_BASE_URL")
      })
    }).pipe(Effect.mapError(Settings.readable))
  )
