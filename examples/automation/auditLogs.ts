/**
 * Writes the audit logs of a day to a file, a line of JSON for each event:
 *
 *     npm run example -- examples/automation/auditLogs.ts 2026-11-26 audit.ndjson
 *
 * A cursor beside the file says how far it has come. Run again after an
 * interruption, it goes on there, and no event is there twice.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, DateTime, Effect, Layer, Schema, Stream } from "effect"
import { Argument, Command } from "effect/cli"
import { MiroClient, RateLimit } from "effect-miro"
import { FetchHttpClient } from "effect/http"
import * as AuditExport from "./auditExport.ts"

const Day = Schema.String.check(Schema.isPattern(/^\d{4}-\d\d-\d\d$/))

const command = Command.make(
  "audit-logs",
  {
    day: Argument.String("day").pipe(Argument.withSchema(Day), Argument.withDescription("Such as 2026-11-26, in UTC")),
    file: Argument.String("file")
  },
  Effect.fn(function* ({ day, file }) {
    const events = yield* AuditExport.run(DateTime.makeUnsafe(day), file).pipe(Stream.runCount)
    yield* Console.log(`${events} events were added to ${file}`)
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
