import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Random, Redacted, Ref, Schedule, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import {
  AccessToken,
  Boards,
  Cases,
  Timeouts,
  Groups,
  Images,
  Items,
  MiroClient,
  MiroError,
  Operation,
  RateLimit,
  Retry,
  StickyNotes,
  UserGroupMembers
} from "effect-miro"
import * as http from "../support/http.ts"
import * as payloads from "../support/payloads.ts"
import { forAll } from "../support/property.ts"
import { waitsAsAsked } from "../support/retryAfter.ts"

type Call = Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>

const get = Boards.get({ boardId: "b" })

const calls: Readonly<Record<string, Call>> = {
  GET: get,
  PUT: Cases.update({ orgId: "1", caseId: "2", name: "n" }),
  DELETE: Boards.delete({ boardId: "b" }),
  POST: StickyNotes.create({ boardId: "b", data: { content: "Ship it" } }),
  PATCH: Items.move({ boardId: "b", itemId: "1", position: { x: 1 } })
}

const faults: Readonly<Record<string, http.Reply>> = {
  "a 429": http.status(429),
  "a 425": http.status(425),
  "a 500": http.status(500),
  "a 502": http.text("<html>", { status: 502 }),
  "a 503": http.status(503),
  "a 504": http.status(504),
  "a 408": http.status(408),
  "a fault of the network": http.fault,
  "no response": http.silence,
  "a 400": http.status(400),
  "a 401": http.status(401),
  "a 403": http.status(403),
  "a 404": http.status(404),
  "a 409": http.status(409),
  "a 413": http.status(413),
  "a redirect": http.status(307, { location: "https://api.miro.com/v2/boards" }),
  "a success of another shape": http.text("<html>")
}

const sentCount = http.Wire.useSync(({ sent }) => sent.length)

/** The pauses between the requests, in milliseconds, without the noise of their subtraction. */
const pauses = http.Wire.useSync(({ sent }) =>
  sent.slice(1).map(({ at }, index) => Math.round((at - (sent[index]?.at ?? Number.NaN)) * 1000) / 1000)
)

