/**
 * What the package exports, as the compiler's own declarations in `dist` have it: modules, exports, their signatures,
 * docstrings and fields. The compiler's API is called unstable: the next minor version of TypeScript may change it.
 */
import { readFileSync } from "node:fs"
import { relative, resolve } from "node:path"
import * as ts from "typescript/unstable/ast"
import { API, NodeBuilderFlags, type Symbol, SymbolFlags, type Type } from "typescript/unstable/sync"
import { declared, statements } from "../documentation/syntax.ts"
import { type Declared, operations } from "../operations.ts"
import { publicFiles } from "../publicFiles.ts"
import { compilerOptions } from "./compilerOptions.ts"
import { escape, type Html } from "./html.ts"

/** A field of an input, a value or a model. That of a field is `data.content`. */
export interface Field {
  readonly name: string
  readonly isOptional: boolean
  readonly type: Html
  readonly comment: string
}

export interface Export {
  readonly name: string
  readonly category: string
  /** In Markdown. */
  readonly comment: string
  readonly links: ReadonlyArray<string>
  readonly signature: Html
  readonly fields: ReadonlyArray<Field>
  /** For an operation. */
  readonly operation: Operation | undefined
  readonly source: Source
}

export interface Operation {
  readonly declared: Declared
  readonly value: Html
  readonly valueFields: ReadonlyArray<Field>
}

export interface Source {
  readonly file: string
  readonly line: number
}

export interface Module {
  /** As a user says it: the namespace, or the path of a module without one. */
  readonly name: string
  readonly importedBy: string
  readonly url: string
  readonly file: string
  /** In Markdown. */
  readonly comment: string
  readonly links: ReadonlyArray<string>
  readonly exports: ReadonlyArray<Export>
}

/** Where an export is shown. */
export interface Place {
  readonly url: string
  readonly name: string
}

const entries: ReadonlyArray<readonly [file: string, specifier: string, folder: string]> = [
  ["dist/index.d.ts", "effect-miro", ""],
  ["dist/sandbox/index.d.ts", "effect-miro/sandbox", "sandbox/"]
]

const files = publicFiles("dist", ".d.ts")

// The compiler takes its options from a file, which is in memory here.
const configuration = resolve("tsconfig.reference.json")

const compiler = new API({
  fs: {
    fileExists: (path) => path === configuration || undefined,
    readFile: (path) => (path === configuration ? JSON.stringify({ compilerOptions, files }) : undefined)
  }
})

const project = compiler.updateSnapshot({ openProjects: [configuration] }).getProject(configuration)
if (project === undefined) throw new Error("the compiler read no declarations: is there a dist?")
const { checker, program } = project

/** Where a symbol is declared. */
const declarationsOf = (symbol: Symbol): ReadonlyArray<ts.Node> =>
  symbol.declarations.flatMap((declaration) => declaration.resolve() ?? [])

const childrenOf = (node: ts.Node): ReadonlyArray<ts.Node> => {
  const children: Array<ts.Node> = []
  node.forEachChild((child) => void children.push(child))
  return children
}

const resolved = (symbol: Symbol): Symbol =>
  (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)

const exportsOf = (file: ts.SourceFile | undefined): ReadonlyArray<Symbol> => {
  const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file)
  return symbol === undefined ? [] : checker.getExportsOfModule(symbol)
}

const pathOf = (file: ts.SourceFile): string => relative(".", file.fileName)

const sourceOfDeclarations = (file: string): string => file.replace(/^dist/, "src").replace(/\.d\.ts$/, ".ts")

type Page = Pick<Module, "name" | "importedBy" | "url" | "file">

const namespaces: ReadonlyArray<Page> = entries.flatMap(([entry, specifier, folder]) =>
  exportsOf(program.getSourceFile(entry)).flatMap((symbol) => {
    const file = declarationsOf(resolved(symbol)).find(ts.isSourceFile)
    return file === undefined
      ? []
      : {
          name: symbol.name,
          importedBy: `import { ${symbol.name} } from "${specifier}"`,
          url: `api/${folder}${symbol.name}.html`,
          file: pathOf(file)
        }
  })
)

