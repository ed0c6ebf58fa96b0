import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Stream } from "effect"
import * as fc from "fast-check"
import {
  AppCards,
  AppMetrics,
  Boards,
  Cards,
  ContentLogs,
  DataClassification,
  Groups,
  Images,
  Items,
  type MiroClient,
  type MiroError,
  OrganizationMembers,
  StickyNotes,
  Tags,
  Tokens,
  UserGroups
} from "effect-miro"
import * as http from "../../support/http.ts"
import * as payloads from "../../support/payloads.ts"
import { forAll } from "../../support/property.ts"
import { sandboxed } from "../../support/sandbox.ts"

type Call = Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>

/** Calls an operation as JavaScript does, with whatever there is. */
const untyped = (operation: (input: never) => Call, input: unknown): Call => operation(input as never)

const ids = { boardId: "b", itemId: "1" }

const period = { from: DateTime.makeUnsafe(0), to: DateTime.makeUnsafe(1) }

const sticky = http.always(http.json(payloads.stickyNote))
const board = http.always(http.json(payloads.board))

describe("a body", () => {
  const cases: ReadonlyArray<readonly [name: string, call: Call, body: string]> = [
    ["nothing", Boards.create(), "{}"],
    ["an empty input", Boards.create({}), "{}"],
    ["a name", Boards.create({ name: "Retro" }), '{"name":"Retro"}'],
    ["a description that is empty", Boards.create({ description: "" }), '{"description":""}'],
    [
      "fields that are undefined",
      Boards.create({ name: "Retro", description: undefined, policy: { sharingPolicy: undefined } }),
      '{"name":"Retro","policy":{}}'
    ],
    ["a description to change", Boards.update({ boardId: "b", description: "d" }), '{"description":"d"}'],
    [
      "one policy to change",
      Boards.update({ boardId: "b", policy: { sharingPolicy: { teamAccess: "view" } } }),
      '{"policy":{"sharingPolicy":{"teamAccess":"view"}}}'
    ],
    [
      "a policy that we do not know",
      Boards.update({ boardId: "b", policy: { sharingPolicy: { teamAccess: "admire" } } }),
      '{"policy":{"sharingPolicy":{"teamAccess":"admire"}}}'
    ],
    ["the name of a copy beside the query", Boards.copy({ copyFrom: "b", name: "Copy" }), '{"name":"Copy"}']
  ]
  it.effect.each(cases)("of a board with %s has that alone", ([, call, expected]) =>
    Effect.gen(function* () {
      yield* call
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ body, headers }) => [body, headers["content-type"]]),
        [[expected, "application/json"]]
      )
    }).pipe(board)
  )

  const itemCases: ReadonlyArray<readonly [name: string, call: Call, body: string]> = [
    ["new content", StickyNotes.update({ ...ids, data: { content: "new" } }), '{"data":{"content":"new"}}'],
    ["one coordinate", Items.move({ ...ids, position: { x: 5 } }), '{"position":{"x":5}}'],
    ["zeros", Items.move({ ...ids, position: { x: 0, y: -0 } }), '{"position":{"x":0,"y":0}}'],
    ["no parent any more", Items.move({ ...ids, parent: null }), '{"parent":{"id":null}}'],
    ["no parent any more, in Miro's own form", Items.move({ ...ids, parent: { id: null } }), '{"parent":{"id":null}}'],
    ["no parent from the start", StickyNotes.create({ boardId: "b", parent: null }), '{"parent":{"id":null}}'],
    [
      "the origin of its position, as responses have it",
      Items.move({ ...ids, position: { x: 1, y: 2, origin: "center" } }),
      '{"position":{"x":1,"y":2,"origin":"center"}}'
    ],
    ["a parent that is undefined", Items.move({ ...ids, parent: undefined }), "{}"],
    ["a parent", StickyNotes.create({ boardId: "b", parent: { id: "7" } }), '{"parent":{"id":"7"}}'],
    [
      "a shape and a colour that we do not know",
      StickyNotes.create({ boardId: "b", data: { shape: "heart" }, style: { fillColor: "gold" } }),
      '{"data":{"shape":"heart"},"style":{"fillColor":"gold"}}'
    ],
    [
      "text of any kind",
      StickyNotes.create({ boardId: "b", data: { content: '<b>"é"\\</b>\u2028\u0000😀' } }),
      '{"data":{"content":"<b>\\"é\\"\\\\</b>\u2028\\u0000😀"}}'
    ]
  ]
  it.effect.each(itemCases)("of an item with %s has that alone", ([, call, expected]) =>
    Effect.gen(function* () {
      yield* call
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ body }) => body),
        [expected]
      )
    }).pipe(sticky)
  )

  it.effect("is not sent where there is none to send", () =>
    Effect.gen(function* () {
      yield* Boards.get({ boardId: "b" })
      yield* Boards.delete({ boardId: "b" })
      yield* Tokens.get()
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ body, headers }) => [body, headers["content-type"], headers["content-length"]]),
        [
          [undefined, undefined, undefined],
          [undefined, undefined, undefined],
          [undefined, undefined, undefined]
        ]
      )
    }).pipe(board)
  )

  it.effect("has what the getters of an input give, at every depth", () =>
    Effect.gen(function* () {
      class Data {
        get content() {
          return "c"
        }
      }
      class Input {
        readonly boardId = "b"
        get data() {
          return new Data()
        }
      }
      yield* StickyNotes.create(new Input())
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ body }) => body),
        ['{"data":{"content":"c"}}']
      )
    }).pipe(sticky)
  )

  it.effect("is the same when the input is frozen or has no prototype, and leaves the input as it was", () =>
    Effect.gen(function* () {
      const data = Object.freeze({ content: "c", shape: undefined })
      const input = Object.freeze({ boardId: "b", data })
      yield* StickyNotes.create(input)
      yield* StickyNotes.create(Object.assign(Object.create(null), input))
      assert.deepStrictEqual(input, { boardId: "b", data: { content: "c", shape: undefined } })
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ body }) => body),
        ['{"data":{"content":"c"}}', '{"data":{"content":"c"}}']
      )
    }).pipe(sticky)
  )
})

