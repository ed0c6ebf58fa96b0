/**
 * Logging a user out: ends the grant at Miro, and removes the record.
 */
import * as Clock from "effect/Clock"
import type * as SecureRandom from "effect/crypto/SecureRandom"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { AuthorizationRequired, type Reason } from "../../MiroError.ts"
import * as OAuthErrors from "../../http/oauthErrors.ts"
import type { TokenStorage } from "../TokenStorage.ts"
import * as Grants from "./grants.ts"
import type { TokenEndpoint } from "./tokenEndpoint.ts"
import * as Lifetime from "../record/lifetime.ts"
import * as RecordStore from "../record/store.ts"

export interface Parts {
  readonly app: RecordStore.App
  readonly endpoint: TokenEndpoint
  readonly storage: TokenStorage["Service"]
  readonly random: SecureRandom.SecureRandom["Service"]
}

const warn = (user: string, what: string) => Effect.logWarning(`Revoking for user ${JSON.stringify(user)}: ${what}`)

/**
 * What became of a grant: it has ended, has new tokens, or its record was
 * changed by somebody else and has to be looked at again.
 */
type Outcome = "ended" | "refreshed" | "changed"

/** Refreshes tokens that are to be revoked, as their access token is dead. */
const makeRefresh = ({ app, endpoint, random, storage }: Parts) => {
  /** Writes a lease into a record, and gives it with the new version, if nobody has written another one. */
  const lease = Effect.fnUntraced(function* ({ record, version }: RecordStore.Versioned) {
    const mark: Lifetime.Mark = {
      owner: yield* random.uuidV4(),
      since: yield* Clock.currentTimeMillis,
      lease: 2 * Duration.toMillis(yield* endpoint.deadline)
    }
    yield* RecordStore.write(storage, Option.some(version), { ...record, refreshing: mark })
    const current = yield* RecordStore.read(storage, record.user, app)
    return Option.map(
      Option.filter(current, ({ record }) => record.refreshing?.owner === mark.owner),
      ({ version }) => ({ mark, version: Option.some(version) })
    )
  })

  // As for any refresh, what was redeemed is stored before it is used: the program may end in between.
  return Effect.fnUntraced(function* (
    found: RecordStore.Versioned,
    refreshToken: Redacted.Redacted
  ): Effect.fn.Return<Outcome, Reason> {
    const held = yield* lease(found)
    if (Option.isNone(held)) return "changed"
    const { mark, version } = held.value
    const { record } = found
    const grant = yield* Effect.result(endpoint.refresh(refreshToken))
    if (Result.isFailure(grant)) {
      if (OAuthErrors.isOfGrant(grant.failure)) return "ended"
      const next = Lifetime.notRenewed(record, mark, grant.failure)
      yield* Effect.ignore(RecordStore.write(storage, version, next))
      return yield* Effect.fail(grant.failure)
    }
    const next = Lifetime.renewed(record, grant.success)
    const isStored = yield* RecordStore.retryWrites(RecordStore.write(storage, version, next)).pipe(
      Effect.tapError(() => Effect.ignore(endpoint.revokeToken(next.accessToken)))
    )
    if (isStored) return "refreshed"
    // The user has logged in again, or out, in the meantime.
    yield* Effect.ignore(endpoint.revokeToken(next.accessToken))
    return "changed"
  }, Effect.uninterruptible)
}

export const make = (parts: Parts) => {
  const { app, endpoint, storage } = parts
  const refresh = makeRefresh(parts)
  const find = (user: string) => RecordStore.find(storage, user, app)

  /** Ends a grant whose access token Miro refused to revoke. */
  const endOtherwise = Effect.fnUntraced(function* (
    found: RecordStore.Versioned,
    reason: Reason
  ): Effect.fn.Return<Outcome, Reason> {
    const { record } = found
    // Who refreshes it finds that it is not stored any more, and revokes what they got.
    if (Lifetime.isLeased(record, yield* Clock.currentTimeMillis)) return "ended"
    const outcome = Grants.isRefreshable(record)
      ? yield* refresh(found, record.refreshToken)
      : (yield* endpoint.isDead(record.accessToken))
        ? "ended"
        : yield* Effect.fail(reason)
    if (outcome === "ended")
      yield* warn(record.user, "Miro does not know the stored tokens, and the grant may have ended")
    return outcome
  })

  const endGrant = Effect.fnUntraced(function* (
    found: RecordStore.Versioned,
    isRefreshed: boolean
  ): Effect.fn.Return<Outcome, Reason> {
    const revocation = yield* Effect.result(endpoint.revokeToken(found.record.accessToken))
    if (Result.isSuccess(revocation)) return "ended"
    // A token that was issued a moment before is not refused for its age.
    return Grants.isOfToken(revocation.failure) && !isRefreshed
      ? yield* endOtherwise(found, revocation.failure)
      : yield* Effect.fail(revocation.failure)
  })

  return Effect.fnUntraced(function* (user: string): Effect.fn.Return<void, Reason> {
    let found = yield* find(user)
    if (Option.isNone(found)) return yield* new AuthorizationRequired({ user })
    const refusal = RecordStore.refusals(storage, user)
    let isRefreshed = false
    // Again with the tokens of a refresh or a login that was stored in between.
    while (Option.isSome(found)) {
      const { content, version }: RecordStore.Found = found.value
      if (Result.isFailure(content)) {
        yield* warn(user, `the grant may go on, since its tokens are not known: ${content.failure.message}`)
        if (yield* RecordStore.remove(storage, user, version)) return
      } else if (!content.success.isClaimed) {
        yield* RecordStore.claim(storage, user, app)
      } else {
        const { record } = content.success
        const outcome: Outcome = yield* endGrant({ record, version }, isRefreshed)
        isRefreshed = outcome === "refreshed"
        if (outcome === "ended" && (yield* RecordStore.remove(storage, user, version))) return
      }
      yield* refusal
      found = yield* find(user)
    }
  })
}
