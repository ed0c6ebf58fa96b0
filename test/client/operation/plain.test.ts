import { assert, describe, it } from "@effect/vitest"
import { Data, DateTime, Effect, Schema, Stream } from "effect"
import {
  AuditLogs,
  BoardExports,
  Boards,
  Cards,
  Connectors,
  ContentLogs,
  Groups,
  Items,
  type MiroClient,
  type MiroError,
  Operation,
  OrganizationMembers,
  StickyNotes,
  Tags
} from "effect-miro"
import { runInNewContext } from "node:vm"
import * as http from "../../support/http.ts"
import * as payloads from "../../support/payloads.ts"

type Call = Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>

/** Calls an operation as JavaScript does, with whatever there is. */
const untyped = (operation: (input: never) => Call, input: unknown): Call => operation(input as never)

const note = (data: unknown) => untyped(StickyNotes.create, { boardId: "b", data })

/** An endpoint that takes whatever there is. */
const anything = Operation.make({
  id: "anything",
  name: "Anything.send",
  method: "POST",
  path: "/v2/anything",
  query: Schema.Struct({ parameter: Schema.optional(Schema.Unknown) }),
  body: Schema.Struct({
    value: Schema.optional(Schema.Unknown),
    date: Schema.optional(Schema.Date),
    duration: Schema.optional(Schema.DurationFromMillis),
    map: Schema.optional(Schema.ReadonlyMap(Schema.String, Schema.String))
  })
})

const ok = http.always(http.json(payloads.stickyNote))

const refused = (call: Call) =>
  Effect.gen(function* () {
    const { reason } = yield* http.failsWith(call, "InvalidInput")
    assert.deepStrictEqual((yield* http.Wire).sent, [])
    return reason.issues.map(({ message, path }) => [path.join("."), message] as const)
  })

const bodyOf = (call: Call) =>
  Effect.gen(function* () {
    yield* Effect.ignore(call)
    return (yield* http.Wire).sent.at(-1)?.body
  })

const boom = (): never => {
  throw new Error("boom")
}

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const hostile = (trap: keyof ProxyHandler<object>) => new Proxy({}, { [trap]: boom })

const cyclic = () => {
  const value: Record<string, unknown> = {}
  value["again"] = [value]
  return value
}

const nested = (depth: number): unknown => Array.from({ length: depth }).reduce((inside) => ({ a: inside }), {})

class Silent {
  readonly #content: string
  constructor(content: string) {
    this.#content = content
  }
  shout() {
    return `${this.#content}!`
  }
}

