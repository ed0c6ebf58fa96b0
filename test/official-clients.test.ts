/**
 * What Miro's own clients get wrong with data, each with the number of the
 * report or a sentence that says what happens there. What they get wrong with
 * tokens and faults is in `auth/` and `client/`.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Redacted, Stream } from "effect"
import {
  AuditLogs,
  Boards,
  ContentLogs,
  BoardMembers,
  Connectors,
  DataClassification,
  Documents,
  Frames,
  Groups,
  Images,
  Items,
  MindMapNodes,
  type MiroError,
  OrganizationMembers,
  ProjectMembers,
  Projects,
  ScimClient,
  ScimUsers,
  Shapes,
  StickyNotes,
  Tags,
  TeamMembers,
  Teams,
  Tokens,
  UserGroups
} from "effect-miro"
import * as http from "./support/http.ts"
import { observe } from "./support/observe.ts"
import * as payloads from "./support/payloads.ts"
import { jsonOf, serve } from "./support/uploads.ts"
import { FetchHttpClient } from "effect/http"
import { AccessToken, MiroClient } from "effect-miro"

type Call = Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>

type List = Stream.Stream<unknown, MiroError.MiroError, MiroClient.MiroClient>

/** The same value, but without what its type says of it. */
const untyped = (value: unknown): unknown => value

const lastSent = http.Wire.useSync(({ sent }) => sent.at(-1) ?? assert.fail("nothing was sent"))

const lastBody = Effect.map(lastSent, ({ body = "" }): unknown => JSON.parse(body))

/** What a call writes into its body. */
const bodyOf = <A, R>(call: Effect.Effect<A, MiroError.MiroError, R>, response: object) =>
  Effect.andThen(call, lastBody).pipe(http.replying(http.json(response)))

/** A call whose response fits without a warning. */
const quietly = <A, R>(call: Effect.Effect<A, MiroError.MiroError, R>) =>
  Effect.gen(function* () {
    const { exit, logs } = yield* observe(call)
    assert.deepStrictEqual(logs, [])
    return yield* exit
  })

const uploading = <A>(call: Effect.Effect<A, MiroError.MiroError, MiroClient.MiroClient>, response: object) =>
  Effect.gen(function* () {
    const { origin, uploads } = yield* serve(response)
    yield* Effect.provide(
      call,
      MiroClient.layer({ baseUrl: origin }).pipe(
        Layer.provide(AccessToken.layer(http.token)),
        Layer.provide(FetchHttpClient.layer)
      )
    )
    return uploads
  }).pipe(Effect.scoped)

const pdf = { content: new Uint8Array([37, 80, 68, 70]), filename: "Plan 2.pdf" }

describe("values that Miro does not document", () => {
  it.effect("do not end the list of connectors: stroke caps (#396, #404)", () =>
    Effect.gen(function* () {
      const response = {
        data: [
          { id: "1", type: "connector", style: { startStrokeCap: "unknown", endStrokeCap: "new_cap" } },
          { id: "2", type: "connector", shape: "zigzag", style: { strokeStyle: "wavy", textOrientation: "up" } }
        ],
        type: "cursor-list"
      }
      const { data } = yield* quietly(Connectors.list({ boardId: "uXjVK8dMhnw=" })).pipe(
        http.replying(http.json(response))
      )
      assert.deepStrictEqual(untyped(data), response.data)
    })
  )

  it.effect("do not break what is written either: a shape from a flow chart (k-jarzyna/mcp-miro#9)", () =>
    Effect.gen(function* () {
      const sent = yield* bodyOf(Shapes.create({ boardId: "b", data: { shape: "flow_chart_or" } }), {
        id: "1",
        type: "shape"
      })
      assert.deepStrictEqual(sent, { data: { shape: "flow_chart_or" } })
    })
  )

  it.effect("are taken for what they are where an admin looks at roles and licenses", () =>
    Effect.gen(function* () {
      const member = {
        id: "1",
        active: true,
        email: "anna@example.com",
        license: "super_full",
        role: "organization_overlord"
      }
      const found = yield* quietly(OrganizationMembers.get({ orgId: "1", memberId: "1" })).pipe(
        http.replying(http.json(member))
      )
      assert.deepStrictEqual(untyped(found), member)
    })
  )
})

