import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Result, Schema } from "effect"
import * as fc from "fast-check"
import { bodiesAround } from "../support/bodies.ts"
import * as http from "../support/http.ts"
import { forAll } from "../support/property.ts"
import { contract, isMissing } from "./document.ts"
import * as Exchange from "./exchange.ts"
import { generate, variants } from "./generate.ts"

const cases = Exchange.all.flatMap(({ success, ...operation }) =>
  success === undefined ? [] : [[operation.name, { ...operation, success }] as const]
)

describe.skipIf(isMissing)("whatever Miro responds with,", () => {
  it.live.each(cases)("%s gives a value of its type, or fails with InvalidResponse", ([, operation]) => {
    const document = contract(operation.id)
    const [response = assert.fail("there is no response")] = document.responses
    const good = variants(response.schema).map((how) => generate(response.schema, how))
    const fits = Schema.is(Schema.toType(operation.success))
    const [input = {}] = Exchange.inputs(operation, document, "required")
    let body = ""
    return forAll(fc.constantFrom(...good).chain(bodiesAround), 50, (text) =>
      Effect.gen(function* () {
        body = text
        const result = yield* Effect.result(operation.call(input))
        if (Result.isSuccess(result)) assert.isTrue(fits(result.success))
        else assert.nestedPropertyVal(result.failure, "reason._tag", "InvalidResponse")
      })
    ).pipe(
      Effect.provide(
        Exchange.layerClients("https://api.miro.com").pipe(
          Layer.provide(http.layerWire(() => http.text(body))),
          Layer.merge(Logger.layer([]))
        )
      )
    )
  })
})
