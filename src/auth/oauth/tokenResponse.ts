/**
 * What the token endpoint responds with.
 */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type { TokenGrant } from "../TokenRecord.ts"

const nonEmpty = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined

const lifetime = (value: unknown): number | undefined => {
  const seconds = Number(nonEmpty(value))
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
}

/**
 * The tokens in the body of a response, if there are any. Deliberately lenient about everything but the access token:
 * when this runs the old tokens are dead, so nothing may keep the new ones from being stored.
 */
export const grantOf = (body: unknown, receivedAt: number): TokenGrant | undefined => {
  const response: Readonly<Record<string, unknown>> = Predicate.isObject(body) ? body : {}
  const accessToken = nonEmpty(response["access_token"])
  const refreshToken = nonEmpty(response["refresh_token"])
  const expiresIn = lifetime(response["expires_in"])
  const userId = nonEmpty(response["user_id"])
  const teamId = nonEmpty(response["team_id"])
  return accessToken === undefined
    ? undefined
    : {
        accessToken: Redacted.make(accessToken),
        receivedAt,
        scopes: nonEmpty(response["scope"])?.match(/\S+/g) ?? [],
        ...(refreshToken !== undefined && { refreshToken: Redacted.make(refreshToken) }),
        ...(expiresIn !== undefined && { expiresIn }),
        ...(userId !== undefined && { userId }),
        ...(teamId !== undefined && { teamId })
      }
}