describe("a query", () => {
  const page = http.always(http.json({ data: [] }))

  it.effect("has what was set, under Miro's names", () =>
    Effect.gen(function* () {
      yield* Boards.list()
      yield* Boards.list({ teamId: "t", projectId: "p", query: "q", owner: undefined, limit: 7, offset: 0 })
      yield* Boards.list({ sort: "by_mood" })
      yield* Items.list({ boardId: "b", type: "sticky_note", cursor: "a=b&c#d" })
      // An empty cursor is documented to be that of the first page.
      yield* Items.list({ boardId: "b", cursor: "" })
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ path, query }) => [path, query]),
        [
          ["/v2/boards", {}],
          ["/v2/boards", { team_id: "t", project_id: "p", query: "q", limit: "7", offset: "0" }],
          ["/v2/boards", { sort: "by_mood" }],
          ["/v2/boards/b/items", { type: "sticky_note", cursor: "a=b&c#d" }],
          ["/v2/boards/b/items", { cursor: "" }]
        ]
      )
    }).pipe(page)
  )

  it.effect("stands beside a body", () =>
    Effect.gen(function* () {
      yield* Boards.copy({ copyFrom: "uXjVO=", name: "Copy", teamId: "t" })
      const [copy] = (yield* http.Wire).sent
      assert.deepInclude(copy, {
        method: "PUT",
        path: "/v2/boards",
        query: { copy_from: "uXjVO=" },
        body: '{"name":"Copy","teamId":"t"}'
      })
    }).pipe(board)
  )

  it.live("takes any text, and gives it to Miro as it is", () =>
    forAll(fc.string({ unit: "binary", minLength: 1, maxLength: 20 }), 200, (query) =>
      Effect.gen(function* () {
        yield* Boards.list({ query })
        const [list] = (yield* http.Wire).sent
        assert.deepStrictEqual(list?.query, { query })
        assert.strictEqual(list?.path, "/v2/boards")
      }).pipe(page)
    )
  )
})

type Issues = ReadonlyArray<readonly [path: string, message: string]>

const refused = (call: Call): Effect.Effect<Issues, unknown, MiroClient.MiroClient | http.Wire> =>
  Effect.gen(function* () {
    const error = yield* http.failsWith(call, "InvalidInput")
    assert.deepStrictEqual((yield* http.Wire).sent, [])
    for (const { message } of error.reason.issues) assert.isNotEmpty(message)
    assert.isFalse(error.isRetryable)
    return error.reason.issues.map(({ message, path }) => [path.join("."), message] as const)
  })

const paths = (issues: Issues) => issues.map(([path]) => path)

