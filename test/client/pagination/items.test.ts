import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import {
  Boards,
  Items,
  MiroClient,
  MiroError,
  OrganizationMembers,
  type Operation,
  Pagination,
  type ScimClient,
  ScimUsers
} from "effect-miro"
import { operations } from "../../../scripts/operations.ts"
import * as http from "../../support/http.ts"
import { range } from "../../support/lists.ts"
import { observe } from "../../support/observe.ts"
import * as payloads from "../../support/payloads.ts"
import { id, samples } from "../../support/sample.ts"
import { wired } from "./faults.ts"

type List = Operation.ListOperation<unknown, Pagination.Page<unknown>, MiroClient.MiroClient | ScimClient.ScimClient>

const isList = (call: unknown): call is List => typeof call === "function" && "pages" in call

const lists = operations.flatMap(({ call, name, path, query, success }) => {
  if (!isList(call) || success === undefined) return []
  const parameters = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => [name, id])
  const input = { ...Object.fromEntries(parameters), ...samples(query, "required")[0] }
  const [page = {}] = samples(success, "required")
  // A page of SCIM needs no resources.
  if (call.operation.pagination?.kind === "startIndex")
    return [[name, { list: call, input, json: { Resources: [{ id }] } }] as const]
  // As it is on the wire.
  const json = Schema.encodeUnknownSync(Schema.toCodecJson<Schema.Codec<unknown>>(success as never))(page)
  return [[name, { list: call, input, json }] as const]
})

/** A page with these items. */
const withItems = (json: unknown, items: ReadonlyArray<unknown>) => ({
  ...(json as object),
  [name(json)]: items,
  cursor: undefined,
  total: items.length,
  totalResults: items.length
})

const name = (json: unknown) => ("Resources" in (json as object) ? "Resources" : "data")

