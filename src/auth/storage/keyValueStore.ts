import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as Redacted from "effect/Redacted"
import { layerGetSet } from "./getSet.ts"
import type { TokenStorage } from "./service.ts"

/**
 * Keeps tokens in a `KeyValueStore` of Effect, for a single process that has it
 * to itself: a key-value store cannot compare before it writes, so two processes
 * can refresh at once, and one user's tokens are lost. Several processes need
 * one of the storages that can, such as `layerSql` and `layerRedis`.
 *
 * Keys begin with `prefix`, `miro:tokens:` unless set. How long they may be, and
 * whether a write survives a crash, is up to the store.
 *
 * @category layers
 */
export const layerKeyValueStore = (options?: {
  /** What the keys begin with: `miro:tokens:` unless set. */
  readonly prefix?: string | undefined
}): Layer.Layer<TokenStorage, never, KeyValueStore.KeyValueStore> => {
  const prefix = options?.prefix ?? "miro:tokens:"
  const store = Effect.map(KeyValueStore.KeyValueStore, KeyValueStore.prefix(prefix))
  return layerGetSet({
    place: (user) => Effect.succeed(`key ${JSON.stringify(prefix + user)}`),
    get: Effect.fnUntraced(function* (user) {
      const text = yield* (yield* store).get(user)
      return Option.map(Option.fromUndefinedOr(text), (text) => Redacted.make(text))
    }),
    set: Effect.fnUntraced(function* (user, record) {
      const { remove, set } = yield* store
      yield* Option.match(record, {
        onNone: () => remove(user),
        onSome: (record) => set(user, Redacted.value(record))
      })
    })
  })
}
