/**
 * Every operation, called over HTTP and held against Miro's document by
 * somebody else's code: `openapi-backend` validates what arrives, and
 * `json-schema-faker` makes the responses.
 *
 * Nothing here looks at
 *
 * - the JSON of `create-items-in-bulk-using-file-from-device`, which is a file
 *   of bytes to the document;
 * - responses that are no success, whose schemas are missing, refer to nothing or
 *   contradict their own examples;
 * - the headers of responses, of which the document has next to none;
 * - `null` in responses, which the document has nowhere, though Miro sends it;
 * - requests with any but the first value of an enumeration.
 */
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { contract, isMissing, read } from "./document.ts"
import { reshaped } from "./exceptions.ts"
import * as Exchange from "./exchange.ts"
import { variants } from "./generate.ts"
import * as OpenApi from "./openapi.ts"
import { Server } from "./server.ts"

// Without the document nothing is tested here, which must not go unnoticed where it matters.
it.skipIf(!process.env["CI"])("Miro's document is there", () => {
  assert.isFalse(isMissing, "MIRO_OPENAPI_DOCUMENT is not set")
})

const cases = Exchange.all.map((operation) => [operation.name, operation] as const)

describe.skipIf(isMissing)("Miro's document", () => {
  it("has the operations that are called here, and no other", () => {
    assert.isAbove(Exchange.all.length, 190)
    assert.sameMembers(
      Exchange.all.map(({ id }) => id),
      [...OpenApi.ids(read())]
    )
  })

  layer(Exchange.layer, { excludeTestServices: true })((it) => {
    it.effect.each(cases)("allows the requests of %s, with all fields and with the required ones", ([, operation]) =>
      Effect.gen(function* () {
        const document = contract(operation.id)
        for (const extent of ["full", "required"] as const) {
          for (const input of Exchange.inputs(operation, document, extent)) {
            assert.deepStrictEqual(yield* Exchange.send(operation, document, input), [], extent)
          }
        }
      })
    )

    it.effect.each(cases)("has responses of which %s loses nothing", ([, operation]) =>
      Effect.gen(function* () {
        const document = contract(operation.id)
        for (const documented of document.responses) {
          for (const how of variants(documented.schema)) {
            const problems = yield* Exchange.response(
              operation,
              document,
              documented,
              how,
              reshaped[operation.id]?.kept
            )
            assert.deepStrictEqual(
              problems,
              [],
              `${documented.status} ${documented.contentType} ${JSON.stringify(how)}`
            )
          }
        }
      })
    )
  })
})

const big = "3074457350804038700"

describe.skipIf(isMissing)("an integer of 64 bits that no JavaScript number can hold", () => {
  layer(Exchange.layer, { excludeTestServices: true })((it) => {
    it.effect.each([
      ["enterprise-get-team", `{"id":"1","name":"Team","picture":{"id":${big}}}`],
      ["share-board", `{"failed":[],"successful":[${big}]}`]
    ] as const)("keeps all of its digits in the response to %s", ([id, body]) =>
      Effect.gen(function* () {
        const document = contract(id)
        const status = document.responses[0]?.status ?? 200
        const reply = { status, contentType: "application/json", body }
        const kept = yield* Exchange.receive(Exchange.operation(id), document, reply)
        assert.deepStrictEqual(kept, JSON.parse(body.replace(big, `"${big}"`)))
      })
    )

    it.effect.each([
      ["enterprise-dataclassification-team-boards-bulk", "labelId"],
      ["enterprise-dataclassification-team-settings-set", "defaultLabelId"]
    ] as const)("keeps all of its digits in the request of %s", ([id, field]) =>
      Effect.gen(function* () {
        const document = contract(id)
        const [input = {}] = Exchange.inputs(Exchange.operation(id), document, "full")
        const received = (yield* Server).expect(document, [{ status: 204 }])
        yield* Effect.ignore(Exchange.operation(id).call({ ...input, [field]: big }))
        assert.include(received[0]?.body, `"${field}":${big}`)
      })
    )
  })
})
