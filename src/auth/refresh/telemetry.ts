/**
 * How refreshes are observed.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import type * as Redacted from "effect/Redacted"
import * as Series from "../../http/series.ts"
import * as Http from "../../http/telemetry.ts"
import type { Reason } from "../../MiroError.ts"
import * as Telemetry from "../../Telemetry.ts"

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
  const outcome = trace.failure?._tag ?? Http.outcomeOf(exit)
  yield* Metric.update(Series.counter(Telemetry.refreshes, { "miro.outcome": outcome }), 1)
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
