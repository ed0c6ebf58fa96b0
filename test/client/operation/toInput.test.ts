import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import {
  AppCards,
  Boards,
  Cards,
  CodeWidgets,
  Connectors,
  DocFormats,
  Documents,
  Embeds,
  FlowchartShapes,
  Frames,
  Images,
  Items,
  type MiroClient,
  MindMapNodes,
  type MiroError,
  Shapes,
  StickyNotes,
  Tags,
  Texts
} from "effect-miro"
import type { Item } from "effect-miro/models/Item"
import * as http from "../../support/http.ts"
import * as payloads from "../../support/payloads.ts"

const boardId = "uXjVOfjmfkE="
const user = { id: "3458764517517818867", name: "Anna", type: "user" }

/** What Miro adds to every item, and no input takes. */
const added = {
  id: "3458764517517818900",
  createdAt: "2026-05-20T06:38:21Z",
  createdBy: user,
  modifiedAt: "2026-05-20T06:38:21Z",
  modifiedBy: user,
  isSupported: true,
  links: { self: "https://api.miro.com/v2/boards/b/items/1" },
  future: { field: [1] }
}

const position = { x: 10.5, y: -20, origin: "center" } as const
const placed = {
  position: { ...position, relativeTo: "parent_top_left" },
  parent: { id: "30", links: { self: "https://api.miro.com/v2/boards/b/items/30" } }
}
const at = { position, parent: { id: "30" } }

const style = { fillColor: "#fdedc0", fillOpacity: "1.0", fontFamily: "open_sans", fontSize: "14", color: "#1a1a1a" }

/** The body that is sent when the first thing that Miro gives is made again. */
const sentAgain = <A>(
  payload: object,
  get: Effect.Effect<A, MiroError.MiroError, MiroClient.MiroClient>,
  create: (value: A) => Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>
) =>
  Effect.gen(function* () {
    yield* create(yield* get)
    const { sent } = yield* http.Wire
    return JSON.parse(sent[1]?.body ?? "null") as unknown
  }).pipe(http.replying(http.json(payload), http.json(payload)))

const item = { boardId, itemId: "1" }

