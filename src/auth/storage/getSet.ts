import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import { failure } from "./failure.ts"
import { type Stored, TokenStorage, TokenStorageError } from "./service.ts"

interface Lock {
  readonly semaphore: Semaphore.Semaphore
  /** Those who have it or wait for it. */
  holders: number
}

const asStorageError = (error: unknown, record?: Option.Option<Redacted.Redacted>): TokenStorageError =>
  error instanceof TokenStorageError ? failure(error.cause, record, error.version) : failure(error, record)

/** Lets users wait for themselves only, and forgets a lock when nobody needs it. */
const makeLocks = () => {
  const locks = new Map<string, Lock>()
  return <A, E>(user: string, effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const lock = locks.get(user) ?? { semaphore: Semaphore.makeUnsafe(1), holders: 0 }
        lock.holders++
        locks.set(user, lock)
        return lock
      }),
      ({ semaphore }) => semaphore.withPermit(effect),
      (lock) =>
        Effect.sync(() => {
          if (--lock.holders === 0) locks.delete(user)
        })
    )
}

// Between reading a record and replacing it, fewer other users come by. One whose version was forgotten looks again.
const mostUsers = 10_000

/** Gives a record a version when it is seen for the first time, and none comes again. */
const makeVersions = () => {
  // Those who came last are at the end.
  const seen = new Map<string, Stored>()
  let versions = 0
  return {
    forget: (user: string): void => {
      seen.delete(user)
    },
    see: (user: string, record: Redacted.Redacted): Stored => {
      const before = seen.get(user)
      const isSame = before !== undefined && Equal.equals(before.record, record)
      const stored = isSame ? before : { record, version: String(++versions) }
      seen.delete(user)
      seen.set(user, stored)
      const [eldest] = seen.keys()
      if (seen.size > mostUsers && eldest !== undefined) seen.delete(eldest)
      return stored
    }
  }
}

/**
 * Adapts a storage that can only get and set, as those of Miro's own clients.
 *
 * Versions are counted in this process, so it is for a single process that has
 * the storage to itself: with several, two of them can refresh at once, and
 * one user's tokens are lost.
 *
 * A `get` that finds a record which it cannot read, such as one encrypted with
 * another key, fails with a `TokenStorageError` that has a `version`, the same
 * one each time: a new login can then replace the record. `place` says where
 * the record of a user is, for the messages of errors.
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
 * const layer = TokenStorage.layerGetSet({
 *   get: (user) => Vault.use((vault) => vault.read(user)).pipe(Effect.map(Option.map((text) => Redacted.make(text)))),
 *   set: (user, record) => Vault.use((vault) => vault.write(user, Option.map(record, Redacted.value)))
 * })
 * ```
 *
 * @category layers
 */
export const layerGetSet = <E1 = never, R1 = never, E2 = never, R2 = never>(storage: {
  /** The record of a user, if there is one. */
  readonly get: (user: string) => Effect.Effect<Option.Option<Redacted.Redacted>, E1, R1>
  /** Writes the record of a user, or removes it when it is none. */
  readonly set: (user: string, record: Option.Option<Redacted.Redacted>) => Effect.Effect<void, E2, R2>
  readonly place?: ((user: string) => Effect.Effect<string>) | undefined
}): Layer.Layer<TokenStorage, never, R1 | R2> =>
  Layer.effect(
    TokenStorage,
    Effect.gen(function* () {
      const context = yield* Effect.context<R1 | R2>()
      const versions = makeVersions()
      const oneAtATime = makeLocks()

      const get = (user: string) =>
        Effect.suspend(() => storage.get(user)).pipe(
          Effect.map(
            Option.match({
              onNone: () => {
                versions.forget(user)
                return Option.none()
              },
              onSome: (record) => Option.some(versions.see(user, record))
            })
          ),
          Effect.mapError((error) => asStorageError(error)),
          Effect.provideContext(context)
        )

      const versionOf = (user: string) =>
        get(user).pipe(
          Effect.map(Option.getOrUndefined),
          // A record that cannot be read is one all the same.
          Effect.catchIf(({ version }) => version !== undefined, Effect.succeed),
          Effect.map((stored) => stored?.version)
        )

      const set = (user: string, record: Option.Option<Redacted.Redacted>) =>
        Effect.suspend(() => storage.set(user, record)).pipe(
          Effect.mapError((error) => asStorageError(error, record)),
          Effect.provideContext(context)
        )

      const compareAndSet = Effect.fnUntraced(function* (
        user: string,
        expected: Option.Option<string>,
        next: Option.Option<Redacted.Redacted>
      ) {
        if ((yield* versionOf(user)) !== Option.getOrUndefined(expected)) return false
        // Forgotten even if the same text is written, or nobody knows whether it is, so that no version comes again.
        yield* Effect.ensuring(
          set(user, next),
          Effect.sync(() => versions.forget(user))
        )
        return true
      })

      return TokenStorage.of({
        get,
        compareAndSet: (user, expected, next) => oneAtATime(user, compareAndSet(user, expected, next)),
        place: storage.place?.bind(storage)
      })
    })
  )
