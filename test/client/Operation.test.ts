import { assert, describe, it } from "@effect/vitest"
import { type DateTime, Effect, Schema, Stream } from "effect"
import type { HttpClientResponse } from "effect/http"
import { Boards, Items, type MiroClient, type MiroError, Operation, Pagination, StickyNotes, Tokens } from "effect-miro"
import type { Board } from "effect-miro/models/Board"
import type { Item } from "effect-miro/models/Item"
import type { StickyNote } from "effect-miro/models/StickyNote"
import * as http from "../support/http.ts"
import * as payloads from "../support/payloads.ts"

type IsAny<A> = 0 extends 1 & A ? true : false

type Same<A, B> = IsAny<A> extends IsAny<B> ? ([A] extends [B] ? ([B] extends [A] ? true : false) : false) : false

/** Compiles only if the types are the same. */
const same = <A, B>(isSame: Same<A, B>) => isSame

type Calling<A> = Effect.Effect<A, MiroError.MiroError, MiroClient.MiroClient>

const describeItem = (item: Item): string => {
  switch (item.type) {
    case "sticky_note":
      return item.data?.content ?? ""
    case "shape":
      return item.style?.fontSize ?? ""
    case "frame":
    case "card":
    case "app_card":
    case "image":
    case "document":
    case "embed":
      return item.data?.title ?? ""
    case "text":
    case "doc_format":
      return item.data?.content ?? ""
    case "preview":
    case "data_table_format":
      return same<typeof item.data, unknown>(true) ? item.type : ""
    case "unknown":
      return item.originalType
    default: {
      const nothing: never = item
      return nothing
    }
  }
}

describe("the type of an operation", () => {
  it("is an effect of one plain value, one error and one service", () => {
    assert.isTrue(same<ReturnType<typeof Boards.get>, Calling<Board>>(true))
    assert.isTrue(same<ReturnType<typeof Boards.update>, Calling<Board | undefined>>(true))
    assert.isTrue(same<ReturnType<typeof Boards.delete>, Calling<void>>(true))
    assert.isTrue(same<ReturnType<typeof StickyNotes.create>, Calling<StickyNote>>(true))
    assert.isTrue(same<Effect.Success<ReturnType<typeof Items.list>>["data"], ReadonlyArray<Item>>(true))
    assert.isTrue(same<ReturnType<typeof Boards.get.withResponse>, Calling<Operation.WithResponse<Board>>>(true))
    assert.isTrue(same<Operation.WithResponse<Board>["response"], HttpClientResponse.HttpClientResponse>(true))
    assert.isTrue(
      same<ReturnType<typeof Items.list.items>, Stream.Stream<Item, MiroError.MiroError, MiroClient.MiroClient>>(true)
    )
    assert.isTrue(
      same<Stream.Success<ReturnType<typeof Boards.list.pages>>, Effect.Success<ReturnType<typeof Boards.list>>>(true)
    )
  })

  it("has fields of plain types, read-only, and optional where Miro may leave them out", () => {
    assert.isTrue(same<Board["id"], string>(true))
    assert.isTrue(same<Board["createdAt"], DateTime.Utc | undefined>(true))
    assert.isTrue(same<NonNullable<Board["team"]>["name"], string>(true))
    assert.isTrue(same<NonNullable<StickyNote["geometry"]>["width"], number | undefined>(true))
    assert.isTrue(same<StickyNote["type"], "sticky_note">(true))
    // An open enum completes what is known, and is a string.
    const shape: NonNullable<StickyNote["data"]>["shape"] = "heart"
    const anything: string | undefined = shape
    assert.strictEqual(anything, "heart")
  })

  it("takes one flat object of path, query and body, which may be left out when nothing in it is required", () => {
    assert.isTrue(same<Parameters<typeof Boards.get>, [input: { readonly boardId: string }]>(true))
    assert.isTrue(
      same<Parameters<typeof Items.get>, [input: { readonly boardId: string; readonly itemId: string }]>(true)
    )
    assert.isTrue(same<Parameters<typeof Boards.list>["length"], 0 | 1>(true))
    assert.isTrue(same<Parameters<typeof Boards.list.items>["length"], 0 | 1 | 2>(true))
    assert.isTrue(same<Parameters<typeof Boards.create>["length"], 0 | 1>(true))
    assert.isTrue(same<Parameters<typeof Tokens.get>["length"], 0 | 1>(true))
    assert.isTrue(same<Parameters<typeof Boards.copy>["length"], 1>(true))
    assert.isTrue(same<Parameters<typeof Items.list>["length"], 1>(true))
    assert.isTrue(same<NonNullable<Parameters<typeof Boards.list>[0]>["limit"], number | undefined>(true))
  })

  it("is named by its operation, and so are the input and the items of a list", () => {
    assert.isTrue(same<Operation.InputOf<typeof Boards.get>, { readonly boardId: string }>(true))
    assert.isTrue(same<Operation.InputOf<typeof Boards.list>["limit"], number | undefined>(true))
    assert.isTrue(same<Operation.ValueOf<typeof Boards.get>, Board>(true))
    assert.isTrue(same<Operation.ValueOf<typeof Boards.delete>, void>(true))
    assert.isTrue(same<Operation.ItemOf<typeof Items.list>, Item>(true))
  })

  it("offers at most five completions beside those of any function", () => {
    const ofFunctions = new Set(Object.getOwnPropertyNames(Function.prototype))
    const offered = (operation: object) => Object.keys(operation).filter((name) => !ofFunctions.has(name))
    assert.deepStrictEqual(offered(Boards.get).toSorted(), ["operation", "withResponse"])
    assert.deepStrictEqual(offered(Boards.list).toSorted(), ["items", "operation", "pages", "withResponse"])
  })

  it.effect("is told apart by the type of the item", () =>
    Effect.gen(function* () {
      const { data } = yield* Items.list({ boardId: "b" })
      assert.deepStrictEqual(data.map(describeItem), ["<p>Ship it</p>", "14", "t", "hologram", "preview"])
    }).pipe(
      http.replying(
        http.json({
          data: [
            payloads.stickyNote,
            { id: "1", type: "shape", style: { fontSize: "14" } },
            { id: "2", type: "frame", data: { title: "t" } },
            { id: "3", type: "hologram", data: { title: "t" } },
            { id: "4", type: "preview", data: { title: "t" } }
          ]
        })
      )
    )
  )
})

