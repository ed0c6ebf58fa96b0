import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import { failure } from "./failure.ts"
import { type Stored, TokenStorage } from "./service.ts"

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
          Effect.mapError((cause) => failure(cause)),
          Effect.provideContext(context)
        )

      const set = (user: string, record: Option.Option<Redacted.Redacted>) =>
        storage.set(user, record).pipe(
          Effect.mapError((cause) => failure(cause, record)),
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
        // Forgotten even if the same text is written, or nobody knows whether it is, so that no version comes again.
        yield* Effect.ensuring(
          set(user, next),
          Effect.sync(() => seen.delete(user))
        )
        return true
      })

      return TokenStorage.of({
        get,
        compareAndSet: (user, expected, next) => oneAtATime.withPermit(compareAndSet(user, expected, next))
      })
    })
  )
