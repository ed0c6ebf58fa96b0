import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import * as fc from "fast-check"
import { AccessToken, Boards, Items, MiroClient, MiroError, ScimClient, ScimUsers } from "effect-miro"
import * as PageLoop from "../../../src/client/pagination/loop.ts"
import * as http from "../../support/http.ts"
import { idsOf, range } from "../../support/lists.ts"
import * as payloads from "../../support/payloads.ts"
import { forAll } from "../../support/property.ts"

type Client = MiroClient.MiroClient | ScimClient.ScimClient

interface Page {
  readonly ids: ReadonlyArray<string>
  readonly reported?: unknown
  readonly total?: unknown
}

interface List {
  readonly items: (limit: number, at?: number) => Stream.Stream<{ readonly id: string }, MiroError.MiroError, Client>
  /** The position that a request asks for, counted from 0. */
  readonly asked: (query: Readonly<Record<string, string>>) => number
  readonly page: (page: Page) => http.Reply
  readonly field: string
  readonly first: number
}

const lists: Readonly<Record<"offset" | "startIndex", List>> = {
  offset: {
    items: (limit, offset) => Boards.list.items({ limit, ...(offset !== undefined && { offset }) }),
    asked: (query) => Number(query["offset"]),
    page: ({ ids, reported, total }) =>
      http.json({ data: ids.map((id) => ({ ...payloads.board, id })), offset: reported, total }),
    field: "offset",
    first: 0
  },
  startIndex: {
    items: (count, startIndex) => ScimUsers.list.items({ count, ...(startIndex !== undefined && { startIndex }) }),
    asked: (query) => Number(query["startIndex"]) - 1,
    page: ({ ids, reported, total }) =>
      http.json({ Resources: ids.map((id) => ({ id })), startIndex: reported, totalResults: total }),
    field: "startIndex",
    first: 1
  }
}

const wired = (respond: http.Respond) =>
  Effect.provide(
    Layer.merge(
      MiroClient.layer().pipe(Layer.provide(AccessToken.layer(http.token))),
      ScimClient.layer({ token: http.token })
    ).pipe(Layer.provideMerge(Layer.suspend(() => http.layerWire(respond))))
  )

const requests = http.Wire.useSync(({ sent }) => sent.length)

/** What came before the error, and the error. */
const readUntilError = <E, R>(items: Stream.Stream<{ readonly id: string }, E, R>) =>
  Effect.gen(function* () {
    const ids: Array<string> = []
    const error = yield* Effect.flip(Stream.runForEach(items, ({ id }) => Effect.sync(() => ids.push(id))))
    return { ids, error }
  })

/** Reads a list that has to fail, and gives what came of it before. */
const isLoop = (items: ReturnType<List["items"]>, ids: ReadonlyArray<string>, asked: number) =>
  Effect.gen(function* () {
    const read = yield* readUntilError(items)
    assert.strictEqual(read.error.reason._tag, "PaginationLoop")
    assert.isFalse(read.error.isRetryable)
    assert.deepStrictEqual(read.ids, ids)
    assert.isAtMost(yield* requests, asked)
  })

/** How a server may say where a page begins that does not begin there. */
const reports = {
  "reports none": () => undefined,
  "reports the one that was asked for": (asked: number) => asked,
  "reports it as text": (asked: number) => String(asked),
  "reports the first": () => 0,
  "reports a negative one": () => -1,
  "reports a fraction": () => 0.5,
  "reports nonsense": () => "first"
} as const

const reporting = Object.entries(reports)

const kinds = ["offset", "startIndex"] as const

const cases = kinds.flatMap((kind) => reporting.map(([name, report]) => [kind, name, report] as const))

