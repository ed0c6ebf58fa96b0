/** Everything that a program shows of itself: by every logger, to a tracer, and in every way to print its error. */
import { Cause, Console, Effect, Exit, Logger, Metric, References, Tracer } from "effect"
import { inspect } from "node:util"

const deeply = (value: unknown) => inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity })

const json = (value: unknown): string => {
  try {
    return JSON.stringify(value, (_, field: unknown) => (typeof field === "bigint" ? String(field) : field)) ?? ""
  } catch {
    // Of what leads back to itself there is none.
    return ""
  }
}

const printed = (error: unknown): ReadonlyArray<string> => [
  String(error),
  deeply(error),
  json(error),
  ...(error instanceof Error ? [error.message, error.stack ?? "", deeply(structuredClone(String(error)))] : [])
]

const loggers = (show: (text: unknown) => void) => {
  const consolePretty = Logger.consolePretty({ colors: false })
  return Logger.layer([
    Logger.map(Logger.formatSimple, show),
    Logger.map(Logger.formatLogFmt, show),
    Logger.map(Logger.formatJson, show),
    Logger.map(Logger.formatStructured, (entry) => show(deeply(entry))),
    Logger.tracerLogger,
    consolePretty,
    Logger.make(({ cause, fiber, message }) => {
      show(deeply([message, cause, fiber.getRef(References.CurrentLogAnnotations)]))
    })
  ])
}

const consoleOf = (show: (text: unknown) => void): Console.Console => {
  const print = (...values: ReadonlyArray<unknown>) =>
    values.forEach((value) => show(typeof value === "string" ? value : deeply(value)))
  return Object.assign(Object.create(console), {
    log: print,
    error: print,
    group: print,
    groupCollapsed: print,
    groupEnd: () => {}
  })
}

/** The exit of a program, and all that it shows in one text. */
export const shown = Effect.fnUntraced(function* <A, E, R>(program: Effect.Effect<A, E, R>) {
  const texts: Array<string> = []
  const show = (text: unknown) => void texts.push(String(text))
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const exit = yield* program.pipe(
    Effect.tapCause((cause) => Effect.logError("a user logs what went wrong", cause)),
    Effect.withSpan("a span of the user"),
    Effect.exit,
    Effect.provide(loggers(show)),
    Effect.provideService(References.MinimumLogLevel, "All"),
    Effect.provideService(Console.Console, consoleOf(show)),
    Effect.withTracer(tracer),
    Effect.tap(Effect.map(Metric.snapshot, (metrics) => show(deeply(metrics)))),
    Effect.provideService(Metric.MetricRegistry, new Map())
  )
  texts.push(json(exit), ...printed(exit))
  if (Exit.isFailure(exit)) {
    texts.push(Cause.pretty(exit.cause))
    for (const reason of exit.cause.reasons) {
      if (Cause.isFailReason(reason)) texts.push(...printed(reason.error))
      if (Cause.isDieReason(reason)) texts.push(...printed(reason.defect))
    }
  }
  for (const { attributes, events, name, status } of spans)
    texts.push(name, deeply([attributes, events, status]), json([[...attributes], events]))
  return { exit, text: texts.join("\n") }
})
