/**
 * The page at Miro where a user authorizes the app.
 */
import * as Clock from "effect/Clock"
import type * as Digest from "effect/crypto/Digest"
import type * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import type * as Redacted from "effect/Redacted"
import { InvalidInput } from "../../MiroError.ts"
import * as Pkce from "./pkce.ts"
import * as App from "./app.ts"
import type { States } from "./states.ts"

export const path = "/oauth/authorize"

/**
 * What may be set of an authorization request.
 *
 * @category models
 */
export interface PageOptions {
  /** Made anew unless given. At most 1,024 characters. */
  readonly state?: string | undefined
  /** The team to install the app for; the user is asked for one otherwise. */
  readonly teamId?: string | undefined
}

/**
 * Where to send a user, and what the session of the browser has to keep for
 * the callback.
 *
 * @category models
 */
export interface AuthorizationRequest {
  /** Where to send the user. */
  readonly url: string
  /** What the callback has to bring back. */
  readonly state: string
  /** The secret that proves that the code was asked for by this app. */
  readonly codeVerifier: Redacted.Redacted
}

export interface Parts {
  readonly app: App.App
  readonly digest: Digest.Digest["Service"]
  readonly random: SecureRandom.SecureRandom["Service"]
  readonly states: States
}

export const make = ({ app, digest, random, states }: Parts) =>
  Effect.fnUntraced(function* (
    user: string,
    options?: PageOptions
  ): Effect.fn.Return<AuthorizationRequest, InvalidInput> {
    yield* App.checkPage(app)
    // An empty one would bind nothing.
    const state = options?.state || Base64Url.encode(yield* random.randomBytes(32))
    if (state.length > 1024) {
      return yield* new InvalidInput({ issues: [{ path: ["state"], message: "must have at most 1024 characters" }] })
    }
    const now = yield* Clock.currentTimeMillis
    const codeVerifier = states.open(state, user, yield* Pkce.makeVerifier(random), now)
    const url = new URL(app.webUrl.replace(/\/+$/, "") + path)
    url.searchParams.set("response_type", "code")
    url.searchParams.set("client_id", app.clientId)
    url.searchParams.set("redirect_uri", app.redirectUrl)
    url.searchParams.set("state", state)
    url.searchParams.set("code_challenge", yield* Pkce.challenge(digest, codeVerifier))
    url.searchParams.set("code_challenge_method", "S256")
    if (options?.teamId !== undefined) url.searchParams.set("team_id", options.teamId)
    return { url: url.href, state, codeVerifier }
  })