describe("an input that is no plain data is refused, with its place", () => {
  const noObject: ReadonlyArray<readonly [name: string, make: () => unknown]> = [
    ["a Map", () => new Map([["content", "c"]])],
    ["a Set", () => new Set(["c"])],
    ["a Date", () => new Date()],
    ["a DateTime", () => DateTime.makeUnsafe(0)],
    ["a Promise", () => Promise.resolve({ content: "c" })],
    ["an Error", () => new Error("c")],
    ["a URL", () => new URL("https://miro.com")],
    ["a RegExp", () => /c/],
    ["a typed array", () => new Uint8Array([1])],
    ["a File", () => new File(["c"], "content")],
    ["a boxed string", () => new String("c")],
    ["a boxed number", () => new Number(1)],
    ["a function", () => () => ({ content: "c" })],
    ["a class", () => Silent],
    ["a symbol", () => Symbol("content")],
    ["an array", () => ["c"]],
    ["a bigint", () => 1n],
    ["an object of a class that shows no field", () => new Silent("c")],
    ["an Effect", () => Effect.succeed({ content: "c" })],
    ["a revoked proxy", revoked],
    ["a proxy that does not say what it is", () => hostile("getPrototypeOf")],
    ["a proxy that does not say its fields", () => hostile("ownKeys")],
    ["a proxy that gives nothing", () => new Proxy({ content: "c" }, { get: boom })]
  ]
  it.effect.each(noObject)("%s where an object belongs", ([, make]) =>
    Effect.gen(function* () {
      for (const [path] of yield* refused(note(make()))) assert.match(path, /^data(?:\.|$)/)
      for (const [path] of yield* refused(untyped(Items.move, { boardId: "b", itemId: "1", parent: make() }))) {
        assert.match(path, /^parent(?:\.|$)/)
      }
      const items = [
        { type: "text", data: { content: "a" } },
        { type: "sticky_note", data: make() }
      ]
      for (const [path] of yield* refused(untyped(Items.createBulk, { boardId: "b", items }))) {
        assert.match(path, /^items\.1\.data(?:\.|$)/)
      }
    }).pipe(http.replying())
  )

  it.effect.each(noObject.filter(([name]) => !["a URL", "an array"].includes(name)))(
    "%s as the whole of it",
    ([, make]) =>
      Effect.gen(function* () {
        yield* refused(untyped(Boards.create, make()))
        yield* refused(untyped((input: never) => Stream.runDrain(Boards.list.items(input)), make()))
      }).pipe(http.replying())
  )

  it.effect.each(noObject.filter(([name]) => name !== "an array"))("%s where a list belongs", ([, make]) =>
    Effect.gen(function* () {
      for (const [path] of yield* refused(untyped(Groups.create, { boardId: "b", data: { items: make() } }))) {
        assert.match(path, /^data\.items(?:\.|$)/)
      }
    }).pipe(http.replying())
  )

  it.effect.each(noObject)("%s where a text belongs", ([, make]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        (yield* refused(note({ content: make() }))).map(([path]) => path),
        ["data.content"]
      )
      const [issue] = yield* refused(untyped(Boards.get, { boardId: make() }))
      assert.strictEqual(issue?.[0], "boardId")
    }).pipe(http.replying())
  )

  const places: ReadonlyArray<readonly [name: string, path: string, call: () => Call]> = [
    [
      "a getter that throws",
      "data",
      () =>
        untyped(StickyNotes.create, {
          boardId: "b",
          get data() {
            return boom()
          }
        })
    ],
    [
      "a getter inside that throws",
      "data.content",
      () =>
        note({
          get content() {
            return boom()
          }
        })
    ],
    [
      "a getter of an element that throws",
      "items.0",
      () =>
        untyped(Items.createBulk, {
          boardId: "b",
          items: Object.defineProperty([1], 0, { get: boom, enumerable: true })
        })
    ],
    [
      "a proxy with a field that throws",
      "data.content",
      () => note(new Proxy({ content: "c" }, { get: (_, key) => (key === "content" ? boom() : undefined) }))
    ],
    ["a symbol for a key", "data.Symbol(content)", () => note({ [Symbol("content")]: "c" })],
    [
      "a getter of a class that nobody knows",
      "data.contnet",
      () =>
        note(
          new (class {
            get contnet() {
              return "c"
            }
          })()
        )
    ],
    [
      "a list with an element left out",
      "items.1",
      () => {
        const items = [{ type: "text", data: { content: "a" } }]
        items[2] = { type: "text", data: { content: "b" } }
        return untyped(Items.createBulk, { boardId: "b", items })
      }
    ],
    [
      "a list of endless length",
      "data.items.0",
      () => untyped(Groups.create, { boardId: "b", data: { items: Object.assign([], { length: 4e9 }) } })
    ],
    [
      "a list with more than elements",
      "data.items.also",
      () => untyped(Groups.create, { boardId: "b", data: { items: Object.assign(["1", "2"], { also: "3" }) } })
    ],
    [
      "a list with an undefined element",
      "data.items.1",
      () => untyped(Groups.create, { boardId: "b", data: { items: ["1", undefined] } })
    ],
    ["an unpaired surrogate in a body", "data.content", () => note({ content: "a\ud800b" })],
    ["an unpaired surrogate in a query", "query", () => Boards.list({ query: "\udfff" })],
    [
      "an unpaired surrogate in a list",
      "emails.1",
      () => OrganizationMembers.list({ orgId: "1", emails: ["a@b.c", "\ud800"] })
    ],
    [
      "a date that is none",
      "data.dueDate",
      () => Cards.create({ boardId: "b", data: { dueDate: new Date(Number.NaN) } })
    ],
    [
      "a date beyond the format",
      "data.dueDate",
      () => Cards.create({ boardId: "b", data: { dueDate: new Date(8.64e15) } })
    ],
    [
      "a time as a text",
      "data.dueDate",
      () => untyped(Cards.create, { boardId: "b", data: { dueDate: "2026-05-20T00:00:00Z" } })
    ],
    ["a value that holds itself", "value.again.0", () => anything({ value: cyclic() })],
    [
      "a value that is nested without end",
      "value.a.a.a.a.a.a.a.a.a.a.a.….a.a.a",
      () => anything({ value: nested(10_000) })
    ],
    ["a number that is none", "value.0", () => anything({ value: [Number.NaN] })],
    ["a function beside data", "value.toJSON", () => anything({ value: { toJSON: () => "c" } })],
    ["a Date without a schema for it", "value", () => anything({ value: new Date() })],
    ["an object in a query", "parameter", () => anything({ parameter: { a: 1 } })],
    ["null in a query", "parameter", () => anything({ parameter: null })],
    ["what has no form in JSON", "", () => anything({ map: new Map([["a", "b"]]) })]
  ]
  it.effect.each(places)("%s, at %j", ([, path, call]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        (yield* refused(call())).map(([path]) => path),
        [path]
      )
    }).pipe(http.replying())
  )

  it.effect("and says what it is, beside all else that is wrong", () =>
    Effect.gen(function* () {
      const input = { boardId: "", data: new Map(), position: { x: Number.NaN, y: "1" }, colour: "red" }
      assert.sameDeepMembers(
        [...(yield* refused(untyped(StickyNotes.create, input)))],
        [
          ["boardId", "must not be empty"],
          ["data", "must be plain data, and is of the class Map"],
          ["position.x", "must be a finite number"],
          ["position.y", "Expected number | undefined"],
          ["colour", "Unexpected key"]
        ]
      )
    }).pipe(http.replying())
  )
})

