import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted } from "effect"
import { HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import {
  AccessToken,
  BoardMembers,
  Boards,
  Cases,
  Timeouts,
  Groups,
  Items,
  MiroClient,
  MiroError,
  Operation,
  ScimClient,
  ScimUsers,
  StickyNotes,
  Tags
} from "effect-miro"
import * as http from "../../support/http.ts"
import * as payloads from "../../support/payloads.ts"

const gone = http.json(
  { type: "error", code: "3.0201", message: "Item not found", status: 404 },
  { status: 404, headers: { "x-request-id": "r-2" } }
)

const remove = Items.delete({ boardId: "b", itemId: "1" })

const lost: ReadonlyArray<readonly [name: string, reply: http.Reply]> = [
  ["was lost with the connection", http.fault],
  ["was a 500", http.status(500)],
  ["was a 502 of a proxy", http.text("<h1>Bad Gateway</h1>", { status: 502 })],
  ["was a 504", http.status(504)],
  ["was a 408", http.status(408)],
  ["never came", http.silence]
]

describe("a DELETE that is repeated", () => {
  it.effect.each(lost)("has deleted what is not there any more, when the response before %s", ([, reply]) =>
    Effect.gen(function* () {
      yield* http.inTime(remove)
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ method }) => method),
        ["DELETE", "DELETE"]
      )
    }).pipe(http.replying(reply, gone))
  )

  it.effect("has deleted it also when several responses were lost, or it waits for a rate limit in between", () =>
    http.inTime(remove).pipe(http.replying(http.status(503), http.status(429), http.status(503), gone))
  )

  it.effect("gives the response that came in the end", () =>
    Effect.gen(function* () {
      const { response, value } = yield* http.inTime(Items.delete.withResponse({ boardId: "b", itemId: "1" }))
      assert.isUndefined(value)
      assert.deepStrictEqual([response.status, response.headers["x-request-id"]], [404, "r-2"])
      assert.propertyVal(yield* response.json, "message", "Item not found")
    }).pipe(http.replying(http.fault, gone))
  )

  it.effect.each([
    ["Boards.delete", Boards.delete({ boardId: "b" })],
    ["Tags.detach", Tags.detach({ boardId: "b", itemId: "1", tagId: "2" })],
    ["Groups.ungroup", Groups.ungroup({ boardId: "b", groupId: "1" })],
    ["BoardMembers.remove", BoardMembers.remove({ boardId: "b", boardMemberId: "1" })]
  ] as const)("is done so for %s", ([, call]) => http.inTime(call).pipe(http.replying(http.fault, gone)))

  it.effect("is done so for SCIM, whose errors look otherwise", () =>
    http
      .inTime(ScimUsers.delete({ userId: "1" }))
      .pipe(
        Effect.provide(
          ScimClient.layer({ token: Redacted.make("scim") }).pipe(
            Layer.provide(
              http.layerWire(
                http.script(
                  http.fault,
                  http.json(
                    { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "404", detail: "Not found" },
                    { status: 404 }
                  )
                )
              )
            )
          )
        )
      )
  )

  it.effect.each([
    ["nothing was sent before", []],
    ["the one before was not processed", [http.status(429)]],
    ["the one before was refused for its token", [http.status(401)]]
  ] as const)("fails with NotFound if %s", ([, before]) =>
    Effect.gen(function* () {
      const error = yield* http.inTime(http.failsWith(remove, "NotFound"))
      assert.notProperty(error, "outcomeUnknown")
    }).pipe(
      http.wired(http.script(...before, gone), {
        accessToken: Layer.succeed(AccessToken.AccessToken, {
          get: Effect.succeed(Redacted.make("old")),
          refresh: () => Effect.succeed(Redacted.make("new"))
        })
      })
    )
  )

  it.effect("fails with NotFound if what failed before was the refresh of its token, and not itself", () => {
    let refreshes = 0
    return http.inTime(http.failsWith(remove, "NotFound")).pipe(
      http.wired(http.script(http.status(401), http.status(401), gone), {
        accessToken: Layer.succeed(AccessToken.AccessToken, {
          get: Effect.succeed(Redacted.make("old")),
          refresh: () =>
            ++refreshes === 1
              ? Effect.fail(new MiroError.ServerError({ status: 503, message: "token endpoint" }))
              : Effect.succeed(Redacted.make("new"))
        })
      })
    )
  })

  it.effect("fails with NotFound in another call than the one whose response was lost", () =>
    Effect.gen(function* () {
      yield* http.failsWith(http.once(remove), "Transport")
      yield* http.failsWith(remove, "NotFound")
    }).pipe(http.replying(http.fault, gone))
  )

  it.effect("fails when the 404 is the page of something else in between", () =>
    Effect.gen(function* () {
      const error = yield* http.inTime(http.failsWith(remove, "NotFound"))
      assert.isTrue(error.outcomeUnknown)
    }).pipe(http.replying(http.fault, http.text("default backend - 404", { status: 404 })))
  )

  it.effect.each([400, 403, 409])("fails with a %i as ever, and says that it may be done", (status) =>
    Effect.gen(function* () {
      const error = yield* http.inTime(Effect.flip(remove))
      assert.propertyVal(error.reason, "status", status)
      assert.isTrue(error.outcomeUnknown)
      assert.include(error.message, "an earlier attempt may have succeeded")
    }).pipe(http.replying(http.fault, http.status(status)))
  )

  it.effect("by MiroClient.execute fails with NotFound, which says that it may be done", () =>
    Effect.gen(function* () {
      const request = HttpClientRequest.delete("/v2/boards/b/diagrams/1")
      const error = yield* http.inTime(http.failsWith(MiroClient.execute(request), "NotFound"))
      assert.isTrue(error.outcomeUnknown)
      assert.include(error.message, "an earlier attempt may have succeeded")
    }).pipe(http.replying(http.fault, gone))
  )

  it.effect("is not repeated, and not taken for done, if it is declared to do more every time", () => {
    const shrink = Operation.make({
      id: "shrink",
      name: "Stacks.shrink",
      method: "DELETE",
      path: "/v2/stacks/{stackId}/top",
      isIdempotent: false
    })
    return http.inTime(http.failsWith(shrink({ stackId: "1" }), "Transport")).pipe(http.replying(http.fault))
  })
})

