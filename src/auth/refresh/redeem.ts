/**
 * Spending a refresh token, with the lease of its record held.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Reason } from "../../MiroError.ts"
import * as OAuthErrors from "../../http/oauthErrors.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import * as Lease from "./lease.ts"
import type { Pauses } from "./pauses.ts"
import { type Records, reauthorizationRequired } from "./records.ts"
import * as Refusal from "./refusal.ts"
import type { Rescue } from "./rescue.ts"
import * as Telemetry from "./telemetry.ts"
import * as Lifetime from "../record/lifetime.ts"

export interface Spending {
  readonly record: TokenRecord.TokenRecord
  readonly refreshToken: Redacted.Redacted
  readonly mark: Lifetime.Mark
}

export const make = (records: Records, rescue: Rescue, pauses: Pauses) => {
  const { oauth } = records

  const refused = Effect.fnUntraced(function* (
    presented: TokenRecord.TokenRecord,
    reason: Reason
  ): Effect.fn.Return<Redacted.Redacted, Reason> {
    const said = {
      outcomeUnknown: presented.refreshing !== undefined,
      description: `Miro refused the refresh token: ${reason.message}`,
      credentials: yield* oauth.credentials
    }
    const refusal = records.refusals(presented.user)
    while (true) {
      const current = yield* records.get(presented.user)
      // Somebody else redeemed it and has stored what they got.
      if (!Equal.equals(current.record.refreshToken, presented.refreshToken)) {
        yield* records.check(current.record)
        return current.record.accessToken
      }
      const refused = Refusal.mark(presented.refused, said, yield* Clock.currentTimeMillis)
      // Marked and not removed: a refusal that was a mistake is then made good by a later attempt.
      if (yield* records.replace(current, { ...Lifetime.withoutMark(current.record), refused })) {
        return yield* reauthorizationRequired(presented.user, refused)
      }
      yield* refusal
    }
  })

  const failed = Effect.fnUntraced(function* (
    { mark, record }: Spending,
    reason: Reason
  ): Effect.fn.Return<never, Reason> {
    yield* Lease.release(records, mark.owner, Lifetime.notRenewed(record, mark, reason))
    return yield* Effect.fail(reason._tag === "InvalidInput" ? reason : yield* pauses.failed(record.user, reason))
  })

  const redeem = Effect.fnUntraced(function* (
    spending: Spending,
    trace: Telemetry.RefreshTrace
  ): Effect.fn.Return<Redacted.Redacted, Reason> {
    const { record, refreshToken } = spending
    const result = yield* Effect.result(oauth.refresh(refreshToken))
    if (Result.isFailure(result) && !OAuthErrors.isOfGrant(result.failure)) {
      trace.failure = result.failure
      return yield* failed(spending, result.failure)
    }
    pauses.succeeded(record.user)
    if (Result.isFailure(result)) return yield* refused(record, result.failure)
    const next = Lifetime.renewed(record, result.success)
    trace.after = next
    return yield* rescue.persist({ record: next, spent: refreshToken })
  })

  return (spending: Spending): Effect.Effect<Redacted.Redacted, Reason> =>
    Effect.suspend(() => {
      const trace: Telemetry.RefreshTrace = { before: spending.record }
      return Effect.onExit(redeem(spending, trace), (exit) => Telemetry.refreshEnded(exit, trace, oauth.fingerprint))
    })
}
