/**
 * The tokens of one user as they are stored: the facts that Miro gave, and the
 * mark of a refresh under way.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { type Reason, TokenStorageFailure } from "../MiroError.ts"
import * as BaseUrl from "../http/baseUrl.ts"
import * as Patience from "../http/patience.ts"
import * as Redaction from "../http/redaction.ts"
import { type Stored, type TokenStorage, TokenStorageError } from "./TokenStorage.ts"

/**
 * What Miro's token endpoint gave.
 *
 * @category models
 */
export const TokenGrant = Schema.Struct({
  /** The token that requests are sent with. */
  accessToken: Schema.RedactedFromValue(Schema.String),
  /** Absent for apps whose tokens do not expire. */
  refreshToken: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)),
  /** How long the access token lives, in seconds. Absent for tokens that do not expire. */
  expiresIn: Schema.optionalKey(Schema.Finite),
  /** When the response came, in milliseconds since the epoch. */
  receivedAt: Schema.Finite,
  /** What the token permits, such as `boards:read`. */
  scopes: Schema.Array(Schema.String),
  /** The Miro user who authorized the app. */
  userId: Schema.optionalKey(Schema.String),
  /** The Miro team for which the app was authorized. */
  teamId: Schema.optionalKey(Schema.String)
})

/** @category models */
export interface TokenGrant extends Schema.Schema.Type<typeof TokenGrant> {}

const Refused = Schema.Struct({
  /** Whether the refresh token was presented before, with an outcome that nobody knows. */
  outcomeUnknown: Schema.Boolean,
  /** Why, in Miro's words. */
  description: Schema.String,
  /** A keyed hash of the credentials that the app had. With others the refresh token may be good. */
  app: Schema.optionalKey(Schema.String),
  /** When it was refused last, in milliseconds since the epoch, and how often in all. */
  at: Schema.optionalKey(Schema.Finite),
  /** How often it was refused in all. */
  times: Schema.optionalKey(Schema.Finite)
})

const Refuser = Schema.Struct({
  /** The endpoint, as its method and path. */
  endpoint: Schema.String,
  /** When it refused the token, in milliseconds since the epoch. */
  at: Schema.Finite,
  /** For how many milliseconds a `401` of it is no reason to refresh. */
  pause: Schema.Finite
})

const Refreshing = Schema.Struct({
  /** Who refreshes, by a name that was drawn at random. */
  owner: Schema.String,
  /** When the refresh began, in milliseconds since the epoch. */
  since: Schema.Finite,
  /** For how many milliseconds nobody else may begin one. */
  lease: Schema.Finite
})

/**
 * The tokens of one user as they are stored.
 *
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
   * Endpoints that responded with `401` to a token that had just been issued: for
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
  /** The client id in the app's settings. */
  readonly clientId: string
  /** The API that the tokens are for. */
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
  /** The tokens of the user. */
  readonly record: TokenRecord
  /** The version that the storage gave the record. */
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
const describe = (storage: TokenStorage["Service"], error: unknown): string => {
  const { message } = isStorageError(error) ? error : new TokenStorageError({ cause: error })
  return Redaction.ofStorage(lastTokens.get(storage) ?? []).quote(message)
}

const isStorageError = (error: unknown): error is TokenStorageError => Predicate.isTagged(error, "TokenStorageError")

// What a storage throws here is not for anybody's eyes, and the failure to be reported is another one.
const placeOf = (storage: TokenStorage["Service"], user: string): Effect.Effect<{ readonly place?: string }> =>
  Effect.suspend(() => storage.place?.(user) ?? Effect.undefined).pipe(
    Effect.timeoutOrElse({ duration: "1 second", orElse: () => Effect.undefined }),
    Effect.catchDefect(() => Effect.undefined),
    Effect.map((place) => (place === undefined ? {} : { place }))
  )

const failure = (
  storage: TokenStorage["Service"],
  user: string,
  details: Pick<TokenStorageFailure, "method" | "problem" | "description">
): Effect.Effect<TokenStorageFailure> =>
  Effect.map(placeOf(storage, user), (place) => new TokenStorageFailure({ ...details, ...place }))

/**
 * Calls a storage. One that hangs would hold up every call of the user, and one
 * that throws, as those of users may, is one that fails. What becomes of a write
 * then is not known, which those who write have to expect anyway.
 */
const call = <A>(
  storage: TokenStorage["Service"],
  user: string,
  method: TokenStorageFailure["method"],
  run: () => Effect.Effect<A, TokenStorageError>
): Effect.Effect<A, TokenStorageFailure> =>
  Patience.within(
    Effect.suspend(run),
    Duration.seconds(10),
    () => new TokenStorageError({ cause: new Error("no response within 10 seconds") })
  ).pipe(
    Effect.catchCause((cause) =>
      Cause.hasInterrupts(cause)
        ? Effect.failCause(Cause.fromReasons<never>(cause.reasons.filter(Cause.isInterruptReason)))
        : Effect.flatMap(
            failure(storage, user, {
              method,
              problem: "Unavailable",
              description: describe(storage, Cause.squash(cause))
            }),
            Effect.fail
          )
    )
  )

/** What is wrong with the content of a record. */
type Problem = Pick<TokenStorageFailure, "problem" | "description">

/** A record, and whether it says whose app's it is: those of older versions do not. */
interface Content {
  /** The tokens of the user. */
  readonly record: TokenRecord
  /** Whether the record says whose app's it is. */
  readonly isClaimed: boolean
}

