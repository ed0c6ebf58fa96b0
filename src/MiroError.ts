/**
 * The one error of this package. Every operation fails with {@link MiroError},
 * whose `reason` says what went wrong; handle a reason with
 * `Effect.catchReason("MiroError", "NotFound", ...)`, or move all of them into
 * the error channel with `Effect.unwrapReason("MiroError")`.
 *
 * No reason holds a secret: tokens, codes and the client secret are taken out of
 * every text that comes from the wire or from a driver before it gets here, in
 * whatever encoding they are repeated, and what is quoted of it has at most 512
 * characters. A secret of less than eight characters withholds the whole text
 * that has it, and so its message; only an error code or the name of a field may
 * contain it as a part of a word.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/**
 * What Miro's `X-RateLimit-*` headers said: credits per minute, credits left,
 * and the epoch second at which the budget is full again. That is one of Miro's
 * clock: `date` is the second in which the response was made, by the same clock.
 *
 * @category models
 * @see https://developers.miro.com/reference/rate-limiting
 */
export const RateLimitHeaders = Schema.Struct({
  /** How many credits a user has each minute. */
  limit: Schema.optionalKey(Schema.Number),
  /** How many credits are left. */
  remaining: Schema.optionalKey(Schema.Number),
  /** When the budget is full again, in seconds since the epoch by Miro's clock. */
  reset: Schema.optionalKey(Schema.Number),
  /** When the response was made, in seconds since the epoch by Miro's clock. */
  date: Schema.optionalKey(Schema.Number)
})

/** @category models */
export interface RateLimitHeaders extends Schema.Schema.Type<typeof RateLimitHeaders> {}

const responseFields = {
  /** The HTTP status. */
  status: Schema.Number,
  /**
   * Miro's own words, or ours when the body had none, and in parentheses what
   * they leave out: the fields that are meant, and the scopes that are needed.
   */
  message: Schema.String,
  /** Miro's error code, such as `2.0703` or `tokenNotProvided`. */
  code: Schema.optionalKey(Schema.String),
  /** Whatever Miro attached to the error. Long texts and lists in it are cut off, and all of it after 16 KiB. */
  context: Schema.optionalKey(Schema.Unknown),
  /** What Miro's `X-RateLimit-*` headers said. Absent if it sent none. */
  rateLimit: Schema.optionalKey(RateLimitHeaders),
  /** How long Miro asks to wait. */
  retryAfter: Schema.optionalKey(Schema.Duration)
}

/**
 * `400`: Miro did not accept the request. `fields` names what it objects to,
 * with the reason: `[2].data.shape` is a field of the third item of a bulk
 * operation. Either may be empty, where Miro does not give it.
 *
 * @category reasons
 */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>("effect-miro/MiroError/InvalidRequest")(
  "InvalidRequest",
  {
    ...responseFields,
    /** What Miro objects to. Empty if it does not say. */
    fields: Schema.Array(
      Schema.Struct({
        /** Where it is in the request, such as `data.shape`. May be empty. */
        field: Schema.String,
        /** Why Miro objects to it. May be empty. */
        message: Schema.String
      })
    )
  }
) {}

/**
 * `401`: the token was refused, also after the one refresh that a call is
 * allowed.
 *
 * @category reasons
 */
export class Unauthorized extends Schema.TaggedError<Unauthorized>("effect-miro/MiroError/Unauthorized")(
  "Unauthorized",
  responseFields
) {}

/**
 * `403`: the token is good, but its scopes, the user's role or the plan do not
 * allow the operation. Miro does not say which of them it is.
 *
 * @category reasons
 */
export class Forbidden extends Schema.TaggedError<Forbidden>("effect-miro/MiroError/Forbidden")("Forbidden", {
  ...responseFields,
  /** The scopes that the operation needs, all of them. Absent from a request of `MiroClient.execute`. */
  scopes: Schema.optionalKey(Schema.Array(Schema.String))
}) {}

/**
 * `404`: no such board, item, team and so on, or none that this user may see.
 *
 * @category reasons
 */