describe("items", () => {
  it.effect("are told apart by their type, not by what their data looks like", () =>
    Effect.gen(function* () {
      const data = [
        { id: "1", type: "sticky_note", data: { content: "a", shape: "rectangle" } },
        { id: "2", type: "shape", data: { content: "a", shape: "flow_chart_process" } },
        { id: "3", type: "doc_format", data: {} },
        { id: "4", type: "card", data: { title: "t", description: "d" } },
        { id: "5", type: "text", data: { content: "a" } }
      ]
      const page = yield* quietly(Items.list({ boardId: "b" })).pipe(http.replying(http.json({ data })))
      assert.deepStrictEqual(untyped(page.data), data)
      assert.deepStrictEqual(
        page.data.map(({ type }) => type),
        data.map(({ type }) => type)
      )
    })
  )

  it.effect("in a frame say that their place is counted from its corner", () =>
    Effect.gen(function* () {
      const position = { x: 5, y: 6, origin: "center", relativeTo: "parent_top_left" }
      const { data } = yield* Items.listInFrame({ boardId: "b", parentItemId: "7" }).pipe(
        http.replying(http.json({ data: [{ id: "1", type: "text", position, parent: { id: "7" } }] }))
      )
      assert.deepStrictEqual(untyped(data[0]?.position), position)
      assert.strictEqual(data[0]?.parent?.id, "7")
    })
  )

  it.effect("have the id that Miro gave them, never one of the caller's", () =>
    Effect.gen(function* () {
      const note = yield* StickyNotes.create({ boardId: "b", data: { content: "a" } })
      assert.strictEqual(note.id, payloads.stickyNote.id)
    }).pipe(http.replying(http.json(payloads.stickyNote)))
  )

  it.effect("of a connector are at its ends, with positions in percent", () =>
    Effect.gen(function* () {
      const connector = {
        id: "3",
        type: "connector",
        startItem: { id: "1", position: { x: "100%", y: "50.5%" }, links: { self: "s" } },
        endItem: { id: "2", position: { x: "0%", y: "50%" } },
        isSupported: true
      }
      const found = yield* quietly(Connectors.get({ boardId: "b", connectorId: "3" })).pipe(
        http.replying(http.json(connector))
      )
      assert.deepStrictEqual(untyped(found), connector)
    })
  )

  it.effect("are connected from where the caller says, whatever else is set", () =>
    Effect.gen(function* () {
      const input = { startItem: { id: "1", snapTo: "right" }, endItem: { id: "2" }, shape: "straight" }
      const sent = yield* bodyOf(Connectors.create({ boardId: "b", ...input }), { id: "3" })
      assert.deepStrictEqual(sent, input)
    })
  )
})

describe("what is not set", () => {
  it.effect("is not sent: no default of Miro's renames a board, moves an item or closes it to others", () =>
    Effect.gen(function* () {
      const board = payloads.board
      const item = { id: "1", type: "frame" }
      const cases: ReadonlyArray<readonly [call: Call, response: object, expected: object]> = [
        [Boards.update({ boardId: "b", description: "x" }), board, { description: "x" }],
        [
          Boards.update({ boardId: "b", policy: { sharingPolicy: { teamAccess: "view" } } }),
          board,
          { policy: { sharingPolicy: { teamAccess: "view" } } }
        ],
        [Items.move({ boardId: "b", itemId: "1", position: { x: 5 } }), item, { position: { x: 5 } }],
        [Frames.update({ boardId: "b", itemId: "1", data: {} }), item, { data: {} }],
        [Frames.update({ boardId: "b", itemId: "1" }), item, {}],
        [
          StickyNotes.update({ boardId: "b", itemId: "1", data: { content: "new" } }),
          payloads.stickyNote,
          { data: { content: "new" } }
        ],
        [
          Images.update({ boardId: "b", itemId: "1", position: { y: 1 } }),
          { id: "1", type: "image" },
          { position: { y: 1 } }
        ],
        [
          Images.update({ boardId: "b", itemId: "1", data: { title: "t" } }),
          { id: "1", type: "image" },
          { data: { title: "t" } }
        ],
        [
          Tags.update({ boardId: "b", tagId: "1", title: "t" }),
          { id: "1", title: "t", fillColor: "red", type: "tag" },
          { title: "t" }
        ],
        [Teams.update({ orgId: "1", teamId: "2" }), { id: "2", name: "n" }, {}]
      ] as const
      for (const [call, response, expected] of cases) assert.deepStrictEqual(yield* bodyOf(call, response), expected)
    })
  )

  it.effect("differs from what is set to null, which is sent", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* bodyOf(Items.move({ boardId: "b", itemId: "1", parent: null }), { id: "1", type: "text" }),
        { parent: { id: null } }
      )
      assert.deepStrictEqual(yield* bodyOf(Boards.update({ boardId: "b", description: null }), payloads.board), {
        description: null
      })
    })
  )
})

