import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Metric, Option, Redacted, References, Struct, Tracer } from "effect"
import { FetchHttpClient, HttpClientRequest } from "effect/http"
import {
  AccessToken,
  Boards,
  Timeouts,
  MiroClient,
  MiroOAuth,
  RateLimit,
  Retry,
  Telemetry,
  Tokens,
  TokenStorage
} from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { TestClock } from "effect/testing"
import { Everything, login, record } from "./auth/support.ts"
import * as http from "./support/http.ts"
import { observe } from "./support/observe.ts"
import * as payloads from "./support/payloads.ts"
import * as tcp from "./support/tcp.ts"

const get = Boards.get({ boardId: "b" })

const board = http.json(payloads.board)

const refreshing = Layer.succeed(AccessToken.AccessToken, {
  get: Effect.succeed(Redacted.make("old")),
  refresh: () => Effect.succeed(Redacted.make("new"))
})

/** Everything that the tracer was given. */
const traced = Effect.fnUntraced(function* <A, E, R>(program: Effect.Effect<A, E, R>) {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  yield* Effect.exit(Effect.withTracer(program, tracer))
  return spans
})

const attributesOf = <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.map(traced(program), ([span]) => Object.fromEntries(span?.attributes ?? []))

const common = {
  "http.request.method": "GET",
  "url.template": "/v2/boards/{boardId}",
  "url.full": "https://api.miro.com/v2/boards/b",
  "server.address": "api.miro.com",
  "server.port": 443,
  "miro.operation.id": "get-specific-board",
  "miro.level": 1,
  "miro.credits.cost": 50
}

describe("the span of a call", () => {
  it.effect("says how a call went that took three attempts, and why", () =>
    Effect.gen(function* () {
      const [span, ...others] = yield* http.inTime(traced(get))
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(Object.fromEntries(span?.attributes ?? []), {
        ...common,
        "http.response.status_code": 200,
        "http.request.resend_count": 2,
        "miro.attempts": 3,
        "miro.credits.remaining": 7
      })
      const events = span?.events.map(([name, , attributes]) => [name, attributes] as const) ?? []
      assert.deepStrictEqual(
        events.map(([name, attributes]) => [name, Struct.omit(attributes, ["miro.retry.delay"])]),
        [
          ["miro.retry", { "miro.retry.reason": "RateLimited", "http.response.status_code": 429 }],
          ["miro.retry", { "miro.retry.reason": "Transport" }]
        ]
      )
      assert.isAtLeast(Number(events[0]?.[1]["miro.retry.delay"]), 5)
      assert.isAtLeast(Number(events[1]?.[1]["miro.retry.delay"]), 1)
    }).pipe(http.replying(http.status(429, { "retry-after": "5", "x-ratelimit-remaining": "7" }), http.fault, board))
  )

  it.effect("says how long the call waited for credits, once it had to", () =>
    Effect.gen(function* () {
      const [first, second] = yield* http.inTime(traced(Effect.andThen(get, get)))
      assert.notProperty(Object.fromEntries(first?.attributes ?? []), "miro.credits.wait")
      assert.closeTo(Number(second?.attributes.get("miro.credits.wait")), 60, 2.1)
    }).pipe(Effect.provide(RateLimit.layerMemory({ limit: 50 })), http.always(board))
  )

  it.effect("says how long a call waited that gave up", () =>
    Effect.gen(function* () {
      yield* get
      const attributes = yield* http.inTime(attributesOf(get))
      assert.strictEqual(attributes["error.type"], "Timeout")
      assert.strictEqual(attributes["miro.credits.wait"], 10)
    }).pipe(
      Effect.provide(RateLimit.layerMemory({ limit: 50 })),
      Timeouts.provide({ call: "10 seconds" }),
      http.always(board)
    )
  )

  it.effect("has no status when the last request had no response", () =>
    Effect.gen(function* () {
      const attributes = yield* http.inTime(attributesOf(get))
      assert.deepInclude(attributes, { "error.type": "Transport", "miro.attempts": 2, "http.request.resend_count": 1 })
      assert.notProperty(attributes, "http.response.status_code")
    }).pipe(Retry.provide(Retry.policy({ times: 1 })), http.replying(http.status(503), http.fault))
  )

  it.effect("says that the token was refreshed", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* attributesOf(get), {
        ...common,
        "http.response.status_code": 200,
        "http.request.resend_count": 1,
        "miro.attempts": 1,
        "miro.refreshed": true
      })
    }).pipe(http.wired(http.script(http.status(401), board), { accessToken: refreshing }))
  )

  it.effect.each([
    ["404", 404, http.status(404)],
    ["500", 500, http.status(500)],
    ["302", 302, http.status(302)],
    ["InvalidResponse", 200, http.json({})],
    ["Transport", undefined, http.fault],
    ["Timeout", undefined, http.silence]
  ] as const)("names the failure: %s", ([type, status, reply]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* http.inTime(attributesOf(get)), {
        ...common,
        "error.type": type,
        ...(status !== undefined && { "http.response.status_code": status }),
        "miro.attempts": 1
      })
    }).pipe(http.once, http.replying(reply))
  )

  it.effect("says no more than what was called when nothing was sent", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* attributesOf(Boards.get({ boardId: ".." })), {
        "http.request.method": "GET",
        "url.template": "/v2/boards/{boardId}",
        "miro.operation.id": "get-specific-board",
        "miro.level": 1,
        "error.type": "InvalidInput"
      })
    }).pipe(http.replying())
  )

  it.effect("leaves out a level that there is none", () =>
    Effect.gen(function* () {
      const attributes = yield* attributesOf(Tokens.get())
      assert.notProperty(attributes, "miro.level")
      assert.notProperty(attributes, "miro.credits.cost")
    }).pipe(http.replying(http.json({})))
  )

  it.effect("has the address without query and credentials", () =>
    Effect.gen(function* () {
      const call = MiroClient.execute(HttpClientRequest.get("/v2/x?access_token=canary#canary"), { level: 3 })
      const [span] = yield* traced(call)
      assert.strictEqual(span?.name, "Miro.execute")
      assert.strictEqual(span?.kind, "client")
      assert.deepStrictEqual(Object.fromEntries(span?.attributes ?? []), {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "url.full": "http://[::1]:4010/miro/v2/x",
        "server.address": "::1",
        "server.port": 4010,
        "miro.attempts": 1,
        "miro.credits.cost": 500
      })
    }).pipe(http.wired(http.script(board), { baseUrl: "http://[::1]:4010/miro/" }))
  )

  it.effect("is a child of the user's own", () =>
    Effect.gen(function* () {
      const [own, call] = yield* traced(Effect.withSpan(get, "own"))
      assert.deepStrictEqual([own?.name, call?.name], ["own", "Miro.Boards.get"])
      assert.strictEqual(call?.traceId, own?.traceId)
      assert.strictEqual(Option.getOrUndefined(call?.parent ?? Option.none())?.spanId, own?.spanId)
    }).pipe(http.replying(board))
  )
})