describe("a list whose server does not heed the position that it is asked for", () => {
  it.effect.each(cases)("by %s, and %s, is a loop before an item comes twice", ([kind, , report]) => {
    const { asked, first, items, page } = lists[kind]
    return isLoop(items(50), range(0, 50), 3).pipe(
      wired(({ query }) => page({ ids: range(0, 50), reported: report(asked(query) + first), total: 500 }))
    )
  })

  it.effect.each(cases)("by %s, and %s, is a loop of pages of one item too", ([kind, , report]) => {
    const { asked, first, items, page } = lists[kind]
    return isLoop(items(1), ["0"], 3).pipe(
      wired(({ query }) => page({ ids: ["0"], reported: report(asked(query) + first), total: 3 }))
    )
  })

  it.effect.each(cases)("by %s, and %s, is a loop that goes from A to B and back", ([kind, , report]) => {
    const { asked, first, items, page } = lists[kind]
    return isLoop(items(10), range(0, 20), 4).pipe(
      wired(({ query }, index) =>
        page({ ids: range((index % 2) * 10, 10), reported: report(asked(query) + first), total: 500 })
      )
    )
  })

  it.effect.each(kinds)("by %s is a loop too where the list grows without an end", (kind) => {
    const { items, page } = lists[kind]
    return isLoop(items(10), range(0, 10), 3).pipe(
      wired((_, index) => page({ ids: range(0, 10), total: 10 * (index + 2) }))
    )
  })

  it.effect.each(kinds)("by %s is a loop where it begins in the middle of a list", (kind) => {
    const { items, page } = lists[kind]
    // From the 7th page on it is always the same.
    return isLoop(items(10), range(0, 70), 9).pipe(
      wired((_, index) => page({ ids: range(Math.min(index, 6) * 10, 10), total: 1000 }))
    )
  })

  it.effect.each(kinds)("by %s is a loop where the details of its items change", (kind) => {
    const { items } = lists[kind]
    return isLoop(items(2), ["0", "1"], 3).pipe(
      wired((_, index) => {
        const data = range(0, 2).map((id) => ({ ...payloads.board, id, name: `seen ${index} times` }))
        return http.json({ data, Resources: data })
      })
    )
  })

  it.effect("by cursors that are always new is a loop", () =>
    Effect.gen(function* () {
      const { error, ids } = yield* readUntilError(Items.list.items({ boardId: "b" }))
      assert.strictEqual(error.reason._tag, "PaginationLoop")
      assert.deepStrictEqual(ids, range(0, 50))
      assert.strictEqual(yield* requests, 3)
    }).pipe(http.wired((_, index) => http.json({ data: payloads.texts(0, 50), cursor: `cursor ${index}` })))
  )

  it.effect("gives what came before a failure, which is where reading goes on", () =>
    Effect.gen(function* () {
      const { error, ids } = yield* readUntilError(Boards.list.items({ limit: 2 }))
      assert.deepStrictEqual(ids, ["0", "1", "0", "1"])
      assert.strictEqual(error.reason._tag, "NotFound")
      assert.deepStrictEqual(error.resumeAt, { offset: 4 })
    }).pipe(http.wired((_, index) => (index < 2 ? http.json({ data: payloads.boards(0, 2) }) : http.status(404))))
  )
})

describe("a list with items that come twice", () => {
  it.effect.each(kinds)("by %s is no loop, where pages shift by one", (kind) => {
    const { asked, items, page } = lists[kind]
    return Effect.gen(function* () {
      for (const limit of [1, 2, 10]) {
        const ids = yield* idsOf(items(limit)).pipe(
          wired(({ query }, index) => {
            // After every second page, somebody puts an item in front.
            const shift = Math.floor(index / 2)
            const all = [...range(1000, shift).toReversed(), ...range(0, 30)]
            return page({ ids: all.slice(asked(query), asked(query) + limit), total: all.length })
          })
        )
        assert.includeMembers([...ids], range(0, 30))
      }
    })
  })

  it.effect.each(kinds)("by %s is no loop, where equal ones are beside each other", (kind) => {
    const { asked, items, page } = lists[kind]
    return Effect.gen(function* () {
      const all = ["a", "a", "b", "c", "c", "a", "d", "b", "d", "d"]
      for (const limit of [1, 2, 3, 5, 10]) {
        const ids = yield* idsOf(items(limit)).pipe(
          wired(({ query }) => {
            const at = asked(query)
            return page({ ids: all.slice(at, at + limit), total: all.length })
          })
        )
        assert.deepStrictEqual(ids, all, `pages of ${limit}`)
      }
    })
  })

  it.effect("is given whole, however its pages repeat now and then", () =>
    forAll(
      fc.record({
        all: fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 60 }),
        limit: fc.integer({ min: 2, max: 9 })
      }),
      100,
      ({ all, limit }) =>
        Effect.gen(function* () {
          const ids = all.map(String)
          const pages = Array.from({ length: Math.ceil(ids.length / limit) }, (_, index) =>
            ids.slice(index * limit, (index + 1) * limit).join()
          )
          if (pages.some((page, index) => pages.indexOf(page) < index)) return
          assert.deepStrictEqual(
            yield* idsOf(lists.offset.items(limit)).pipe(
              wired(({ query }) => lists.offset.page({ ids: ids.slice(lists.offset.asked(query)).slice(0, limit) }))
            ),
            ids
          )
        })
    )
  )
})