describe("a call is made again", () => {
  const everything = ["GET", "PUT", "DELETE", "POST", "PATCH"]
  const repeatable = ["GET", "PUT", "DELETE"]

  it.effect.each([
    ["a 429", everything],
    ["a 425", everything],
    ["a 500", repeatable],
    ["a 502", repeatable],
    ["a 503", repeatable],
    ["a 504", repeatable],
    ["a 408", repeatable],
    ["a fault of the network", repeatable],
    ["no response", repeatable],
    ["a 400", []],
    ["a 401", []],
    ["a 403", []],
    ["a 404", []],
    ["a 409", []],
    ["a 413", []],
    ["a redirect", []],
    ["a success of another shape", []]
  ] as const)("after %s for the methods %j, three times at the most", ([name, methods]) =>
    Effect.forEach(
      Object.entries(calls),
      ([method, call]) =>
        Effect.gen(function* () {
          const result = yield* Effect.result(http.inTime(call))
          // The one success: what comes with a deletion is not looked at.
          assert.strictEqual(
            result._tag,
            name === "a success of another shape" && method === "DELETE" ? "Success" : "Failure"
          )
          assert.strictEqual(yield* sentCount, methods.some((one) => one === method) ? 4 : 1, method)
        }).pipe(http.always(faults[name] ?? http.fault)),
      { discard: true }
    )
  )

  it.effect("after a 429 alone, whatever the method, where a repetition does more: a copy, a new group", () =>
    Effect.forEach(
      [
        Boards.copy({ copyFrom: "b" }),
        Groups.update({ boardId: "b", groupId: "1", data: { items: ["1", "2"] } })
      ] as const,
      (call) =>
        Effect.gen(function* () {
          const error = yield* http.inTime(Effect.flip<unknown, MiroError.MiroError, MiroClient.MiroClient>(call))
          assert.strictEqual(error.reason._tag, "ServerError")
          assert.isFalse(error.isRetryable)
          assert.strictEqual(yield* sentCount, 2)
        }).pipe(http.replying(http.status(429), http.status(503))),
      { discard: true }
    )
  )

  it.effect("after a fault, whatever the method, where the declaration says that nothing is done twice", () =>
    Effect.gen(function* () {
      const post = Operation.make({
        id: "post-x",
        name: "X.post",
        method: "POST",
        path: "/v2/x",
        isIdempotent: true
      })
      yield* http.inTime(post())
      assert.strictEqual(yield* sentCount, 3)
    }).pipe(http.replying(http.fault, http.status(503), http.noContent))
  )

  it.effect("until it succeeds", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* http.inTime(get)).name, "Retro")
      assert.strictEqual(yield* sentCount, 4)
    }).pipe(http.replying(http.status(503), http.fault, http.status(429), http.json(payloads.board)))
  )

  it.effect("until an error that no repetition helps against", () =>
    Effect.gen(function* () {
      yield* http.inTime(http.failsWith(get, "NotFound"))
      assert.strictEqual(yield* sentCount, 2)
    }).pipe(http.replying(http.status(503), http.status(404)))
  )

  it.effect("with the same request", () =>
    Effect.gen(function* () {
      yield* http.inTime(StickyNotes.create({ boardId: "b=", data: { content: "Ship it" } }))
      const { sent } = yield* http.Wire
      const [first, second] = sent.map((request) => ({ ...request, at: 0 }))
      assert.deepStrictEqual(first, second)
      assert.deepInclude(first, {
        method: "POST",
        path: "/v2/boards/b%3D/sticky_notes",
        body: '{"data":{"content":"Ship it"}}'
      })
    }).pipe(http.replying(http.status(429), http.json(payloads.stickyNote)))
  )

  it.effect("with the token that is stored then", () =>
    Effect.gen(function* () {
      const count = yield* Ref.make(0)
      const accessToken = Layer.succeed(AccessToken.AccessToken, {
        get: Effect.map(
          Ref.updateAndGet(count, (n) => n + 1),
          (n) => Redacted.make(`token-${n}`)
        ),
        refresh: () => Effect.die("not refused")
      })
      const tokens = Effect.gen(function* () {
        yield* http.inTime(get)
        const { sent } = yield* http.Wire
        return sent.map(({ headers }) => headers["authorization"])
      }).pipe(http.wired(http.script(http.status(503), http.status(429), http.json(payloads.board)), { accessToken }))
      assert.deepStrictEqual(yield* tokens, ["Bearer token-1", "Bearer token-2", "Bearer token-3"])
    })
  )

  it.effect("unless it is interrupted in a pause", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(get)
      yield* TestClock.adjust("100 millis")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* sentCount, 1)
    }).pipe(http.always(http.status(503)))
  )

  it.effect("unless its body is a stream, which is spent", () =>
    Effect.gen(function* () {
      let read = 0
      const body = Stream.suspend(() => {
        read++
        return Stream.make(new TextEncoder().encode("{}"))
      })
      const request = HttpClientRequest.put("/v2/boards").pipe(HttpClientRequest.bodyStream(body))
      yield* http.inTime(http.failsWith(MiroClient.execute(request), "RateLimited"))
      assert.strictEqual(read, 1)
      assert.strictEqual(yield* sentCount, 1)
    }).pipe(http.always(http.status(429)))
  )
})

