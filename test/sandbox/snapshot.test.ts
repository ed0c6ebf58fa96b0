/** The state of one sandbox, put into another one. */
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Effect, Layer, Random, Redacted, Stream } from "effect"
import { Boards, Images, Items, MiroClient, ScimClient, StickyNotes } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { callEvery } from "./everyOperation.ts"
import { type Exchange, recordClient } from "./exchanges.ts"
import { story } from "./model.ts"
import * as support from "./support.ts"

const token = Redacted.make("sandbox-token")

const Settings = MiroSandbox.layerSettings({ creditsPerMinute: 1e9 })

/** A sandbox and clients of it. */
const sandbox = (exchanges: Array<Exchange> = []) =>
  Layer.build(
    Layer.merge(MiroClient.layerToken(token), ScimClient.layer({ token })).pipe(
      Layer.provide(recordClient((exchange) => void exchanges.push(exchange))),
      Layer.provideMerge(MiroSandbox.layerHttpClient),
      Layer.provide(Settings),
      Layer.fresh
    )
  )

const snapshot = MiroSandbox.MiroSandbox.use(({ snapshot }) => snapshot)

const restore = (text: string) => MiroSandbox.MiroSandbox.use(({ restore }) => restore(text))

/** Two sandboxes, the second of which gets what is in the first when `move` is run. */
const two = Effect.gen(function* () {
  const [one, other] = [yield* sandbox(), yield* sandbox()]
  const move = Effect.flatMap(Effect.provideContext(snapshot, one), (text) =>
    Effect.provideContext(restore(text), other)
  )
  return { inOne: Effect.provideContext(one), inOther: Effect.provideContext(other), move }
})

const ids = Effect.gen(function* () {
  const boards = yield* Stream.runCollect(Boards.list.items())
  const items = yield* Effect.forEach(boards, ({ id }) => Stream.runCollect(Items.list.items({ boardId: id })))
  return [...boards, ...items.flat()].map(({ id }) => id)
})

