import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { Cards, Items, MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { fromTemplate } from "../../examples/jobs/filling.ts"
import { sync } from "../../examples/jobs/syncing.ts"
import { textOf } from "../../examples/shared/html.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provideMerge(MiroSandbox.layerHttpClient))

const seeded = (items: MiroSandbox.SeedBoard["items"] = []) =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    yield* sandbox.reset
    const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Board", items }] })
    return boardId
  })

const textsOn = Effect.fn(function* (boardId: string) {
  const items = yield* Stream.runCollect(Items.list.items({ boardId }))
  return items.map((item) => {
    switch (item.type) {
      case "card":
        return item.data?.title
      case "text":
      case "shape":
      case "sticky_note":
        return item.data?.content
      default:
        return item.type
    }
  })
})

layer(Miro)("jobs", (it) => {
  it.effect("a template is copied and filled in, and says what was not given", () =>
    Effect.gen(function* () {
      const template = yield* seeded([
        { type: "text", data: { content: "Hello {{team}}" } },
        { type: "sticky_note", data: { content: "Sprint {{ sprint }} of {{team}}" } },
        { type: "shape", data: { shape: "circle", content: "{{unknown}}" } }
      ])
      const { board, missing } = yield* fromTemplate(template, "Retro", { team: "R&D <b>", sprint: "47" })
      assert.deepStrictEqual(missing, ["unknown"])
      const texts = (yield* textsOn(board.id)).join()
      assert.include(texts, "Hello R&amp;D &lt;b&gt;")
      assert.include(texts, "Sprint 47 of R&amp;D")
      assert.include((yield* textsOn(template)).join(), "Hello {{team}}")
    })
  )

  it.effect("a list becomes cards, and a second run changes nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const boardId = yield* seeded()
      const entries = Array.from({ length: 45 }, (_, index) => ({ key: `APP-${index}`, title: `Issue ${index}` }))
      assert.deepStrictEqual(yield* sync(boardId, entries), { created: 45, renamed: 0, removed: 0 })
      yield* sandbox.clearLedger
      assert.deepStrictEqual(yield* sync(boardId, entries), { created: 0, renamed: 0, removed: 0 })
      assert.isTrue((yield* sandbox.ledger).every(({ method }) => method === "GET"))
    })
  )

  it.effect("a second run changes nothing either where titles look like markup", () =>
    Effect.gen(function* () {
      const boardId = yield* seeded()
      const entries = [
        { key: "A", title: 'Say "1 < 2 && 3 > 2" in <b>bold</b>' },
        { key: "B", title: "" }
      ]
      yield* sync(boardId, entries)
      assert.deepStrictEqual(yield* sync(boardId, entries), { created: 0, renamed: 0, removed: 0 })
      assert.deepStrictEqual(
        (yield* textsOn(boardId)).map((title = "") => textOf(title)),
        [`[A] ${entries[0]?.title}`, "[B]"]
      )
    })
  )

  it.effect.each(["", "A]B"])("an entry with the key %j is refused, since its card would not be found again", (key) =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const boardId = yield* seeded()
      yield* sandbox.clearLedger
      const error = yield* Effect.flip(sync(boardId, [{ key, title: "One" }]))
      assert.strictEqual(error._tag, "KeyError")
      assert.deepStrictEqual(yield* sandbox.ledger, [])
    })
  )

  it.effect("what has changed is changed, and the cards of others stay", () =>
    Effect.gen(function* () {
      const boardId = yield* seeded()
      yield* Cards.create({ boardId, data: { title: "My own card" } })
      yield* sync(boardId, [
        { key: "A", title: "One" },
        { key: "B", title: "Two" }
      ])
      const changes = yield* sync(boardId, [
        { key: "B", title: "Two, again" },
        { key: "C", title: "Three" }
      ])
      assert.deepStrictEqual(changes, { created: 1, renamed: 1, removed: 1 })
      assert.sameMembers(yield* textsOn(boardId), ["My own card", "[B] Two, again", "[C] Three"])
    })
  )
})