describe("what is known of pages", () => {
  it.each([1, 2, 100, 5000, 40_000])("is enough to notice a circle of %i", (size) => {
    const loop = PageLoop.make()
    const visits = Array.from({ length: 3 * size + 1 }, (_, index) => loop.visit([{ id: `${index % size}` }]))
    assert.include(visits, "loop")
    assert.isAtLeast(visits.indexOf("loop"), size)
  })

  it("is enough to notice pages that come again in any order", () => {
    const loop = PageLoop.make()
    const visits = [1, 2, 3, 4, 5, 3, 1, 4, 2, 5].map((id) => loop.visit([{ id }]))
    assert.strictEqual(visits.indexOf("loop"), 9)
  })

  it("gives no false alarm in 300,000 pages that are all different", () => {
    const loop = PageLoop.make()
    let loops = 0
    for (let index = 0; index < 300_000; index++) if (loop.visit([{ id: `3458764517${index}` }]) === "loop") loops++
    assert.strictEqual(loops, 0)
  })

  it("takes items without an id by what they are", () => {
    const loop = PageLoop.make()
    assert.strictEqual(loop.visit([{ name: "a", at: { x: 1 } }]), "new")
    assert.strictEqual(loop.visit([{ name: "a", at: { x: 2 } }]), "new")
    assert.strictEqual(loop.visit([{ name: "a", at: { x: 1 } }]), "repeat")
    assert.isTrue(loop.overlaps([{ name: "b" }, { name: "a", at: { x: 1 } }]))
    assert.isFalse(loop.overlaps([{ name: "a", at: { x: 2 } }]))
  })
})

describe("a page that says it begins somewhere else", () => {
  it.effect.each(kinds)("by %s after a gap is an error, since the items between would be lost", (kind) => {
    const { first, field, items, page } = lists[kind]
    return Effect.gen(function* () {
      const { error, ids } = yield* readUntilError(items(10))
      assert.deepStrictEqual(ids, range(0, 10))
      const { reason } = error
      if (reason._tag !== "InvalidResponse") return assert.fail(reason._tag)
      assert.deepStrictEqual(reason.issues, [
        {
          path: [field],
          message: `the page begins at ${15 + first} and not at ${10 + first}, so the items between are missing`
        }
      ])
      assert.include(reason.excerpt, '"id":"15"')
      assert.deepStrictEqual(error.resumeAt, { [field]: 10 + first })
      assert.isFalse(error.isRetryable)
      assert.strictEqual(yield* requests, 2)
    }).pipe(wired((_, index) => page({ ids: range(index * 15, 10), reported: index * 15 + first, total: 100 })))
  })

  it.effect.each(kinds)("by %s after a gap at the beginning is one too", (kind) => {
    const { first, items, page } = lists[kind]
    return Effect.gen(function* () {
      const { error, ids } = yield* readUntilError(items(10))
      assert.strictEqual(error.reason._tag, "InvalidResponse")
      assert.deepStrictEqual(ids, [])
    }).pipe(wired(() => page({ ids: range(3, 10), reported: 3 + first, total: 100 })))
  })

  it.effect.each(kinds)("by %s, but is empty, is the end", (kind) => {
    const { items, page } = lists[kind]
    return Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(items(10)), range(0, 10))
    }).pipe(wired((_, index) => page({ ids: index === 0 ? range(0, 10) : [], reported: index * 77 })))
  })

  it.effect.each(
    kinds.flatMap((kind) =>
      reporting
        .filter(([name]) => name !== "reports the one that was asked for")
        .map(([name, report]) => [kind, name, report] as const)
    )
  )("by %s, and %s, is read all the same where its items are others", ([kind, , report]) => {
    const { asked, items, page } = lists[kind]
    return Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(items(10)), range(0, 35))
    }).pipe(
      wired(({ query }) => {
        const at = asked(query)
        return page({ ids: range(at, Math.min(10, 35 - at)), reported: report(0), total: 35 })
      })
    )
  })
})

