/**
 * Checks the documentation of what the package exports.
 *
 *     npm run build && npm run documentation
 *
 * Prints every export without a docstring, every field without a comment, and
 * every operation whose docstring says other than its declaration, with the
 * file to look at, and fails if there is one.
 */
import { readFileSync } from "node:fs"
import { problemsOfDeclarations } from "./documentation/declarations.ts"
import { modulesOf, problemsOfOperations } from "./documentation/operations.ts"
import { publicFiles } from "./publicFiles.ts"

const modules = modulesOf(readFileSync("src/index.ts", "utf8"))
const declarations = publicFiles("dist", ".d.ts")

const problems = [
  ...(declarations.length === 0 ? ["dist is empty: npm run build"] : []),
  ...declarations.flatMap((file) => problemsOfDeclarations(file, readFileSync(file, "utf8"))),
  ...publicFiles("src", ".ts").flatMap((file) => problemsOfOperations(file, readFileSync(file, "utf8"), modules))
]

if (problems.length > 0) console.log(problems.join("\n"))
console.log(`${declarations.length} modules, ${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0
