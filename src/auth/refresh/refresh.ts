/**
 * One refresh: looks at the record until there is nothing left to do, or
 * redeems its refresh token.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type * as Redacted from "effect/Redacted"
import { type Reason, ReauthorizationRequired } from "../../MiroError.ts"
import * as Lease from "./lease.ts"
import type { Pauses } from "./pauses.ts"
import type { Records } from "./records.ts"
import * as Redeem from "./redeem.ts"
import type { Rescue } from "./rescue.ts"
import * as Lifetime from "../record/lifetime.ts"

type Token = Redacted.Redacted

export interface Options {
  readonly records: Records
  readonly rescue: Rescue
  readonly pauses: Pauses
  /** This process. */
  readonly owner: string
  /** How long the token endpoint may take, in milliseconds. */
  readonly deadline: number
}

export const make = ({ deadline, owner, pauses, records, rescue }: Options) => {
  const redeem = Redeem.make(records, rescue, pauses)
  return Effect.fnUntraced(function* (user: string, stale: Token): Effect.fn.Return<Token, Reason> {
    const lease = Lease.make(records, user, owner, deadline)
    while (true) {
      const current = yield* records.get(user)
      const { record } = current
      const kept = rescue.find(record)
      if (kept !== undefined) return yield* rescue.persist(kept)
      yield* records.check(record)
      const isExpired = Lifetime.isExpired(record, yield* Clock.currentTimeMillis)
      // Somebody refreshed since `stale` was read. At Miro that ends the old access token at once, so this is what
      // happens to most calls that were under way.
      if (!Equal.equals(record.accessToken, stale) && !isExpired) return record.accessToken
      const { refreshToken } = record
      if (refreshToken === undefined) {
        if (!isExpired) return record.accessToken
        const description = "the access token has expired and there is no refresh token"
        return yield* new ReauthorizationRequired({ user, outcomeUnknown: false, description })
      }
      if (!(yield* lease.isFree(current))) continue
      yield* pauses.pass(user)
      const mark = yield* lease.take(current)
      if (mark !== undefined) return yield* redeem({ record, refreshToken, mark })
    }
  })
}
