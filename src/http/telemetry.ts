/**
 * How requests are observed. What is observed is described in `Telemetry`.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpTraceContext from "effect/http/HttpTraceContext"
import * as Url from "effect/http/Url"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Tracer from "effect/Tracer"
import type { MiroError, Reason } from "../MiroError.ts"
import { TracePropagation } from "../Telemetry.ts"

/** Attributes of a span. */
export type Attributes = Readonly<Record<string, unknown>>

/** Whether there was a response. */
export const hasStatus = (reason: Reason): reason is Extract<Reason, { readonly status: number }> => "status" in reason

/** The status of the response to a request, if there was one. */
export const statusOf = (reason: Reason): number | undefined => (hasStatus(reason) ? reason.status : undefined)

// As OpenTelemetry wants it: the status if that is the error, and a name otherwise.
const errorType = (reason: Reason): string =>
  hasStatus(reason) && reason._tag !== "InvalidResponse" ? String(reason.status) : reason._tag

/** What became of it, for a metric or a log. */
export const outcomeOf = <A>(exit: Exit.Exit<A, MiroError | Reason>): string => {
  if (Exit.isSuccess(exit)) return "Success"
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error !== undefined) return error._tag === "MiroError" ? error.reason._tag : error._tag
  return Cause.hasInterruptsOnly(exit.cause) ? "Interrupted" : "Defect"
}

// `Effect.currentSpan` makes an error with a stack where there is no span.
const spanIn = (context: Context.Context<never>): Tracer.Span | undefined => {
  const span = Option.getOrUndefined(Context.getOption(context, Tracer.ParentSpan))
  return span?._tag === "Span" ? span : undefined
}

// The tracer of a program, where it has one: Effect's own reference has a default.
const ProvidedTracer = Context.Service<Tracer.Tracer>(Tracer.TracerKey)

// Without a tracer nobody sees a span, unless its ids go to Miro.
const isTraced = (context: Context.Context<never>): boolean =>
  Option.isSome(Context.getOption(context, ProvidedTracer)) || Context.get(context, TracePropagation)

/** Gives it a span, if somebody can see that. */
export const withSpan =
  (name: string, attributes: Attributes) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.contextWith((context: Context.Context<never>) =>
      isTraced(context)
        ? Effect.withSpan(name, { kind: "client", attributes }, { captureStackTrace: false })(self)
        : self
    )

/** Does something with the current span, if there is one. */
export const withCurrentSpan = (use: (span: Tracer.Span) => void): Effect.Effect<void> =>
  Effect.contextWith((context: Context.Context<never>) => {
    const span = isTraced(context) ? spanIn(context) : undefined
    if (span !== undefined) use(span)
    return Effect.void
  })

/** Says on the current span what something failed with. */
export const annotateFailure = <A>(exit: Exit.Exit<A, MiroError | Reason>): Effect.Effect<void> => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return Effect.void
  const error = Option.map(Cause.findErrorOption(exit.cause), (error) =>
    errorType(error._tag === "MiroError" ? error.reason : error)
  )
  return withCurrentSpan((span) => {
    span.attribute(
      "error.type",
      Option.getOrElse(error, () => "Defect")
    )
  })
}

/** Adds what is known of a span, and leaves out what is not: exporters write `undefined` out. */
export const annotate = (attributes: () => Attributes): Effect.Effect<void> =>
  withCurrentSpan((span) => {
    for (const [name, value] of Object.entries(attributes())) if (value !== undefined) span.attribute(name, value)
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
        return Effect.andThen(
          annotate(() => ({ "http.response.status_code": status })),
          annotateFailure(exit)
        )
      }),
      // A span keeps the exit of what it is around, and these responses hold tokens.
      Effect.map(Redacted.make),
      withSpan(name, attributes),
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
      withSpan("Miro.Storage.get", attributes),
      Effect.map(Redacted.value)
    )
}

/** Says of a call that it got a new token. */
export const refreshed: Effect.Effect<void> = withCurrentSpan((span) => span.attribute("miro.refreshed", true))

/** Says of a call that it waits for something that another one started. */
export const link = (other: Tracer.Span | undefined): Effect.Effect<void> =>
  other === undefined ? Effect.void : withCurrentSpan((span) => span.addLinks([{ span: other, attributes: {} }]))

/** Adds the current span to the headers, if that is asked for. */
export const propagate = (
  request: HttpClientRequest.HttpClientRequest,
  context: Context.Context<never>
): HttpClientRequest.HttpClientRequest => {
  if (!Context.get(context, TracePropagation)) return request
  const span = spanIn(context)
  // The span of a program that is not traced has no ids.
  return span === undefined || Context.get(span.annotations, Tracer.DisablePropagation)
    ? request
    : HttpClientRequest.setHeaders(request, HttpTraceContext.toHeaders(span))
}
