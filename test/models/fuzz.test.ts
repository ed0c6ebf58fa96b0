import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Logger, Result, Schema } from "effect"
import * as fc from "fast-check"
import { Boards, Items, MiroClient, MiroError, StickyNotes, Tokens } from "effect-miro"
import { Board } from "effect-miro/models/Board"
import { Item } from "effect-miro/models/Item"
import * as Page from "effect-miro/models/Page"
import { StickyNote } from "effect-miro/models/StickyNote"
import { TokenInfo } from "effect-miro/models/TokenInfo"
import { bodiesAround } from "../support/bodies.ts"
import * as http from "../support/http.ts"
import * as payloads from "../support/payloads.ts"
import { forAll } from "../support/property.ts"

const board = {
  ...payloads.board,
  picture: { id: "1", imageURL: "https://r.miro.com/p.png", type: "picture" },
  policy: {
    permissionsPolicy: { copyAccess: "anyone" },
    sharingPolicy: { access: "private", accessPasswordRequired: false }
  },
  owner: { id: "1", name: "Anna", type: "user" },
  currentUserMembership: { id: "1", name: "Anna", role: "owner", type: "board_member" },
  lastOpenedBy: { id: "1" },
  links: { self: "https://api.miro.com/v2/boards/b" }
}

const items = [
  payloads.stickyNote,
  { id: "2", type: "app_card", data: { title: "t", owned: true, fields: [{ value: "v" }, { iconShape: "round" }] } },
  { id: "3", type: "shape", parent: { id: "7", links: { self: "s" } }, style: { fontSize: "14" } },
  { id: "4", type: "hologram", data: { depth: 3 }, geometry: { width: 1 }, createdBy: { id: "1" } },
  { id: "5", type: "card", data: { dueDate: "2026-05-20T06:38:21Z" } },
  { id: "6", type: "preview", data: [1] }
]

const page = { total: 6, size: 6, limit: 50, links: { self: "s" }, type: "cursor-list" }

const token = {
  type: "oAuthToken",
  user: { id: "1", name: "Anna", type: "user" },
  team: { id: "2", name: "Team", type: "team" },
  scopes: ["boards:read", "boards:write"]
}

const envelope = {
  type: "error",
  code: "2.0703",
  message: "Invalid parameters",
  status: 400,
  context: { fields: [{ field: "name", message: "too long" }] }
}

type Call = Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>

const decodings: ReadonlyArray<readonly [name: string, call: Call, good: unknown, schema: Schema.Constraint]> = [
  ["a board", Boards.get({ boardId: "b" }), board, Board],
  ["a board that may come later", Boards.update({ boardId: "b" }), board, Schema.UndefinedOr(Board)],
  ["a page of boards", Boards.list(), { ...page, data: [board, payloads.board] }, Page.offset(Board)],
  ["a page of items", Items.list({ boardId: "b" }), { ...page, data: items, cursor: "c" }, Page.cursor(Item)],
  ["an item", Items.get({ boardId: "b", itemId: "4" }), items[3], Item],
  ["a sticky note", StickyNotes.get({ boardId: "b", itemId: "1" }), payloads.stickyNote, StickyNote],
  ["a token", Tokens.get(), token, TokenInfo]
]

const quiet = Effect.provide(Logger.layer([]))

