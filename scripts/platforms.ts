/**
 * Tries the package as it is published where its users run it: `npm run
 * platforms`. Packs it, installs it into an empty folder, and runs the first
 * program of README against the sandbox on each runtime, and each compiler over
 * it. Where there is no process to give it an environment, a bundle of a program
 * runs with the sandbox in it. What cannot be installed here is named, and is no
 * failure.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { chromium } from "playwright-core"
import { rolldown } from "rolldown"
import { publicFiles } from "./publicFiles.ts"

const root = mkdtempSync(join(tmpdir(), "effect-miro-platforms-"))
const app = join(root, "app")

const npm = (folder: string, ...args: ReadonlyArray<string>) => {
  mkdirSync(folder, { recursive: true })
  return execFileSync("npm", [...args, "--silent", "--no-audit", "--no-fund"], { cwd: folder, encoding: "utf8" })
}

/** Installs a package into a folder of its own, and gives the path of its command. */
const tool = (name: string, command: string): string | undefined => {
  const folder = join(root, name.replaceAll(/[^\w.-]/g, "-"))
  try {
    npm(folder, "init", "-y")
    npm(folder, "install", name)
    return join(folder, "node_modules", ".bin", command)
  } catch {
    return undefined
  }
}

const [, program = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? []

console.log("packing")
const tarball = npm(resolve("."), "pack", "--pack-destination", root).trim().split("\n").at(-1) ?? ""
npm(app, "init", "-y")
npm(app, "pkg", "set", "type=module")
npm(app, "install", join(root, tarball), "effect")
writeFileSync(join(app, "retro.mts"), program)
// Node 20 does not take types away by itself; this program has none.
writeFileSync(join(app, "retro.mjs"), program)
writeFileSync(join(app, "retro.cjs"), `console.log(require("effect-miro").Boards.get.operation.id)\n`)

const sandbox = spawn(process.execPath, ["node_modules/effect-miro/dist/command/main.js", "--port", "0"], { cwd: app })
const [printed]: Array<Buffer> = await once(sandbox.stdout, "data")
const variables = Array.from(String(printed).matchAll(/^export (\w+)=(.*)$/gm), ([, name = "", value = ""]) => [
  name,
  value
])
const env = { ...process.env, ...Object.fromEntries(variables) }

let failures = 0
const report = (name: string, failure: string | undefined) => {
  if (failure !== undefined) failures++
  console.log(failure === undefined ? `works    ${name}` : `FAILS    ${name}\n${failure}`)
}
const attempt = (name: string, command: string | undefined, args: ReadonlyArray<string>) => {
  if (command === undefined) return console.log(`lacking  ${name}`)
  const { status, stderr, stdout } = spawnSync(command, args, { cwd: app, env, encoding: "utf8", timeout: 120_000 })
  report(name, status === 0 ? undefined : `${stdout}${stderr}`)
}

for (const version of [20, 22, 24]) {
  const node = tool(`node@${version}`, "node")
  attempt(`Node ${version}`, node, ["retro.mjs"])
  // Where it can: a module that is required may not await.
  if (version > 20) attempt(`Node ${version}, require`, node, ["retro.cjs"])
}
attempt("Bun", tool("bun", "bun"), ["retro.mts"])
attempt("Deno", tool("deno", "deno"), ["run", "--allow-all", "--node-modules-dir=manual", "retro.mts"])

writeFileSync(
  join(app, "bundled.mjs"),
  `
    import { Effect, Layer, Redacted, Stream } from "effect"
    import { Boards, MiroClient } from "effect-miro"
    import { MiroSandbox } from "effect-miro/sandbox"
    const Miro = Layer.provide(MiroClient.layerToken(Redacted.make("sandbox-token")), MiroSandbox.layerHttpClient)
    const program = Boards.create({ name: "Retro" }).pipe(Effect.andThen(Stream.runCount(Boards.list.items())))
    globalThis.test = async () => {
      const boards = await Effect.runPromise(Effect.provide(program, Miro))
      if (boards !== 1) throw new Error("expected 1 board, found " + boards)
    }
    export default { test: globalThis.test }
  `
)
const bundle = await rolldown({ cwd: app, input: "bundled.mjs", platform: "browser" })
await bundle.write({ file: join(app, "bundle.js"), codeSplitting: false })
await bundle.close()

writeFileSync(
  join(app, "workerd.capnp"),
  `using Workerd = import "/workerd/workerd.capnp";
const worker :Workerd.Worker =
  (modules = [(name = "worker", esModule = embed "bundle.js")], compatibilityDate = "2026-01-01");
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
`
)
attempt("workerd", tool("workerd", "workerd"), ["test", "workerd.capnp"])

const executablePath = process.env["MIRO_TEST_CHROMIUM"] ?? "/usr/bin/chromium"
if (existsSync(executablePath)) {
  const browser = await chromium.launch({ executablePath })
  const page = await browser.newPage()
  await page.addScriptTag({ type: "module", path: join(app, "bundle.js") })
  const failure = await page.evaluate("test()").then(() => undefined, String)
  report("Chromium", failure)
  await browser.close()
} else console.log("lacking  Chromium")

const compiler = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--lib", "es2023,dom"]
for (const version of ["5.9", "6.0", "7.0"]) {
  const tsc = tool(`typescript@${version}`, "tsc")
  attempt(`TypeScript ${version}, nodenext`, tsc, [...compiler, "--module", "nodenext", "--skipLibCheck", "retro.mts"])
  const bundler = ["--module", "esnext", "--moduleResolution", "bundler"]
  attempt(`TypeScript ${version}, bundler`, tsc, [...compiler, ...bundler, "--skipLibCheck", "retro.mts"])
}

// Left out is what this package does not have: the resolution of Node 10, which knows no exports, and a CommonJS for
// `require`, which takes modules since Node 22.
const entries = publicFiles("dist", ".d.ts").map((file) => file.replace(/^dist/, ".").replace(/\.d\.ts$/, ""))
attempt("Are the types wrong?", tool("@arethetypeswrong/cli@0.18", "attw"), [
  join(root, tarball),
  "--profile",
  "esm-only",
  "--include-entrypoints",
  ...entries.filter((entry) => !entry.endsWith("/index"))
])

sandbox.kill()
rmSync(root, { recursive: true })
process.exit(failures === 0 ? 0 : 1)
