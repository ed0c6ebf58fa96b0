import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { MiroSandbox } from "effect-miro/sandbox"
import { layerHttpClient } from "./documented.ts"
import * as support from "./support.ts"

const inProcess = Effect.provide(layerHttpClient)

const list = (query = "") => support.send<support.Page<support.Board>>("GET", `/v2/boards${query}`)

const names = (page: support.Reply<support.Page<support.Board>>) => page.json.data.map(({ name }) => name)

describe("boards", () => {
  it.effect("are created with Miro's defaults", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 4, 20, 6, 38, 21, 987))
      const { json, status } = yield* support.send<support.Board>("POST", "/v2/boards", { json: { name: "Retro" } })
      assert.strictEqual(status, 201)
      const { id, ...rest } = json
      assert.match(id, /^uXjV[\w-]{7}=$/)
      const self = `https://api.miro.com/v2/boards/${encodeURIComponent(id)}`
      const user = { type: "user", id: "3074457353169356300", name: "Sandbox User" }
      const permissionsPolicy = {
        collaborationToolsStartAccess: "all_editors",
        copyAccess: "anyone",
        copyAccessLevel: "anyone",
        sharingAccess: "team_members_with_editing_rights"
      }
      const sharingPolicy = {
        access: "private",
        inviteToAccountAndBoardLinkAccess: "no_access",
        organizationAccess: "private",
        teamAccess: "private"
      }
      assert.deepStrictEqual(rest, {
        type: "board",
        name: "Retro",
        description: "",
        links: { self, related: `${self}/members?limit=20&offset=0` },
        createdAt: "2026-05-20T06:38:21Z",
        createdBy: user,
        currentUserMembership: { ...user, role: "owner", type: "board_member" },
        modifiedAt: "2026-05-20T06:38:21Z",
        modifiedBy: user,
        owner: user,
        permissionsPolicy,
        sharingPolicy,
        policy: { permissionsPolicy, sharingPolicy },
        team: {
          id: "3074457358607431473",
          name: "Sandbox team",
          type: "team"
        },
        viewLink: `https://miro.com/app/board/${id}`
      })
      const untitled = yield* support.send<support.Board>("POST", "/v2/boards")
      assert.strictEqual(untitled.json.name, "Untitled")
    }).pipe(inProcess)
  )

  it.effect("change only in what was sent", () =>
    Effect.gen(function* () {
      const created = yield* support.send<support.Board>("POST", "/v2/boards", {
        json: {
          name: "Retro",
          description: "Sprint 1",
          policy: { sharingPolicy: { access: "view", teamAccess: "edit" } },
          projectId: "7"
        }
      })
      const path = support.boardPath(created.json.id)
      yield* TestClock.adjust("5 seconds")
      const { json, status } = yield* support.send<support.Board>("PATCH", path, {
        json: { description: "", policy: { sharingPolicy: { teamAccess: "comment" } } }
      })
      assert.strictEqual(status, 200)
      assert.strictEqual(json.name, "Retro")
      assert.strictEqual(json.description, "")
      assert.deepStrictEqual(json["project"], { id: "7" })
      assert.deepStrictEqual(json.policy["sharingPolicy"], {
        access: "view",
        inviteToAccountAndBoardLinkAccess: "no_access",
        organizationAccess: "private",
        teamAccess: "comment"
      })
      assert.deepStrictEqual(json["sharingPolicy"], json.policy["sharingPolicy"])
      assert.strictEqual(json["createdAt"], "1970-01-01T00:00:00Z")
      assert.strictEqual(json["modifiedAt"], "1970-01-01T00:00:05Z")

      const read = yield* support.send<support.Board>("GET", path)
      const { lastOpenedAt, lastOpenedBy, ...board } = read.json
      assert.deepStrictEqual(board, json)
      assert.strictEqual(lastOpenedAt, "1970-01-01T00:00:00Z")
      assert.isDefined(lastOpenedBy)
    }).pipe(inProcess)
  )

  it.effect("are deleted with their items", () =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard()
      const note = yield* support.createStickyNote(id)
      const path = support.boardPath(id)
      const removed = yield* support.send("DELETE", path)
      assert.strictEqual(removed.status, 204)
      assert.strictEqual(removed.text, "")
      for (const gone of [path, `${path}/items`, `${path}/items/${note.id}`, `${path}/sticky_notes/${note.id}`]) {
        const { json, status } = yield* support.send<support.ErrorBody>("GET", gone)
        assert.strictEqual(status, 404)
        assert.strictEqual(json.message, "Board not found")
      }
      assert.strictEqual((yield* support.send("DELETE", path)).status, 404)
      assert.strictEqual((yield* list()).json.total, 0)
    }).pipe(inProcess)
  )

  it.effect("are copied with their items and frames, under new ids", () =>
    Effect.gen(function* () {
      const { id } = yield* support.createBoard("Template")
      const framed = yield* support.createStickyNote(id, { data: { content: "framed" } })
      const frame = yield* support.send<support.Item>("POST", support.boardPath(id, "/frames"), { json: { data: {} } })
      yield* support.send("PATCH", support.boardPath(id, `/items/${framed.id}`), {
        json: { parent: { id: frame.json.id } }
      })
      const copied = yield* support.send<support.Board>("PUT", `/v2/boards?copy_from=${encodeURIComponent(id)}`, {
        json: { description: "A copy" }
      })
      assert.strictEqual(copied.status, 201)
      assert.strictEqual(copied.json.name, "Template")
      assert.strictEqual(copied.json.description, "A copy")
      assert.notStrictEqual(copied.json.id, id)

      yield* support.send("DELETE", support.boardPath(id))
      const items = yield* support.send<support.Page<support.Item>>("GET", support.boardPath(copied.json.id, "/items"))
      assert.deepStrictEqual(
        items.json.data.map(({ type }) => type),
        ["sticky_note", "frame"]
      )
      const [note, newFrame] = items.json.data
      assert.strictEqual(note?.data["content"], "framed")
      assert.strictEqual(note?.parent?.id, newFrame?.id)
      assert.notStrictEqual(note?.id, framed.id)

      assert.strictEqual((yield* support.send("PUT", "/v2/boards", { json: {} })).status, 400)
      assert.strictEqual((yield* support.send("PUT", "/v2/boards?copy_from=nope", { json: {} })).status, 404)
      const moved = yield* support.send<support.ErrorBody>("PUT", `/v2/boards?copy_from=${copied.json.id}`, {
        json: { projectId: "7" }
      })
      assert.deepStrictEqual(moved.json.context?.fields, [
        { field: "projectId", message: "Field [projectId] is not supported" }
      ])
    }).pipe(inProcess)
  )

  it.effect("belong to who created them", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { accessToken, userId } = yield* sandbox.issueTokens({ userId: "42" })
      const mine = yield* support.send<support.Board>("POST", "/v2/boards", {
        token: accessToken,
        json: { policy: { sharingPolicy: { teamAccess: "edit" } } }
      })
      yield* support.createBoard()
      const owned = yield* list(`?owner=${userId}`)
      assert.deepStrictEqual(
        owned.json.data.map(({ id }) => id),
        [mine.json.id]
      )
      assert.propertyVal(owned.json.data[0]?.["currentUserMembership"], "role", "editor")
    }).pipe(inProcess)
  )

  it.effect("are seen by their members and whom the sharing policy lets in, and do not exist for others", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const { accessToken } = yield* sandbox.issueTokens({ userId: "42" })
      const { id } = (yield* support.send<support.Board>("POST", "/v2/boards", { token: accessToken })).json
      const path = support.boardPath(id)
      const statuses = Effect.all([
        support.send("GET", path),
        support.send("GET", `${path}/items`),
        support.send("PUT", `/v2/boards?copy_from=${encodeURIComponent(id)}`)
      ]).pipe(Effect.map((responses) => responses.map(({ status }) => status)))
      assert.deepStrictEqual(yield* statuses, [404, 404, 404])
      assert.propertyVal(yield* support.send("DELETE", path), "status", 404)
      assert.lengthOf((yield* list("")).json.data, 0)

      yield* support.send("PATCH", path, {
        token: accessToken,
        json: { policy: { sharingPolicy: { teamAccess: "view" } } }
      })
      assert.lengthOf((yield* list("")).json.data, 1)
      assert.deepStrictEqual(yield* statuses, [200, 200, 201])
    }).pipe(inProcess)
  )
})

