/**
 * Compares Miro's OpenAPI document with the operations that this package
 * declares.
 *
 *     npm run conformance -- FILE-OR-URL [--all]
 *
 * Prints every difference that `deviations.ts` does not explain, with the file
 * to look at, and fails if there is one. With `--all` it prints the explained
 * ones too.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, FileSystem, Layer } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { compare, type Difference } from "./conformance/compare.ts"
import { type Documented, read } from "./conformance/document.ts"
import { explanations } from "./conformance/explain.ts"
import { type Deviation, deviations, undeclared } from "./deviations.ts"
import { type Declared, operations } from "./operations.ts"

const load = Effect.fnUntraced(function* (source: string) {
  const isUrl = /^https?:/.test(source)
  const text = isUrl
    ? yield* Effect.flatMap(HttpClient.get(source), ({ text }) => text)
    : yield* FileSystem.FileSystem.use((files) => files.readFileString(source))
  return read(JSON.parse(text))
})

const headline = (document: Documented, declared: Declared): string =>
  `${declared.file}: ${declared.name} (${document.id}, ${document.method} ${document.path})`

const line = ({ at, document, ours }: Difference): string => `  ${at}: the document says ${document}, we say ${ours}`

const program = Effect.gen(function* () {
  const [source, ...options] = process.argv.slice(2)
  if (source === undefined) return yield* Effect.fail("usage: npm run conformance -- FILE-OR-URL [--all]")
  const showAll = options.includes("--all")
  const documented = yield* load(source)

  const problems: Array<string> = []
  const needed = new Set<Deviation>()
  let explained = 0
  let found = 0
  for (const document of documented) {
    const declared = operations.find(({ id }) => id === document.id)
    if (declared === undefined) {
      const reason = undeclared[document.id]
      if (reason === undefined) {
        problems.push(`not declared: ${document.id}, ${document.method} ${document.path} (${document.tag})`)
      } else if (showAll) {
        yield* Console.log(`${document.id}\n  ${reason}`)
      }
      continue
    }
    found++
    const differences = compare(document, declared)
    const reasons = differences.map(explanations)
    reasons.flat().forEach((deviation) => needed.add(deviation))
    const unexplained = differences.filter((_, index) => reasons[index]?.length === 0)
    explained += differences.length - unexplained.length
    if (unexplained.length > 0) problems.push([headline(document, declared), ...unexplained.map(line)].join("\n"))
    if (showAll && differences.length > unexplained.length) {
      yield* Console.log(headline(document, declared))
      for (const [index, difference] of differences.entries()) {
        const [deviation] = reasons[index] ?? []
        if (deviation) yield* Console.log(`${line(difference)}\n    ${deviation.reason}`)
      }
    }
  }

  const ids = new Set(documented.map(({ id }) => id))
  problems.push(
    ...operations.filter(({ id }) => !ids.has(id)).map(({ file, id, name }) => `${file}: ${name}: there is no ${id}`),
    ...Object.keys(undeclared)
      .filter((id) => !ids.has(id) || operations.some((operation) => operation.id === id))
      .map((id) => `scripts/deviations.ts: ${id} need not be explained any more`),
    ...deviations
      .filter((deviation) => !needed.has(deviation))
      .map(({ at, reason }) => `scripts/deviations.ts: not needed any more: ${at}: ${reason}`)
  )
  for (const problem of problems) yield* Console.log(problem)
  const others = Object.keys(undeclared).length
  yield* Console.log(
    `${documented.length} operations in the document: ${found} declared, ${others} explained. ` +
      `${explained} differences explained by ${needed.size} deviations, ${problems.length} problems.`
  )
  if (problems.length > 0) return yield* Effect.fail("the declarations and the document differ")
})

program.pipe(Effect.provide(Layer.merge(NodeFileSystem.layer, FetchHttpClient.layer)), NodeRuntime.runMain)
