/** Tokens in a key-value namespace of the platform, such as Workers KV. */
import { Effect, Option, Redacted } from "effect"
import { TokenStorage } from "effect-miro"

/** What this needs of the binding. */
export interface Namespace {
  readonly get: (key: string) => Promise<string | null>
  readonly put: (key: string, value: string, options: { readonly expirationTtl: number }) => Promise<void>
  readonly delete: (key: string) => Promise<void>
}

// After so long without a refresh, Miro takes none any more.
const expirationTtl = 60 * 24 * 60 * 60

/**
 * What a user has written in one place can be read as it was before in another
 * for a minute, and nothing is compared before it is written. So two places that
 * refresh the tokens of one user at once can lose them, and the user has to sign
 * in again. Where that is too often, keep them in a database instead, or in one
 * object of the platform for each user.
 */
export const layer = (namespace: Namespace) =>
  TokenStorage.layerGetSet({
    get: (user) =>
      Effect.map(
        Effect.tryPromise(() => namespace.get(user)),
        (text) => Option.map(Option.fromNullOr(text), (text) => Redacted.make(text))
      ),
    set: (user, record) =>
      Effect.tryPromise(() =>
        Option.match(record, {
          onNone: () => namespace.delete(user),
          onSome: (record) => namespace.put(user, Redacted.value(record), { expirationTtl })
        })
      )
  })
