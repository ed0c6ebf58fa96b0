/**
 * What a response says of limits, in `X-RateLimit-*`, `Retry-After` and `Date`.
 *
 * These headers pass proxies, and are written in many ways: with decimals, as
 * another form of a date, in milliseconds, several times. Whatever can be read is,
 * and of several values the one that asks for the longest wait counts.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Headers from "effect/http/Headers"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { RateLimitHeaders } from "../MiroError.ts"

// A header that came several times is joined with commas, and some dates have a comma after the day of the week.
const listed = /(?:\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,)?[^,]+/gi

// `1,000`. A list that was joined has spaces.
const withSeparators = /^\d{1,3}(?:,\d{3})+$/

/** The values of a header. */
const values = (headers: Headers.Headers, name: string): ReadonlyArray<string> => {
  const header = headers[name]?.trim() ?? ""
  if (withSeparators.test(header)) return [header.replaceAll(",", "")]
  return (header.match(listed) ?? []).map((value) => value.trim())
}

const isoDate = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?$/i

const offset = /^([+-]\d\d):?(\d\d)$/

/** The milliseconds of a date as HTTP writes it, or ISO 8601, which is in UTC unless it says otherwise. */
const instant = (value: string): number | undefined => {
  const [isIso, day = "", time = "00:00", zone = ""] = isoDate.exec(value) ?? []
  const date =
    isIso === undefined
      ? Result.getSuccess(Headers.parseHttpDate(value))
      : DateTime.make(`${day}T${time}${offset.test(zone) ? zone.replace(offset, "$1:$2") : "Z"}`)
  return Option.getOrUndefined(Option.map(date, DateTime.toEpochMillis))
}

const decimal = /^(?:\d+(?:\.\d*)?|\.\d+)$/
const exponential = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

// Far too much for a number of seconds to wait: it is the second, or a smaller part of it, that it names.
const isEpoch = (value: number): boolean => value > 1e9

const inSeconds = (epoch: number): number =>
  epoch < 1e11 || epoch > 1e20 ? epoch : epoch < 1e14 ? epoch / 1e3 : epoch < 1e17 ? epoch / 1e6 : epoch / 1e9

/** When a response was made, in milliseconds of the server's clock. */
const madeAt = (headers: Headers.Headers): number | undefined => {
  const [date] = values(headers, "date")
  return date === undefined ? undefined : instant(date)
}

// As all headers of limits are but those of strange proxies.
const digits = /^\d{1,15}$/

const numbers = (headers: Headers.Headers, name: string): ReadonlyArray<number> => {
  const header = headers[name]
  if (header === undefined) return []
  if (digits.test(header)) return [Number(header)]
  return (
    values(headers, name)
      // `100000;w=60`, as in the drafts of a standard for these headers.
      .map((value) => value.split(";", 1)[0]?.trim() ?? "")
      .filter((value) => exponential.test(value))
      .map(Number)
      .filter(Number.isFinite)
  )
}

const least = (numbers: ReadonlyArray<number>): number | undefined =>
  numbers.length === 0 ? undefined : Math.min(...numbers)

const most = (numbers: ReadonlyArray<number>): number | undefined =>
  numbers.length === 0 ? undefined : Math.max(...numbers)

/** An epoch second or, if it is too small for that, the seconds to wait. */
const resetOf = (headers: Headers.Headers): number | undefined => {
  const name = "x-ratelimit-reset"
  const header = headers[name]
  if (header === undefined) return undefined
  if (digits.test(header)) return inSeconds(Number(header))
  const dates = values(headers, name).flatMap((value) => instant(value) ?? [])
  return most([...numbers(headers, name).map(inSeconds), ...dates.map((millis) => millis / 1000)])
}

/** How many credits are left, if the response says so. */
export const remaining = (headers: Headers.Headers): number | undefined =>
  least(numbers(headers, "x-ratelimit-remaining"))

/** The `X-RateLimit-*` headers, with the date of the response, if there is any of them. */
export const rateLimit = (headers: Headers.Headers): RateLimitHeaders | undefined => {
  const limit = least(numbers(headers, "x-ratelimit-limit"))
  const left = remaining(headers)
  const reset = resetOf(headers)
  if (limit === undefined && left === undefined && reset === undefined) return undefined
  const date = madeAt(headers)
  return {
    ...(limit !== undefined && { limit }),
    ...(left !== undefined && { remaining: left }),
    ...(reset !== undefined && { reset }),
    ...(date !== undefined && { date: date / 1000 })
  }
}

const day = 86_400_000

/** The milliseconds that a value of `Retry-After` asks for. */
const pauseOf = (value: string, now: number): number | undefined => {
  if (!decimal.test(value)) {
    const date = instant(value)
    return date === undefined ? undefined : Math.max(0, date - now)
  }
  const number = Number(value)
  const named = inSeconds(number) * 1000 - now
  // Nobody asks for a pause of 50 years, but some name the time when it ends.
  return isEpoch(number) && Math.abs(named) <= day ? Math.max(0, named) : number * 1000
}

const untilReset = (reset: number, now: number): number =>
  Math.max(0, isEpoch(reset) ? reset * 1000 - now : reset * 1000)

// Rounded up, but for the noise of the multiplication. More than the whole numbers there are is for ever.
const inMillis = (pause: number): Duration.Duration =>
  Duration.millis(Math.min(Math.ceil(pause - 1e-6), Number.MAX_SAFE_INTEGER))

/**
 * How long the server asks to wait: what `Retry-After` says or, after a `429`
 * without, the time until the reset. A time that a server names is one of its clock,
 * and so is the date of the response: ours, by which it was received, may be another.
 */
export const retryAfter = (
  status: number,
  headers: Headers.Headers,
  received: number
): Duration.Duration | undefined => {
  const now = madeAt(headers) ?? received
  const pause = most(values(headers, "retry-after").flatMap((value) => pauseOf(value, now) ?? []))
  if (pause !== undefined) return inMillis(pause)
  const reset = status === 429 ? resetOf(headers) : undefined
  return reset === undefined ? undefined : inMillis(untilReset(reset, now))
}
