/**
 * Makes the teams and invites the members that a CSV file names, with the
 * columns `team` and `email`:
 *
 *     npm run example -- examples/automation/teams.ts --org 3074457346704692800 teams.csv
 *     npm run example -- examples/automation/teams.ts --org 3074457346704692800 --apply teams.csv
 *
 * The first only says what is to be done. After the second there is nothing
 * more to do, however often it is run.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, FileSystem, Layer } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { MiroClient, RateLimit } from "effect-miro"
import { FetchHttpClient } from "effect/http"
import * as Csv from "../shared/csv.ts"
import * as Provisioning from "./provisioning.ts"

const say = (step: Provisioning.Step): string =>
  step._tag === "CreateTeam" ? `+ team ${step.team}` : `+ ${step.email} in ${step.team}`

const command = Command.make(
  "teams",
  {
    file: Argument.File("file", { mustExist: true }),
    org: Flag.String("org").pipe(Flag.withDescription("The id of the organization")),
    apply: Flag.Boolean("apply").pipe(
      Flag.withDescription("Does it, and does not only say it"),
      Flag.withDefault(false)
    )
  },
  Effect.fn(function* ({ apply, file, org }) {
    const fs = yield* FileSystem.FileSystem
    const wanted = yield* Csv.parse(yield* fs.readFileString(file), ["team", "email"])
    const steps = yield* Provisioning.plan(org, wanted)
    yield* Effect.forEach(steps, (step) => Console.log(say(step)))
    if (steps.length === 0) return yield* Console.log("There is nothing to do")
    if (apply) yield* Provisioning.apply(org, steps)
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
