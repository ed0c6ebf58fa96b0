/**
 * The token that calls carry, and how a new one is had when it is refused.
 */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Tracer from "effect/Tracer"
import { NotAuthorized, type Reason, ReauthorizationRequired } from "../client/MiroError.ts"
import * as Telemetry from "../internal/telemetry.ts"
import { CurrentUser } from "./CurrentUser.ts"
import { Deadline, MiroOAuth } from "./MiroOAuth.ts"
import * as TokenRecord from "./TokenRecord.ts"
import { TokenStorage } from "./TokenStorage.ts"

/**
 * Gives `MiroClient` the access token of {@link CurrentUser}, for every attempt
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
     * The token to send after Miro refused `stale`. The same token again means
     * that there is no other one.
     */
    readonly refresh: (stale: Redacted.Redacted) => Effect.Effect<Redacted.Redacted, Reason>
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
 * One fixed token, from `MIRO_ACCESS_TOKEN`.
 *
 * @category layers
 */
export const layerConfig: Layer.Layer<AccessToken, Config.ConfigError> = Layer.unwrap(
  Effect.gen(function* () {
    return layer(yield* Config.Redacted("MIRO_ACCESS_TOKEN"))
  })
)

// What the token endpoint means for good. Its errors do not have the codes of RFC 6749, so the status has to do.
const isRefusal = (reason: Reason): boolean =>
  "status" in reason && reason.status >= 400 && reason.status < 500 && ![408, 425, 429].includes(reason.status)

// Milliseconds by a clock that nobody sets.
const uptime = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos / 1_000_000n))

/** A refresh that is under way. */
interface Flight {
  readonly token: Deferred.Deferred<Redacted.Redacted, Reason>
  /** The span of the refresh, once it has begun. */
  span?: Tracer.Span
}

/** A pair that was received, but is not stored yet. */
interface Unsaved {
  readonly spent: Redacted.Redacted
  readonly record: TokenRecord.TokenRecord
}

