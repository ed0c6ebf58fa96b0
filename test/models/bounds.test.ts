import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Logger, Stream } from "effect"
import { Boards, Items, type MiroClient, type MiroError, type ScimClient, ScimDiscovery } from "effect-miro"
import { inspect } from "node:util"
import * as http from "../support/http.ts"
import { observe } from "../support/observe.ts"
import * as payloads from "../support/payloads.ts"
import { wired } from "../client/pagination/faults.ts"

const megabyte = 2 ** 20

const long = "k".repeat(megabyte)

const list = Items.list({ boardId: "b" })

const skipping = Stream.runDrain(Items.list.items({ boardId: "b" }, { onInvalidItem: "skip" }))

const times = <A>(count: number, make: (index: number) => A) => Array.from({ length: count }, (_, index) => make(index))

type Call = Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient | ScimClient.ScimClient>

interface Case {
  readonly call: Call
  readonly body: unknown
  readonly status?: number
}

/** Everything that is shown of a call, but what it succeeds with. */
const shown = (call: Call) =>
  Effect.gen(function* () {
    const { exit, logs, spans } = yield* observe(call)
    const error = Exit.isFailure(exit) ? exit.cause : undefined
    const attributes = spans.map((span) => [...span.attributes, ...span.events])
    return [...logs, inspect([attributes, error], { depth: Infinity, maxStringLength: Infinity })].join()
  })

const isBounded = ({ body, call, status = 200 }: Case) =>
  Effect.gen(function* () {
    assert.isBelow((yield* shown(call)).length, 256 * 1024)
  }).pipe(
    http.once,
    wired(() => (typeof body === "string" ? http.text(body, { status }) : http.json(body, { status })))
  )

const cases: Readonly<Record<string, Case>> = {
  "20,000 optional fields that do not fit": {
    call: list,
    body: { data: times(20_000, (id) => ({ id, type: "text", position: 7 })) }
  },
  "20,000 items without what is required": {
    call: list,
    body: { data: times(20_000, () => ({ type: long.slice(0, 20) })) }
  },
  "20,000 items that are skipped": { call: skipping, body: { data: times(20_000, (id) => ({ id })) } },
  "300,000 items that are nothing": { call: list, body: { data: times(300_000, () => 0) } },
  "600,000 items that are nothing, and are to be skipped": { call: skipping, body: { data: times(600_000, () => 0) } },
  "300,000 elements of a list that do not fit": {
    call: Items.get({ boardId: "b", itemId: "1" }),
    body: { id: "1", type: "app_card", data: { fields: times(300_000, () => 7) } }
  },
  "an item whose id and type are long": {
    call: list,
    body: { data: [{ id: long, type: long, parent: 7 }, { id: long }] }
  },
  "an item whose id is long, and is skipped": { call: skipping, body: { data: [{ id: long }, { type: long }] } },
  "a field that is long where a number belongs": {
    call: Items.get({ boardId: "b", itemId: "1" }),
    body: { id: "1", type: "text", position: { x: "1".repeat(megabyte), y: "9".repeat(megabyte) } }
  },
  "a field that is long where an object belongs": {
    call: Boards.get({ boardId: "b" }),
    body: { ...payloads.board, owner: long, createdAt: long, name: {} }
  },
  "a path that is long": {
    call: ScimDiscovery.getSchema({ uri: "u" }),
    body: {
      id: "u",
      attributes: times(100, () => 0).reduce<unknown>((inside) => [{ name: [], subAttributes: inside }], 7)
    }
  },
  "a cursor that is long and comes again": {
    call: Stream.runDrain(Items.list.items({ boardId: "b" })),
    body: { data: [], cursor: long }
  },
  "a message, a code and keys of an error that are long": {
    call: list,
    status: 404,
    body: { message: long, code: long, context: { [long]: { [long]: long } } }
  },
  "a context of an error with 100,000 texts": {
    call: list,
    status: 400,
    body: {
      message: "m",
      code: 1,
      context: { fields: times(5000, () => ({ field: long.slice(0, 200), message: long.slice(0, 200) })) }
    }
  },
  "a context of an error with 100,000 objects": {
    call: list,
    status: 409,
    body: { context: times(100_000, (index) => ({ [`key ${index}`]: { [index]: [index] } })) }
  },
  "an error that is no JSON": { call: list, status: 500, body: long }
}

describe("what is shown of a body of a megabyte", () => {
  it.live.each(Object.entries(cases))("is no more than somebody reads: %s", ([, bounded]) => isBounded(bounded))

  it.effect("says how much more there is", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(list, "InvalidResponse")
      assert.strictEqual(reason.issues.length, 51)
      assert.deepStrictEqual(reason.issues[49], { path: ["data", 49], message: "Expected object" })
      assert.deepStrictEqual(reason.issues[50], { path: [], message: "and 950 more" })
      assert.isBelow(reason.message.length, 4096)
    }).pipe(http.replying(http.json({ data: times(1000, () => 0) })))
  )

  it.effect("says so of what was dropped, in one line of the log and one attribute", () =>
    Effect.gen(function* () {
      const { logs, spans } = yield* observe(list)
      assert.strictEqual(logs.length, 1)
      const fields = spans[0]?.attributes.get("miro.response.dropped_fields")
      assert.isArray(fields)
      assert.strictEqual(Array.isArray(fields) ? fields.length : 0, 51)
      assert.include(fields, "data.49.position: Expected object")
      assert.include(fields, "and 950 more")
    }).pipe(http.replying(http.json({ data: times(1000, (id) => ({ id, type: "text", position: 7 })) })))
  )
})

describe("what is shown of an input of a megabyte", () => {
  const keys = Object.fromEntries(times(100_000, (index) => [`key ${index}`, index]))
  const deep = times(2000, () => 0).reduce<object>((a) => ({ a }), {})
  const create = (input: object): Call => Reflect.apply(Boards.create, undefined, [input])
  const inputs: ReadonlyArray<readonly [string, Call]> = [
    ["a key that is long", create({ [long]: 1 })],
    ["100,000 keys", create(keys)],
    ["a value that is long", create({ name: { [long]: long } })],
    ["a stream", Stream.runDrain(Boards.list.items(keys))],
    ["nesting", create({ policy: deep })]
  ]

  it.live.each(inputs)("is no more than somebody reads: %s", ([, call]) =>
    Effect.gen(function* () {
      assert.isBelow((yield* shown(call)).length, 256 * 1024)
      const { reason } = yield* Effect.flip(call)
      assert.strictEqual(reason._tag, "InvalidInput")
    }).pipe(wired(() => http.noContent))
  )
})

describe("what takes time", () => {
  it.live(
    "is not the repair of 100,000 fields, each in an item of its own",
    () =>
      Effect.gen(function* () {
        const started = performance.now()
        const { data } = yield* list
        assert.strictEqual(data.length, 100_000)
        assert.isTrue(data.every((item) => item.position === undefined))
        assert.isBelow(performance.now() - started, 30_000)
      }).pipe(
        Effect.provide(Logger.layer([])),
        http.replying(http.json({ data: times(100_000, (id) => ({ id: `${id}`, type: "text", position: 7 })) }))
      ),
    60_000
  )
})
