/** Whether the docstrings of operations say what their declarations do. */
import type { ESTree } from "rolldown/utils"
import { declared, docstring, nameOf, statements } from "./syntax.ts"

/** The modules that the package exports by a name, by their files. */
export type Modules = ReadonlyMap<string, string>

/** What `src/index.ts` exports by a name. */
export const modulesOf = (index: string): Modules =>
  new Map(
    statements("src/index.ts", index).flatMap((statement) =>
      statement.type === "ExportAllDeclaration" && statement.exported !== null
        ? [[statement.source.value.replace(/^\./, "src"), nameOf(statement.exported)] as const]
        : []
    )
  )

interface Declared {
  /** Under which it is exported, undefined if it is not. */
  readonly exported: string | undefined
  readonly docstring: string
  readonly isDownload: boolean
  readonly id: string
  readonly name: string
  readonly scopes: ReadonlyArray<string>
  readonly level: number | undefined
  readonly isPerItem: boolean
  readonly isScim: boolean
}

const read = (node: ESTree.Node | undefined): ReadonlyArray<string | number> => {
  if (node?.type === "Literal") {
    return typeof node.value === "string" || typeof node.value === "number" ? [node.value] : []
  }
  return node?.type === "ArrayExpression" ? node.elements.flatMap((element) => read(element ?? undefined)) : []
}

const declarationOf = (
  node: ESTree.Node
):
  | (Pick<Declared, "id" | "name" | "scopes" | "level"> & {
      readonly fields: ReadonlyMap<string, ESTree.Node>
      readonly isDownload: boolean
    })
  | undefined => {
  const call = node.type === "VariableDeclarator" ? node.init : undefined
  if (call?.type !== "CallExpression" || call.callee.type !== "MemberExpression") return undefined
  const { object } = call.callee
  const [declaration] = call.arguments
  if (object.type !== "Identifier" || declaration?.type !== "ObjectExpression") return undefined
  if (object.name !== "Operation" && object.name !== "Download") return undefined
  const fields = new Map(
    declaration.properties.flatMap((property) =>
      property.type === "Property" ? [[nameOf(property.key), property.value] as const] : []
    )
  )
  const text = (name: string) => read(fields.get(name)).map(String)
  const [level] = read(fields.get("level"))
  return {
    fields,
    isDownload: object.name === "Download",
    id: text("id").join(),
    name: text("name").join(),
    scopes: text("scope"),
    level: typeof level === "number" ? level : undefined
  }
}

const operationsIn = (file: string, text: string): ReadonlyArray<Declared> => {
  const body = statements(file, text)
  // `delete` is no name for a constant, so the export names it.
  const renamed = new Map(
    body.flatMap((statement) =>
      statement.type === "ExportNamedDeclaration" && statement.source === null
        ? statement.specifiers.map(({ exported, local }) => [nameOf(local), nameOf(exported)] as const)
        : []
    )
  )
  return body.flatMap((statement) => {
    const isExported = statement.type === "ExportNamedDeclaration"
    return declared((isExported ? statement.declaration : undefined) ?? statement).flatMap(([local, node]) => {
      const declaration = declarationOf(node)
      if (declaration === undefined) return []
      const { fields, ...rest } = declaration
      const client = fields.get("client")
      return {
        ...rest,
        exported: isExported ? local : renamed.get(local),
        docstring: docstring(statement),
        isPerItem: fields.has("perItem"),
        isScim: client?.type === "Identifier" && client.name === "ScimClient"
      }
    })
  })
}

const needs = ({ isPerItem, isScim, level, scopes }: Declared): string => {
  if (scopes.length === 0 && level === undefined) return isScim ? "" : "Needs no scope, and has no rate limit level."
  const names = scopes.map((scope) => `\`${scope}\``).join(" and ")
  return `Scope${scopes.length > 1 ? "s" : ""} ${names}, level ${level}${isPerItem ? " for each" : "."}`
}

/** What a docstring says about scopes and level, in whatever words. */
const said = /(?:Needs no scope|Scopes? (?=`))(?:[^`.]|`[^`]*`)*(?:\.|$)/g

const problemsOfOperation = (module: string, operation: Declared): ReadonlyArray<string> => {
  const { docstring, exported, id, isDownload, name } = operation
  const expected = `${module}.${exported}`
  const problems = exported !== undefined && name !== expected ? [`is named ${name}, and called ${expected}`] : []
  if (isDownload) return problems
  const sentences = docstring.match(said) ?? []
  const [sentence = ""] = sentences
  const need = needs(operation)
  if (sentences.length > 1 || (need === "" ? sentence !== "" : !sentence.startsWith(need))) {
    problems.push(`says "${sentences.join(" ")}", and needs "${need}"`)
  }
  // The slugs of Miro's reference are the ids of the operations, in lower case.
  const page = `https://developers.miro.com/reference/${id.toLowerCase()}`
  if (!docstring.split(" ").includes(page)) problems.push(`has no @see ${page}`)
  return problems
}

/** What is wrong with the operations of one module, which the package has to export by a name. */
export const problemsOfOperations = (file: string, text: string, modules: Modules): ReadonlyArray<string> => {
  const operations = operationsIn(file, text)
  const module = modules.get(file)
  if (operations.length === 0) return []
  return module === undefined
    ? [`${file}: src/index.ts does not export this module, which has operations`]
    : operations.flatMap((operation) =>
        problemsOfOperation(module, operation).map(
          (problem) => `${file}: ${operation.exported ?? operation.name} ${problem}`
        )
      )
}

/** The names of the operations in a module. */
export const namesOfOperations = (file: string, text: string): ReadonlyArray<string> =>
  operationsIn(file, text).flatMap(({ isDownload, name }) => (isDownload ? [] : [name]))
