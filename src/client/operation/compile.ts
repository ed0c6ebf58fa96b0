/**
 * Decodes what fits a schema, in functions that are made from it once. They do
 * what the schema does, without its parser, which takes several times as long
 * and more where a schema is open.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Open from "../../models/Open.ts"
import * as Timestamp from "../../models/Timestamp.ts"
import * as Scalar from "./scalar.ts"

/** What a value is decoded to that does not fit. */
export const unfit: unique symbol = Symbol("unfit")

/** Gives what JSON is decoded to. The JSON stays as it is; what is not changed by decoding is shared with it. */
export type Decode = (json: unknown) => unknown

/**
 * Whether what loses nothing is set right: a `null` for an absent field, a
 * number for a string, a string that spells a number or a boolean.
 */
type Mode = "exact" | "tolerant"

/** All that cannot be told by the schema alone is left to the parser of the part that has it. */
const parser = (ast: SchemaAST.AST): Decode => {
  const decode = Schema.decodeUnknownResult(Schema.make<Schema.ConstraintDecoder<unknown>>(ast))
  return (json) => Result.getOrElse(decode(json), () => unfit)
}

const filters = (check: SchemaAST.Check<unknown>): ReadonlyArray<SchemaAST.Filter<unknown>> =>
  check._tag === "Filter" ? [check] : check.checks.flatMap(filters)

const checked = (ast: SchemaAST.AST, decode: Decode): Decode =>
  (ast.checks ?? []).flatMap(filters).reduce<Decode>(
    (decode, filter) => (json) => {
      const value = decode(json)
      return value === unfit || filter.run(value, ast, {}) !== undefined ? unfit : value
    },
    decode
  )

const scalar = <A>(
  is: Predicate.Refinement<unknown, A>,
  mode: Mode,
  reread: (json: unknown) => A | undefined
): Decode =>
  mode === "exact"
    ? (json) => (is(json) ? json : unfit)
    : (json) => {
        if (is(json)) return json
        const value = reread(json)
        return value === undefined ? unfit : value
      }

const timestamp: Decode = (json) => (typeof json === "string" && Timestamp.parse(json)) || unfit

const timestampEncoding = Timestamp.Timestamp.ast.encoding?.[0].transformation

const isTimestamp = ({ checks, encoding }: SchemaAST.AST): boolean =>
  encoding?.length === 1 && encoding[0].transformation === timestampEncoding && checks === undefined

const array =
  (item: Decode): Decode =>
  (json) => {
    if (!Array.isArray(json)) return unfit
    let changed: Array<unknown> | undefined
    for (let index = 0; index < json.length; index++) {
      const value = item(json[index])
      if (value === unfit) return unfit
      if (value === json[index]) continue
      changed ??= [...json]
      changed[index] = value
    }
    return changed ?? json
  }

interface Field {
  readonly name: string
  readonly isOptional: boolean
  readonly decode: Decode
}

const field = ({ name, type }: SchemaAST.PropertySignature, mode: Mode): Field => ({
  name: String(name),
  isOptional: SchemaAST.isOptional(type),
  decode: compile(type, mode)
})

const object =
  (fields: ReadonlyArray<Field>, mode: Mode): Decode =>
  (json) => {
    if (!Predicate.isObject(json)) return unfit
    let changed: Record<string, unknown> | undefined
    for (const { decode, isOptional, name } of fields) {
      const found = json[name]
      // JSON has no undefined.
      if (found === undefined) {
        if (isOptional) continue
        return unfit
      }
      const value = decode(found)
      if (value === found) continue
      if (value !== unfit) {
        changed ??= { ...json }
        changed[name] = value
      } else if (mode === "tolerant" && found === null && isOptional) {
        changed ??= { ...json }
        delete changed[name]
      } else {
        return unfit
      }
    }
    return changed ?? json
  }

// A field that is absent is something else than an absent one when it is encoded.
const isSameWhenAbsent = ({ type }: SchemaAST.PropertySignature): boolean =>
  type.encoding === undefined || SchemaAST.isOptional(type) === SchemaAST.isOptional(SchemaAST.toEncoded(type))

const objectOf = (ast: SchemaAST.Objects, mode: Mode): Decode =>
  ast.encodingChecks === undefined && Open.isOpen(ast) && ast.propertySignatures.every(isSameWhenAbsent)
    ? object(
        ast.propertySignatures.map((property) => field(property, mode)),
        mode
      )
    : parser(ast)

