/** What the sandbox does of the experimental API, and of files, through the package's own operations. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Redacted, Stream } from "effect"
import { AppMetrics, Boards, Documents, Images, Items, MindMapNodes, MiroClient } from "effect-miro"
import { TestClock } from "effect/testing"
import { MiroSandbox } from "effect-miro/sandbox"
import { layerHttpClient } from "./documented.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provideMerge(layerHttpClient))

const strictly = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  self.pipe(Effect.provideService(MiroClient.Strict, true), Effect.provide(Miro), Effect.scoped)

const isRefused = <A, E extends { readonly reason: { readonly _tag: string } }, R>(
  call: Effect.Effect<A, E, R>,
  tag = "NotFound"
) => Effect.map(Effect.flip(call), ({ reason }) => assert.strictEqual(reason._tag, tag))

const node = (content: string) => ({ data: { nodeView: { data: { type: "text" as const, content } } } })

describe("a mind map", () => {
  it.effect("has branches, which go with the node that they grow from", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Ideas" })
      const root = yield* MindMapNodes.create({ boardId, ...node("Root") })
      const branch = yield* MindMapNodes.create({ boardId, ...node("Branch"), parent: { id: root.id } })
      yield* MindMapNodes.create({ boardId, ...node("Leaf"), parent: { id: branch.id } })
      const other = yield* MindMapNodes.create({ boardId, ...node("Other") })
      assert.strictEqual(root.data?.isRoot, true)
      const read = yield* MindMapNodes.get({ boardId, itemId: branch.id })
      assert.strictEqual(read.data?.nodeView?.data?.content, "Branch")
      assert.strictEqual(read.parent?.id, root.id)
      const copied = yield* Boards.copy({ copyFrom: boardId })
      const nodes = yield* Stream.runCollect(MindMapNodes.list.items({ boardId: copied.id }))
      assert.strictEqual(nodes[1]?.parent?.id, nodes[0]?.id)
      assert.notInclude(
        nodes.map(({ id }) => id),
        root.id
      )
      yield* MindMapNodes.delete({ boardId, itemId: root.id })
      const left = yield* Stream.runCollect(MindMapNodes.list.items({ boardId }))
      assert.deepStrictEqual(
        left.map(({ id }) => id),
        [other.id]
      )
      yield* isRefused(MindMapNodes.create({ boardId, ...node("Lost"), parent: { id: root.id } }))
      yield* isRefused(MindMapNodes.get({ boardId, itemId: branch.id }))
    }).pipe(strictly)
  )
})

describe("the metrics of an app", () => {
  it.effect("count the users who authorized it, in the period of now", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(DateTime.toEpochMillis(DateTime.makeUnsafe("2026-05-20T12:00:00Z")))
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.issueTokens({ userId: "1" })
      yield* sandbox.issueTokens({ userId: "2" })
      const days = { appId: "7", startDate: "2026-05-19", endDate: "2026-05-21", period: "DAY" } as const
      const metrics = yield* AppMetrics.list(days)
      assert.deepStrictEqual(
        metrics.map(({ periodStart, uniqueUsers }) => [periodStart, uniqueUsers]),
        [
          ["2026-05-19", 0],
          ["2026-05-20", 2],
          ["2026-05-21", 0]
        ]
      )
      yield* sandbox.revokeGrants
      assert.deepInclude(yield* AppMetrics.getTotal({ appId: "7" }), { installations: 2, uninstallations: 2 })
      yield* isRefused(AppMetrics.list({ ...days, endDate: "2026-05-01" }), "InvalidRequest")
    }).pipe(strictly)
  )
})

describe("images and documents", () => {
  const file = (name: string) => ({ content: new TextEncoder().encode(name), filename: name })

  it.effect("are made of several files at once, all or none", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Files" })
      const created = yield* Items.createBulkFromFiles({
        boardId,
        data: [{ type: "image", title: "One" }, { type: "document" }],
        resources: [file("one.png"), file("two.pdf")]
      })
      const [image, document] = created.data ?? []
      assert.deepStrictEqual([image?.type, document?.type], ["image", "document"])
      const { bytes } = yield* Documents.download({ boardId, itemId: document?.id ?? "" })
      assert.strictEqual(yield* Stream.mkString(Stream.decodeText(bytes)), "two.pdf")
      const refused = Items.createBulkFromFiles({
        boardId,
        data: [{ type: "image" }, { type: "document", parent: { id: "7" } }],
        resources: [file("one.png"), file("two.pdf")]
      })
      yield* isRefused(refused, "InvalidRequest")
      assert.strictEqual(yield* Stream.runCount(Items.list.items({ boardId })), 2)
    }).pipe(strictly)
  )

  it.effect("are made of a URL, and have a text that says where it leads", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Files" })
      const url = "https://example.com/a.png"
      const { id: itemId } = yield* Images.create({ boardId, data: { url, title: "One" } })
      const { bytes } = yield* Images.download({ boardId, itemId })
      assert.strictEqual(yield* Stream.mkString(Stream.decodeText(bytes)), url)
      const changed = yield* Images.update({ boardId, itemId, data: { title: "Two" }, position: { x: 5, y: 6 } })
      assert.strictEqual(changed.data?.title, "Two")
      assert.deepInclude(changed.position, { x: 5, y: 6 })
      assert.notProperty(changed.data, "url")
    }).pipe(strictly)
  )
})
