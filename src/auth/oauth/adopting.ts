/**
 * Taking over tokens that the app has already.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Headers from "../../http/headers.ts"
import { InvalidInput, type Issue, type Reason } from "../../MiroError.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import type { TokenStorage } from "../TokenStorage.ts"
import { type Authorization, authorization } from "./logins.ts"
import * as Storing from "./storing.ts"
import * as RecordStore from "../record/store.ts"

/**
 * Tokens that the app has already, as Miro's token endpoint gave them.
 *
 * @category models
 */
export interface Adoption {
  /** The token that requests are sent with. */
  readonly accessToken: Redacted.Redacted
  /** Absent for apps whose tokens do not expire. */
  readonly refreshToken?: Redacted.Redacted | undefined
  /**
   * How long the access token still lives, in seconds; 0 if it has expired.
   * Absent if it does not expire, or if that is not known: it is then used until
   * Miro refuses it.
   */
  readonly expiresIn?: number | undefined
  /** What the token permits, such as `boards:read`. */
  readonly scopes?: ReadonlyArray<string> | undefined
  /** The Miro user who authorized the app. */
  readonly userId?: string | undefined
  /** The Miro team for which the app was authorized. */
  readonly teamId?: string | undefined
}

// No more than ASCII, and nothing that is invisible.
const isRefreshToken = (text: string): boolean => /^[!-~]+$/.test(text)

const issuesOf = ({ accessToken, expiresIn, refreshToken }: Adoption): ReadonlyArray<Issue> => [
  ...(Headers.isBearerToken(Redacted.value(accessToken))
    ? []
    : [{ path: ["accessToken"], message: "must be a token" }]),
  ...(refreshToken === undefined || isRefreshToken(Redacted.value(refreshToken))
    ? []
    : [{ path: ["refreshToken"], message: "must be a token" }]),
  ...(expiresIn === undefined || (Number.isFinite(expiresIn) && expiresIn >= 0)
    ? []
    : [{ path: ["expiresIn"], message: "must be a number of seconds" }])
]

export const make = (parts: { readonly app: RecordStore.App; readonly storage: TokenStorage["Service"] }) =>
  Effect.fnUntraced(function* (user: string, adoption: Adoption): Effect.fn.Return<Authorization, Reason> {
    const issues = issuesOf(adoption)
    if (issues.length > 0) return yield* new InvalidInput({ issues })
    const { accessToken, expiresIn, refreshToken, scopes = [], teamId, userId } = adoption
    const grant: TokenRecord.TokenGrant = {
      accessToken,
      receivedAt: yield* Clock.currentTimeMillis,
      scopes,
      ...(refreshToken !== undefined && { refreshToken }),
      ...(expiresIn !== undefined && { expiresIn }),
      ...(userId !== undefined && { userId }),
      ...(teamId !== undefined && { teamId })
    }
    yield* Storing.store(parts.storage, parts.app, user, grant)
    return authorization(user, grant)
  }, Effect.uninterruptible)
