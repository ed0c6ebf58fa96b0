/**
 * Values of a schema's type, whatever they are, for properties.
 */
import { DateTime, Schema, SchemaAST } from "effect"
import * as fc from "fast-check"
import { boardId, id, uuid } from "./sample.ts"

const fits = (ast: SchemaAST.AST) => Schema.is(Schema.make<Schema.Constraint>(ast))

const texts = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 10 }) },
  { weight: 1, arbitrary: fc.constantFrom("", "<b>bold</b>", '"&<script>', "a%2Fb", "..", "x".repeat(7000)) },
  // What some schema asks for.
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      id,
      boardId,
      uuid,
      "#1a2b3c",
      "2026-05-20",
      "https://example.com/a.png",
      "ada@example.com"
    )
  }
)

const numbers = fc.oneof(
  fc.integer({ min: 1, max: 60 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, 0.5, 100)
)

const instants = fc
  .date({ min: new Date("1970-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
  .map((date) => DateTime.makeUnsafe(date))

const files = fc
  .uint8Array({ maxLength: 40 })
  .map((bytes) => new File([new Uint8Array(bytes)], "a.png", { type: "image/png" }))

const build = (ast: SchemaAST.AST): fc.Arbitrary<unknown> => {
  switch (ast._tag) {
    case "String":
      return texts
    case "Number":
      return numbers
    case "Boolean":
      return fc.boolean()
    case "Literal":
      return fc.constant(ast.literal)
    case "Null":
      return fc.constant(null)
    case "Undefined":
      return fc.constant(undefined)
    case "Declaration":
      return fc.oneof(instants, files)
    case "Union":
      return fc.oneof(...ast.types.map(arbitrary))
    case "Arrays": {
      const items = fc.oneof(...[...ast.elements, ...ast.rest].map(arbitrary))
      return fc.array(items, { maxLength: 3 })
    }
    case "Objects":
      return fc.record(
        Object.fromEntries(ast.propertySignatures.map(({ name, type }) => [String(name), arbitrary(type)])),
        {
          requiredKeys: ast.propertySignatures
            .filter(({ type }) => !SchemaAST.isOptional(type))
            .map(({ name }) => String(name))
        }
      )
    default:
      throw new Error(`there is no arbitrary of ${ast._tag}`)
  }
}

const arbitrary = (ast: SchemaAST.AST): fc.Arbitrary<unknown> =>
  ast.checks === undefined && ast._tag !== "Declaration" ? build(ast) : build(ast).filter(fits(ast))

/** Values of a schema's type. */
export const of = <S extends Schema.Constraint>(schema: S): fc.Arbitrary<S["Type"]> =>
  arbitrary(SchemaAST.toType(schema.ast))
