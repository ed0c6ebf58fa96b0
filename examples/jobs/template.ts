/**
 * Makes a board from a template: copies it, and fills in what stands in double
 * braces in its texts.
 *
 *     npm run example -- examples/jobs/template.ts TEMPLATE --name "Retro 47" --set team=Design --set sprint=47
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Layer } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { MiroClient, RateLimit } from "effect-miro"
import { FetchHttpClient } from "effect/http"
import { fromTemplate } from "./filling.ts"

const command = Command.make(
  "template",
  {
    template: Argument.String("template").pipe(Argument.withDescription("The id of the board to copy")),
    name: Flag.String("name"),
    set: Flag.KeyValuePair("set").pipe(
      Flag.withDescription("What to fill in, such as team=Design"),
      Flag.withDefault({})
    )
  },
  Effect.fn(function* ({ name, set, template }) {
    const { board, missing } = yield* fromTemplate(template, name, set)
    yield* Console.log(board.viewLink ?? board.id)
    if (missing.length > 0) yield* Console.error(`Nothing was filled in for ${missing.join(", ")}`)
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
