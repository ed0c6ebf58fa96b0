/**
 * Integers of 64 bits, mostly ids.
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

const Digits = Schema.String.pipe(
  Schema.check(Schema.isPattern(/^\d{1,19}$/, { expected: "a string of up to 19 digits" }))
)

/**
 * An id that Miro wants as a number, though a JavaScript number would lose
 * some of its digits: a string of digits, which is sent as an integer with all
 * of them.
 *
 * @category inputs
 */
export const Int64 = Schema.BigInt.pipe(
  Schema.decodeTo(Digits, {
    decode: SchemaGetter.String(),
    encode: SchemaGetter.BigInt()
  })
)
