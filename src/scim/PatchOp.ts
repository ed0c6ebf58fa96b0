/**
 * The message in which SCIM takes changes: a list of operations on the
 * attributes of a resource.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as Open from "../models/Open.ts"

/**
 * What an operation does with the attribute that it names, in capitals or not.
 *
 * @category inputs
 */
export const Op = Open.literals(["Add", "Remove", "Replace"])

interface Change {
  /** What to do: add, replace or remove. */
  readonly op: string
  /** The attribute to change. Absent if `value` names it. */
  readonly path?: string | undefined
  /** The value to add or set. */
  readonly value?: unknown
}

const needs = (field: "path" | "value", message: string) => ({ path: [field], issue: message })

/**
 * What RFC 7644 asks of an operation: to remove something takes a path, and all
 * else takes a value, which without a path is an object of attributes.
 *
 * @category checks
 */
export const isComplete = Schema.makeFilter(({ op, path, value }: Change) => {
  const isAttributes = Predicate.isObject(value) && !Array.isArray(value)
  switch (op.toLowerCase()) {
    case "remove":
      return path === undefined ? needs("path", "is missing: it says what to remove") : undefined
    case "add":
    case "replace":
      if (value === undefined) return needs("value", "is missing")
      return path === undefined && !isAttributes
        ? needs("value", "must be an object of attributes, as there is no path")
        : undefined
    default:
      return undefined
  }
})

const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] as const

const changes = <Operation>(operation: Schema.Codec<Operation>) => ({
  /** The changes, which are made in this order. */
  Operations: Schema.Array(operation)
})

/**
 * A list of operations, which gets the name of the message on the wire.
 *
 * @category constructors
 */
export const of = <Operation>(operation: Schema.Codec<Operation>) =>
  Schema.Struct({
    /** The URI of SCIM's schema for changes. */
    schemas: Schema.Array(Schema.Literals(schemas)),
    ...changes(operation)
  }).pipe(
    Schema.decodeTo(Schema.Struct(changes(operation)), {
      decode: SchemaGetter.transform(({ Operations }) => ({ Operations })),
      encode: SchemaGetter.transform(({ Operations }) => ({ schemas, Operations }))
    })
  )
