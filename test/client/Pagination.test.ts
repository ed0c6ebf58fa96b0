import { assert, describe, it } from "@effect/vitest"
import { Effect, Random, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import * as fc from "fast-check"
import { Boards, Items, MiroClient, type MiroError, Retry, StickyNotes } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import * as http from "../support/http.ts"
import { byCursor, byOffset, idsOf, range } from "../support/lists.ts"
import * as payloads from "../support/payloads.ts"
import { forAll } from "../support/property.ts"
import { sandboxed } from "../support/sandbox.ts"

/** The queries of all requests so far. */
const queries = http.Wire.useSync(({ sent }) => sent.map(({ query }) => query))

const items = Items.list.items({ boardId: "b" })

describe("a list", () => {
  it.effect.each([0, 1, 49, 50, 51, 100, 120])("of %i items with cursors is read to its end", (count) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(items), range(0, count))
      assert.strictEqual((yield* queries).length, Math.max(1, Math.ceil(count / 50)))
    }).pipe(http.wired(byCursor(count)))
  )

  it.effect.each([0, 1, 49, 50, 51, 100, 120])("of %i items with offsets is read to its end", (count) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items()), range(0, count))
      // A full page may be the last, which only another one can tell.
      assert.strictEqual((yield* queries).length, Math.floor(count / 50) + 1)
    }).pipe(http.wired(byOffset(count)))
  )

  it.effect("is asked for in the largest pages that Miro gives", () =>
    Effect.gen(function* () {
      yield* Stream.runDrain(items)
      assert.deepStrictEqual(yield* queries, [
        { limit: "50" },
        { limit: "50", cursor: "after-50" },
        { limit: "50", cursor: "after-100" }
      ])
    }).pipe(http.wired(byCursor(120)))
  )

  it.effect("is asked for in pages as large as told", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Items.list.items({ boardId: "b", limit: 10 })), range(0, 25))
      assert.deepStrictEqual(yield* queries, [
        { limit: "10" },
        { limit: "10", cursor: "after-10" },
        { limit: "10", cursor: "after-20" }
      ])
    }).pipe(http.wired(byCursor(25)))
  )

  it.effect("that goes back before the page it was asked for is a loop, unless nothing is on it", () =>
    Effect.gen(function* () {
      const page = (offset: number, count: number) =>
        http.json({ data: payloads.boards(offset, count), offset, limit: 2, total: 5 })
      yield* http
        .failsWith(Stream.runDrain(Boards.list.items({ limit: 2 })), "PaginationLoop")
        .pipe(http.replying(page(0, 2), page(1, 2)))
      const ids = yield* idsOf(Boards.list.items({ limit: 2 })).pipe(http.replying(page(0, 2), page(0, 0)))
      assert.deepStrictEqual(ids, range(0, 2))
    })
  )

  it.effect("keeps its other parameters on every page", () =>
    Effect.gen(function* () {
      yield* Stream.runDrain(Boards.list.pages({ query: "Retro", teamId: "t", limit: 2 }))
      assert.deepStrictEqual(yield* queries, [
        { query: "Retro", team_id: "t", limit: "2", offset: "0" },
        { query: "Retro", team_id: "t", limit: "2", offset: "2" }
      ])
    }).pipe(http.wired(byOffset(3)))
  )

  it.effect("gives its pages as they came", () =>
    Effect.gen(function* () {
      const pages = yield* Stream.runCollect(Items.list.pages({ boardId: "b" }))
      assert.deepStrictEqual(
        pages.map(({ cursor, data, total }) => [data.length, cursor, total]),
        [
          [50, "after-50", 70],
          [20, undefined, 70]
        ]
      )
    }).pipe(http.wired(byCursor(70)))
  )

  it.effect("called as it is gives one page, and asks for no size of it", () =>
    Effect.gen(function* () {
      const page = yield* Boards.list({ query: "Retro" })
      assert.strictEqual(page.data.length, 2)
      assert.deepStrictEqual(yield* queries, [{ query: "Retro" }])
    }).pipe(http.replying(http.json({ data: payloads.boards(0, 2), total: 70, limit: 20, offset: 0 })))
  )

  it.effect("is read no further than wanted", () =>
    Effect.gen(function* () {
      const untouched = Items.list.items({ boardId: "b" })
      assert.deepStrictEqual(yield* queries, [])
      for (const [wanted, requests] of [
        [0, 0],
        [1, 1],
        [50, 1],
        [51, 2]
      ] as const) {
        const before = (yield* queries).length
        assert.deepStrictEqual(yield* idsOf(Stream.take(untouched, wanted)), range(0, wanted))
        assert.strictEqual((yield* queries).length - before, requests)
      }
      const before = (yield* queries).length
      yield* Stream.runHead(Boards.list.pages())
      assert.strictEqual((yield* queries).length - before, 1)
    }).pipe(http.wired((sent) => (sent.path === "/v2/boards" ? byOffset(500) : byCursor(500))(sent)))
  )

  it.effect("can be read again, from its beginning", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(items), range(0, 60))
      assert.deepStrictEqual(yield* idsOf(items), range(0, 60))
    }).pipe(http.wired(byCursor(60)))
  )

  it.effect("begins at a cursor or an offset that it is given", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Items.list.items({ boardId: "b", cursor: "after-70" })), range(70, 50))
      assert.deepStrictEqual(yield* queries, [{ limit: "50", cursor: "after-70" }])
    }).pipe(http.wired(byCursor(120)))
  )

  it.effect("begins at an offset that it is given", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items({ offset: 70, limit: 30 })), range(70, 50))
      assert.deepStrictEqual(yield* queries, [
        { limit: "30", offset: "70" },
        { limit: "30", offset: "100" }
      ])
    }).pipe(http.wired(byOffset(120)))
  )
})