// What the compiler refuses, the encoder refuses too.
const refused: ReadonlyArray<readonly [path: string, call: () => Calling<unknown>]> = [
  // @ts-expect-error: a misspelt field
  ["nmae", () => Boards.create({ nmae: "Retro" })],
  // @ts-expect-error: a misspelt field further inside
  ["data.contnet", () => StickyNotes.create({ boardId: "b", data: { contnet: "c" } })],
  // @ts-expect-error: a misspelt query parameter
  ["querry", () => Boards.list({ querry: "Retro" })],
  // @ts-expect-error: Miro's own name for a query parameter
  ["team_id", () => Boards.list({ team_id: "1" })],
  // @ts-expect-error: a parameter of another operation
  ["itemId", () => Boards.get({ boardId: "b", itemId: "1" })],
  // @ts-expect-error: no path parameter
  ["boardId", () => StickyNotes.create({ data: { content: "c" } })],
  // @ts-expect-error: one path parameter of two
  ["itemId", () => Items.get({ boardId: "b" })],
  // @ts-expect-error: no input at all
  ["boardId", () => Boards.get()],
  // @ts-expect-error: no input to a stream
  ["boardId", () => Stream.runDrain(Items.list.items())],
  // @ts-expect-error: no required query parameter
  ["copyFrom", () => Boards.copy({ name: "Copy" })],
  // @ts-expect-error: a number for an id
  ["boardId", () => Boards.get({ boardId: 7 })],
  // @ts-expect-error: a string for a number
  ["limit", () => Boards.list({ limit: "50" })],
  // @ts-expect-error: a string for a coordinate
  ["position.x", () => Items.move({ boardId: "b", itemId: "1", position: { x: "1" } })],
  // @ts-expect-error: null where Miro takes none
  ["name", () => Boards.create({ name: null })],
  // @ts-expect-error: a field of the response
  ["id", () => StickyNotes.create({ boardId: "b", id: "1" })]
]

describe("what is refused", () => {
  it.effect.each(refused)("by the compiler is refused by the encoder too: %s", ([path, call]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(call(), "InvalidInput")
      assert.include(
        reason.issues.map((issue) => issue.path.join(".")),
        path
      )
    }).pipe(http.replying())
  )

  it("by the compiler are writes to a value, and reads of a field that it does not have", () => {
    const misused = (board: Board) => {
      // @ts-expect-error: values are read-only
      board.name = "x"
      // @ts-expect-error: there is no such field
      return board.nmae
    }
    assert.isFunction(misused)
  })
})

describe("an operation of the user's own", () => {
  const get = Operation.make({
    id: "get-diagram",
    name: "Diagrams.get",
    method: "GET",
    path: "/v2/boards/{boardId}/diagrams/{diagramId}",
    level: 1,
    query: Schema.Struct({ format: Schema.optional(Schema.String) }),
    success: Schema.Struct({ id: Schema.String, size: Schema.optionalKey(Schema.Number) })
  })
  const list = Operation.list({
    id: "get-diagrams",
    name: "Diagrams.list",
    method: "GET",
    path: "/v2/boards/{boardId}/diagrams",
    query: Schema.Struct({ limit: Schema.optional(Schema.Int), cursor: Schema.optional(Schema.String) }),
    success: Schema.Struct({
      data: Schema.Array(Schema.Struct({ id: Schema.String })),
      cursor: Schema.optionalKey(Schema.String)
    }),
    pagination: Pagination.cursor({ maximum: 20 })
  })

  it.effect("is typed and works as those of this package", () =>
    Effect.gen(function* () {
      assert.isTrue(
        same<
          Parameters<typeof get>,
          [input: { readonly boardId: string; readonly diagramId: string; readonly format?: string | undefined }]
        >(true)
      )
      const diagram = yield* get({ boardId: "b=", diagramId: "1", format: "svg" })
      assert.deepStrictEqual(diagram, { id: "7" })
      const ids = yield* Stream.runCollect(list.items({ boardId: "b" }))
      assert.deepStrictEqual(
        ids.map(({ id }) => id),
        ["1", "2"]
      )
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ path, query }) => [path, query]),
        [
          ["/v2/boards/b%3D/diagrams/1", { format: "svg" }],
          ["/v2/boards/b/diagrams", { limit: "20" }],
          ["/v2/boards/b/diagrams", { limit: "20", cursor: "c" }]
        ]
      )
    }).pipe(
      http.replying(
        http.json({ id: 7, size: null }),
        http.json({ data: [{ id: 1 }], cursor: "c" }),
        http.json({ data: [{ id: 2 }] })
      )
    )
  )
})