describe("whatever Miro responds with,", () => {
  it.live.each(decodings)("%s is of its type, or the error is a typed one", ([, call, good, schema]) => {
    let body = ""
    let successes = 0
    let failures = 0
    const fits = Schema.is(schema)
    return Effect.gen(function* () {
      yield* forAll(bodiesAround(good), 2000, (text) =>
        Effect.gen(function* () {
          body = text
          const result = yield* Effect.result(call)
          if (Result.isSuccess(result)) {
            successes++
            assert.isTrue(fits(result.success))
          } else {
            failures++
            assert.instanceOf(result.failure, MiroError.MiroError)
            assert.strictEqual(result.failure.reason._tag, "InvalidResponse")
          }
        })
      )
      // The bodies are neither all too good nor all too bad to show anything.
      assert.isAbove(successes, 200)
      assert.isAbove(failures, 200)
    }).pipe(
      quiet,
      http.wired(() => http.text(body))
    )
  })

  it.live("a body without the field that is broken is decoded as well as with it", () => {
    let body = ""
    // Optional in every type of item.
    const optional = ["position", "geometry", "parent", "createdAt", "createdBy", "modifiedAt", "links", "isSupported"]
    const broken = fc.record({
      index: fc.nat(items.length - 1),
      field: fc.constantFrom(...optional),
      value: fc.oneof(fc.constantFrom<unknown>("x", 7, [], ["x"], "yesterday"), fc.constant(null))
    })
    return forAll(broken, 500, ({ field, index, value }) =>
      Effect.gen(function* () {
        const without = items.map((item, at) =>
          at === index ? Object.fromEntries(Object.entries(item).filter(([key]) => key !== field)) : item
        )
        // An empty list is an object of no fields to nobody but JavaScript.
        const data = without.map((item, at) => (at === index ? { ...item, [field]: value } : item))
        body = JSON.stringify({ data: without })
        const expected = yield* Items.list({ boardId: "b" })
        body = JSON.stringify({ data })
        assert.deepStrictEqual(yield* Items.list({ boardId: "b" }), expected)
      })
    ).pipe(
      quiet,
      http.wired(() => http.text(body))
    )
  })

  it.live("an error is a typed one", () => {
    let status = 400
    let body = ""
    let headers: Record<string, string> = {}
    const header = fc.oneof(
      fc.integer().map(String),
      fc.double().map(String),
      fc.stringMatching(/^[\x20-\x7e]{0,30}$/),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toUTCString())
    )
    const responses = fc.record({
      status: fc.constantFrom(300, 400, 401, 403, 404, 409, 413, 418, 425, 429, 500, 503, 599),
      body: bodiesAround(envelope),
      retryAfter: header,
      reset: header,
      remaining: header
    })
    return forAll(responses, 2000, (response) =>
      Effect.gen(function* () {
        status = response.status
        body = response.body
        headers = {
          "retry-after": response.retryAfter,
          "x-ratelimit-reset": response.reset,
          "x-ratelimit-remaining": response.remaining
        }
        const error = yield* Effect.flip(Boards.get({ boardId: "b" }))
        assert.instanceOf(error, MiroError.MiroError)
        assert.propertyVal(error.reason, "status", status)
        assert.isNotEmpty(error.reason.message)
        const wait = error.retryAfter
        if (wait !== undefined) assert.isAtLeast(Duration.toMillis(wait), 0)
        const encoded = yield* Schema.encodeEffect(Schema.toCodecJson(MiroError.MiroError))(error)
        yield* Schema.decodeUnknownEffect(Schema.toCodecJson(MiroError.MiroError))(JSON.parse(JSON.stringify(encoded)))
      })
    ).pipe(
      http.once,
      http.wired(() => http.text(body, { status, headers }))
    )
  })

  it.live("bytes that are no text at all are a typed error, or a value of its type", () => {
    let body = new Uint8Array(0)
    const good = new TextEncoder().encode(JSON.stringify(payloads.board))
    const noise = fc.record({ at: fc.nat(good.length), bytes: fc.uint8Array({ maxLength: 4 }) })
    const fits = Schema.is(Board)
    return forAll(noise, 500, ({ at, bytes }) =>
      Effect.gen(function* () {
        body = Uint8Array.from([...good.subarray(0, at), ...bytes, ...good.subarray(at)])
        const result = yield* Effect.result(Boards.get({ boardId: "b" }))
        if (Result.isSuccess(result)) assert.isTrue(fits(result.success))
        else assert.strictEqual(result.failure.reason._tag, "InvalidResponse")
      })
    ).pipe(
      quiet,
      http.wired(() => http.text(body))
    )
  })
})
