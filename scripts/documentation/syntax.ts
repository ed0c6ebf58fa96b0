/** What the scripts that read programs share: syntax trees, and the docstrings in them. */
import { type ESTree, type ParseResult, parseSync } from "rolldown/utils"

const isNode = (value: unknown): value is ESTree.Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"

export const children = (node: ESTree.Node): ReadonlyArray<ESTree.Node> => Object.values(node).flat().filter(isNode)

/** The docstrings by where that begins which they are of. */
const docstringsIn = (text: string, comments: ParseResult["comments"]): ReadonlyMap<number, string> => {
  const docstrings = new Map<number, string>()
  const skipped = new Map<number, number>()
  for (const { end, start, type, value } of comments.toReversed()) {
    const next = end + text.slice(end).search(/\S|$/)
    // Another comment may stand between the docstring and what it is of.
    const at = skipped.get(next) ?? next
    skipped.set(start, at)
    if (type === "Block" && value.startsWith("*") && !docstrings.has(at)) docstrings.set(at, value)
  }
  return docstrings
}

const docstrings = new WeakMap<ESTree.Node, string>()

const attach = (node: ESTree.Node, found: ReadonlyMap<number, string>): void => {
  const docstring = found.get(node.start)
  if (docstring !== undefined) docstrings.set(node, docstring)
  for (const child of children(node)) attach(child, found)
}

export const statements = (file: string, text: string): ReadonlyArray<ESTree.Statement> => {
  const { comments, errors, program } = parseSync(file, text, { sourceType: "module", preserveParens: false })
  const [error] = errors
  if (error !== undefined) throw new Error(`${file}: ${error.message}`)
  attach(program, docstringsIn(text, comments))
  return program.body
}

/** The docstring of a node in one line, without asterisks. Empty if it has none. */
export const docstring = (node: ESTree.Node): string =>
  (docstrings.get(node) ?? "")
    .replace(/^\s*\*+ ?/gm, "")
    .replace(/\s+/g, " ")
    .trim()

export const isText = (node: ESTree.Node | null | undefined): node is ESTree.StringLiteral =>
  node?.type === "Literal" && typeof node.value === "string"

/** Whether a docstring says more than its tags do. */
export const says = (docstring: string): boolean => docstring.replace(/@(?:category|see)\b.*$/, "").trim() !== ""

/** The name of a field, a method or an export, which is in quotation marks if it is no identifier. */
export const nameOf = (key: ESTree.Node): string =>
  key.type === "Identifier" ? key.name : isText(key) ? key.value : "[computed]"

/** What a statement declares: a constant by its name, and whatever else has one. */
export const declared = (declaration: ESTree.Node): ReadonlyArray<readonly [name: string, node: ESTree.Node]> => {
  if (declaration.type === "VariableDeclaration") {
    return declaration.declarations.flatMap((node) =>
      node.id.type === "Identifier" ? [[node.id.name, node] as const] : []
    )
  }
  return "id" in declaration && isNode(declaration.id) && declaration.id.type === "Identifier"
    ? [[declaration.id.name, declaration]]
    : []
}
