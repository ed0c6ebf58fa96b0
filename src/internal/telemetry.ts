/**
 * How calls are observed. What is observed is described in `client/Telemetry`.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpTraceContext from "effect/http/HttpTraceContext"
import * as Url from "effect/http/Url"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Tracer from "effect/Tracer"
import type { MiroError, Reason } from "../client/MiroError.ts"
import type { Level } from "../client/RateLimit.ts"
import * as CallSite from "./callSite.ts"

type Attributes = Readonly<Record<string, unknown>>

// A series of its own for each set of attributes: one metric that is given them with every update would compute the
// key of its series every time.
const counter =
  (id: string, unit: string, description: string) =>
  (attributes?: Metric.Metric.AttributeSet): Metric.Counter<number> =>
    Metric.counter(id, { description, incremental: true, attributes: { unit, ...attributes } })

export const calls = counter("miro.client.calls", "{call}", "Calls that ended, by operation and outcome")

export const retries = counter("miro.client.retries", "{retry}", "Repetitions of calls, by operation and reason")

export const refreshes = counter("miro.client.refreshes", "{refresh}", "Refreshes of access tokens, by outcome")

export const credits = counter("miro.client.credits", "{credit}", "What requests cost of the rate limit, by level")

export const creditsRemaining = (attributes?: Metric.Metric.AttributeSet): Metric.Gauge<number> =>
  Metric.gauge("miro.client.credits.remaining", {
    description: "Credits that are left of the minute, for the user who called last",
    attributes: { unit: "{credit}", ...attributes }
  })

// As OpenTelemetry has them for HTTP, and beyond, since pauses between attempts count.
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120]

export const callDuration = (attributes?: Metric.Metric.AttributeSet): Metric.Histogram<number> =>
  Metric.histogram("miro.client.call.duration", {
    description: "How long calls took, with all attempts and the pauses between them",
    attributes: { unit: "s", ...attributes },
    boundaries
  })

export const creditsWait = (): Metric.Histogram<number> =>
  Metric.histogram("miro.client.credits.wait", {
    description: "How long requests waited for their credits, those included that did not have to",
    attributes: { unit: "s" },
    boundaries
  })

export const TracePropagation = Context.Reference<boolean>("effect-miro/client/Telemetry/TracePropagation", {
  defaultValue: () => false
})

const hasStatus = (reason: Reason): reason is Extract<Reason, { readonly status: number }> => "status" in reason

/** The status of the response to a request, if there was one. */
export const statusOf = (reason: Reason): number | undefined => (hasStatus(reason) ? reason.status : undefined)

// As OpenTelemetry wants it: the status if that is the error, and a name otherwise.
const errorType = (reason: Reason): string =>
  hasStatus(reason) && reason._tag !== "InvalidResponse" ? String(reason.status) : reason._tag

const outcomeOf = <A>(exit: Exit.Exit<A, MiroError | Reason>): string => {
  if (Exit.isSuccess(exit)) return "Success"
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error !== undefined) return error._tag === "MiroError" ? error.reason._tag : error._tag
  return Cause.hasInterruptsOnly(exit.cause) ? "Interrupted" : "Defect"
}

const withCurrentSpan = (use: (span: Tracer.Span) => void): Effect.Effect<void> =>
  Effect.match(Effect.currentSpan, { onFailure: () => undefined, onSuccess: use })

const annotateFailure = <A>(exit: Exit.Exit<A, MiroError | Reason>): Effect.Effect<void> => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return Effect.void
  const error = Option.map(Cause.findErrorOption(exit.cause), (error) =>
    errorType(error._tag === "MiroError" ? error.reason : error)
  )
  return Effect.annotateCurrentSpan(
    "error.type",
    Option.getOrElse(error, () => "Defect")
  )
}

/** Adds what is known of a span, and leaves out what is not: exporters write `undefined` out. */
export const annotate = (attributes: Attributes): Effect.Effect<void> =>
  withCurrentSpan((span) => {
    for (const [name, value] of Object.entries(attributes)) if (value !== undefined) span.attribute(name, value)
  })

