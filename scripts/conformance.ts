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
import { read } from "./conformance/document.ts"
import { report } from "./conformance/report.ts"

const load = (source: string) =>
  /^https?:/.test(source)
    ? Effect.flatMap(HttpClient.get(source), ({ text }) => text)
    : FileSystem.FileSystem.use((files) => files.readFileString(source))

const program = Effect.gen(function* () {
  const [source, ...options] = process.argv.slice(2)
  if (source === undefined) return yield* Effect.fail("usage: npm run conformance -- FILE-OR-URL [--all]")
  const { explained, problems, summary } = report(read(JSON.parse(yield* load(source))))
  if (options.includes("--all")) yield* Console.log(explained.join("\n"))
  if (problems.length > 0) yield* Console.log(problems.join("\n"))
  yield* Console.log(summary)
  if (problems.length > 0) return yield* Effect.fail("the declarations and the document differ")
})

program.pipe(Effect.provide(Layer.merge(NodeFileSystem.layer, FetchHttpClient.layer)), NodeRuntime.runMain)