describe("an input is taken", () => {
  const content = '{"data":{"content":"c"}}'

  const taken: ReadonlyArray<readonly [name: string, make: () => unknown]> = [
    ["a plain object", () => ({ content: "c" })],
    ["one without a prototype", () => Object.assign(Object.create(null), { content: "c" })],
    ["one of another realm", () => runInNewContext(`({ content: "c" })`)],
    [
      "one of a class with fields",
      () =>
        new (class {
          content = "c"
        })()
    ],
    [
      "one of a class with getters and methods",
      () =>
        new (class {
          get content() {
            return "c"
          }
          shout() {
            return "C"
          }
        })()
    ],
    ["one of Data.Class", () => new (class extends Data.Class<{ readonly content: string }> {})({ content: "c" })],
    [
      "one of Schema.Class",
      () => new (class Note extends Schema.Class<Note>("Note")({ content: Schema.String }) {})({ content: "c" })
    ],
    ["one that inherits its defaults", () => Object.create({ content: "c" })],
    ["one with a field that is not enumerable", () => Object.defineProperty({}, "content", { value: "c" })],
    ["one that is frozen", () => Object.freeze({ content: "c", shape: undefined })],
    ["a proxy of one", () => new Proxy({ content: "c" }, {})],
    ["one that stands in two places", () => ({ content: "c" })]
  ]
  it.effect.each(taken)("that is %s", ([, make]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* bodyOf(note(make())), content)
    }).pipe(ok)
  )

  it.effect("as it is when it is read, once", () =>
    Effect.gen(function* () {
      let reads = 0
      const data = {
        get content() {
          return `c${reads++}`
        }
      }
      assert.strictEqual(yield* bodyOf(note(data)), '{"data":{"content":"c0"}}')
      assert.strictEqual(reads, 1)
      const items = [{ type: "text", data: { content: "a" } }]
      let lengths = 0
      const growing = new Proxy(items, {
        get: (target, key) => (key === "length" ? [1, 1e6][lengths++ % 2] : Reflect.get(target, key))
      })
      assert.strictEqual(
        yield* bodyOf(untyped(Items.createBulk, { boardId: "b", items: growing })),
        JSON.stringify(items)
      )
    }).pipe(ok)
  )

  it.effect("by a list that is read as a stream: once for all pages", () =>
    Effect.gen(function* () {
      let reads = 0
      class Everything {
        get boardId() {
          return `b${reads++}`
        }
      }
      yield* Stream.runDrain(Items.list.items(new Everything()))
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ path }) => path),
        ["/v2/boards/b0/items", "/v2/boards/b0/items"]
      )
    }).pipe(http.replying(http.json({ data: [], cursor: "c" }), http.json({ data: [] })))
  )

  it.effect("by such a list, though a Date is set to another time meanwhile", () =>
    Effect.gen(function* () {
      const date = new Date("2026-05-20T00:00:00Z")
      yield* AuditLogs.list
        .pages({ createdAfter: date, createdBefore: date })
        .pipe(Stream.runForEach(() => Effect.sync(() => date.setUTCFullYear(2027))))
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ query }) => query["createdAfter"]),
        ["2026-05-20T00:00:00.000Z", "2026-05-20T00:00:00.000Z"]
      )
    }).pipe(http.replying(http.json({ data: [], cursor: "c" }), http.json({ data: [] })))
  )

  it.effect("with points in time of any kind, which are sent in UTC", () =>
    Effect.gen(function* () {
      const time = "2026-05-20T06:38:21.000Z"
      const zoned = DateTime.makeZonedUnsafe(time, { timeZone: "Europe/Berlin" })
      for (const dueDate of [new Date(time), DateTime.makeUnsafe(time), zoned]) {
        assert.strictEqual(
          yield* bodyOf(Cards.create({ boardId: "b", data: { dueDate } })),
          `{"data":{"dueDate":"${time}"}}`
        )
        yield* Effect.ignore(ContentLogs.list({ orgId: "1", from: dueDate, to: dueDate }))
        yield* Effect.ignore(AuditLogs.list({ createdAfter: dueDate, createdBefore: dueDate }))
        assert.deepStrictEqual(
          (yield* http.Wire).sent.slice(-2).map(({ query }) => query),
          [
            { from: time, to: time },
            { createdAfter: time, createdBefore: time }
          ]
        )
      }
    }).pipe(ok)
  )

  it.effect("by an endpoint of one's own, as its schemas have it", () =>
    Effect.gen(function* () {
      const cases = [
        [
          { value: { a: [1, "b", null, true, -0, 10n], b: undefined, toJSON: "c" } },
          '{"value":{"a":[1,"b",null,true,0,10],"toJSON":"c"}}'
        ],
        [{ date: new Date(0) }, '{"date":"1970-01-01T00:00:00.000Z"}'],
        [{ duration: "2 seconds" }, undefined]
      ] as const
      for (const [input, body] of cases) {
        if (body === undefined) yield* http.failsWith(untyped(anything, input), "InvalidInput")
        else assert.strictEqual(yield* bodyOf(untyped(anything, input)), body)
      }
    }).pipe(http.always(http.noContent))
  )
})