/** Where requests go, as attributes of a span. Without the query and the credentials that a URL may have. */
export const server = (baseUrl: string): ((path: string) => Attributes) =>
  Result.match(Url.fromString(baseUrl), {
    onFailure: () => () => ({}),
    onSuccess: ({ host, hostname, pathname, port, protocol }) => {
      const prefix = `${protocol}//${host}${pathname.replace(/\/$/, "")}`
      const address = hostname.replace(/^\[|\]$/g, "")
      const known = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port)
      return (path) => ({ "server.address": address, "server.port": known, "url.full": prefix + path })
    }
  })

/**
 * Gives the calls of an operation a span, and counts and times them. Their errors get the stack of the call. To be made
 * once for each operation.
 */
export const operation = (name: string, spanName = `Miro.${name}`) => {
  const labels = { "miro.operation.name": name }
  const durations = callDuration(labels)
  const outcomes = new Map<string, Metric.Counter<number>>()
  const count = (outcome: string) => {
    const known = outcomes.get(outcome)
    if (known !== undefined) return known
    const made = calls({ ...labels, "miro.outcome": outcome })
    outcomes.set(outcome, made)
    return made
  }
  const ended = <A>(exit: Exit.Exit<A, MiroError>, nanos: bigint, site: CallSite.CallSite | undefined) =>
    Effect.contextWith((context: Context.Context<never>) => {
      if (Exit.isFailure(exit)) Option.map(Cause.findErrorOption(exit.cause), (error) => CallSite.mark(error, site))
      count(outcomeOf(exit)).updateUnsafe(1, context)
      durations.updateUnsafe(Number(nanos) / 1e9, context)
      return annotateFailure(exit)
    })
  return (attributes: Attributes, site?: CallSite.CallSite) =>
    <A, R>(self: Effect.Effect<A, MiroError, R>): Effect.Effect<A, MiroError, R> =>
      Effect.clockWith((clock) => {
        const start = clock.monotonicTimeNanosUnsafe()
        return Effect.onExit(self, (exit) => ended(exit, clock.monotonicTimeNanosUnsafe() - start, site))
      }).pipe(Effect.withSpan(spanName, { kind: "client", attributes }, { captureStackTrace: false }))
}

/** Gives a request that is no operation's a span. */
export const request = (name: string, { method, url }: HttpClientRequest.HttpClientRequest) => {
  const attributes = { "http.request.method": method, ...server(url)("") }
  return <A extends { readonly response: { readonly status: number } }>(
    self: Effect.Effect<A, Reason>
  ): Effect.Effect<A, Reason> =>
    self.pipe(
      Effect.onExit((exit) => {
        const status = Exit.isSuccess(exit)
          ? exit.value.response.status
          : Option.getOrUndefined(Option.map(Cause.findErrorOption(exit.cause), statusOf))
        return Effect.andThen(annotate({ "http.response.status_code": status }), annotateFailure(exit))
      }),
      // A span keeps the exit of what it is around, and these responses hold tokens.
      Effect.map(Redacted.make),
      Effect.withSpan(name, { kind: "client", attributes }, { captureStackTrace: false }),
      Effect.map(Redacted.value)
    )
}

/** Gives a request to the storage of files a span, which has nothing of the URL but the server: the rest is a secret. */
export const storage = (url: string) => {
  const { "server.address": address, "server.port": port } = server(url)("")
  const attributes = { "http.request.method": "GET", "server.address": address, "server.port": port }
  return <A, R>(self: Effect.Effect<A, Reason, R>): Effect.Effect<A, Reason, R> =>
    self.pipe(
      Effect.onExit(annotateFailure),
      // A span keeps the exit of what it is around, and a response has its request.
      Effect.map(Redacted.make),
      Effect.withSpan("Miro.Storage.get", { kind: "client", attributes }, { captureStackTrace: false }),
      Effect.map(Redacted.value)
    )
}

/** A failed attempt, after which there may be another one. */
export interface FailedAttempt {
  readonly reason: Reason
  /** In milliseconds. */
  readonly at: number
}

