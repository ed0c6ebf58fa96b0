/**
 * Gives the fields in the built declarations the comments that they have in the source: `npm run build` runs it.
 *
 * TypeScript writes a type that it infers from a schema without the comments of the schema's fields, so that an editor
 * would show none of them. A comment goes on the line of its field, so that source maps stay right.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs"
import type { ESTree } from "rolldown/utils"
import { children, docstring, statements } from "./documentation/syntax.ts"
import { type Docs, keyOf, none, Sources } from "./documentDeclarations/source.ts"

interface Insertion {
  readonly at: number
  readonly text: string
}

/** The comments for the object types in a type. */
const inType = (node: ESTree.Node, docs: Docs): ReadonlyArray<Insertion> => {
  const key = node.type === "TSPropertySignature" ? keyOf(node) : undefined
  if (node.type !== "TSPropertySignature" || key === undefined) {
    return children(node).flatMap((child) => inType(child, docs))
  }
  const field = docs.fields.get(key)
  const inside = node.typeAnnotation === null ? [] : inType(node.typeAnnotation, field ?? none)
  return docstring(node) !== ""
    ? inside
    : field?.comment === undefined
      ? inside
      : [{ at: node.start, text: `/** ${field.comment} */ ` }, ...inside]
}

/** The comments for a constant: an operation has a type for its input and one for its value. */
const inConstant = (id: ESTree.BindingPattern, name: string, source: Sources, file: string) => {
  if (id.type !== "Identifier" || id.typeAnnotation?.type !== "TSTypeAnnotation") return []
  const type = id.typeAnnotation.typeAnnotation
  const operation = source.operation(file, name)
  if (operation === undefined || type.type !== "TSTypeReference") return inType(type, source.docs(file, name))
  const [input, value] = type.typeArguments?.params ?? []
  return [
    ...(input === undefined ? [] : inType(input, operation.input)),
    ...(value === undefined ? [] : inType(value, operation.value))
  ]
}

const inStatement = (statement: ESTree.Statement, source: Sources, file: string): ReadonlyArray<Insertion> => {
  const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement
  // TypeScript gives the class that another one extends a name with `_base`.
  return declaration?.type === "VariableDeclaration"
    ? declaration.declarations.flatMap(({ id }) =>
        inConstant(id, id.type === "Identifier" ? id.name.replace(/_base$/, "") : "", source, file)
      )
    : []
}

const source = new Sources()

for (const path of globSync("dist/**/*.d.ts")) {
  const text = readFileSync(path, "utf8")
  const file = path.replace(/^dist/, "src").replace(/\.d\.ts$/, ".ts")
  const insertions = statements(path, text)
    .flatMap((statement) => inStatement(statement, source, file))
    .toSorted((a, b) => b.at - a.at)
  const documented = insertions.reduce(
    (text, { at, text: comment }) => text.slice(0, at) + comment + text.slice(at),
    text
  )
  writeFileSync(path, documented)
}
