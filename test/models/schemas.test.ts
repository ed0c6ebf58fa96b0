import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { operations } from "../../scripts/operations.ts"
import { samples } from "../support/sample.ts"

const cases = operations.flatMap(({ name, success }) => (success === undefined ? [] : [[name, success] as const]))

describe("the schema of an answer", () => {
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
