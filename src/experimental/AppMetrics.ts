/**
 * How much an app is used. The calls need an app management token, which is
 * made in the app's settings: give it to a `MiroClient` of its own by
 * `AccessToken.layer`. Miro calls this part of its API experimental,
 * and may change it without notice.
 *
 * @see https://developers.miro.com/reference/get-metrics
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Open from "../models/Open.ts"

const counts = {
  /** Those who did something with the app. */
  uniqueUsers: Schema.optionalKey(Schema.Finite),
  /** Those who were active on more than one of the last 30 days. */
  uniqueRecurringUsers: Schema.optionalKey(Schema.Finite),
  /** Those in which the app is installed. */
  uniqueOrganizations: Schema.optionalKey(Schema.Finite),
  /** How often a team installed the app. */
  installations: Schema.optionalKey(Schema.Finite),
  /** How often a team removed the app. */
  uninstallations: Schema.optionalKey(Schema.Finite)
}

/**
 * How much an app was used in a day, week or month.
 *
 * @category schemas
 */
export class PeriodMetrics extends Open.named<PeriodMetrics>()({
  /** The first day of the period, as `YYYY-MM-DD`. */
  periodStart: Schema.optionalKey(Schema.String),
  ...counts
}) {}

/**
 * How much an app was used since it was created.
 *
 * @category schemas
 */
export class TotalMetrics extends Open.named<TotalMetrics>()(counts) {}

const Day = Schema.String.pipe(
  Schema.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/, { expected: "a day as YYYY-MM-DD" }))
)

/**
 * Lists how much an app was used from one day to another, by day, week or
 * month.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-metrics
 */
export const list = Operation.make({
  id: "get-metrics",
  name: "AppMetrics.list",
  method: "GET",
  path: "/v2-experimental/apps/{appId}/metrics",
  scope: "boards:read",
  level: 1,
  query: Schema.Struct({
    /** The first day, in UTC, as `YYYY-MM-DD`. */
    startDate: Day,
    /** The last day, in UTC, as `YYYY-MM-DD`. */
    endDate: Day,
    /** How long each period is: `WEEK` unless set. */
    period: Schema.optional(Open.literals(["DAY", "WEEK", "MONTH"]))
  }),
  success: Schema.Array(PeriodMetrics)
})

/**
 * Gets how much an app was used since it was created.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-metrics-total
 */
export const getTotal = Operation.make({
  id: "get-metrics-total",
  name: "AppMetrics.getTotal",
  method: "GET",
  path: "/v2-experimental/apps/{appId}/metrics-total",
  scope: "boards:read",
  level: 1,
  success: TotalMetrics
})
