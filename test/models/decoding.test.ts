import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import {
  Boards,
  Connectors,
  Items,
  MiroClient,
  type MiroError,
  OrganizationMembers,
  StickyNotes,
  Tokens
} from "effect-miro"
import * as http from "../support/http.ts"
import { observe } from "../support/observe.ts"
import * as payloads from "../support/payloads.ts"

const getBoard = Boards.get({ boardId: "b" })
const getItem = Items.get({ boardId: "b", itemId: "1" })
const listItems = Items.list({ boardId: "b" })

const small = { id: "1", name: "n", description: "", type: "board" }

const board = (more: object) => http.json({ ...payloads.board, ...more })
const item = (more: object) => http.json({ id: "1", ...more })
const page = (...items: ReadonlyArray<object>) => http.json({ data: items })

/** The same value, but without what its type says of it. */
const untyped = (value: unknown): unknown => value

/** A call that succeeds, and what it warned of. */
const withWarnings = <A, R>(call: Effect.Effect<A, MiroError.MiroError, R>) =>
  Effect.gen(function* () {
    const observed = yield* observe(call)
    const value = yield* observed.exit
    return { value, ...observed }
  })

describe("what Miro may add without notice", () => {
  it.effect("fields are kept, wherever they are", () =>
    Effect.gen(function* () {
      const body = {
        ...payloads.board,
        createdAt: undefined,
        modifiedAt: undefined,
        permissionsPolicy: { copyAccess: "anyone" },
        team: { ...payloads.board.team, colour: { hex: "#fff" } },
        policy: { sharingPolicy: { access: "private", guests: [{ id: 1 }] }, retention: null },
        new: [1, { deep: [null, { x: 1.5 }] }]
      }
      assert.deepStrictEqual(
        untyped(yield* getBoard.pipe(http.replying(http.json(body)))),
        JSON.parse(JSON.stringify(body))
      )
      const list = { data: [{ id: "1", type: "text", new: { a: 1 } }], new: { b: [2] }, links: { self: "s", new: 1 } }
      assert.deepStrictEqual(untyped(yield* listItems.pipe(http.replying(http.json(list)))), list)
    })
  )

  it.effect("values are let through where some are known", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(listItems)
      assert.deepStrictEqual(logs, [])
      assert.deepStrictEqual(
        value.data.map((item) => [item.type, untyped(item.data)]),
        [
          ["shape", { shape: "flow_chart_or" }],
          ["sticky_note", { shape: "heart" }],
          ["app_card", { status: "sleeping", fields: [{ iconShape: "hexagon" }] }],
          ["frame", { type: "spiral", format: "a0" }],
          ["doc_format", { contentType: "latex" }]
        ]
      )
      const [shape, note] = value.data
      assert.deepStrictEqual(untyped(shape?.position), { origin: "corner", relativeTo: "moon" })
      assert.deepStrictEqual(untyped(shape?.type === "shape" && shape.style), {
        textAlign: "justify",
        borderStyle: "wavy"
      })
      assert.deepStrictEqual(untyped(note?.type === "sticky_note" && note.style), { fillColor: "gold" })
    }).pipe(
      http.replying(
        page(
          {
            id: "1",
            type: "shape",
            data: { shape: "flow_chart_or" },
            style: { textAlign: "justify", borderStyle: "wavy" },
            position: { origin: "corner", relativeTo: "moon" }
          },
          { id: "2", type: "sticky_note", data: { shape: "heart" }, style: { fillColor: "gold" } },
          { id: "3", type: "app_card", data: { status: "sleeping", fields: [{ iconShape: "hexagon" }] } },
          { id: "4", type: "frame", data: { type: "spiral", format: "a0" } },
          { id: "5", type: "doc_format", data: { contentType: "latex" } }
        )
      )
    )
  )

  it.effect("types of items become an UnknownItem with all that Miro gave", () =>
    Effect.gen(function* () {
      const { data } = yield* listItems
      assert.deepStrictEqual(untyped(data), [
        {
          id: "1",
          type: "unknown",
          originalType: "hologram",
          data: { depth: 3, content: [1] },
          style: "shiny",
          geometry: { width: 1, depth: 2 },
          projector: { id: "p" }
        },
        { id: "2", type: "unknown", originalType: "unknown", isSupported: false },
        { id: "3", type: "unknown", originalType: "" },
        { id: "4", type: "unknown", originalType: "Sticky_Note", data: { content: 1 } }
      ])
    }).pipe(
      http.replying(
        page(
          {
            id: 1,
            type: "hologram",
            data: { depth: 3, content: [1] },
            style: "shiny",
            geometry: { width: 1, depth: 2 },
            projector: { id: "p" }
          },
          { id: "2", type: "unknown", isSupported: false },
          { id: "3", type: "" },
          { id: "4", type: "Sticky_Note", data: { content: 1 } }
        )
      )
    )
  )

  it.effect("items of every type are told apart by it, however little they have", () =>
    Effect.gen(function* () {
      const types = [
        "app_card",
        "card",
        "data_table_format",
        "doc_format",
        "document",
        "embed",
        "frame",
        "image",
        "preview",
        "shape",
        "sticky_note",
        "text"
      ]
      const { data } = yield* listItems.pipe(
        // The same data for all of them, which says nothing of what they are.
        http.replying(page(...types.map((type, id) => ({ id: `${id}`, type, data: { title: "t", content: "c" } }))))
      )
      assert.deepStrictEqual(
        data.map(({ data, type }) => [type, untyped(data)]),
        types.map((type) => [type, { title: "t", content: "c" }])
      )
      const one = yield* getItem.pipe(
        http.replying(item({ type: "sticky_note", data: { content: "c", shape: "square" } }))
      )
      assert.strictEqual(one.type === "sticky_note" && one.data?.shape, "square")
    })
  )
})

