/** A program against handlers of the operations that it calls: no HTTP, and no state. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Boards, MiroError, StickyNotes } from "effect-miro"
import { MiroTest } from "effect-miro/sandbox"

/** The program: a note on a board, or on a new one if that is gone. */
const remind = (boardId: string, content: string) =>
  Boards.get({ boardId }).pipe(
    Effect.catchReason("MiroError", "NotFound", () => Boards.create({ name: "Reminders" })),
    Effect.flatMap((board) => StickyNotes.create({ boardId: board.id, data: { content } }))
  )

const anId = "3458764517517819000"

it.effect("the note goes to a new board if there is none", () =>
  Effect.gen(function* () {
    yield* remind("gone", "Water the plants")
    assert.deepStrictEqual(
      (yield* MiroTest.calls).map(({ operation }) => operation),
      ["Boards.get", "Boards.create", "StickyNotes.create"]
    )
  }).pipe(
    Effect.provide(
      MiroTest.layer(
        MiroTest.on(Boards.get, () => new MiroError.NotFound({ status: 404, message: "gone" })),
        MiroTest.on(Boards.create, ({ name = "" }) => Effect.succeed({ id: "new", name, type: "board" })),
        MiroTest.on(StickyNotes.create, ({ boardId }) => {
          assert.strictEqual(boardId, "new")
          return Effect.succeed({ id: anId, type: "sticky_note" })
        })
      )
    )
  )
)
