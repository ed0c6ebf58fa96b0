import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpServer } from "effect/http"
import { type ChildProcess, spawn } from "node:child_process"
import { createServer } from "node:http"
import { bundle } from "../support/bundle.ts"
import * as servers from "../support/servers.ts"

const program = await bundle("examples/automation/nightly.ts")

const boards = 200

// Enough for all boards, and not for much more: four workers that did not share it would spend it several times over.
const credits = 85_000

const Server = MiroSandbox.layerServer.pipe(
  Layer.provide(MiroSandbox.layerSettings({ creditsPerMinute: credits, latency: "20 millis" })),
  Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })),
  Layer.provideMerge(NodeServices.layer)
)

const start = (directory: string, url: string) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [program, directory], {
        env: { ...process.env, MIRO_ACCESS_TOKEN: "sandbox-token", MIRO_BASE_URL: url, REDIS_URL: servers.redis.href },
        stdio: ["ignore", "ignore", "inherit"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

const ended = (child: ChildProcess) =>
  Effect.callback<number | null>((resume) => {
    if (child.exitCode !== null) resume(Effect.succeed(child.exitCode))
    child.once("close", (code) => resume(Effect.succeed(code)))
  })

describe.skipIf(!servers.hasRedis)("the nightly backup", () => {
  it.live("has each board once, though two of four workers are killed", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const sandbox = yield* MiroSandbox.MiroSandbox
      const url = yield* HttpServer.addressFormattedWith(Effect.succeed)
      const note = { type: "sticky_note" as const, data: { content: "Hello" } }
      const ids = yield* sandbox.seed({
        boards: Array.from({ length: boards }, (_, index) => ({ name: `Board ${index}`, items: [note] }))
      })
      const directory = `${yield* fs.makeTempDirectoryScoped()}/night`
      const workers = yield* Effect.replicateEffect(start(directory, url), 4)

      const saved = Effect.orElseSucceed(fs.readDirectory(directory), () => [])
      const some: Effect.Effect<void> = Effect.flatMap(saved, ({ length }) =>
        length >= 15
          ? Effect.void
          : Effect.andThen(
              Effect.sleep("10 millis"),
              Effect.suspend(() => some)
            )
      )
      yield* some
      for (const worker of workers.slice(0, 2)) worker.kill("SIGKILL")
      for (const worker of workers.slice(2)) assert.strictEqual(yield* ended(worker), 0)

      assert.sameMembers(yield* fs.readDirectory(directory), [...ids])
      for (const id of ids) assert.isTrue(yield* fs.exists(`${directory}/${id}/board.json`))
      const ledger = yield* sandbox.ledger
      assert.deepStrictEqual(
        ledger.filter(({ status }) => status !== 200),
        []
      )
      // Each worker has four boards at a time, and those of the killed ones may have been begun twice.
      const reads = ledger.filter(({ path, query }) => path.endsWith("/items") && !query.includes("type=image")).length
      assert.isAtLeast(reads, boards)
      assert.isAtMost(reads, boards + 8)
    }).pipe(Effect.provide(Server))
  )
})