const notARecord = (user: string): Problem => ({
  problem: "Unreadable",
  description: `what is stored for user ${JSON.stringify(user)} is not a token record`
})

// Whose it is comes first: about a record of another app, nothing else is to be found out. What an older version wrote
// does not say whose app's it is, and counts as that of whoever asks.
const contentOf = Effect.fnUntraced(function* (
  text: Redacted.Redacted,
  user: string,
  app: App
): Effect.fn.Return<Content, Problem> {
  const subject = `what is stored for user ${JSON.stringify(user)}`
  const noRecord = notARecord(user)
  // Not the errors of the schemas, which repeat the content.
  const json = yield* Effect.mapError(parse(Redacted.value(text)), () => noRecord)
  const { baseUrl = app.baseUrl, clientId = app.clientId } = json
  if (typeof clientId !== "string" || typeof baseUrl !== "string") return yield* Effect.fail(noRecord)
  if (clientId !== app.clientId || !BaseUrl.isSame(baseUrl, app.baseUrl)) {
    const whose = `belongs to another app (client id ${JSON.stringify(clientId)} at ${JSON.stringify(baseUrl)})`
    const description = `${subject} ${whose}; each app needs a storage of its own`
    return yield* Effect.fail({ problem: "AnotherApp", description } as const)
  }
  if (typeof json["user"] === "string" && json["user"] !== user) {
    const description = `${subject} belongs to another user`
    return yield* Effect.fail({ problem: "AnotherUser", description } as const)
  }
  if (typeof json["format"] === "number" && json["format"] > format) {
    const versions = `has the format ${json["format"]}, and this version of effect-miro knows ${format}`
    const description = `${subject} was written by a newer version: it ${versions}`
    return yield* Effect.fail({ problem: "NewerFormat", description } as const)
  }
  const record = yield* Effect.mapError(decode({ format, ...json, clientId, baseUrl }), () => noRecord)
  return { record, isClaimed: json["clientId"] !== undefined && json["baseUrl"] !== undefined }
})

// What a storage found: a record, or one that it cannot read, of which it knows the version.
type Response = Stored | (TokenStorageError & { readonly version: string })

const isUnreadable = (error: TokenStorageError): error is TokenStorageError & { readonly version: string } =>
  isStorageError(error) && typeof error.version === "string"

const get = (
  storage: TokenStorage["Service"],
  user: string
): Effect.Effect<Option.Option<Response>, TokenStorageFailure> =>
  call(storage, user, "get", () =>
    Effect.catchIf(
      Effect.map(
        storage.get(user),
        Option.map((stored): Response => stored)
      ),
      isUnreadable,
      Effect.succeedSome
    )
  ).pipe(
    // After a process was held up, its timers run out before it sees the responses that have long been there.
    Effect.retry({ times: 1 })
  )

/**
 * What is stored for a user: a record, or what cannot be read as one, whose
 * version is enough to replace or remove it.
 */
export interface Found {
  /** The version that the storage gave the record. */
  readonly version: string
  /** The record, or why it cannot be read. */
  readonly content: Result.Result<Content, TokenStorageFailure>
}

/**
 * Looks for the record of a user of the app. Fails if the storage does, and if
 * the record is somebody else's, who has to keep it.
 */
export const find: (
  storage: TokenStorage["Service"],
  user: string,
  app: App
) => Effect.Effect<Option.Option<Found>, TokenStorageFailure> = Effect.fnUntraced(function* (storage, user, app) {
  const response = yield* get(storage, user)
  if (Option.isNone(response)) return Option.none()
  const { version } = response.value
  const content = yield* Effect.result(
    "record" in response.value
      ? Effect.catchDefect(contentOf(response.value.record, user, app), () => Effect.fail(notARecord(user)))
      : Effect.fail<Problem>({
          problem: "Unreadable",
          description: `what is stored for user ${JSON.stringify(user)} cannot be read: ${describe(storage, response.value)}`
        })
  )
  if (Result.isSuccess(content)) {
    remember(storage, content.success.record)
    return Option.some({ version, content: Result.succeed(content.success) })
  }
  const reason = yield* failure(storage, user, { method: "get", ...content.failure })
  return reason.problem === "AnotherApp" || reason.problem === "AnotherUser"
    ? yield* reason
    : Option.some({ version, content: Result.fail(reason) })
})

const readContent = Effect.fnUntraced(function* (
  storage: TokenStorage["Service"],
  user: string,
  app: App
): Effect.fn.Return<Option.Option<Content & Versioned>, TokenStorageFailure> {
  const found = yield* find(storage, user, app)
  if (Option.isNone(found)) return Option.none()
  const { content, version } = found.value
  return Option.some({ ...(yield* Effect.fromResult(content)), version })
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
export const claim: (
  storage: TokenStorage["Service"],
  user: string,
  app: App
) => Effect.Effect<Option.Option<Versioned>, TokenStorageFailure> = Effect.fnUntraced(function* (storage, user, app) {
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
  Effect.flatMap(Effect.orDie(encode({ ...record, format })), (text) => {
    remember(storage, record)
    return call(storage, record.user, "compareAndSet", () =>
      storage.compareAndSet(record.user, expected, Option.some(Redacted.make(text)))
    )
  })

/** Removes the record of a user, if its version is still the expected one. */
export const remove = (
  storage: TokenStorage["Service"],
  user: string,
  expected: string
): Effect.Effect<boolean, TokenStorageFailure> =>
  call(storage, user, "compareAndSet", () => storage.compareAndSet(user, Option.some(expected), Option.none()))

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