describe("the span of a refresh", () => {
  it.effect("belongs to the call that caused it, and the calls that wait for it are linked", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      yield* login
      yield* sandbox.expireAccessTokens
      const spans = yield* traced(
        Effect.forEach(["a", "b", "c"], (name) => Boards.create({ name }), { concurrency: "unbounded" })
      )
      const calls = spans.filter(({ name }) => name === "Miro.Boards.create")
      const refreshes = spans.filter(({ name }) => name === "Miro.AccessToken.refresh")
      const requests = spans.filter(({ name }) => name === "Miro.OAuth.refresh")
      assert.deepStrictEqual([calls.length, refreshes.length, requests.length, spans.length], [3, 1, 1, 5])
      const parentOf = (span: Tracer.Span | undefined) => Option.getOrUndefined(span?.parent ?? Option.none())?.spanId
      const [refresh] = refreshes
      const first = calls.find(({ spanId }) => spanId === parentOf(refresh))
      assert.isDefined(first)
      assert.strictEqual(parentOf(requests[0]), refresh?.spanId)
      for (const call of calls) {
        assert.isTrue(call.attributes.get("miro.refreshed"))
        assert.deepStrictEqual(
          call.links.map(({ span }) => span.spanId),
          call === first ? [] : [refresh?.spanId]
        )
      }
      assert.strictEqual(requests[0]?.kind, "client")
      assert.deepStrictEqual(Object.fromEntries(requests[0]?.attributes ?? []), {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "url.full": "https://api.miro.com/v1/oauth/token",
        "server.address": "api.miro.com",
        "server.port": 443
      })
    }).pipe(Effect.provide(Everything))
  )

  it.effect("names its failure", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const attributes = yield* attributesOf(oauth.refresh(Redacted.make("no such token")))
      assert.deepInclude(attributes, { "error.type": "401", "http.response.status_code": 401 })
    }).pipe(Effect.provide(Everything))
  )
})

