import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { MiroSandbox } from "effect-miro/sandbox"
import { layerHttpClient } from "./documented.ts"
import * as support from "./support.ts"

const inProcess = Effect.provide(layerHttpClient)

const items = (boardId: string, query = "") =>
  support.send<support.Page<support.Item>>("GET", support.boardPath(boardId, `/items${query}`))

const createFrame = (boardId: string, body: Record<string, unknown> = {}) =>
  Effect.map(
    support.send<support.Item>("POST", support.boardPath(boardId, "/frames"), { json: { data: {}, ...body } }),
    ({ json }) => json
  )

const patchItem = (boardId: string, itemId: string, json: unknown) =>
  support.send<support.Item & support.ErrorBody>("PATCH", support.boardPath(boardId, `/items/${itemId}`), { json })

const patchNote = (boardId: string, itemId: string, json: unknown) =>
  support.send<support.Item & support.ErrorBody>("PATCH", support.boardPath(boardId, `/sticky_notes/${itemId}`), {
    json
  })

describe("sticky notes", () => {
  it.effect("are created with Miro's defaults", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const { json, status } = yield* support.send("POST", support.boardPath(boardId, "/sticky_notes"))
      assert.strictEqual(status, 201)
      assert.deepStrictEqual(json, {
        id: "3458764517517819001",
        type: "sticky_note",
        data: { content: "", shape: "square" },
        style: { fillColor: "light_yellow", textAlign: "center", textAlignVertical: "top" },
        geometry: { width: 199, height: 228 },
        position: { x: 0, y: 0, origin: "center", relativeTo: "canvas_center" },
        links: { self: `https://api.miro.com${support.boardPath(boardId, "/sticky_notes/3458764517517819001")}` },
        createdAt: "1970-01-01T00:00:00Z",
        createdBy: { id: "3074457353169356300", type: "user" },
        modifiedAt: "1970-01-01T00:00:00Z",
        modifiedBy: { id: "3074457353169356300", type: "user" }
      })
      assert.strictEqual((yield* support.createStickyNote(boardId)).id, "3458764517517819002")
    }).pipe(inProcess)
  )

  it.effect("change only in what was sent", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { id: boardId } = yield* support.createBoard()
      const note = yield* support.createStickyNote(boardId, {
        data: { content: "one", shape: "rectangle" },
        style: { fillColor: "blue" },
        position: { x: 10, y: 20 }
      })
      assert.deepStrictEqual(note.geometry, { width: 350, height: 228 })
      yield* TestClock.adjust("1 minute")
      const { accessToken } = yield* sandbox.issueTokens({ userId: "42" })
      yield* support.send("PATCH", support.boardPath(boardId), {
        json: { policy: { sharingPolicy: { teamAccess: "edit" } } }
      })
      const path = support.boardPath(boardId, `/sticky_notes/${note.id}`)
      const { json, status } = yield* support.send<support.Item>("PATCH", path, {
        token: accessToken,
        json: { data: { content: "two" }, style: { textAlign: "left" }, position: { x: 11 }, geometry: { width: 700 } }
      })
      assert.strictEqual(status, 200)
      assert.deepStrictEqual(json, {
        ...note,
        data: { content: "two", shape: "rectangle" },
        style: { fillColor: "blue", textAlign: "left", textAlignVertical: "top" },
        position: { ...note.position, x: 11 },
        geometry: { width: 700, height: 456 },
        modifiedAt: "1970-01-01T00:01:00Z",
        modifiedBy: { id: "42", type: "user" }
      })
      const untouched = yield* patchNote(boardId, note.id, {})
      assert.deepStrictEqual(untouched.json.data, json.data)
      assert.deepStrictEqual(untouched.json.geometry, json.geometry)
      for (const read of [path, support.boardPath(boardId, `/items/${note.id}`)]) {
        assert.deepStrictEqual((yield* support.send("GET", read)).json, untouched.json)
      }
    }).pipe(inProcess)
  )

  it.effect("keep their proportions", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const note = yield* support.createStickyNote(boardId, { geometry: { height: 114 } })
      assert.deepStrictEqual(note.geometry, { width: 99.5, height: 114 })
      const { json } = yield* patchNote(boardId, note.id, { data: { shape: "rectangle" } })
      assert.deepStrictEqual(json.geometry, { width: 175, height: 114 })
    }).pipe(inProcess)
  )

  it.effect("give text back as Miro stores it", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const note = yield* support.createStickyNote(boardId, {
        data: { content: `<p>say "hi" &amp; <a href="https://miro.com">go</a></p> 1 < 2` }
      })
      assert.strictEqual(note.data["content"], `<p>say &#34;hi&#34; &amp; <a href="https://miro.com">go</a></p> 1 < 2`)
    }).pipe(inProcess)
  )

  it.effect.each([
    [{ data: { shape: "circle" } }, "data.shape", "Unexpected value [circle], expected one of: [square, rectangle]"],
    [
      { style: { textAlign: "justify" } },
      "style.textAlign",
      "Unexpected value [justify], expected one of: [left, right, center]"
    ],
    [{ data: { title: "x" } }, "data.title", "Field [data.title] is not supported"],
    [{ metadata: {} }, "metadata", "Field [metadata] is not supported"],
    [{ position: { origin: "top_left" } }, "position.origin", "Unexpected value [top_left], expected one of: [center]"],
    [{ geometry: { width: 1, height: 1 } }, "geometry", "Width and height cannot be set at the same time"],
    [{ geometry: { width: 0 } }, "geometry.width", "Must be greater than 0"],
    [{ data: null }, "data", "Unexpected value [null]"],
    [{ style: { fillColor: null } }, "style.fillColor", null],
    [{ data: { content: 1 } }, "data.content", "Unexpected value [1]"],
    [{ parent: { id: "1" } }, "parent.id", "There is no frame [1] on the board"],
    [{ parent: {} }, "parent.id", "Field [parent.id] is required"],
    [[], "", "Unexpected value [[]]"]
  ] as const)("refuse %j", ([json, field, message]) =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const note = yield* support.createStickyNote(boardId)
      const created = yield* support.send<support.ErrorBody>("POST", support.boardPath(boardId, "/sticky_notes"), {
        json
      })
      const patched = yield* patchNote(boardId, note.id, json)
      for (const refused of [created, patched]) {
        assert.strictEqual(refused.status, 400)
        assert.strictEqual(refused.json.code, "2.0703")
        assert.strictEqual(refused.json.message, "Invalid parameters")
        const fields = refused.json.context?.fields ?? []
        assert.deepStrictEqual(
          fields.map((error) => error.field),
          [field]
        )
        if (message !== null) assert.strictEqual(fields[0]?.message, message)
      }
      const page = yield* items(boardId)
      assert.deepStrictEqual(page.json.data, [note])
    }).pipe(inProcess)
  )

  it.effect("name every fault at once", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const { json } = yield* support.send<support.ErrorBody>("POST", support.boardPath(boardId, "/sticky_notes"), {
        json: { data: { shape: "x", content: null }, colour: "red" }
      })
      assert.sameMembers(json.context?.fields?.map(({ field }) => field) ?? [], [
        "data.shape",
        "data.content",
        "colour"
      ])
    }).pipe(inProcess)
  )

  it.effect("are not found as something else, nor on another board, nor once deleted", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const { id: otherId } = yield* support.createBoard()
      const note = yield* support.createStickyNote(boardId)
      const path = support.boardPath(boardId, `/sticky_notes/${note.id}`)
      const missing = {
        type: "error",
        code: "3.0201",
        context: { boardId: { value: boardId } },
        message: "Item not found",
        status: 404
      }
      const asFrame = yield* support.send("GET", support.boardPath(boardId, `/frames/${note.id}`))
      assert.deepStrictEqual(asFrame.json, missing)
      assert.strictEqual((yield* support.send("GET", support.boardPath(otherId, `/items/${note.id}`))).status, 404)

      assert.strictEqual((yield* support.send("DELETE", path)).status, 204)
      for (const method of ["GET", "PATCH", "DELETE"] as const) {
        const { json, status } = yield* support.send(method, path)
        assert.strictEqual(status, 404)
        assert.deepStrictEqual(json, missing)
      }
    }).pipe(inProcess)
  )
})

