/**
 * Calls of a storage, whatever it does: it can fail, hang and throw.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import { TokenStorageFailure } from "../../MiroError.ts"
import * as Watchdog from "../../http/watchdog.ts"
import * as Redaction from "../../http/redaction.ts"
import type { TokenGrant, TokenRecord } from "../TokenRecord.ts"
import { type TokenStorage, TokenStorageError } from "../TokenStorage.ts"

// The tokens that a storage was last given or has given: what its errors can quote.
const lastTokens = new WeakMap<TokenStorage["Service"], ReadonlyArray<Redacted.Redacted>>()

const tokensOf = ({ accessToken, refreshToken }: TokenGrant): ReadonlyArray<Redacted.Redacted> =>
  refreshToken === undefined ? [accessToken] : [accessToken, refreshToken]

/** Keeps the tokens of a record out of what is said of failures. */
export const remember = (storage: TokenStorage["Service"], record: TokenRecord): void => {
  const known = lastTokens.get(storage) ?? []
  const isKnown = known.some((token) => Equal.equals(token, record.accessToken))
  if (!isKnown) lastTokens.set(storage, [...tokensOf(record), ...known].slice(0, 16))
}

/** What a storage says of a failure. The message of a driver can quote the values that it was given or has read. */
export const describe = (storage: TokenStorage["Service"], error: unknown): string => {
  const { message } = isStorageError(error) ? error : new TokenStorageError({ cause: error })
  return Redaction.ofStorage(lastTokens.get(storage) ?? []).quote(message)
}

export const isStorageError = (error: unknown): error is TokenStorageError =>
  Predicate.isTagged(error, "TokenStorageError")

/**
 * Runs a method of a storage in a fiber of its own: one that interrupts itself
 * interrupts nobody else, and one that cannot be interrupted, as while it waits
 * for a connection, holds nobody up.
 */
const apart = <A, E>(run: () => Effect.Effect<A, E>, seconds: number): Effect.Effect<A, E | TokenStorageError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(Effect.suspend(run), { startImmediately: true }), (fiber) => {
      const exit = fiber.pollUnsafe()
      if (exit !== undefined) return exit
      const joined = Effect.onInterrupt(Fiber.join(fiber), () => Effect.sync(() => fiber.interruptUnsafe()))
      const late = () => new TokenStorageError({ cause: new Error(`no response within ${seconds} seconds`) })
      return restore(Watchdog.within(joined, Duration.seconds(seconds), late))
    })
  )

// What goes wrong here is not for anybody's eyes, and the failure to be reported is another one.
const placeOf = (storage: TokenStorage["Service"], user: string): Effect.Effect<{ readonly place?: string }> =>
  apart(() => storage.place?.(user) ?? Effect.undefined, 1).pipe(
    Effect.catchCause(() => Effect.undefined),
    Effect.map((place) => (Predicate.isString(place) ? { place } : {}))
  )

/** A failure, with the place of the record. */
export const failure = (
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
export const call = <A>(
  storage: TokenStorage["Service"],
  user: string,
  method: TokenStorageFailure["method"],
  run: () => Effect.Effect<A, TokenStorageError>
): Effect.Effect<A, TokenStorageFailure> =>
  Effect.catchCause(apart(run, 10), (cause) => {
    const error = Cause.hasInterruptsOnly(cause) ? "it was interrupted" : Cause.squash(cause)
    const description = describe(storage, error)
    return Effect.flatMap(failure(storage, user, { method, problem: "Unavailable", description }), Effect.fail)
  })
