/**
 * Marks the calls that a built module makes when it is loaded, so that a bundler leaves out those whose value a program does
 * not use: `npm run build` runs it.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs"
import { basename } from "node:path"
import remapping from "@jridgewell/remapping"
import { MagicString } from "magic-string"
import { type ESTree, parseSync } from "rolldown/utils"
import { children } from "./documentation/syntax.ts"

/** Where the calls in an expression begin that are made as soon as it is evaluated: not those in the body of a function. */
const callsIn = (node: ESTree.Node): ReadonlyArray<number> => {
  if (node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression") return []
  return node.type === "CallExpression" || node.type === "NewExpression"
    ? // The mark holds for what is called, too.
      [node.start, ...node.arguments.flatMap(callsIn)]
    : children(node).flatMap(callsIn)
}

const callsOf = (statement: ESTree.Statement): ReadonlyArray<number> => {
  const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement
  return declaration?.type === "VariableDeclaration" || declaration?.type === "ClassDeclaration"
    ? callsIn(declaration)
    : []
}

for (const file of globSync("dist/**/*.js")) {
  const text = readFileSync(file, "utf8")
  const marked = new MagicString(text)
  for (const start of parseSync(file, text).program.body.flatMap(callsOf)) marked.appendLeft(start, "/*#__PURE__*/")
  const added = marked.generateMap({ file: basename(file), hires: true }).toString()
  const map = remapping([added, readFileSync(`${file}.map`, "utf8")], () => null)
  writeFileSync(file, marked.toString())
  writeFileSync(`${file}.map`, map.toString())
}
