/**
 * Tokens that were received, on their way to the storage.
 *
 * What they were redeemed for is spent, so that until they are stored they
 * exist nowhere but here.
 */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { Reason } from "../../MiroError.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import type { Records } from "./records.ts"
import * as RecordStore from "../record/store.ts"

/** A pair that was received, but is not stored yet. */
export interface Unsaved {
  readonly spent: Redacted.Redacted
  readonly record: TokenRecord.TokenRecord
}

// A write of ours that was reported as a failure, or made beside this one, may have been made, and others may have
// refreshed since: to revoke what they replaced would end the grant that they go on with.
const isEnded = ({ authorizedAt }: TokenRecord.TokenRecord, current: Option.Option<RecordStore.Versioned>): boolean =>
  Option.match(current, {
    onNone: () => true,
    onSome: ({ record }) =>
      authorizedAt !== undefined && record.authorizedAt !== undefined && record.authorizedAt !== authorizedAt
  })

export interface Rescue extends ReturnType<typeof make> {}

export const make = (records: Records, scope: Scope.Scope) => {
  const unsaved = new Map<string, Unsaved>()
  const rescues = new Set<string>()

  const persistOnce = Effect.fnUntraced(function* (pair: Unsaved): Effect.fn.Return<Redacted.Redacted, Reason> {
    const { record, spent } = pair
    const refusal = records.refusals(record.user)
    while (true) {
      const current = yield* records.find(record.user)
      if (Option.isSome(current) && Equal.equals(current.value.record.refreshToken, spent)) {
        if (yield* records.replace(current.value, record)) return record.accessToken
        yield* refusal
        continue
      }
      // An earlier write that was reported as a failure has been made all the same.
      if (Option.isSome(current) && Equal.equals(current.value.record.accessToken, record.accessToken)) {
        return record.accessToken
      }
      // The user logged out, or in again, in the meantime: that stands, and our pair is not left alive.
      if (unsaved.get(record.user) === pair && isEnded(record, current)) {
        yield* Effect.ignore(records.oauth.revokeToken(record.accessToken))
      }
      const latest = (yield* records.get(record.user)).record
      yield* records.check(latest)
      return latest.accessToken
    }
  })

  const settle = Effect.fnUntraced(function* (pair: Unsaved): Effect.fn.Return<Redacted.Redacted, Reason> {
    const { user } = pair.record
    const result = yield* Effect.result(persistOnce(pair))
    const isOver = Result.isSuccess(result) || result.failure._tag !== "TokenStorageFailure"
    if (isOver && unsaved.get(user) === pair) unsaved.delete(user)
    return yield* Effect.fromResult(result)
  })

  // Other processes will present what is spent. So this goes on after those who asked have been told, until the
  // storage can write or the program ends.
  const rescue = Effect.fnUntraced(function* (pair: Unsaved) {
    const { user } = pair.record
    if (rescues.has(user)) return
    rescues.add(user)
    yield* Effect.logWarning(`The refreshed tokens of user ${JSON.stringify(user)} could not be stored yet`)
    const tryAgain = Effect.gen(function* () {
      while (unsaved.get(user) === pair) {
        yield* Effect.interruptible(Effect.sleep("2 seconds"))
        // Beside those that a hanging storage holds up: another process waits only a little longer than this pause.
        yield* Effect.forkChild(Effect.ignore(settle(pair)), { uninterruptible: true })
      }
    })
    yield* tryAgain.pipe(
      Effect.onInterrupt(() => Effect.ignore(settle(pair))),
      Effect.ensuring(Effect.sync(() => rescues.delete(user))),
      Effect.forkIn(scope, { uninterruptible: true })
    )
  })

  return {
    /** For how many users there are tokens that are not stored. */
    count: (): number => unsaved.size,

    /** The pair that this refresh token was spent for, if it is still not stored. */
    find: ({ refreshToken, user }: TokenRecord.TokenRecord): Unsaved | undefined => {
      const kept = unsaved.get(user)
      return kept !== undefined && Equal.equals(kept.spent, refreshToken) ? kept : undefined
    },

    /** Stores a pair before anyone uses it. One that cannot be stored is kept. */
    persist: (pair: Unsaved): Effect.Effect<Redacted.Redacted, Reason> =>
      Effect.suspend(() => {
        unsaved.set(pair.record.user, pair)
        return settle(pair)
      }).pipe(
        RecordStore.retryWrites,
        Effect.tapError((reason) => (reason._tag === "TokenStorageFailure" ? rescue(pair) : Effect.void))
      )
  }
}