describe("the pause before a repetition", () => {
  it.effect("doubles every time, and is lengthened at random by a quarter at the most", () =>
    forAll(fc.integer(), 30, (seed) =>
      Effect.gen(function* () {
        yield* Effect.ignore(http.inTime(get))
        const [first, second, third] = yield* pauses
        for (const [pause, least] of [
          [first, 500],
          [second, 1000],
          [third, 2000]
        ] as const) {
          assert.isAtLeast(pause ?? Number.NaN, least)
          assert.isAtMost(pause ?? Number.NaN, least * 1.25)
        }
      }).pipe(Random.withSeed(seed), http.always(http.status(503)))
    )
  )

  it.effect("is at least as long as Miro asks for, however it does, and ends within a minute", () =>
    forAll(
      fc.record({
        seed: fc.integer(),
        now: fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
        seconds: fc.integer({ min: 0, max: 60 }),
        form: fc.constantFrom("seconds", "date", "epoch", "delta")
      }),
      200,
      ({ form, now, seconds, seed }) => {
        const headers: Readonly<Record<typeof form, Record<string, string>>> = {
          seconds: { "retry-after": String(seconds) },
          date: { "retry-after": new Date((now + seconds) * 1000).toUTCString() },
          epoch: { "x-ratelimit-reset": String(now + seconds) },
          delta: { "x-ratelimit-reset": String(seconds) }
        }
        return Effect.gen(function* () {
          yield* TestClock.setTime(now * 1000)
          yield* http.inTime(get)
          const [pause = Number.NaN] = yield* pauses
          assert.isAtLeast(pause, seconds * 1000)
          assert.isAtMost(pause, 60_000)
          assert.isAtMost(pause, Math.max(500, seconds * 1000) * 1.25)
        }).pipe(Random.withSeed(seed), http.replying(http.status(429, headers[form]), http.json(payloads.board)))
      }
    )
  )

  it.effect.each(
    [-86_400, -300, -30, 30, 300, 86_400].flatMap((ahead) =>
      (["retry-after", "x-ratelimit-reset"] as const).map((header) => [ahead, header] as const)
    )
  )("is that of Miro when its clock is %i seconds ahead of this one, by %s", ([ahead, header]) => {
    const now = 1_780_000_000
    const date = (seconds: number) => new Date((now + ahead + seconds) * 1000).toUTCString()
    const at = header === "retry-after" ? date(20) : String(now + ahead + 20)
    return Effect.gen(function* () {
      yield* TestClock.setTime(now * 1000 + 700)
      yield* http.inTime(get)
      const [pause = Number.NaN] = yield* pauses
      assert.isAtLeast(pause, 20_000)
      assert.isAtMost(pause, 25_000)
    }).pipe(http.replying(http.status(429, { date: date(0), [header]: at }), http.json(payloads.board)))
  })

  it.effect("is that of Miro after a server error too", () =>
    Effect.gen(function* () {
      yield* http.inTime(get)
      const [pause = Number.NaN] = yield* pauses
      assert.isAtLeast(pause, 20_000)
    }).pipe(http.replying(http.status(503, { "retry-after": "20" }), http.json(payloads.board)))
  )

  it.effect.each(["soon", "", "-5", "NaN", "1e9", "Infinity", "0x10"])(
    "is the usual one when Miro asks for %j",
    (header) =>
      Effect.gen(function* () {
        yield* http.inTime(get)
        const [pause = Number.NaN] = yield* pauses
        assert.isAtLeast(pause, 500)
        assert.isAtMost(pause, 625)
      }).pipe(http.replying(http.status(429, { "retry-after": header }), http.json(payloads.board)))
  )

  it.effect("differs between callers, who so do not come back all at once", () =>
    Effect.gen(function* () {
      yield* http.inTime(
        Effect.all(
          Array.from({ length: 20 }, () => get),
          { concurrency: "unbounded" }
        )
      )
      const times = (yield* http.Wire).sent.slice(20).map(({ at }) => at)
      assert.strictEqual(times.length, 20)
      assert.isAtLeast(Math.min(...times), 30_000)
      assert.isAbove(new Set(times.map(Math.round)).size, 15)
    }).pipe(
      http.wired((_, index) => (index < 20 ? http.status(429, { "retry-after": "30" }) : http.json(payloads.board)))
    )
  )

  it.effect.each([
    { "retry-after": "61" },
    { "retry-after": "86400" },
    { "retry-after": "99999999999999999999" },
    { "retry-after": "Thu, 01 Jan 1970 00:01:01 GMT" },
    { "x-ratelimit-reset": "61" },
    { "x-ratelimit-reset": "1779259160" },
    { "x-ratelimit-reset": "1e300" }
  ])("is none when Miro asks for more than a minute: %j", (headers) =>
    Effect.gen(function* () {
      // No time goes on here.
      const error = yield* http.failsWith(get, "RateLimited")
      assert.isAbove(Duration.toMillis(error.retryAfter ?? Duration.zero), 60_000)
      assert.strictEqual(yield* sentCount, 1)
    }).pipe(http.always(http.status(429, headers)))
  )
})

describe("a policy", () => {
  it.effect(
    "never waits for less than Miro asks, nor for longer than it may: it fails at once, and says how long",
    () => waitsAsAsked(500)
  )
})

