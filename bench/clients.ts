/** The ways to make the same calls: Miro's client, bare requests, Effect's clients, and ours over each of these. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import Undici from "@effect/platform-node/Undici"
import { MiroApi } from "@mirohq/miro-api"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { Boards, Items, MiroClient, type MiroError, RateLimit } from "effect-miro"
import * as UndiciHttpClient from "effect-miro/undici"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"

/** Makes so many calls, so many at a time. */
export type Run = (calls: number, concurrency: number) => Promise<unknown>

export interface Job {
  readonly name: string
  readonly path: string
  readonly official: (api: MiroApi) => Promise<unknown>
  readonly call: Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>
}

export const jobs: ReadonlyArray<Job> = [
  {
    name: "a board",
    path: "/v2/boards/b",
    official: ({ _api }) => _api.getSpecificBoard("b"),
    call: Boards.get({ boardId: "b" })
  },
  {
    name: "a page of 50 items",
    path: "/v2/boards/b/items?limit=50",
    official: ({ _api }) => _api.getItems("b"),
    call: Items.list({ boardId: "b" })
  }
]

const repeat =
  (once: () => Promise<unknown>): Run =>
  (calls, concurrency) => {
    let left = calls
    const work = async () => {
      while (left-- > 0) await once()
    }
    return Promise.all(Array.from({ length: concurrency }, work))
  }

const repeatEffect = <R>(call: Effect.Effect<unknown, unknown, R>, layer: Layer.Layer<R>): Run => {
  const runtime = ManagedRuntime.make(layer)
  return (calls, concurrency) => runtime.runPromise(Effect.replicateEffect(call, calls, { concurrency, discard: true }))
}

const authorization = { authorization: "Bearer token" }

const viaEffect = (url: string) =>
  HttpClient.execute(HttpClientRequest.get(url, { headers: authorization })).pipe(
    Effect.flatMap((response) => response.json),
    Effect.scoped
  )

const ours = ({ call }: Job, origin: string, http: Layer.Layer<HttpClient.HttpClient>, limiter = Layer.empty) =>
  repeatEffect(
    call,
    MiroClient.layerToken(Redacted.make("token"), { baseUrl: origin }).pipe(Layer.provide(http), Layer.merge(limiter))
  )

/** The first is what the others are compared with. */
export const clients = (job: Job, origin: string): ReadonlyArray<readonly [name: string, run: Run]> => {
  const url = origin + job.path
  const api = new MiroApi("token", origin)
  const agent = new Undici.Agent()
  return [
    ["@mirohq/miro-api", repeat(() => job.official(api))],
    ["fetch + JSON.parse", repeat(() => fetch(url, { headers: authorization }).then((response) => response.json()))],
    [
      "undici + JSON.parse",
      repeat(() => Undici.request(url, { dispatcher: agent, headers: authorization }).then(({ body }) => body.json()))
    ],
    ["Effect over fetch", repeatEffect(viaEffect(url), FetchHttpClient.layer)],
    ["Effect over undici", repeatEffect(viaEffect(url), NodeHttpClient.layerUndici)],
    ["effect-miro over fetch", ours(job, origin, FetchHttpClient.layer)],
    ["effect-miro over undici", ours(job, origin, NodeHttpClient.layerUndici)],
    ["effect-miro over dispatch", ours(job, origin, UndiciHttpClient.layer)],
    ["  with a RateLimit", ours(job, origin, UndiciHttpClient.layer, RateLimit.layerMemory())],
    [
      "  without spans",
      ours({ ...job, call: Effect.withTracerEnabled(job.call, false) }, origin, UndiciHttpClient.layer)
    ]
  ]
}
