import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Instant } from "./instant.ts"
import { unusedText } from "./instant.ts"
import type { Settings } from "./settings.ts"

/** On whose behalf, and in which team, an app may act. */
export interface Session {
  readonly userId: string
  readonly teamId: string
  /** What the token may be used for: everything unless set. */
  readonly scopes?: ReadonlyArray<string> | undefined
}

/** What a user lets the app do, until it is revoked. */
export interface Grant extends Session {
  accessToken: string
  revoked: boolean
}

interface Code {
  readonly session: Session
  readonly challenge: string | undefined
  readonly expiresAt: number
  redeemed: boolean
}

interface AccessToken {
  readonly grant: Grant
  expiresAt: number
}

interface RefreshToken {
  readonly grant: Grant
  readonly expiresAt: number
  spentAt: number | undefined
}

export interface TokenPair extends Session {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresIn: number
}

/** Everything the sandbox has ever authorized. Dead access tokens are forgotten, spent refresh tokens are not. */
export interface Grants {
  readonly settings: Settings
  readonly codes: Map<string, Code>
  readonly accessTokens: Map<string, AccessToken>
  readonly refreshTokens: Map<string, RefreshToken>
}

export const make = (settings: Settings): Grants => ({
  settings,
  codes: new Map(),
  accessTokens: new Map(),
  refreshTokens: new Map()
})

export const defaultSession: Session = { userId: "3074457353169356300", teamId: "3074457358607431473" }

/** The scopes that a token is said to have. */
export const scopesOf = ({
  scopes = ["boards:write", "boards:read", "identity:read"]
}: Session): ReadonlyArray<string> => scopes

const codeLifetime = Duration.toMillis("10 minutes")

export const issueCode = (
  grants: Grants,
  session: Session,
  challenge: string | undefined,
  { now, random }: Instant
): string => {
  const isTaken = (code: string) => grants.codes.has(code)
  const code = unusedText(random, 43, isTaken, (text) => text)
  grants.codes.set(code, { session, challenge, expiresAt: now + codeLifetime, redeemed: false })
  return code
}

// The first segment is base64 for the region that a token was minted in.
const formatToken = (text: string) => `eyJtaXJvLm9yaWdpbiI6ImV1MDEifQ_${text}`

const mintPair = (grants: Grants, grant: Grant, { now, random }: Instant): TokenPair => {
  const { accessTokens, refreshTokens, settings } = grants
  const isTaken = (token: string) => accessTokens.has(token) || refreshTokens.has(token)
  const lifetime = Duration.toMillis(settings.accessTokenLifetime)

  accessTokens.delete(grant.accessToken)
  const accessToken = unusedText(random, 27, isTaken, formatToken)
  accessTokens.set(accessToken, { grant, expiresAt: now + lifetime })
  grant.accessToken = accessToken

  const refreshToken = unusedText(random, 27, isTaken, formatToken)
  const expiresAt = now + Duration.toMillis(settings.refreshTokenLifetime)
  refreshTokens.set(refreshToken, { grant, expiresAt, spentAt: undefined })

  const { scopes, teamId, userId } = grant
  return { accessToken, refreshToken, expiresIn: Math.floor(lifetime / 1000), teamId, userId, scopes }
}

export const issuePair = (grants: Grants, session: Session, instant: Instant): TokenPair =>
  mintPair(grants, { ...session, accessToken: "", revoked: false }, instant)

/** `hashedVerifier` is what the code verifier hashes to, if one was sent. */
export const redeemCode = (
  grants: Grants,
  code: string,
  hashedVerifier: string | undefined,
  instant: Instant
): Result.Result<TokenPair, string> => {
  const known = grants.codes.get(code)
  if (known === undefined || known.redeemed || known.expiresAt <= instant.now) {
    return Result.fail("Invalid authorization code")
  }
  // Whether Miro knows PKCE is not documented. So a wrong verifier is refused, as one that does would, and one that is
  // missing is let pass, as one that does not would.
  if (known.challenge !== undefined && hashedVerifier !== undefined && hashedVerifier !== known.challenge) {
    return Result.fail("Invalid code verifier")
  }
  known.redeemed = true
  return Result.succeed(issuePair(grants, known.session, instant))
}

const graceMillis = ({ reuse }: Settings): number => (typeof reuse === "string" ? 0 : Duration.toMillis(reuse.grace))

export const refresh = (grants: Grants, token: string, instant: Instant): Result.Result<TokenPair, string> => {
  const known = grants.refreshTokens.get(token)
  if (known === undefined || known.grant.revoked || known.expiresAt <= instant.now) {
    return Result.fail("Invalid refresh token")
  }
  if (known.spentAt !== undefined && instant.now >= known.spentAt + graceMillis(grants.settings)) {
    if (grants.settings.reuse === "revokeGrant") revoke(grants, known.grant)
    return Result.fail("Invalid refresh token")
  }
  known.spentAt ??= instant.now
  return Result.succeed(mintPair(grants, known.grant, instant))
}

const revoke = (grants: Grants, grant: Grant): void => {
  grant.revoked = true
  grants.accessTokens.delete(grant.accessToken)
}

const isQuickStart = (grants: Grants, token: string): boolean => token === Redacted.value(grants.settings.accessToken)

/** Kills the grant behind an access token, if there is one. */
export const revokeByAccessToken = (grants: Grants, token: string): boolean => {
  const known = grants.accessTokens.get(token)
  if (known !== undefined) {
    revoke(grants, known.grant)
  }
  return known !== undefined || isQuickStart(grants, token)
}

export const revokeAll = (grants: Grants): void => grants.refreshTokens.forEach(({ grant }) => revoke(grants, grant))

const expire = (token: AccessToken, { now }: Instant): void => {
  token.expiresAt = Math.min(token.expiresAt, now)
}

export const expireAccessTokens = (grants: Grants, instant: Instant): void =>
  grants.accessTokens.forEach((token) => expire(token, instant))

/** Lets one access token expire, if it is known. */
export const expireAccessToken = (grants: Grants, token: string, instant: Instant): void => {
  const known = grants.accessTokens.get(token)
  if (known !== undefined) expire(known, instant)
}

export const authenticate = (grants: Grants, token: string, { now }: Instant): Session | undefined => {
  if (isQuickStart(grants, token)) {
    return defaultSession
  }
  const known = grants.accessTokens.get(token)
  return known !== undefined && now < known.expiresAt ? known.grant : undefined
}