describe("an input is refused before the wire", () => {
  const unknownKeys: ReadonlyArray<readonly [path: string, operation: (input: never) => Call, input: unknown]> = [
    ["nmae", Boards.create, { nmae: "Retro" }],
    ["name", Boards.get, { boardId: "b", name: "Retro" }],
    ["team_id", Boards.list, { team_id: "1" }],
    ["copy_from", Boards.copy, { copyFrom: "b", copy_from: "c" }],
    ["content", StickyNotes.create, { boardId: "b", content: "c" }],
    ["data.contnet", StickyNotes.create, { boardId: "b", data: { contnet: "c" } }],
    ["style.fillColour", StickyNotes.update, { ...ids, style: { fillColour: "red" } }],
    ["parent.name", Items.move, { ...ids, parent: { id: "7", name: "Frame" } }],
    ["policy.sharingPolicy.teamaccess", Boards.create, { policy: { sharingPolicy: { teamaccess: "view" } } }],
    ["itemId", Boards.delete, ids],
    ["limit", Tokens.get, { limit: 5 }],
    ["offset", Items.list, { boardId: "b", offset: 0 }],
    ["toString", Boards.create, { toString: "Retro" }],
    ["__proto__", Boards.create, JSON.parse('{"__proto__":{"name":"Retro"}}')],
    ["data.__proto__", StickyNotes.create, JSON.parse('{"boardId":"b","data":{"__proto__":{"content":"c"}}}')],
    ["", Boards.create, { "": 1 }]
  ]
  it.effect.each(unknownKeys)("for the unknown key %j", ([path, operation, input]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(paths(yield* refused(untyped(operation, input))), [path])
    }).pipe(http.replying())
  )

  it.effect("for an unknown key of a list that is read as a stream", () =>
    Effect.gen(function* () {
      const items = untyped((input: never) => Stream.runDrain(Boards.list.items(input)), { qurey: "Retro" })
      const pages = untyped((input: never) => Stream.runDrain(Items.list.pages(input)), { boardId: "b", tpye: "text" })
      assert.deepStrictEqual(paths(yield* refused(items)), ["qurey"])
      assert.deepStrictEqual(paths(yield* refused(pages)), ["tpye"])
    }).pipe(http.replying())
  )

  const wrongTypes: ReadonlyArray<readonly [path: string, operation: (input: never) => Call, input: unknown]> = [
    ["name", Boards.create, { name: 1 }],
    ["name", Boards.create, { name: null }],
    ["name", Boards.create, { name: ["Retro"] }],
    ["policy", Boards.create, { policy: "private" }],
    ["policy.sharingPolicy.access", Boards.create, { policy: { sharingPolicy: { access: 1 } } }],
    ["limit", Boards.list, { limit: "10" }],
    ["limit", Boards.list, { limit: 1.5 }],
    ["limit", Boards.list, { limit: Number.NaN }],
    ["offset", Boards.list, { offset: Number.POSITIVE_INFINITY }],
    ["offset", Boards.list, { offset: 2 ** 53 }],
    ["limit", Boards.list, { limit: 10n }],
    ["query", Boards.list, { query: null }],
    ["cursor", Items.list, { boardId: "b", cursor: 7 }],
    ["copyFrom", Boards.copy, {}],
    ["copyFrom", Boards.copy, { copyFrom: undefined }],
    ["copyFrom", Boards.copy, { copyFrom: null }],
    ["position.x", Items.move, { ...ids, position: { x: Number.NaN } }],
    ["position.y", Items.move, { ...ids, position: { y: Number.NEGATIVE_INFINITY } }],
    ["position.x", Items.move, { ...ids, position: { x: "5" } }],
    ["position.origin", Items.move, { ...ids, position: { x: 1, origin: "top_left" } }],
    ["position", Items.move, { ...ids, position: null }],
    ["position", Items.move, { ...ids, position: [1, 2] }],
    ["parent.id", Items.move, { ...ids, parent: {} }],
    ["parent.id", Items.move, { ...ids, parent: { id: 7 } }],
    ["geometry.width", StickyNotes.create, { boardId: "b", geometry: { width: Number.POSITIVE_INFINITY } }],
    ["data", StickyNotes.create, { boardId: "b", data: "Ship it" }],
    ["data.content", StickyNotes.create, { boardId: "b", data: { content: null } }],
    ["data.content", StickyNotes.create, { boardId: "b", data: { content: new String("c") } }],
    ["style.fillColor", StickyNotes.create, { boardId: "b", style: { fillColor: 1 } }],
    ["", Boards.create, null],
    ["", Boards.create, "Retro"],
    ["", Boards.create, 7],
    ["", Boards.create, []],
    ["", Boards.get, () => ({ boardId: "b" })]
  ]
  it.effect.each(wrongTypes)("for a value at %j that does not belong there: %o", ([path, operation, input]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(paths(yield* refused(untyped(operation, input))), [path])
    }).pipe(http.replying())
  )

  it.effect("has null where something can be taken away, everything in its order, and nothing for undefined", () =>
    Effect.gen(function* () {
      const numbered = Array.from({ length: 20 }, (_, index) => ({
        type: "text" as const,
        data: { content: String(index) }
      }))
      const cases: ReadonlyArray<readonly [call: Call, body: unknown]> = [
        [Items.createBulk({ boardId: "b", items: numbered }), numbered],
        [
          Items.createBulk({
            boardId: "b",
            items: [
              { type: "image", data: { url: "https://example.com/a.png" }, parent: null },
              { type: "card", parent: { id: null } }
            ]
          }),
          [
            { type: "image", data: { url: "https://example.com/a.png" }, parent: { id: null } },
            { type: "card", parent: { id: null } }
          ]
        ],
        [
          Cards.update({ ...ids, data: { description: null, assigneeId: null, dueDate: null } }),
          { data: { description: null, assigneeId: null, dueDate: null } }
        ],
        [AppCards.update({ ...ids, data: { description: null } }), { data: { description: null } }],
        [UserGroups.update({ orgId: "1", groupId: "2", description: null }), { description: null }],
        [untyped(Boards.create, { name: "Retro", nmae: undefined }), { name: "Retro" }],
        [
          DataClassification.setTeamBoardLabels({ orgId: "1", teamId: "2", notClassifiedOnly: true }),
          { notClassifiedOnly: true }
        ]
      ]
      for (const [call, body] of cases) {
        yield* Effect.ignore(call)
        assert.deepStrictEqual(JSON.parse((yield* http.Wire).sent.at(-1)?.body ?? ""), body)
      }
      yield* Groups.ungroup({ boardId: "b", groupId: "1", deleteItems: false })
      assert.deepStrictEqual((yield* http.Wire).sent.at(-1)?.query, { delete_items: "false" })
    }).pipe(http.always(http.json({})))
  )

  const text = { type: "text", data: { content: "a" } }
  const many = (count: number) => Array.from({ length: count }, () => text)
  const file = { content: new Uint8Array([1]), filename: "a.png" }
  const large = { content: new Uint8Array(7 * 1024 * 1024), filename: "a.png" }
  const wrongValues: ReadonlyArray<readonly [path: string, operation: (input: never) => Call, input: unknown]> = [
    ["items", Items.createBulk, { boardId: "b" }],
    ["items", Items.createBulk, { boardId: "b", items: [] }],
    ["items", Items.createBulk, { boardId: "b", items: many(21) }],
    ["items.1.data.content", Items.createBulk, { boardId: "b", items: [text, { type: "text", data: { content: 1 } }] }],
    ["items.0.data", Items.createBulk, { boardId: "b", items: [{ type: "image" }] }],
    ["items.0.colour", Items.createBulk, { boardId: "b", items: [{ ...text, colour: "red" }] }],
    ["data", Items.createBulkFromFiles, { boardId: "b", data: [{ type: "image" }], resources: [file, file] }],
    ["data", Items.createBulkFromFiles, { boardId: "b", data: [], resources: [file] }],
    ["resources", Items.createBulkFromFiles, { boardId: "b", data: [], resources: [] }],
    ["resources.0", Items.createBulkFromFiles, { boardId: "b", data: [{ type: "image" }], resources: ["a.png"] }],
    ["parentItemId", Items.listInFrame, { boardId: "b", parentItemId: "" }],
    ["groupItemId", Items.listInGroup, { boardId: "b", groupItemId: " " }],
    ["tagId", Items.listWithTag, { boardId: "b", tagId: "" }],
    ["tagId", Tags.attach, { ...ids, tagId: "" }],
    ["tagId", Tags.detach, { ...ids, tagId: "\t" }],
    ["tagId", Tags.detach, { ...ids, tagId: "1 2" }],
    ["labelId", DataClassification.setTeamBoardLabels, { orgId: "1", teamId: "2", labelId: "12x" }],
    [
      "resources.1",
      Items.createBulkFromFiles,
      { boardId: "b", data: [{ type: "image" }, { type: "image" }], resources: [file, large] }
    ],
    ["resource", Images.createFromFile, { boardId: "b", resource: { ...file, contentType: 7 } }],
    ["resource", Images.createFromFile, { boardId: "b", resource: { ...file, filename: 7 } }],
    ["deleteItems", Groups.delete, { boardId: "b", groupId: "1" }],
    ["deleteItems", Groups.delete, { boardId: "b", groupId: "1", deleteItems: false }],
    ["emails", OrganizationMembers.list, { orgId: "1", emails: [] }],
    ["boardIds", ContentLogs.list, { ...period, orgId: "1", boardIds: [] }],
    ["from", ContentLogs.list, { ...period, orgId: "1", from: "2026-05-20" }],
    ["labelId", DataClassification.setTeamBoardLabels, { orgId: "1", teamId: "2", labelId: "1e3" }],
    ["labelId", DataClassification.setTeamBoardLabels, { orgId: "1", teamId: "2", labelId: "1".repeat(20) }],
    ["labelId", DataClassification.setTeamBoardLabels, { orgId: "1", teamId: "2", labelId: 7 }],
    ["startDate", AppMetrics.list, { appId: "1", startDate: "20.5.2026", endDate: "2026-05-21" }]
  ]
  it.effect.each(wrongValues)(
    "for a value at %j that would be lost, or do something else: %#",
    ([path, operation, input]) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(paths(yield* refused(untyped(operation, input))), [path])
      }).pipe(http.replying())
  )

  it.effect("for all that is wrong with it at once", () =>
    Effect.gen(function* () {
      const issues = yield* refused(
        untyped(StickyNotes.update, {
          itemId: "..",
          data: { content: 1, contnet: "c" },
          position: { x: Number.NaN, y: "1" },
          colour: "red"
        })
      )
      assert.sameMembers(
        [...paths(issues)],
        ["boardId", "colour", "data.contnet", "data.content", "itemId", "position.x", "position.y"]
      )
    }).pipe(http.replying())
  )

  it.effect("with a message that says what and where", () =>
    Effect.gen(function* () {
      const { message } = yield* Effect.flip(untyped(Items.move, { ...ids, position: { x: "5" }, colour: "red" }))
      assert.include(
        message,
        "Items.move failed with InvalidInput (PATCH /v2/boards/{boardId}/items/{itemId}): " +
          "invalid input: colour: Unexpected key; position.x: Expected number"
      )
    }).pipe(http.replying())
  )

  it.live("whatever object it is: never a defect, and nothing that is not JSON on the wire", () =>
    forAll(fc.object({ key: fc.constantFrom("name", "policy", "boardId", "x", "__proto__") }), 500, (input) =>
      Effect.gen(function* () {
        const result = yield* Effect.result(untyped(Boards.create, input))
        const { sent } = yield* http.Wire
        if (result._tag === "Failure") {
          assert.strictEqual(result.failure.reason._tag, "InvalidInput")
          assert.deepStrictEqual(sent, [])
        } else {
          assert.deepStrictEqual(
            sent.map(({ body }) => body),
            [JSON.stringify(input)]
          )
        }
      }).pipe(board)
    )
  )
})

describe("what is encoded", () => {
  it.effect("is what a Miro that refuses unknown fields takes", () =>
    Effect.gen(function* () {
      const created = yield* Boards.create({
        name: "Retro",
        policy: { sharingPolicy: { access: "private", teamAccess: "edit" } }
      })
      const note = yield* StickyNotes.create({
        boardId: created.id,
        data: { content: "Ship it", shape: "square" },
        style: { fillColor: "light_yellow", textAlign: "left", textAlignVertical: "top" },
        position: { x: 10, y: 20 },
        geometry: { width: 100 }
      })
      const moved = yield* Items.move({ boardId: created.id, itemId: note.id, position: { x: 30 } })
      assert.deepInclude(moved.position, { x: 30, y: 20 })
      const changed = yield* StickyNotes.update({ boardId: created.id, itemId: note.id, data: { content: "Done" } })
      assert.deepInclude(changed.data, { content: "Done", shape: "square" })
      assert.deepInclude(changed.style, { fillColor: "light_yellow" })
      yield* Boards.update({ boardId: created.id, description: "weekly" })
      const updated = yield* Boards.get({ boardId: created.id })
      assert.deepInclude(updated, { name: "Retro", description: "weekly" })
    }).pipe(sandboxed())
  )
})
