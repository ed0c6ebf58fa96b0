import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  AiInteractionLogs,
  BoardExports,
  BoardMembers,
  Boards,
  CodeWidgets,
  Connectors,
  ContentLogs,
  Documents,
  Embeds,
  FlowchartShapes,
  Groups,
  Images,
  Items,
  LegalHolds,
  type MiroClient,
  type MiroError,
  OrganizationMembers,
  Projects,
  Shapes,
  StickyNotes,
  Tags,
  Teams,
  Texts,
  UserGroupMembers,
  UserGroups
} from "effect-miro"
import * as http from "../support/http.ts"
import { sandboxed } from "../support/sandbox.ts"

type Call = Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>

const times = <A>(count: number, value: A): Array<A> => Array.from({ length: count }, () => value)

const period = { orgId: "1", from: new Date(0), to: new Date(1) }
const ends = { boardId: "b", startItem: { id: "1" }, endItem: { id: "2" } }
const group = { orgId: "1", groupId: "2" }

// What looks like one character may be two units of UTF-16, which Miro may not count.
const emoji = (count: number) => "😀".repeat(count)

/** The place, how many there may be, and the call with so many. */
type Limit = readonly [path: string, limits: readonly [least: number, most: number], call: (count: number) => Call]

const limits: ReadonlyArray<Limit> = [
  ["name", [1, 60], (count) => Boards.create({ name: emoji(count) })],
  ["name", [1, 60], (count) => Boards.update({ boardId: "b", name: "n".repeat(count) })],
  ["name", [1, 60], (count) => Boards.copy({ copyFrom: "b", name: "n".repeat(count) })],
  ["description", [0, 300], (count) => Boards.update({ boardId: "b", description: "d".repeat(count) })],
  ["query", [1, 500], (count) => Boards.list({ query: "q".repeat(count) })],
  ["limit", [1, 50], (count) => Boards.list({ limit: count })],
  ["limit", [10, 50], (count) => Items.list({ boardId: "b", limit: count })],
  ["limit", [1, 1000], (count) => ContentLogs.list({ ...period, limit: count })],
  ["emails", [1, 20], (count) => BoardMembers.invite({ boardId: "b", emails: times(count, "a@example.com") })],
  ["title", [0, 120], (count) => Tags.create({ boardId: "b", title: emoji(count) })],
  ["title", [0, 120], (count) => Tags.update({ boardId: "b", tagId: "1", title: "t".repeat(count) })],
  ["data.items", [2, Infinity], (count) => Groups.create({ boardId: "b", data: { items: times(count, "1") } })],
  ["captions", [0, 20], (count) => Connectors.create({ ...ends, captions: times(count, { content: "c" }) })],
  [
    "captions.0.content",
    [0, 200],
    // Markup is not counted, as nobody says that Miro counts it.
    (count) => Connectors.create({ ...ends, captions: [{ content: `<p>${"&amp;".repeat(count)}</p>` }] })
  ],
  ["style.strokeWidth", [1, 24], (count) => Connectors.create({ ...ends, style: { strokeWidth: `${count}.0` } })],
  ["style.fontSize", [10, 288], (count) => Shapes.create({ boardId: "b", style: { fontSize: String(count) } })],
  [
    "style.fillOpacity",
    [0, 1],
    (count) => FlowchartShapes.create({ boardId: "b", style: { fillOpacity: `${count}` } })
  ],
  [
    "style.fontSize",
    [1, Infinity],
    (count) => Texts.update({ boardId: "b", itemId: "1", style: { fontSize: `${count}` } })
  ],
  [
    "items.0.style.borderWidth",
    [1, 24],
    (count) => Items.createBulk({ boardId: "b", items: [{ type: "shape", style: { borderWidth: `${count}` } }] })
  ],
  ["data.code", [0, 6000], (count) => CodeWidgets.create({ boardId: "b", data: { code: "c".repeat(count) } })],
  ["data.title", [0, 100], (count) => CodeWidgets.create({ boardId: "b", data: { title: "c".repeat(count) } })],
  ["name", [1, 60], (count) => Teams.create({ orgId: "1", name: "n".repeat(count) })],
  ["name", [1, 60], (count) => Projects.create({ orgId: "1", teamId: "2", name: "n".repeat(count) })],
  ["name", [1, 60], (count) => UserGroups.create({ orgId: "1", name: "n".repeat(count) })],
  ["description", [0, 300], (count) => UserGroups.update({ ...group, description: "d".repeat(count) })],
  [
    "boardIds",
    [1, 1000],
    (count) => BoardExports.createJob({ orgId: "1", requestId: "r", boardIds: times(count, "b") })
  ],
  ["boardIds", [1, 15], (count) => ContentLogs.list({ ...period, boardIds: times(count, "b") })],
  ["emails", [1, 15], (count) => AiInteractionLogs.list({ ...period, emails: times(count, "a@example.com") })],
  ["emails", [1, 10], (count) => OrganizationMembers.list({ orgId: "1", emails: times(count, "a@example.com") })],
  [
    "scope.users",
    [0, 200],
    (count) =>
      LegalHolds.create({
        orgId: "1",
        caseId: "2",
        name: "n",
        scope: { users: times(count, { email: "a@example.com" }) }
      })
  ],
  [
    "",
    [0, 500],
    (count) =>
      UserGroupMembers.addAndRemove({ ...group, membersToAdd: times(count - 1, "1"), membersToRemove: times(1, "2") })
  ]
]