describe("what Miro spells in several ways", () => {
  it.effect("null is an absent field, without a warning", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(getBoard)
      assert.deepStrictEqual(untyped(value), {
        id: "1",
        name: "",
        description: "",
        type: "board",
        policy: { sharingPolicy: {} },
        owner: { id: "7" }
      })
      assert.deepStrictEqual(logs, [])
    }).pipe(
      http.replying(
        http.json({
          id: "1",
          name: "",
          description: "",
          type: "board",
          team: null,
          project: null,
          picture: null,
          viewLink: null,
          currentUserMembership: null,
          createdAt: null,
          modifiedBy: null,
          lastOpenedAt: null,
          lastOpenedBy: null,
          links: null,
          policy: { permissionsPolicy: null, sharingPolicy: { access: null, accessPasswordRequired: null } },
          owner: { id: "7", name: null, type: null }
        })
      )
    )
  )

  it.effect("null in a list of items is one absent field, and leaves the others", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(listItems)
      assert.deepStrictEqual(untyped(value), {
        data: [
          { id: "1", type: "image", data: {} },
          { id: "2", type: "text", position: { x: 1 } },
          { id: "3", type: "unknown", originalType: "new", data: null }
        ]
      })
      assert.deepStrictEqual(logs, [])
    }).pipe(
      http.replying(
        http.json({
          data: [
            { id: "1", type: "image", geometry: null, parent: null, data: { title: null, imageUrl: null } },
            { id: "2", type: "text", data: null, style: null, position: { x: 1, y: null, slotId: null } },
            { id: "3", type: "new", data: null, createdBy: null, isSupported: null }
          ],
          cursor: null,
          total: null,
          links: null
        })
      )
    )
  )

  it.effect("a number is the string that belongs there", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(getBoard)
      assert.strictEqual(value.id, "7")
      assert.strictEqual(value.team?.id, "-1")
      assert.strictEqual(value.picture?.id, "0.5")
      assert.strictEqual(value.name, "2026")
      assert.deepStrictEqual(logs, [])
    }).pipe(http.replying(board({ id: 7, name: 2026, team: { id: -1, name: "T" }, picture: { id: 0.5 } })))
  )

  it.effect("a number as text is the number that belongs there, also under Strict", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(listItems)
      assert.deepStrictEqual(logs, [])
      assert.deepStrictEqual(untyped(value), {
        data: [
          { id: "1", type: "text", position: { x: 12.5, y: -3 }, geometry: { width: 0, height: 1500, rotation: 0.25 } },
          { id: "2", type: "unknown", originalType: "new", position: { x: 1 }, geometry: { width: 2 } }
        ],
        total: 7,
        size: 2
      })
    }).pipe(
      Effect.provideService(MiroClient.Strict, true),
      http.replying(
        http.json({
          data: [
            {
              id: 1,
              type: "text",
              position: { x: "12.5", y: "-3" },
              geometry: { width: "0", height: "1.5e3", rotation: "0.25" }
            },
            { id: "2", type: "new", position: { x: "1" }, geometry: { width: "2" } }
          ],
          total: "7",
          size: "2"
        })
      )
    )
  )

  it.effect.each([
    "",
    " ",
    "abc",
    "12px",
    "12,5",
    "0x10",
    "Infinity",
    "NaN",
    "1e999",
    "١٢",
    "9007199254740993",
    { value: 1 },
    [1],
    true
  ])("what is no number is none, and reported: %j", (x) =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(getItem)
      assert.deepStrictEqual(untyped(value.position), { y: 1 })
      assert.strictEqual(logs.length, 1)
      assert.include(logs[0], "position.x: Expected")
    }).pipe(http.replying(item({ type: "text", position: { x, y: 1 } })))
  )

  it.effect.each(["9007199254740993", "1e999", "-1e999"])("a number beyond what a number can be is none: %s", (x) =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(getItem)
      assert.deepStrictEqual(untyped(value.position), {})
      assert.include(logs[0], "position.x: Expected")
      const { reason } = yield* http.failsWith(
        getItem.pipe(Effect.provideService(MiroClient.Strict, true)),
        "InvalidResponse"
      )
      assert.deepStrictEqual(reason.issues[0]?.path, ["position", "x"])
    }).pipe(http.always(http.text(`{"id":"1","type":"text","position":{"x":${x}}}`)))
  )

  it.effect(
    "what is beyond all numbers is no infinity: an id has it as text, and so has a field that is not known",
    () =>
      Effect.gen(function* () {
        const value = yield* getItem
        assert.deepStrictEqual(untyped(value), {
          id: "1e999",
          type: "text",
          future: ["-1.5E+400", 1e300, { deep: "2e308" }]
        })
      }).pipe(http.replying(http.text('{"id":1e999,"type":"text","future":[-1.5E+400,1e300,{"deep":2e308}]}')))
  )

  it.effect("a boolean as text is the boolean that belongs there, and nothing else is", () =>
    Effect.gen(function* () {
      const sharingPolicy = (accessPasswordRequired: unknown) =>
        board({ policy: { sharingPolicy: { accessPasswordRequired } } })
      for (const [text, boolean] of [
        ["true", true],
        ["false", false]
      ] as const) {
        const { policy } = yield* getBoard.pipe(
          Effect.provideService(MiroClient.Strict, true),
          http.replying(sharingPolicy(text))
        )
        assert.strictEqual(policy?.sharingPolicy?.accessPasswordRequired, boolean)
      }
      for (const other of ["True", "yes", "", "1", 1, 0]) {
        const { logs, value } = yield* withWarnings(getBoard).pipe(http.replying(sharingPolicy(other)))
        assert.deepStrictEqual(untyped(value.policy), { sharingPolicy: {} })
        assert.include(logs[0], "accessPasswordRequired: Expected boolean")
      }
    })
  )

  it.effect("a number is the string that belongs there where some strings are known", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(getItem)
      assert.deepStrictEqual(untyped(value.position), { origin: "7" })
      assert.deepStrictEqual(logs, [])
    }).pipe(http.replying(item({ type: "text", position: { origin: 7 } })))
  )

  it.effect.each(["9007199254740993.0", "9007199254740993e0", "9007199254740993.00E+00"])(
    "an integer beyond 2^53 keeps all of its digits, written as %s",
    (id) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* getItem).id, "9007199254740993")
      }).pipe(http.replying(http.text(`{"id":${id},"type":"text"}`)))
  )

  it.effect("an integer beyond 2^53 keeps all of its digits", () =>
    Effect.gen(function* () {
      const value = yield* getBoard
      assert.strictEqual(value.id, "3458764517517818867")
      assert.strictEqual(value.team?.id, "-9007199254740993")
      assert.strictEqual(value.owner?.id, "123456789012345678901234567890")
      assert.strictEqual(value.picture?.id, "9007199254740991")
      assert.deepStrictEqual(untyped(value), {
        id: "3458764517517818867",
        name: "3458764517517818867",
        description: 'id: 3458764517517818867, "id":3458764517517818867, [3458764517517818867] \\',
        type: "board",
        team: { id: "-9007199254740993", name: "\\" },
        owner: { id: "123456789012345678901234567890" },
        picture: { id: "9007199254740991" },
        labels: ["9007199254740993", 1, { deep: ["18014398509481985"] }],
        float: 2.25,
        small: 1.25e-7,
        large: 1e21,
        inches: '5" 3458764517517818867',
        "3458764517517818867": 0
      })
    }).pipe(
      http.replying(
        http.text(`{
          "id":3458764517517818867,
          "name": "3458764517517818867",
          "description":"id: 3458764517517818867, \\"id\\":3458764517517818867, [3458764517517818867] \\\\",
          "type" : "board" ,
          "team":{"id":\t-9007199254740993,"name":"\\\\"},
          "owner":{"id":123456789012345678901234567890},
          "picture":{"id":9007199254740991},
          "labels":[9007199254740993,1,{"deep":[ 18014398509481985 ]}],
          "float":2.250000000000000000001,
          "small":1.250000000000000000001e-7,
          "large":1e21,
          "inches":"5\\" 3458764517517818867",
          "3458764517517818867":0
        }`)
      )
    )
  )

  it.effect("an integer beyond 2^53 keeps all of its digits beside a long text", () =>
    Effect.gen(function* () {
      const value = yield* getBoard
      assert.strictEqual(value.id, "3458764517517818867")
      assert.strictEqual(value.description?.length, 5_000_000)
    }).pipe(
      http.replying(
        http.text(`{"id":3458764517517818867,"name":"n","type":"board","description":"${'\\"'.repeat(5_000_000)}"}`)
      )
    )
  )

  it.effect("a key such as __proto__ is a field like any other", () =>
    Effect.gen(function* () {
      const value = yield* Tokens.get()
      assert.isUndefined(value.user)
      assert.isUndefined(value.team?.name)
      assert.isTrue(Object.hasOwn(value, "__proto__"))
      assert.deepStrictEqual(Reflect.getPrototypeOf(Object.assign({}, {})), Object.prototype)
      assert.isUndefined(Reflect.get({}, "scopes"))
    }).pipe(
      http.replying(
        http.text('{"__proto__":{"user":{"id":5},"scopes":7},"team":{"id":"1","__proto__":{"name":7}},"constructor":1}')
      )
    )
  )
})

