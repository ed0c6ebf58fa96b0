/**
 * The message in which SCIM takes changes: a list of operations on the
 * attributes of a resource.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as Open from "../models/Open.ts"

/**
 * What an operation does with the attribute that it names.
 *
 * @category inputs
 */
export const Op = Open.literals(["Add", "Remove", "Replace"])

const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] as const

/**
 * A list of operations, which gets the name of the message on the wire.
 *
 * @category constructors
 */
export const of = <Operation>(operation: Schema.Codec<Operation>) => {
  const fields = {
    /** Made in this order. */
    Operations: Schema.Array(operation)
  }
  return Schema.Struct({ schemas: Schema.Array(Schema.Literals(schemas)), ...fields }).pipe(
    Schema.decodeTo(Schema.Struct(fields), {
      decode: SchemaGetter.transform(({ Operations }) => ({ Operations })),
      encode: SchemaGetter.transform(({ Operations }) => ({ schemas, Operations }))
    })
  )
}
