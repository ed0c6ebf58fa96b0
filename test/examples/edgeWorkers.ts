/** Where the worker of the examples runs: in this process, and in workerd, which runs Cloudflare's. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer, type Scope } from "effect"
import { HttpEffect, HttpServer } from "effect/http"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type RequestListener } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { rolldown } from "rolldown"
import worker from "../../examples/edge/worker.ts"

/** Its variables, and where it is reached. */
interface Options {
  readonly port: string
  readonly variables: Readonly<Record<string, string>>
}

/** Starts the worker. What it has stored is in the map. */
export type Start = (options: Options) => Effect.Effect<ReadonlyMap<string, string>, never, Scope.Scope>

const listen = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const server = createServer(listener).listen(0, "127.0.0.1")
      await once(server, "listening")
      return server
    }),
    (server) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  ).pipe(Effect.map((server) => (server.address() as AddressInfo).port))

export const inProcess: Start = ({ port, variables }) => {
  const stored = new Map<string, string>()
  const TOKENS = {
    get: async (key: string) => stored.get(key) ?? null,
    put: async (key: string, value: string) => void stored.set(key, value),
    delete: async (key: string) => void stored.delete(key)
  }
  const handler = HttpEffect.fromWebHandler((request) =>
    worker.fetch(request, { ...variables, TOKENS }, { waitUntil: () => {} })
  )
  const Server = NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: Number(port) })
  return Effect.as(Layer.build(HttpServer.serve(handler).pipe(Layer.provide(Server), Layer.fresh)), stored).pipe(
    Effect.orDie
  )
}

const executable = process.env["MIRO_TEST_WORKERD"]

if (executable === undefined && process.env["CI"] !== undefined) {
  throw new Error("MIRO_TEST_WORKERD has to be set in CI, see .ci/services")
}

export const hasWorkerd = executable !== undefined

/** The requests that workerd makes for a key-value namespace. */
const namespace =
  (stored: Map<string, string>): RequestListener =>
  (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://kv")
    const key = decodeURIComponent(pathname.slice(1))
    const respond = async () => {
      if (request.method === "PUT") {
        const value = await new Response(request as unknown as ReadableStream).text()
        stored.set(key, value)
      } else if (request.method === "DELETE") stored.delete(key)
      const value = request.method === "GET" ? stored.get(key) : ""
      response.writeHead(value === undefined ? 404 : 200).end(value)
    }
    void respond()
  }

const bundle = async (folder: string) => {
  const build = await rolldown({
    input: "examples/edge/worker.ts",
    platform: "browser",
    resolve: { conditionNames: ["effect-miro-source", "import", "default"] }
  })
  await build.write({ file: join(folder, "worker.js"), codeSplitting: false })
  await build.close()
}

const configuration = ({ port, variables }: Options, kv: number) => `
  using Workerd = import "/workerd/workerd.capnp";
  const config :Workerd.Config = (
    services = [
      (name = "app", worker = .app),
      (name = "kv", external = (address = "127.0.0.1:${kv}", http = ())),
      (name = "internet", network = (allow = ["private"]))
    ],
    sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "app")]
  );
  const app :Workerd.Worker = (
    modules = [(name = "worker.js", esModule = embed "worker.js")],
    compatibilityDate = "2026-01-01",
    bindings = [
      (name = "TOKENS", kvNamespace = "kv"),
      ${Object.entries(variables)
        .map(([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`)
        .join(",\n")}
    ]
  );
`

const isListening = (port: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () => resolve(true)).once("error", () => resolve(false))
    socket.once("connect", () => socket.destroy())
  })

export const inWorkerd: Start = (options) =>
  Effect.gen(function* () {
    const stored = new Map<string, string>()
    const kv = yield* listen(namespace(stored))
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-miro-edge-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
    )
    yield* Effect.promise(() => bundle(folder))
    writeFileSync(join(folder, "config.capnp"), configuration(options, kv))
    yield* Effect.acquireRelease(
      Effect.sync(() => spawn(executable ?? "workerd", ["serve", join(folder, "config.capnp")], { stdio: "inherit" })),
      (child) => Effect.sync(() => child.kill())
    )
    yield* Effect.promise(async () => {
      while (!(await isListening(options.port))) await new Promise((resolve) => setTimeout(resolve, 50))
    })
    return stored
  })
