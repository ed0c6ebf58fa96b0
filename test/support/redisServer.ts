import { Effect, type Scope } from "effect"
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import * as Net from "node:net"

/** Whether there is a Redis to be started. */
export const canStartRedis = spawnSync("redis-server", ["--version"]).status === 0

const freePort = Effect.callback<number>((resume) => {
  const server = Net.createServer()
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as Net.AddressInfo
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** A Redis of its own, which keeps nothing when it is stopped. */
export const redisServer: Effect.Effect<
  { readonly port: number; readonly start: Effect.Effect<void>; readonly stop: Effect.Effect<void> },
  never,
  Scope.Scope
> = Effect.gen(function* () {
  const port = yield* freePort
  let server: ChildProcess | undefined
  const start = Effect.callback<void>((resume) => {
    const options = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no"]
    server = spawn("redis-server", options, { stdio: ["ignore", "pipe", "ignore"] })
    server.stdout?.on("data", (lines: Buffer) => {
      if (lines.includes("Ready to accept connections")) resume(Effect.void)
    })
  })
  const stop = Effect.callback<void>((resume) => {
    if (server === undefined || server.exitCode !== null) return resume(Effect.void)
    server.once("exit", () => resume(Effect.void))
    server.kill()
  })
  yield* Effect.acquireRelease(start, () => stop)
  return { port, start, stop }
})