describe("uploads", () => {
  it.live("take all that is said of a file, under its own name and type", () =>
    Effect.gen(function* () {
      const data = { title: "Plan", position: { x: 1, y: 2 }, geometry: { width: 3 }, parent: { id: "7" } }
      const [upload] = yield* uploading(Documents.createFromFile({ boardId: "b/=", resource: pdf, data }), {
        id: "1",
        type: "document"
      })
      assert.strictEqual(upload?.path, "/v2/boards/b%2F%3D/documents")
      assert.deepStrictEqual(
        upload?.parts.map(({ contentType, filename }) => [filename, contentType]),
        [
          ["Plan 2.pdf", "application/pdf"],
          ["data.json", "application/json"]
        ]
      )
      assert.deepStrictEqual(jsonOf(upload?.parts[1]), data)
    })
  )

  it.live("of several files go to the board, one part for each, in their order", () =>
    Effect.gen(function* () {
      const png = new File([new Uint8Array([1])], "a.png", { type: "image/png" })
      const data = [
        { type: "image", title: "first", geometry: { width: 3, rotation: 4 }, parent: { id: "7" } },
        { type: "document", position: { x: 1 }, parent: null }
      ] as const
      const [upload] = yield* uploading(Items.createBulkFromFiles({ boardId: "b=", data, resources: [png, pdf] }), {
        data: [],
        type: "bulk-list"
      })
      assert.strictEqual(upload?.path, "/v2/boards/b%3D/items/bulk")
      assert.sameDeepMembers(upload?.parts.map(({ filename, name }) => [name, filename]) ?? [], [
        ["data", "data.json"],
        ["resources", "Plan 2.pdf"],
        ["resources", "a.png"]
      ])
      assert.deepStrictEqual(
        upload?.parts.filter(({ name }) => name === "resources").map(({ filename }) => filename),
        ["a.png", "Plan 2.pdf"]
      )
      assert.deepStrictEqual(jsonOf(upload?.parts.find(({ name }) => name === "data")), [
        data[0],
        { ...data[1], parent: { id: null } }
      ])
    })
  )
})

