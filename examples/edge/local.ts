/**
 * The worker in Node, beside the sandbox, to try it. What it stores is in memory.
 *
 *     npm run example -- examples/edge/local.ts
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Config, Effect, Layer } from "effect"
import { HttpEffect, HttpServer } from "effect/http"
import { createServer } from "node:http"
import * as Demo from "../shared/demo.ts"
import worker from "./worker.ts"

const stored = new Map<string, string>()

const TOKENS = {
  get: (key: string) => Promise.resolve(stored.get(key) ?? null),
  put: (key: string, value: string) => Promise.resolve(void stored.set(key, value)),
  delete: (key: string) => Promise.resolve(void stored.delete(key))
}

const variable = (name: string) => Effect.map(Config.String(name), (value) => [name, value] as const)

const variables = Effect.forEach(
  [
    "MIRO_BASE_URL",
    "MIRO_WEB_URL",
    "MIRO_CLIENT_ID",
    "MIRO_CLIENT_SECRET",
    "MIRO_REDIRECT_URL",
    "MIRO_TOKEN_KEYS",
    "SESSION_KEY"
  ],
  variable
)

const App = Layer.unwrap(
  Effect.gen(function* () {
    const env = { ...Object.fromEntries(yield* variables), TOKENS }
    const { port } = yield* Config.URL("MIRO_REDIRECT_URL")
    return HttpServer.serve(
      HttpEffect.fromWebHandler((request) => worker.fetch(request, env, { waitUntil: () => {} }))
    ).pipe(Layer.provide(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: Number(port) })))
  })
).pipe(Layer.provide(Demo.layer))

NodeRuntime.runMain(Layer.launch(App))
