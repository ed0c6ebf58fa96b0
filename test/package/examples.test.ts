import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Struct } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import { HttpServer } from "effect/http"
import { execFile, spawn } from "node:child_process"
import { createServer } from "node:http"

const node = ["--conditions=effect-miro-source"]

/** What an example prints, as a user sees it who runs it in a shell. */
const run = (example: string, env: Record<string, string> = {}) =>
  Effect.callback<string>((resume) => {
    const clean = Struct.omit(process.env, ["MIRO_ACCESS_TOKEN"])
    const child = execFile(
      process.execPath,
      [...node, `examples/${example}`],
      { env: { ...clean, ...env } },
      (error, stdout, stderr) => resume(error === null ? Effect.succeed(stdout) : Effect.die(`${stdout}${stderr}`))
    )
    return Effect.sync(() => child.kill())
  })

const address = HttpServer.addressFormattedWith(Effect.succeed)

/** A port for a server that has to know its own before it starts. */
const freePort = address.pipe(
  Effect.map((url) => new URL(url).port),
  Effect.provide(Layer.fresh(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })))
)

/** A sandbox on a real socket. */
const Server = MiroSandbox.layerServer.pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
)

describe("examples", () => {
  it.live("quickstart does the whole job against the sandbox, and refreshes once on the way", () =>
    Effect.gen(function* () {
      const output = yield* run("quickstart.ts")
      assert.include(output, "Created the board Retrospective")
      assert.include(output, "  - Ship it (light_yellow)")
      assert.include(output, "Deleted the board")
      assert.include(output, "refreshed once")
    })
  )

  it.live("quickstart takes the token in MIRO_ACCESS_TOKEN when there is one", () =>
    Effect.gen(function* () {
      const output = yield* run("quickstart.ts", {
        MIRO_ACCESS_TOKEN: "sandbox-token",
        MIRO_BASE_URL: yield* address
      })
      assert.notInclude(output, "Started the sandbox")
      assert.include(output, "Deleted the board")
      const sandbox = yield* MiroSandbox.MiroSandbox
      const requests = (yield* sandbox.ledger).map(({ method, status }) => `${method} ${status}`)
      assert.deepStrictEqual(requests, [
        "GET 200",
        "POST 201",
        "POST 201",
        "POST 201",
        "POST 201",
        "GET 200",
        "DELETE 204"
      ])
    }).pipe(Effect.provide(Layer.fresh(Server)))
  )

  it.live("many-users makes every call with the tokens of its user", () =>
    Effect.gen(function* () {
      const output = yield* run("many-users.ts")
      for (const user of ["anna", "ben", "chloe"]) assert.include(output, `${user} has a board: https://miro.com/`)
      assert.include(output, "dave has to authorize the app first")
    })
  )

  it.live("errors handles each of its errors", () =>
    Effect.gen(function* () {
      const output = yield* run("errors.ts")
      assert.include(output, "there is no such board")
      assert.include(output, "Unexpected value [mauve]")
      assert.include(output, "nothing was sent")
      assert.include(output, "failed for good: Unauthorized")
    })
  )

  it.live("telemetry exports spans, metrics and logs, and not its own exports", () =>
    Effect.gen(function* () {
      const output = yield* run("telemetry.ts")
      assert.match(output, /^retrospective $/m)
      assert.match(output, /^  Miro\.Boards\.create .*miro\.refreshed=true/m)
      assert.match(output, /^    Miro\.AccessToken\.refresh \n      Miro\.OAuth\.refresh /m)
      assert.match(output, /^    - miro\.retry miro\.retry\.reason=RateLimited/m)
      assert.match(output, /^miro\.client\.calls 1 .*miro\.operation\.name=Boards\.get miro\.outcome=NotFound$/m)
      assert.match(output, /^miro\.client\.call\.duration 2 in .* unit=s miro\.operation\.name=Boards\.get$/m)
      assert.match(output, /^Debug Boards\.get failed with RateLimited, next attempt in 1s/m)
      assert.notMatch(output, /v1\/(?:traces|metrics|logs)|sandbox-(?:token|secret)/)
    })
  )

  it.live("oauth-callback authorizes the app through a browser", () =>
    Effect.gen(function* () {
      const url = yield* address
      const { redirectUrl } = yield* MiroSandbox.Settings
      const output = yield* Effect.callback<string>((resume) => {
        const child = spawn(process.execPath, [...node, "examples/oauth-callback.ts"], {
          env: {
            ...process.env,
            MIRO_BASE_URL: url,
            MIRO_WEB_URL: url,
            MIRO_CLIENT_ID: "sandbox-client",
            MIRO_CLIENT_SECRET: "sandbox-secret",
            MIRO_REDIRECT_URL: redirectUrl
          }
        })
        let printed = ""
        let clicked = false
        const read = (chunk: Buffer) => {
          printed += String(chunk)
          const page = /http:\S+authorize\S+/.exec(printed)?.[0]
          if (page === undefined || clicked) return
          clicked = true
          // The browser follows the redirect from Miro to the example's own server.
          void fetch(`${page}&decision=allow`)
        }
        child.stdout.on("data", read)
        child.stderr.on("data", read)
        child.on("exit", () => resume(Effect.succeed(printed)))
        return Effect.sync(() => child.kill())
      })
      assert.include(output, "Authorized, with the scopes boards:write")
      assert.include(output, "The token is Sandbox User's")
    }).pipe(
      Effect.provide(
        Layer.fresh(Server).pipe(
          Layer.provideMerge(
            Layer.unwrap(
              Effect.map(freePort, (port) =>
                MiroSandbox.layerSettings({ redirectUrl: `http://127.0.0.1:${port}/callback` })
              )
            )
          )
        )
      )
    )
  )
})
