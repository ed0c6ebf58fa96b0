import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Issue } from "../../MiroError.ts"
import * as Compile from "./compile.ts"
import type { InvalidItem } from "../Pagination.ts"
import * as Issues from "./issues.ts"
import * as Lists from "./lists.ts"
import type { Redaction } from "../../http/redaction.ts"
import { repair, type Repaired } from "./repair.ts"

/** Decodes JSON. Items that do not fit fail it, unless they are to be skipped. */
export type Decoder = (json: unknown, skip: boolean) => Result.Result<Repaired, ReadonlyArray<Issue>>

interface Fields {
  /** Those that are never left out, whether or not they are required. */
  readonly kept: ReadonlySet<string>
  /** Those of them that are lists, whose items may be skipped. */
  readonly lists: ReadonlySet<string>
}

const none: Fields = { kept: new Set(), lists: new Set() }

/**
 * The fields of a page without which a list would end early: a page whose
 * items do not fit is no page without items, and neither is one whose cursor
 * does not fit the last.
 */
export const page: Fields = { kept: new Set(["data", "Resources", "cursor"]), lists: new Set(["data", "Resources"]) }

/**
 * Decodes what Miro responded with.
 *
 * A value that fits is decoded once and no more is done. Otherwise what does
 * not fit is left out, as {@link repair} says.
 *
 * Some things are set right without a mention, since nothing is lost by it: a
 * `null` is how Miro spells an absent field, a number where a string belongs,
 * mostly an id, becomes that string, and a string that spells a number or a
 * boolean becomes that where one belongs.
 */
export const make = (schema: Schema.ConstraintDecoder<unknown>, { kept, lists }: Fields = none): Decoder => {
  const compiled = Compile.make(schema.ast)
  const first = Schema.decodeUnknownResult(schema)
  const all = Schema.decodeUnknownResult(schema, { errors: "all" })
  const sift = Lists.make(schema.ast, lists)
  return (json, skip) => {
    const { complete, json: rest, origins } = sift(json)
    const value = compiled(rest)
    return Result.map(
      value === Compile.unfit
        ? repair({ compiled, first, all }, rest, { kept, lists, skip, origins })
        : Result.succeed({ value, dropped: [], skipped: [] }),
      complete
    )
  }
}

const reportPlaces = (
  issues: ReadonlyArray<Issue>,
  redaction: Redaction,
  report: (places: ReadonlyArray<string>) => Effect.Effect<void>
): Effect.Effect<void> =>
  issues.length === 0
    ? Effect.void
    : report(
        Issues.bounded(issues, redaction).map(({ message, path }) =>
          path.length === 0 ? message : `${path.join(".")}: ${message}`
        )
      )

const issuesOf = (item: InvalidItem): ReadonlyArray<Issue> =>
  item.issues.map(({ message, path }) => ({ path: [...item.path, ...path], message: message + Issues.naming(item) }))

/**
 * Reports what was left out: a warning in the log and attributes of the span,
 * with places and ids but never with other values.
 */
export const report = (
  operation: string,
  { dropped, skipped }: Omit<Repaired, "value">,
  redaction: Redaction
): Effect.Effect<void> =>
  Effect.andThen(
    reportPlaces(dropped, redaction, (fields) =>
      Effect.andThen(
        Effect.annotateCurrentSpan("miro.response.dropped_fields", fields),
        Effect.logWarning(`${operation}: fields of Miro's response do not fit and were left out`, fields)
      )
    ),
    reportPlaces(skipped.flatMap(issuesOf), redaction, (items) =>
      Effect.andThen(
        Effect.annotateCurrentSpan({
          "miro.response.skipped_count": skipped.length,
          "miro.response.skipped_items": items
        }),
        Effect.logWarning(`${operation}: ${skipped.length} items of Miro's response do not fit and were skipped`, items)
      )
    )
  )