const page = (ids: ReadonlyArray<string>, cursor?: string | null, more: object = {}) =>
  http.json({
    data: ids.map((id) => ({ id, type: "text" })),
    ...(cursor !== undefined && { cursor }),
    ...more
  })

describe("the end of a list", () => {
  it.effect.each([[undefined], [""], [null]] as const)("with cursors is a page whose cursor is %j", ([cursor]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(items), ["1", "2", "3"])
    }).pipe(http.replying(page(["1", "2"], "next"), page(["3"], cursor, { total: 100 })))
  )

  it.effect("with cursors is no empty page, and no page that total counts as the last", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(items), ["1", "2", "3"])
      assert.strictEqual((yield* queries).length, 6)
    }).pipe(
      http.replying(
        page([], "a", { total: 0 }),
        page([], "b"),
        page(["1"], "c", { total: 1, size: 1, limit: 50 }),
        page([], "d", { total: 1 }),
        page(["2", "3"], "e", { total: 0 }),
        page([])
      )
    )
  )

  it.effect("with offsets is no page that a lagging total counts as the last", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items({ limit: 2 })), range(0, 5))
      assert.deepStrictEqual(
        (yield* queries).map(({ offset }) => offset),
        ["0", "2", "4"]
      )
    }).pipe(
      http.wired(({ query }) => {
        const offset = Number(query["offset"])
        return http.json({
          data: payloads.boards(offset, Math.min(2, 5 - offset)),
          limit: 2,
          offset,
          total: Math.min(1, 5 - offset)
        })
      })
    )
  )

  it.effect("with offsets is an empty page, whatever total says", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items({ limit: 2 })), ["0", "1"])
    }).pipe(
      http.replying(
        http.json({ data: payloads.boards(0, 2), limit: 2, offset: 0, total: 100 }),
        http.json({ data: [], limit: 2, offset: 2, total: 100 })
      )
    )
  )

  it.effect("with offsets is reached from where the items of a short page end", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items()), range(0, 6))
      assert.deepStrictEqual(
        (yield* queries).map(({ offset }) => offset),
        ["0", "3", "4"]
      )
    }).pipe(
      http.replying(
        http.json({ data: payloads.boards(0, 3), limit: 50, offset: 0, total: 6 }),
        http.json({ data: payloads.boards(3, 1), limit: 50, offset: 3, total: 6 }),
        http.json({ data: payloads.boards(4, 2), limit: 50, offset: 4, total: 6 })
      )
    )
  )

  it.effect("is found when Miro gives smaller pages than it was asked for", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Boards.list.items()), range(0, 45))
    }).pipe(
      http.wired(({ query }) => {
        const offset = Number(query["offset"])
        return http.json({ data: payloads.boards(offset, Math.min(20, 45 - offset)), limit: 20, offset, total: 20 })
      })
    )
  )
})