const others: ReadonlyArray<Page> = files
  .filter((file) => !entries.some(([entry]) => entry === file) && !namespaces.some((page) => page.file === file))
  .map((file) => {
    const path = file.slice("dist/".length, -".d.ts".length)
    const name = path.split("/").at(-1) ?? path
    return {
      name: `effect-miro/${path}`,
      importedBy: `import * as ${name} from "effect-miro/${path}"`,
      url: `api/${path}.html`,
      file
    }
  })

const pages = [...namespaces, ...others]

/** Where each symbol is shown: a namespace goes before the module that it has a model from. */
const places = new Map<Symbol, Place>()
for (const { file, url } of pages) {
  for (const symbol of exportsOf(program.getSourceFile(file))) {
    const target = resolved(symbol)
    if (!places.has(target)) places.set(target, { url, name: symbol.name })
  }
}

/** Where somebody finds what a docstring or a guide names: `MiroError`, or `Boards.create`. */
const byName = new Map<string, Place>(pages.map(({ name, url }) => [name, { url, name: "" }]))
for (const { file, name, url } of namespaces) {
  for (const symbol of exportsOf(program.getSourceFile(file))) {
    byName.set(`${name}.${symbol.name}`, { url, name: symbol.name })
  }
}

export const placeOf = (name: string, from?: Module | Page): Place | undefined =>
  (from === undefined ? undefined : byName.get(`${from.name}.${name}`)) ?? byName.get(name)

const placeOfType = (name: ts.EntityName): Place | undefined => {
  const symbol = checker.getSymbolAtLocation(name)
  if (symbol === undefined) return undefined
  const target = resolved(symbol)
  const alias = declarationsOf(target).find(ts.isTypeAliasDeclaration)?.type
  // A module may give a name of its own to what it exports from another one.
  const other = alias !== undefined && ts.isTypeReferenceNode(alias) ? placeOfType(alias.typeName) : undefined
  return places.get(target) ?? other
}

interface Replacement {
  readonly start: number
  readonly end: number
  readonly html: Html
}

/** The names in a type that are exports of the package, and the object types whose fields are listed elsewhere. */
const replacements = (node: ts.Node, literals: ReadonlySet<ts.Node>): ReadonlyArray<Replacement> => {
  if (literals.has(node)) return [{ start: node.getStart(), end: node.end, html: "{ … }" }]
  const inside = childrenOf(node).flatMap((child) => replacements(child, literals))
  const name = ts.isTypeReferenceNode(node)
    ? node.typeName
    : ts.isImportTypeNode(node)
      ? node.qualifier
      : ts.isTypeQueryNode(node)
        ? node.exprName
        : undefined
  if (name === undefined || !ts.isEntityName(name)) return inside
  const place = placeOfType(name)
  const start = ts.isImportTypeNode(node) ? node.getStart() : name.getStart()
  const text = escape(name.getText())
  const html = place === undefined ? text : `<a href="${place.url}#${place.name}">${text}</a>`
  return [{ start, end: name.end, html }, ...inside.filter((other) => other.start >= name.end)]
}

const show = (node: ts.Node, literals: ReadonlySet<ts.Node> = new Set()): Html => {
  const text = node.getSourceFile().text
  let html = ""
  let at = node.getStart()
  for (const { end, html: replacement, start } of replacements(node, literals)) {
    html += escape(text.slice(at, start)) + replacement
    at = end
  }
  return (html + escape(text.slice(at, node.end))).replaceAll(/\/\*\*[^]*?\*\/\s*/g, "")
}

/** As it is written: the checker leaves out that a name in it is a link. The docstring of a constant is its statement's. */
const commentOf = (symbol: Symbol): string =>
  declarationsOf(symbol)
    .flatMap((node) => (ts.isVariableDeclaration(node) ? node.parent.parent : node).jsDoc?.findLast(ts.isJSDoc) ?? [])
    .flatMap(({ comment }) => ts.getTextOfJSDocComment(comment) ?? [])
    .join("\n")
    .trim()

