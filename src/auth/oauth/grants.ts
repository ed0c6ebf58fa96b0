/**
 * Ending what a user granted, also when Miro does not know the access token any
 * more: an expired one does not end the grant at every server.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Reason } from "../../MiroError.ts"
import * as OAuthErrors from "../../http/oauthErrors.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import type { TokenEndpoint } from "./tokenEndpoint.ts"
import * as Lifetime from "../record/lifetime.ts"

type Record = TokenRecord.TokenRecord

/** Whether a revocation was refused in a way that may only mean that the access token is dead. */
export const isOfToken = ({ _tag }: Reason): boolean =>
  _tag === "InvalidRequest" || _tag === "Unauthorized" || _tag === "NotFound"

/** Whether the record has a refresh token that may still be presented. */
export const isRefreshable = (record: Record): record is Record & { readonly refreshToken: Redacted.Redacted } =>
  record.refreshToken !== undefined && record.refused === undefined

/**
 * Ends the grant of a record that is not stored any more, so that nobody else
 * needs its tokens.
 */
export const end = Effect.fnUntraced(function* (
  { isDead, refresh, revokeToken }: TokenEndpoint,
  record: Record
): Effect.fn.Return<void, Reason> {
  const revocation = yield* Effect.result(revokeToken(record.accessToken))
  if (Result.isSuccess(revocation)) return
  const reason = revocation.failure
  if (!isOfToken(reason)) return yield* Effect.fail(reason)
  // Who refreshes it finds that it is not stored any more, and revokes what they got.
  if (Lifetime.isLeased(record, yield* Clock.currentTimeMillis)) return
  if (!isRefreshable(record)) {
    return (yield* isDead(record.accessToken)) ? undefined : yield* Effect.fail(reason)
  }
  const grant = yield* refresh(record.refreshToken).pipe(
    Effect.asSome,
    Effect.catchIf(OAuthErrors.isOfGrant, () => Effect.succeedNone)
  )
  if (Option.isSome(grant)) yield* revokeToken(grant.value.accessToken)
})
