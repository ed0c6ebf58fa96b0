/**
 * Reading and writing the records of an app's users.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import type { Reason, TokenStorageFailure } from "../../MiroError.ts"
import type { TokenRecord } from "../TokenRecord.ts"
import { type Stored, type TokenStorage, TokenStorageError } from "../TokenStorage.ts"
import { call, describe, failure, isStorageError, remember } from "./calls.ts"
import { type App, type Content, contentOf, notARecord, type Problem, textOf } from "./content.ts"

export type { App }

/** A record together with the version of the storage that it was read under. */
export interface Versioned {
  /** The tokens of the user. */
  readonly record: TokenRecord
  /** The version that the storage gave the record. */
  readonly version: string
}

// What a storage found: a record, or one that it cannot read, of which it knows the version.
type Response = Stored | (TokenStorageError & { readonly version: string })

const isUnreadable = (error: TokenStorageError): error is TokenStorageError & { readonly version: string } =>
  isStorageError(error) && typeof error.version === "string"

// A storage of the user's own may be written in JavaScript, or be wrong about what its driver gives.
const isStored = (value: unknown): boolean =>
  Predicate.hasProperty(value, "record") &&
  Redacted.isRedacted(value.record) &&
  Predicate.hasProperty(value, "version") &&
  Predicate.isString(value.version)

const isFound = (found: Option.Option<Stored>): boolean =>
  Option.isOption(found) && Option.match(found, { onNone: () => true, onSome: isStored })

const wrongType = (method: TokenStorageFailure["method"], expected: string) => () =>
  new TokenStorageError({ cause: new Error(`${method} gave something else than ${expected}`) })

const get = (
  storage: TokenStorage["Service"],
  user: string
): Effect.Effect<Option.Option<Response>, TokenStorageFailure> =>
  call(storage, user, "get", () =>
    Effect.filterOrFail(
      storage.get(user),
      isFound,
      wrongType("get", "an Option with a redacted record and its version")
    ).pipe(Effect.catchIf(isUnreadable, Effect.succeedSome<Response>))
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
  const refusal = refusals(storage, user)
  while (true) {
    const stored = yield* readContent(storage, user, app)
    if (Option.isNone(stored) || stored.value.isClaimed) return stored
    // Before the tokens go anywhere: if there are two apps, one of them wins, and the other one is told.
    if (!(yield* write(storage, Option.some(stored.value.version), stored.value.record))) yield* refusal
  }
})

const compareAndSet = (
  storage: TokenStorage["Service"],
  user: string,
  expected: Option.Option<string>,
  next: Option.Option<Redacted.Redacted>
): Effect.Effect<boolean, TokenStorageFailure> =>
  call(storage, user, "compareAndSet", () =>
    Effect.filterOrFail(
      storage.compareAndSet(user, expected, next),
      Predicate.isBoolean,
      wrongType("compareAndSet", "true or false")
    )
  )

/** Replaces the record of a user, if its version is still the expected one. */
export const write = (
  storage: TokenStorage["Service"],
  expected: Option.Option<string>,
  record: TokenRecord
): Effect.Effect<boolean, TokenStorageFailure> =>
  Effect.flatMap(textOf(record), (text) => {
    remember(storage, record)
    return compareAndSet(storage, record.user, expected, Option.some(text))
  })

/** Removes the record of a user, if its version is still the expected one. */
export const remove = (
  storage: TokenStorage["Service"],
  user: string,
  expected: string
): Effect.Effect<boolean, TokenStorageFailure> => compareAndSet(storage, user, Option.some(expected), Option.none())

/**
 * What may happen so many times in one undertaking, and fails when it happens
 * again. Without an end, a storage that is at fault would be asked for ever.
 */
export const atMost = (
  times: number,
  storage: TokenStorage["Service"],
  user: string,
  description: string
): Effect.Effect<void, TokenStorageFailure> => {
  let count = 0
  return Effect.suspend(() =>
    ++count <= times
      ? Effect.void
      : Effect.flatMap(
          failure(storage, user, { method: "compareAndSet", problem: "Unavailable", description }),
          Effect.fail
        )
  )
}

/**
 * What an undertaking has to run each time before it begins again because its
 * write was refused. A refusal is the write of somebody else in between, and of
 * these there are never so many.
 */
export const refusals = (storage: TokenStorage["Service"], user: string): Effect.Effect<void, TokenStorageFailure> =>
  atMost(100, storage, user, "it refused 100 writes, as if somebody had made another one before each")

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
