/**
 * When a token is refreshed, and when it is not.
 */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type * as Redacted from "effect/Redacted"
import type { Reason } from "../../MiroError.ts"
import type { MiroOAuth } from "../MiroOAuth.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import type { TokenStorage } from "../TokenStorage.ts"
import * as Flight from "./flight.ts"
import * as Pauses from "./pauses.ts"
import * as Records from "./records.ts"
import * as Refresh from "./refresh.ts"
import * as Refusers from "./refusers.ts"
import * as Rescue from "./rescue.ts"
import * as Shutdown from "./shutdown.ts"
import * as Lifetime from "../record/lifetime.ts"

type Token = Redacted.Redacted

interface Parts {
  readonly records: Records.Records
  readonly flights: Flight.Flights
  readonly refresh: (user: string, stale: Token) => Effect.Effect<Token, Reason>
  readonly isInDoubt: (record: TokenRecord.TokenRecord) => boolean
}

/** What to send after an endpoint has refused a token. */
const makeForRefused = ({ flights, isInDoubt, records, refresh }: Parts) => {
  const refreshRefused = Effect.fnUntraced(function* (
    user: string,
    stale: Token,
    endpoint: string | undefined
  ): Effect.fn.Return<Token, Reason> {
    if (endpoint !== undefined && !flights.isUnderWay(user)) {
      const { record } = yield* records.get(user)
      const now = yield* Clock.currentTimeMillis
      const isGood = Equal.equals(record.accessToken, stale) && !Lifetime.isExpired(record, now)
      if (isGood && !isInDoubt(record) && Refusers.isKnown(record, endpoint, now)) return stale
    }
    return yield* refresh(user, stale)
  })

  const recheck = Effect.fnUntraced(function* (
    user: string,
    token: Token,
    endpoint: string
  ): Effect.fn.Return<Token, Reason> {
    const refusal = records.refusals(user)
    while (true) {
      const current = yield* records.get(user)
      const { record } = current
      const now = yield* Clock.currentTimeMillis
      const isGood = Equal.equals(record.accessToken, token) && !Lifetime.isExpired(record, now)
      if (!isGood || isInDoubt(record)) return yield* refresh(user, token)
      if (Refusers.isKnown(record, endpoint, now)) return token
      const isWritten = yield* records.replace(current, Refusers.withOne(record, endpoint, now)).pipe(
        Effect.tap((isWritten) => (isWritten ? Effect.void : refusal)),
        // It does not matter much if this cannot be written.
        Effect.orElseSucceed(() => true)
      )
      if (isWritten) return token
    }
  })

  return { refresh: refreshRefused, recheck }
}

export const make = Effect.fnUntraced(function* (oauth: MiroOAuth["Service"], storage: TokenStorage["Service"]) {
  const records = Records.make(oauth, storage)
  // Of this process, which so knows its own leases again.
  const owner = yield* (yield* SecureRandom.SecureRandom).uuidV4()
  const deadline = Duration.toMillis(yield* oauth.deadline)
  const scope = yield* Shutdown.make((): number => flights.count() + rescue.count(), Duration.millis(2 * deadline))
  const flights: Flight.Flights = yield* Flight.make(scope)
  const rescue: Rescue.Rescue = Rescue.make(records, scope)
  const pauses = Pauses.make()
  const refreshOnce = Refresh.make({ records, rescue, pauses, owner, deadline })

  const refresh = (user: string, stale: Token): Effect.Effect<Token, Reason> =>
    flights.join(user, refreshOnce(user, stale))

  // Ahead of time is only early: while the token lives, a fault of the token endpoint is nobody's problem yet.
  const refreshEarly = (user: string, record: TokenRecord.TokenRecord): Effect.Effect<Token, Reason> =>
    Effect.catchIf(
      refresh(user, record.accessToken),
      (reason) => reason._tag !== "AuthorizationRequired" && reason._tag !== "ReauthorizationRequired",
      (reason) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          Lifetime.isExpired(record, now) ? Effect.fail(reason) : Effect.succeed(record.accessToken)
        )
    )

  // A stored token cannot be relied on while the pair that replaces it is not stored yet, or after Miro refused it.
  const isInDoubt = (record: TokenRecord.TokenRecord): boolean =>
    rescue.find(record) !== undefined || record.refused !== undefined

  const get = Effect.fnUntraced(function* (user: string): Effect.fn.Return<Token, Reason> {
    const { record } = yield* records.get(user)
    if (rescue.find(record) === undefined) yield* records.check(record)
    if (isInDoubt(record)) return yield* refresh(user, record.accessToken)
    const now = yield* Clock.currentTimeMillis
    // While another process refreshes, a token that is not expired yet may as well be used.
    const isSeenTo = Lifetime.isLeased(record, now) && !Lifetime.isExpired(record, now) && !flights.isUnderWay(user)
    if (isSeenTo || !Lifetime.isStale(record, now)) return record.accessToken
    return yield* refreshEarly(user, record)
  })

  const fresh = Effect.fnUntraced(function* (user: string): Effect.fn.Return<Token, Reason> {
    const { record } = yield* records.get(user)
    if (isInDoubt(record)) return yield* get(user)
    const now = yield* Clock.currentTimeMillis
    // A refresh that is under way would end the token under the request.
    const isEnding = flights.isUnderWay(user) || Lifetime.isLeased(record, now)
    return isEnding || Lifetime.isInMargin(record, now) ? yield* refreshEarly(user, record) : record.accessToken
  })

  const { recheck, refresh: refreshRefused } = makeForRefused({ records, flights, refresh, isInDoubt })

  return { get, fresh, refresh: refreshRefused, recheck }
})