export class NotFound extends Schema.TaggedError<NotFound>("effect-miro/MiroError/NotFound")(
  "NotFound",
  responseFields
) {}

/**
 * `409`: the request contradicts the state of the resource.
 *
 * @category reasons
 */
export class Conflict extends Schema.TaggedError<Conflict>("effect-miro/MiroError/Conflict")(
  "Conflict",
  responseFields
) {}

/**
 * `413`: the request is larger than Miro takes.
 *
 * @category reasons
 */
export class PayloadTooLarge extends Schema.TaggedError<PayloadTooLarge>("effect-miro/MiroError/PayloadTooLarge")(
  "PayloadTooLarge",
  responseFields
) {}

/**
 * `425`: the result is not ready yet; ask again later.
 *
 * @category reasons
 */
export class TooEarly extends Schema.TaggedError<TooEarly>("effect-miro/MiroError/TooEarly")(
  "TooEarly",
  responseFields
) {}

/**
 * `429`: the credits of this user and app are used up. The request was not
 * processed.
 *
 * @category reasons
 */
export class RateLimited extends Schema.TaggedError<RateLimited>("effect-miro/MiroError/RateLimited")(
  "RateLimited",
  responseFields
) {}

/**
 * `5xx`: Miro, or something in front of it, failed. Whether the request was
 * processed is unknown.
 *
 * @category reasons
 */
export class ServerError extends Schema.TaggedError<ServerError>("effect-miro/MiroError/ServerError")(
  "ServerError",
  responseFields
) {}

/**
 * Any status without a reason of its own, redirects included: a redirect is
 * never followed, so that no token and no body reaches another origin.
 *
 * @category reasons
 */
export class UnexpectedStatus extends Schema.TaggedError<UnexpectedStatus>("effect-miro/MiroError/UnexpectedStatus")(
  "UnexpectedStatus",
  responseFields
) {}

const Issue = Schema.Struct({
  /** The names and indices that lead to it. Empty for the whole. */
  path: Schema.Array(Schema.Union([Schema.String, Schema.Number])),
  /** What is wrong there. */
  message: Schema.String
})

/**
 * One thing that is wrong with an input or a response, and where.
 *
 * @category models
 */
export interface Issue extends Schema.Schema.Type<typeof Issue> {}