const again = {
  "an app card": {
    sent: sentAgain(
      {
        ...added,
        ...placed,
        type: "app_card",
        data: { title: "Build", status: "connected", owned: true, fields: [{ value: "7", new: 1 }] },
        style: { fillColor: "#2d9bf0" },
        geometry: { width: 320, height: 94 }
      },
      AppCards.get(item),
      (card) => Effect.flatMap(AppCards.toInput(card), (input) => AppCards.create({ boardId, ...input }))
    ),
    body: {
      ...at,
      data: { title: "Build", status: "connected", fields: [{ value: "7" }] },
      style: { fillColor: "#2d9bf0" },
      geometry: { width: 320, height: 94 }
    }
  },
  "a card": {
    sent: sentAgain(
      {
        ...added,
        ...placed,
        type: "card",
        data: { title: "Ship it", assigneeId: user.id, dueDate: "2026-12-24T00:00:00Z", description: null },
        style: { cardTheme: "#2d9bf0" },
        geometry: { width: 320, height: 94, rotation: 15 }
      },
      Cards.get(item),
      (card) => Effect.flatMap(Cards.toInput(card), (input) => Cards.create({ boardId, ...input }))
    ),
    body: {
      ...at,
      data: { title: "Ship it", assigneeId: user.id, dueDate: "2026-12-24T00:00:00.000Z" },
      style: { cardTheme: "#2d9bf0" },
      geometry: { width: 320, height: 94, rotation: 15 }
    }
  },
  "a shape, whose alignment the API has no name for": {
    sent: sentAgain(
      {
        ...added,
        ...placed,
        type: "shape",
        data: { content: "<p>foo</p>", shape: "round_rectangle" },
        style: { ...style, borderColor: "#fad978", textAlign: "unknown", textAlignVertical: "middle" },
        geometry: { width: 444.08, height: 732.1 }
      },
      Shapes.get(item),
      (shape) => Effect.flatMap(Shapes.toInput(shape), (input) => Shapes.create({ boardId, ...input }))
    ),
    body: {
      ...at,
      data: { content: "<p>foo</p>", shape: "round_rectangle" },
      style: { ...style, borderColor: "#fad978", textAlignVertical: "middle" },
      geometry: { width: 444.08, height: 732.1 }
    }
  },
  "a flowchart's shape": {
    sent: sentAgain(
      { ...added, type: "shape", data: { shape: "flow_chart_process" } },
      FlowchartShapes.get(item),
      (shape) =>
        Effect.flatMap(FlowchartShapes.toInput(shape), (input) => FlowchartShapes.create({ boardId, ...input }))
    ),
    body: { data: { shape: "flow_chart_process" } }
  },
  "a sticky note, by its width alone": {
    sent: sentAgain(payloads.stickyNote, StickyNotes.get(item), (note) =>
      Effect.flatMap(StickyNotes.toInput(note), (input) => StickyNotes.create({ boardId, ...input }))
    ),
    body: {
      data: { content: "<p>Ship it</p>", shape: "square" },
      style: { fillColor: "light_yellow", textAlign: "center", textAlignVertical: "middle" },
      position,
      geometry: { width: 199 }
    }
  },
  "a sticky note of another colour, as an update": {
    sent: sentAgain(payloads.stickyNote, StickyNotes.get(item), (note) =>
      Effect.flatMap(StickyNotes.toInput({ ...note, style: { fillColor: "red" } }), (input) =>
        StickyNotes.update({ ...item, ...input })
      )
    ),
    body: {
      data: { content: "<p>Ship it</p>", shape: "square" },
      style: { fillColor: "red" },
      position,
      geometry: { width: 199 }
    }
  },
  "a text": {
    sent: sentAgain(
      { ...added, ...placed, type: "text", data: { content: "Hi" }, style, geometry: { width: 100, height: 20 } },
      Texts.get(item),
      (text) => Effect.flatMap(Texts.toInput(text), (input) => Texts.create({ boardId, ...input }))
    ),
    body: { ...at, data: { content: "Hi" }, style, geometry: { width: 100 } }
  },
  "an embed": {
    sent: sentAgain(
      {
        ...added,
        ...placed,
        type: "embed",
        data: { url: "https://example.com", mode: "inline", html: "<iframe>", providerName: "Example" },
        geometry: { width: 100, height: 50 }
      },
      Embeds.get(item),
      (embed) => Effect.flatMap(Embeds.toInput(embed), (input) => Embeds.create({ boardId, ...input }))
    ),
    body: { ...at, data: { url: "https://example.com", mode: "inline" }, geometry: { width: 100 } }
  },
  "a frame of a format that only Miro itself makes": {
    sent: sentAgain(
      {
        ...added,
        position: placed.position,
        type: "frame",
        data: { title: "Done", type: "heap", format: "a4", showContent: true },
        style: { fillColor: "#ffffff" },
        geometry: { width: 800, height: 600 }
      },
      Frames.get(item),
      (frame) => Effect.flatMap(Frames.toInput(frame), (input) => Frames.create({ boardId, ...input }))
    ),
    body: {
      position,
      data: { title: "Done", showContent: true },
      style: { fillColor: "#ffffff" },
      geometry: { width: 800, height: 600 }
    }
  },
  "a text document": {
    sent: sentAgain(
      {
        ...added,
        ...placed,
        type: "doc_format",
        data: { contentType: "markdown", content: "# Hi", contentVersion: 3 }
      },
      DocFormats.get({ ...item, textContentType: "markdown" }),
      (doc) => Effect.flatMap(DocFormats.toInput(doc), (input) => DocFormats.create({ boardId, ...input }))
    ),
    body: { ...at, data: { contentType: "markdown", content: "# Hi", contentVersion: 3 } }
  },
  "a code widget": {
    sent: sentAgain(
      { ...added, type: "code_widget", data: { code: "1", language: "javascript", lineNumbersVisible: true } },
      CodeWidgets.get(item),
      (code) => Effect.flatMap(CodeWidgets.toInput(code), (input) => CodeWidgets.create({ boardId, ...input }))
    ),
    body: { data: { code: "1", language: "javascript", lineNumbersVisible: true } }
  },
  "a node of a mind map": {
    sent: sentAgain(
      {
        ...added,
        type: "mindmap_node",
        data: { isRoot: true, nodeView: { type: "text", data: { content: "Hi" }, style: { color: "#000000" } } },
        style: { nodeColor: "#000000" },
        geometry: { width: 100, height: 20 }
      },
      MindMapNodes.get(item),
      (node) => Effect.flatMap(MindMapNodes.toInput(node), (input) => MindMapNodes.create({ boardId, ...input }))
    ),
    body: { data: { nodeView: { data: { type: "text", content: "Hi" } } }, geometry: { width: 100 } }
  },
  "a connector, whose cap the API has no name for": {
    sent: sentAgain(
      {
        ...added,
        type: "connector",
        shape: "curved",
        startItem: { id: "1", position: { x: "100%", y: "50%" }, links: { self: "s" } },
        endItem: { id: "2" },
        captions: [{ content: "<p>then</p>", position: "50%", textAlignVertical: "top" }],
        style: { startStrokeCap: "unknown", endStrokeCap: "stealth", strokeWidth: "2.0" }
      },
      Connectors.get({ boardId, connectorId: "1" }),
      (line) => Effect.flatMap(Connectors.toInput(line), (input) => Connectors.create({ boardId, ...input }))
    ),
    body: {
      shape: "curved",
      startItem: { id: "1", position: { x: "100%", y: "50%" } },
      endItem: { id: "2" },
      captions: [{ content: "<p>then</p>", position: "50%", textAlignVertical: "top" }],
      style: { endStrokeCap: "stealth", strokeWidth: "2.0" }
    }
  },
  "a tag": {
    sent: sentAgain(
      { id: "1", type: "tag", title: "Urgent", fillColor: "red", links: { self: "s" } },
      Tags.get({ boardId, tagId: "1" }),
      (tag) => Effect.flatMap(Tags.toInput(tag), (input) => Tags.create({ boardId, ...input }))
    ),
    body: { title: "Urgent", fillColor: "red" }
  },
  "a board, without the policies that only Miro's support changes": {
    sent: sentAgain(
      {
        ...payloads.board,
        project: { id: "5" },
        policy: {
          permissionsPolicy: { copyAccess: "anyone", sharingAccess: "team_members_and_collaborators" },
          sharingPolicy: { access: "private", teamAccess: "edit", new: 1 }
        }
      },
      Boards.get({ boardId }),
      (board) => Effect.flatMap(Boards.toInput(board), Boards.create)
    ),
    body: {
      name: "Retro",
      description: "",
      teamId: payloads.board.team.id,
      projectId: "5",
      policy: { permissionsPolicy: { copyAccess: "anyone" }, sharingPolicy: { access: "private", teamAccess: "edit" } }
    }
  }
}

