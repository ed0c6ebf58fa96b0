import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Predicate, Redacted } from "effect"
import * as Miro from "effect-miro"
import * as Sandbox from "effect-miro/sandbox"
import { HttpServer } from "effect/http"
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { dirname, join } from "node:path"
import { afterAll, beforeAll } from "vitest"
import { freePort } from "../support/servers.ts"

// Inside of the package, so that an example's `import "effect-miro"` finds it.
const folder = "test/package/.docs"
const all = "all.ts"

interface Example {
  readonly name: string
  readonly code: string
}

const fence = /^([ *]*)```ts\n([\s\S]*?)^\1```/gm

/** It does not end. */
const isServer = ({ code }: Example) => /^NodeRuntime\.runMain/m.test(code)

/** It needs a test runner. */
const isTest = ({ code }: Example) => code.includes('from "@effect/vitest"')

const pages = [...globSync("*.md"), ...globSync("{docs,examples}/**/*.md")]

/** The examples of all pages and docstrings. */
const examples: ReadonlyArray<Example> = [...pages, ...globSync("src/**/*.ts")].flatMap((file) =>
  Array.from(readFileSync(file, "utf8").matchAll(fence), ([, margin = "", code = ""], index) => ({
    name: `${file.replaceAll("/", "-")}-${index + 1}.ts`,
    code: code
      .split("\n")
      .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line.replace(/^[ *]+$/, "")))
      .join("\n")
  }))
)

const run = (command: string, args: ReadonlyArray<string>, env: Record<string, string> = {}) =>
  Effect.callback<string>((resume) => {
    const child = execFile(command, args, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resume(error === null ? Effect.succeed(stdout) : Effect.die(`${stdout}${stderr}`))
    )
    return Effect.sync(() => child.kill())
  })

const Server = Sandbox.MiroSandbox.layerServer.pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
)

/** A sandbox whose app has a redirect URL of its own. */
const OAuthServer = Server.pipe(
  Layer.provideMerge(
    Layer.unwrap(
      Effect.map(freePort, (port) =>
        Sandbox.MiroSandbox.layerSettings({ redirectUrl: `http://localhost:${port}/callback` })
      )
    )
  ),
  Layer.fresh
)

it("every link between pages leads to a file", () => {
  const broken = pages.flatMap((page) =>
    Array.from(readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g), ([, link = ""]) => link)
      .filter((link) => !existsSync(join(dirname(page), link)))
      .map((link) => `${page}: ${link}`)
  )
  assert.deepStrictEqual(broken, [])
})

it("every function that a page or a docstring names is there", () => {
  const modules: Readonly<Record<string, object>> = { ...Miro, ...Sandbox }
  const docstrings = globSync("src/**/*.ts").map((file) => {
    const comments = readFileSync(file, "utf8").match(/^ *\/\*\*[^]*?\*\//gm) ?? []
    return { page: file, text: comments.join("\n") }
  })
  const texts = [...docstrings, ...pages.map((page) => ({ page, text: readFileSync(page, "utf8") }))]
  const named = texts.flatMap(({ page, text }) =>
    // Also in code, where a comment may name one.
    Array.from(
      text.matchAll(/(?<![\w./])([A-Z]\w+)\.([a-z]\w*)(?:\.(items|pages|withResponse))?(?![\w/.])/g),
      ([name, module = "", call = "", part]) => ({ name, module: modules[module], call, part, page })
    )
  )
  const known = named.filter(({ module }) => module !== undefined)
  assert.isAbove(known.length, 500)
  assert.deepStrictEqual(
    known
      .filter(({ call, module, part }) => {
        const found: unknown = Predicate.hasProperty(module, call) ? module[call] : undefined
        return found === undefined || (part !== undefined && !Predicate.hasProperty(found, part))
      })
      .map(({ name, page }) => `${page}: ${name}`),
    []
  )
})

it("README fits into what somebody reads", () => {
  assert.isAtMost(readFileSync("README.md", "utf8").split("\n").length, 250)
})

describe("the examples in pages and docstrings", () => {
  beforeAll(() => {
    mkdirSync(folder, { recursive: true })
    for (const { code, name } of examples) writeFileSync(join(folder, name), code)
    // In one process, since most of the time goes into starting one.
    writeFileSync(
      join(folder, all),
      [
        ...examples
          .filter((example) => !isServer(example) && !isTest(example))
          .map(({ name }) => `await import("./${name}")`),
        "export {}"
      ].join("\n")
    )
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../tsconfig.json",
        compilerOptions: { noUnusedLocals: false },
        include: ["*.ts"]
      })
    )
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  it("are found", () => {
    assert.isAtLeast(examples.length, 10)
  })

  it.live("type-check", () => run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", folder]), 60_000)

  it.live(
    "run",
    () =>
      Effect.gen(function* () {
        const env = {
          MIRO_ACCESS_TOKEN: "sandbox-token",
          MIRO_BASE_URL: yield* HttpServer.addressFormattedWith(Effect.succeed)
        }
        yield* run(process.execPath, ["--conditions=effect-miro-source", join(folder, all)], env)
      }).pipe(Effect.provide(Server)),
    60_000
  )

  it.live("are tests that pass", () =>
    Effect.gen(function* () {
      const tests = examples.filter(isTest)
      assert.isAtLeast(tests.length, 1)
      mkdirSync(join(folder, "test"))
      for (const { code, name } of tests) {
        writeFileSync(join(folder, "test", name.replace(/\.ts$/, ".test.ts")), code)
      }
      const vitest = ["node_modules/vitest/vitest.mjs", "run", join(folder, "test")]
      const shown = yield* run(process.execPath, vitest, { NO_COLOR: "1", FORCE_COLOR: "0" })
      assert.include(shown, `Tests  ${tests.length} passed (${tests.length})`)
    })
  )

  it.live("let somebody log in, who begins from zero", () =>
    Effect.gen(function* () {
      const [server] = examples.filter(isServer)
      const { clientId, clientSecret, redirectUrl } = yield* Sandbox.MiroSandbox.Settings
      const url = yield* HttpServer.addressFormattedWith(Effect.succeed)
      const child = yield* Effect.acquireRelease(
        Effect.sync(() =>
          spawn(process.execPath, ["--conditions=effect-miro-source", join(folder, server?.name ?? "")], {
            env: {
              ...process.env,
              MIRO_BASE_URL: url,
              MIRO_WEB_URL: url,
              MIRO_CLIENT_ID: clientId,
              MIRO_CLIENT_SECRET: Redacted.value(clientSecret),
              MIRO_REDIRECT_URL: redirectUrl
            }
          })
        ),
        (child) => Effect.sync(() => child.kill())
      )
      yield* Effect.promise(() => once(child.stdout, "data"))
      const shown = yield* Effect.promise(async () => {
        const begun = await fetch(new URL("/", redirectUrl), { redirect: "manual" })
        const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? ""
        const allowed = await fetch(`${begun.headers.get("location")}&decision=allow`, { redirect: "manual" })
        const callback = allowed.headers.get("location") ?? ""
        const stranger = await fetch(callback, { redirect: "manual" })
        const back = await fetch(callback, { headers: { cookie } })
        return [stranger.headers.get("location"), await back.json()]
      })
      assert.deepStrictEqual(shown, ["/", []])
    }).pipe(Effect.scoped, Effect.provide(OAuthServer))
  )
})
