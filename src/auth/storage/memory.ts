import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { type Stored, TokenStorage } from "./service.ts"

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
