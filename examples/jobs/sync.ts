/**
 * Keeps the entries of a CSV file, with the columns `key` and `title`, as cards
 * on a board:
 *
 *     npm run example -- examples/jobs/sync.ts issues.csv --board BOARD
 *
 * Run it as often as you like: it changes what has changed.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, FileSystem, Layer } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { MiroClient, RateLimit } from "effect-miro"
import { FetchHttpClient } from "effect/http"
import * as Csv from "../shared/csv.ts"
import { sync } from "./syncing.ts"

const command = Command.make(
  "sync",
  { file: Argument.File("file", { mustExist: true }), board: Flag.String("board") },
  Effect.fn(function* ({ board, file }) {
    const fs = yield* FileSystem.FileSystem
    const entries = yield* Csv.parse(yield* fs.readFileString(file), ["key", "title"])
    const { created, removed, renamed } = yield* sync(board, entries)
    yield* Console.log(`${created} created, ${renamed} renamed, ${removed} removed`)
  })
)

const Miro = MiroClient.layerConfig().pipe(
  Layer.provide(FetchHttpClient.layer),
  Layer.merge(RateLimit.layerMemory({ maxWait: "2 minutes" }))
)

Command.run(command, { version: "1.0.0" }).pipe(
  Effect.provide(Miro),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
