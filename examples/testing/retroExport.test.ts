/** A program that reads, against boards that were there before it. */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { MiroClient, StickyNotes, Tags } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { toMarkdown } from "./retroExport.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provideMerge(MiroSandbox.layerHttpClient))

const aRetro = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  yield* sandbox.reset
  const [boardId = ""] = yield* sandbox.seed({ boards: [{ name: "Retro" }] })
  const tag = yield* Tags.create({ boardId, title: "Keep" })
  const kept = yield* StickyNotes.create({ boardId, data: { content: "<p>Pair <b>programming</b></p>" } })
  yield* Tags.attach({ boardId, itemId: kept.id, tagId: tag.id })
  yield* StickyNotes.create({ boardId, data: { content: "Cake" } })
  return boardId
})

layer(Miro)("toMarkdown", (it) => {
  it.effect("groups notes by their tags, and keeps those without one", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* toMarkdown(yield* aRetro),
        ["## Keep", "", "- Pair programming", "", "## Other", "", "- Cake"].join("\n")
      )
    })
  )

  it.effect("reads notes of all pages", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const items = Array.from({ length: 120 }, (_, index) => ({
        type: "sticky_note" as const,
        data: { content: `note ${index}` }
      }))
      const [boardId = ""] = yield* sandbox.seed({ boards: [{ items }] })
      assert.strictEqual((yield* toMarkdown(boardId)).split("\n- ").length - 1, 120)
    })
  )
})