describe("what Miro does not promise", () => {
  it.effect("is the id of who made an item, of its parent and of a project: the rest of it is kept", () =>
    Effect.gen(function* () {
      const references = { createdBy: { type: "user" }, modifiedBy: {}, parent: { links: { self: "s" } } }
      const { logs, value } = yield* withWarnings(listItems).pipe(
        http.replying(page({ id: "1", type: "text", ...references }, { id: "2", type: "hologram", ...references }))
      )
      assert.deepStrictEqual(untyped(value.data), [
        { id: "1", type: "text", ...references },
        { id: "2", type: "unknown", originalType: "hologram", ...references }
      ])
      assert.deepStrictEqual(logs, [])
      const connector = { id: "1", createdBy: { type: "user" }, modifiedBy: { id: null } }
      const read = yield* Connectors.get({ boardId: "b", connectorId: "1" }).pipe(http.replying(http.json(connector)))
      assert.deepStrictEqual(untyped(read), { id: "1", createdBy: { type: "user" }, modifiedBy: {} })
      const { project } = yield* getBoard.pipe(http.replying(board({ project: { name: "p" } })))
      assert.deepStrictEqual(untyped(project), { name: "p" })
    }).pipe(Effect.provideService(MiroClient.Strict, true))
  )
})

describe("a field that does not fit", () => {
  it.effect("is left out of a page of 50 items, and nothing else is", () =>
    Effect.gen(function* () {
      const { logs, spans, value } = yield* withWarnings(listItems)
      assert.deepStrictEqual(
        value.data.map(({ id }) => id),
        payloads.texts(0, 50).map(({ id }) => id)
      )
      assert.deepStrictEqual(untyped(value.data[17]), { id: "17", type: "shape", data: { content: "<p>kept</p>" } })
      assert.deepStrictEqual(
        spans.map(({ attributes }) => attributes.get("miro.response.dropped_fields")),
        [["data.17.style: Expected object"]]
      )
      const log = logs.join("\n")
      assert.include(log, "Items.list: fields of Miro's response do not fit and were left out")
      assert.include(log, "data.17.style: Expected object")
      assert.notInclude(log, "secret")
    }).pipe(
      http.replying(
        page(
          ...payloads
            .texts(0, 50)
            .map((text, index) =>
              index === 17 ? { ...text, type: "shape", data: { content: "<p>kept</p>" }, style: "secret" } : text
            )
        )
      )
    )
  )

  it.effect("is one warning of a call, with every place and no value", () =>
    Effect.gen(function* () {
      const { logs, text, value } = yield* withWarnings(getBoard)
      assert.deepStrictEqual(untyped(value), {
        id: "1",
        name: "n",
        description: "",
        type: "board",
        policy: { sharingPolicy: { teamAccess: "view" } }
      })
      assert.strictEqual(logs.length, 1)
      for (const place of [
        "viewLink: Expected string",
        "createdAt: Expected a point in time",
        "policy.sharingPolicy.accessPasswordRequired: Expected boolean",
        "owner.id",
        "links"
      ]) {
        assert.include(logs[0], place)
      }
      assert.notInclude(text, "secret")
    }).pipe(
      http.replying(
        http.json({
          id: "1",
          name: "n",
          description: "",
          type: "board",
          viewLink: { url: "secret" },
          createdAt: "secret",
          policy: { sharingPolicy: { accessPasswordRequired: "secret", teamAccess: "view" } },
          owner: { id: { secret: 1 }, name: "secret" },
          links: ["secret"]
        })
      )
    )
  )

  it.effect("takes the optional field around it along when it is required there", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(Boards.list())
      assert.deepStrictEqual(untyped(value.data), [small, { ...small, owner: { id: "7" } }])
      assert.include(logs[0], "data.0.team.name: Missing key")
      assert.include(logs[0], "data.0.owner.id: Expected string")
    }).pipe(
      http.replying(
        page({ ...small, team: { id: "1", picture: {} }, owner: { id: null } }, { ...small, owner: { id: 7 } })
      )
    )
  )

  it.effect("in an optional list takes the list along, and not an element out of it in silence", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(Tokens.get())
      assert.deepStrictEqual(untyped(value), { type: "oAuthToken", user: { id: "1" } })
      assert.include(logs[0], "scopes.1: Expected string")
    }).pipe(
      http.replying(
        http.json({ type: "oAuthToken", user: { id: 1 }, scopes: ["boards:read", { secret: 1 }, "boards:write"] })
      )
    )
  )

  it.effect("in an element of an optional list leaves the other fields of that element", () =>
    Effect.gen(function* () {
      const value = yield* getItem
      assert.deepStrictEqual(untyped(value.data), {
        title: "Card",
        fields: [{ value: "a" }, { value: "7", tooltip: "t" }, {}]
      })
    }).pipe(
      http.replying(
        item({
          type: "app_card",
          data: {
            title: "Card",
            owned: "yes",
            fields: [
              { value: "a", tooltip: [] },
              { value: 7, tooltip: "t" },
              { value: null, iconUrl: {} }
            ]
          }
        })
      )
    )
  )

  it.effect.each([
    ["id", Boards.get({ boardId: "b" }), { ...payloads.board, id: { a: 1 } }, ["id"]],
    ["name of null", Boards.get({ boardId: "b" }), { ...payloads.board, name: null }, ["name"]],
    ["data", Items.list({ boardId: "b" }), { data: null }, ["data"]],
    ["absent data", Boards.list(), { total: 0 }, ["data"]],
    ["data", Items.list({ boardId: "b" }), { data: {} }, ["data"]],
    [
      "id of an item",
      Items.list({ boardId: "b" }),
      {
        data: [
          { id: "1", type: "text" },
          { id: [], type: "text" }
        ]
      },
      ["data", 1, "id"]
    ],
    ["id of an unknown item", Items.list({ boardId: "b" }), { data: [{ id: {}, type: "new" }] }, ["data", 0, "id"]],
    ["item", Items.list({ boardId: "b" }), { data: [{ id: "1", type: "text" }, null] }, ["data", 1]],
    ["type of an item", Items.list({ boardId: "b" }), { data: [{ id: "1", type: {} }] }, ["data", 0, "type"]],
    ["absent type of an item", Items.list({ boardId: "b" }), { data: [{ id: "1" }] }, ["data", 0, "type"]],
    ["name of a board in a list", Boards.list(), { data: [small, { ...small, name: [] }] }, ["data", 1, "name"]],
    ["type of a sticky note", StickyNotes.get({ boardId: "b", itemId: "1" }), { id: "1", type: "text" }, ["type"]]
  ] as ReadonlyArray<
    readonly [
      string,
      Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>,
      object,
      ReadonlyArray<string | number>
    ]
  >)("fails the call when it is required, and names the place: %s", ([, call, body, path]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(call, "InvalidResponse")
      assert.deepStrictEqual(
        reason.issues.map((issue) => issue.path),
        [path]
      )
      assert.isNotEmpty(reason.issues[0]?.message)
      assert.strictEqual(reason.excerpt, JSON.stringify(body))
    }).pipe(http.replying(http.json(body)))
  )

  it.effect("names every required field that does not fit, and where each is", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(getBoard, "InvalidResponse")
      assert.sameMembers(
        error.reason.issues.map(({ path }) => path.join(".")),
        ["name", "type"]
      )
      assert.include(error.message, "name: Expected string")
    }).pipe(http.replying(board({ name: {}, type: [], viewLink: 5 })))
  )

  it.effect("fails the call under Strict, but null and a number for a string do not", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(listItems, "InvalidResponse")
      assert.deepStrictEqual(
        reason.issues.map(({ path }) => path),
        [
          ["data", 0, "isSupported"],
          ["data", 1, "createdAt"]
        ]
      )
      const { data } = yield* listItems
      assert.deepStrictEqual(untyped(data), [{ id: "1", type: "text" }])
    }).pipe(
      Effect.provideService(MiroClient.Strict, true),
      http.replying(
        page({ id: "1", type: "text", isSupported: "yes" }, { id: "2", type: "text", createdAt: "yesterday" }),
        page({ id: 1, type: "text", parent: null })
      )
    )
  )

  it.effect("is left out of an item of an unknown type too", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(listItems)
      assert.deepStrictEqual(untyped(value.data), [
        { id: "1", type: "text" },
        { id: "2", type: "unknown", originalType: "hologram", data: { depth: 3 } }
      ])
      assert.include(logs[0], "data.1.createdAt: Expected a point in time")
      assert.include(logs[0], "data.1.createdBy: Expected object")
    }).pipe(
      http.replying(
        page(
          { id: "1", type: "text" },
          { id: "2", type: "hologram", data: { depth: 3 }, createdAt: "yesterday", createdBy: "Anna" }
        )
      )
    )
  )

  it.effect("of a value that no field of the type has is none", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(getBoard)
      assert.deepStrictEqual(logs, [])
      assert.propertyVal(untyped(value), "future", null)
    }).pipe(Effect.provideService(MiroClient.Strict, true), http.replying(board({ future: null })))
  )
})

