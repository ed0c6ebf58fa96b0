/**
 * The comments of fields in the source, as deep as they are. Schemas are made of one another: a comment is found through
 * names, imports, spreads and calls, without knowing what a call does.
 */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { ESTree } from "rolldown/utils"
import { docstring, isText, statements } from "../documentation/syntax.ts"

export interface Docs {
  /** In one line. */
  readonly comment?: string | undefined
  readonly fields: ReadonlyMap<string, Docs>
}

export const none: Docs = { fields: new Map() }

interface Operation {
  readonly input: Docs
  readonly value: Docs
}

/** What a name stands for, and where that is written. */
interface Binding {
  readonly node: ESTree.Node
  readonly comment?: string | undefined
  readonly scope: Scope
}

interface Scope {
  readonly file: string
  /** The parameters of the function that is looked into. */
  readonly parameters: ReadonlyMap<string, Binding>
}

interface Module {
  readonly bindings: ReadonlyMap<string, Binding>
  /** Where a name is imported from, and under which name: `*` for a namespace. */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>
}

const commentOf = (node: ESTree.Node): string | undefined => {
  const text = docstring(node)
    // What follows is for the documentation of an export.
    .replace(/\s*(?:@category|@see|\*\*Example).*$/, "")
  return text === "" ? undefined : text
}

/** The name of a field, which is in quotation marks if it is no identifier. */
export const keyOf = ({ key }: { readonly key: ESTree.Node }): string | undefined =>
  key.type === "Identifier" ? key.name : isText(key) ? key.value : undefined

const merge = (all: ReadonlyArray<Docs>): Docs => {
  const fields = new Map<string, Docs>()
  for (const docs of all) {
    for (const [name, field] of docs.fields) {
      const known = fields.get(name)
      // A later one stands, but what it does not say an earlier one may.
      fields.set(
        name,
        known === undefined ? field : { ...merge([known, field]), comment: field.comment ?? known.comment }
      )
    }
  }
  return { fields, comment: all.findLast(({ comment }) => comment !== undefined)?.comment }
}

const organizations: ReadonlyMap<string, string> = new Map([["org", "organization"]])

/** `boardId` is the id of the board. */
const pathParameter = (name: string): Docs => {
  const words = name
    .replace(/Id$/, "")
    .replace(/([A-Z])/g, " $1")
    .toLowerCase()
    .split(" ")
    .map((word) => organizations.get(word) ?? word)
  return { comment: `The id of the ${words.join(" ")}.`, fields: new Map() }
}

const property = (object: ESTree.ObjectExpression, name: string): ESTree.Node | undefined =>
  object.properties.find(
    (property) => property.type === "Property" && property.key.type === "Identifier" && property.key.name === name
  )

export class Sources {
  readonly #modules = new Map<string, Module>()
  readonly #known = new Map<ESTree.Node, Docs>()

  /** The comments of what a module declares under a name. */
  docs(file: string, name: string): Docs {
    const binding = this.#binding({ file, parameters: new Map() }, name)
    return binding === undefined ? none : this.#read(binding.node, binding.scope)
  }

  /** The same for an operation, if it is one. */
  operation(file: string, name: string): Operation | undefined {
    const binding = this.#binding({ file, parameters: new Map() }, name)
    if (binding?.node.type !== "CallExpression") return undefined
    const {
      arguments: [declaration],
      callee
    } = binding.node
    if (callee.type !== "MemberExpression" || declaration?.type !== "ObjectExpression") return undefined
    if (callee.object.type !== "Identifier") return undefined
    if (callee.object.name === "Download") return this.#download(file, declaration, binding.scope)
    if (callee.object.name !== "Operation") return undefined
    const of = (name: string) => {
      const found = property(declaration, name)
      return found?.type === "Property" ? this.#read(found.value, binding.scope) : none
    }
    const path = property(declaration, "path")
    const template = path?.type === "Property" && isText(path.value) ? path.value.value : ""
    const parameters = Array.from(
      template.matchAll(/\{(\w+)\}/g),
      ([, name = ""]) => [name, pathParameter(name)] as const
    )
    return { input: merge([{ fields: new Map(parameters) }, of("query"), of("body")]), value: of("success") }
  }