/** What was counted, by name and attributes other than the unit. */
const counted = (metrics: ReadonlyArray<Metric.Metric.Snapshot>) =>
  Object.fromEntries(
    metrics.flatMap(({ attributes = {}, id, state }) =>
      "count" in state && !("sum" in state)
        ? [[[id, ...Object.values(Struct.omit(attributes, ["unit"]))].join(" "), state.count]]
        : []
    )
  )

const measured = <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.andThen(Effect.exit(program), Metric.snapshot).pipe(Effect.provideService(Metric.MetricRegistry, new Map()))

describe("metrics", () => {
  it.effect("count calls, retries and credits, and time calls", () =>
    Effect.gen(function* () {
      const metrics = yield* http.inTime(
        measured(
          Effect.gen(function* () {
            yield* get
            yield* get
            yield* Boards.create()
            yield* Effect.exit(Boards.get({ boardId: "another" }))
            yield* Effect.exit(Boards.get({ boardId: "" }))
            const call = yield* Effect.forkChild(get, { startImmediately: true })
            yield* Fiber.interrupt(call)
          })
        )
      )
      assert.deepStrictEqual(counted(metrics), {
        "miro.client.calls Boards.get Success": 2,
        "miro.client.calls Boards.get NotFound": 1,
        "miro.client.calls Boards.get InvalidInput": 1,
        "miro.client.calls Boards.get Interrupted": 1,
        "miro.client.calls Boards.create Success": 1,
        "miro.client.retries Boards.get ServerError": 1,
        "miro.client.retries Boards.get Transport": 1,
        "miro.client.retries Boards.create RateLimited": 1,
        // Six requests for a board and two to create one.
        "miro.client.credits 1": 300,
        "miro.client.credits 3": 1000
      })
      const durations = metrics.filter(({ id }) => id === "miro.client.call.duration")
      assert.deepStrictEqual(
        durations.map(({ attributes }) => attributes),
        ["Boards.get", "Boards.create"].map((name) => ({ unit: "s", "miro.operation.name": name }))
      )
      const [gets, creates] = durations.map(({ state }) => ("sum" in state ? state : assert.fail("no histogram")))
      assert.strictEqual(gets?.count, 5)
      // Two pauses of half a second and one second, and up to a quarter more, but in steps of the test clock.
      assert.isAtLeast(gets?.max ?? 0, 1.5)
      assert.strictEqual(creates?.count, 1)
      assert.isAtLeast(creates?.max ?? 0, 30)
      assert.isBelow(creates?.max ?? Infinity, 60)
    }).pipe(
      http.replying(
        board,
        http.status(503),
        http.fault,
        board,
        http.status(429, { "retry-after": "30" }),
        http.json(payloads.board, { status: 201 }),
        http.status(404),
        http.silence
      )
    )
  )

  it.effect("count refreshes by what came of them", () =>
    Effect.gen(function* () {
      const metrics = yield* measured(
        Effect.gen(function* () {
          const sandbox = yield* MiroSandbox.MiroSandbox
          yield* login
          yield* sandbox.expireAccessTokens
          yield* Effect.forEach(["a", "b", "c"], (name) => Boards.create({ name }), { concurrency: "unbounded" })
          yield* sandbox.expireAccessTokens
          yield* Boards.create()
          yield* sandbox.revokeGrants
          yield* Effect.exit(Boards.create())
        }).pipe(Effect.provide(Everything))
      )
      const refreshes = Object.entries(counted(metrics)).filter(([name]) => name.startsWith("miro.client.refreshes"))
      assert.deepStrictEqual(Object.fromEntries(refreshes), {
        "miro.client.refreshes Success": 2,
        "miro.client.refreshes ReauthorizationRequired": 1
      })
    })
  )

  it.effect("have as many series as a program has operations, whatever the ids and users", () =>
    Effect.gen(function* () {
      const series = (count: number) =>
        Effect.map(
          measured(
            Effect.forEach(
              Array.from({ length: count }, (_, index) => `${index}`),
              (id) => MiroClient.as(Boards.get({ boardId: id }), id)
            )
          ),
          (metrics) => metrics.map(({ attributes, id }) => [id, attributes])
        )
      assert.deepStrictEqual(yield* series(20), yield* series(1))
    }).pipe(http.always(board))
  )

  it.effect("are read through what the module exports", () =>
    Effect.gen(function* () {
      yield* get
      const name = { "miro.operation.name": "Boards.get" }
      const calls = Metric.withAttributes(Telemetry.calls, { ...name, "miro.outcome": "Success" })
      assert.strictEqual((yield* Metric.value(calls)).count, 1)
      assert.strictEqual((yield* Metric.value(Metric.withAttributes(Telemetry.callDuration, name))).count, 1)
      assert.strictEqual(
        (yield* Metric.value(Metric.withAttributes(Telemetry.credits, { "miro.level": "1" }))).count,
        50
      )
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map()), http.replying(board))
  )
})

