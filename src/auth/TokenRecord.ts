/**
 * The tokens of one user as they are stored: the facts that Miro gave, and the
 * mark of a refresh under way.
 */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { type Reason, TokenStorageFailure } from "../client/MiroError.ts"
import * as BaseUrl from "../internal/baseUrl.ts"
import * as Redaction from "../internal/redaction.ts"
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

const Refused = Schema.Struct({
  outcomeUnknown: Schema.Boolean,
  description: Schema.String,
  /** A keyed hash of the credentials that the app had. With others the refresh token may be good. */
  app: Schema.optionalKey(Schema.String),
  /** When it was refused last, in milliseconds since the epoch, and how often in all. */
  at: Schema.optionalKey(Schema.Finite),
  times: Schema.optionalKey(Schema.Finite)
})

const Refuser = Schema.Struct({ endpoint: Schema.String, at: Schema.Finite, pause: Schema.Finite })

const Refreshing = Schema.Struct({ owner: Schema.String, since: Schema.Finite, lease: Schema.Finite })

/**
 * @category models
 */
export const TokenRecord = Schema.Struct({
  ...TokenGrant.fields,
  /** The key under which the record is stored; a record under another key is refused. */
  user: Schema.String,
  /** The app that the tokens were issued to; the record of another app is refused. */
  clientId: Schema.String,
  /** The API that issued the tokens; the record of another API is refused. */
  baseUrl: Schema.String,
  /** Counts the token pairs of this user. */
  generation: Schema.Finite,
  /** Set when Miro refused the refresh token: the user has to authorize the app again. */
  refused: Schema.optionalKey(Refused),
  /**
   * Endpoints that answered `401` to a token that had just been issued: for
   * `pause` milliseconds a `401` of theirs is no reason to refresh.
   */
  refusers: Schema.optionalKey(Schema.Array(Refuser)),
  /**
   * A refresh was begun at `since`, in milliseconds since the epoch by the
   * clock of who began it, and nobody else may begin one for `lease`
   * milliseconds. A mark that has run out says that the refresh token may have
   * been presented, and what came of it is not known.
   */
  refreshing: Schema.optionalKey(Refreshing)
})

/** @category models */
export interface TokenRecord extends Schema.Schema.Type<typeof TokenRecord> {}

/** The app whose tokens are read and written. */
export interface App {
  readonly clientId: string
  readonly baseUrl: string
}

/**
 * The format that this version writes. It is counted up when older versions
 * could no longer be trusted with a record; a field that they may ignore is no
 * reason for it.
 */
const format = 1

// Fields of newer versions are kept by those who write the record again, also those inside of its parts.
const open = <Fields extends Schema.Struct.Fields>(struct: Schema.Struct<Fields>) =>
  Schema.StructWithRest(struct, [Schema.Record(Schema.String, Schema.Unknown)])

const Content = open(
  Schema.Struct({
    ...TokenRecord.fields,
    format: Schema.Literal(format),
    refused: Schema.optionalKey(open(Refused)),
    refusers: Schema.optionalKey(Schema.Array(open(Refuser))),
    refreshing: Schema.optionalKey(open(Refreshing))
  })
)
const encode = Schema.encodeEffect(Schema.fromJsonString(Content))
const decode = Schema.decodeUnknownEffect(Content)
const parse = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

// Never more than a tenth of the lifetime, or a short-lived token would be
// refreshed again as soon as it is received.
const margin = (expiresIn: number): number => Math.min(60_000, expiresIn * 100)

const expiry = (record: TokenRecord): number | undefined =>
  record.expiresIn === undefined ? undefined : record.receivedAt + record.expiresIn * 1000

/** Whether the access token is past its lifetime. */
export const isExpired = (record: TokenRecord, now: number): boolean => now >= (expiry(record) ?? Infinity)

/** Whether the access token is past its lifetime, or so near to it that it should not be relied on for long. */
export const isInMargin = (record: TokenRecord, now: number): boolean =>
  now >= (expiry(record) ?? Infinity) - margin(record.expiresIn ?? 0)

