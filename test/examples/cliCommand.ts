/** The command line tool of the examples as its users run it, beside a sandbox on a socket. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Redacted } from "effect"
import { MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpServer } from "effect/http"
import { spawn } from "node:child_process"
import { createServer } from "node:http"
import { bundle } from "../support/bundle.ts"

const program = await bundle("examples/cli/main.ts")

export const server = (settings: Partial<MiroSandbox.Settings> = {}) =>
  MiroSandbox.layerServer.pipe(
    Layer.provide(MiroSandbox.layerSettings({ creditsPerMinute: 10_000_000, ...settings })),
    Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })),
    Layer.provideMerge(NodeServices.layer)
  )

export const url = HttpServer.addressFormattedWith(Effect.succeed)

interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly kill: () => void
  /** What it has printed as errors. */
  readonly err: () => string
}

/** Runs the command, and something else meanwhile. */
export const run = Effect.fn(function* (
  args: ReadonlyArray<string>,
  options: { readonly env?: Record<string, string>; readonly during?: (running: Running) => Effect.Effect<void> } = {}
) {
  const env = {
    ...process.env,
    MIRO_ACCESS_TOKEN: "sandbox-token",
    MIRO_BASE_URL: yield* url,
    MIRO_WEB_URL: yield* url,
    ...options.env
  }
  const child = spawn(process.execPath, [program, ...args], { env })
  let out = ""
  let err = ""
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text))
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text))
  const during = options.during?.({ kill: () => child.kill("SIGKILL"), err: () => err }) ?? Effect.void
  yield* Effect.forkScoped(during)
  return yield* Effect.callback<Ended>((resume) => {
    child.once("close", (code, signal) => resume(Effect.succeed({ code, signal, out, err })))
    return Effect.sync(() => child.kill("SIGKILL"))
  })
}, Effect.scoped)

export const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())

/** The SDK, to look at what is on the boards. */
export const withMiro = <A, E>(effect: Effect.Effect<A, E, MiroClient.MiroClient>) =>
  Effect.flatMap(url, (baseUrl) =>
    Effect.provide(
      effect,
      MiroClient.layerToken(Redacted.make("sandbox-token"), { baseUrl }).pipe(Layer.provide(FetchHttpClient.layer))
    )
  )

export const notes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    type: "sticky_note" as const,
    data: { content: `note ${index}` },
    position: { x: index * 200, y: 0 }
  }))
