/**
 * What can go wrong on the way from Miro.
 */
import * as Schema from "effect/Schema"

const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/**
 * What becomes of some of the requests. Without `times` and `rate`, of all that
 * match.
 *
 * @category models
 */
export const Fault = Schema.Struct({
  /** Requests with this method. */
  method: Schema.optional(Schema.String),
  /** Requests with this path, as it is on the wire; one that ends in `*` is the beginning of one. */
  path: Schema.optional(Schema.String),
  /** How many of the requests that match. */
  times: Schema.optional(Count),
  /** Which share of the requests that match, at random: `0.1` is one in ten. */
  rate: Schema.optional(Share),
  /** How many milliseconds later the response comes. */
  latency: Schema.optional(Count),
  /** Whether the access token of the request expires before anything else is done. Its refresh token stays good. */
  expireToken: Schema.optional(Schema.Boolean),
  /** The status of a response that is made instead. Nothing is changed in the sandbox. */
  status: Schema.optional(Schema.Int.check(Schema.isBetween({ minimum: 400, maximum: 599 }))),
  /** How many seconds that response asks to wait. */
  retryAfter: Schema.optional(Count),
  /** What stands in the JSON of the response instead, at a place such as `["data", 0, "type"]`. */
  change: Schema.optional(
    Schema.Struct({
      /** The names and indices that lead to it. */
      at: Schema.NonEmptyArray(Schema.Union([Schema.String, Schema.Int])),
      /** The value; without it, there is none. */
      to: Schema.optional(Schema.Json)
    })
  ),
  /** After how many bytes of the body the connection breaks. */
  breakAfter: Schema.optional(Count)
})

/** @category models */
export interface Fault extends Schema.Schema.Type<typeof Fault> {}
