import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, FileSystem, Layer, Path, Redacted, Stream } from "effect"
import { Boards, MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpServer } from "effect/http"
import { TestClock } from "effect/testing"
import { execFile } from "node:child_process"
import { createServer } from "node:http"
import * as AuditExport from "../../examples/automation/auditExport.ts"
import * as Csv from "../../examples/shared/csv.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provideMerge(MiroSandbox.layerHttpClient))

const day = DateTime.makeUnsafe("2026-11-26")

const aFile = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return path.join(yield* fs.makeTempDirectoryScoped(), "audit.ndjson")
})

const linesOf = Effect.fn(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(file)
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { readonly id: string }).id)
})

/** Enough boards for several pages of events. */
const events = Effect.gen(function* () {
  yield* TestClock.setTime(DateTime.toEpochMillis(DateTime.add(day, { hours: 12 })))
  yield* Effect.forEach(Array.from({ length: 150 }), (_, index) => Boards.create({ name: `Board ${index}` }))
})

describe("the export of audit logs", () => {
  it.effect("has every event of the day once, and adds nothing when it is run again", () =>
    Effect.gen(function* () {
      yield* events
      yield* TestClock.adjust("12 hours")
      const file = yield* aFile
      assert.strictEqual(yield* Stream.runCount(AuditExport.run(day, file)), 150)
      assert.strictEqual(yield* Stream.runCount(AuditExport.run(day, file)), 0)
      assert.strictEqual(new Set(yield* linesOf(file)).size, 150)
    }).pipe(Effect.provide([Miro, NodeServices.layer]))
  )

  it.effect("of a day that is not over goes on with what happens later", () =>
    Effect.gen(function* () {
      yield* events
      const file = yield* aFile
      yield* Stream.runDrain(AuditExport.run(day, file))
      yield* TestClock.adjust("1 hour")
      yield* Boards.create({ name: "Later" })
      yield* Stream.runDrain(AuditExport.run(day, file))
      const ids = yield* linesOf(file)
      assert.strictEqual(ids.length, 151)
      assert.strictEqual(new Set(ids).size, 151)
    }).pipe(Effect.provide([Miro, NodeServices.layer]))
  )

  it.effect("goes on where it was interrupted, and forgets what was half written", () =>
    Effect.gen(function* () {
      yield* events
      const file = yield* aFile
      yield* Stream.runDrain(Stream.take(AuditExport.run(day, file), 120))
      const fs = yield* FileSystem.FileSystem
      yield* fs.writeFileString(file, `{"id":"half`, { flag: "a" })
      yield* Stream.runDrain(AuditExport.run(day, file))
      const ids = yield* linesOf(file)
      assert.strictEqual(ids.length, 150)
      assert.strictEqual(new Set(ids).size, 150)
    }).pipe(Effect.provide([Miro, NodeServices.layer]))
  )
})

describe("the list of teams", () => {
  it.effect("is read with quotes and line ends as people have them", () =>
    Effect.gen(function* () {
      const text = 'email,note,team\r\nada@example.com,"a, ""b""",Design\r\n\r\ngrace@example.com,,"Research, Berlin"\n'
      assert.deepStrictEqual(yield* Csv.parse(text, ["team", "email"]), [
        { team: "Design", email: "ada@example.com" },
        { team: "Research, Berlin", email: "grace@example.com" }
      ])
      const error = yield* Effect.flip(Csv.parse("team\nDesign", ["team", "email"]))
      assert.strictEqual(error.message, "the first line has no column email")
    })
  )

  it.live("is planned, applied and found to be done by the command", () =>
    Effect.gen(function* () {
      const url = yield* HttpServer.addressFormattedWith(Effect.succeed)
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* fs.makeTempDirectoryScoped()}/teams.csv`
      yield* fs.writeFileString(file, "team,email\nDesign,ada@example.com\n")
      const run = (...args: ReadonlyArray<string>) =>
        Effect.callback<string>((resume) => {
          const all = ["--conditions=effect-miro-source", "examples/automation/teams.ts", ...args, file]
          const env = { ...process.env, MIRO_ACCESS_TOKEN: "sandbox-token", MIRO_BASE_URL: url }
          execFile(process.execPath, all, { env }, (error, stdout, stderr) =>
            resume(error === null ? Effect.succeed(stdout) : Effect.die(`${stdout}${stderr}`))
          )
        })
      const org = ["--org", "3074457346704692800"]
      const planned = "+ team Design\n+ ada@example.com in Design\n"
      assert.strictEqual(yield* run(...org), planned)
      assert.strictEqual(yield* run(...org, "--apply"), planned)
      assert.strictEqual(yield* run(...org, "--apply"), "There is nothing to do\n")
    }).pipe(
      Effect.provide(
        MiroSandbox.layerServer.pipe(
          Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })),
          Layer.provideMerge(NodeServices.layer)
        )
      )
    )
  )
})