/** Follows cursors as the map says, with one item on every page. */
const following =
  (next: Readonly<Record<string, string>>): http.Respond =>
  ({ query }) => {
    const cursor = query["cursor"] ?? "start"
    return page([cursor], next[cursor])
  }

const readUntilError = <E, R>(items: Stream.Stream<{ readonly id: string }, E, R>) =>
  Effect.gen(function* () {
    const ids: Array<string> = []
    const error = yield* Effect.flip(Stream.runForEach(items, ({ id }) => Effect.sync(() => ids.push(id))))
    return { ids, error }
  })

describe("a list that leads back to a page that was read", () => {
  it.effect.each([
    ["A to A", { start: "cursor-A", "cursor-A": "cursor-A" }, 2],
    ["A to B to A", { start: "cursor-A", "cursor-A": "cursor-B", "cursor-B": "cursor-A" }, 3],
    ["B to C to D to B", { start: "A", A: "B", B: "C", C: "D", D: "B" }, 5]
  ] as const)("from %s fails with PaginationLoop", ([, next, requests]) =>
    Effect.gen(function* () {
      const { error, ids } = yield* readUntilError(items)
      assert.strictEqual(error.reason._tag, "PaginationLoop")
      assert.include(error.message, "Items.list failed with PaginationLoop (GET /v2/boards/{boardId}/items)")
      assert.isFalse(error.isRetryable)
      assert.strictEqual(new Set(ids).size, ids.length)
      const sent = (yield* queries).length
      assert.isAtMost(sent, requests)
      // The page that leads back is given all the same.
      assert.strictEqual(ids.length, sent)
    }).pipe(http.wired(following(next)))
  )

  it.effect("where reading began fails with PaginationLoop", () =>
    Effect.gen(function* () {
      for (const cursor of ["A", "cursor-A"]) {
        const before = (yield* queries).length
        const { error, ids } = yield* readUntilError(Items.list.items({ boardId: "b", cursor }))
        assert.strictEqual(error.reason._tag, "PaginationLoop")
        assert.isAtMost(ids.length, 1)
        assert.strictEqual((yield* queries).length - before, 1)
      }
    }).pipe(http.wired(following({ A: "A", "cursor-A": "cursor-A" })))
  )

  it.effect("is not one whose next cursor is only a part of the first", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* idsOf(Items.list.items({ boardId: "b", cursor: "page-12" })), ["page-12", "1", "p"])
    }).pipe(http.wired(following({ "page-12": "1", 1: "p" })))
  )

  it.effect("by offsets fails with PaginationLoop, before an item comes twice", () =>
    Effect.gen(function* () {
      const { error, ids } = yield* readUntilError(Boards.list.items())
      assert.strictEqual(error.reason._tag, "PaginationLoop")
      assert.include(error.message, "Boards.list failed with PaginationLoop (GET /v2/boards)")
      assert.deepStrictEqual(ids, range(0, 50))
      assert.strictEqual((yield* queries).length, 2)
    }).pipe(http.always(http.json({ data: payloads.boards(0, 50), limit: 50, offset: 0, total: 500 })))
  )

  it.effect("ends with at most one request more than there are pages, wherever the loop is", () =>
    forAll(
      fc.record({ tail: fc.integer({ min: 0, max: 10 }), loop: fc.integer({ min: 1, max: 10 }) }),
      50,
      ({ loop, tail }) =>
        Effect.gen(function* () {
          const { error, ids } = yield* readUntilError(items)
          assert.strictEqual(error.reason._tag, "PaginationLoop")
          assert.strictEqual(new Set(ids).size, ids.length)
          assert.isAtMost((yield* queries).length, tail + loop + 1)
        }).pipe(
          http.wired(({ query }) => {
            const at = Number(query["cursor"] ?? "0")
            return page([String(at)], String(at === tail + loop ? tail + 1 : at + 1))
          })
        )
    )
  )
})