const firstOf =
  (members: ReadonlyArray<Decode>): Decode =>
  (json) => {
    for (const decode of members) {
      const value = decode(json)
      if (value !== unfit) return value
    }
    return unfit
  }

const discriminator = "type"

/** What the `type` of an object must be, as it is written. */
const typeOf = (ast: SchemaAST.AST): SchemaAST.AST | undefined => {
  const encoded = SchemaAST.toEncoded(ast)
  return SchemaAST.isObjects(encoded)
    ? encoded.propertySignatures.find(({ name }) => name === discriminator)?.type
    : undefined
}

/** The members of a union by the literal that is the `type` of each, and at most one for all other types. */
const byType = (members: ReadonlyArray<SchemaAST.AST>, mode: Mode): Decode | undefined => {
  const known = new Map<unknown, Decode>()
  const others: Array<SchemaAST.AST> = []
  for (const member of members) {
    const type = typeOf(member)
    if (type === undefined || SchemaAST.isOptional(type)) return undefined
    if (!SchemaAST.isLiteral(type)) others.push(member)
    else if (known.has(type.literal)) return undefined
    else known.set(type.literal, compile(member, mode))
  }
  const [other, ...more] = others
  if (more.length > 0) return undefined
  const otherType = other && typeOf(other)
  const isOther = otherType && compile(otherType, "exact")
  // What fits two members is for the parser to tell.
  if (isOther && Array.from(known.keys()).some((type) => isOther(type) !== unfit)) return undefined
  const fallback = other && compile(other, mode)
  return (json) => {
    if (!Predicate.isObject(json)) return unfit
    const decode = known.get(json[discriminator]) ?? fallback
    return decode === undefined ? unfit : decode(json)
  }
}

const union = (ast: SchemaAST.Union, mode: Mode): Decode => {
  const { options, types } = ast
  if (options?.mode === "oneOf" || ast.encodingChecks !== undefined) return parser(ast)
  if (types.every(SchemaAST.isLiteral)) {
    const literals: ReadonlySet<unknown> = new Set(types.map(({ literal }) => literal))
    return (json) => (literals.has(json) ? json : unfit)
  }
  // Literals that are there for an editor to complete.
  const string = types.find((type) => SchemaAST.isString(type) && type.checks === undefined)
  if (string !== undefined && types.every((type) => type === string || isStringLiteral(type))) {
    return compile(string, mode)
  }
  return byType(types, mode) ?? firstOf(types.map((type) => compile(type, "exact")))
}

const isStringLiteral = (ast: SchemaAST.AST): boolean => SchemaAST.isLiteral(ast) && typeof ast.literal === "string"

const suspended = (thunk: () => SchemaAST.AST, mode: Mode): Decode => {
  let decode: Decode | undefined
  return (json) => (decode ??= compile(thunk(), mode))(json)
}

const type = (ast: SchemaAST.AST, mode: Mode): Decode => {
  switch (ast._tag) {
    case "String":
      return scalar(Predicate.isString, mode, Scalar.toString)
    case "Number":
      return scalar(Predicate.isNumber, mode, Scalar.toNumber)
    case "Boolean":
      return scalar(Predicate.isBoolean, mode, Scalar.toBoolean)
    case "Null":
      return (json) => (json === null ? null : unfit)
    case "Unknown":
    case "Any":
      return (json) => json
    case "Literal":
      return (json) => (json === ast.literal ? json : unfit)
    case "Arrays": {
      const [item] = ast.rest
      return item !== undefined && ast.rest.length === 1 && ast.elements.length === 0 && !ast.encodingChecks
        ? array(compile(item, mode))
        : parser(ast)
    }
    case "Objects":
      return objectOf(ast, mode)
    case "Union":
      return union(ast, mode)
    case "Suspend":
      return suspended(ast.thunk, mode)
    default:
      return parser(ast)
  }
}

const compile = (ast: SchemaAST.AST, mode: Mode): Decode => {
  if (ast.encoding !== undefined) return isTimestamp(ast) ? timestamp : parser(ast)
  return checked(ast, type(ast, mode))
}

/** The decoder of a schema, made when the first value comes. */
export const make = (ast: SchemaAST.AST): Decode => suspended(() => ast, "tolerant")