/** Reports that a call is repeated. */
export const retried = (name: string, { at, reason }: FailedAttempt): Effect.Effect<void> =>
  Clock.clockWith((clock) =>
    Effect.andThen(
      Metric.update(retries({ "miro.operation.name": name, "miro.retry.reason": reason._tag }), 1),
      withCurrentSpan((span) =>
        span.event("miro.retry", clock.currentTimeNanosUnsafe(), {
          "miro.retry.reason": reason._tag,
          "miro.retry.delay": (clock.currentTimeMillisUnsafe() - at) / 1000,
          ...(hasStatus(reason) && { "http.response.status_code": reason.status })
        })
      )
    )
  )

/** Says of a call that it got a new token. */
export const refreshed: Effect.Effect<void> = withCurrentSpan((span) => span.attribute("miro.refreshed", true))

/** Says of a call that it waits for something that another one started. */
export const link = (other: Tracer.Span | undefined): Effect.Effect<void> =>
  other === undefined ? Effect.void : withCurrentSpan((span) => span.addLinks([{ span: other, attributes: {} }]))

interface Tokens {
  readonly user: string
  readonly accessToken: Redacted.Redacted
  readonly refreshToken?: Redacted.Redacted
}

/** What is known of a refresh. */
export interface RefreshTrace {
  readonly before: Tokens
  after?: Tokens
  /** What the token endpoint failed with, if what the callers get is another reason. */
  failure?: Reason
}

// By them a user can show Miro which tokens were spent, and which were received, without giving them away.
const fingerprints = Effect.fnUntraced(function* (
  { after, before }: RefreshTrace,
  fingerprint: (secret: Redacted.Redacted) => Effect.Effect<string>
) {
  const named = Object.entries({
    "miro.refresh_token.old": before.refreshToken,
    "miro.refresh_token.new": after?.refreshToken,
    "miro.access_token.old": before.accessToken,
    "miro.access_token.new": after?.accessToken
  })
  return Object.fromEntries(
    yield* Effect.forEach(named, ([name, secret]) =>
      secret === undefined ? Effect.succeed([]) : Effect.map(fingerprint(secret), (text) => [[name, text] as const])
    ).pipe(Effect.map((entries) => entries.flat()))
  )
})

/** Counts and logs a refresh, whatever came of it. */
export const refreshEnded = Effect.fnUntraced(function* <A>(
  exit: Exit.Exit<A, Reason>,
  trace: RefreshTrace,
  fingerprint: (secret: Redacted.Redacted) => Effect.Effect<string>
) {
  const outcome = trace.failure?._tag ?? outcomeOf(exit)
  yield* Metric.update(refreshes({ "miro.outcome": outcome }), 1)
  if (!(yield* LogLevel.isEnabled("Debug"))) return
  const name = JSON.stringify(trace.before.user)
  const message = Exit.isSuccess(exit)
    ? `The tokens of user ${name} were refreshed`
    : `The tokens of user ${name} could not be refreshed: ${outcome}`
  yield* Effect.annotateLogs(Effect.logDebug(message), {
    "miro.outcome": outcome,
    ...(yield* fingerprints(trace, fingerprint))
  })
})

/** Counts what requests cost. */
export const spending = () => {
  const levels = ([1, 2, 3, 4] as const).map((level) => credits({ "miro.level": String(level) }))
  const unknown = credits()
  return (cost: number, level: Level | undefined): Effect.Effect<void> =>
    cost === 0
      ? Effect.void
      : Effect.contextWith((context: Context.Context<never>) => {
          const series = level === undefined ? unknown : levels[level - 1]
          series?.updateUnsafe(cost, context)
          return Effect.void
        })
}

/** Adds the current span to the headers, if that is asked for. */
export const propagate = (
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<HttpClientRequest.HttpClientRequest> =>
  Effect.flatMap(TracePropagation, (isOn) =>
    isOn
      ? Effect.match(Effect.currentSpan, {
          onFailure: () => request,
          // The span of a program that is not traced has no ids.
          onSuccess: (span) =>
            Context.get(span.annotations, Tracer.DisablePropagation)
              ? request
              : HttpClientRequest.setHeaders(request, HttpTraceContext.toHeaders(span))
        })
      : Effect.succeed(request)
  )
