import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as Predicate from "effect/Predicate"
import * as MiroError from "../client/MiroError.ts"
import * as BoundedJson from "./boundedJson.ts"
import * as Json from "./json.ts"
import * as OAuthErrors from "./oauthErrors.ts"
import * as RateLimitHeaders from "./rateLimitHeaders.ts"
import type { Redaction } from "./redaction.ts"
import * as Text from "./text.ts"

const string = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined

// More than anybody looks at.
const maxFields = 50

const fields = (context: unknown, redaction: Redaction): MiroError.InvalidRequest["fields"] =>
  Predicate.hasProperty(context, "fields") && Array.isArray(context.fields)
    ? context.fields
        .slice(0, maxFields)
        .filter(Predicate.isObject)
        .map((field: Readonly<Record<string, unknown>>) => ({
          field: Text.excerpt(redaction.quoteName(string(field["field"]) ?? ""), 128),
          message: redaction.quote(string(field["message"]) ?? "")
        }))
    : []

const withoutEnvelope = (status: number, text: string, redaction: Redaction): string =>
  text.trim() === "" ? `HTTP ${status} with an empty body` : `HTTP ${status}: ${redaction.quote(text.trim())}`

const reasons = {
  401: MiroError.Unauthorized,
  403: MiroError.Forbidden,
  404: MiroError.NotFound,
  409: MiroError.Conflict,
  413: MiroError.PayloadTooLarge,
  425: MiroError.TooEarly,
  429: MiroError.RateLimited
}

const reasonOf = (status: number) =>
  status in reasons
    ? reasons[status as keyof typeof reasons]
    : status >= 500
      ? MiroError.ServerError
      : MiroError.UnexpectedStatus

/**
 * The reason for an answer that is no success: from Miro's envelope, from the
 * shapes of SCIM and of OAuth, or from the bare status when the body is none
 * of these. It is read as it came, and what is quoted of it has the secrets
 * taken out.
 */
export const fromAnswer = Effect.fnUntraced(function* (
  status: number,
  headers: Headers.Headers,
  text: string,
  redaction: Redaction
): Effect.fn.Return<MiroError.Reason> {
  const now = yield* Clock.currentTimeMillis
  const parsed = yield* Effect.orElseSucceed(Json.parse(text), () => undefined)
  const body: Readonly<Record<string, unknown>> = Predicate.isObject(parsed) ? parsed : {}
  const error = string(body["error"])
  // A token endpoint may have a code of its own beside that of OAuth.
  const code = OAuthErrors.isCode(error) ? error : (string(body["code"]) ?? string(body["scimType"]) ?? error)
  const message = string(body["message"]) ?? string(body["detail"]) ?? string(body["error_description"])
  const context = body["context"] ?? undefined
  const limits = RateLimitHeaders.rateLimit(headers)
  const wait = RateLimitHeaders.retryAfter(status, headers, now)
  const answer = {
    status,
    message: message === undefined ? withoutEnvelope(status, text, redaction) : redaction.quote(message),
    ...(code !== undefined && { code: Text.excerpt(redaction.quoteName(code), 128) }),
    ...(context !== undefined && { context: BoundedJson.make(redaction.quoteJson(context)) }),
    ...(limits !== undefined && { rateLimit: limits }),
    ...(wait !== undefined && { retryAfter: wait })
  }
  return status === 400
    ? new MiroError.InvalidRequest({ ...answer, fields: fields(context, redaction) })
    : new (reasonOf(status))(answer)
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
