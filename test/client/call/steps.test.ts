/** What a call costs, counted: times would depend on the machine. `npm run bench:own` has those. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Metric, Redacted, Tracer } from "effect"
import { Boards, Items, MiroClient } from "effect-miro"
import { HttpClient, HttpClientResponse } from "effect/http"
import * as payloads from "../../support/payloads.ts"

/** A client over one that always responds with this. */
const always = (json: unknown, headers: Record<string, string> = {}) =>
  Effect.provide(
    MiroClient.layerToken(Redacted.make("token")).pipe(
      Layer.provideMerge(
        Layer.succeed(
          HttpClient.HttpClient,
          HttpClient.make((request) =>
            Effect.sync(() => HttpClientResponse.fromWeb(request, Response.json(json, { headers })))
          )
        )
      )
    )
  )

/** How many steps the runtime takes for the second of two calls, and how many fibers it starts. */
const cost = <A, E, R>(call: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    let steps = 0
    let fibers = 0
    const tracer = Tracer.make({
      span: (options) => new Tracer.NativeSpan(options),
      context: (primitive, fiber) => {
        steps++
        return primitive["~effect/Effect/evaluate"](fiber)
      }
    })
    const metrics: Metric.FiberRuntimeMetricsService = {
      recordFiberStart: () => void fibers++,
      recordFiberEnd: () => {}
    }
    yield* call
    yield* call.pipe(Effect.withTracer(tracer), Effect.provideService(Metric.FiberRuntimeMetrics, metrics))
    return { steps, fibers }
  })

it.effect("a call takes no more than 85 steps of the runtime, and one fiber more than the request alone", () =>
  Effect.gen(function* () {
    const alone = yield* cost(Effect.flatMap(HttpClient.get("https://api.miro.com"), ({ arrayBuffer }) => arrayBuffer))
    const { fibers, steps } = yield* cost(Boards.get({ boardId: "b" }))
    assert.isAtMost(steps, 85)
    assert.strictEqual(fibers, alone.fibers + 1)
  }).pipe(always(payloads.board, { "content-length": String(JSON.stringify(payloads.board).length) }))
)

it.effect("a call whose response does not say how long it is takes no more than 130", () =>
  Effect.gen(function* () {
    const { steps } = yield* cost(Boards.get({ boardId: "b" }))
    assert.isAtMost(steps, 130)
  }).pipe(always(payloads.board))
)

it.effect("the steps of a page do not depend on how many items it has", () =>
  Effect.gen(function* () {
    const of = (count: number) =>
      cost(Items.list({ boardId: "b" })).pipe(
        always({ data: Array.from({ length: count }, () => payloads.stickyNote), type: "cursor-list" })
      )
    assert.deepStrictEqual(yield* of(50), yield* of(1))
  })
)