const tagsOf = (symbol: Symbol, name: string): ReadonlyArray<string> =>
  symbol
    .getJsDocTags(checker)
    .filter((tag) => tag.name === name)
    .map(({ text = "" }) => text.trim())

/** The object types within a type, the outermost ones, and the parameter that each belongs to. */
const literalsIn = (node: ts.Node, prefix = ""): ReadonlyArray<readonly [literal: ts.TypeLiteralNode, string]> => {
  if (ts.isTypeLiteralNode(node)) return node.members.length === 0 ? [] : [[node, prefix]]
  const name = ts.isParameterDeclaration(node) && ts.isIdentifier(node.name) ? `${node.name.text}.` : prefix
  return childrenOf(node).flatMap((child) => literalsIn(child, name))
}

const fieldsIn = (node: ts.Node, prefix = ""): ReadonlyArray<Field> =>
  literalsIn(node, prefix).flatMap(([literal, prefix]) =>
    literal.members.flatMap((member) => {
      const isNamed = ts.isPropertySignatureDeclaration(member) || ts.isMethodSignatureDeclaration(member)
      const symbol = isNamed ? checker.getSymbolAtLocation(member.name) : undefined
      return symbol === undefined ? [] : fieldOf(symbol, prefix)
    })
  )

const showType = (type: Type | undefined): Html =>
  type === undefined
    ? ""
    : escape(checker.typeToString(type, undefined, NodeBuilderFlags.NoTruncation).replaceAll(/import\(.*?\)\./g, ""))

/** A field, and the fields of its own. */
const fieldOf = (symbol: Symbol, prefix = ""): ReadonlyArray<Field> => {
  const name = `${prefix}${symbol.name}`
  const declaration = declarationsOf(symbol).find(
    (node) => ts.isPropertySignatureDeclaration(node) || ts.isPropertyDeclaration(node)
  )
  const written = declaration?.type
  // The field of a struct is written as the schema of its values.
  const isSchema = written === undefined || written.getText().startsWith("Schema.")
  const literals = isSchema ? [] : literalsIn(written)
  const type = isSchema
    ? showType(checker.getTypeOfSymbol(symbol))
    : show(written, new Set(literals.map(([literal]) => literal)))
  const isOptional = (symbol.flags & SymbolFlags.Optional) !== 0
  return [
    // That it may be undefined is what its question mark says.
    { name, isOptional, type: isOptional ? type.replace(/ \| undefined$/, "") : type, comment: commentOf(symbol) },
    ...literals.flatMap(([literal]) => fieldsIn(literal, `${name}.`))
  ]
}

const isOurs = (symbol: Symbol): boolean =>
  declarationsOf(symbol).some((declaration) => pathOf(declaration.getSourceFile()).startsWith("dist/"))

/** The fields of what a name stands for, those that this package declares. */
const fieldsOfType = (type: Type | undefined): ReadonlyArray<Field> => {
  const object = type && checker.getNonNullableType(type)
  return object === undefined || object.isUnionType()
    ? []
    : checker
        .getPropertiesOfType(object)
        .filter((property) => isOurs(property) && property.name !== "_tag")
        .flatMap((property) => fieldOf(property))
}

const isNamed = (node: ts.Node): node is ts.InterfaceDeclaration | ts.ClassDeclaration =>
  ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)

/** The constant that TypeScript makes of what a class extends. */
const baseOf = (node: ts.Node): ts.VariableDeclaration | undefined => {
  const [clause] = ts.isClassDeclaration(node) ? (node.heritageClauses ?? []) : []
  const [extended] = clause?.types ?? []
  const symbol = extended === undefined ? undefined : checker.getSymbolAtLocation(extended.expression)
  return symbol && declarationsOf(symbol).find(ts.isVariableDeclaration)
}

const fieldsOf = (target: Symbol): ReadonlyArray<Field> => {
  const declarations = declarationsOf(target)
  const named = declarations.some(isNamed) ? fieldsOfType(checker.getDeclaredTypeOfSymbol(target)) : []
  if (named.length > 0) return named
  return declarations.flatMap((node) => {
    const type = ts.isVariableDeclaration(node) || ts.isTypeAliasDeclaration(node) ? node.type : baseOf(node)?.type
    return type === undefined ? [] : fieldsIn(type)
  })
}

