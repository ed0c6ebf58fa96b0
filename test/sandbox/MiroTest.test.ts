import { assert, describe, it } from "@effect/vitest"
import { Context, DateTime, Effect, Layer, Stream } from "effect"
import {
  Boards,
  Documents,
  Images,
  Items,
  MiroError,
  Retry,
  ScimUsers,
  StickyNotes,
  Tags,
  type MiroClient
} from "effect-miro"
import { MiroTest } from "effect-miro/sandbox"
import { failsWith } from "../support/http.ts"

const boardId = "uXjVOfjmfkE="
const board = { id: boardId, name: "Retro", type: "board" }

describe("MiroTest", () => {
  it.effect("gives a call the value of its handler, and remembers it", () =>
    Effect.gen(function* () {
      const createdAt = DateTime.makeUnsafe("2026-05-20T06:38:21Z")
      const Miro = MiroTest.layer(
        MiroTest.on(Boards.get, ({ boardId }) => Effect.succeed({ ...board, id: boardId, createdAt })),
        MiroTest.on(StickyNotes.delete, () => Effect.void)
      )
      yield* Effect.gen(function* () {
        const found = yield* Boards.get({ boardId: "b" })
        assert.deepStrictEqual(found, { ...board, id: "b", createdAt })
        yield* StickyNotes.delete({ boardId, itemId: "1" })
        assert.deepStrictEqual(yield* MiroTest.calls, [
          { operation: "Boards.get", input: { boardId: "b" } },
          { operation: "StickyNotes.delete", input: { boardId, itemId: "1" } }
        ])
      }).pipe(Effect.provide(Miro))
    })
  )

  it.effect("pages through a list", () =>
    Effect.gen(function* () {
      const ids = yield* Items.list.items({ boardId }).pipe(
        Stream.map(({ id }) => id),
        Stream.runCollect
      )
      assert.deepStrictEqual(ids, ["1", "2"])
    }).pipe(
      Effect.provide(
        MiroTest.layer(
          MiroTest.on(Items.list, ({ cursor }) =>
            Effect.succeed(
              cursor === undefined
                ? { data: [{ id: "1", type: "text" as const }], cursor: "next" }
                : { data: [{ id: "2", type: "text" as const }] }
            )
          )
        )
      )
    )
  )

  it.effect("gives a download the bytes of its handler, or its failure, and checks the input", () =>
    Effect.gen(function* () {
      const input = { boardId, itemId: "1", format: "preview" } as const
      const { bytes, contentType } = yield* Images.download(input)
      assert.deepStrictEqual(yield* Stream.mkUint8Array(bytes), new Uint8Array([1, 2]))
      assert.strictEqual(contentType, "image/png")
      const { message } = yield* failsWith(Documents.download({ boardId, itemId: "1" }), "NotFound")
      assert.include(message, "Documents.download")
      yield* failsWith(Images.download({ boardId, itemId: "" }), "InvalidInput")
      assert.deepStrictEqual(yield* MiroTest.calls, [
        { operation: "Images.download", input },
        { operation: "Documents.download", input: { boardId, itemId: "1" } }
      ])
    }).pipe(
      Effect.scoped,
      Effect.provide(
        MiroTest.layer(
          MiroTest.on(Images.download, ({ format }) =>
            Effect.succeed({
              contentType: format === "preview" ? "image/png" : undefined,
              length: 2,
              bytes: Stream.make(new Uint8Array([1, 2]))
            })
          ),
          MiroTest.on(Documents.download, () => new MiroError.NotFound({ status: 404, message: "gone" }))
        )
      )
    )
  )

  it.effect("fails a call for the reason that its handler gives, once", () =>
    Effect.gen(function* () {
      const { message } = yield* failsWith(Boards.get({ boardId }), "ServerError")
      assert.include(message, "Boards.get")
      assert.lengthOf(yield* MiroTest.calls, 1)
    }).pipe(
      Retry.provide(Retry.policy()),
      Effect.provide(
        MiroTest.layer(
          MiroTest.on(Boards.get, () => Effect.fail(new MiroError.ServerError({ status: 503, message: "down" })))
        )
      )
    )
  )

  it.effect("refuses a wrong input before its handler sees it", () =>
    Effect.gen(function* () {
      yield* failsWith(Boards.get({ boardId: "" }), "InvalidInput")
      assert.deepStrictEqual(yield* MiroTest.calls, [])
    }).pipe(Effect.provide(MiroTest.layer(MiroTest.on(Boards.get, () => Effect.succeed(board)))))
  )

  it.effect("refuses a file that cannot be read, too", () =>
    Effect.gen(function* () {
      const resource = { content: Stream.fail("no such file"), filename: "a.png" }
      const { reason } = yield* failsWith(Images.createFromFile({ boardId, resource }), "InvalidInput")
      assert.include(reason.message, "resource: cannot be read: no such file")
      assert.deepStrictEqual(yield* MiroTest.calls, [])
    }).pipe(Effect.provide(MiroTest.layer(MiroTest.on(Images.createFromFile, () => Effect.die("not asked for")))))
  )

  it.effect("refuses a value that the operation could not give", () =>
    Effect.gen(function* () {
      const { reason } = yield* failsWith(Boards.get({ boardId }), "InvalidResponse")
      assert.deepStrictEqual(
        reason.issues.map(({ path }) => path),
        [["name"]]
      )
    }).pipe(
      Effect.provide(MiroTest.layer(MiroTest.on(Boards.get, () => Effect.succeed({ ...board, name: 7 } as never))))
    )
  )

  it.effect("names an operation that has no handler", () =>
    Effect.gen(function* () {
      const { reason } = yield* failsWith(Tags.create({ boardId, title: "Urgent" }), "InvalidInput")
      assert.include(reason.message, "MiroTest.on(Tags.create, ...)")
      assert.deepStrictEqual(yield* MiroTest.calls, [{ operation: "Tags.create", input: { boardId, title: "Urgent" } }])
    }).pipe(Effect.provide(MiroTest.layer()))
  )

  it.effect("handles SCIM too, with handlers that need something", () => {
    class Names extends Context.Service<Names, ReadonlyArray<string>>()("test/Names") {}
    return Effect.gen(function* () {
      const names = yield* ScimUsers.list.items().pipe(
        Stream.map(({ userName }) => userName),
        Stream.runCollect
      )
      assert.deepStrictEqual(names, ["anna", "bo"])
    }).pipe(
      Effect.provide(
        MiroTest.layer(
          MiroTest.on(ScimUsers.list, () =>
            Names.use((names) =>
              Effect.succeed({
                totalResults: names.length,
                Resources: names.map((userName) => ({ id: userName, userName, schemas: [] }))
              })
            )
          )
        ).pipe(Layer.provide(Layer.succeed(Names, ["anna", "bo"])))
      )
    )
  })

  it("is typed by the operations", () => {
    // Compiled only.
    const handlers = (): ReadonlyArray<MiroTest.Handler> => [
      // @ts-expect-error a board has a name
      MiroTest.on(Boards.get, () => Effect.succeed({ id: "b", type: "board" })),
      // @ts-expect-error the input has no such field
      MiroTest.on(Boards.get, ({ id }) => Effect.succeed({ ...board, id }))
    ]
    const miro: Layer.Layer<MiroClient.MiroClient | MiroTest.MiroTest> = MiroTest.layer()
    assert.isFunction(handlers)
    assert.isTrue(Layer.isLayer(miro))
  })
})