// Users who logged in together would be refreshed together. So each token has its own moment in the first three
// quarters of the margin, which all processes find in the same place.
const moment = ({ expiresIn = 0, generation, receivedAt, user }: TokenRecord): number => {
  const spread = (Hash.string(`${user} ${generation} ${receivedAt}`) >>> 0) / 2 ** 32
  return margin(expiresIn) * (1 - 0.75 * spread)
}

/** Whether the access token is past its lifetime, or so near to it that it should be refreshed first. */
export const isStale = (record: TokenRecord, now: number): boolean =>
  isInMargin(record, now) && now >= (expiry(record) ?? Infinity) - moment(record)

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

/**
 * The record after a refresh. What the response does not mention stays, and so
 * do the fields that this version does not know.
 */
export const renewed = (record: TokenRecord, grant: TokenGrant): TokenRecord => {
  const kept = Struct.omit(record, ["refreshing", "refused", "expiresIn"])
  const scopes = grant.scopes.length === 0 ? record.scopes : grant.scopes
  return { ...kept, ...grant, scopes, generation: record.generation + 1 }
}

/** A record together with the version of the storage that it was read under. */
export interface Versioned {
  readonly record: TokenRecord
  readonly version: string
}

// The tokens that a storage was last given or has given: what its errors can quote.
const lastTokens = new WeakMap<TokenStorage["Service"], ReadonlyArray<Redacted.Redacted>>()

const tokensOf = ({ accessToken, refreshToken }: TokenGrant): ReadonlyArray<Redacted.Redacted> =>
  refreshToken === undefined ? [accessToken] : [accessToken, refreshToken]

const remember = (storage: TokenStorage["Service"], record: TokenRecord): void => {
  const known = lastTokens.get(storage) ?? []
  const isKnown = known.some((token) => Equal.equals(token, record.accessToken))
  if (!isKnown) lastTokens.set(storage, [...tokensOf(record), ...known].slice(0, 16))
}

// The message of a driver can quote the values that it was given or has read.
const withoutSecrets = <A>(
  storage: TokenStorage["Service"],
  method: TokenStorageFailure["method"],
  call: Effect.Effect<A, TokenStorageError>
): Effect.Effect<A, TokenStorageFailure> => {
  const redaction = () => Redaction.ofStorage(lastTokens.get(storage) ?? [])
  return call.pipe(
    Effect.mapError(({ cause }) => {
      const message = Predicate.hasProperty(cause, "message") ? cause.message : cause
      return failure(method, "Unavailable", redaction().quote(String(message)))
    }),
    Effect.catchDefect((defect) => Effect.die(redaction().quoteCause(defect)))
  )
}

const failure = (
  method: TokenStorageFailure["method"],
  problem: TokenStorageFailure["problem"],
  description: string
): TokenStorageFailure => new TokenStorageFailure({ method, problem, description })

// A storage that hangs would hold up every call of the user. What becomes of a
// write after this is not known, which those who write have to expect anyway.
const inTime = <A>(
  method: TokenStorageFailure["method"],
  call: Effect.Effect<A, TokenStorageFailure>
): Effect.Effect<A, TokenStorageFailure> =>
  Effect.timeoutOrElse(call, {
    duration: "10 seconds",
    orElse: () => Effect.fail(failure(method, "Unavailable", "no answer within 10 seconds"))
  })

