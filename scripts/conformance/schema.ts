/**
 * The shape of what a schema takes from the wire and puts there.
 */
import { type Schema, SchemaAST } from "effect"
import { Timestamp, TimestampInput } from "effect-miro/models/Timestamp"
import { Upload } from "effect-miro/client/Upload"
import { type Field, limitsOf, mergeAll, type Shape } from "./shape.ts"

// A field that is optional is a copy of its schema, but with the same annotations.
const isSame = (ast: SchemaAST.AST, schema: Schema.Constraint): boolean => ast.annotations === schema.ast.annotations

const fieldOf = (
  name: PropertyKey,
  wire: SchemaAST.AST,
  type: SchemaAST.AST,
  within: Within
): readonly [string, Field] => [String(name), { required: !wire.context?.isOptional, shape: walk(type, within) }]

type Within = ReadonlySet<SchemaAST.AST>

const objectOf = (wire: SchemaAST.Objects, type: SchemaAST.Objects, within: Within): Shape => ({
  object: {
    fields: new Map(
      wire.propertySignatures.map(({ name, type: field }, index) =>
        fieldOf(name, field, type.propertySignatures[index]?.type ?? field, within)
      )
    )
  }
})

const walkEncoded = (ast: SchemaAST.AST, wire: SchemaAST.AST, within: Within): Shape => {
  if (isSame(ast, Timestamp) || isSame(ast, TimestampInput))
    return { string: { values: undefined, format: "date-time" } }
  // Keys that are renamed on the wire keep their order, and only here is it still known which of them are timestamps.
  return SchemaAST.isObjects(ast) &&
    SchemaAST.isObjects(wire) &&
    ast.propertySignatures.length === wire.propertySignatures.length
    ? objectOf(wire, ast, within)
    : walk(wire, within)
}

const literal = (value: SchemaAST.LiteralValue): Shape => {
  switch (typeof value) {
    case "string":
      return { string: { values: new Set([value]), format: undefined } }
    case "boolean":
      return { boolean: true }
    default:
      return { number: { format: undefined } }
  }
}

/** The limits that the checks of a schema keep to. */
const checked = (ast: SchemaAST.AST): Readonly<Record<string, unknown>> =>
  Object.assign({}, ...(ast.checks ?? []).map((check) => check.annotations?.["limits"]))

const walk = (ast: SchemaAST.AST, within: Within): Shape => {
  const wire = ast.encoding?.at(-1)?.to
  const shape = wire === undefined ? walkPlain(ast, within) : walkEncoded(ast, wire, within)
  const limits = limitsOf(checked(ast))
  return limits.size === 0 ? shape : { ...shape, limits: new Map([...(shape.limits ?? []), ...limits]) }
}

const walkPlain = (ast: SchemaAST.AST, within: Within): Shape => {
  switch (ast._tag) {
    case "String":
    case "TemplateLiteral":
      return { string: { values: undefined, format: undefined } }
    case "Number":
      return { number: { format: undefined } }
    case "BigInt":
      return { number: { format: "int64" } }
    case "Boolean":
      return { boolean: true }
    case "Literal":
      return literal(ast.literal)
    case "Null":
    case "Undefined":
      return {}
    case "Unknown":
    case "Any":
      return { any: true }
    case "Declaration":
      return isSame(ast, Upload) ? { file: true } : { any: true }
    case "Arrays":
      return { array: mergeAll([...ast.elements, ...ast.rest].map((item) => walk(item, within))) }
    case "Objects":
      return ast.propertySignatures.length === 0 ? { any: true } : objectOf(ast, ast, within)
    case "Union":
      return mergeAll(ast.types.map((member) => walk(member, within)))
    case "Suspend": {
      const inner = ast.thunk()
      return within.has(inner) ? { any: true } : walk(inner, new Set([...within, inner]))
    }
    default:
      throw new Error(`a schema of kind ${ast._tag} is not expected on the wire`)
  }
}

export const shapeOf = (schema: Schema.Constraint): Shape => walk(schema.ast, new Set())