const formatPath = (path: ReadonlyArray<string | number>) =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`),
    ""
  )

const formatIssues = (issues: ReadonlyArray<Issue>) => {
  const lines = issues
    .slice(0, 10)
    .map(({ message, path }) => (path.length === 0 ? message : `${formatPath(path)}: ${message}`))
  return [...lines, ...(issues.length > 10 ? [`${issues.length - 10} more`] : [])].join("; ")
}

/**
 * The input of the call is wrong. Nothing was sent.
 *
 * @category reasons
 */
export class InvalidInput extends Schema.TaggedError<InvalidInput>("effect-miro/MiroError/InvalidInput")(
  "InvalidInput",
  {
    /** What is wrong, and where in the input. */
    issues: Schema.Array(Issue)
  }
) {
  override get message(): string {
    return `invalid input: ${formatIssues(this.issues)}`
  }
}

/**
 * Miro responded with success, but not with what the operation promises: the
 * body is empty, not JSON, too large, or lacks something required.
 *
 * @category reasons
 */
export class InvalidResponse extends Schema.TaggedError<InvalidResponse>("effect-miro/MiroError/InvalidResponse")(
  "InvalidResponse",
  {
    /** The HTTP status. */
    status: Schema.Number,
    /** What is wrong, and where in the body. */
    issues: Schema.Array(Issue),
    /** The beginning of the body. */
    excerpt: Schema.String
  }
) {
  override get message(): string {
    return `invalid response with status ${this.status}: ${formatIssues(this.issues)}`
  }
}

/**
 * The request could not be sent, or its response not be received. Whether it was
 * processed is unknown.
 *
 * @category reasons
 */
export class Transport extends Schema.TaggedError<Transport>("effect-miro/MiroError/Transport")("Transport", {
  /** What went wrong. */
  description: Schema.String
}) {
  override get message(): string {
    return this.description
  }
}

const overruns = {
  headers: "no response within",
  idle: "nothing more of the response for",
  attempt: "no complete response within",
  upload: "nothing more of the file to upload for",
  call: "the call did not end within"
}

/**
 * One of `Timeouts` passed. Whether the request was processed is unknown.
 *
 * @category reasons
 */
export class Timeout extends Schema.TaggedError<Timeout>("effect-miro/MiroError/Timeout")("Timeout", {
  /** Which of them. The one of the token endpoint is an `attempt` too. */
  phase: Schema.Literals(["headers", "idle", "attempt", "upload", "call"]),
  /** How long was waited. */
  deadline: Schema.Duration
}) {
  override get message(): string {
    return `${overruns[this.phase]} ${Duration.format(this.deadline)}`
  }
}

/**
 * No token is stored for this user: send them to `MiroOAuth.authorizeUrl`.
 *
 * @category reasons
 */
export class AuthorizationRequired extends Schema.TaggedError<AuthorizationRequired>(
  "effect-miro/MiroError/AuthorizationRequired"
)("AuthorizationRequired", {
  /** The key under which tokens are stored, see `CurrentUser`. */
  user: Schema.String
}) {
  override get message(): string {
    return `no token is stored for user ${JSON.stringify(this.user)}`
  }
}

/**
 * The stored tokens are of no more use: the user has to authorize the app
 * again.
 *
 * With `outcomeUnknown` the refresh token was presented before, and the response
 * to that never arrived or was lost in a crash: it is probably spent, rather
 * than revoked by the user.
 *
 * @category reasons
 */
export class ReauthorizationRequired extends Schema.TaggedError<ReauthorizationRequired>(
  "effect-miro/MiroError/ReauthorizationRequired"
)("ReauthorizationRequired", {
  /** The key under which tokens are stored, see `CurrentUser`. */
  user: Schema.String,
  /** Whether the refresh token was presented before, with an outcome that nobody knows. */
  outcomeUnknown: Schema.Boolean,
  /** Why the tokens are of no more use. */
  description: Schema.String
}) {
  override get message(): string {
    return `user ${JSON.stringify(this.user)} has to authorize the app again: ${this.description}`
  }
}

/**
 * The access token had to be refreshed first, and the token endpoint failed, or
 * is given time to recover after it did. The request of the call was not sent,
 * or was refused with `401`, so that the call may be made again whatever its
 * method. The grant of the user stands.
 *
 * @category reasons
 */
export class RefreshFailed extends Schema.TaggedError<RefreshFailed>("effect-miro/MiroError/RefreshFailed")(
  "RefreshFailed",
  {
    /** What went wrong. */
    description: Schema.String,
    /** After how long the token endpoint is asked again. */
    retryAfter: Schema.Duration
  }
) {
  override get message(): string {
    return `not processed: the access token could not be refreshed: ${this.description}`
  }
}

/**
 * The token endpoint refused the app itself, and not a user: the client id, the
 * client secret or the redirect URL is not the one in the app's settings, or
 * the app may not do this. It concerns all users, none of whom has to authorize
 * the app again.
 *
 * @category reasons
 */
export class AppRejected extends Schema.TaggedError<AppRejected>("effect-miro/MiroError/AppRejected")("AppRejected", {
  /** Such as `invalid_client`, or Miro's `oauthError`. */
  code: Schema.optionalKey(Schema.String),
  /** Why, in Miro's words. */
  description: Schema.String
}) {
  override get message(): string {
    return `the token endpoint refuses the app: ${this.description}`
  }
}

/**
 * The callback of the authorization is not one that may be trusted, or says
 * that the user declined. Nothing was exchanged.
 *
 * @category reasons
 */
export class CallbackRejected extends Schema.TaggedError<CallbackRejected>("effect-miro/MiroError/CallbackRejected")(
  "CallbackRejected",
  {
    /** What is wrong: the user declined, the `state` is not the expected one, or the URL is no callback. */
    problem: Schema.Literals(["Denied", "InvalidState", "InvalidUrl"]),
    /** What is wrong, in words. */
    description: Schema.String
  }
) {
  override get message(): string {
    return this.description
  }
}

/**
 * The token storage failed, or holds what is no record of this user of the app.
 * Tokens that were just received are kept in memory and written as soon as the
 * storage takes them.
 *
 * - `Unavailable`: it could not be read or written, threw an exception, or gave
 *   no response in time.
 * - `Unreadable`: what it holds for the user is damaged, or encrypted with
 *   another key. A new login replaces it, and `MiroOAuth.revoke` removes it.
 * - `NewerFormat`: a newer version of this package wrote the record. The same
 *   holds for it.
 * - `AnotherUser`: what it holds for the user is the record of another user.
 * - `AnotherApp`: it holds the record of an app with another client id or base
 *   URL. It is neither used nor changed, also not by a login: give each app a
 *   storage of its own, by another table, prefix or folder.
 *
 * @category reasons
 */
export class TokenStorageFailure extends Schema.TaggedError<TokenStorageFailure>(
  "effect-miro/MiroError/TokenStorageFailure"
)("TokenStorageFailure", {
  /** Which method of the storage failed. */
  method: Schema.Literals(["get", "compareAndSet"]),
  /** What is wrong, as listed above. */
  problem: Schema.Literals(["Unavailable", "Unreadable", "NewerFormat", "AnotherUser", "AnotherApp"]),
  /** What is wrong, in words. */
  description: Schema.String,
  /** Where the record is, such as a file or a row, if the storage says so. */
  place: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    const place = this.place === undefined ? "" : ` (${this.place})`
    return `token storage failed in ${this.method}: ${this.description}${place}`
  }
}

/**
 * `RateLimit` did not send the request: the credits of the user are spent, and
 * there would be none for it within the time that it may wait.
 *
 * @category reasons
 */
export class CreditsSpent extends Schema.TaggedError<CreditsSpent>("effect-miro/MiroError/CreditsSpent")(
  "CreditsSpent",
  {
    /** What the request costs. */
    credits: Schema.Number,
    /** After how long there may be credits for it. */
    retryAfter: Schema.Duration
  }
) {
  override get message(): string {
    return `not sent: ${this.credits} credits may be there in ${Duration.format(this.retryAfter)}`
  }
}

/**
 * The server pointed a listing back to a page that was already read.
 *
 * @category reasons
 */
export class PaginationLoop extends Schema.TaggedError<PaginationLoop>("effect-miro/MiroError/PaginationLoop")(
  "PaginationLoop",
  {
    /** The cursor or offset that came again. */
    position: Schema.String
  }
) {
  override get message(): string {
    return `the listing came back to ${this.position}, where it had been before`
  }
}

/**
 * All reasons for which a call can fail.
 *
 * @category reasons
 */
export const Reason = Schema.Union([
  InvalidRequest,
  Unauthorized,
  Forbidden,
  NotFound,
  Conflict,
  PayloadTooLarge,
  TooEarly,
  RateLimited,
  ServerError,
  UnexpectedStatus,
  InvalidInput,
  InvalidResponse,
  Transport,
  Timeout,
  AuthorizationRequired,
  ReauthorizationRequired,
  RefreshFailed,
  AppRejected,
  CallbackRejected,
  TokenStorageFailure,
  CreditsSpent,
  PaginationLoop
])

/** @category reasons */
export type Reason = typeof Reason.Type

/**
 * Where a page of a list begins: the part of the input that asks for it, empty
 * for the first page. Which of the fields it has follows from how the operation
 * is paged.
 *
 * @category models
 */
export const Position = Schema.Struct({
  /** The `cursor` of the page before. */
  cursor: Schema.optionalKey(Schema.String),
  /** How many items come before the page. */
  offset: Schema.optionalKey(Schema.Number),
  /** The number of the page's first resource, counted from 1. */
  startIndex: Schema.optionalKey(Schema.Number)
})

/** @category models */
export interface Position extends Schema.Schema.Type<typeof Position> {}

const idempotentMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])

/**
 * Whether a request that failed for this reason may have been processed.
 *
 * @category guards
 */
export const isAmbiguous = (reason: Reason): boolean =>
  reason._tag === "ServerError" ||
  reason._tag === "Transport" ||
  reason._tag === "Timeout" ||
  (reason._tag === "UnexpectedStatus" && reason.status === 408)

/**
 * A call to Miro failed.
 *
 * **Example** (Handling one reason)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Boards } from "effect-miro"
 *
 * const name = Boards.get({ boardId: "uXjVOfjmfkE=" }).pipe(
 *   Effect.map((board) => board.name),
 *   Effect.catchReason("MiroError", "NotFound", () => Effect.succeed("no such board"))
 * )
 * ```
 *
 * @category errors
 */