describe("toInput makes again", () => {
  for (const [name, { body, sent }] of Object.entries(again)) {
    it.effect(name, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* sent, body)
      })
    )
  }

  it.effect("items of several types at once", () =>
    Effect.gen(function* () {
      const items = yield* Items.list
        .items({ boardId })
        .pipe(Stream.filter(Items.isCreatable), Stream.mapEffect(Items.toInput), Stream.runCollect)
      yield* Items.createBulk({ boardId: "copy", items })
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(JSON.parse(sent[1]?.body ?? ""), [
        { type: "text", data: { content: "a" } },
        { type: "frame", data: { title: "b" }, geometry: { width: 300, height: 200 } }
      ])
    }).pipe(
      http.replying(
        http.json({
          data: [
            { ...added, type: "text", data: { content: "a" } },
            { ...added, type: "hologram" },
            { ...added, type: "image", data: { title: "c" } },
            { ...added, type: "frame", data: { title: "b", format: "a4" }, geometry: { width: 300, height: 200 } }
          ]
        }),
        http.json({ data: [] })
      )
    )
  )

  it.effect("an image and a document, from their bytes", () =>
    Effect.gen(function* () {
      const image = yield* Images.get(item)
      const document = yield* Documents.get(item)
      assert.deepStrictEqual(yield* Images.toFileInput(image), {
        ...at,
        title: "Team",
        altText: "Five people",
        geometry: { width: 100 }
      })
      assert.deepStrictEqual(yield* Documents.toFileInput(document), { title: "Plan" })
    }).pipe(
      http.replying(
        http.json({
          ...added,
          ...placed,
          type: "image",
          data: {
            title: "Team",
            altText: "Five people",
            imageUrl: "https://api.miro.com/v2/boards/b/resources/images/1"
          },
          geometry: { width: 100, height: 50 }
        }),
        http.json({ ...added, type: "document", data: { title: "Plan", documentUrl: "https://api.miro.com/d" } })
      )
    )
  )
})

describe("toInput refuses, before anything is sent,", () => {
  const refuses = (
    name: string,
    input: Effect.Effect<unknown, MiroError.MiroError>,
    issue: { readonly path: ReadonlyArray<string>; readonly message: RegExp }
  ) =>
    it.effect(name, () =>
      Effect.gen(function* () {
        const { reason } = yield* http.failsWith(input, "InvalidInput")
        assert.deepStrictEqual(
          reason.issues.map(({ path }) => path),
          [issue.path]
        )
        assert.match(reason.message, issue.message)
      })
    )

  refuses(
    "an item that the API does not support",
    StickyNotes.toInput({ id: "1", type: "sticky_note", isSupported: false, data: {} }),
    {
      path: [],
      message: /no data/
    }
  )
  refuses("an item without its data", Shapes.toInput({ id: "1", type: "shape" }), { path: [], message: /no data/ })
  refuses("an embed without its URL", Embeds.toInput({ id: "1", type: "embed", data: {} }), {
    path: ["data", "url"],
    message: /Missing key/
  })
  refuses(
    "a text document in HTML",
    DocFormats.toInput({ id: "1", type: "doc_format", data: { contentType: "html", content: "<p>" } }),
    { path: ["data", "contentType"], message: /textContentType: "markdown"/ }
  )
  refuses("a connector that ends nowhere", Connectors.toInput({ id: "1", startItem: { id: "2" }, endItem: {} }), {
    path: ["endItem", "id"],
    message: /ends at no item/
  })
  refuses(
    "an item of a type that cannot be created, for those without types",
    Items.toInput({ id: "1", type: "preview" } as never),
    { path: ["type"], message: /preview/ }
  )

  it("an item of a type that cannot be created, for the compiler", () => {
    // Compiled only.
    const _images = (item: Item) => [
      // @ts-expect-error an image needs its bytes
      Items.toInput(item),
      ...(item.type === "card" ? [Effect.map(Items.toInput(item), ({ type }): "card" => type)] : [])
    ]
    assert.isFunction(_images)
  })
})
