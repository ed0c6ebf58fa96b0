/** What an editor would show nothing of: exports and fields without a comment, in the declarations as they are built. */
import type { ESTree } from "rolldown/utils"
import { dirname, join } from "node:path"
import { children, declared, docstring, nameOf, says, statements } from "./syntax.ts"

/** The discriminant of an error is the name of the class, and Effect declares it. */
const needsNone: ReadonlySet<string> = new Set(["_tag"])

const fieldsWithout = (node: ESTree.Node, trail: string): ReadonlyArray<string> => {
  const isField = node.type === "TSPropertySignature" || node.type === "TSMethodSignature"
  const name = isField ? `${trail}.${nameOf(node.key)}` : trail
  const inside = children(node).flatMap((child) => fieldsWithout(child, name))
  return !isField || needsNone.has(nameOf(node.key)) || says(docstring(node)) ? inside : [name, ...inside]
}

const exportsWithout = (body: ReadonlyArray<ESTree.Statement>): ReadonlyArray<string> => {
  // A schema and its type have one name, and one docstring is enough for both.
  const documented = new Map<string, boolean>()
  const note = (name: string, node: ESTree.Node) =>
    documented.set(name, documented.get(name) === true || says(docstring(node)))
  const withoutDocstring = new Set(
    body.flatMap((statement) => declared(statement).flatMap(([name]) => (says(docstring(statement)) ? [] : [name])))
  )
  for (const statement of body) {
    if (statement.type === "ExportAllDeclaration" && statement.exported !== null) {
      note(nameOf(statement.exported), statement)
    }
    if (statement.type !== "ExportNamedDeclaration") continue
    if (statement.declaration !== null) {
      for (const [name] of declared(statement.declaration)) note(name, statement)
    }
    for (const specifier of statement.specifiers) {
      // What comes from another module is documented there.
      if (statement.source === null && withoutDocstring.has(nameOf(specifier.local))) {
        documented.set(nameOf(specifier.exported), false)
      }
    }
  }
  return [...documented].flatMap(([name, isDocumented]) => (isDocumented ? [] : [name]))
}

/** What a module exports of others, each with the file that it is in. */
export const exportedFrom = (file: string, text: string): ReadonlyArray<readonly [file: string, name: string]> =>
  statements(file, text).flatMap((statement) =>
    statement.type === "ExportNamedDeclaration" && statement.source !== null
      ? statement.specifiers.map(({ local }) => {
          const path = join(dirname(file), statement.source?.value ?? "").replace(/\.[jt]s$/, ".d.ts")
          return [path, nameOf(local)] as const
        })
      : []
  )

/** What lacks a comment in the declarations of one module, or in some of them. */
export const problemsOfDeclarations = (
  file: string,
  text: string,
  isPublic: (name: string) => boolean = () => true
): ReadonlyArray<string> => {
  const body = statements(file, text)
  const fields = body.flatMap((statement) => {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement
    return declaration === null
      ? []
      : declared(declaration)
          .map(([name, node]) => [name.replace(/_base$/, ""), node] as const)
          .flatMap(([name, node]) => (isPublic(name) ? fieldsWithout(node, name) : []))
  })
  return [
    ...exportsWithout(body)
      .filter(isPublic)
      .map((name) => `${file}: ${name} has no docstring`),
    ...[...new Set(fields)].map((name) => `${file}: the field ${name} has no comment`)
  ]
}