describe("the numbers of a page", () => {
  const page = (more: object, count = 2) => http.json({ data: payloads.boards(0, count), ...more })

  it.effect("are numbers as text too, without a warning, also under Strict", () =>
    Effect.gen(function* () {
      const boards = yield* Boards.list().pipe(
        Effect.provideService(MiroClient.Strict, true),
        http.replying(page({ size: "2", limit: "50", offset: "0", total: "2" }))
      )
      assert.deepStrictEqual([boards.size, boards.limit, boards.offset, boards.total], [2, 50, 0, 2])
      const users = yield* ScimUsers.list().pipe(
        Effect.provideService(MiroClient.Strict, true),
        wired(() => http.json({ Resources: [], totalResults: "7", startIndex: "1", itemsPerPage: "0" }))
      )
      assert.deepStrictEqual([users.totalResults, users.startIndex, users.itemsPerPage], [7, 1, 0])
    })
  )

  it.effect("end a list where they are text", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items()), ["0", "1"])
    }).pipe(http.replying(page({ limit: "50", offset: "0", total: "2" })))
  )

  it.effect.each([[0], [-5], [2.5], ["0"], [1e300]])(
    "say nothing when they make no sense, such as a limit of %s",
    ([limit]) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* idsOf(Boards.list.items()), ["0", "1"])
      }).pipe(http.replying(page({ limit, size: limit, total: 2 })))
  )

  it.effect.each([[-1], [0.5], ["-1"]])("leave a list to go on to an empty page when the total is %s", ([total]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items()), ["0", "1"])
    }).pipe(http.replying(page({ total }), page({ total }, 0)))
  )

  it.effect("do not end a list early when the limit is said to be larger than what was asked for", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items({ limit: 2 })), ["0", "1"])
      assert.strictEqual(yield* requests, 2)
    }).pipe(http.replying(page({ limit: 1000, total: 1 }), page({ limit: 1000, total: 1 }, 0)))
  )

  it.effect("are no defects beyond what a number can be", () =>
    Effect.gen(function* () {
      const { ids } = yield* readUntilError(Stream.concat(Boards.list.items(), Stream.fail("the end")))
      assert.deepStrictEqual(ids, ["0", "1"])
    }).pipe(
      http.replying(
        http.text(
          JSON.stringify({ data: payloads.boards(0, 2), total: 2, limit: 7 }).replace(/7\}$/, '1e999,"offset":-1e999}')
        )
      )
    )
  )

  it.effect("do not matter when a page is larger than asked for", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items({ limit: 2 })), range(0, 7))
    }).pipe(
      http.replying(
        http.json({ data: payloads.boards(0, 5), limit: 2, offset: 0, total: 7 }),
        http.json({ data: payloads.boards(5, 2), limit: 2, offset: 5, total: 7 }),
        http.json({ data: [], limit: 2, offset: 7, total: 7 })
      )
    )
  )
})

describe("what a stream cannot be read with", () => {
  const inputs: ReadonlyArray<readonly [string, Stream.Stream<unknown, MiroError.MiroError, Client>]> = [
    ["limit", Boards.list.items({ limit: 0 })],
    ["limit", Items.list.pages({ boardId: "b", limit: -1 })],
    ["offset", Boards.list.items({ offset: -1 })],
    ["count", ScimUsers.list.items({ count: 0 })],
    ["readAhead", Boards.list.items({}, { readAhead: -1 })],
    ["readAhead", Boards.list.items({}, { readAhead: 0.5 })],
    ["readAhead", Boards.list.items({}, { readAhead: NaN })],
    ["readAhead", Boards.list.items({}, { readAhead: Infinity })],
    // @ts-expect-error what a program without types may say
    ["onInvalidItem", Boards.list.items({}, { onInvalidItem: "ignore" })]
  ]

  it.effect.each(inputs)("is InvalidInput, and no list without items: %s", ([name, stream]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Stream.runDrain(stream))
      assert.nestedPropertyVal(error, "reason._tag", "InvalidInput")
      assert.nestedPropertyVal(error, "reason.issues[0].path[0]", name)
      assert.match(error.message, /^(?:Boards|Items|ScimUsers)\.list failed with InvalidInput/)
      assert.strictEqual(yield* requests, 0)
    }).pipe(wired(() => http.json({})))
  )
})