describe("what Miro has a limit for", () => {
  it.effect.each(limits)(
    "is refused before the wire when there is more of it, at %j: %j",
    ([path, [least, most], call]) =>
      Effect.gen(function* () {
        const wire = yield* http.Wire
        const outside = [...(least > 0 ? [least - 1] : []), ...(most < Infinity ? [most + 1] : [])]
        for (const count of outside) {
          const { reason } = yield* http.failsWith(call(count), "InvalidInput")
          assert.deepStrictEqual(
            reason.issues.map(({ path }) => path.join(".")),
            [path]
          )
        }
        assert.deepStrictEqual(wire.sent, [])
        for (const count of [Math.max(least, 1), Math.min(most, 700)]) yield* Effect.ignore(call(count))
        assert.strictEqual(wire.sent.length, 2)
      }).pipe(http.always(http.json({})))
  )

  it.effect("is refused of the end of a connector: a position and a side", () =>
    Effect.gen(function* () {
      const end = { id: "3", snapTo: "top", position: { x: "0%", y: "0%" } } as const
      const refused: ReadonlyArray<readonly [path: string, call: Call]> = [
        ["endItem", Connectors.create({ ...ends, endItem: end })],
        ["startItem", Connectors.update({ boardId: "b", connectorId: "1", startItem: end })]
      ]
      for (const [path, call] of refused) {
        const { reason } = yield* http.failsWith(call, "InvalidInput")
        assert.deepStrictEqual(
          reason.issues.map(({ message, path }) => [path.join("."), message]),
          [[path, "Expected a position or a snapTo, not both"]]
        )
      }
      assert.deepStrictEqual((yield* http.Wire).sent, [])
      yield* Effect.ignore(Connectors.create({ ...ends, endItem: { id: "3", snapTo: "top" } }))
      assert.strictEqual((yield* http.Wire).sent.length, 1)
    }).pipe(http.always(http.json({})))
  )

  it.effect("is refused of an item with fixed proportions: a width and a height", () =>
    Effect.gen(function* () {
      const geometry = { width: 100, height: 100 }
      const data = { url: "https://example.com/a" }
      const resource = { content: new Uint8Array(1), filename: "a.png" }
      const refused: ReadonlyArray<readonly [path: string, call: Call]> = [
        ["geometry", StickyNotes.create({ boardId: "b", geometry })],
        ["geometry", StickyNotes.update({ boardId: "b", itemId: "1", geometry })],
        ["geometry", Embeds.create({ boardId: "b", data, geometry })],
        ["geometry", Images.create({ boardId: "b", data, geometry })],
        ["geometry", Documents.update({ boardId: "b", itemId: "1", geometry })],
        ["data.geometry", Documents.createFromFile({ boardId: "b", resource, data: { geometry } })],
        ["items.0.geometry", Items.createBulk({ boardId: "b", items: [{ type: "sticky_note", geometry }] })]
      ]
      for (const [path, call] of refused) {
        const { reason } = yield* http.failsWith(call, "InvalidInput")
        assert.deepStrictEqual(
          reason.issues.map(({ message, path }) => [path.join("."), message]),
          [[path, "Expected a width or a height, not both"]]
        )
      }
      assert.deepStrictEqual((yield* http.Wire).sent, [])
      yield* Effect.ignore(StickyNotes.create({ boardId: "b", geometry: { width: 100 } }))
      yield* Effect.ignore(Shapes.create({ boardId: "b", geometry }))
      assert.strictEqual((yield* http.Wire).sent.length, 2)
    }).pipe(http.always(http.json({})))
  )

  it.effect("is named by the error", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(
        BoardMembers.invite({ boardId: "b", emails: times(21, "a@example.com") }),
        "InvalidInput"
      )
      assert.strictEqual(reason.message, "invalid input: emails: Expected 1 to 20 elements")
    }).pipe(http.replying())
  )

  it.effect("is not looked at where Miro may see it otherwise", () =>
    Effect.gen(function* () {
      yield* Effect.ignore(Shapes.create({ boardId: "b", style: { fontSize: "large", fillOpacity: "" } }))
      yield* Effect.ignore(Connectors.create({ ...ends, startItem: { id: "1", position: { x: "150%", y: "0%" } } }))
      yield* Effect.ignore(Connectors.create({ ...ends, startItem: { id: "1", position: { x: "middle" } } }))
      assert.strictEqual((yield* http.Wire).sent.length, 2)
    }).pipe(http.always(http.json({})))
  )

  it.effect("takes no longer to look at for what somebody makes up to hold a process", () =>
    Effect.gen(function* () {
      const began = performance.now()
      yield* Effect.ignore(Connectors.create({ ...ends, captions: [{ content: "<".repeat(100_000) }] }))
      yield* Effect.ignore(
        Connectors.create({ ...ends, startItem: { id: "1", position: { x: `${"1".repeat(100_000)}x%` } } })
      )
      yield* Effect.ignore(Shapes.create({ boardId: "b", style: { fontSize: `${"1".repeat(100_000)}x` } }))
      assert.isBelow(performance.now() - began, 5_000)
    }).pipe(http.always(http.json({})))
  )

  it.effect("is the same for the sandbox", () =>
    Effect.gen(function* () {
      const board = yield* Boards.create({ name: emoji(60), description: emoji(300) })
      assert.strictEqual(board.name, emoji(60))
    }).pipe(sandboxed())
  )

  it.effect("is none for what Miro sends", () =>
    Effect.gen(function* () {
      const shape = yield* Shapes.get({ boardId: "b", itemId: "1" })
      assert.strictEqual(shape.style?.fontSize, "5")
      const tag = yield* Tags.get({ boardId: "b", tagId: "1" })
      assert.strictEqual(tag.title.length, 300)
    }).pipe(
      http.replying(
        http.json({ id: "1", type: "shape", style: { fontSize: "5" } }),
        http.json({ id: "1", type: "tag", title: "t".repeat(300), fillColor: "red" })
      )
    )
  )

  it.effect("or a list that is one text on the wire has room for no comma", () =>
    Effect.gen(function* () {
      yield* http.failsWith(
        OrganizationMembers.list({ orgId: "1", emails: ["a@example.com,b@example.com"] }),
        "InvalidInput"
      )
    }).pipe(http.replying())
  )
})