/** What is logged while a program runs, by level. */
const logged = Effect.fnUntraced(function* <A, E, R>(program: Effect.Effect<A, E, R>) {
  const logs: Array<readonly [level: string, message: string, annotations: Readonly<Record<string, unknown>>]> = []
  const logger = Logger.make(({ fiber, logLevel, message }) => {
    logs.push([logLevel, String(message), fiber.getRef(References.CurrentLogAnnotations)])
  })
  const fiber = yield* Effect.exit(program).pipe(
    Effect.provide(Logger.layer([logger])),
    Effect.provideService(References.MinimumLogLevel, "All"),
    Effect.forkChild({ startImmediately: true })
  )
  return { fiber, logs }
})

describe("logs", () => {
  it.effect("tell of a retry before the pause, and not of an attempt that is not made", () =>
    Effect.gen(function* () {
      const { fiber, logs } = yield* logged(get)
      yield* Effect.repeat(Effect.yieldNow, { times: 50 })
      const [[level, message, annotations] = assert.fail("nothing is logged")] = logs
      assert.strictEqual(level, "Debug")
      assert.match(message, /^Boards\.get failed with RateLimited, next attempt in 3\ds/)
      const { "miro.retry.delay": delay, ...rest } = annotations
      assert.deepStrictEqual(rest, { "miro.operation.name": "Boards.get", "miro.retry.reason": "RateLimited" })
      assert.isAtLeast(Number(delay), 30)
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      assert.strictEqual(logs.length, 1)
    }).pipe(
      Retry.provide(Retry.policy({ times: 1 })),
      http.replying(http.status(429, { "retry-after": "30" }), http.status(500))
    )
  )

  it.effect("tell once that there are no credits left, before the wait", () =>
    Effect.gen(function* () {
      const { fiber, logs } = yield* logged(Effect.all([get, get, get], { concurrency: "unbounded" }))
      yield* Effect.repeat(Effect.yieldNow, { times: 50 })
      const told = [
        ["Debug", 'No credits are left for user "default", next request in 1m', { "miro.credits.wait": 60 }]
      ]
      assert.deepStrictEqual<unknown>(logs, told)
      yield* TestClock.adjust("61 seconds")
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual<unknown>(logs, told)
    }).pipe(Effect.provide(RateLimit.layerMemory({ limit: 100 })), http.always(board))
  )

  it.effect("say nothing of calls that succeed or fail at once", () =>
    Effect.gen(function* () {
      const { fiber, logs } = yield* logged(Effect.andThen(get, get))
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(logs, [])
    }).pipe(http.replying(board, http.status(404)))
  )

  it.effect("tell of refreshes at debug level, and of the tokens by fingerprints", () =>
    Effect.gen(function* () {
      const { fiber, logs } = yield* logged(
        Effect.gen(function* () {
          const sandbox = yield* MiroSandbox.MiroSandbox
          const { fingerprint } = yield* MiroOAuth.MiroOAuth
          yield* login
          const prints = Effect.gen(function* () {
            const { accessToken, refreshToken } = (yield* record()).record
            return [yield* fingerprint(accessToken), yield* fingerprint(refreshToken ?? assert.fail())] as const
          })
          const [oldAccess, oldRefresh] = yield* prints
          yield* sandbox.expireAccessTokens
          yield* Boards.create()
          const [newAccess, newRefresh] = yield* prints
          yield* sandbox.revokeGrants
          yield* Effect.exit(Boards.create())
          return { oldAccess, oldRefresh, newAccess, newRefresh }
        }).pipe(Effect.provide(Everything))
      )
      const { newAccess, newRefresh, oldAccess, oldRefresh } = yield* yield* Fiber.join(fiber)
      assert.match(oldAccess, /^[0-9a-f]{8}$/)
      assert.strictEqual(new Set([newAccess, newRefresh, oldAccess, oldRefresh]).size, 4)
      assert.deepStrictEqual(logs, [
        [
          "Debug",
          'The tokens of user "default" were refreshed',
          {
            "miro.outcome": "Success",
            "miro.refresh_token.old": oldRefresh,
            "miro.refresh_token.new": newRefresh,
            "miro.access_token.old": oldAccess,
            "miro.access_token.new": newAccess
          }
        ],
        [
          "Debug",
          'The tokens of user "default" could not be refreshed: ReauthorizationRequired',
          {
            "miro.outcome": "ReauthorizationRequired",
            "miro.refresh_token.old": newRefresh,
            "miro.access_token.old": newAccess
          }
        ]
      ])
    })
  )
})

