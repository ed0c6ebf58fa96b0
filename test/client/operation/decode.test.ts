import { assert, describe, it } from "@effect/vitest"
import { Option, Predicate, Result, Schema } from "effect"
import * as fc from "fast-check"
import { operations } from "../../../scripts/operations.ts"
import * as Compile from "../../../src/client/operation/compile.ts"
import * as Decode from "../../../src/client/operation/decode.ts"
import { repair } from "../../../src/client/operation/repair.ts"
import { bodiesAround } from "../../support/bodies.ts"
import { samples } from "../../support/sample.ts"

const cases = operations.flatMap(({ name, pagination, success }) =>
  success === undefined ? [] : [[name, success, pagination === undefined ? undefined : Decode.page] as const]
)

type Success = (typeof cases)[number][1]

/** Decodes by nothing but the schema, all of the value at once. */
const bySchema = (schema: Success, { kept, lists }: NonNullable<Parameters<typeof Decode.make>[1]>): Decode.Decoder => {
  const first = Schema.decodeUnknownResult(schema)
  const all = Schema.decodeUnknownResult(schema, { errors: "all" })
  const compiled = (json: unknown) => Result.getOrElse(first(json), () => Compile.unfit)
  return (json, skip) => {
    const value = compiled(json)
    return value === Compile.unfit
      ? repair({ compiled, first, all }, json, { kept, lists, skip })
      : Result.succeed({ value, dropped: [], skipped: [] })
  }
}

const parse = Option.liftThrowable((text: string): unknown => JSON.parse(text))

// Where the stack ends, the two differ, and the assertion has none left.
const isDeep = (text: string): boolean => /(?:\[|\{"a":){1000}/.test(text)

const none = { kept: new Set<string>(), lists: new Set<string>() }

/** Lists have more than one item, so that some fit where others do not. */
const repeated = (json: unknown): unknown =>
  Predicate.isObject(json)
    ? Object.fromEntries(
        Object.entries(json).map(([name, value]) => [name, Array.isArray(value) ? [value, value, value].flat() : value])
      )
    : json

/** Bodies that fit. */
const bodies = (success: Success): ReadonlyArray<unknown> =>
  samples(Schema.Struct({ value: Schema.toType(success) }), "full").map(({ value }) =>
    repeated(Schema.encodeUnknownSync(success)(value))
  )

describe("the decoder of a response", () => {
  it.each(cases)("of %s gives what its schema gives, whatever the body", (_, success, fields) => {
    const ours = Decode.make(success, fields)
    const reference = bySchema(success, fields ?? none)
    const check = (text: string, skip: boolean) => {
      if (isDeep(text) || Option.isNone(parse(text))) return
      assert.deepStrictEqual(ours(JSON.parse(text), skip), reference(JSON.parse(text), skip))
    }
    for (const body of bodies(success)) {
      check(JSON.stringify(body), false)
      fc.assert(fc.property(bodiesAround(body), fc.boolean(), check), { seed: 42, numRuns: 100 })
    }
  })

  it.each(cases)("of %s leaves the body as it was, where it fits", (_, success) => {
    const decode = Compile.make(success.ast)
    for (const body of bodies(success)) {
      const json: unknown = JSON.parse(JSON.stringify(body))
      assert.notStrictEqual(decode(json), Compile.unfit)
      assert.deepStrictEqual(json, JSON.parse(JSON.stringify(body)))
    }
  })
})
