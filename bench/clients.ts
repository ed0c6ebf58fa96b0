/** The ways to make the same calls: Miro's client, bare requests, Effect's clients, and ours over each of these. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import Undici from "@effect/platform-node/Undici"
import { MiroApi } from "@mirohq/miro-api"
import { Effect, identity, Layer, ManagedRuntime, Redacted, Stream, Tracer } from "effect"
import { Boards, Items, MiroClient, type MiroError, RateLimit, StickyNotes } from "effect-miro"
import * as UndiciHttpClient from "effect-miro/undici"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import * as payloads from "./payloads.ts"
import * as Users from "./users.ts"

/** Makes so many calls, so many at a time. */
export type Run = (calls: number, concurrency: number) => Promise<unknown>

export interface Job {
  readonly name: string
  /** How many requests it makes: a stream makes one for each page. */
  readonly requests: number
  /** The request of it, unless there are many. */
  readonly request?: readonly [method: "GET" | "POST", path: string, body?: string]
  readonly official: (api: MiroApi) => Promise<unknown>
  readonly call: Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>
}

const note = { data: { content: "<p>Ship it</p>" }, position: { x: 10.5, y: -20 } }

export const jobs: ReadonlyArray<Job> = [
  {
    name: "a board",
    requests: 1,
    request: ["GET", "/v2/boards/b"],
    official: ({ _api }) => _api.getSpecificBoard("b"),
    call: Boards.get({ boardId: "b" })
  },
  {
    name: "a page of 50 items",
    requests: 1,
    request: ["GET", "/v2/boards/b/items?limit=50"],
    official: ({ _api }) => _api.getItems("b"),
    call: Items.list({ boardId: "b" })
  },
  {
    name: "a new sticky note",
    requests: 1,
    request: ["POST", "/v2/boards/b/sticky_notes", JSON.stringify(note)],
    official: ({ _api }) => _api.createStickyNoteItem("b", note),
    call: StickyNotes.create({ boardId: "b", ...note })
  }
]

/** A list of so many pages: by the high-level client of Miro's package, and by a stream. */
export const stream = (pages: number): Job => {
  const boardId = payloads.boardWith(pages)
  return {
    name: `a stream of ${(50 * pages).toLocaleString("en")} items, for each page`,
    requests: pages,
    official: async (api) => {
      const board = Object.assign(await api.getBoard(boardId), { id: boardId })
      for await (const _ of board.getAllItems());
    },
    call: Stream.runDrain(Items.list.items({ boardId }))
  }
}

const repeat =
  (once: () => Promise<unknown>): Run =>
  (calls, concurrency) => {
    let left = calls
    const work = async () => {
      while (left-- > 0) await once()
    }
    return Promise.all(Array.from({ length: concurrency }, work))
  }

const repeatEffect =
  <R>(call: Effect.Effect<unknown, unknown, R>, runtime: ManagedRuntime.ManagedRuntime<R, never>): Run =>
  (calls, concurrency) =>
    runtime.runPromise(Effect.replicateEffect(call, calls, { concurrency, discard: true }))

const authorization = { authorization: "Bearer token" }

const viaEffect = (method: "GET" | "POST", url: string, body?: string) =>
  HttpClientRequest.make(method)(url, { headers: authorization }).pipe(
    body === undefined ? identity : HttpClientRequest.bodyText(body, "application/json"),
    HttpClient.execute,
    Effect.flatMap((response) => response.json),
    Effect.scoped
  )

const users = 100_000

// A tracer that keeps no span.
const idleTracer = Layer.succeed(Tracer.Tracer, Tracer.make({ span: (options) => new Tracer.NativeSpan(options) }))

type Client = readonly [name: string, run: Run]

/** All of them, made once for all jobs. Of a job, the first is what the others are compared with. */
export const make = (origin: string): ((job: Job) => ReadonlyArray<Client>) => {
  const api = new MiroApi("token", origin)
  const agent = new Undici.Agent()
  const fetching = ManagedRuntime.make(FetchHttpClient.layer)
  const viaUndici = ManagedRuntime.make(NodeHttpClient.layerUndici)
  const bare = ([method, path, body]: NonNullable<Job["request"]>): ReadonlyArray<Client> => {
    const url = origin + path
    const headers = { ...authorization, ...(body !== undefined && { "content-type": "application/json" }) }
    const options = { method, headers, ...(body !== undefined && { body }) }
    return [
      ["fetch + JSON.parse", repeat(() => fetch(url, options).then((response) => response.json()))],
      [
        "undici + JSON.parse",
        repeat(() => Undici.request(url, { ...options, dispatcher: agent }).then(({ body }) => body.json()))
      ],
      ["Effect over fetch", repeatEffect(viaEffect(method, url, body), fetching)],
      ["Effect over undici", repeatEffect(viaEffect(method, url, body), viaUndici)]
    ]
  }

  const over = (http: Layer.Layer<HttpClient.HttpClient>, more = Layer.empty) => {
    const Miro = MiroClient.layerToken(Redacted.make("token"), { baseUrl: origin })
    return ManagedRuntime.make(Layer.merge(Layer.provide(Miro, http), more))
  }
  const ours = [
    ["effect-miro over fetch", over(FetchHttpClient.layer)],
    ["effect-miro over undici", over(NodeHttpClient.layerUndici)],
    ["effect-miro over dispatch", over(UndiciHttpClient.layer)],
    ["  with a RateLimit", over(UndiciHttpClient.layer, RateLimit.layerMemory())],
    ["  with an idle tracer", over(UndiciHttpClient.layer, idleTracer)]
  ] as const
  const forUsers = ManagedRuntime.make(Users.layer(users, UndiciHttpClient.layer, origin))

  return ({ call, official, request }) => [
    ["@mirohq/miro-api", repeat(() => official(api))],
    ...(request === undefined ? [] : bare(request)),
    ...ours.map(([name, runtime]): Client => [name, repeatEffect(call, runtime)]),
    [`  for ${users.toLocaleString("en")} users`, repeatEffect(Users.inTurn(call, users), forUsers)]
  ]
}
