import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { AuthorizationRequired, type Reason, ReauthorizationRequired } from "../../MiroError.ts"
import type { MiroOAuth } from "../MiroOAuth.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import type { TokenStorage } from "../TokenStorage.ts"
import * as Refusal from "./refusal.ts"
import * as RecordStore from "../record/store.ts"

/** The records of an app's users, as a refresh sees them. */
export interface Records extends ReturnType<typeof make> {}

export const make = (oauth: MiroOAuth["Service"], storage: TokenStorage["Service"]) => ({
  oauth,

  /** The record of a user, if there is one. */
  find: (user: string) => RecordStore.read(storage, user, oauth),

  /** The record of a user, who has to have one. */
  get: Effect.fnUntraced(function* (user: string): Effect.fn.Return<RecordStore.Versioned, Reason> {
    const found = yield* RecordStore.claim(storage, user, oauth)
    return Option.isSome(found) ? found.value : yield* new AuthorizationRequired({ user })
  }),

  /** Whether the next one was written, which it is if nobody has written another one. */
  replace: ({ version }: RecordStore.Versioned, next: TokenRecord.TokenRecord) =>
    RecordStore.write(storage, Option.some(version), next),

  /** What an undertaking has to run each time before it begins again because its write was refused. */
  refusals: (user: string) => RecordStore.refusals(storage, user),

  /** The same where its write was made, and took too long. */
  delays: (user: string) =>
    RecordStore.atMost(3, storage, user, "it took so long to write that others may take this process for dead"),

  /** Fails for a record whose refresh token Miro refused, as long as that stands. */
  check: Effect.fnUntraced(function* ({ refused, user }: TokenRecord.TokenRecord): Effect.fn.Return<void, Reason> {
    if (refused === undefined) return
    const now = yield* Clock.currentTimeMillis
    if (Refusal.isFinal(refused, yield* oauth.credentials, now)) yield* reauthorizationRequired(user, refused)
  })
})

export const reauthorizationRequired = (
  user: string,
  { description, outcomeUnknown }: Pick<ReauthorizationRequired, "description" | "outcomeUnknown">
): ReauthorizationRequired => new ReauthorizationRequired({ user, description, outcomeUnknown })
