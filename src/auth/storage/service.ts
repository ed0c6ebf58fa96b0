import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import * as Thrown from "../../http/thrown.ts"

/**
 * A stored record and the version under which it is stored.
 *
 * @category models
 */
export interface Stored {
  /** The tokens of one user as JSON. Opaque to the storage, and secret. */
  readonly record: Redacted.Redacted
  /** Changes with every write to this user's record, and never comes again. */
  readonly version: string
}

/**
 * Keeps one record per user, and replaces it only for those who have seen the
 * one that they replace.
 *
 * This one primitive carries all that a refresh needs: a lease, the proof that
 * the storage can be written to before the refresh token is spent, and the
 * promise that nobody's newer tokens are overwritten. A map, a SQL table, Redis
 * and DynamoDB all have it.
 *
 * @category services
 */
export class TokenStorage extends Context.Service<
  TokenStorage,
  {
    /** The record of a user, if there is one. */
    readonly get: (user: string) => Effect.Effect<Option.Option<Stored>, TokenStorageError>
    /**
     * Writes `next`, or removes the record when `next` is none, provided that
     * the stored version is `expected`, or that there is no record when
     * `expected` is none. Succeeds with whether it did, once the write is
     * durable.
     */
    readonly compareAndSet: (
      user: string,
      expected: Option.Option<string>,
      next: Option.Option<Redacted.Redacted>
    ) => Effect.Effect<boolean, TokenStorageError>
    /**
     * Where the record of a user is kept, such as the path of a file or the key
     * of a row, for the messages of errors. It must not have a secret in it.
     */
    readonly place?: ((user: string) => Effect.Effect<string>) | undefined
  }
>()("effect-miro/auth/TokenStorage") {}

/**
 * A storage could not read or write. Its `cause` stays with the storage: a call
 * that fails for it says so with the reason `TokenStorageFailure`.
 *
 * @category errors
 */
export class TokenStorageError extends Data.TaggedError("TokenStorageError")<{
  /** What the driver of the storage failed with. */
  readonly cause: unknown
  /**
   * Given if there is a record which cannot be read, because it is damaged or
   * encrypted with another key: the version to replace or remove it with. Not
   * given if the storage itself cannot be read now.
   */
  readonly version?: string | undefined
}> {
  override get message(): string {
    const { cause } = this
    const known = [cause, Thrown.propertyOf(cause, "message"), Thrown.propertyOf(cause, "_tag")]
    const reason = known.find((value) => Predicate.isString(value) && value !== "")
    if (Predicate.isString(reason)) return reason
    return cause === undefined
      ? "the storage gave no reason"
      : `the storage gave no reason, but a cause of type ${typeof cause}`
  }
}
