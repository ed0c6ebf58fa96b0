/** What the checks of the documentation share: syntax trees, and the comments in them. */
import { parse } from "@babel/parser"
import type * as Ast from "@babel/types"

const isNode = (value: unknown): value is Ast.Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"

export const children = (node: Ast.Node): ReadonlyArray<Ast.Node> =>
  Object.entries(node).flatMap(([name, value]) =>
    name.endsWith("Comments") ? [] : (Array.isArray(value) ? value : [value]).filter(isNode)
  )

export const statements = (file: string, text: string): ReadonlyArray<Ast.Statement> =>
  parse(text, { sourceType: "module", plugins: [["typescript", { dts: file.endsWith(".d.ts") }]] }).program.body

/** The docstring of a node in one line, without asterisks. Empty if it has none. */
export const docstring = (node: Ast.Node): string => {
  const comment = node.leadingComments?.findLast(({ type, value }) => type === "CommentBlock" && value.startsWith("*"))
  return (comment?.value ?? "")
    .replace(/^\s*\*+ ?/gm, "")
    .replace(/\s+/g, " ")
    .trim()
}

/** Whether a docstring says more than its tags do. */
export const says = (docstring: string): boolean => docstring.replace(/@(?:category|see)\b.*$/, "").trim() !== ""

/** The name of a field, a method or an export, which is in quotation marks if it is no identifier. */
export const nameOf = (key: Ast.Node): string =>
  key.type === "Identifier" ? key.name : key.type === "StringLiteral" ? key.value : "[computed]"

/** What a statement declares: a constant by its name, and whatever else has one. */
export const declared = (declaration: Ast.Node): ReadonlyArray<readonly [name: string, node: Ast.Node]> => {
  if (declaration.type === "VariableDeclaration") {
    return declaration.declarations.flatMap((node) =>
      node.id.type === "Identifier" ? [[node.id.name, node] as const] : []
    )
  }
  return "id" in declaration && isNode(declaration.id) && declaration.id.type === "Identifier"
    ? [[declaration.id.name, declaration]]
    : []
}
