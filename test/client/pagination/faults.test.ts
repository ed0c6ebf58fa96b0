import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Fiber, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Boards, Items, type MiroClient, MiroError, RateLimit, Retry } from "effect-miro"
import * as http from "../../support/http.ts"
import { byCursor, byOffset, idsOf, range } from "../../support/lists.ts"
import { everyItemOnce, lists, wired } from "./faults.ts"

const kinds = ["cursor", "offset", "startIndex"] as const

const seeds = Array.from({ length: 20 }, (_, seed) => seed)

/** What came before the error, and the error. */
const readUntilError = <E, R>(items: Stream.Stream<{ readonly id: string }, E, R>) =>
  Effect.gen(function* () {
    const ids: Array<string> = []
    const error = yield* Effect.flip(Stream.runForEach(items, ({ id }) => Effect.sync(() => ids.push(id))))
    return { ids, error }
  })

const requests = http.Wire.useSync(({ sent }) => sent.length)

/** Lets everything happen that needs no time. */
const settle = Effect.andThen(Effect.repeat(Effect.yieldNow, { times: 200 }), TestClock.adjust("1 millis"))

describe("a list on a bad line", () => {
  it.effect.each(kinds)("gives each item once and in order, by %s, from 20 seeds", (kind) =>
    Effect.forEach(seeds, (seed) => everyItemOnce(kind, 1000, seed))
  )
})

describe("a list of which a page fails for good", () => {
  it.effect.each([
    ["cursor", { cursor: "after-50" }],
    ["offset", { offset: 50 }],
    ["startIndex", { startIndex: 51 }]
  ] as const)("by %s goes on with that page, without a gap", ([kind, position]) => {
    let isUp = true
    const { items, server } = lists[kind]
    return Effect.gen(function* () {
      const { error, ids } = yield* readUntilError(
        items({}, 0).pipe(
          Stream.tap(() =>
            Effect.sync(() => {
              isUp = false
            })
          )
        )
      )
      assert.deepStrictEqual(ids, range(0, 50))
      assert.deepStrictEqual(error.resumeAt, position)
      isUp = true
      assert.deepStrictEqual(yield* idsOf(items(position, 0)), range(50, 70))
    }).pipe(
      http.once,
      wired((sent) => (isUp ? server(120)(sent) : http.status(500)))
    )
  })

  it.effect.each(kinds)("by %s says so too when it is the first, or the one that it was to begin with", (kind) =>
    Effect.gen(function* () {
      const { items } = lists[kind]
      const first = yield* Effect.flip(Stream.runDrain(items({}, 0)))
      const begin = { cursor: {}, offset: { offset: 0 }, startIndex: { startIndex: 1 } }
      assert.deepStrictEqual(first.resumeAt, begin[kind])
      const input = { cursor: { cursor: "after-50" }, offset: { offset: 50 }, startIndex: { startIndex: 51 } }
      const later = yield* Effect.flip(Stream.runDrain(items(input[kind], 0)))
      assert.deepStrictEqual(later.resumeAt, input[kind])
    }).pipe(
      http.once,
      wired(() => http.status(500))
    )
  )

  it.effect("keeps what else its error says, also when it is stored", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(Stream.runDrain(Items.list.pages({ boardId: "b" })), "RateLimited")
      const single = yield* http.failsWith(Items.list({ boardId: "b" }), "RateLimited")
      assert.isUndefined(single.resumeAt)
      assert.strictEqual(error.message, single.message)
      assert.deepStrictEqual(error.reason, single.reason)
      assert.isTrue(error.isRetryable)
      const codec = Schema.toCodecJson(MiroError.MiroError)
      const stored = JSON.stringify(yield* Schema.encodeEffect(codec)(error))
      const restored = yield* Schema.decodeUnknownEffect(codec)(JSON.parse(stored))
      assert.deepStrictEqual(restored.resumeAt, {})
    }).pipe(http.once, http.always(http.status(429, { "retry-after": "1" })))
  )

  it.effect("has nowhere to go on when it leads back to what was read", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(Stream.runDrain(Items.list.items({ boardId: "b" })), "PaginationLoop")
      assert.isUndefined(error.resumeAt)
    }).pipe(http.always(http.json({ data: [{ id: "1", type: "text" }], cursor: "A" })))
  )

  it.effect("waits longer for each page where the policy says so, without beginning anew", () =>
    Effect.gen(function* () {
      const items = Items.list
        .items({ boardId: "b" })
        .pipe(Stream.provideService(Retry.Retry, Retry.policy({ times: 20 })))
      assert.deepStrictEqual(yield* http.inTime(idsOf(items)), range(0, 120))
      assert.strictEqual(yield* requests, 3 + 12)
    }).pipe(http.wired((sent, index) => (index > 0 && index <= 12 ? http.status(503) : byCursor(120)(sent))))
  )
})

type Run = (
  items: Stream.Stream<unknown, MiroError.MiroError, MiroClient.MiroClient>
) => Effect.Effect<unknown, unknown, MiroClient.MiroClient>