describe("the list of boards", () => {
  it.effect("is paged by offset to the end", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(
        Array.from({ length: 45 }, (_, index) => index),
        (index) => support.createBoard(`${index}`)
      )
      const first = yield* list()
      assert.strictEqual(first.json.type, "list")
      assert.strictEqual(first.json.limit, 20)
      assert.strictEqual(first.json.size, 20)
      assert.strictEqual(first.json.total, 45)
      assert.isUndefined(first.json.links["prev"])

      const seen: Array<string> = []
      let next: string | undefined = "/v2/boards?limit=10"
      while (next !== undefined) {
        const page: support.Reply<support.Page<support.Board>> = yield* support.send<support.Page<support.Board>>(
          "GET",
          next
        )
        seen.push(...names(page))
        next = page.json.links["next"]?.replace("https://api.miro.com", "")
      }
      assert.deepStrictEqual(
        seen,
        Array.from({ length: 45 }, (_, index) => `${44 - index}`)
      )
      const beyond = yield* list("?offset=45")
      assert.deepStrictEqual(beyond.json.data, [])
      assert.strictEqual(beyond.json.offset, 45)
    }).pipe(inProcess)
  )

  it.effect("moves on when a board is inserted, as Miro's does", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(["a", "b", "c"], support.createBoard)
      assert.deepStrictEqual(names(yield* list("?limit=2")), ["c", "b"])
      yield* support.createBoard("d")
      assert.deepStrictEqual(names(yield* list("?limit=2&offset=2")), ["b", "a"])
    }).pipe(inProcess)
  )

  it.effect("is filtered and sorted", () =>
    Effect.gen(function* () {
      const create = (json: unknown) => support.send<support.Board>("POST", "/v2/boards", { json })
      const retro = yield* create({ name: "Retro", teamId: "1" })
      yield* create({ name: "Plan", description: "after the RETRO", teamId: "1", projectId: "2" })
      yield* create({ name: "Alpha", teamId: "3" })
      yield* TestClock.adjust("1 second")
      yield* support.send("PATCH", support.boardPath(retro.json.id), { json: { description: "x" } })

      assert.deepStrictEqual(names(yield* list("?query=retro")), ["Plan", "Retro"])
      assert.deepStrictEqual(names(yield* list("?team_id=1")), ["Plan", "Retro"])
      assert.deepStrictEqual(names(yield* list("?project_id=2")), ["Plan"])
      assert.deepStrictEqual(names(yield* list("?team_id=1&sort=last_modified")), ["Retro", "Plan"])
      assert.deepStrictEqual(names(yield* list("?team_id=1&sort=alphabetically")), ["Plan", "Retro"])
      // The text is ignored where a team is given, and the order where none is.
      assert.deepStrictEqual(names(yield* list("?team_id=3&query=retro")), ["Alpha"])
      assert.deepStrictEqual(names(yield* list("?sort=alphabetically")), ["Alpha", "Plan", "Retro"])
      assert.deepStrictEqual(names(yield* list("?owner=nobody")), [])
    }).pipe(inProcess)
  )

  it.effect.each([
    ["limit=0", "limit", "minimum boards page size is 1"],
    ["limit=51", "limit", "maximum boards page size is 50"],
    ["limit=ten", "limit", "Has illegal integer number value"],
    ["offset=-1", "offset", "minimum offset is 0"],
    [
      "sort=up",
      "sort",
      "Unexpected value [up], expected one of: [default, last_modified, last_opened, last_created, alphabetically]"
    ]
  ] as const)("refuses %s", ([query, field, message]) =>
    Effect.gen(function* () {
      const { json, status } = yield* support.send<support.ErrorBody>("GET", `/v2/boards?${query}`)
      assert.strictEqual(status, 400)
      assert.deepStrictEqual(json.context?.fields, [{ field, message }])
    }).pipe(inProcess)
  )
})
