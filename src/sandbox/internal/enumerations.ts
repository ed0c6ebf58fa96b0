import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

/** A string that is in no enumeration. */
export interface Unlisted {
  readonly path: ReadonlyArray<PropertyKey>
  readonly value: string
  readonly expected: ReadonlyArray<string>
}

const membersOf = (ast: SchemaAST.AST): ReadonlyArray<SchemaAST.AST> =>
  SchemaAST.isUnion(ast) ? ast.types.flatMap(membersOf) : [ast]

const isOf = (ast: SchemaAST.AST, value: unknown): boolean => Schema.is(Schema.make<Schema.Constraint>(ast))(value)

/**
 * The strings of a value that its schema lets pass though it does not know
 * them: it is open to what Miro may add, and Miro is not.
 */
export const unlisted = (
  ast: SchemaAST.AST,
  value: unknown,
  path: ReadonlyArray<PropertyKey> = []
): ReadonlyArray<Unlisted> => {
  const members = membersOf(ast)
  if (Predicate.isString(value)) {
    const expected = members.filter(SchemaAST.isLiteral).map(({ literal }) => String(literal))
    const isOpen = expected.length > 0 && members.some(SchemaAST.isString)
    return isOpen && !expected.includes(value) ? [{ path, value, expected }] : []
  }
  if (Array.isArray(value)) {
    const items: ReadonlyArray<unknown> = value
    const [element] = members.find(SchemaAST.isArrays)?.rest ?? []
    return element === undefined ? [] : items.flatMap((item, index) => unlisted(element, item, [...path, index]))
  }
  if (!Predicate.isObject(value)) return []
  const structs = members.filter(SchemaAST.isObjects)
  const struct = structs.length === 1 ? structs[0] : structs.find((member) => isOf(member, value))
  return (struct?.propertySignatures ?? []).flatMap(({ name, type }) => unlisted(type, value[name], [...path, name]))
}