describe("outcomeUnknown", () => {
  it.effect("says of a PUT that its repetition may be refused for what it has done itself", () =>
    Effect.gen(function* () {
      const update = Cases.update({ orgId: "1", caseId: "2", name: "Audit" })
      const error = yield* http.inTime(http.failsWith(update, "Conflict"))
      assert.isTrue(error.outcomeUnknown)
    }).pipe(http.replying(http.fault, http.status(409)))
  )

  it.effect.each([
    ["a lost connection", http.fault],
    ["a 503", http.status(503)]
  ] as const)("says of a POST that ends in %s that it may have been processed", ([, reply]) =>
    Effect.gen(function* () {
      const error = yield* http.inTime(Effect.flip(StickyNotes.create({ boardId: "b" })))
      assert.isTrue(error.outcomeUnknown)
    }).pipe(http.replying(reply))
  )

  it.effect("says so too when the deadline of the call passes before there is a response", () =>
    Effect.gen(function* () {
      const call = StickyNotes.create({ boardId: "b" }).pipe(Timeouts.provide({ call: "1 second" }))
      const fiber = yield* Effect.forkChild(http.failsWith(call, "Timeout"))
      yield* TestClock.adjust("1 second")
      assert.isTrue((yield* Fiber.join(fiber)).outcomeUnknown)
    }).pipe(http.always(http.silence))
  )

  it.effect.each([400, 401, 404, 409, 429])("is not said of a POST that is refused with %i", (status) =>
    Effect.gen(function* () {
      assert.notProperty(yield* Effect.flip(http.once(StickyNotes.create({ boardId: "b" }))), "outcomeUnknown")
    }).pipe(http.always(http.status(status)))
  )

  it.effect("is not said of a GET, nor of a call whose response came", () =>
    Effect.gen(function* () {
      assert.notProperty(yield* Effect.flip(http.once(Boards.get({ boardId: "b" }))), "outcomeUnknown")
      assert.notProperty(yield* Effect.flip(Cases.update({ orgId: "1", caseId: "2", name: "x" })), "outcomeUnknown")
    }).pipe(http.replying(http.fault, http.json({ ...payloads.board, id: null })))
  )
})
