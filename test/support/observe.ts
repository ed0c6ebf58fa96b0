/**
 * Everything that a call shows of itself to the program around it.
 */
import { Cause, Effect, Exit, Formatter, Logger, Metric, References, Schema, Tracer } from "effect"
import { inspect } from "node:util"
import { MiroError } from "effect-miro"

export interface Observed<A> {
  readonly exit: Exit.Exit<A, MiroError.MiroError>
  /** One text for each entry. */
  readonly logs: ReadonlyArray<string>
  readonly spans: ReadonlyArray<Tracer.NativeSpan>
  readonly metrics: ReadonlyArray<Metric.Metric.Snapshot>
  /** Logs, spans, metrics and every way to print the error, in one text. */
  readonly text: string
}

const deeply = (value: unknown) => inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity })

const print = (error: MiroError.MiroError): ReadonlyArray<string> => [
  String(error),
  error.message,
  error.stack ?? "",
  JSON.stringify(error),
  deeply(error),
  JSON.stringify(Schema.encodeSync(Schema.toCodecJson(MiroError.MiroError))(error))
]

export const observe = <A, R>(call: Effect.Effect<A, MiroError.MiroError, R>): Effect.Effect<Observed<A>, never, R> =>
  Effect.gen(function* () {
    const logs: Array<string> = []
    const spans: Array<Tracer.NativeSpan> = []
    const logger = Logger.make((options) => {
      const annotations = options.fiber.getRef(References.CurrentLogAnnotations)
      const message = [Formatter.formatJson(options.message), deeply(options.message)]
      logs.push([...message, Cause.pretty(options.cause), deeply(annotations)].join("\n"))
    })
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const registry: Metric.MetricRegistry = new Map()
    const exit = yield* call.pipe(
      Effect.tapCause((cause) => Effect.logError("a user logs what went wrong", cause)),
      Effect.exit,
      Effect.withTracer(tracer),
      Effect.provide(Logger.layer([logger])),
      Effect.provideService(References.MinimumLogLevel, "All"),
      Effect.provideService(Metric.MetricRegistry, registry)
    )
    const metrics = yield* Effect.provideService(Metric.snapshot, Metric.MetricRegistry, registry)
    const printed = spans.flatMap((span) => [
      span.name,
      deeply(span.attributes),
      deeply(span.events),
      deeply(span.status)
    ])
    const errors = Exit.isFailure(exit)
      ? [
          Cause.pretty(exit.cause),
          ...exit.cause.reasons.filter(Cause.isFailReason).flatMap(({ error }) => print(error))
        ]
      : []
    return { exit, logs, spans, metrics, text: [...logs, ...printed, ...errors, deeply(metrics)].join("\n") }
  })