describe("a parent", () => {
  it.effect("is where positions count from, and an item stays in place when it changes", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const frame = yield* createFrame(boardId, { position: { x: 1000, y: 0 }, geometry: { width: 400, height: 200 } })
      const note = yield* support.createStickyNote(boardId, { position: { x: 900, y: 10 } })

      const attached = yield* patchItem(boardId, note.id, { parent: { id: frame.id } })
      assert.strictEqual(attached.status, 200)
      assert.strictEqual(attached.json.parent?.id, frame.id)
      assert.deepInclude(attached.json.position, { x: 100, y: 110, relativeTo: "parent_top_left" })

      const moved = yield* patchItem(boardId, note.id, { position: { x: 300 } })
      assert.deepInclude(moved.json.position, { x: 300, y: 110 })

      const detached = yield* patchItem(boardId, note.id, { parent: { id: null } })
      assert.isUndefined(detached.json.parent)
      assert.deepInclude(detached.json.position, { x: 1100, y: 10, relativeTo: "canvas_center" })

      yield* patchItem(boardId, note.id, { parent: { id: frame.id } })
      const again = yield* patchItem(boardId, note.id, { parent: null })
      assert.isUndefined(again.json.parent)
      assert.deepStrictEqual(again.json.position, detached.json.position)
    }).pipe(inProcess)
  )

  it.effect("has boundaries", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const frame = yield* createFrame(boardId, { geometry: { width: 400, height: 200 } })
      const inside = { parent: { id: frame.id }, position: { x: 400, y: 200 } }
      const note = yield* support.createStickyNote(boardId, inside)
      assert.strictEqual(note.parent?.id, frame.id)
      const outside = yield* patchNote(boardId, note.id, { position: { x: 401 } })
      assert.strictEqual(outside.status, 400)
      assert.deepStrictEqual(outside.json.context?.fields, [
        { field: "position", message: "new position is outside of parent boundaries" }
      ])
    }).pipe(inProcess)
  )

  it.effect("does not shrink under what is in it", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const frame = yield* createFrame(boardId, { geometry: { width: 400, height: 200 } })
      yield* support.createStickyNote(boardId, { parent: { id: frame.id }, position: { x: 90, y: 60 } })
      const resize = (geometry: object) =>
        support.send("PATCH", support.boardPath(boardId, `/frames/${frame.id}`), { json: { geometry } })
      assert.strictEqual((yield* resize({ height: 50 })).status, 400)
      assert.strictEqual((yield* resize({ width: 90, height: 60 })).status, 200)
    }).pipe(inProcess)
  )

  it.effect("is a frame, and not an item of another kind or the frame of a frame", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const frame = yield* createFrame(boardId)
      const [first, second] = yield* Effect.all([support.createStickyNote(boardId), support.createStickyNote(boardId)])
      assert.strictEqual((yield* patchItem(boardId, first.id, { parent: { id: second.id } })).status, 400)
      assert.strictEqual((yield* patchItem(boardId, frame.id, { parent: { id: frame.id } })).status, 400)
    }).pipe(inProcess)
  )

  it.effect("takes its children with it when it is deleted", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const frame = yield* createFrame(boardId, { position: { x: 50, y: 50 }, geometry: { width: 100, height: 100 } })
      const note = yield* support.createStickyNote(boardId, { parent: { id: frame.id }, position: { x: 5, y: 6 } })
      yield* support.send("DELETE", support.boardPath(boardId, `/frames/${frame.id}`))
      const { status } = yield* support.send("GET", support.boardPath(boardId, `/items/${note.id}`))
      assert.strictEqual(status, 404)
    }).pipe(inProcess)
  )

  it.effect("needs its data, and takes a width and a height", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const refused = yield* support.send<support.ErrorBody>("POST", support.boardPath(boardId, "/frames"), {
        json: {}
      })
      assert.deepStrictEqual(refused.json.context?.fields, [
        { field: "data", message: "Field [data] of type [Object] is required" }
      ])
      const frame = yield* createFrame(boardId, { data: { title: "Goals" } })
      assert.strictEqual(frame.data["title"], "Goals")
      assert.deepStrictEqual(frame.geometry, { width: 800, height: 450 })
    }).pipe(inProcess)
  )
})

