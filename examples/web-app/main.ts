/**
 * A web app whose users sign in with Miro. See README.md beside this file.
 *
 *     npm run example -- examples/web-app/main.ts
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Config, Effect, Layer } from "effect"
import * as Demo from "../shared/demo.ts"
import * as Server from "./server.ts"

const App = Layer.unwrap(
  Effect.gen(function* () {
    const clientId = yield* Config.String("MIRO_CLIENT_ID").pipe(Config.withDefault(""))
    return clientId === "" ? Server.layer.pipe(Layer.provide(Demo.layer)) : Server.layer
  })
)

NodeRuntime.runMain(Layer.launch(App))
