/**
 * Whom the token endpoint means when it refuses a request.
 *
 * An app's fault concerns all of its users, and ends nobody's authorization.
 * Whatever is no error of OAuth, such as the page of a proxy, says nothing of
 * either.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @see https://developers.miro.com/docs/troubleshooting-oauth20
 */
import type { Reason } from "../MiroError.ts"

const ofGrant = "invalid_grant"

const ofApp: ReadonlySet<string> = new Set([
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_request",
  "invalid_scope"
])

/** Whether this is an error code of OAuth's token endpoint. */
export const isCode = (code: string | undefined): boolean => code !== undefined && (code === ofGrant || ofApp.has(code))

// Miro has one code for all of them, and says the rest in words.
const miroCode = "oauthError"
const appInWords = /client|redirect|secret|grant.?type|\bapp\b|application|parameter|\bbody\b/i
const grantInWords =
  /(?=.*\b(?:refresh|token|grant|code)\b)(?=.*\b(?:invalid|expired|revoked|unknown|used|spent|rejected|denied|malformed|not)\b)|invalid_grant/i

interface Refusal {
  readonly status: number
  readonly code?: string
  readonly message: string
}

const refusal = (reason: Reason): Refusal | undefined =>
  reason._tag === "InvalidRequest" || reason._tag === "Unauthorized" || reason._tag === "Forbidden" ? reason : undefined

/** Whether it is the app that is refused: its id, its secret or what it asks for. */
export const isOfApp = (reason: Reason): boolean => {
  const { code = "", message = "" } = refusal(reason) ?? {}
  return ofApp.has(code) || (code === miroCode && appInWords.test(message))
}

/** Whether it is the authorization of one user that is refused. */
export const isOfGrant = (reason: Reason): boolean => {
  const { code = "", message = "" } = refusal(reason) ?? {}
  return code === ofGrant || (code === miroCode && !appInWords.test(message) && grantInWords.test(message))
}