describe("reading ahead", () => {
  const items = (readAhead?: number) =>
    Items.list.items({ boardId: "b" }, readAhead === undefined ? undefined : { readAhead })

  it.effect.each([
    [undefined, 0],
    [0, 0],
    [1, 1],
    [2, 2],
    [5, 5]
  ] as const)("%s: so many pages are fetched while the program works on one, and no more", ([readAhead, ahead]) =>
    Effect.gen(function* () {
      const works = [yield* Deferred.make<void>(), yield* Deferred.make<void>()] as const
      const fiber = yield* Stream.runForEach(items(readAhead), ({ id }) =>
        id === "0" ? Deferred.await(works[0]) : id === "50" ? Deferred.await(works[1]) : Effect.void
      ).pipe(Effect.forkChild)
      yield* settle
      assert.strictEqual(yield* requests, 1 + ahead)
      yield* Deferred.succeed(works[0], undefined)
      yield* settle
      assert.strictEqual(yield* requests, 2 + ahead)
      yield* Deferred.succeed(works[1], undefined)
      yield* Fiber.join(fiber)
      assert.strictEqual(yield* requests, 20)
    }).pipe(http.wired(byCursor(1000)))
  )

  it.effect("begins with the first item that is wanted, and not before", () =>
    Effect.gen(function* () {
      const stream = items(3)
      yield* settle
      assert.strictEqual(yield* requests, 0)
      assert.deepStrictEqual(yield* idsOf(Stream.take(stream, 0)), [])
      assert.strictEqual(yield* requests, 0)
    }).pipe(http.wired(byCursor(1000)))
  )

  it.effect("hides the time that requests take", () =>
    Effect.gen(function* () {
      const read = (readAhead: number) =>
        http.inTime(
          Effect.gen(function* () {
            const start = yield* Clock.currentTimeMillis
            const pages = Items.list.pages({ boardId: "b" }, { readAhead })
            yield* Stream.runForEach(pages, () => Effect.sleep("10 seconds"))
            return Math.round(((yield* Clock.currentTimeMillis) - start) / 1000)
          })
        )
      assert.strictEqual(yield* read(0), 5 * (10 + 10))
      assert.strictEqual(yield* read(1), 10 + 5 * 10)
    }).pipe(http.wired((sent) => (request) => Effect.delay(byCursor(250)(sent)(request), "10 seconds")))
  )

  it.effect("gives all items before the error of a later page, however early that came", () =>
    Effect.gen(function* () {
      const { error, ids } = yield* readUntilError(
        items(3).pipe(Stream.tap(({ id }) => (id === "0" ? settle : Effect.void)))
      )
      assert.deepStrictEqual(ids, range(0, 100))
      assert.strictEqual(error.reason._tag, "NotFound")
      assert.deepStrictEqual(error.resumeAt, { cursor: "after-100" })
      assert.strictEqual(yield* requests, 3)
    }).pipe(http.wired((sent, index) => (index === 2 ? http.status(404) : byCursor(500)(sent))))
  )

  it.effect.each<readonly [how: string, run: Run]>([
    ["has enough", Stream.runHead],
    ["fails", Stream.runForEach(() => Effect.fail("no"))],
    [
      "is interrupted",
      Effect.fnUntraced(function* (items) {
        const fiber = yield* Effect.forkChild(Stream.runForEach(items, () => Effect.never))
        yield* settle
        yield* Fiber.interrupt(fiber)
      })
    ]
  ])("is given up when the program %s", ([, run]) => {
    let aborted = 0
    return Effect.gen(function* () {
      yield* Effect.exit(run(Stream.tap(items(1), () => settle)))
      yield* settle
      assert.strictEqual(yield* requests, 2)
      assert.strictEqual(aborted, 1)
    }).pipe(
      http.wired((sent, index) =>
        index === 0
          ? byCursor(500)(sent)
          : () =>
              Effect.onInterrupt(Effect.never, () =>
                Effect.sync(() => {
                  aborted++
                })
              )
      )
    )
  })
})

describe("the items of many boards", () => {
  it.effect("are read several boards at a time, within the budget of all", () => {
    let open = 0
    let mostOpen = 0
    return Effect.gen(function* () {
      const items = Boards.list
        .items()
        .pipe(
          Stream.flatMap(
            (board) =>
              Items.list
                .items({ boardId: board.id, limit: 10 })
                .pipe(Stream.map(({ id }) => ({ id: `${board.id}/${id}` }))),
            { concurrency: 5 }
          )
        )
      const ids = yield* http.inTime(idsOf(items))
      assert.strictEqual(ids.length, 12 * 25)
      assert.sameMembers(
        [...ids],
        range(0, 12).flatMap((board) => range(0, 25).map((id) => `${board}/${id}`))
      )
      // Those of one board come in order.
      assert.deepStrictEqual(
        ids.filter((id) => id.startsWith("7/")),
        range(0, 25).map((id) => `7/${id}`)
      )
      const { sent } = yield* http.Wire
      const spent = new Map<number, number>()
      for (const { at, path } of sent) {
        const minute = Math.floor(at / 60_000)
        const credits =
          RateLimit.credits[(path === "/v2/boards" ? Boards.list.operation.level : Items.list.operation.level) ?? 1]
        spent.set(minute, (spent.get(minute) ?? 0) + credits)
      }
      assert.isAtMost(Math.max(...spent.values()), 800)
      assert.strictEqual(sent.length, 1 + 12 * 3)
      assert.strictEqual(spent.size, 5)
      assert.strictEqual(mostOpen, 5)
    }).pipe(
      Effect.provide(RateLimit.layerMemory({ limit: 800 })),
      http.wired((sent) => (request) => {
        const server = sent.path === "/v2/boards" ? byOffset(12) : byCursor(25)
        return Effect.acquireUseRelease(
          Effect.sync(() => {
            mostOpen = Math.max(mostOpen, ++open)
          }),
          () => Effect.delay(server(sent)(request), "1 second"),
          () => Effect.sync(() => open--)
        )
      })
    )
  })
})
