/**
 * The tokens that the requests of one call are sent with.
 *
 * A `401` refreshes the token once for a call. After that the call is made
 * again only with a token that somebody else has put in its place meanwhile.
 */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type { AccessToken } from "../../auth/AccessToken.ts"
import type { Reason } from "../../MiroError.ts"
import * as Failure from "../../http/failure.ts"

type Token = Redacted.Redacted

/** Whether a request can be sent again. The other bodies are streams, which are spent with the first attempt. */
export const isReplayable = ({ body }: HttpClientRequest.HttpClientRequest): boolean =>
  body._tag === "Empty" || body._tag === "Uint8Array" || body._tag === "FormData"

export interface CallTokens {
  /** For the first request of an attempt. */
  readonly first: Effect.Effect<Token, Reason>
  /** After one was refused: none if the call ends with that. */
  readonly next: (refused: Token) => Effect.Effect<Option.Option<Token>, Reason>
  /** Takes in that one was not refused. */
  readonly accepted: () => void
}

// Tokens that live for a second can be rotated several times under one call.
const maxReplays = 5

const replayable = (accessToken: AccessToken["Service"], endpoint: string): CallTokens => {
  let refreshed: Token | undefined
  let replays = 0
  const another = (refused: Token): Effect.Effect<Token, Reason> => {
    if (refreshed === undefined) return accessToken.refresh(refused, endpoint)
    // Without `recheck`, nothing is known of tokens that others put in its place.
    if (accessToken.recheck === undefined || replays >= maxReplays) return Effect.succeed(refused)
    return Equal.equals(refused, refreshed)
      ? accessToken.recheck(refused, endpoint)
      : accessToken.refresh(refused, endpoint)
  }
  return {
    first: Effect.mapError(accessToken.get, Failure.unsent),
    next: (refused) =>
      Effect.suspend(() => another(refused)).pipe(
        Effect.mapError(Failure.unsent),
        // A refresh that failed is one that the call may be repeated for.
        Effect.map((token) => {
          refreshed = token
          replays++
          return Equal.equals(token, refused) ? Option.none() : Option.some(token)
        })
      ),
    accepted: () => {}
  }
}

// For how many endpoints it is known which token was refreshed when they refused a request that cannot be sent again.
const maxRefusers = 100

/** For the calls of one client. */
export const make = (accessToken: AccessToken["Service"]) => {
  const refreshedFor = new Map<string, Token>()

  // This call is lost, but not the next one.
  const once = (endpoint: string): CallTokens => ({
    first: Effect.mapError(accessToken.fresh ?? accessToken.get, Failure.unsent),
    next: (refused) => {
      const known = refreshedFor.get(endpoint)
      const isFresh = known !== undefined && Equal.equals(known, refused)
      const another = isFresh
        ? (accessToken.recheck?.(refused, endpoint) ?? Effect.succeed(refused))
        : accessToken.refresh(refused, endpoint)
      return Effect.match(another, {
        onFailure: () => Option.none(),
        onSuccess: (token) => {
          if (refreshedFor.size >= maxRefusers) refreshedFor.clear()
          refreshedFor.set(endpoint, token)
          return Option.none()
        }
      })
    },
    accepted: () => void refreshedFor.delete(endpoint)
  })

  return (request: HttpClientRequest.HttpClientRequest, path: string): CallTokens => {
    const endpoint = `${request.method} ${path}`
    return isReplayable(request) ? replayable(accessToken, endpoint) : once(endpoint)
  }
}
