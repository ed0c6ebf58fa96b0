/**
 * Checks the documentation of what the package exports.
 *
 *     npm run build && npm run documentation
 *
 * Prints every export without a docstring, every field without a comment, and
 * every operation whose docstring says other than its declaration, with the
 * file to look at, and fails if there is one.
 */
import { globSync, readFileSync } from "node:fs"
import { problemsOfDeclarations } from "./documentation/declarations.ts"
import { modulesOf, problemsOfOperations } from "./documentation/operations.ts"

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly exports: Readonly<Record<string, unknown>>
}
const hidden = Object.keys(exports).flatMap((path) =>
  exports[path] === null && path.endsWith("/*") ? [path.slice(2, -1)] : []
)

const filesOf = (folder: string, extension: string): ReadonlyArray<string> =>
  globSync(`${folder}/**/*${extension}`)
    .filter((file) => !hidden.some((path) => file.startsWith(`${folder}/${path}`)))
    .toSorted()

const modules = modulesOf(readFileSync("src/index.ts", "utf8"))
const declarations = filesOf("dist", ".d.ts")

const problems = [
  ...(declarations.length === 0 ? ["dist is empty: npm run build"] : []),
  ...declarations.flatMap((file) => problemsOfDeclarations(file, readFileSync(file, "utf8"))),
  ...filesOf("src", ".ts").flatMap((file) => problemsOfOperations(file, readFileSync(file, "utf8"), modules))
]

if (problems.length > 0) console.log(problems.join("\n"))
console.log(`${declarations.length} modules, ${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0
