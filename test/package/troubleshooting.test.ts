import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { Boards, MiroClient, StickyNotes, TokenStorage } from "effect-miro"
import { MiroSandbox, MiroTest } from "effect-miro/sandbox"
import { spawnSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const page = readFileSync("docs/troubleshooting.md", "utf8")

const token = Redacted.make("sandbox-token")

const variables = (env: Record<string, string>) => Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))

/** What somebody who does not ask the compiler can do. */
const anything = (value: unknown) => value as never

const listWith = (layer: Layer.Layer<MiroClient.MiroClient, unknown>) => Effect.provide(Boards.list(), layer)

const Sandbox = MiroSandbox.layerHttpClient

const mistakes: Readonly<Record<string, Effect.Effect<unknown, unknown>>> = {
  'Expected string at ["MIRO_ACCESS_TOKEN"]': listWith(Layer.provide(MiroClient.layerConfig(), Sandbox)).pipe(
    variables({})
  ),
  "must begin with https://, unless the server is on this machine or allowInsecure is set": listWith(
    Layer.provide(MiroClient.layerConfig(), Sandbox)
  ).pipe(variables({ MIRO_ACCESS_TOKEN: "sandbox-token", MIRO_BASE_URL: "http://miro.example" })),
  "Invalid encryption keys": Effect.provide(
    Effect.void,
    Layer.provide(TokenStorage.layerEncryptedConfig, TokenStorage.layerMemory)
  ).pipe(variables({ MIRO_TOKEN_KEYS: "abc" })),
  "Unable to get redacted value": listWith(Layer.provide(MiroClient.layerToken(anything("sandbox-token")), Sandbox)),
  "accessToken: is not a bearer token": listWith(
    Layer.provide(MiroClient.layerToken(Redacted.make("Bearer sandbox-token")), Sandbox)
  ),
  "Service not found: effect/HttpClient": listWith(anything(MiroClient.layerToken(token))),
  "Unexpected key": StickyNotes.create(anything({ boardId: "b", content: "a" })).pipe(
    Effect.provide(Layer.provide(MiroClient.layerToken(token), Sandbox))
  ),
  "does the base URL end in a version?": listWith(
    Layer.provide(MiroClient.layerToken(token, { baseUrl: "https://api.miro.com/v2" }), Sandbox)
  ),
  "MiroTest has no handler for Boards.list": listWith(MiroTest.layer())
}

describe("the guide to troubles", () => {
  it.effect.each(Object.keys(mistakes))("shows what is printed: %s", (text) =>
    Effect.gen(function* () {
      assert.include(page, `\`${text}\``)
      const printed = yield* Effect.promise(() =>
        Effect.runPromise(mistakes[text] ?? Effect.void).then(() => "", String)
      )
      assert.include(printed.replaceAll(/\s+/g, " "), text)
    })
  )

  it("shows what the compiler says", () => {
    const folder = "test/package/.troubles"
    mkdirSync(folder, { recursive: true })
    try {
      writeFileSync(
        join(folder, "program.ts"),
        `
          import { Effect, Layer, Stream } from "effect"
          import { Boards, MiroClient, MiroOAuth, ScimUsers, StickyNotes } from "effect-miro"
          import { FetchHttpClient } from "effect/http"
          Boards.list().pipe(Effect.runPromise)
          Boards.list().pipe(
            Effect.provide(Layer.mergeAll(MiroClient.layerConfig(), FetchHttpClient.layer)),
            Effect.runPromise
          )
          const Http = Effect.provide(FetchHttpClient.layer)
          Boards.list().pipe(Effect.provide(MiroClient.layerOAuthConfig()), Http, Effect.runPromise)
          MiroOAuth.authorizationRequest().pipe(Effect.provide(MiroClient.layerConfig()), Http, Effect.runPromise)
          ScimUsers.list().pipe(Effect.provide(MiroClient.layerConfig()), Http, Effect.runPromise)
          export const boards: Effect.Effect<unknown, never, MiroClient.MiroClient> = Boards.list()
          Boards.list().pipe(Effect.catchTag("NotFound", () => Effect.void))
          StickyNotes.create({ boardId: "b", content: "a" })
          Stream.runDrain(Boards.list.items().pipe(MiroClient.as("user")))
          MiroClient.layerToken("a")
        `
      )
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({ extends: "../../../tsconfig.json", include: ["program.ts"] })
      )
      const tsc = ["node_modules/typescript/bin/tsc", "-p", folder]
      const { stdout } = spawnSync(process.execPath, tsc, { encoding: "utf8" })
      const [, types = ""] = /^## Types$([^]*?)^## /m.exec(page) ?? []
      const rows = Array.from(types.matchAll(/^\| `(.*?)` +\|/gm), ([, text = ""]) => text)
      assert.isAbove(rows.length, 8)
      assert.deepStrictEqual(
        rows.filter((row) => !row.split("...").every((part) => stdout.includes(part))),
        []
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
