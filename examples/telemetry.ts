/**
 * Spans, metrics and logs of some calls, exported by OTLP.
 *
 *     npm run example -- examples/telemetry.ts
 *     OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 npm run example -- examples/telemetry.ts
 *
 * Without an endpoint it starts a collector that prints what arrives. Miro is
 * the sandbox here, so nothing has to be set up there. It prints, among others
 * and here with fewer attributes:
 *
 *     retrospective
 *       Miro.Boards.create http.response.status_code=201 miro.refreshed=true miro.credits.cost=500
 *         Miro.AccessToken.refresh
 *           Miro.OAuth.refresh http.response.status_code=200
 *       Miro.Boards.get http.response.status_code=200 http.request.resend_count=1 miro.attempts=2
 *         - miro.retry miro.retry.reason=RateLimited miro.retry.delay=1.083
 *       Miro.Boards.get error.type=404 http.response.status_code=404 miro.attempts=1
 *
 *     miro.client.calls 1 miro.operation.name=Boards.get miro.outcome=NotFound
 *     miro.client.retries 1 miro.operation.name=Boards.get miro.retry.reason=RateLimited
 *
 *     Debug Boards.get failed with RateLimited, next attempt in 1s 83ms
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Config, Console, Effect, Layer, References, Schema } from "effect"
import { Boards, MiroClient, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpRouter, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Otlp } from "effect/observability"
import { createServer } from "node:http"

/** A call that finds its token expired, one that has to wait for its turn, and one that fails. */
const program = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  yield* sandbox.expireAccessTokens
  const board = yield* Boards.create({ name: "Retrospective" })

  yield* sandbox.respondNext(HttpServerResponse.empty({ status: 429, headers: { "retry-after": "1" } }))
  yield* Boards.get({ boardId: board.id })

  yield* Boards.delete({ boardId: board.id })
  yield* Effect.ignore(Boards.get({ boardId: board.id }))
}).pipe(Effect.withSpan("retrospective"))

const login = Effect.gen(function* () {
  const oauth = yield* MiroOAuth.MiroOAuth
  const sandbox = yield* MiroSandbox.MiroSandbox
  const { codeVerifier, state, url } = yield* oauth.authorizationRequest()
  yield* oauth.handleCallback(yield* sandbox.consent(url), { codeVerifier, state })
})

const list = <const Fields extends Schema.Struct.Fields>(fields: Fields) => Schema.Array(Schema.Struct(fields))

const Attributes = list({ key: Schema.String, value: Schema.Record(Schema.String, Schema.Unknown) })

const Spans = list({
  name: Schema.String,
  spanId: Schema.String,
  parentSpanId: Schema.optional(Schema.String),
  attributes: Attributes,
  events: list({ name: Schema.String, attributes: Attributes })
})

const Points = Schema.Struct({
  dataPoints: list({
    attributes: Attributes,
    asDouble: Schema.optional(Schema.Number),
    count: Schema.optional(Schema.Number),
    sum: Schema.optional(Schema.Number)
  })
})

const Metrics = list({ name: Schema.String, sum: Schema.optional(Points), histogram: Schema.optional(Points) })

const Logs = list({
  severityText: Schema.String,
  body: Schema.Record(Schema.String, Schema.Unknown),
  attributes: Attributes
})

/** What of an export is printed. It holds one of the three. */
const Export = Schema.Struct({
  resourceSpans: Schema.optional(list({ scopeSpans: list({ spans: Spans }) })),
  resourceMetrics: Schema.optional(list({ scopeMetrics: list({ metrics: Metrics }) })),
  resourceLogs: Schema.optional(list({ scopeLogs: list({ logRecords: Logs }) }))
})

const show = (attributes: typeof Attributes.Type) =>
  attributes.map(({ key, value }) => `${key}=${Object.values(value).join()}`).join(" ")

const tree = (spans: typeof Spans.Type, parent: string | undefined, indent: string): string =>
  spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .map(({ attributes, events, name, spanId }) =>
      [
        `${indent}${name} ${show(attributes)}\n`,
        ...events.map((event) =>
          `${indent}  - ${event.name} ${show(event.attributes)}\n`.replace(/exception.stack.*/s, "\n")
        ),
        tree(spans, spanId, `${indent}  `)
      ].join("")
    )
    .join("")

/** An export as text: spans as a tree, and a line for each log and each series. */
const print = ({ resourceLogs = [], resourceMetrics = [], resourceSpans = [] }: typeof Export.Type): string => {
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
  const logs = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
  return [
    tree(spans, undefined, ""),
    ...metrics.flatMap(({ histogram, name, sum }) =>
      [...(sum?.dataPoints ?? []), ...(histogram?.dataPoints ?? [])].map(
        ({ asDouble, attributes, count, sum }) => `${name} ${asDouble ?? `${count} in ${sum}s`} ${show(attributes)}\n`
      )
    ),
    ...logs.map(
      ({ attributes, body, severityText }) => `${severityText} ${Object.values(body).join()} ${show(attributes)}\n`
    )
  ].join("")
}

const Collector = HttpRouter.serve(
  HttpRouter.add(
    "POST",
    "/v1/:signal",
    Effect.gen(function* () {
      yield* Console.log(print(yield* HttpServerRequest.schemaBodyJson(Export)))
      return HttpServerResponse.empty()
    })
  ),
  { disableLogger: true, disableListenLog: true }
).pipe(Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })))

const startCollector = Effect.gen(function* () {
  const context = yield* Layer.build(Layer.fresh(Collector))
  return yield* HttpServer.addressFormattedWith(Effect.succeed).pipe(Effect.provide(context))
})

const Exporter = Layer.unwrap(
  Effect.gen(function* () {
    const endpoint = yield* Config.String("OTEL_EXPORTER_OTLP_ENDPOINT").pipe(Config.withDefault(""))
    return Otlp.layerJson({
      baseUrl: endpoint === "" ? yield* startCollector : endpoint,
      resource: { serviceName: "retrospectives" },
      loggerMergeWithExisting: false
    })
  })
)

const Sandbox = Layer.unwrap(
  Effect.gen(function* () {
    const baseUrl = yield* HttpServer.addressFormattedWith(Effect.succeed)
    const { clientId, clientSecret, redirectUrl } = yield* MiroSandbox.Settings
    return MiroClient.layerOAuth({ clientId, clientSecret, redirectUrl, baseUrl, webUrl: baseUrl }).pipe(
      Layer.provide(TokenStorage.layerMemory)
    )
  })
).pipe(
  Layer.provideMerge(MiroSandbox.layerServer),
  Layer.provide(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
)

// The exporter is provided to the program alone, so that the servers in this process are not traced. It does not trace
// its own requests.
program.pipe(
  Effect.provideService(References.MinimumLogLevel, "Debug"),
  Effect.provide(Exporter),
  (traced) => Effect.andThen(login, traced),
  Effect.provide(Sandbox),
  Effect.provide(FetchHttpClient.layer),
  NodeRuntime.runMain
)