describe("an item that cannot be read", () => {
  it.effect("fails its page, which says which item it is, by default", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(Stream.runDrain(Items.list.items({ boardId: "b" })), "InvalidResponse")
      assert.deepStrictEqual(reason.issues, [
        { path: ["data", 1, "type"], message: 'Missing key (item "7")' },
        { path: ["data", 2, "id"], message: 'Missing key (item of type "text")' },
        { path: ["data", 3], message: "Expected object" }
      ])
      assert.include(reason.message, 'data[1].type: Missing key (item "7")')
    }).pipe(
      http.replying(http.json({ data: [{ id: "1", type: "text" }, { id: 7 }, { type: "text", position: 1 }, null] }))
    )
  )

  it.effect("is skipped where that is asked for, and reported with its id and what is wrong", () =>
    Effect.gen(function* () {
      const skipped: Array<Pagination.InvalidItem> = []
      const observed = yield* observe(
        Stream.runCollect(
          Boards.list.items(
            {},
            {
              onInvalidItem: (item) =>
                Effect.sync(() => {
                  skipped.push(item)
                })
            }
          )
        )
      )
      const items = yield* observed.exit
      assert.deepStrictEqual(
        items.map(({ id }) => id),
        ["0", "2", "4"]
      )
      assert.deepStrictEqual(skipped, [
        {
          path: ["data", 1],
          id: "b1",
          type: "board",
          issues: [{ path: ["name"], message: "Missing key" }],
          value: { id: "b1", type: "board", viewLink: "v" }
        },
        { path: ["data", 3], issues: [{ path: [], message: "Expected object" }], value: 7 }
      ])
      const [span] = observed.spans
      assert.strictEqual(span?.attributes.get("miro.response.skipped_count"), 2)
      assert.deepStrictEqual(span?.attributes.get("miro.response.skipped_items"), [
        'data.1.name: Missing key (item "b1" of type "board")',
        "data.3: Expected object"
      ])
      assert.strictEqual(observed.logs.length, 1)
      assert.include(observed.logs[0], "Boards.list: 2 items of Miro's response do not fit and were skipped")
      assert.include(observed.logs[0], "b1")
    }).pipe(
      http.replying(
        http.json({
          data: [
            ...payloads.boards(0, 1),
            { id: "b1", type: "board", viewLink: "v" },
            ...payloads.boards(2, 1),
            7,
            ...payloads.boards(4, 1)
          ],
          total: 5
        })
      )
    )
  )

  it.effect.each(lists)("fails its page or is skipped, in every list: %s", ([, { input, json, list }]) =>
    Effect.gen(function* () {
      const [good] = (json as Record<string, ReadonlyArray<unknown>>)[name(json)] ?? []
      const page = withItems(json, [good, null, good])
      const wire = wired(() => http.json(page))
      const alone = yield* Stream.runCollect(list.items(input)).pipe(wired(() => http.json(withItems(json, [good]))))
      assert.strictEqual(alone.length, 1)

      const failed = yield* http.failsWith(Stream.runDrain(list.items(input)).pipe(wire), "InvalidResponse")
      assert.deepStrictEqual(failed.reason.issues[0]?.path, [name(json), 1])
      yield* http.failsWith(Stream.runDrain(list.pages(input)).pipe(wire), "InvalidResponse")

      const items = yield* Stream.runCollect(list.items(input, { onInvalidItem: "skip" })).pipe(wire)
      assert.deepStrictEqual(items, [...alone, ...alone])
      const pages = yield* Stream.runCollect(list.pages(input, { onInvalidItem: "skip" })).pipe(wire)
      assert.deepStrictEqual(
        pages.map((page) => page.data ?? page.Resources ?? []),
        [[...alone, ...alone]]
      )

      yield* http.failsWith(
        Stream.runDrain(list.items(input, { onInvalidItem: "skip" })).pipe(
          Effect.provideService(MiroClient.Strict, true),
          wire
        ),
        "InvalidResponse"
      )
    })
  )

  it.effect("is skipped in the pages within the page of a group too, and where others were dropped of", () =>
    Effect.gen(function* () {
      const paths: Array<unknown> = []
      const items = yield* Stream.runCollect(
        Items.listInGroup.items(
          { boardId: "b", groupItemId: "g" },
          { onInvalidItem: ({ path }) => Effect.sync(() => void paths.push(path)) }
        )
      )
      assert.deepStrictEqual(items, [
        { id: "1", type: "text" },
        { id: "3", type: "text" },
        { id: "5", type: "text" }
      ])
      assert.deepStrictEqual(paths, [
        ["data", 0, "data", 1],
        ["data", 2]
      ])
    }).pipe(
      http.replying(
        http.json({
          data: [
            {
              data: [
                { id: "1", type: "text", position: 7 },
                { type: "text", data: [{ id: 1 }] },
                { id: 3, type: "text" }
              ]
            },
            { id: "5", type: "text" },
            null
          ]
        })
      )
    )
  )

  it.effect("is skipped in a list that comes without a page around it", () =>
    Effect.gen(function* () {
      const member = {
        id: "1",
        email: "a@example.com",
        active: true,
        license: "full",
        role: "organization_internal_user"
      }
      const read = (onInvalidItem: "fail" | "skip") =>
        Stream.runCollect(OrganizationMembers.list.items({ orgId: "1" }, { onInvalidItem })).pipe(
          http.replying(http.json([{ ...member, email: null }, member]))
        )
      const { reason } = yield* http.failsWith(read("fail"), "InvalidResponse")
      assert.deepStrictEqual(reason.issues, [{ path: [0, "email"], message: 'Expected string (item "1")' }])
      assert.deepStrictEqual(yield* read("skip"), [member])
    })
  )

  it.effect("is not read from a field that a list does not declare", () =>
    Effect.gen(function* () {
      const users = yield* Stream.runCollect(ScimUsers.list.items())
      assert.deepStrictEqual(
        users.map(({ id }) => id),
        ["1"]
      )
    }).pipe(wired(() => http.json({ Resources: [{ id: "1" }], data: [{ id: 7 }, null], totalResults: 1 })))
  )

  it.effect("does not end a list, and counts for where the next page begins", () =>
    Effect.gen(function* () {
      const limit = 2
      const broken = new Set(["1", "2", "3", "6"])
      const respond: http.Respond = ({ path, query }) => {
        const at = path === "/v2/boards" ? Number(query["offset"]) : Number(query["startIndex"]) - 1
        const items = range(at, Math.min(limit, 9 - at)).map((id) =>
          broken.has(id) ? { ...payloads.board, id: { broken: id } } : { ...payloads.board, id }
        )
        return http.json({ data: items, Resources: items, total: 9, totalResults: 9 })
      }
      for (const stream of [
        Boards.list.items({ limit }, { onInvalidItem: "skip" }),
        ScimUsers.list.items({ count: limit }, { onInvalidItem: "skip" })
      ]) {
        yield* Effect.gen(function* () {
          const items = yield* Stream.runCollect<{ readonly id: string }, MiroError.MiroError, never>(stream as never)
          assert.deepStrictEqual(
            items.map(({ id }) => id),
            ["0", "4", "5", "7", "8"]
          )
          assert.strictEqual((yield* http.Wire).sent.length, 5)
        }).pipe(wired(respond))
      }
    })
  )

  it.effect("does not end a list with cursors, of which no item can be read", () =>
    Effect.gen(function* () {
      const items = yield* Stream.runCollect(Items.list.items({ boardId: "b" }, { onInvalidItem: "skip" }))
      assert.deepStrictEqual(
        items.map(({ id }) => id),
        ["1"]
      )
    }).pipe(
      http.replying(
        http.json({ data: [{ id: "a" }, { id: "b" }], cursor: "1" }),
        http.json({ data: [{ id: "c" }], cursor: "2" }),
        http.json({ data: [{ id: "1", type: "text" }] })
      )
    )
  )

  it.effect("is a loop when the same ones come again and again", () =>
    Effect.gen(function* () {
      yield* http.failsWith(
        Stream.runDrain(Boards.list.items({ limit: 2 }, { onInvalidItem: "skip" })),
        "PaginationLoop"
      )
      assert.strictEqual((yield* http.Wire).sent.length, 3)
    }).pipe(http.always(http.json({ data: [{ id: "1" }, { id: "2" }] })))
  )

  it.effect("is no reason to skip what is wrong with the page itself", () =>
    Effect.gen(function* () {
      const read = Stream.runDrain(Items.list.items({ boardId: "b" }, { onInvalidItem: "skip" }))
      for (const page of [{ data: {} }, {}, { data: null }, { data: [null], cursor: {} }, { data: "none" }]) {
        yield* http.failsWith(read, "InvalidResponse").pipe(http.replying(http.json(page)))
      }
    })
  )

  it.effect("takes only itself out, in a page that is long and has many", () =>
    Effect.gen(function* () {
      const skipped: Array<unknown> = []
      const items = yield* Stream.runCollect(
        Items.list.items(
          { boardId: "b" },
          { onInvalidItem: ({ path }) => Effect.sync(() => void skipped.push(path[1])) }
        )
      )
      assert.deepStrictEqual(
        items.map(({ id }) => id),
        range(0, 1000).filter((id) => Number(id) % 3 !== 0)
      )
      assert.deepStrictEqual(
        skipped,
        range(0, 1000)
          .map(Number)
          .filter((id) => id % 3 === 0)
      )
      assert.isTrue(items.every((item) => item.position === undefined))
    }).pipe(
      http.replying(
        http.json({
          data: payloads.texts(0, 1000).map((text, index) => ({
            ...text,
            // Some show only once others were taken out.
            ...(index % 3 === 0 && (index % 2 === 0 ? { id: null } : { type: [] })),
            ...(index % 5 === 0 && { position: "here" })
          }))
        })
      )
    )
  )
})

