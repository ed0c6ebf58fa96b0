/**
 * Where tokens are kept. Provide one of the layers here, or your own
 * implementation of {@link TokenStorage}.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"

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
  }
>()("effect-miro/auth/TokenStorage") {}

/**
 * A storage could not read or write. Its `cause` stays with the storage: a call
 * that fails for it says so with the reason `TokenStorageFailure`.
 *
 * @category errors
 */
export class TokenStorageError extends Data.TaggedError("TokenStorageError")<{
  readonly cause: unknown
}> {}

/**
 * Keeps tokens in the memory of this process, and loses them with it: for
 * tests, and for scripts that authorize anew on every run.
 *
 * @category layers
 */
export const layerMemory: Layer.Layer<TokenStorage> = Layer.sync(TokenStorage, () => {
  const records = new Map<string, Stored>()
  let writes = 0
  return TokenStorage.of({
    get: (user) => Effect.sync(() => Option.fromUndefinedOr(records.get(user))),
    compareAndSet: (user, expected, next) =>
      Effect.sync(() => {
        if (records.get(user)?.version !== Option.getOrUndefined(expected)) return false
        if (Option.isSome(next)) records.set(user, { record: next.value, version: String(++writes) })
        else records.delete(user)
        return true
      })
  })
})

/**
 * Adapts a storage that can only get and set, as those of Miro's own clients.
 *
 * Versions are counted in this process, so it is for a single process that has
 * the storage to itself: with several, two of them can refresh at once, and
 * one user's tokens are lost.
 *
 * **Example** (Tokens in a key-value service of your own)
 *
 * ```ts
 * import { Context, Effect, Option, Redacted } from "effect"
 * import { TokenStorage } from "effect-miro"
 *
 * class Vault extends Context.Service<Vault, {
 *   readonly read: (key: string) => Effect.Effect<Option.Option<string>>
 *   readonly write: (key: string, value: Option.Option<string>) => Effect.Effect<void>
 * }>()("app/Vault") {}
 *
 * const layer = TokenStorage.fromGetSet({
 *   get: (user) => Vault.use((vault) => vault.read(user)).pipe(Effect.map(Option.map((text) => Redacted.make(text)))),
 *   set: (user, record) => Vault.use((vault) => vault.write(user, Option.map(record, Redacted.value)))
 * })
 * ```
 *
 * @category layers
 */
export const fromGetSet = <E1 = never, R1 = never, E2 = never, R2 = never>(storage: {
  readonly get: (user: string) => Effect.Effect<Option.Option<Redacted.Redacted>, E1, R1>
  readonly set: (user: string, record: Option.Option<Redacted.Redacted>) => Effect.Effect<void, E2, R2>
}): Layer.Layer<TokenStorage, never, R1 | R2> =>
  Layer.effect(
    TokenStorage,
    Effect.gen(function* () {
      const context = yield* Effect.context<R1 | R2>()
      const seen = new Map<string, Stored>()
      const oneAtATime = yield* Semaphore.make(1)
      let versions = 0

      const see = (user: string, record: Redacted.Redacted): Stored => {
        const before = seen.get(user)
        if (before !== undefined && Equal.equals(before.record, record)) return before
        const stored = { record, version: String(++versions) }
        seen.set(user, stored)
        return stored
      }

      const get = (user: string) =>
        storage.get(user).pipe(
          Effect.map(Option.map((record) => see(user, record))),
          Effect.mapError((cause) => new TokenStorageError({ cause })),
          Effect.provideContext(context)
        )

      const set = (user: string, record: Option.Option<Redacted.Redacted>) =>
        storage.set(user, record).pipe(
          Effect.mapError((cause) => new TokenStorageError({ cause })),
          Effect.provideContext(context)
        )

      const compareAndSet = Effect.fnUntraced(function* (
        user: string,
        expected: Option.Option<string>,
        next: Option.Option<Redacted.Redacted>
      ) {
        const stored = yield* get(user)
        const version = Option.map(stored, ({ version }) => version)
        if (Option.getOrUndefined(version) !== Option.getOrUndefined(expected)) return false
        yield* set(user, next)
        // Forgotten even if the same text is written, so that no version comes again.
        seen.delete(user)
        return true
      })

      return TokenStorage.of({
        get,
        compareAndSet: (user, expected, next) => oneAtATime.withPermit(compareAndSet(user, expected, next))
      })
    })
  )
