/** Numbers of the users of an app: those whom the sandbox gave tokens. */
import * as DateTime from "effect/DateTime"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as AppMetrics from "../../experimental/AppMetrics.ts"
import * as collections from "./collections.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"

const noMetrics = {
  uniqueUsers: 0,
  uniqueRecurringUsers: 0,
  uniqueOrganizations: 0,
  installations: 0,
  uninstallations: 0
}

const metricsOf = ({ store }: AuthenticatedCall) => {
  const grants = new Set(Array.from(store.grants.refreshTokens.values(), ({ grant }) => grant))
  const users = new Set(Array.from(grants, ({ userId }) => userId))
  return {
    ...noMetrics,
    uniqueUsers: users.size,
    uniqueOrganizations: Math.min(1, users.size),
    installations: grants.size,
    uninstallations: Array.from(grants).filter(({ revoked }) => revoked).length
  }
}

const day = ({ query }: AuthenticatedCall, name: string): Refusable<DateTime.Utc> => {
  const text = query.get(name) ?? ""
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? DateTime.make(`${text}T00:00:00Z`) : Option.none()
  return Result.fromOption(date, () => errors.invalidParameter(name, `Unexpected value [${text}]`))
}

const steps = { DAY: { days: 1 }, WEEK: { weeks: 1 }, MONTH: { months: 1 } } as const

const isPeriod = (period: string): period is keyof typeof steps => Object.hasOwn(steps, period)

const list = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const start = yield* day(call, "startDate")
    const end = yield* day(call, "endDate")
    const period = (yield* paging.oneOf(call, "period", Object.keys(steps))) ?? "WEEK"
    if (DateTime.isGreaterThan(start, end)) {
      return yield* Result.fail(errors.invalidParameter("endDate", "The end is before the start"))
    }
    const periods: Array<unknown> = []
    const now = DateTime.makeUnsafe(call.instant.now)
    const step = isPeriod(period) ? steps[period] : steps.WEEK
    for (let from = start; DateTime.isLessThanOrEqualTo(from, end) && periods.length < 1000;) {
      const next = DateTime.add(from, step)
      const isNow = DateTime.isLessThanOrEqualTo(from, now) && DateTime.isLessThan(now, next)
      periods.push({ periodStart: DateTime.formatIsoDate(from), ...(isNow ? metricsOf(call) : noMetrics) })
      from = next
    }
    return HttpServerResponse.jsonUnsafe(periods)
  })

const getTotal = (call: AuthenticatedCall): FullResponse =>
  Result.succeed(HttpServerResponse.jsonUnsafe(metricsOf(call)))

export const routes: ReadonlyArray<Route> = [
  collections.routeOf(AppMetrics.list, list),
  collections.routeOf(AppMetrics.getTotal, getTotal)
]