describe("a cursor that is none", () => {
  it.effect.each(
    lists
      .filter(([, { list }]) => list.operation.pagination?.kind === "cursor")
      .flatMap(([name, list]) =>
        [{}, { next: "A" }, [], ["A"], true, false].map((cursor) => [name, cursor, list] as const)
      )
  )("fails its page, which would be the last otherwise: %s, %j", ([, cursor, { input, json, list }]) =>
    Effect.gen(function* () {
      const page = { ...(json as object), cursor }
      for (const isStrict of [false, true]) {
        const { reason } = yield* http.failsWith(
          Stream.runDrain(list.items(input)).pipe(
            Effect.provideService(MiroClient.Strict, isStrict),
            wired(() => http.json(page))
          ),
          "InvalidResponse"
        )
        assert.deepStrictEqual(reason.issues, [{ path: ["cursor"], message: "Expected string" }])
      }
    })
  )

  it.effect("but a number is read as text, and null and an empty text are the end", () =>
    Effect.gen(function* () {
      const { sent } = yield* http.Wire
      yield* Stream.runDrain(Items.list.items({ boardId: "b" }))
      assert.deepStrictEqual(
        sent.map(({ query }) => query["cursor"]),
        [undefined, "7", "3458764517517818867"]
      )
    }).pipe(
      http.replying(
        http.json({ data: [], cursor: 7 }),
        http.text('{"data":[],"cursor":3458764517517818867}'),
        http.json({ data: [], cursor: null })
      )
    )
  )
})
