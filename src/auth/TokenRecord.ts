/**
 * The tokens of one user as they are stored: the facts that Miro gave, and the
 * mark of a refresh under way.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { type Reason, TokenStorageFailure } from "../client/MiroError.ts"
import * as Text from "../internal/text.ts"
import type { TokenStorage, TokenStorageError } from "./TokenStorage.ts"

/**
 * What Miro's token endpoint gave.
 *
 * @category models
 */
export const TokenGrant = Schema.Struct({
  accessToken: Schema.RedactedFromValue(Schema.String),
  /** Absent for apps whose tokens do not expire. */
  refreshToken: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)),
  /** How long the access token lives, in seconds. Absent for tokens that do not expire. */
  expiresIn: Schema.optionalKey(Schema.Finite),
  /** When the answer came, in milliseconds since the epoch. */
  receivedAt: Schema.Finite,
  scopes: Schema.Array(Schema.String),
  /** The Miro user who authorized the app. */
  userId: Schema.optionalKey(Schema.String),
  /** The Miro team for which the app was authorized. */
  teamId: Schema.optionalKey(Schema.String)
})

/** @category models */
export interface TokenGrant extends Schema.Schema.Type<typeof TokenGrant> {}

/**
 * @category models
 */
export const TokenRecord = Schema.Struct({
  ...TokenGrant.fields,
  /** The key under which the record is stored; a record under another key is refused. */
  user: Schema.String,
  /** Counts the token pairs of this user. */
  generation: Schema.Finite,
  /** Set when Miro refused the refresh token: the user has to authorize the app again. */
  refused: Schema.optionalKey(Schema.Struct({ outcomeUnknown: Schema.Boolean, description: Schema.String })),
  /**
   * A refresh was begun at `since`, in milliseconds since the epoch by the
   * clock of who began it, and nobody else may begin one for `lease`
   * milliseconds. A mark that has run out says that the refresh token may have
   * been presented, and what came of it is not known.
   */
  refreshing: Schema.optionalKey(Schema.Struct({ owner: Schema.String, since: Schema.Finite, lease: Schema.Finite }))
})

/** @category models */
export interface TokenRecord extends Schema.Schema.Type<typeof TokenRecord> {}

const Json = Schema.fromJsonString(TokenRecord)
const encode = Schema.encodeEffect(Json)
const decode = Schema.decodeUnknownEffect(Json)

// Never more than a tenth of the lifetime, or a short-lived token would be
// refreshed again as soon as it is received.
const margin = (expiresIn: number): number => Math.min(60_000, expiresIn * 100)

const expiry = (record: TokenRecord): number | undefined =>
  record.expiresIn === undefined ? undefined : record.receivedAt + record.expiresIn * 1000

/** Whether the access token is past its lifetime. */
export const isExpired = (record: TokenRecord, now: number): boolean => now >= (expiry(record) ?? Infinity)

/** Whether the access token is past its lifetime, or so near to it that it should be refreshed first. */
export const isStale = (record: TokenRecord, now: number): boolean =>
  now >= (expiry(record) ?? Infinity) - margin(record.expiresIn ?? 0)

/** Whether somebody seems to be refreshing the tokens. Only as right as the clocks of both are. */
export const isLeased = ({ refreshing }: TokenRecord, now: number): boolean =>
  refreshing !== undefined && now < refreshing.since + refreshing.lease

// By how much the clocks of two processes may differ.
const clockSkew = 30 * 60_000

/**
 * Whether who began a refresh must be taken for dead. Clocks of machines
 * differ, so what counts is for how many milliseconds one has `watched` the
 * mark oneself; only one that is old beyond doubt need not be watched.
 */
export const isLeaseOver = (
  { lease, since }: NonNullable<TokenRecord["refreshing"]>,
  watched: number,
  now: number
): boolean => watched >= lease || now >= since + lease + clockSkew

/** The record as it is when nobody is refreshing it. */
export const withoutMark = (record: TokenRecord): TokenRecord => Struct.omit(record, ["refreshing"])

/** A record together with the version of the storage that it was read under. */
export interface Versioned {
  readonly record: TokenRecord
  readonly version: string
}

// The message of a driver can quote the values that it was given or has read,
// so whatever is long enough to be a token is taken out with those we know.
const describe = (error: TokenStorageError, secrets: ReadonlyArray<Redacted.Redacted>): string => {
  const message = Predicate.hasProperty(error.cause, "message") ? error.cause.message : error.cause
  return Text.hide(String(message), secrets).replace(/[\w-]{32,}/g, "<redacted>")
}

const corrupt = (description: string) => new TokenStorageFailure({ method: "get", description })

// A storage that hangs would hold up every call of the user. What becomes of a
// write after this is not known, which those who write have to expect anyway.
const inTime = <A>(
  method: TokenStorageFailure["method"],
  call: Effect.Effect<A, TokenStorageFailure>
): Effect.Effect<A, TokenStorageFailure> =>
  Effect.timeoutOrElse(call, {
    duration: "10 seconds",
    orElse: () => Effect.fail(new TokenStorageFailure({ method, description: "no answer within 10 seconds" }))
  })

/** Reads the record of a user. Content that is no record of this user is an error, never "none". */
export const read = (
  storage: TokenStorage["Service"],
  user: string
): Effect.Effect<Option.Option<Versioned>, TokenStorageFailure> =>
  storage.get(user).pipe(
    Effect.mapError((error) => corrupt(describe(error, []))),
    (call) => inTime("get", call),
    // After a process was held up, its timers run out before it sees the answers that have long been there.
    Effect.retry({ times: 1 }),
    Effect.flatMap(
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: ({ record, version }) =>
          decode(Redacted.value(record)).pipe(
            Effect.mapError(() => corrupt(`what is stored for user ${JSON.stringify(user)} is not a token record`)),
            Effect.filterOrFail(
              (record) => record.user === user,
              () => corrupt(`what is stored for user ${JSON.stringify(user)} belongs to another user`)
            ),
            Effect.map((record) => Option.some({ record, version }))
          )
      })
    )
  )

/** Replaces the record of a user, if its version is still the expected one. */
export const write = (
  storage: TokenStorage["Service"],
  expected: Option.Option<string>,
  record: TokenRecord
): Effect.Effect<boolean, TokenStorageFailure> =>
  encode(record).pipe(
    Effect.orDie,
    Effect.flatMap((text) => storage.compareAndSet(record.user, expected, Option.some(Redacted.make(text)))),
    Effect.catchTag("TokenStorageError", (error) => {
      const secrets = [record.accessToken, ...(record.refreshToken === undefined ? [] : [record.refreshToken])]
      return Effect.fail(new TokenStorageFailure({ method: "compareAndSet", description: describe(error, secrets) }))
    }),
    (call) => inTime("compareAndSet", call)
  )

/** Removes the record of a user, if its version is still the expected one. */
export const remove = (
  storage: TokenStorage["Service"],
  user: string,
  expected: string
): Effect.Effect<boolean, TokenStorageFailure> =>
  storage.compareAndSet(user, Option.some(expected), Option.none()).pipe(
    Effect.mapError((error) => new TokenStorageFailure({ method: "compareAndSet", description: describe(error, []) })),
    (call) => inTime("compareAndSet", call)
  )

/**
 * Makes a write again for some seconds while the storage fails, since tokens
 * that were just received are lost with it.
 */
export const retryWrites = <A, E extends Reason, R>(write: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.retry(write, {
    schedule: Schedule.exponential("100 millis"),
    times: 5,
    while: (reason) => reason._tag === "TokenStorageFailure"
  })
