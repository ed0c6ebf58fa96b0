/** What the sandbox says happened in it, through the package's own operations. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Redacted, Stream } from "effect"
import {
  AiInteractionLogs,
  AuditLogs,
  Boards,
  ContentLogs,
  Items,
  MiroClient,
  StickyNotes,
  Tags,
  Teams
} from "effect-miro"
import { TestClock } from "effect/testing"
import { layerHttpClient } from "./documented.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provide(layerHttpClient))

const strictly = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  self.pipe(Effect.provideService(MiroClient.Strict, true), Effect.provide(Miro))

const orgId = "3074457346704692800"
const from = DateTime.makeUnsafe("1970-01-01T00:00:00Z")
const to = DateTime.makeUnsafe("1970-01-01T01:00:00Z")

describe("audit logs", () => {
  it.effect("tell who changed what, and when", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Retro" })
      yield* TestClock.adjust("10 minutes")
      yield* Boards.get({ boardId })
      yield* Teams.create({ orgId, name: "Design" })
      yield* Effect.flip(Boards.delete({ boardId: "unknown" }))
      yield* Boards.delete({ boardId })
      const window = { createdAfter: from, createdBefore: to }
      const events = yield* Stream.runCollect(AuditLogs.list.items({ ...window, limit: 2 }))
      assert.deepStrictEqual(
        events.map(({ event }) => event),
        ["board_created", "team_created", "board_deleted"]
      )
      const [created, , deleted] = events
      assert.strictEqual(created?.object?.id, boardId)
      assert.strictEqual(deleted?.object?.id, boardId)
      assert.strictEqual(created?.createdBy?.name, "Sandbox User")
      assert.strictEqual(DateTime.toEpochMillis(deleted?.createdAt ?? from), 600_000)
      const down = yield* Stream.runCollect(AuditLogs.list.items({ ...window, sorting: "DESC", limit: 1 }))
      assert.deepStrictEqual(down, events.toReversed())
      const later = { createdAfter: DateTime.makeUnsafe(1000), createdBefore: to }
      assert.strictEqual(yield* Stream.runCount(AuditLogs.list.items(later)), 2)
    }).pipe(strictly)
  )
})

describe("content logs", () => {
  it.effect("have each item that was created, changed and deleted, of the boards that are asked for", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Retro" })
      const other = yield* Boards.create({ name: "Other" })
      const note = yield* StickyNotes.create({ boardId, data: { content: "One" } })
      yield* StickyNotes.update({ boardId, itemId: note.id, data: { content: "Two" } })
      yield* Items.createBulk({
        boardId,
        items: [
          { type: "text", data: { content: "A" } },
          { type: "text", data: { content: "B" } }
        ]
      })
      yield* StickyNotes.create({ boardId: other.id, data: { content: "Elsewhere" } })
      yield* StickyNotes.delete({ boardId, itemId: note.id })
      const logs = yield* Stream.runCollect(ContentLogs.list.items({ orgId, from, to, boardIds: [boardId] }))
      assert.deepStrictEqual(
        logs.map(({ actionType }) => actionType),
        ["create", "update", "create", "create", "delete"]
      )
      assert.deepStrictEqual([logs[0]?.itemId, logs[1]?.itemId, logs[4]?.itemId], [note.id, note.id, note.id])
      assert.nestedInclude(logs[1], { "state.data.content": "Two" })
      const tag = { boardId: other.id, tagId: (yield* Tags.create({ boardId: other.id, title: "Later" })).id }
      const tagged = { ...tag, itemId: (yield* StickyNotes.create({ boardId: other.id })).id }
      yield* Tags.attach(tagged)
      yield* Tags.detach(tagged)
      const others = yield* Stream.runCollect(ContentLogs.list.items({ orgId, from, to, boardIds: [other.id] }))
      assert.deepStrictEqual(
        others.map(({ actionType }) => actionType),
        ["create", "create", "update", "update"]
      )
      assert.nestedInclude(others[3], { itemId: tagged.itemId, "state.id": tagged.itemId })
      const nobody = ContentLogs.list.items({ orgId, from, to, emails: ["nobody@example.com"] })
      assert.strictEqual(yield* Stream.runCount(nobody), 0)
      assert.strictEqual(yield* Stream.runCount(AiInteractionLogs.list.items({ orgId, from, to })), 0)
    }).pipe(strictly)
  )
})