describe("the list of items", () => {
  const pageThrough = (
    boardId: string,
    query: string,
    between: (page: number) => Effect.Effect<unknown, unknown, HttpClient.HttpClient>
  ) =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      let cursor: string | undefined = ""
      let pages = 0
      while (cursor !== undefined) {
        const page: support.Reply<support.Page<support.Item>> = yield* items(
          boardId,
          `?${query}&cursor=${encodeURIComponent(cursor)}`
        )
        seen.push(...page.json.data.map(({ id }) => id))
        cursor = page.json.cursor
        pages += 1
        yield* between(pages)
      }
      return { pages, seen }
    })

  const createMany = (boardId: string, length: number) =>
    Effect.map(Effect.all(Array.from({ length }, () => support.createStickyNote(boardId))), (notes) =>
      notes.map(({ id }) => id)
    )

  it.effect("is paged by cursor", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const ids = yield* createMany(boardId, 25)
      const first = yield* items(boardId)
      assert.strictEqual(first.json.type, "cursor-list")
      assert.deepInclude(first.json, { total: 25, size: 10, limit: 10 })
      assert.isTrue(first.json.links["self"]?.endsWith("&cursor="))
      const { json: second } = yield* support.send<support.Page<support.Item>>(
        "GET",
        first.json.links["next"]?.replace("https://api.miro.com", "") ?? ""
      )
      assert.deepStrictEqual(
        second.data.map(({ id }) => id),
        ids.slice(10, 20)
      )
      const last = yield* items(boardId, `?cursor=${encodeURIComponent(second.cursor ?? "")}`)
      assert.deepInclude(last.json, { total: 25, size: 5 })
      assert.notProperty(last.json, "cursor")
      assert.deepStrictEqual((yield* pageThrough(boardId, "limit=10", () => Effect.void)).seen, ids)
    }).pipe(inProcess)
  )

  it.effect("ends without an empty page", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      yield* createMany(boardId, 20)
      const { pages, seen } = yield* pageThrough(boardId, "limit=10", () => Effect.void)
      assert.strictEqual(pages, 2)
      assert.strictEqual(seen.length, 20)
      const empty = yield* support.createBoard()
      assert.deepInclude((yield* items(empty.id)).json, { data: [], total: 0, size: 0 })
    }).pipe(inProcess)
  )

  it.effect("neither skips nor repeats when items come and go meanwhile", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const ids = yield* createMany(boardId, 50)
      const doomed = [
        // All of the first page, with the item that its cursor stands on.
        ids.slice(0, 10),
        // One that was seen, and two that were not.
        [ids[11], ids[25], ids[30]]
      ]
      const added: Array<string> = []
      const { seen } = yield* pageThrough(boardId, "limit=10", (page) =>
        Effect.gen(function* () {
          yield* Effect.forEach(doomed[page - 1] ?? [], (id) =>
            support.send("DELETE", support.boardPath(boardId, `/items/${id}`))
          )
          if (page < 3) added.push((yield* support.createStickyNote(boardId)).id)
        })
      )
      const unseen = [ids[25], ids[30]]
      assert.deepStrictEqual(seen, [...ids.filter((id) => !unseen.includes(id)), ...added])
    }).pipe(inProcess)
  )

  it.effect("is filtered by type and by parent", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const frame = yield* createFrame(boardId)
      const notes = yield* createMany(boardId, 12)
      yield* Effect.forEach(notes.slice(1), (id) =>
        patchItem(boardId, id, { parent: { id: frame.id }, position: { x: 1, y: 1 } })
      )
      const frames = yield* items(boardId, "?type=frame")
      assert.deepStrictEqual(
        frames.json.data.map(({ id }) => id),
        [frame.id]
      )
      assert.strictEqual(frames.json.total, 1)
      const { seen } = yield* pageThrough(boardId, `parent_item_id=${frame.id}&type=sticky_note`, () => Effect.void)
      assert.deepStrictEqual(seen, notes.slice(1))
      assert.strictEqual((yield* items(boardId, "?parent_item_id=1")).status, 404)
      assert.deepStrictEqual((yield* items(boardId, "?type=text")).json.data, [])
    }).pipe(inProcess)
  )

  it.effect.each([
    ["limit=9", "limit", "minimum items page size is 10"],
    ["limit=51", "limit", "maximum items page size is 50"],
    ["limit=1e1", "limit", "Has illegal integer number value"],
    ["cursor=nonsense", "cursor", "Unexpected value [nonsense]"],
    [
      "type=stickies",
      "type",
      "Unexpected value [stickies], expected one of: [text, shape, sticky_note, image, document, card, app_card, preview, frame, embed, doc_format, data_table_format]"
    ]
  ] as const)("refuses %s", ([query, field, message]) =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const { json, status } = yield* support.send<support.ErrorBody>(
        "GET",
        support.boardPath(boardId, `/items?${query}`)
      )
      assert.strictEqual(status, 400)
      assert.deepStrictEqual(json.context?.fields, [{ field, message }])
    }).pipe(inProcess)
  )
})

describe("deleting with a tag", () => {
  it.effect("never deletes the item, and with an empty one does, as Miro's routes have it", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* support.createBoard()
      const note = yield* support.createStickyNote(boardId)
      const path = support.boardPath(boardId, `/items/${note.id}`)
      assert.strictEqual((yield* support.send("DELETE", `${path}?tag_id=7`)).status, 404)
      assert.strictEqual((yield* support.send("GET", path)).status, 200)
      assert.strictEqual((yield* support.send("DELETE", `${path}?tag_id=`)).status, 204)
      assert.strictEqual((yield* support.send("GET", path)).status, 404)
    }).pipe(inProcess)
  )
})