const propagating = Effect.provideService(Telemetry.TracePropagation, true)

describe("trace headers", () => {
  const call = Effect.withSpan(get, "own")

  const connect = (origin: string) =>
    Effect.provide(
      MiroClient.layer({ baseUrl: origin }).pipe(
        Layer.provide(AccessToken.layer(Redacted.make("token"))),
        Layer.provide(FetchHttpClient.layer)
      )
    )

  it.live("name the span of the call when they are asked for", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(tcp.json(payloads.board))
      const spans = yield* traced(call).pipe(propagating, connect(server.origin))
      const [own, span] = spans
      assert.strictEqual(spans.length, 2)
      const [request] = server.requests
      assert.strictEqual(request?.headers["traceparent"], `00-${span?.traceId}-${span?.spanId}-01`)
      assert.strictEqual(request?.headers["b3"], `${span?.traceId}-${span?.spanId}-1-${own?.spanId}`)
    })
  )

  it.live("are not sent otherwise, nor without a tracer", () =>
    Effect.gen(function* () {
      const server = yield* tcp.serve(tcp.json(payloads.board))
      yield* traced(call).pipe(connect(server.origin))
      yield* call.pipe(propagating, Effect.withTracerEnabled(false), connect(server.origin))
      assert.strictEqual(server.requests.length, 2)
      for (const { headers } of server.requests) {
        assert.notProperty(headers, "traceparent")
        assert.notProperty(headers, "b3")
      }
    })
  )

  it.effect("go with a refresh too", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      yield* oauth.refresh(Redacted.make("spent"))
      const [span] = yield* traced(propagating(oauth.refresh(Redacted.make("spent"))))
      assert.deepStrictEqual(
        (yield* http.Wire).sent.map(({ headers }) => headers["traceparent"]),
        [undefined, `00-${span?.traceId}-${span?.spanId}-01`]
      )
    }).pipe(
      Effect.provide(
        MiroOAuth.layer({
          clientId: "id",
          clientSecret: Redacted.make("secret"),
          redirectUrl: "https://a.example"
        }).pipe(
          Layer.provide(TokenStorage.layerMemory),
          Layer.provideMerge(http.layerWire(() => http.json({ access_token: "new" })))
        )
      )
    )
  )
})

describe("no secret", () => {
  it.effect("is in spans, logs and metrics of calls that are retried, refreshed and refused", () =>
    Effect.gen(function* () {
      const canary = "canary-token"
      const header = `Bearer ${canary}`
      const { exit, text } = yield* http.inTime(observe(get)).pipe(
        http.wired(
          http.script(
            http.text(header, { status: 503 }),
            http.json({ message: header, code: header }, { status: 401 }),
            http.text(header, { status: 429, headers: { "retry-after": canary } }),
            http.text(header, { status: 500 })
          ),
          {
            accessToken: Layer.succeed(AccessToken.AccessToken, {
              get: Effect.succeed(Redacted.make(canary)),
              refresh: () => Effect.succeed(Redacted.make(`${canary}-2`))
            })
          }
        ),
        Retry.provide(Retry.policy({ times: 2 })),
        propagating
      )
      assert.strictEqual(exit._tag, "Failure")
      assert.include(text, "miro.retry")
      assert.include(text, "miro.client.retries")
      assert.notInclude(text, canary)
    })
  )
})