describe("a fault in the middle of a list", () => {
  it.effect("is waited out without starting anew", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* http.inTime(idsOf(items)), range(0, 120))
      assert.deepStrictEqual(
        (yield* queries).map(({ cursor }) => cursor),
        [undefined, "after-50", "after-50", "after-50", "after-50", "after-100", "after-100"]
      )
    }).pipe(
      http.wired((sent, index) => {
        switch (index) {
          case 1:
            return http.status(429, { "retry-after": "30" })
          case 2:
            return http.status(503)
          case 3:
            return http.fault
          case 5:
            return http.text('{"data":[{"id":"1', { status: 502 })
          default:
            return byCursor(120)(sent)
        }
      })
    )
  )

  it.effect("that stays fails after the items before it, each of which came once", () =>
    Effect.gen(function* () {
      const { error, ids } = yield* http.inTime(readUntilError(items))
      assert.strictEqual(error.reason._tag, "ServerError")
      assert.deepStrictEqual(ids, range(0, 50))
      assert.strictEqual((yield* queries).length, 1 + 4)
    }).pipe(http.wired((sent, index) => (index === 0 ? byCursor(120)(sent) : http.status(500))))
  )

  it.effect("never repeats or loses an item, whatever happens at random", () =>
    forAll(
      fc.record({
        count: fc.integer({ min: 0, max: 300 }),
        limit: fc.integer({ min: 10, max: 50 }),
        faults: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 60, maxLength: 60 }),
        offsets: fc.boolean(),
        seed: fc.integer()
      }),
      50,
      ({ count, faults, limit, offsets, seed }) => {
        const list = offsets ? Boards.list.items({ limit }) : Items.list.items({ boardId: "b", limit })
        const server = offsets ? byOffset(count) : byCursor(count)
        const broken: ReadonlyArray<http.Reply> = [
          http.status(429, { "retry-after": "5" }),
          http.status(429, { "x-ratelimit-reset": "50" }),
          http.status(503),
          http.fault,
          http.text("<html>", { status: 502 })
        ]
        let inARow = 0
        return http.inTime(idsOf<MiroError.MiroError, MiroClient.MiroClient>(list)).pipe(
          Effect.tap((ids) => Effect.sync(() => assert.deepStrictEqual(ids, range(0, count)))),
          Random.withSeed(seed),
          http.wired((sent, index) => {
            const fault = inARow < 3 ? broken[faults[index % faults.length] ?? 9] : undefined
            inARow = fault === undefined ? 0 : inARow + 1
            return fault ?? server(sent)
          })
        )
      }
    )
  )

  it.effect("is none when retries are switched off for the whole stream", () =>
    Effect.gen(function* () {
      const { error, ids } = yield* readUntilError(items.pipe(Stream.provideService(Retry.Retry, Retry.none)))
      assert.strictEqual(error.reason._tag, "RateLimited")
      assert.deepStrictEqual(ids, range(0, 50))
      assert.strictEqual((yield* queries).length, 2)
    }).pipe(http.wired((sent, index) => (index === 0 ? byCursor(120)(sent) : http.status(429))))
  )
})

describe("a list of the sandbox", () => {
  it.effect("is read to its end, also when its credits run out in between", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Retro" })
      const created: Array<string> = []
      for (let index = 0; index < 130; index++) {
        created.push((yield* StickyNotes.create({ boardId, data: { content: String(index) } })).id)
      }
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.clearLedger
      // 500 for the board, 100 for every note, and 100 for every page: there is none left for the third.
      assert.deepStrictEqual(yield* http.inTime(idsOf(Items.list.items({ boardId }))), created)
      assert.deepStrictEqual(
        (yield* sandbox.ledger).map(({ status }) => status),
        [200, 200, 429, 200]
      )
    }).pipe(Effect.provideService(MiroClient.Strict, true), sandboxed({ creditsPerMinute: 500 + 130 * 100 + 2 * 100 }))
  )

  it.effect("of boards is read to its end, also when a page fails", () =>
    Effect.gen(function* () {
      const created: Array<string> = []
      for (let index = 0; index < 60; index++) created.push((yield* Boards.create({ name: `Retro ${index}` })).id)
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* sandbox.respondNext(HttpServerResponse.text("<html>", { status: 502 }), { method: "GET" })
      const ids = yield* http.inTime(idsOf(Boards.list.items()))
      assert.sameMembers([...ids], created)
      assert.strictEqual(ids.length, 60)
    }).pipe(Effect.provideService(MiroClient.Strict, true), sandboxed())
  )
})