const signatureOf = (target: Symbol): Html =>
  declarationsOf(target)
    .flatMap((node) => {
      const isListed = isNamed(node) && fieldsOfType(checker.getDeclaredTypeOfSymbol(target)).length > 0
      const base = isListed ? undefined : baseOf(node)
      return base === undefined ? [node] : [base, node]
    })
    .map((node) =>
      show(ts.isVariableDeclaration(node) ? node.parent.parent : node).replaceAll(/^export |declare /g, "")
    )
    .join("\n")

const declaredNames = new Map(operations.map((operation) => [operation.name, operation]))

const operationOf = (name: string, target: Symbol): (Operation & Pick<Export, "fields">) | undefined => {
  const declaration = declaredNames.get(name)
  const node = declarationsOf(target).find(ts.isVariableDeclaration)?.type
  if (declaration === undefined || node === undefined || !ts.isTypeReferenceNode(node)) return undefined
  const [input, value] = node.typeArguments ?? []
  if (input === undefined || value === undefined) return undefined
  const literals = literalsIn(value)
  return {
    declared: declaration,
    fields: literalsIn(input).length > 0 ? fieldsIn(input) : fieldsOfType(checker.getTypeFromTypeNode(input)),
    value: show(value, new Set(literals.map(([literal]) => literal))),
    valueFields: literals.length > 0 ? fieldsIn(value) : fieldsOfType(checker.getTypeFromTypeNode(value))
  }
}

/** The lines on which a file of the source declares its names. */
const linesIn = (file: string): ReadonlyMap<string, number> => {
  const text = readFileSync(file, "utf8")
  return new Map(
    statements(file, text).flatMap((statement) => {
      const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement
      const line = text.slice(0, statement.start).split("\n").length
      return declaration === null ? [] : declared(declaration).map(([name]) => [name, line] as const)
    })
  )
}

const linesOf = (() => {
  const known = new Map<string, ReadonlyMap<string, number>>()
  return (file: string): ReadonlyMap<string, number> => {
    const found = known.get(file) ?? linesIn(file)
    known.set(file, found)
    return found
  }
})()

const sourceOf = (target: Symbol): Source => {
  const [declaration] = declarationsOf(target)
  const path = declaration === undefined ? "" : pathOf(declaration.getSourceFile())
  const file = sourceOfDeclarations(path)
  return { file, line: linesOf(file).get(target.name) ?? 1 }
}

const exported = (page: Page, symbol: Symbol): Export => {
  const target = resolved(symbol)
  const operation = operationOf(`${page.name}.${symbol.name}`, target)
  const said = [symbol, target].find((symbol) => commentOf(symbol) !== "") ?? target
  return {
    name: symbol.name,
    category: tagsOf(said, "category")[0] ?? "",
    comment: commentOf(said),
    links: tagsOf(said, "see"),
    signature: signatureOf(target),
    fields: operation?.fields ?? fieldsOf(target),
    operation,
    source: sourceOf(target)
  }
}

/** The docstring at the beginning of a file, which the compiler drops where it drops the import below it. */
const headOf = (file: string): Pick<Module, "comment" | "links"> => {
  const text = readFileSync(sourceOfDeclarations(file), "utf8")
  const [, head = ""] = /^\/\*\*([^]*?)\*\/\n(?:import|export \{|\n)/.exec(text) ?? []
  const lines = head.split("\n").map((line) => line.replace(/^ *\*? ?/, ""))
  return {
    comment: lines
      .filter((line) => !line.startsWith("@"))
      .join("\n")
      .trim(),
    links: lines.flatMap((line) => line.match(/(?<=^@see )\S+/) ?? [])
  }
}

export const modules: ReadonlyArray<Module> = pages.flatMap((page) => {
  const file = program.getSourceFile(page.file)
  return file === undefined
    ? []
    : { ...page, ...headOf(page.file), exports: exportsOf(file).map((symbol) => exported(page, symbol)) }
})
