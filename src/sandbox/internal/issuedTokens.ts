import * as Redacted from "effect/Redacted"
import * as grants from "./grants.ts"
import type { Instant } from "./instant.ts"

/**
 * What the token endpoint would have responded with.
 *
 * @category models
 */
export interface IssuedTokens {
  /** The token that requests are sent with. */
  readonly accessToken: Redacted.Redacted
  /** The token that a new pair is requested with. It works once. */
  readonly refreshToken: Redacted.Redacted
  /** Seconds until the access token expires. */
  readonly expiresIn: number
  /** The id of the user who authorized the app. */
  readonly userId: string
  /** The id of the team for which the app was authorized. */
  readonly teamId: string
}

/** Mints a pair of tokens, as if a user had just authorized the app. */
export const issue = (known: grants.Grants, session: grants.Session, instant: Instant): IssuedTokens => {
  const { accessToken, refreshToken, scopes: _, ...rest } = grants.issuePair(known, session, instant)
  return { ...rest, accessToken: Redacted.make(accessToken), refreshToken: Redacted.make(refreshToken) }
}