describe("lists", () => {
  const cursors = (pages: ReadonlyArray<object>) => http.replying(...pages.map((page) => http.json(page)))

  it.effect("of an organization go on by their cursor, and end where it is empty (#209, #224)", () =>
    Effect.gen(function* () {
      const member = { active: true, email: "a@example.com", license: "full", role: "member", teamId: "2" }
      const pages = [
        { data: [{ ...member, id: "1" }], cursor: "c1", limit: 1, size: 1 },
        { data: [{ ...member, id: "2" }], cursor: "", limit: 1, size: 1 }
      ]
      const lists: ReadonlyArray<Stream.Stream<{ readonly id: string }, MiroError.MiroError, MiroClient.MiroClient>> = [
        OrganizationMembers.list.items({ orgId: "1" }),
        TeamMembers.list.items({ orgId: "1", teamId: "2" })
      ]
      for (const list of lists) {
        yield* Effect.gen(function* () {
          const ids = yield* Stream.runCollect(Stream.map(list, ({ id }) => id))
          assert.deepStrictEqual(ids, ["1", "2"])
          assert.deepStrictEqual(
            (yield* http.Wire).sent.map(({ query }) => query),
            [{ limit: "100" }, { limit: "100", cursor: "c1" }]
          )
        }).pipe(cursors(pages))
      }
    })
  )

  it.effect("of teams are read to their end, not to that of the first page", () =>
    Effect.gen(function* () {
      const teams = yield* Stream.runCollect(Teams.list.items({ orgId: "1" }))
      assert.deepStrictEqual(
        teams.map(({ id }) => id),
        ["1", "2"]
      )
    }).pipe(cursors([{ data: [{ id: "1", name: "a" }], cursor: "c" }, { data: [{ id: "2", name: "b" }] }]))
  )

  it.effect("of groups follow a cursor that Miro does not document", () =>
    Effect.gen(function* () {
      const groups = yield* Stream.runCollect(Groups.list.items({ boardId: "b" }))
      assert.strictEqual(groups.length, 2)
    }).pipe(cursors([{ data: [{ id: "1", type: "group" }], cursor: "c" }, { data: [{ id: "2", type: "group" }] }]))
  )

  it.effect("are asked for in pages that Miro does not refuse: 50 connectors, mind map nodes, tags and members", () =>
    Effect.gen(function* () {
      const lists: ReadonlyArray<List> = [
        Connectors.list.pages({ boardId: "b" }),
        MindMapNodes.list.pages({ boardId: "b" }),
        Tags.list.pages({ boardId: "b" }),
        BoardMembers.list.pages({ boardId: "b" })
      ]
      for (const list of lists) {
        yield* Effect.andThen(Stream.runDrain(list), lastSent).pipe(
          Effect.tap((sent) => Effect.sync(() => assert.strictEqual(sent.query["limit"], "50"))),
          http.replying(http.json({ data: [] }))
        )
      }
    })
  )

  it.effect("of projects and their members, of user groups: all of them can be streamed", () =>
    Effect.gen(function* () {
      const lists: ReadonlyArray<List> = [
        Projects.list.items({ orgId: "1", teamId: "2" }),
        ProjectMembers.list.items({ orgId: "1", teamId: "2", projectId: "3" }),
        UserGroups.list.items({ orgId: "1" })
      ]
      for (const list of lists) {
        const count = yield* Stream.runCount(list).pipe(
          cursors([
            { data: [{ id: "1", name: "a", email: "e", role: "member", type: "t" }], cursor: "c", limit: 1, size: 1 },
            { data: [{ id: "2", name: "b", email: "e", role: "member", type: "t" }], limit: 1, size: 1 }
          ])
        )
        assert.strictEqual(count, 2)
      }
    })
  )

  it.effect("of members by their addresses come as an array, and are a page all the same", () =>
    Effect.gen(function* () {
      const member = { id: "1", active: true, email: "anna@example.com", license: "full", role: "unknown" }
      const page = yield* quietly(
        OrganizationMembers.list({ orgId: "1", emails: ["anna@example.com", "ben@example.com"] })
      )
      assert.deepStrictEqual(untyped(page.data), [member])
      assert.deepStrictEqual((yield* lastSent).query, { emails: "anna@example.com,ben@example.com" })
    }).pipe(
      http.replying(http.json([{ id: "1", active: true, email: "anna@example.com", license: "full", role: "unknown" }]))
    )
  )
})

