/**
 * A series of its own for each set of attributes: one metric that is given them with every update would compute the key
 * of its series every time.
 */
import * as Metric from "effect/Metric"
import * as Telemetry from "../Telemetry.ts"

type Attributes = Readonly<Record<string, string>>

const withAttributes = ({ attributes: own, description }: Metric.Metric<never, unknown>, attributes: Attributes) => ({
  description,
  attributes: { ...own, ...attributes }
})

/** The series of a counter that has these attributes. */
export const counter = (metric: Metric.Counter<number>, attributes: Attributes): Metric.Counter<number> =>
  Metric.counter(metric.id, { ...withAttributes(metric, attributes), incremental: true })

/** The series of a gauge that has these attributes. */
export const gauge = (metric: Metric.Gauge<number>, attributes: Attributes): Metric.Gauge<number> =>
  Metric.gauge(metric.id, withAttributes(metric, attributes))

/** The series of a histogram of durations that has these attributes. */
export const durations = (metric: Metric.Histogram<number>, attributes: Attributes): Metric.Histogram<number> =>
  Metric.histogram(metric.id, { ...withAttributes(metric, attributes), boundaries: Telemetry.durationBoundaries })