describe("the deadline of a call", () => {
  const within = (call: Duration.Input) => Timeouts.provide({ call })

  it.effect("bounds the pauses: one that would outlast it is not begun", () =>
    Effect.gen(function* () {
      // No time goes on here.
      const error = yield* http.failsWith(get, "RateLimited")
      assert.deepStrictEqual(error.retryAfter, Duration.seconds(20))
      assert.strictEqual(yield* sentCount, 1)
    }).pipe(within("20 seconds"), http.always(http.status(429, { "retry-after": "20" })))
  )

  it.effect("counts from the first attempt on", () =>
    Effect.gen(function* () {
      const error = yield* http.inTime(http.failsWith(get, "ServerError"))
      assert.strictEqual(error.reason.status, 503)
      assert.strictEqual(yield* sentCount, 3)
    }).pipe(within("3 seconds"), http.always(http.status(503)))
  )

  const image = { id: "1", type: "image", data: { imageUrl: "https://api.miro.com/v2/boards/b/resources/images/1" } }

  it.effect("counts from the beginning of a download, which is several requests", () =>
    Effect.gen(function* () {
      const download = Effect.scoped(Images.download({ boardId: "b", itemId: "1" }))
      const fiber = yield* Effect.forkChild(http.failsWith(download, "RateLimited"))
      yield* TestClock.adjust("4 seconds")
      assert.isDefined(fiber.pollUnsafe())
      assert.deepStrictEqual((yield* Fiber.join(fiber)).retryAfter, Duration.seconds(7))
    }).pipe(
      within("10 seconds"),
      http.replying(
        (request) => Effect.delay(http.json(image)(request), "4 seconds"),
        http.status(429, { "retry-after": "7" })
      )
    )
  )

  it.effect("leaves a pause alone that ends before it", () =>
    Effect.gen(function* () {
      yield* http.inTime(get)
      assert.strictEqual(yield* sentCount, 2)
    }).pipe(within("30 seconds"), http.replying(http.status(429, { "retry-after": "20" }), http.json(payloads.board)))
  )

  it.effect("ends a call that waits for its turn, its token or a policy of the user's own", () =>
    Effect.gen(function* () {
      const endless: Retry.Policy = (attempt) => Effect.retry(attempt, Schedule.spaced("1 second"))
      const { layer } = metered(Effect.never)
      for (const call of [layer(get), Effect.provideService(get, Retry.Retry, endless)]) {
        const { reason } = yield* http.inTime(http.failsWith(call, "Timeout"))
        assert.deepStrictEqual([reason.phase, reason.deadline], ["call", Duration.seconds(10)])
        assert.include(reason.message, "the call did not end within 10s")
      }
    }).pipe(within("10 seconds"), http.always(http.status(503)))
  )

  it.effect("is none unless set", () =>
    Effect.gen(function* () {
      const { layer } = metered(Effect.sleep("1 day"))
      const fiber = yield* Effect.forkChild(layer(get))
      yield* TestClock.adjust("1 day")
      yield* Fiber.join(fiber)
      assert.strictEqual(yield* sentCount, 1)
    }).pipe(http.replying(http.json(payloads.board)))
  )
})

describe("Retry", () => {
  it.effect("can be switched off for a call, a stream or a program", () =>
    Effect.gen(function* () {
      yield* http.failsWith(Effect.provideService(get, Retry.Retry, Retry.none), "ServerError")
      assert.strictEqual(yield* sentCount, 1)
      yield* http.inTime(http.failsWith(get, "ServerError"))
      assert.strictEqual(yield* sentCount, 5)
    }).pipe(http.always(http.status(500)))
  )

  it.effect("can be another policy", () =>
    Effect.gen(function* () {
      yield* http.inTime(http.failsWith(get, "ServerError"))
      const all = yield* pauses
      assert.strictEqual(all.length, 5)
      all.forEach((pause, index) => {
        const least = Math.min(10 * 2 ** index, 70)
        assert.isAtLeast(pause, least)
        assert.isAtMost(pause, Math.min(least * 1.25, 70))
      })
    }).pipe(
      Retry.provide(Retry.policy({ times: 5, base: "10 millis", maxDelay: "70 millis" })),
      http.always(http.status(500))
    )
  )

  it.effect("fails at once when Miro asks for more than the policy's longest pause", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(get, "RateLimited")
      assert.deepStrictEqual(error.retryAfter, Duration.seconds(3))
      assert.strictEqual(yield* sentCount, 1)
    }).pipe(
      Retry.provide(Retry.policy({ maxDelay: "2 seconds" })),
      http.always(http.status(429, { "retry-after": "3" }))
    )
  )

  it.effect("waits longer than a minute when the policy allows it", () =>
    Effect.gen(function* () {
      yield* http.inTime(get)
      const [pause = Number.NaN] = yield* pauses
      assert.isAtLeast(pause, 300_000)
    }).pipe(
      Retry.provide(Retry.policy({ maxDelay: "10 minutes" })),
      http.replying(http.status(429, { "retry-after": "300" }), http.json(payloads.board))
    )
  )

  it.effect("with no repetitions makes a call once", () =>
    Effect.gen(function* () {
      yield* http.failsWith(get, "ServerError")
      assert.strictEqual(yield* sentCount, 1)
    }).pipe(Retry.provide(Retry.policy({ times: 0 })), http.always(http.status(500)))
  )

  it.effect("can be a policy of the user's own", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const patient: Retry.Policy = (attempt) =>
        Effect.retry(attempt, {
          times: 1,
          while: (error) => {
            seen.push(error.reason._tag)
            return error.reason._tag === "NotFound"
          }
        })
      assert.strictEqual((yield* Effect.provideService(get, Retry.Retry, patient)).name, "Retro")
      assert.deepStrictEqual(seen, ["NotFound"])
    }).pipe(http.replying(http.status(404), http.json(payloads.board)))
  )
})