describe("an id", () => {
  it.effect("that is percent-encoded already is not encoded twice", () =>
    Effect.gen(function* () {
      const encoded = "uXjVOfjmfkE%3D"
      yield* Effect.ignore(Boards.get({ boardId: encoded }))
      yield* Effect.ignore(Boards.get({ boardId: "uXjVOfjmfkE%3d" }))
      yield* Effect.ignore(Boards.copy({ copyFrom: encoded }))
      yield* Effect.ignore(
        ContentLogs.list({ orgId: "1", from: new Date(0), to: new Date(0), boardIds: [encoded, "b"] })
      )
      yield* Effect.ignore(BoardExports.createJob({ orgId: "1", requestId: "r", boardIds: [encoded] }))
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ url }) => url.replace("https://api.miro.com/v2/", "").replace(/from.*?board/, "board")),
        [
          "boards/uXjVOfjmfkE%3D",
          "boards/uXjVOfjmfkE%3D",
          "boards?copy_from=uXjVOfjmfkE%3D",
          "orgs/1/content-logs/items?board_ids=uXjVOfjmfkE%3D&board_ids=b&from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A00.000Z",
          "orgs/1/boards/export/jobs?request_id=r"
        ]
      )
      assert.strictEqual(sent.at(-1)?.body, '{"boardIds":["uXjVOfjmfkE="]}')
    }).pipe(ok)
  )

  const link = "https://miro.com/app/board/uXjVOfjmfkE=/?moveToWidget=3458764517517818867&cot=14"
  const both =
    'must be an id, and is a link, in which the id of the board is "uXjVOfjmfkE=" and that of the item "3458764517517818867"'
  const inPlaces: ReadonlyArray<readonly [path: string, call: (id: string) => Call]> = [
    ["boardId", (id) => Boards.get({ boardId: id })],
    ["itemId", (id) => Items.get({ boardId: "b", itemId: id })],
    ["copyFrom", (id) => Boards.copy({ copyFrom: id })],
    ["boardIds.1", (id) => ContentLogs.list({ orgId: "1", from: new Date(0), to: new Date(0), boardIds: ["b", id] })],
    ["boardIds.0", (id) => BoardExports.createJob({ orgId: "1", requestId: "r", boardIds: [id] })],
    ["parent.id", (id) => Items.move({ boardId: "b", itemId: "1", parent: { id } })],
    ["startItem.id", (id) => Connectors.create({ boardId: "b", startItem: { id }, endItem: { id: "2" } })],
    ["data.items.0", (id) => Groups.create({ boardId: "b", data: { items: [id, "2"] } })],
    ["tagId", (id) => Tags.attach({ boardId: "b", itemId: "1", tagId: id })],
    ["parentItemId", (id) => Items.listInFrame({ boardId: "b", parentItemId: id })]
  ]
  it.effect.each(inPlaces)("at %j is no link, and the error says which part of it is the id", ([path, call]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual([...(yield* refused(call(link)))], [[path, both]])
      for (const other of [
        "miro.com/app/board/uXjVOfjmfkE%3D",
        "https://acme.miro.com/app/live-embed/uXjVOfjmfkE=?x"
      ]) {
        assert.deepStrictEqual(
          [...(yield* refused(call(other)))],
          [[path, 'must be an id, and is a link, in which the id of the board is "uXjVOfjmfkE="']]
        )
      }
      yield* refused(call(""))
    }).pipe(http.replying())
  )

  it.effect("that is missing is told to be", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual([...(yield* refused(untyped(Boards.get, {})))], [["boardId", "is missing"]])
    }).pipe(http.replying())
  )
})

describe("an empty text in a query is refused, since it would change what is asked for", () => {
  const empties: ReadonlyArray<readonly [path: string, call: () => Call]> = [
    ["teamId", () => Boards.list({ teamId: "" })],
    ["query", () => Boards.list({ query: "" })],
    ["sort", () => Boards.list({ sort: "" })],
    ["type", () => Items.list({ boardId: "b", type: "" })],
    ["emails.0", () => OrganizationMembers.list({ orgId: "1", emails: [""] })],
    ["boardIds.1", () => ContentLogs.list({ orgId: "1", from: new Date(0), to: new Date(0), boardIds: ["b", ""] })],
    ["requestId", () => BoardExports.createJob({ orgId: "1", requestId: "", boardIds: ["b"] })]
  ]
  it.effect.each(empties)("at %j", ([path, call]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual([...(yield* refused(call()))], [[path, "must not be empty"]])
    }).pipe(http.replying())
  )
})
