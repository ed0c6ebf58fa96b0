/**
 * How calls are observed. What is observed is described in `Telemetry`.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Series from "../../http/series.ts"
import * as Http from "../../http/telemetry.ts"
import type { MiroError, Reason } from "../../MiroError.ts"
import * as Telemetry from "../../Telemetry.ts"
import type { Level } from "../rateLimit/level.ts"
import * as Site from "./site.ts"

/**
 * Gives the calls of an operation a span, and counts and times them. Their errors get the stack of the call. To be made
 * once for each operation.
 */
export const operation = (name: string, spanName = `Miro.${name}`) => {
  const labels = { "miro.operation.name": name }
  const durations = Series.durations(Telemetry.callDuration, labels)
  const outcomes = new Map<string, Metric.Counter<number>>()
  const count = (outcome: string) => {
    const known = outcomes.get(outcome)
    if (known !== undefined) return known
    const made = Series.counter(Telemetry.calls, { ...labels, "miro.outcome": outcome })
    outcomes.set(outcome, made)
    return made
  }
  return (attributes: Http.Attributes, site?: Site.CallSite) =>
    <A, R>(self: Effect.Effect<A, MiroError, R>): Effect.Effect<A, MiroError, R> =>
      Effect.contextWith((context: Context.Context<never>) => {
        const clock = Context.get(context, Clock.Clock)
        const start = clock.monotonicTimeNanosUnsafe()
        return Effect.onExit(self, (exit) => {
          if (Exit.isFailure(exit)) Option.map(Cause.findErrorOption(exit.cause), (error) => Site.mark(error, site))
          count(Http.outcomeOf(exit)).updateUnsafe(1, context)
          durations.updateUnsafe(Number(clock.monotonicTimeNanosUnsafe() - start) / 1e9, context)
          return Http.annotateFailure(exit)
        })
      }).pipe(Http.withSpan(spanName, attributes))
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
      Metric.update(
        Series.counter(Telemetry.retries, { "miro.operation.name": name, "miro.retry.reason": reason._tag }),
        1
      ),
      Http.withCurrentSpan((span) =>
        span.event("miro.retry", clock.currentTimeNanosUnsafe(), {
          "miro.retry.reason": reason._tag,
          "miro.retry.delay": (clock.currentTimeMillisUnsafe() - at) / 1000,
          ...(Http.hasStatus(reason) && { "http.response.status_code": reason.status })
        })
      )
    )
  )

/** Counts what requests cost. */
export const spending = () => {
  const levels = ([1, 2, 3, 4] as const).map((level) =>
    Series.counter(Telemetry.credits, { "miro.level": String(level) })
  )
  const unknown = Telemetry.credits
  return (cost: number, level: Level | undefined, context: Context.Context<never>): void => {
    if (cost > 0) (level === undefined ? unknown : levels[level - 1])?.updateUnsafe(cost, context)
  }
}
