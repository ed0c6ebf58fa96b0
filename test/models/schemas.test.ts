import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, SchemaAST } from "effect"
import { operations } from "../../scripts/operations.ts"
import { samples } from "../support/sample.ts"

const cases = operations.flatMap(({ name, success }) => (success === undefined ? [] : [[name, success] as const]))

describe("the schema of a response", () => {
  it.effect.each(cases)("of %s can be a part of a user's own, in JSON too", ([, success]) =>
    Effect.gen(function* () {
      const Own = Schema.Struct({ value: Schema.toType(success) })
      const codec = Schema.toCodecJson(Schema.Struct({ value: success }))
      for (const sample of samples(Own, "full")) {
        const json = yield* Schema.encodeUnknownEffect(codec)(sample)
        const read = yield* Schema.decodeUnknownEffect(codec)(JSON.parse(JSON.stringify(json)))
        assert.deepStrictEqual(read, sample)
      }
    })
  )
})

/** The places at which a schema takes some strings and no others. */
const closed = (ast: SchemaAST.AST, at: string): ReadonlyArray<string> => {
  switch (ast._tag) {
    case "Objects":
      return ast.propertySignatures.flatMap(({ name, type }) => closed(type, `${at}.${String(name)}`))
    case "Arrays":
      return [...ast.elements, ...ast.rest].flatMap((item) => closed(item, `${at}[]`))
    case "Union": {
      // Any string beside those that are known.
      if (ast.types.some(SchemaAST.isString)) return []
      const isEnumeration = ast.types.filter(SchemaAST.isLiteral).length > 1
      const members = isEnumeration ? ast.types.filter((type) => !SchemaAST.isLiteral(type)) : ast.types
      return [...(isEnumeration ? [at] : []), ...members.flatMap((member) => closed(member, at))]
    }
    default:
      return []
  }
}

describe("an enumeration", () => {
  it("takes any other value too, in requests and in responses", () => {
    const places = operations.flatMap(({ body, name, query, success }) =>
      Object.entries({ body, query, success }).flatMap(([side, schema]) =>
        schema === undefined ? [] : closed(SchemaAST.toType(schema.ast), `${name} ${side}`)
      )
    )
    assert.deepStrictEqual(places, [])
  })
})
