/**
 * Inputs for an operation, made from its own schemas.
 */
import { DateTime, Option, Predicate, Schema, SchemaAST } from "effect"

/** All fields, or only those that have to be there. */
export type Extent = "full" | "required"

export const id = "3458764517517818867"
export const boardId = "uXjVOfjmfkE="
export const uuid = "2819c223-7f76-453a-919d-413861904646"

const file = new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47])], "pixel.png", { type: "image/png" })

const texts: ReadonlyArray<readonly [name: RegExp, text: string]> = [
  [/^boardIds?$/, boardId],
  [/^(?:cursor|requestId)$/, uuid],
  [/ids?$/i, id],
  [/emails?$/i, "anna@example.com"],
  [/ur[il]$/i, "https://example.com/a.png"],
  [/date$/i, "2026-05-20"],
  [/^originalType$/, "hologram"]
]

const textFor = (name: string): string => texts.find(([pattern]) => pattern.test(name))?.[1] ?? "text"

/** What may be at a place, best first; the first that the schema takes is. */
const candidates = (ast: SchemaAST.AST, name: string): ReadonlyArray<unknown> => {
  switch (ast._tag) {
    case "String":
    case "TemplateLiteral":
      return [textFor(name), id, uuid, "#ffffff", "2026-05-20"]
    case "Number":
      return [10, 1, 0.5]
    case "BigInt":
      return [BigInt(id)]
    case "Boolean":
      return [true]
    case "Literal":
      return [ast.literal]
    case "Null":
      return [null]
    case "Undefined":
      return [undefined]
    case "Unknown":
    case "Any":
      return ["text"]
    case "Declaration":
      return [DateTime.makeUnsafe("2026-05-20T06:38:21Z"), file]
    default:
      return []
  }
}

const flatten = (union: SchemaAST.Union): ReadonlyArray<SchemaAST.AST> =>
  union.types.flatMap((member) => (SchemaAST.isUnion(member) ? flatten(member) : [member]))

/** The members of a union to be sampled: of an enumeration the first, and nothing that stands for nothing. */
const membersOf = (union: SchemaAST.Union): ReadonlyArray<SchemaAST.AST> => {
  const members = flatten(union).filter((member) => !SchemaAST.isNull(member) && !SchemaAST.isUndefined(member))
  const literal = members.find(SchemaAST.isLiteral)
  return literal === undefined
    ? members
    : [literal, ...members.filter((member) => !SchemaAST.isLiteral(member) && !SchemaAST.isString(member))]
}

/** The longest of several lists, with the others repeated along with it. */
const zip = (fields: ReadonlyArray<readonly [name: string, values: ReadonlyArray<unknown>]>): ReadonlyArray<unknown> =>
  Array.from({ length: Math.max(1, ...fields.map(([, values]) => values.length)) }, (_, index) =>
    Object.fromEntries(fields.map(([name, values]) => [name, values[index % values.length]]))
  )

const fits = (ast: SchemaAST.AST) => Schema.is(Schema.make<Schema.Constraint>(ast))

const longest = (values: ReadonlyArray<unknown>): number =>
  Math.max(0, ...values.map((value) => (Array.isArray(value) ? value.length : 0)))

const repeated = (list: ReadonlyArray<unknown>, length: number): ReadonlyArray<unknown> =>
  Array.from({ length }, (_, index) => list[index % list.length])

/** Of fields that exclude each other, each is in a sample of its own; lists that belong together are of one length. */
const related = (ast: SchemaAST.Objects, sample: unknown): ReadonlyArray<unknown> => {
  const entries = Object.entries(Predicate.isObject(sample) ? sample : {})
  const length = longest(entries.map(([, value]) => value))
  const alike = entries.map(([name, value]) => [name, Array.isArray(value) ? repeated(value, length) : value])
  const without = entries.map(([left]) => entries.filter(([name]) => name !== left))
  const fitting = [alike, ...without].map((fields) => Object.fromEntries(fields)).filter(fits(ast))
  return fitting.length > 0 ? fitting : [sample]
}

const walk = (ast: SchemaAST.AST, name: string, extent: Extent): ReadonlyArray<unknown> => {
  switch (ast._tag) {
    case "Objects": {
      const fields = ast.propertySignatures.filter(({ type }) => extent === "full" || !SchemaAST.isOptional(type))
      const samples = zip(fields.map(({ name, type }) => [String(name), walk(type, String(name), extent)]))
      // What is required can depend on what is there.
      if (extent === "required") return samples.every(fits(ast)) ? samples : walk(ast, name, "full")
      return samples.flatMap((sample) => (fits(ast)(sample) ? [sample] : related(ast, sample)))
    }
    case "Arrays": {
      const items = [...ast.elements, ...ast.rest].flatMap((item) => walk(item, name, extent))
      // As often as the schema wants them at the least.
      const array = [1, 2, 3].map((times) => Array.from({ length: times }, () => items).flat()).find(fits(ast))
      return [array ?? items]
    }
    case "Union":
      return membersOf(ast).flatMap((member) => walk(member, name, extent))
    // What holds itself ends here.
    case "Suspend":
      return []
    default: {
      const sample = Option.fromUndefinedOr(candidates(ast, name).find(fits(ast)))
      if (Option.isNone(sample)) throw new Error(`there is no sample of ${name}: ${ast._tag}`)
      return [sample.value]
    }
  }
}

const fieldsOf = (sample: unknown): Readonly<Record<string, unknown>> => {
  if (Predicate.isObject(sample)) return sample
  throw new Error("an input is an object")
}

/** Values of a schema's type that together have every member of every union in it. */
export const samples = (
  schema: Schema.Constraint | undefined,
  extent: Extent
): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  schema === undefined ? [{}] : walk(SchemaAST.toType(schema.ast), "", extent).map(fieldsOf)