describe("points in time", () => {
  const millis = Date.UTC(2026, 4, 20, 6, 38, 21)
  it.effect.each([
    ["2026-05-20T06:38:21Z", millis],
    ["2026-05-20T06:38:21.840Z", millis + 840],
    ["2026-05-20T06:38:21.840123Z", millis + 840],
    ["2026-05-20T06:38:21.8Z", millis + 800],
    ["2026-05-20T06:38:21+00:00", millis],
    ["2026-05-20T06:38:21.840+0000", millis + 840],
    ["2026-05-20T08:38:21+0200", millis],
    ["2026-05-20T08:38:21+02:00", millis],
    ["2026-05-19T23:38:21-0700", millis],
    ["2026-05-20T06:38Z", millis - 21_000],
    // Without a zone it is UTC, and not where the program happens to run.
    ["2026-05-20T06:38:21", millis],
    ["2026-05-20T06:38:21.840", millis + 840]
  ] as const)("are read from %s", ([text, expected]) =>
    Effect.gen(function* () {
      const { createdAt } = yield* getBoard
      assert.isTrue(createdAt !== undefined && DateTime.isUtc(createdAt))
      assert.strictEqual(createdAt?.epochMilliseconds, expected)
    }).pipe(http.replying(board({ createdAt: text })))
  )

  it.effect.each([
    "",
    "4",
    "2026",
    "2026-05-20",
    "yesterday",
    "2026-13-45T06:38:21Z",
    "2026-05-20T99:99:99Z",
    4,
    {},
    true
  ])("are not read from %j, which is reported", (createdAt) =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(getBoard)
      assert.notProperty(value, "createdAt")
      assert.include(logs[0], "createdAt: Expected")
    }).pipe(http.replying(board({ createdAt })))
  )
})

