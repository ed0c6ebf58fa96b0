/**
 * What a program pays before its first call: how long it takes to import a
 * package, and how many bytes it adds to a bundle for a browser. Of the package
 * as it is published.
 *
 *     npm run bench:start
 */
import { execFileSync } from "node:child_process"
import { gzipSync } from "node:zlib"
import { browserBundle } from "../test/support/browserBundle.ts"

const rounds = 11

const importing: Record<string, ReadonlyArray<string>> = {
  effect: ["effect", "effect/http"],
  "effect-miro": ["effect-miro"],
  "effect-miro, one module": ["effect-miro/client/MiroClient", "effect-miro/boards/Boards"],
  "@mirohq/miro-api": ["@mirohq/miro-api"]
}

/** Milliseconds of processor time that a process takes from its start until it has imported this. */
const start = (modules: ReadonlyArray<string>): number => {
  const imports = modules.map((module) => `await import("${module}");`).join(" ")
  const program = `${imports} const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)`
  return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" }))
}

const names = Object.keys(importing)
const times = names.map(() => new Array<number>())
for (let round = 0; round < rounds; round++) {
  for (const [index, name] of names.entries()) times[index]?.push(start(importing[name] ?? []))
}
const nothing = start([])

console.log(`to import it, beyond the start of a process: ms of processor time, quartiles, to that of effect`)
let base: number | undefined
for (const [index, name] of names.entries()) {
  const sorted = (times[index] ?? []).map((time) => time - nothing).toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN
  base ??= at(0.5)
  const spread = `${at(0.25).toFixed(0)}-${at(0.75).toFixed(0)}`
  console.log(
    `  ${name.padEnd(26)} ${at(0.5).toFixed(0).padStart(5)} ${spread.padStart(11)} ${(at(0.5) / base).toFixed(2)}`
  )
}

const programs: Record<string, string> = {
  "effect over fetch, a schema": `
    import * as Effect from "effect/Effect"
    import * as FetchHttpClient from "effect/http/FetchHttpClient"
    import * as HttpClient from "effect/http/HttpClient"
    import * as HttpClientResponse from "effect/http/HttpClientResponse"
    import * as Schema from "effect/Schema"
    const decode = HttpClientResponse.schemaBodyJson(Schema.Struct({ id: Schema.String }))
    const call = Effect.flatMap(HttpClient.get("https://api.miro.com/v2/boards/b"), decode)
    Effect.runPromise(Effect.provide(call, FetchHttpClient.layer)).then(console.log)`,
  "effect-miro, Boards.get": `
    import { Boards, MiroClient } from "effect-miro"
    import * as Effect from "effect/Effect"
    import * as FetchHttpClient from "effect/http/FetchHttpClient"
    import * as Layer from "effect/Layer"
    import * as Redacted from "effect/Redacted"
    const Miro = Layer.provide(MiroClient.layerToken(Redacted.make("token")), FetchHttpClient.layer)
    Effect.runPromise(Effect.provide(Boards.get({ boardId: "b" }), Miro)).then(console.log)`,
  "effect-miro, all of it": `
    import * as Miro from "effect-miro"
    console.log(Miro)`
}

console.log("bundled for a browser: bytes, gzipped")
for (const [name, program] of Object.entries(programs)) {
  const { code } = await browserBundle(program)
  console.log(`  ${name.padEnd(27)} ${String(code.length).padStart(8)} ${String(gzipSync(code).length).padStart(8)}`)
}
