/**
 * Storing what a user granted.
 */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Reason } from "../../MiroError.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import type { TokenStorage } from "../TokenStorage.ts"
import * as Grants from "./grants.ts"
import type { TokenEndpoint } from "./tokenEndpoint.ts"
import * as RecordStore from "../record/store.ts"

type Content = RecordStore.Found["content"]

const isOf = (content: Content, { accessToken }: TokenRecord.TokenGrant): boolean =>
  Result.isSuccess(content) && Equal.equals(content.success.record.accessToken, accessToken)

const generationOf = (content: Content): number => (Result.isSuccess(content) ? content.success.record.generation : 0)

/**
 * Stores a grant in the place of whatever there is, even of a refresh under way
 * and of what cannot be read, but not of a record of another app. Gives what
 * was there.
 */
export const store = (
  storage: TokenStorage["Service"],
  app: RecordStore.App,
  user: string,
  grant: TokenRecord.TokenGrant & Pick<TokenRecord.TokenRecord, "authorizedAt">
): Effect.Effect<Option.Option<Content>, Reason> =>
  Effect.suspend(() => {
    const { baseUrl, clientId } = app
    let replaced = Option.none<Content>()
    let tried = Infinity
    const refusal = RecordStore.refusals(storage, user)
    const write = Effect.gen(function* () {
      while (true) {
        const found = yield* RecordStore.find(storage, user, app)
        const content = Option.map(found, ({ content }) => content)
        const generation = Option.match(content, { onNone: () => 0, onSome: generationOf })
        // An earlier write that was reported as a failure has been made all the same, and somebody may have refreshed
        // since what it stored: to write it again would bring back what is spent.
        if (generation > tried || Option.exists(content, (content) => isOf(content, grant))) return replaced
        replaced = content
        const version = Option.map(found, ({ version }) => version)
        tried = generation + 1
        const record = { ...grant, baseUrl, clientId, user, generation: tried }
        if (yield* RecordStore.write(storage, version, record)) return replaced
        tried = Infinity
        yield* refusal
      }
    })
    return RecordStore.retryWrites(write)
  })

/** Ends what a login has replaced. If it cannot be ended, the log says so: the login stands. */
export const endReplaced = (
  endpoint: TokenEndpoint,
  user: string,
  replaced: Option.Option<Content>
): Effect.Effect<void> => {
  const warn = (why: string) =>
    Effect.logWarning(`A new login of user ${JSON.stringify(user)} replaced one that could not be revoked: ${why}`)
  if (Option.isNone(replaced)) return Effect.void
  return Result.isSuccess(replaced.value)
    ? Effect.catch(Grants.end(endpoint, replaced.value.success.record), ({ message }) => warn(message))
    : warn(replaced.value.failure.message)
}
