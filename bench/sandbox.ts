/**
 * How fast the sandbox is: requests at its handler and calls through it, in
 * process and over a socket, the time until the command is ready, and a page of
 * items at the start and the end of a board of 100,000.
 *
 *     npm run build && npm run bench:sandbox
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Effect, Layer, ManagedRuntime, Redacted, Stream } from "effect"
import { Boards, Items, MiroClient, StickyNotes } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpClient, HttpClientRequest, HttpServerRequest } from "effect/http"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

const token = "sandbox-token"
const rounds = 7
const perRound = 2_000
const fibers = 32

const settings = MiroSandbox.layerSettings({ creditsPerMinute: 1e12, ledgerSize: 1_000 })

const median = (figures: ReadonlyArray<number>): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

/** Milliseconds of wall clock that it takes. */
const time = async (run: () => Promise<unknown>): Promise<number> => {
  const before = performance.now()
  await run()
  return performance.now() - before
}

/** The median of several rounds, after some in which what runs is compiled. */
const measure = async (run: () => Promise<unknown>): Promise<number> => {
  for (let round = 0; round < 5; round++) await run()
  const times: Array<number> = []
  for (let round = 0; round < rounds; round++) times.push(await time(run))
  return median(times)
}

const print = (name: string, figure: number, unit: string) =>
  console.log(`  ${name.padEnd(48)} ${figure.toFixed(0).padStart(7)} ${unit}`)

const often = <A, E, R>(call: Effect.Effect<A, E, R>) =>
  Effect.replicateEffect(call, perRound, { concurrency: fibers, discard: true })

const perSecond = async (run: () => Promise<unknown>) => (perRound / (await measure(run))) * 1_000

const Miro = MiroClient.layerToken(Redacted.make(token))

const InProcess = Miro.pipe(Layer.provideMerge(MiroSandbox.layerHttpClient), Layer.provide(settings))

const runtime = ManagedRuntime.make(InProcess)

const boardId = await runtime.runPromise(
  Effect.gen(function* () {
    const { id } = yield* Boards.create({ name: "Bench" })
    yield* StickyNotes.create({ boardId: id, data: { content: "Hello" } })
    return id
  })
)

const incoming = (method: "GET" | "POST", path: string, json?: unknown) => {
  const request = HttpClientRequest.make(method)(`https://api.miro.com${path}`).pipe(
    HttpClientRequest.bearerToken(token)
  )
  return HttpServerRequest.fromClientRequest(
    json === undefined ? request : HttpClientRequest.bodyJsonUnsafe(request, json)
  )
}

const atHandler = (request: HttpServerRequest.HttpServerRequest) =>
  often(
    MiroSandbox.MiroSandbox.use(({ app }) => Effect.provideService(app, HttpServerRequest.HttpServerRequest, request))
  )

const path = `/v2/boards/${encodeURIComponent(boardId)}`

console.log(`requests a second, ${fibers} at a time, median of ${rounds} rounds of ${perRound}`)
for (const [name, request] of [
  ["at the handler: a board", incoming("GET", path)],
  ["at the handler: a new sticky note", incoming("POST", `${path}/sticky_notes`, { data: { content: "Hello" } })]
] as const) {
  print(name, await perSecond(() => runtime.runPromise(atHandler(request))), "/s")
}
print("calls in process: a board", await perSecond(() => runtime.runPromise(often(Boards.get({ boardId })))), "/s")
const create = StickyNotes.create({ boardId, data: { content: "Hello" } })
print("calls in process: a new sticky note", await perSecond(() => runtime.runPromise(often(create))), "/s")

const command = fileURLToPath(new URL("../dist/command/main.js", import.meta.url))

/** Runs the command, and gives its URL with the milliseconds until it has it. */
const start = async () => {
  const before = performance.now()
  const child = spawn(process.execPath, [command, "--port", "0", "--credits", "1000000000000"])
  const [output]: Array<unknown> = await once(child.stdout, "data")
  return { child, ready: performance.now() - before, url: /http:[^\s,]+/.exec(String(output))?.[0] ?? "" }
}

const { child, url } = await start()
const overSocket = ManagedRuntime.make(
  MiroClient.layerToken(Redacted.make(token), { baseUrl: url }).pipe(Layer.provideMerge(NodeHttpClient.layerUndici))
)
const bare = HttpClientRequest.get(`${url}/v2/boards`).pipe(
  HttpClientRequest.bearerToken(token),
  HttpClient.execute,
  Effect.flatMap(({ arrayBuffer }) => arrayBuffer)
)
print("over a socket: requests", await perSecond(() => overSocket.runPromise(often(bare))), "/s")
print("over a socket: calls", await perSecond(() => overSocket.runPromise(often(Boards.list()))), "/s")
child.kill()

const starts: Array<number> = []
for (let round = 0; round < rounds; round++) {
  const { child, ready } = await start()
  child.kill()
  starts.push(ready)
}
print("the command is ready after", median(starts), "ms")

const items = Array.from({ length: 20 }, () => ({ type: "sticky_note" as const, data: { content: "Hello" } }))
await runtime.runPromise(
  Effect.replicateEffect(Items.createBulk({ boardId, items }), 100_000 / 20, { concurrency: fibers, discard: true })
)
const pages = await runtime.runPromise(Stream.runCollect(Items.list.pages({ boardId, limit: 50 })))
console.log("a page of 50 of 100,000 items, in process")
for (const [name, cursor] of [
  ["the first", undefined],
  ["the last but one", pages.at(-3)?.cursor]
] as const) {
  const page = Effect.replicateEffect(Items.list({ boardId, limit: 50, ...(cursor && { cursor }) }), 20)
  print(name, ((await measure(() => runtime.runPromise(page))) / 20) * 1_000, "µs")
}

await runtime.dispose()
await overSocket.dispose()