describe("a snapshot", () => {
  it.effect.each(Array.from({ length: 10 }, (_, seed) => seed))(
    "is what a story goes on from in another sandbox: story %i",
    (seed) =>
      Effect.gen(function* () {
        const { inOne, inOther, move } = yield* two
        const model = yield* inOne(story(100))
        yield* move
        yield* inOther(story(100, model))
      }).pipe(Random.withSeed(`story ${seed}`), Effect.provideService(MiroClient.Strict, true))
  )

  it.effect("gives every list and everything in it as it was, of all operations", () =>
    Effect.gen(function* () {
      const exchanges: Array<Exchange> = []
      const [one, other] = [yield* sandbox(exchanges), yield* sandbox()]
      yield* Effect.provideContext(callEvery("full", ["POST", "PUT", "PATCH", "GET"]), one)
      yield* Effect.provideContext(callEvery("required", ["POST", "GET"]), one)
      yield* Effect.provideContext(restore(yield* Effect.provideContext(snapshot, one)), other)
      const read = exchanges.filter(({ method, status }) => method === "GET" && status === 200)
      const paths = Arr.dedupe(read.map(({ url }) => url.pathname + url.search))
      const texts = Effect.forEach(paths, (path) =>
        // Links to exported boards are signed anew each time.
        Effect.map(support.send("GET", path), ({ text }) => [path, text.replaceAll(/(?<=signature=)[\w-]+/g, "")])
      ).pipe(Effect.orDie)
      assert.isAtLeast(paths.length, 100)
      assert.deepStrictEqual(yield* Effect.provideContext(texts, other), yield* Effect.provideContext(texts, one))
    })
  )

  it.effect("of a snapshot that was restored is the same", () =>
    Effect.gen(function* () {
      const { inOne, inOther, move } = yield* two
      yield* inOne(callEvery("full", ["POST", "PUT", "PATCH"]))
      yield* move
      assert.deepStrictEqual(JSON.parse(yield* inOther(snapshot)), JSON.parse(yield* inOne(snapshot)))
    })
  )

  it.effect("is gone on from with ids that were not there before", () =>
    Effect.gen(function* () {
      const { inOne, inOther, move } = yield* two
      // The same random numbers twice.
      const make = Effect.gen(function* () {
        const { id: boardId } = yield* Boards.create({ name: "Retro" })
        yield* Effect.replicateEffect(StickyNotes.create({ boardId }), 5)
      }).pipe(Random.withSeed("retro"))
      yield* inOne(make)
      yield* move
      yield* inOther(make)
      const all = yield* inOther(ids)
      assert.strictEqual(new Set(all).size, 12)
      assert.includeMembers(all, yield* inOne(ids))
    })
  )

  it.effect("has the bytes of files", () =>
    Effect.gen(function* () {
      const { inOne, inOther, move } = yield* two
      const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256)
      const { id: boardId } = yield* inOne(Boards.create())
      const resource = { content: bytes, filename: "a.png" }
      const { id: itemId } = yield* inOne(Images.createFromFile({ boardId, resource }))
      yield* move
      const image = yield* inOther(Images.download({ boardId, itemId }))
      assert.deepStrictEqual(yield* Stream.mkUint8Array(image.bytes), bytes)
    }).pipe(Effect.scoped)
  )

  it.effect("has the grants: tokens stay good, and a refresh token works once", () =>
    Effect.gen(function* () {
      const { inOne, inOther, move } = yield* two
      const issue = MiroSandbox.MiroSandbox.use(({ issueTokens }) => issueTokens({ scopes: ["boards:read"] }))
      const [kept, spent] = [yield* inOne(issue), yield* inOne(issue)]
      yield* inOne(support.refresh(Redacted.value(spent.refreshToken)))
      const code = yield* inOne(support.authorizeCode)
      yield* move
      assert.strictEqual(yield* inOther(support.statusOf(kept.accessToken)), 200)
      assert.strictEqual(yield* inOther(support.statusOf(spent.accessToken)), 401)
      const board = { token: kept.accessToken, json: { name: "Retro" } }
      assert.strictEqual((yield* inOther(support.send("POST", "/v2/boards", board))).status, 403)
      assert.strictEqual((yield* inOther(support.refresh(Redacted.value(spent.refreshToken)))).status, 401)
      assert.strictEqual((yield* inOther(support.refresh(Redacted.value(kept.refreshToken)))).status, 200)
      assert.strictEqual(yield* inOther(support.statusOf(kept.accessToken)), 401)
      assert.strictEqual((yield* inOther(support.exchange(code))).status, 200)
    })
  )

  it.effect("shares nothing with the sandbox that it was taken of", () =>
    Effect.gen(function* () {
      const { inOne, inOther, move } = yield* two
      const { accessToken } = yield* inOne(MiroSandbox.MiroSandbox.use(({ issueTokens }) => issueTokens()))
      yield* inOne(Boards.create({ name: "Retro" }))
      yield* move
      yield* inOther(MiroSandbox.MiroSandbox.use(({ revokeGrants }) => revokeGrants))
      const [board] = (yield* inOther(Boards.list())).data
      yield* inOther(Boards.delete({ boardId: board?.id ?? "" }))
      assert.strictEqual(yield* inOne(support.statusOf(accessToken)), 200)
      assert.strictEqual((yield* inOne(Boards.list())).total, 1)
    })
  )

  it.effect("is refused if it is none, and nothing is changed", () =>
    Effect.gen(function* () {
      const { inOther } = yield* two
      yield* inOther(Boards.create({ name: "Retro" }))
      const good = yield* inOther(snapshot)
      for (const bad of ["", "{}", good.slice(1), good.replace(`"name":"Retro"`, `"name":7`)]) {
        assert.isNotEmpty((yield* Effect.flip(inOther(restore(bad)))).message)
      }
      assert.strictEqual((yield* inOther(Boards.list())).data[0]?.name, "Retro")
    })
  )

  it.effect("leaves the ledger as it is", () =>
    Effect.gen(function* () {
      const { inOne, inOther, move } = yield* two
      yield* inOne(Boards.create())
      yield* move
      const ledger = MiroSandbox.MiroSandbox.use(({ ledger }) => ledger)
      assert.deepStrictEqual(yield* inOther(ledger), [])
      assert.strictEqual((yield* inOne(ledger)).length, 1)
    })
  )
})