describe("what Miro sends in a shape of its own", () => {
  const items = [
    { id: "1", type: "text", data: { content: "a" }, parent: null },
    { id: "2", type: "hologram", data: [1] }
  ]
  const forms: ReadonlyArray<readonly [name: string, data: unknown]> = [
    ["on the page itself", items],
    ["in the group on the page", { id: "g", type: "group", data: items }],
    ["in pages within the group", { data: [{ data: items.slice(0, 1) }, { data: items.slice(1), total: 2 }] }],
    ["in pages within the page", [{ data: items }]]
  ]
  it.effect.each(forms)("are the items of a group: %s", ([, data]) =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(Items.listInGroup({ boardId: "b", groupItemId: "g" }))
      assert.deepStrictEqual(logs, [])
      assert.deepStrictEqual(untyped(value.data), [
        { id: "1", type: "text", data: { content: "a" } },
        { id: "2", type: "unknown", originalType: "hologram", data: [1] }
      ])
      assert.deepStrictEqual([value.cursor, value.total], ["c", 2])
    }).pipe(http.replying(http.json({ data, cursor: "c", total: 2 })))
  )

  const broken = [{ type: "text", data: { content: "a" } }]
  const places: ReadonlyArray<readonly [place: string, data: unknown]> = [
    ["data.0.id", broken],
    ["data.data.0.id", { id: "g", type: "group", data: broken }],
    ["data.0.data.0.id", [{ data: broken }]],
    ["data.data.0.data.0.id", { data: [{ data: broken, total: 1 }] }]
  ]
  it.effect.each(places)("are not the items of a group when one has no id, which is missed at %s", ([place, data]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(Items.listInGroup({ boardId: "b", groupItemId: "g" }), "InvalidResponse")
      assert.deepStrictEqual(
        reason.issues.map(({ path }) => path.join(".")),
        [place]
      )
    }).pipe(http.replying(http.json({ data })))
  )

  it.effect("is the last activity of a member who was never active: an empty text", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(OrganizationMembers.get({ orgId: "1", memberId: "1" }))
      assert.deepStrictEqual(logs, [])
      assert.notProperty(value, "lastActivityAt")
    }).pipe(
      http.replying(
        http.json({ id: "1", active: true, email: "e", license: "full", role: "unknown", lastActivityAt: "" })
      )
    )
  )

  it.effect("is a board that was changed at once, though the status is that of later", () =>
    Effect.gen(function* () {
      const changed = yield* Boards.update({ boardId: "b" })
      assert.strictEqual(changed?.name, "Retro")
    }).pipe(http.replying(http.json(payloads.board, { status: 202 })))
  )
})

