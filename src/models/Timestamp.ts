/**
 * Points in time as Miro writes them.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"

const isoDateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

// Audit logs have `+0000`, which ISO 8601 does not allow beside separators in the rest.
const offsetWithoutColon = /([+-]\d{2})(\d{2})$/

// `DateTime.make` looks for the zone of each text, which takes as long as to parse it.
const fromUtc = (text: string): DateTime.Utc | undefined => {
  // oxlint-disable-next-line no-restricted-globals -- it is about parsing alone, not about what time it is
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : DateTime.fromDateUnsafe(date)
}

/**
 * Reads a point in time, if the text is one.
 *
 * @internal
 */
export const parse = (text: string): DateTime.Utc | undefined => {
  // The parser takes much else for a date, such as "4".
  if (!isoDateTime.test(text)) return undefined
  if (text.endsWith("Z")) return fromUtc(text)
  return Option.getOrUndefined(DateTime.make(text.replace(offsetWithoutColon, "$1:$2")))
}

const expected = new SchemaIssue.InvalidValue({ message: "Expected a point in time" })

const decode = SchemaGetter.transformEffect((text: string) => {
  const time = parse(text)
  return time === undefined ? Effect.fail(expected) : Effect.succeed(time)
})

/**
 * A point in time, with or without milliseconds, in UTC or with an offset. It
 * is written in UTC.
 *
 * @category schemas
 */
export const Timestamp = Schema.String.pipe(
  Schema.decodeTo(Schema.DateTimeUtc, {
    decode,
    encode: SchemaGetter.transform(DateTime.formatIso)
  })
)

const isInstant = (u: unknown): u is DateTime.DateTime | Date =>
  DateTime.isDateTime(u) || (Predicate.isDate(u) && Option.isSome(DateTime.make(u)))

// What has more digits in its year than the format has is no point in time that Miro knows.
const write = (instant: DateTime.DateTime | Date) =>
  DateTime.make(instant).pipe(
    Option.flatMap(Option.liftThrowable(DateTime.formatIso)),
    Option.filter((text) => isoDateTime.test(text)),
    Option.match({ onNone: () => Effect.fail(expected), onSome: Effect.succeed })
  )

/**
 * A point in time in an input: a `DateTime`, with or without a time zone, or a
 * `Date`. It is written in UTC.
 *
 * @category inputs
 */
export const TimestampInput = Schema.String.pipe(
  Schema.decodeTo(Schema.declare(isInstant, { expected: "a DateTime or a valid Date" }), {
    decode,
    encode: SchemaGetter.transformEffect(write)
  })
)
