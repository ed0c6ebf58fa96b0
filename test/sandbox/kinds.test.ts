/** The items of a board that the sandbox keeps, through the package's own operations. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import {
  AppCards,
  BoardMembers,
  Boards,
  Cards,
  CodeWidgets,
  Connectors,
  DocFormats,
  Embeds,
  ExperimentalItems,
  FlowchartShapes,
  Groups,
  Items,
  MiroClient,
  Shapes,
  StickyNotes,
  Tags,
  Texts
} from "effect-miro"
import { layerHttpClient } from "./documented.ts"
import * as support from "./support.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provide(layerHttpClient))

const board = Effect.map(Boards.create({ name: "Kinds" }), ({ id }) => id)

const strictly = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  self.pipe(Effect.provideService(MiroClient.Strict, true), Effect.provide(Miro))

describe("items of a board", () => {
  it.effect("of each kind are created, read, listed, changed and deleted", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const text = yield* Texts.create({ boardId, data: { content: "Hello" }, style: { fontSize: "24" } })
      const shape = yield* Shapes.create({ boardId, data: { shape: "circle" }, geometry: { width: 50, rotation: 45 } })
      const card = yield* Cards.create({ boardId, data: { title: "Task", description: "To do" } })
      const fields = [{ value: "High", iconShape: "round" as const }]
      const appCard = yield* AppCards.create({ boardId, data: { title: "Ticket", status: "connected", fields } })
      const embed = yield* Embeds.create({
        boardId,
        data: { url: "https://example.com/video" },
        geometry: { width: 400 }
      })
      const doc = yield* DocFormats.create({ boardId, data: { contentType: "markdown", content: "# Notes" } })

      assert.deepInclude(text.style, { fontSize: "24", textAlign: "center" })
      assert.deepStrictEqual({ ...shape.geometry }, { width: 50, height: 100, rotation: 45 })
      assert.deepStrictEqual(embed.geometry?.height, 225)
      assert.deepStrictEqual(doc.data?.content, "# Notes")
      assert.deepStrictEqual(appCard.data?.fields?.[0]?.value, "High")

      const changed = yield* Cards.update({ boardId, itemId: card.id, data: { title: "Done", description: null } })
      assert.deepStrictEqual({ ...changed.data }, { title: "Done" })
      assert.deepStrictEqual((yield* Cards.get({ boardId, itemId: card.id })).data, changed.data)

      const items = yield* Stream.runCollect(Items.list.items({ boardId }))
      assert.deepStrictEqual(
        items.map(({ id, type }) => [id, type]),
        [text, shape, card, appCard, embed, doc].map(({ id, type }) => [id, type])
      )

      yield* Texts.delete({ boardId, itemId: text.id })
      assert.strictEqual((yield* Effect.flip(Texts.get({ boardId, itemId: text.id }))).reason._tag, "NotFound")
      assert.strictEqual((yield* Effect.flip(Texts.get({ boardId, itemId: shape.id }))).reason._tag, "NotFound")
    }).pipe(strictly)
  )

  it.effect("are created several at a time, all or none", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const { data } = yield* Items.createBulk({
        boardId,
        items: [
          { type: "sticky_note", data: { content: "One" } },
          { type: "shape", data: { shape: "star" }, position: { x: 100, y: 0 } }
        ]
      })
      const listed = Effect.map(Stream.runCollect(Items.list.items({ boardId })), (items) => items.map(({ id }) => id))
      assert.deepStrictEqual(
        yield* listed,
        data.map(({ id }) => id)
      )
      const refused = yield* Effect.flip(
        Items.createBulk({
          boardId,
          items: [
            { type: "text", data: { content: "" } },
            { type: "card", parent: { id: "7" } }
          ]
        })
      )
      assert.strictEqual(refused.reason._tag, "InvalidRequest")
      assert.strictEqual((yield* listed).length, 2)
    }).pipe(strictly)
  )

  it.effect("are refused in numbers that Miro does not take", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const note = yield* support.createStickyNote(boardId)
      for (const [path, json, message] of [
        ["/items/bulk", [], "At least one item should be created with a request"],
        ["/groups", { data: { items: [note.id] } }, "Group should have at least two items"]
      ] as const) {
        const refused = yield* support.send<support.ErrorBody>("POST", support.boardPath(boardId, path), { json })
        assert.deepStrictEqual(
          refused.json.context?.fields?.map((field) => field.message),
          [message]
        )
      }
      const query = yield* support.send("GET", `/v2/boards?query=${"q".repeat(501)}`)
      assert.strictEqual(query.status, 400)
    }).pipe(Effect.provide(layerHttpClient))
  )

  it.effect("are made several at a time of the types that Miro makes so", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const markdown = { contentType: "markdown", content: "# Plan" }
      for (const item of [{ type: "doc_format", data: markdown }, { type: "code_widget" }]) {
        const path = support.boardPath(boardId, "/items/bulk")
        const refused = yield* support.send<support.ErrorBody>("POST", path, { json: [item] })
        assert.deepStrictEqual(
          refused.json.context?.fields?.map(({ field }) => field),
          ["type"]
        )
      }
    }).pipe(Effect.provide(layerHttpClient))
  )

  it.effect("are made of a file where they have one", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const part = (name: string, type: string, text: string) =>
        `--x\r\ncontent-disposition: form-data; name="${name}"; filename="f"\r\ncontent-type: ${type}\r\n\r\n${text}\r\n`
      const upload = (data: unknown, resource = "resource") => ({
        text: `${part("data", "application/json", JSON.stringify(data))}${part(resource, "image/png", "bytes")}--x--\r\n`,
        contentType: "multipart/form-data; boundary=x"
      })
      const noFile = { ...upload({}), text: `${part("data", "application/json", "{}")}--x--\r\n` }
      const refused = yield* support.send<support.ErrorBody>("POST", support.boardPath(boardId, "/images"), noFile)
      assert.strictEqual(refused.json.context?.fields?.[0]?.message, "A form needs a file")
      const post = (path: string, body: ReturnType<typeof upload>) =>
        Effect.map(support.send("POST", support.boardPath(boardId, path), body), ({ status }) => status)
      assert.strictEqual(yield* post("/images", upload({ title: "A" })), 201)
      assert.strictEqual(yield* post("/shapes", upload({})), 415)
      assert.strictEqual(yield* post("/tags", upload({ title: "A" })), 415)
      assert.strictEqual(yield* post("/items/bulk", upload([{ type: "image" }], "resources")), 201)
      assert.strictEqual(yield* post("/items/bulk", upload([{ type: "shape" }], "resources")), 400)
    }).pipe(Effect.provide(layerHttpClient))
  )

  it.effect("look as Miro says that new ones do", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      assert.deepInclude((yield* Texts.create({ boardId, data: { content: "Hello" } })).style, {
        fontFamily: "arial",
        fillOpacity: "0.0",
        textAlign: "center"
      })
      const style = { fillColor: "#ff0000" }
      const filled = yield* Texts.create({ boardId, data: { content: "Hello" }, style })
      assert.strictEqual(filled.style?.fillOpacity, "1.0")
      const basic = { fontFamily: "arial", fillOpacity: "0.0", textAlign: "left", textAlignVertical: "top" }
      assert.deepInclude((yield* Shapes.create({ boardId })).style, basic)
      assert.deepInclude((yield* Shapes.create({ boardId, style })).style, { ...basic, fillOpacity: "1.0" })
      const faint = yield* Shapes.create({ boardId, style: { ...style, fillOpacity: "0.5" } })
      assert.strictEqual(faint.style?.fillOpacity, "0.5")
      const shape = "flow_chart_process"
      const flowchart = { ...basic, fillOpacity: "1.0", textAlign: "center", textAlignVertical: "middle" }
      assert.deepInclude((yield* FlowchartShapes.create({ boardId, data: { shape } })).style, flowchart)
      assert.strictEqual((yield* AppCards.create({ boardId })).data?.title, "sample app card item")
    }).pipe(strictly)
  )

  it.effect("that are text documents are given in Markdown or HTML", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const content = 'A "plan" & more\n\n# One'
      const { id: itemId } = yield* DocFormats.create({ boardId, data: { contentType: "markdown", content } })
      const textIn = (textContentType: "html" | "markdown") =>
        Effect.map(DocFormats.get({ boardId, itemId, textContentType }), ({ data }) => [
          data?.contentType,
          data?.content
        ])
      assert.deepStrictEqual(yield* textIn("markdown"), ["markdown", content])
      assert.deepStrictEqual(yield* textIn("html"), ["html", "<p>A &#34;plan&#34; &#38; more</p><p># One</p>"])
    }).pipe(strictly)
  )

  it.effect("that are shapes lose their text where Miro shows none", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const { id: itemId } = yield* Shapes.create({ boardId, data: { content: "Or" } })
      const changed = yield* Shapes.update({ boardId, itemId, data: { shape: "flow_chart_or" } })
      assert.deepInclude(changed.data, { shape: "flow_chart_or", content: "" })
    }).pipe(strictly)
  )

  it.effect("refuse what their operations do not take, and name it", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const { json, status } = yield* support.send<support.ErrorBody>("POST", support.boardPath(boardId, "/shapes"), {
        json: { data: { colour: "red" }, style: { fontSize: "9" } }
      })
      assert.strictEqual(status, 400)
      assert.deepStrictEqual(
        json.context?.fields?.map(({ field }) => field),
        ["data.colour", "style.fontSize"]
      )
      for (const [body, field, message] of [
        [
          { style: { borderStyle: "wavy" } },
          "style.borderStyle",
          "Unexpected value [wavy], expected one of: [normal, dotted, dashed]"
        ],
        [{ geometry: { width: 0 } }, "geometry", "Must be greater than 0"]
      ] as const) {
        const refused = yield* support.send<support.ErrorBody>("POST", support.boardPath(boardId, "/shapes"), {
          json: body
        })
        assert.deepStrictEqual([refused.status, refused.json.context?.fields], [400, [{ field, message }]])
      }
    }).pipe(Effect.provide(layerHttpClient))
  )
})

describe("items of the experimental API", () => {
  it.effect("are those of the board: shapes of flowcharts, and code widgets", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const shape = yield* FlowchartShapes.create({ boardId, data: { shape: "flow_chart_decision" } })
      assert.strictEqual((yield* Shapes.get({ boardId, itemId: shape.id })).data?.shape, "flow_chart_decision")
      const [generic] = yield* Stream.runCollect(Items.list.items({ boardId }))
      assert.deepInclude(generic, { id: shape.id, type: "shape", isSupported: false })
      assert.notProperty(generic, "data")
      const widget = yield* CodeWidgets.create({ boardId, data: { code: `"1" + 1`, title: "Sum" } })
      const itemId = widget.id
      assert.strictEqual(widget.data?.code, `"1" + 1`)
      yield* CodeWidgets.update({ boardId, itemId, data: { code: "1 + 2" } })
      const moved = yield* CodeWidgets.move({ boardId, itemId, x: 10, y: 20 })
      assert.deepInclude(moved.data, { code: "1 + 2", title: "Sum" })
      assert.deepInclude(moved.position, { x: 10, y: 20 })
      const listed = yield* Stream.runCollect(CodeWidgets.list.items({ boardId }))
      assert.deepStrictEqual(
        listed.map(({ id }) => id),
        [itemId]
      )
      assert.strictEqual((yield* Stream.runCollect(ExperimentalItems.list.items({ boardId }))).length, 2)
      const texts = yield* Effect.flip(ExperimentalItems.list({ boardId, type: "text" }))
      assert.strictEqual(texts.reason._tag, "InvalidRequest")
      yield* CodeWidgets.delete({ boardId, itemId })
      yield* ExperimentalItems.delete({ boardId, itemId: shape.id })
      assert.deepStrictEqual(Array.from(yield* Stream.runCollect(Items.list.items({ boardId }))), [])
    }).pipe(strictly)
  )
})

describe("tags", () => {
  it.effect("are created, put on items, found by them, changed, taken off and deleted", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const one = yield* Cards.create({ boardId, data: { title: "One" } })
      const other = yield* StickyNotes.create({ boardId, data: { content: "Other" } })
      const urgent = yield* Tags.create({ boardId, title: "Urgent" })
      const later = yield* Tags.create({ boardId, title: "Later", fillColor: "blue" })
      assert.deepInclude(urgent, { title: "Urgent", fillColor: "red", type: "tag" })

      yield* Tags.attach({ boardId, itemId: one.id, tagId: urgent.id })
      yield* Tags.attach({ boardId, itemId: one.id, tagId: later.id })
      yield* Tags.attach({ boardId, itemId: other.id, tagId: urgent.id })
      const onItem = Effect.map(Tags.listOnItem({ boardId, itemId: one.id }), ({ tags }) => tags.map(({ id }) => id))
      assert.deepStrictEqual(yield* onItem, [urgent.id, later.id])
      const tagged = Stream.runCollect(Items.listWithTag.items({ boardId, tagId: urgent.id }))
      assert.deepStrictEqual(
        (yield* tagged).map(({ id }) => id),
        [one.id, other.id]
      )

      const changed = yield* Tags.update({ boardId, tagId: later.id, title: "Much later" })
      assert.deepInclude(changed, { title: "Much later", fillColor: "blue" })
      const taken = yield* Effect.flip(Tags.create({ boardId, title: "Urgent" }))
      assert.strictEqual(taken.reason._tag, "InvalidRequest")

      yield* Tags.detach({ boardId, itemId: one.id, tagId: urgent.id })
      assert.deepStrictEqual(yield* onItem, [later.id])
      yield* Tags.delete({ boardId, tagId: later.id })
      assert.deepStrictEqual(yield* onItem, [])
      assert.deepStrictEqual(
        (yield* Stream.runCollect(Tags.list.items({ boardId }))).map(({ id }) => id),
        [urgent.id]
      )
    }).pipe(strictly)
  )

  it.effect("are copied with the board, and the copy has its own", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const item = yield* Cards.create({ boardId, data: { title: "One" } })
      const tag = yield* Tags.create({ boardId, title: "Urgent" })
      yield* Tags.attach({ boardId, itemId: item.id, tagId: tag.id })
      const copy = yield* Boards.copy({ copyFrom: boardId, name: "Copy" })
      yield* Tags.delete({ boardId, tagId: tag.id })
      const [copied] = yield* Stream.runCollect(Tags.list.items({ boardId: copy.id }))
      assert.strictEqual(copied?.title, "Urgent")
      assert.notStrictEqual(copied?.id, tag.id)
      const items = yield* Stream.runCollect(Items.listWithTag.items({ boardId: copy.id, tagId: copied?.id ?? "" }))
      assert.strictEqual(items.length, 1)
    }).pipe(strictly)
  )

  it.effect("are for cards and sticky notes", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const { id: tagId } = yield* Tags.create({ boardId, title: "Later" })
      const note = yield* StickyNotes.create({ boardId })
      yield* Tags.attach({ boardId, itemId: note.id, tagId })
      const shape = yield* Shapes.create({ boardId })
      const refused = yield* Effect.flip(Tags.attach({ boardId, itemId: shape.id, tagId }))
      assert.strictEqual(refused.reason._tag, "InvalidRequest")
    }).pipe(strictly)
  )

  it.effect("are at most 8 on an item", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const { id: itemId } = yield* Cards.create({ boardId })
      const tags = yield* Effect.forEach(
        Array.from({ length: 9 }, (_, index) => `Tag ${index}`),
        (title) => Tags.create({ boardId, title })
      )
      const attached = yield* Effect.forEach(tags, ({ id: tagId }) =>
        Effect.result(Tags.attach({ boardId, itemId, tagId }))
      )
      assert.deepStrictEqual(
        attached.map(({ _tag }) => _tag),
        [...Array.from({ length: 8 }, () => "Success"), "Failure"]
      )
    }).pipe(strictly)
  )
})

describe("connectors", () => {
  it.effect("are created, read, listed, changed and deleted", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const [one, two, three] = yield* Effect.all([
        Shapes.create({ boardId }),
        Shapes.create({ boardId }),
        Shapes.create({ boardId })
      ])
      const connector = yield* Connectors.create({
        boardId,
        startItem: { id: one.id, snapTo: "right" },
        endItem: { id: two.id },
        captions: [{ content: "then" }],
        style: { strokeColor: "#ff0000" }
      })
      assert.deepInclude(connector.startItem, { id: one.id, position: { x: "100%", y: "50%" } })
      assert.deepInclude(connector.style, { strokeColor: "#ff0000", endStrokeCap: "stealth" })
      const connectorId = connector.id
      const changed = yield* Connectors.update({ boardId, connectorId, endItem: { id: three.id }, shape: "straight" })
      assert.deepStrictEqual(
        [changed.startItem?.id, changed.endItem?.id, changed.shape, changed.captions?.[0]?.content],
        [one.id, three.id, "straight", "then"]
      )
      assert.deepStrictEqual(yield* Connectors.get({ boardId, connectorId }), changed)
      assert.deepStrictEqual(Array.from(yield* Stream.runCollect(Connectors.list.items({ boardId }))), [changed])
      yield* Connectors.delete({ boardId, connectorId })
      const gone = yield* Effect.flip(Connectors.get({ boardId, connectorId }))
      assert.strictEqual(gone.reason._tag, "NotFound")
    }).pipe(strictly)
  )

  it.effect("are attached anew to the item that they are at already", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const [one, two] = yield* Effect.all([Shapes.create({ boardId }), Shapes.create({ boardId })])
      const ends = { startItem: { id: one.id }, endItem: { id: two.id } }
      const { id: connectorId } = yield* Connectors.create({ boardId, ...ends })
      const { endItem } = yield* Connectors.update({ boardId, connectorId, endItem: { snapTo: "top" } })
      assert.deepInclude(endItem, { id: two.id, position: { x: "50%", y: "0%" } })
    }).pipe(strictly)
  )

  it.effect("are attached to no frames, and to a point or a side", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const { id } = yield* support.createStickyNote(boardId)
      const post = (path: string, json: unknown) =>
        support.send<support.ErrorBody & support.Item>("POST", support.boardPath(boardId, path), { json })
      const { json: frame } = yield* post("/frames", { data: {} })
      const { json: other } = yield* post("/sticky_notes", {})
      for (const end of [{ id: frame.id }, { id: other.id, snapTo: "top", position: { x: "0%", y: "0%" } }]) {
        assert.strictEqual((yield* post("/connectors", { startItem: { id }, endItem: end })).status, 400)
      }
    }).pipe(Effect.provide(layerHttpClient))
  )

  it.effect("connect two items of the board, and go with either of them", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const one = yield* Shapes.create({ boardId })
      const two = yield* Shapes.create({ boardId })
      for (const end of [one.id, "7"]) {
        const refused = yield* Effect.flip(
          Connectors.create({ boardId, startItem: { id: one.id }, endItem: { id: end } })
        )
        assert.strictEqual(refused.reason._tag, "InvalidRequest")
      }
      yield* Connectors.create({ boardId, startItem: { id: one.id }, endItem: { id: two.id } })
      const copy = yield* Boards.copy({ copyFrom: boardId })
      yield* Shapes.delete({ boardId, itemId: two.id })
      assert.deepStrictEqual(Array.from(yield* Stream.runCollect(Connectors.list.items({ boardId }))), [])
      const [copied] = yield* Stream.runCollect(Connectors.list.items({ boardId: copy.id }))
      const items = yield* Stream.runCollect(Items.list.items({ boardId: copy.id }))
      assert.deepStrictEqual(
        [copied?.startItem?.id, copied?.endItem?.id],
        items.map(({ id }) => id)
      )
    }).pipe(strictly)
  )
})

describe("groups", () => {
  it.effect("are made of items, read, listed, replaced and dissolved", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const [one = "", two = "", three = ""] = yield* Effect.replicateEffect(Shapes.create({ boardId }), 3).pipe(
        Effect.map((shapes) => shapes.map(({ id }) => id))
      )
      const { id: groupId } = yield* Groups.create({ boardId, data: { items: [one, two] } })
      assert.deepStrictEqual((yield* Groups.get({ boardId, groupId })).data?.items, [one, two])
      const members = (groupItemId: string) =>
        Effect.map(Stream.runCollect(Items.listInGroup.items({ boardId, groupItemId })), (items) =>
          items.map(({ id }) => id)
        )
      assert.deepStrictEqual(yield* members(groupId), [one, two])
      const taken = yield* Effect.flip(Groups.create({ boardId, data: { items: [two, three] } }))
      assert.strictEqual(taken.reason._tag, "InvalidRequest")

      const replaced = yield* Groups.update({ boardId, groupId, data: { items: [two, three] } })
      assert.notStrictEqual(replaced.id, groupId)
      assert.deepStrictEqual(
        (yield* Stream.runCollect(Groups.list.items({ boardId }))).map(({ id }) => id),
        [replaced.id]
      )
      yield* Groups.ungroup({ boardId, groupId: replaced.id })
      const { id } = yield* Groups.create({ boardId, data: { items: [one, two] } })
      yield* Groups.delete({ boardId, groupId: id, deleteItems: true })
      assert.deepStrictEqual(
        (yield* Stream.runCollect(Items.list.items({ boardId }))).map(({ id }) => id),
        [three]
      )
    }).pipe(strictly)
  )

  it.effect("of two items end when one of these is deleted", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const one = yield* Shapes.create({ boardId })
      const two = yield* Shapes.create({ boardId })
      const { id: groupId } = yield* Groups.create({ boardId, data: { items: [one.id, two.id] } })
      yield* Shapes.delete({ boardId, itemId: one.id })
      assert.strictEqual((yield* Effect.flip(Groups.get({ boardId, groupId }))).reason._tag, "NotFound")
    }).pipe(strictly)
  )
})

describe("members of a board", () => {
  it.effect("are its owner and who is invited, until they are removed", () =>
    Effect.gen(function* () {
      const boardId = yield* board
      const list = Effect.map(Stream.runCollect(BoardMembers.list.items({ boardId })), (members) =>
        members.map(({ name, role }) => [name, role])
      )
      assert.deepStrictEqual(yield* list, [["Sandbox User", "owner"]])
      const emails = ["ada@example.com", "nobody"]
      const { failed, successful } = yield* BoardMembers.invite({ boardId, emails, role: "viewer" })
      const [boardMemberId = ""] = successful ?? []
      assert.deepStrictEqual(
        failed?.map(({ email }) => email),
        ["nobody"]
      )
      yield* BoardMembers.update({ boardId, boardMemberId, role: "editor" })
      assert.strictEqual((yield* BoardMembers.get({ boardId, boardMemberId })).role, "editor")
      assert.deepStrictEqual(yield* list, [
        ["Sandbox User", "owner"],
        ["ada", "editor"]
      ])
      yield* BoardMembers.remove({ boardId, boardMemberId })
      assert.strictEqual((yield* list).length, 1)
      yield* BoardMembers.invite({ boardId, emails: ["ada@example.com"], role: "owner" })
      assert.deepStrictEqual((yield* list)[1], ["ada", "coowner"])
      const owner = yield* Effect.flip(BoardMembers.remove({ boardId, boardMemberId: "3074457353169356300" }))
      assert.strictEqual(owner.reason._tag, "InvalidRequest")
    }).pipe(strictly)
  )
})