const make = Effect.gen(function* () {
  const oauth = yield* MiroOAuth
  const storage = yield* TokenStorage
  const random = yield* SecureRandom.SecureRandom
  const scope = yield* Effect.scope
  const flights = new Map<string, Flight>()
  const unsaved = new Map<string, Unsaved>()
  const rescues = new Set<string>()

  const stored = Effect.fnUntraced(function* (user: string): Effect.fn.Return<TokenRecord.Versioned, Reason> {
    const found = yield* TokenRecord.claim(storage, user, oauth)
    return Option.isSome(found) ? found.value : yield* new NotAuthorized({ user })
  })

  const usable = (record: TokenRecord.TokenRecord): Effect.Effect<TokenRecord.TokenRecord, Reason> =>
    record.refused === undefined
      ? Effect.succeed(record)
      : Effect.fail(new ReauthorizationRequired({ user: record.user, ...record.refused }))

  const replace = ({ version }: TokenRecord.Versioned, next: TokenRecord.TokenRecord) =>
    TokenRecord.write(storage, Option.some(version), next)

  const persistOnce = Effect.fnUntraced(function* (pair: Unsaved): Effect.fn.Return<Redacted.Redacted, Reason> {
    const { record, spent } = pair
    while (true) {
      const current = yield* TokenRecord.read(storage, record.user, oauth)
      if (Option.isSome(current) && Equal.equals(current.value.record.refreshToken, spent)) {
        if (yield* replace(current.value, record)) return record.accessToken
        continue
      }
      // An earlier write that was reported as a failure has been made all the same.
      if (Option.isSome(current) && Equal.equals(current.value.record.accessToken, record.accessToken)) {
        return record.accessToken
      }
      // The user logged out, or in again, in the meantime: that stands, and our pair is not left alive.
      if (unsaved.get(record.user) === pair) yield* Effect.ignore(oauth.revokeToken(record.accessToken))
      return (yield* usable((yield* stored(record.user)).record)).accessToken
    }
  })

  const settle = Effect.fnUntraced(function* (pair: Unsaved): Effect.fn.Return<Redacted.Redacted, Reason> {
    const result = yield* Effect.result(persistOnce(pair))
    if (Result.isSuccess(result) || result.failure._tag !== "TokenStorageFailure") unsaved.delete(pair.record.user)
    return yield* Effect.fromResult(result)
  })

  // Until it is stored a pair exists nowhere but here, and other processes will present what is spent. So this goes
  // on after those who asked have been told, until the storage can write or the program ends.
  const rescue = Effect.fnUntraced(function* (pair: Unsaved) {
    const { user } = pair.record
    if (rescues.has(user)) return
    rescues.add(user)
    yield* Effect.logWarning(`The refreshed tokens of user ${JSON.stringify(user)} could not be stored yet`)
    const tryAgain = Effect.gen(function* () {
      while (unsaved.get(user) === pair) {
        yield* Effect.interruptible(Effect.sleep("2 seconds"))
        yield* Effect.ignore(settle(pair))
      }
    })
    yield* tryAgain.pipe(
      Effect.onInterrupt(() => Effect.ignore(settle(pair))),
      Effect.ensuring(Effect.sync(() => rescues.delete(user))),
      Effect.forkIn(scope, { uninterruptible: true })
    )
  })

  // Stores a pair before anyone uses it. What it was redeemed for is spent, so a pair that cannot be stored is kept.
  const persist = (pair: Unsaved): Effect.Effect<Redacted.Redacted, Reason> =>
    Effect.suspend(() => {
      unsaved.set(pair.record.user, pair)
      return settle(pair)
    }).pipe(
      TokenRecord.retryWrites,
      Effect.tapError((reason) => (reason._tag === "TokenStorageFailure" ? rescue(pair) : Effect.void))
    )

  const refused = Effect.fnUntraced(function* (
    presented: TokenRecord.TokenRecord,
    reason: Reason
  ): Effect.fn.Return<Redacted.Redacted, Reason> {
    const refused = {
      outcomeUnknown: presented.refreshing !== undefined,
      description: `Miro refused the refresh token: ${reason.message}`
    }
    while (true) {
      const current = yield* stored(presented.user)
      // Somebody else redeemed it and has stored what they got.
      if (!Equal.equals(current.record.refreshToken, presented.refreshToken)) {
        return (yield* usable(current.record)).accessToken
      }
      // Marked and not removed: a refusal that was a mistake can then still be looked into.
      if (yield* replace(current, { ...TokenRecord.withoutMark(current.record), refused })) {
        return yield* new ReauthorizationRequired({ user: presented.user, ...refused })
      }
    }
  })

  const redeem = Effect.fnUntraced(
    function* (
      record: TokenRecord.TokenRecord,
      refreshToken: Redacted.Redacted,
      mark: NonNullable<TokenRecord.TokenRecord["refreshing"]>
    ): Effect.fn.Return<Redacted.Redacted, Reason> {
      const result = yield* Effect.result(oauth.refresh(refreshToken))
      if (Result.isSuccess(result)) {
        return yield* persist({ record: TokenRecord.renewed(record, result.success), spent: refreshToken })
      }
      const reason = result.failure
      if (isRefusal(reason)) return yield* refused(record, reason)
      // Only a rate limit, or a request that was never sent, says for sure that the token was not redeemed. Any other
      // fault, now or before, leaves a mark that has run out, so that a later refusal can be told from a user who
      // revoked the app.
      const isUnspent =
        (reason._tag === "RateLimited" || reason._tag === "InvalidInput") && record.refreshing === undefined
      const unmarked = TokenRecord.withoutMark(record)
      yield* release(isUnspent ? unmarked : { ...unmarked, refreshing: { ...mark, lease: 0 } }, mark.owner)
      return yield* Effect.fail(reason)
    },
    (self, { user }) => Telemetry.refresh(self, user)
  )

  // A lease that cannot be given back runs out by itself.
  const release = (next: TokenRecord.TokenRecord, owner: string) =>
    stored(next.user).pipe(
      Effect.filterOrFail(({ record }) => record.refreshing?.owner === owner),
      Effect.flatMap((current) => replace(current, next)),
      Effect.ignore
    )

  const newToken = Effect.fnUntraced(function* (
    user: string,
    stale: Redacted.Redacted
  ): Effect.fn.Return<Redacted.Redacted, Reason> {
    const owner = yield* random.uuidV4()
    const deadline = Duration.toMillis(yield* Deadline)
    // Longer than a call to the token endpoint may take, and the writes after it: a lease that runs out while its
    // holder is alive would let two redeem.
    const lease = 2 * deadline
    let watched = { version: "", since: 0 }
    while (true) {
      const current = yield* stored(user)
      const kept = unsaved.get(user)
      if (kept !== undefined && Equal.equals(kept.spent, current.record.refreshToken)) return yield* persist(kept)
      const record = yield* usable(current.record)
      const now = yield* Clock.currentTimeMillis
      // Somebody refreshed since `stale` was read. At Miro that ends the old access token at once, so this is what
      // happens to most calls that were under way.
      if (!Equal.equals(record.accessToken, stale) && !TokenRecord.isExpired(record, now)) return record.accessToken
      const { refreshToken, refreshing } = record
      if (refreshToken === undefined) {
        if (!TokenRecord.isExpired(record, now)) return record.accessToken
        const description = "the access token has expired and there is no refresh token"
        return yield* new ReauthorizationRequired({ user, outcomeUnknown: false, description })
      }
      const before = yield* uptime
      if (refreshing !== undefined && refreshing.owner !== owner) {
        if (watched.version !== current.version) watched = { version: current.version, since: before }
        if (!TokenRecord.isLeaseOver(refreshing, before - watched.since, now)) {
          // The only part of a refresh that may be interrupted: nothing of ours is under way.
          yield* Effect.interruptible(Effect.sleep(yield* Random.nextIntBetween(50, 150)))
          continue
        }
      }
      // Taking the lease also proves that the storage can be written to, while nothing is spent yet.
      const mark = { owner, since: now, lease }
      if (!(yield* replace(current, { ...record, refreshing: mark }))) continue
      // Held up for so long (a suspended machine, a slow storage) that others may take us for dead before the answer.
      if ((yield* uptime) - before >= lease - deadline) continue
      return yield* redeem(record, refreshToken, mark)
    }
  })

  // All callers of a user share one refresh. It runs in a fiber of its own, which the interruption of a caller does
  // not reach and for which the end of the scope waits: between redeeming and storing there is no way out.
  const refresh = (user: string, stale: Redacted.Redacted): Effect.Effect<Redacted.Redacted, Reason> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const underWay = flights.get(user)
        if (underWay !== undefined) {
          return restore(Deferred.await(underWay.token)).pipe(
            Effect.ensuring(Effect.suspend(() => Telemetry.link(underWay.span))),
            Effect.tap(Telemetry.refreshed)
          )
        }
        const flight: Flight = { token: Deferred.makeUnsafe() }
        flights.set(user, flight)
        const flying = Effect.useSpan("Miro.AccessToken.refresh", (span) => {
          flight.span = span
          return Effect.withParentSpan(newToken(user, stale), span, { captureStackTrace: false })
        })
        return Effect.flatMap(Effect.forkIn(flying, scope, { uninterruptible: true }), (fiber) => {
          fiber.addObserver((exit) => {
            flights.delete(user)
            Deferred.doneUnsafe(flight.token, exit)
          })
          return Effect.tap(restore(Deferred.await(flight.token)), Telemetry.refreshed)
        })
      })
    )

  const get = Effect.gen(function* () {
    const user = yield* CurrentUser
    const { record } = yield* stored(user)
    const kept = unsaved.get(user)
    // What is stored is spent, and may be marked as refused for it; what counts is to be stored first.
    if (kept !== undefined && Equal.equals(kept.spent, record.refreshToken)) {
      return yield* refresh(user, record.accessToken)
    }
    yield* usable(record)
    const now = yield* Clock.currentTimeMillis
    // While another process refreshes, a token that is not expired yet may as well be used.
    const isSeenTo = TokenRecord.isLeased(record, now) && !TokenRecord.isExpired(record, now) && !flights.has(user)
    if (isSeenTo || !TokenRecord.isStale(record, now)) return record.accessToken
    return yield* refresh(user, record.accessToken).pipe(
      // Ahead of time is only early: while the token lives, a fault of the token endpoint is nobody's problem yet.
      Effect.catchIf(
        (reason) => reason._tag !== "NotAuthorized" && reason._tag !== "ReauthorizationRequired",
        (reason) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) =>
            TokenRecord.isExpired(record, now) ? Effect.fail(reason) : Effect.succeed(record.accessToken)
          )
      )
    )
  })

  return AccessToken.of({
    baseUrl: oauth.baseUrl,
    get,
    refresh: (stale) => Effect.flatMap(CurrentUser, (user) => refresh(user, stale))
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