describe("on the wire", () => {
  it.effect("points in time are written as Miro reads them", () =>
    Effect.gen(function* () {
      const createdAfter = DateTime.makeUnsafe("2026-03-30T17:26:50Z")
      const createdBefore = DateTime.makeUnsafe("2026-04-30T17:26:50.5Z")
      yield* AuditLogs.list({ createdAfter, createdBefore })
      assert.deepStrictEqual((yield* lastSent).query, {
        createdAfter: "2026-03-30T17:26:50.000Z",
        createdBefore: "2026-04-30T17:26:50.500Z"
      })
    }).pipe(http.replying(http.json({ data: [] })))
  )

  it.effect("the values of a list are a parameter each", () =>
    Effect.gen(function* () {
      const from = DateTime.makeUnsafe("2026-03-30T17:26:50Z")
      yield* ContentLogs.list({ orgId: "1", boardIds: ["a", "b,c"], from, to: from })
      const { searchParams } = new URL((yield* lastSent).url)
      assert.deepStrictEqual(searchParams.getAll("board_ids"), ["a", "b,c"])
    }).pipe(http.replying(http.json({ data: [] })))
  )

  it.effect("a group is deleted under its own URL, with its items only if asked to", () =>
    Effect.gen(function* () {
      const response = http.replying(http.noContent)
      const urlOf = Effect.map(lastSent, (sent) => [sent.method, sent.url])
      const url = "https://api.miro.com/v2/boards/b/groups/99"
      assert.deepStrictEqual(
        yield* Effect.andThen(Groups.delete({ boardId: "b", groupId: "99", deleteItems: true }), urlOf).pipe(response),
        ["DELETE", `${url}?delete_items=true`]
      )
      assert.deepStrictEqual(
        yield* Effect.andThen(Groups.ungroup({ boardId: "b", groupId: "99" }), urlOf).pipe(response),
        ["DELETE", url]
      )
    })
  )

  it.effect("a group is made of items, and not a group of users", () =>
    Effect.gen(function* () {
      const input = { data: { items: ["1", "2"] } }
      const response = { id: "3", type: "group", data: { items: ["1", "2"] }, links: { self: "s" } }
      assert.deepStrictEqual(yield* bodyOf(Groups.create({ boardId: "b", ...input }), response), input)
      assert.deepStrictEqual(yield* bodyOf(Groups.update({ boardId: "b", groupId: "3", ...input }), response), input)
    })
  )

  it.effect.each(["", undefined])("a tag is not removed without its id (%j), which would delete the item", (tagId) =>
    Effect.gen(function* () {
      const input = { boardId: "b", itemId: "1", tagId: tagId as string }
      const { reason } = yield* http.failsWith(Tags.detach(input), "InvalidInput")
      assert.deepStrictEqual(
        reason.issues.map(({ path }) => path.at(0)),
        ["tagId"]
      )
    }).pipe(http.replying())
  )

  it.effect("SCIM has a host and a token of its own", () =>
    Effect.gen(function* () {
      yield* ScimUsers.list()
      const sent = yield* lastSent
      assert.strictEqual(sent.url, "https://miro.com/api/v1/scim/Users")
      assert.strictEqual(sent.headers["authorization"], "Bearer scim-token")
      assert.strictEqual(sent.headers["accept"], "application/scim+json")
    }).pipe(
      Effect.provide(
        ScimClient.layer({ token: Redacted.make("scim-token") }).pipe(
          Layer.provideMerge(http.layerWire(() => http.json({ Resources: [], totalResults: 0 })))
        )
      )
    )
  )
})

describe("integers beyond 2^53", () => {
  it.effect("keep their digits when they come", () =>
    Effect.gen(function* () {
      const result = yield* BoardMembers.invite({ boardId: "b", emails: ["a@example.com"] }).pipe(
        http.replying(http.text('{"successful":[3074457350804038655],"failed":[]}', { status: 201 }))
      )
      assert.deepStrictEqual(untyped(result), { successful: ["3074457350804038655"], failed: [] })
      const label = yield* DataClassification.getBoardLabel({ orgId: "1", teamId: "2", boardId: "b" }).pipe(
        http.replying(http.text('{"id":3000457366756291996,"color":"#fff","name":"Low","type":"t"}'))
      )
      assert.strictEqual(label.id, "3000457366756291996")
    })
  )

  it.effect("keep their digits when they go, and are numbers where Miro takes numbers", () =>
    Effect.gen(function* () {
      yield* DataClassification.setTeamBoardLabels({
        orgId: "1",
        teamId: "2",
        labelId: "3000457366756291996",
        notClassifiedOnly: true
      })
      assert.strictEqual((yield* lastSent).body, '{"labelId":3000457366756291996,"notClassifiedOnly":true}')
    }).pipe(http.replying(http.json({ numberUpdatedBoards: 1 })))
  )
})

describe("a token", () => {
  it.effect("need not belong to an organization", () =>
    Effect.gen(function* () {
      const info = yield* quietly(Tokens.get())
      assert.isUndefined(info.organization)
    }).pipe(http.replying(http.json({ type: "oAuthToken", user: { type: "user", name: "Anna", id: "1" }, scopes: [] })))
  )
})
