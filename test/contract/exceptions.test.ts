import { assert, describe, layer } from "@effect/vitest"
import { Effect, Option, Stream } from "effect"
import { contract, isMissing, read } from "./document.ts"
import { reshaped } from "./exceptions.ts"
import * as Exchange from "./exchange.ts"
import { variants } from "./generate.ts"
import { type Contract, contractOf } from "./openapi.ts"
import { patches } from "./patches.ts"

/** The first that is wrong between an operation and what is said of it, if anything is. */
const firstProblem = (id: string, contract: Contract) => {
  const operation = Exchange.operation(id)
  const requests = Stream.fromIterable(["full", "required"] as const).pipe(
    Stream.flatMap((extent) => Stream.fromIterable(Exchange.inputs(operation, contract, extent))),
    Stream.mapEffect((input) => Exchange.send(operation, contract, input))
  )
  const responses = Stream.fromIterable(contract.responses).pipe(
    Stream.flatMap((documented) =>
      Stream.mapEffect(Stream.fromIterable(variants(documented.schema)), (how) =>
        Exchange.response(operation, contract, documented, how)
      )
    )
  )
  return Stream.concat(requests, responses).pipe(Stream.flatMap(Stream.fromIterable), Stream.runHead)
}

describe.skipIf(isMissing)("the document is wrong without this patch:", () => {
  layer(Exchange.layer, { excludeTestServices: true })((it) => {
    it.effect.each(patches.map((patch) => [patch.name, patch.shownBy, patch] as const))(
      "%s (%s)",
      ([, shownBy, patch]) =>
        Effect.gen(function* () {
          assert.isTrue(Option.isSome(yield* firstProblem(shownBy, contractOf(read(patch), shownBy))))
        })
    )
  })
})

describe.skipIf(isMissing)("a response is given in another shape", () => {
  layer(Exchange.layer, { excludeTestServices: true })((it) => {
    it.effect.each(Object.entries(reshaped).map(([id, { reason }]) => [id, reason] as const))("by %s: %s", ([id]) =>
      Effect.gen(function* () {
        assert.isTrue(Option.isSome(yield* firstProblem(id, contract(id))))
      })
    )
  })
})