interface Meter {
  readonly layer: (effect: Call) => Call
  readonly events: Array<string>
}

const metered = (wait: Effect.Effect<void, MiroError.Reason> = Effect.void): Meter => {
  const events: Array<string> = []
  return {
    events,
    layer: Effect.provideService(RateLimit.RateLimit, {
      acquire: (credits) => {
        events.push(`acquire ${credits}`)
        return Effect.as(wait, {
          observe: ({ budget, status }) =>
            Effect.sync(() => events.push(`observe ${status} ${JSON.stringify(budget ?? {})}`)),
          release: Effect.sync(() => events.push("release"))
        })
      },
      remaining: Effect.succeedNone
    })
  }
}

const image = { type: "image" } as const
const file = { content: new Uint8Array([1]), filename: "a.png" }
const text = { type: "text", data: { content: "a" } } as const
const group = { orgId: "1", groupId: "2" }

describe("RateLimit", () => {
  it.effect.each([
    [Boards.get({ boardId: "b" }), 50],
    [Boards.list(), 50],
    [Items.list({ boardId: "b" }), 100],
    [Boards.update({ boardId: "b" }), 100],
    [Boards.create(), 500],
    [Boards.delete({ boardId: "b" }), 500],
    [Boards.copy({ copyFrom: "b" }), 2000],
    [Items.createBulk({ boardId: "b", items: [text, text, text] }), 300],
    [Items.createBulkFromFiles({ boardId: "b", data: [image, image], resources: [file, file] }), 200],
    [UserGroupMembers.addAndRemove({ ...group, membersToAdd: ["a", "b"], membersToRemove: ["c"] }), 150],
    [UserGroupMembers.addAndRemove({ ...group, membersToAdd: ["a"] }), 50],
    [MiroClient.execute(HttpClientRequest.get("/v2/x")), 100],
    [MiroClient.execute(HttpClientRequest.get("/v2/x"), { level: 4 }), 2000]
  ] as ReadonlyArray<readonly [Call, number]>)("is asked for the credits of an operation %#", ([call, credits]) =>
    Effect.gen(function* () {
      const { events, layer } = metered()
      yield* layer(Effect.ignore(call))
      assert.deepStrictEqual(events, [`acquire ${credits}`, "observe 200 {}"])
    }).pipe(http.always(http.json({ ...payloads.board, data: [] })))
  )

  it.effect("is asked before every attempt and replay, and told what Miro said with every response", () =>
    Effect.gen(function* () {
      const { events, layer } = metered()
      yield* http.inTime(layer(get))
      assert.deepStrictEqual(events, [
        "acquire 50",
        'observe 503 {"remaining":3}',
        "acquire 50",
        "acquire 50",
        'observe 401 {"remaining":2}',
        "acquire 50",
        'observe 200 {"limit":100000,"remaining":1,"reset":1779259160,"date":1779259122}'
      ])
    }).pipe(
      http.wired(
        http.script(
          http.status(503, { "x-ratelimit-remaining": "3" }),
          http.fault,
          http.status(401, { "x-ratelimit-remaining": "2" }),
          http.json(payloads.board, {
            headers: {
              "x-ratelimit-limit": "100000",
              "x-ratelimit-remaining": "1",
              "x-ratelimit-reset": "1779259160",
              date: "Wed, 20 May 2026 06:38:42 GMT"
            }
          })
        ),
        {
          accessToken: Layer.succeed(AccessToken.AccessToken, {
            get: Effect.succeed(Redacted.make("old")),
            refresh: () => Effect.succeed(Redacted.make("new"))
          })
        }
      )
    )
  )

  it.effect("may hold a request back for longer than the deadline of a response", () =>
    Effect.gen(function* () {
      const { layer } = metered(Effect.sleep("5 minutes"))
      yield* http.inTime(layer(get))
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ at }) => at),
        [300_000]
      )
    }).pipe(http.replying(http.json(payloads.board)))
  )

  it.effect("may refuse a request, which then is not sent", () =>
    Effect.gen(function* () {
      const { layer } = metered(
        Effect.fail(new MiroError.CreditsSpent({ credits: 50, retryAfter: Duration.seconds(30) }))
      )
      const error = yield* Effect.flip(layer(get))
      assert.strictEqual(
        error.message,
        "Boards.get failed with CreditsSpent (GET /v2/boards/b): not sent: 50 credits may be there in 30s"
      )
      assert.strictEqual(yield* sentCount, 0)
    }).pipe(http.replying())
  )
})
