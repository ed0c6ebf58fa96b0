import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as MiroError from "../MiroError.ts"
import * as ErrorBody from "./errorBody.ts"
import * as RateLimitHeaders from "./rateLimitHeaders.ts"
import type { Redaction } from "./redaction.ts"

const withoutEnvelope = (status: number, text: string, redaction: Redaction): string =>
  text.trim() === "" ? `HTTP ${status} with an empty body` : `HTTP ${status}: ${redaction.quote(text).trim()}`

const reasonOf = (status: number) => {
  switch (status) {
    case 401:
      return MiroError.Unauthorized
    case 403:
      return MiroError.Forbidden
    case 404:
      return MiroError.NotFound
    case 409:
      return MiroError.Conflict
    case 413:
      return MiroError.PayloadTooLarge
    case 425:
      return MiroError.TooEarly
    case 429:
      return MiroError.RateLimited
    default:
      return status >= 500 ? MiroError.ServerError : MiroError.UnexpectedStatus
  }
}

/**
 * The reason for a response that is no success: from Miro's envelope, from the
 * shapes of SCIM and of OAuth, or from the bare status when the body is none
 * of these. It is read as it came, and what is quoted of it has the secrets
 * taken out.
 */
export const fromResponse = Effect.fnUntraced(function* (
  status: number,
  headers: Headers.Headers,
  text: string,
  redaction: Redaction
): Effect.fn.Return<MiroError.Reason> {
  const now = yield* Clock.currentTimeMillis
  const { code, context, fields, message } = yield* ErrorBody.read(text, redaction)
  const limits = RateLimitHeaders.rateLimit(headers)
  const wait = RateLimitHeaders.retryAfter(status, headers, now)
  const described = {
    status,
    message: ErrorBody.withFields(
      message ?? (fields.length > 0 ? `HTTP ${status}` : withoutEnvelope(status, text, redaction)),
      fields
    ),
    ...(code !== undefined && { code }),
    ...(context !== undefined && { context }),
    ...(limits !== undefined && { rateLimit: limits }),
    ...(wait !== undefined && { retryAfter: wait })
  }
  return status === 400 ? new MiroError.InvalidRequest({ ...described, fields }) : new (reasonOf(status))(described)
})

// What says nothing of a request that was not sent, though its words do.
const ofOtherRequest: ReadonlySet<MiroError.Reason["_tag"]> = new Set(["ServerError", "Transport", "Timeout"])

/** The reason for a call whose token could not be had: a fault of that is none of the call's own request. */
export const unsent = (reason: MiroError.Reason): MiroError.Reason =>
  ofOtherRequest.has(reason._tag) ? refreshFailed(reason, Duration.zero) : reason

/** The reason for a call whose token could not be refreshed, and may be after a while. */
export const refreshFailed = (reason: MiroError.Reason, retryAfter: Duration.Duration): MiroError.RefreshFailed => {
  const status = "status" in reason ? ` ${reason.status}` : ""
  return new MiroError.RefreshFailed({ description: `${reason._tag}${status}: ${reason.message}`, retryAfter })
}