export class MiroError extends Schema.TaggedError<MiroError>()("MiroError", {
  /** The operation as it is called in code, such as `Boards.create`. */
  operation: Schema.String,
  /** The HTTP method of the request. Empty if there was none to be sent. */
  method: Schema.String,
  /** The path of the request, without its query. Empty, as the method is, if there was none to be sent. */
  path: Schema.String,
  /** False for a call that does more when it is repeated, though its method says otherwise. */
  isIdempotent: Schema.optionalKey(Schema.Boolean),
  /**
   * The page that failed, where `pages` or `items` of a list did. Everything
   * before it has come through the stream, and nothing of it: the same list
   * with this in its input goes on without a gap. Absent from a
   * `PaginationLoop`, which has no page to go on with.
   */
  resumeAt: Schema.optionalKey(Position),
  /**
   * True if an attempt of this call got no response that tells what became of
   * it, so that Miro may have processed it all the same: the `POST` that ends in
   * a `Timeout` may have created something, and the `PUT` whose repetition is
   * refused may be why. Absent from calls that only read.
   */
  outcomeUnknown: Schema.optionalKey(Schema.Boolean),
  /** What went wrong: its `_tag` says which of all the reasons it is. */
  reason: Reason
}) {
  override get message(): string {
    const status = "status" in this.reason ? `status ${this.reason.status}` : ""
    const request = this.path === "" ? "" : `${this.method} ${this.path}`
    const place = [request, status].filter((part) => part !== "").join(", ")
    const doubt =
      this.outcomeUnknown === true && !isAmbiguous(this.reason) ? "; an earlier attempt may have succeeded" : ""
    return `${this.operation} failed with ${this.reason._tag}${place === "" ? "" : ` (${place})`}: ${this.reason.message}${doubt}`
  }

  /** Also what `console.log` prints. */
  override toJSON(): unknown {
    return { message: this.message, ...Object(super.toJSON()) }
  }

  /**
   * Whether the same call may be made again, and could then succeed: always
   * after a `429` or `425`, which Miro did not process, and when there were no
   * credits or no fresh token to send it with; after a server error, a
   * `408`, a fault of the network or a timeout only for calls that are safe to
   * repeat, since Miro has no idempotency keys.
   */
  get isRetryable(): boolean {
    const isIdempotent = this.isIdempotent ?? idempotentMethods.has(this.method)
    switch (this.reason._tag) {
      case "RateLimited":
      case "TooEarly":
      case "CreditsSpent":
      case "RefreshFailed":
        return true
      default:
        return isAmbiguous(this.reason) && isIdempotent
    }
  }

  /** How long to wait before the next attempt, if that is known: most often because Miro asks for it. */
  get retryAfter(): Duration.Duration | undefined {
    return "retryAfter" in this.reason ? this.reason.retryAfter : undefined
  }
}

/**
 * Whether a value is a `MiroError`.
 *
 * @category guards
 */
export const isMiroError = (u: unknown): u is MiroError => u instanceof MiroError
