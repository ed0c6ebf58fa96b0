/**
 * Points in time as Miro writes them.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"

const isoDateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

// Audit logs have `+0000`, which ISO 8601 does not allow beside separators in the rest.
const offsetWithoutColon = /([+-]\d{2})(\d{2})$/

const parse = (text: string): Option.Option<DateTime.DateTime> =>
  // The parser takes much else for a date, such as "4".
  isoDateTime.test(text) ? DateTime.make(text.replace(offsetWithoutColon, "$1:$2")) : Option.none()

/**
 * A point in time, with or without milliseconds, in UTC or with an offset. It
 * is written in UTC.
 *
 * @category schemas
 */
export const Timestamp = Schema.String.pipe(
  Schema.decodeTo(Schema.DateTimeUtc, {
    decode: SchemaGetter.transformEffect((text: string) =>
      Option.match(parse(text), {
        onNone: () => Effect.fail(new SchemaIssue.InvalidValue({ message: "Expected a point in time" })),
        onSome: (time) => Effect.succeed(DateTime.toUtc(time))
      })
    ),
    encode: SchemaGetter.transform(DateTime.formatIso)
  })
)
