import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema } from "effect"
import { MiroClient, Operation } from "effect-miro"
import { HttpClient, HttpClientResponse } from "effect/http"

const listDataTables = Operation.make({
  id: "list-data-tables",
  name: "DataTables.list",
  method: "GET",
  path: "/v2/boards/{boardId}/data_table_formats",
  scope: "boards:read",
  success: Schema.Json
})

it.effect("a path that Miro does not document is called by an operation of one's own", () => {
  const seen: Array<string> = []
  const server = HttpClient.make((request, url) => {
    seen.push(`${request.method} ${url.pathname} ${request.headers["authorization"]}`)
    return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json({ data: [{ id: "1" }] })))
  })
  const Miro = Layer.provide(
    MiroClient.layerToken(Redacted.make("a-token")),
    Layer.succeed(HttpClient.HttpClient, server)
  )
  return Effect.gen(function* () {
    assert.deepStrictEqual(yield* listDataTables({ boardId: "b=" }), { data: [{ id: "1" }] })
    assert.deepStrictEqual(seen, ["GET /v2/boards/b%3D/data_table_formats Bearer a-token"])
  }).pipe(Effect.provide(Miro))
})