  /** A download takes what the operation takes that gets the item, and a query of its own. */
  #download(file: string, declaration: ESTree.ObjectExpression, scope: Scope): Operation {
    const query = property(declaration, "query")
    const own = query?.type === "Property" ? this.#read(query.value, scope) : none
    return { input: merge([this.operation(file, "get")?.input ?? none, own]), value: none }
  }

  #module(file: string): Module {
    const known = this.#modules.get(file)
    if (known !== undefined) return known
    const bindings = new Map<string, Binding>()
    const imports = new Map<string, { readonly file: string; readonly name: string }>()
    const module = { bindings, imports }
    this.#modules.set(file, module)
    if (!existsSync(file)) return module
    const scope: Scope = { file, parameters: new Map() }
    for (const statement of statements(file, readFileSync(file, "utf8"))) {
      if (statement.type === "ImportDeclaration" && statement.source.value.startsWith(".")) {
        const from = join(dirname(file), statement.source.value)
        for (const specifier of statement.specifiers) {
          const imported = specifier.type === "ImportSpecifier" ? specifier.imported : undefined
          const name = imported?.type === "Identifier" ? imported.name : "*"
          imports.set(specifier.local.name, { file: from, name })
        }
      }
      const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement
      const comment = commentOf(statement)
      if (declaration?.type === "VariableDeclaration") {
        for (const { id, init } of declaration.declarations) {
          if (init == null) continue
          if (id.type === "Identifier") bindings.set(id.name, { node: init, comment, scope })
          const rest = id.type === "ObjectPattern" ? id.properties.at(-1) : undefined
          if (rest?.type === "RestElement" && rest.argument.type === "Identifier") {
            bindings.set(rest.argument.name, { node: init, scope })
          }
        }
      } else if (declaration?.type === "ClassDeclaration" && declaration.superClass != null && declaration.id != null) {
        bindings.set(declaration.id.name, { node: declaration.superClass, comment, scope })
      }
    }
    return module
  }

  #binding(scope: Scope, name: string): Binding | undefined {
    const parameter = scope.parameters.get(name)
    if (parameter !== undefined) return parameter
    const { bindings, imports } = this.#module(scope.file)
    const imported = imports.get(name)
    return imported === undefined || imported.name === "*"
      ? bindings.get(name)
      : this.#binding({ file: imported.file, parameters: new Map() }, imported.name)
  }

  #named(binding: Binding | undefined): Docs {
    if (binding === undefined) return none
    const docs = this.#read(binding.node, binding.scope)
    // The comment of a schema says what its values are: good enough for a field that has none of its own.
    return binding.comment === undefined ? docs : { ...docs, comment: binding.comment }
  }

  #read(node: ESTree.Node, scope: Scope): Docs {
    // With parameters, the same function gives something else each time.
    if (scope.parameters.size > 0) return this.#evaluate(node, scope)
    const known = this.#known.get(node)
    if (known !== undefined) return known
    // For a schema that refers to itself.
    this.#known.set(node, none)
    const docs = this.#evaluate(node, scope)
    this.#known.set(node, docs)
    return docs
  }

  #evaluate(node: ESTree.Node, scope: Scope): Docs {
    switch (node.type) {
      case "ObjectExpression":
        return merge(node.properties.map((property) => this.#property(property, scope)))
      case "ArrayExpression":
        return merge(node.elements.map((element) => (element === null ? none : this.#read(element, scope))))
      case "SpreadElement":
        return this.#read(node.argument, scope)
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSInstantiationExpression":
        return this.#read(node.expression, scope)
      case "Identifier":
        return this.#named(this.#binding(scope, node.name))
      case "MemberExpression":
        return this.#member(node, scope)
      case "CallExpression":
        return merge([this.#service(node, scope), this.#call(node, scope)])
      case "ArrowFunctionExpression":
        return this.#read(node.body, scope)
      case "TSTypeLiteral":
        return merge(node.members.map((member) => this.#signature(member)))
      case "TSIndexedAccessType":
        return this.#read(node.objectType, scope)
      case "TSTypeReference":
        return this.#typeName(node.typeName, scope)
      default:
        return none
    }
  }

  #property(property: ESTree.ObjectPropertyKind, scope: Scope): Docs {
    if (property.type === "SpreadElement") return this.#read(property.argument, scope)
    const key = property.type === "Property" ? keyOf(property) : undefined
    if (property.type !== "Property" || key === undefined) return none
    const docs = this.#read(property.value, scope)
    const field = { ...docs, comment: commentOf(property) ?? docs.comment }
    return { fields: new Map([[key, field]]) }
  }

  #signature(member: ESTree.TSSignature): Docs {
    const key = member.type === "TSPropertySignature" ? keyOf(member) : undefined
    return key === undefined ? none : { fields: new Map([[key, { comment: commentOf(member), fields: none.fields }]]) }
  }

  /** The members of a service are in its type: `Context.Service<Self, { ... }>()`. */
  #service({ callee }: ESTree.CallExpression, scope: Scope): Docs {
    const parameters = callee.type === "CallExpression" ? callee.typeArguments?.params : undefined
    const shape = parameters?.[1]
    return shape === undefined ? none : this.#read(shape, scope)
  }

  #typeName(name: ESTree.TSTypeName, scope: Scope): Docs {
    if (name.type === "Identifier") return this.#named(this.#binding(scope, name.name))
    const imported = name.type === "TSQualifiedName" && name.left.type === "Identifier" ? name.left.name : ""
    const file = this.#module(scope.file).imports.get(imported)?.file
    return file === undefined || name.type !== "TSQualifiedName" || name.right.type !== "Identifier"
      ? none
      : this.#named(this.#binding({ file, parameters: new Map() }, name.right.name))
  }

  #member({ object, property }: ESTree.MemberExpression, scope: Scope): Docs {
    const imported = object.type === "Identifier" ? this.#module(scope.file).imports.get(object.name) : undefined
    return imported?.name === "*" && property.type === "Identifier"
      ? this.#named(this.#binding({ file: imported.file, parameters: new Map() }, property.name))
      : this.#read(object, scope)
  }

  /** What it is called with, and, of a function of this package, what it gives for that. */
  #call({ arguments: given, callee }: ESTree.CallExpression, scope: Scope): Docs {
    const called = this.#function(callee, scope)
    if (called?.node.type === "ArrowFunctionExpression") {
      const parameters = new Map(
        called.node.params.flatMap((parameter, index): ReadonlyArray<[string, Binding]> => {
          const node = given[index]
          return parameter.type === "Identifier" && node !== undefined ? [[parameter.name, { node, scope }]] : []
        })
      )
      const docs = this.#read(called.node.body, { file: called.scope.file, parameters })
      if (docs.fields.size > 0) return docs
    }
    // A method of a schema, as in `schema.pipe(...)`; the comment of a function says nothing of what it gives.
    const isMethod = called === undefined && (callee.type === "MemberExpression" || callee.type === "CallExpression")
    const object = isMethod ? [this.#read(callee, scope)] : []
    return merge([...object, ...given.map((argument) => this.#read(argument, scope))])
  }

  #function(callee: ESTree.Node, scope: Scope): Binding | undefined {
    if (callee.type === "Identifier") return this.#binding(scope, callee.name)
    if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return undefined
    const imported = this.#module(scope.file).imports.get(callee.object.name)
    return imported?.name === "*" && callee.property.type === "Identifier"
      ? this.#binding({ file: imported.file, parameters: new Map() }, callee.property.name)
      : undefined
  }
}
