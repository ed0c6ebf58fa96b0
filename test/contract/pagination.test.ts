import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Predicate, Stream, Struct } from "effect"
import type { Pagination } from "effect-miro"
import { contract, isMissing, read } from "./document.ts"
import * as Exchange from "./exchange.ts"
import { generate } from "./generate.ts"
import * as OpenApi from "./openapi.ts"
import { uuid } from "../support/sample.ts"
import { type Reply, Server } from "./server.ts"

const itemsOf = (page: unknown): ReadonlyArray<unknown> => {
  const { Resources, data = Resources }: { readonly data?: unknown; readonly Resources?: unknown } = Predicate.isObject(
    page
  )
    ? page
    : {}
  return Array.isArray(data) ? data : []
}

const lists = Exchange.all.flatMap(({ pagination, ...operation }) =>
  pagination === undefined ? [] : [[operation.name, { ...operation, pagination }] as const]
)

type Kind = Pagination.Pagination["kind"]

const kinds: ReadonlyArray<Kind> = ["cursor", "offset", "startIndex"]

/** How the list of an operation is paged, by the parameters that it takes. */
const kindOf = (id: string): Kind | undefined => {
  const names = contract(id).parameters.map(({ name }) => name)
  return kinds.find((kind) => names.includes(kind))
}

type Page = Readonly<Record<string, unknown>>

/** A page with two items, as the document describes it. */
const pageOf = (response: OpenApi.Response, seed: number): Page => {
  const page = generate(response.schema, { optional: "all", seed })
  // The members of an organization may come without a page around them, and then there is no other.
  return Predicate.isObject(page) ? page : pageOf(response, seed + 1)
}

const first = (items: unknown): ReadonlyArray<unknown> => (Array.isArray(items) ? items.slice(0, 1) : [])

/** Two pages, the second with fewer items, that say what leads from one to the other. */
const link: Readonly<Record<Kind, (first: Page, second: Page) => readonly [Page, Page]>> = {
  cursor: (one, two) => [{ ...one, cursor: uuid }, Struct.omit(two, ["cursor"])],
  offset: (one, two) => [
    { ...one, offset: 0, limit: 2, total: 3 },
    { ...two, offset: 2, limit: 2, total: 3, data: first(two["data"]) }
  ],
  startIndex: (one, two) => [
    { ...one, startIndex: 1, itemsPerPage: 2, totalResults: 3 },
    { ...two, startIndex: 3, itemsPerPage: 1, totalResults: 3, Resources: first(two["Resources"]) }
  ]
}

type Query = Readonly<Record<string, string>>

/** What the two requests ask for. */
const queries: Readonly<Record<Kind, (maximum: string) => readonly [Query, Query]>> = {
  cursor: (limit) => [{ limit }, { limit, cursor: uuid }],
  offset: (limit) => [
    { limit, offset: "0" },
    { limit, offset: "2" }
  ],
  startIndex: (count) => [
    { count, startIndex: "1" },
    { count, startIndex: "3" }
  ]
}

describe.skipIf(isMissing)("the lists of Miro's document", () => {
  it("are those that are declared as lists, paged in the same way", () => {
    const documented = OpenApi.ids(read()).flatMap((id) => kindOf(id) ?? [])
    assert.strictEqual(documented.length, 34)
    assert.deepStrictEqual(
      Exchange.all.map(({ id, pagination }) => [id, pagination?.kind]),
      Exchange.all.map(({ id }) => [id, kindOf(id)])
    )
  })

  layer(Exchange.layer, { excludeTestServices: true })((it) => {
    it.effect.each(lists)("are read to their end, in the largest pages: %s", ([, operation]) =>
      Effect.gen(function* () {
        const document = contract(operation.id)
        const response = document.responses[0] ?? assert.fail("there is no response")
        const { kind, maximum } = operation.pagination
        const replies = link[kind](pageOf(response, 1), pageOf(response, 11)).map((page): Reply => ({
          ...response,
          body: JSON.stringify(page)
        }))
        const [input = {}] = Exchange.inputs(operation, document, "required")

        const server = yield* Server
        server.expect(document, replies)
        const pages = [yield* operation.call(input), yield* operation.call(input)]

        const received = server.expect(document, replies)
        const items = yield* Stream.runCollect(operation.call.items?.(input) ?? Stream.empty)
        assert.isAtLeast(items.length, 3)
        assert.deepStrictEqual(
          items,
          pages.flatMap((page) => itemsOf(page))
        )
        assert.deepStrictEqual(
          received.flatMap(({ problems }) => problems),
          []
        )
        const asked = queries[kind](String(maximum))
        assert.strictEqual(received.length, asked.length)
        for (const [index, query] of asked.entries()) assert.deepInclude(received[index]?.query, query)
      })
    )
  })
})
