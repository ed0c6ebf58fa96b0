/**
 * How a call grows: its cost and memory by how many wait at once, how many users
 * there are, and how many pages a list has. Draws what it finds into
 * `docs/growth`.
 *
 *     npm run bench:growth
 */
import { Effect, Fiber, Layer, ManagedRuntime, Redacted, Stream } from "effect"
import { Boards, Items, MiroClient, RateLimit } from "effect-miro"
import { HttpClient } from "effect/http"
import { mkdirSync, writeFileSync } from "node:fs"
import { cost } from "./cost.ts"
import { client, pageOf } from "./memory.ts"
import { type Line, plot } from "./plot.ts"
import * as Users from "./users.ts"

const rounds = 3

const get = Boards.get({ boardId: "b" })
const page = pageOf()

const Memory = Layer.succeed(
  HttpClient.HttpClient,
  client(() => page)
)
const WithToken = MiroClient.layerToken(Redacted.make("token"))
const Limited = RateLimit.layerMemory({ limit: 1e12 })

/** The cost of a call in the best of several rounds. */
const bestCost = async (calls: number, run: () => Promise<unknown>): Promise<number> => {
  let best = Infinity
  for (let round = 0; round < rounds; round++) best = Math.min(best, await cost(calls, run))
  return best
}

const { gc } = globalThis
if (gc === undefined) throw new Error("run it with --expose-gc, as npm run bench:growth does")

const heap = async (): Promise<number> => {
  await new Promise((resolve) => setTimeout(resolve, 50))
  gc()
  return process.memoryUsage().heapUsed
}

const calls = 10_000

const line = async (
  name: string,
  at: ReadonlyArray<number>,
  figure: (at: number) => Promise<number>
): Promise<Line> => {
  const points: Array<readonly [number, number]> = []
  for (const x of at) points.push([x, await figure(x)])
  console.log(`${name}\n${points.map(([x, y]) => `  ${String(x).padStart(7)} ${y.toFixed(1).padStart(9)}`).join("\n")}`)
  return { name, points }
}

const byFibers = (name: string, layer: Layer.Layer<MiroClient.MiroClient>) => {
  const runtime = ManagedRuntime.make(layer)
  return line(name, [1, 10, 100, 1_000, 10_000], (concurrency) =>
    bestCost(calls, () => runtime.runPromise(Effect.replicateEffect(get, calls, { concurrency, discard: true })))
  )
}

/** Kilobytes for each of so many calls that wait for a response. */
const waiting = (name: string, limiter: Layer.Layer<never>) => {
  const Never = Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make(() => Effect.never)
  )
  const runtime = ManagedRuntime.make(Layer.merge(WithToken.pipe(Layer.provide(Never)), limiter))
  return line(name, [100, 1_000, 10_000], async (count) => {
    const before = await heap()
    const fibers = Array.from({ length: count }, () => runtime.runFork(get))
    const after = await heap()
    await runtime.runPromise(Fiber.interruptAll(fibers))
    return (after - before) / count / 1024
  })
}

const byUsers = () =>
  line("one call for each user in turn, µs", [1, 10, 100, 1_000, 10_000, 100_000], async (users) => {
    const runtime = ManagedRuntime.make(Users.layer(users, Memory))
    const call = Users.inTurn(get, users)
    const count = Math.max(calls, users)
    await runtime.runPromise(call)
    const figure = await bestCost(count, () =>
      runtime.runPromise(Effect.replicateEffect(call, count, { concurrency: 32, discard: true }))
    )
    await runtime.dispose()
    return figure
  })

const byPages = async () => {
  let pages = 1
  const Pages = Layer.succeed(
    HttpClient.HttpClient,
    client((url) => pageOf(Number(url.searchParams.get("cursor") ?? 0), pages))
  )
  const runtime = ManagedRuntime.make(WithToken.pipe(Layer.provide(Pages)))
  const all = Stream.runDrain(Items.list.items({ boardId: "b" }))
  return line("a page of 50 items, µs", [1, 10, 100, 1_000, 20_000], async (count) => {
    pages = count
    const times = Math.ceil(1_000 / pages)
    return bestCost(times * pages, () => runtime.runPromise(Effect.replicateEffect(all, times, { discard: true })))
  })
}

const draw = (file: string, title: string, x: string, y: string, lines: ReadonlyArray<Line>) =>
  writeFileSync(`docs/growth/${file}.svg`, plot({ title, x, y, lines }))

mkdirSync("docs/growth", { recursive: true })
const Direct = WithToken.pipe(Layer.provide(Memory))
draw("fibers", "Cost of Boards.get by calls at once", "calls at once", "µs of processor time", [
  await byFibers("without a limiter", Direct),
  await byFibers("with RateLimit.layerMemory", Layer.merge(Direct, Limited))
])
draw("waiting", "Memory of calls that wait for a response", "calls that wait", "kB for each", [
  await waiting("without a limiter", Layer.empty),
  await waiting("with RateLimit.layerMemory", Limited)
])
draw("users", "Cost of Boards.get by users with stored tokens", "users", "µs of processor time", [await byUsers()])
draw("pages", "Cost of a page by pages of a list", "pages", "µs of processor time", [await byPages()])