// Whose it is comes first: about a record of another app, nothing else is to be found out. What an older version wrote
// does not say whose app's it is, and counts as that of whoever asks.
const contentOf = Effect.fnUntraced(function* (
  text: Redacted.Redacted,
  user: string,
  app: App
): Effect.fn.Return<{ readonly record: TokenRecord; readonly isClaimed: boolean }, TokenStorageFailure> {
  const place = `what is stored for user ${JSON.stringify(user)}`
  const unreadable = failure("get", "Unreadable", `${place} is not a token record`)
  // Not the errors of the schemas, which repeat the content.
  const json = yield* Effect.mapError(parse(Redacted.value(text)), () => unreadable)
  const { baseUrl = app.baseUrl, clientId = app.clientId } = json
  if (typeof clientId !== "string" || typeof baseUrl !== "string") return yield* unreadable
  if (clientId !== app.clientId || !BaseUrl.isSame(baseUrl, app.baseUrl)) {
    const whose = `belongs to another app (client id ${JSON.stringify(clientId)} at ${JSON.stringify(baseUrl)})`
    return yield* failure("get", "AnotherApp", `${place} ${whose}; each app needs a storage of its own`)
  }
  if (typeof json["user"] === "string" && json["user"] !== user) {
    return yield* failure("get", "AnotherUser", `${place} belongs to another user`)
  }
  if (typeof json["format"] === "number" && json["format"] > format) {
    const versions = `has the format ${json["format"]}, and this version of effect-miro knows ${format}`
    return yield* failure("get", "NewerFormat", `${place} was written by a newer version: it ${versions}`)
  }
  const record = yield* Effect.mapError(decode({ format, ...json, clientId, baseUrl }), () => unreadable)
  return { record, isClaimed: json["clientId"] !== undefined && json["baseUrl"] !== undefined }
})

const readContent = Effect.fnUntraced(function* (storage: TokenStorage["Service"], user: string, app: App) {
  const stored = yield* withoutSecrets(storage, "get", storage.get(user)).pipe(
    (call) => inTime("get", call),
    // After a process was held up, its timers run out before it sees the answers that have long been there.
    Effect.retry({ times: 1 })
  )
  if (Option.isNone(stored)) return Option.none()
  const { record, version } = stored.value
  const content = yield* contentOf(record, user, app)
  remember(storage, content.record)
  return Option.some({ ...content, version })
})

/**
 * Reads the record of a user of the app. Content that is none is an error,
 * never "none".
 */
export const read = (
  storage: TokenStorage["Service"],
  user: string,
  app: App
): Effect.Effect<Option.Option<Versioned>, TokenStorageFailure> => readContent(storage, user, app)

/**
 * Reads the record of a user of the app, to use the tokens in it. A record of
 * an older version does not say whose app's it is, and becomes that of the app
 * which is the first to use it.
 */
export const claim = Effect.fnUntraced(function* (
  storage: TokenStorage["Service"],
  user: string,
  app: App
): Effect.fn.Return<Option.Option<Versioned>, TokenStorageFailure> {
  while (true) {
    const stored = yield* readContent(storage, user, app)
    if (Option.isNone(stored) || stored.value.isClaimed) return stored
    // Before the tokens go anywhere: if there are two apps, one of them wins, and the other one is told.
    yield* write(storage, Option.some(stored.value.version), stored.value.record)
  }
})

/** Replaces the record of a user, if its version is still the expected one. */
export const write = (
  storage: TokenStorage["Service"],
  expected: Option.Option<string>,
  record: TokenRecord
): Effect.Effect<boolean, TokenStorageFailure> =>
  encode({ ...record, format }).pipe(
    Effect.orDie,
    Effect.flatMap((text) => {
      remember(storage, record)
      const next = Option.some(Redacted.make(text))
      return withoutSecrets(storage, "compareAndSet", storage.compareAndSet(record.user, expected, next))
    }),
    (call) => inTime("compareAndSet", call)
  )

/** Removes the record of a user, if its version is still the expected one. */
export const remove = (
  storage: TokenStorage["Service"],
  user: string,
  expected: string
): Effect.Effect<boolean, TokenStorageFailure> =>
  withoutSecrets(storage, "compareAndSet", storage.compareAndSet(user, Option.some(expected), Option.none())).pipe(
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
    while: (reason) => reason._tag === "TokenStorageFailure" && reason.problem === "Unavailable"
  })
