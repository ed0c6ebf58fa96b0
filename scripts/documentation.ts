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
import { exportedFrom, problemsOfDeclarations } from "./documentation/declarations.ts"
import { modulesOf, problemsOfOperations } from "./documentation/operations.ts"
import { publicFiles } from "./publicFiles.ts"

const modules = modulesOf(readFileSync("src/index.ts", "utf8"))
const declarations = publicFiles("dist", ".d.ts")

// What nobody can import by its own path, but by that of another module.
const inside = declarations
  .flatMap((file) => exportedFrom(file, readFileSync(file, "utf8")))
  .filter(([file]) => !declarations.includes(file))

const problems = [
  ...(declarations.length === 0 ? ["dist is empty: npm run build"] : []),
  ...declarations.flatMap((file) => problemsOfDeclarations(file, readFileSync(file, "utf8"))),
  ...[...new Set(inside.map(([file]) => file))].flatMap((file) =>
    problemsOfDeclarations(file, readFileSync(file, "utf8"), (name) =>
      inside.some(([other, exported]) => other === file && exported === name)
    )
  ),
  ...publicFiles("src", ".ts").flatMap((file) => problemsOfOperations(file, readFileSync(file, "utf8"), modules))
]

if (problems.length > 0) console.log(problems.join("\n"))
console.log(`${declarations.length} modules, ${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0