describe("real responses", () => {
  it.effect("a board whose picture has a string for its id (miroapp/api-clients#452)", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(Boards.list())
      assert.deepStrictEqual(logs, [])
      assert.deepStrictEqual(
        value.data.map(({ picture, team }) => [picture?.id, picture?.imageURL, team?.picture?.id]),
        [
          ["3458764517517818867", "https://r.miro.com/p.png", "3458764517517818868"],
          ["3458764517517818869", undefined, undefined]
        ]
      )
    }).pipe(
      http.replying(
        http.text(`{"data":[
          ${JSON.stringify({
            ...payloads.board,
            picture: { id: "3458764517517818867", type: "picture", imageURL: "https://r.miro.com/p.png" },
            team: { ...payloads.board.team, picture: { id: "3458764517517818868", type: "picture" } }
          })},
          {"id":"uXjVOfjmfkE=","name":"n","description":"","type":"board","picture":{"id":3458764517517818869}}
        ],"total":2,"size":2,"offset":0,"limit":20,"type":"list"}`)
      )
    )
  )

  it.effect("a value that Miro could not map to one it documents (miroapp/api-clients#396, #404)", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(listItems)
      assert.deepStrictEqual(logs, [])
      assert.strictEqual(value.data.length, 2)
      const [shape] = value.data
      assert.strictEqual(shape?.type === "shape" && shape.style?.textAlign, "unknown")
    }).pipe(
      http.replying(
        page(
          {
            id: "1",
            type: "shape",
            style: { textAlign: "unknown", textAlignVertical: "unknown" },
            data: { shape: "unknown" }
          },
          { id: "2", type: "connector", style: { startStrokeCap: "unknown", endStrokeCap: "new_cap" } }
        )
      )
    )
  )

  it.effect("items with their style, links and the type of the page (miroapp/api-clients#180)", () =>
    Effect.gen(function* () {
      const response = {
        size: 10,
        limit: 10,
        total: 130,
        data: [
          {
            id: "x",
            type: "shape",
            data: { content: "<p>foo bar</p>", shape: "round_rectangle" },
            geometry: { width: 444.08, height: 732.1 },
            position: { x: 1762.79, y: 727.68, origin: "center", relativeTo: "parent_top_left", slotId: "s" },
            style: {
              fillColor: "#fdedc0",
              fillOpacity: "1.0",
              fontFamily: "open_sans",
              fontSize: "14",
              borderColor: "#fad978",
              borderWidth: "3.0",
              borderOpacity: "1.0",
              borderStyle: "normal",
              textAlign: "center",
              textAlignVertical: "middle",
              color: "#1a1a1a"
            },
            links: { self: "http://api.miro.com/v2/boards/uXjVK8dMhnw=/items/x{&team_id}" },
            isSupported: true
          },
          {
            id: "y",
            type: "shape",
            isSupported: false,
            links: { self: "https://api.miro.com/v2/boards/b%3D/items/y" }
          },
          { id: "z", type: "table", isSupported: false }
        ],
        links: { self: "https://api.miro.com/v2/boards/b/items?limit=10&cursor=" },
        type: "cursor-list"
      }
      const { logs, value } = yield* withWarnings(listItems.pipe(http.replying(http.json(response))))
      assert.deepStrictEqual(logs, [])
      const [shape, without, table] = value.data
      assert.deepStrictEqual(untyped(value), { ...response, data: [shape, without, table] })
      assert.deepStrictEqual(untyped([shape, without]), response.data.slice(0, 2))
      assert.deepStrictEqual(untyped(table), { id: "z", type: "unknown", originalType: "table", isSupported: false })
      assert.strictEqual(shape?.type === "shape" && shape.style?.fillOpacity, "1.0")
      assert.strictEqual(shape?.position?.slotId, "s")
      assert.strictEqual(shape?.links?.self, response.data[0]?.links?.self)
      assert.isFalse(without?.isSupported)
    })
  )

  it.effect("a token, of an organization or not", () =>
    Effect.gen(function* () {
      const response = {
        type: "oAuthToken",
        application: { type: "application", name: "Retro", id: "3074457363680401096" },
        createdBy: { type: "user", name: "Anna", id: "3458764517517818867" },
        team: { type: "team", name: "Team", id: "3074457362577833142" },
        scopes: ["boards:write", "boards:read"],
        user: { type: "user", name: "Anna", id: "3458764517517818867" }
      }
      const { logs, value } = yield* withWarnings(Tokens.get().pipe(http.replying(http.json(response))))
      assert.deepStrictEqual(logs, [])
      assert.deepStrictEqual(untyped(value), response)
    })
  )

  it.effect("app cards without a title, and images without a geometry", () =>
    Effect.gen(function* () {
      const { logs, value } = yield* withWarnings(listItems)
      assert.deepStrictEqual(logs, [])
      assert.deepStrictEqual(untyped(value.data[0]?.data), { owned: false, fields: [{ tooltip: "t" }] })
      assert.isUndefined(value.data[1]?.geometry)
    }).pipe(
      http.replying(
        page(
          { id: "1", type: "app_card", data: { owned: false, fields: [{ tooltip: "t" }] } },
          {
            id: "2",
            type: "image",
            data: { imageUrl: "https://api.miro.com/v2/boards/b/resources/images/0?redirect=false" }
          }
        )
      )
    )
  )

  it.effect("text is left as Miro escaped it", () =>
    Effect.gen(function* () {
      const note = yield* StickyNotes.get({ boardId: "b", itemId: "1" })
      assert.strictEqual(note.data?.content, "<p>&#34;quoted&#34; &amp; 😀\u2028</p>")
    }).pipe(
      http.replying(http.json({ ...payloads.stickyNote, data: { content: "<p>&#34;quoted&#34; &amp; 😀\u2028</p>" } }))
    )
  )
})
