/**
 * Runs the sandbox on a local port until it is stopped:
 *
 *     npm run sandbox
 *     npm run sandbox -- --port 4011
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Config, ConfigProvider, Console, Effect, Layer, Redacted } from "effect"
import { HttpServer } from "effect/http"
import { createServer } from "node:http"
import { parseArgs } from "node:util"
import { MiroSandbox } from "effect-miro/sandbox"

const flags = Effect.sync(() => parseArgs({ options: { port: { type: "string" } } }).values)

const Configuration = ConfigProvider.layer(
  Effect.map(flags, ({ port }) =>
    ConfigProvider.orElse(ConfigProvider.fromUnknown({ PORT: port }), ConfigProvider.fromEnv())
  )
)

const Server = Layer.unwrap(
  Effect.gen(function* () {
    const port = yield* Config.Port("PORT").pipe(Config.withDefault(4010))
    return NodeHttpServer.layer(createServer, { host: "127.0.0.1", port })
  })
)

const Welcome = Layer.effectDiscard(
  HttpServer.addressFormattedWith((url) =>
    Effect.gen(function* () {
      const { accessToken, clientId, clientSecret, redirectUrl } = yield* MiroSandbox.Settings
      yield* Console.log(
        [
          `The Miro sandbox listens on ${url}`,
          ``,
          `  client id      ${clientId}`,
          `  client secret  ${Redacted.value(clientSecret)}`,
          `  redirect URL   ${redirectUrl}`,
          `  access token   ${Redacted.value(accessToken)}`,
          ``,
          `Point effect-miro at it:`,
          ``,
          `  export MIRO_BASE_URL=${url} MIRO_WEB_URL=${url} MIRO_ACCESS_TOKEN=${Redacted.value(accessToken)}`,
          ``,
          `Stop it with Ctrl+C.`
        ].join("\n")
      )
    })
  )
)

Welcome.pipe(
  Layer.provide(MiroSandbox.layerServer),
  Layer.provide(Server),
  Layer.provide(Configuration),
  Layer.launch,
  NodeRuntime.runMain
)
