/**
 * Reads what a caller hands in, once and as plain data, so that what is checked
 * is what is sent, whatever getters and proxies give the next time.
 */
import { identity } from "effect/Function"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type { Issue } from "../../MiroError.ts"

type Path = Issue["path"]

/** What a schema expects at one place of its input. */
export interface Place {
  /** Whether a value is handed on as it is, such as a point in time or a file. */
  readonly accepts: (value: unknown) => boolean
  readonly hasFields: boolean
  readonly hasItems: boolean
  readonly names: ReadonlySet<string>
  /** Undefined for a field that the schema does not know. */
  readonly field: (name: string) => Place | undefined
  readonly item: () => Place
}

const expand = (type: SchemaAST.AST): ReadonlyArray<SchemaAST.AST> =>
  SchemaAST.isUnion(type) ? type.types.flatMap(expand) : SchemaAST.isSuspend(type) ? expand(type.thunk()) : [type]

const lazily = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}

/** The place where a value of any of these types may be. */
export const placeOf = (types: ReadonlyArray<SchemaAST.AST>): Place => {
  const members = types.flatMap(expand)
  const isAny = members.some((type) => SchemaAST.isUnknown(type) || SchemaAST.isAny(type))
  const objects = members.filter(SchemaAST.isObjects)
  const arrays = members.filter(SchemaAST.isArrays)
  const declared = members
    .filter(SchemaAST.isDeclaration)
    .map((type) => Schema.is(Schema.make<Schema.Constraint>(type)))
  const properties = objects.flatMap(({ propertySignatures }) => propertySignatures)
  const others = objects.flatMap(({ indexSignatures }) => indexSignatures.map(({ type }) => type))
  const fields = new Map(
    properties.map(({ name }) => [
      String(name),
      lazily(() =>
        placeOf([...properties.filter((property) => property.name === name).map(({ type }) => type), ...others])
      )
    ])
  )
  const other = lazily(() => (isAny ? anything : others.length > 0 ? placeOf(others) : undefined))
  return {
    accepts: (value) => declared.some((is) => is(value)),
    hasFields: isAny || objects.length > 0,
    hasItems: isAny || arrays.length > 0,
    names: new Set(fields.keys()),
    field: (name) => fields.get(name)?.() ?? other(),
    item: lazily(() => (isAny ? anything : placeOf(arrays.flatMap(({ elements, rest }) => [...elements, ...rest]))))
  }
}

const anything: Place = placeOf([SchemaAST.unknown])

// The root of plain objects has nothing above it, in whichever realm it is.
const isRoot = (prototype: object): boolean => Object.getPrototypeOf(prototype) === null

const longestChain = 16

/** The prototypes between an object and the root: those of its class. */
const prototypesOf = (value: object): ReadonlyArray<object> => {
  const chain: Array<object> = []
  let prototype: object | null = Object.getPrototypeOf(value)
  while (prototype !== null && !isRoot(prototype) && chain.length < longestChain) {
    chain.push(prototype)
    prototype = Object.getPrototypeOf(prototype)
  }
  return chain
}

const isEnumerable = (value: object, key: PropertyKey): boolean =>
  Object.prototype.propertyIsEnumerable.call(value, key)

const ownKeys = (value: object, names: ReadonlySet<string>): ReadonlyArray<PropertyKey> =>
  Reflect.ownKeys(value).filter((key) => (typeof key === "string" && names.has(key)) || isEnumerable(value, key))

// Getters are fields, but for the mark that Effect gives a class of a schema. Methods are what an object does.
const inheritedKeys = (prototype: object, names: ReadonlySet<string>): ReadonlyArray<PropertyKey> =>
  Reflect.ownKeys(prototype).filter((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key)
    if (typeof key === "symbol" || descriptor === undefined || typeof descriptor.value === "function") return false
    return descriptor.get === undefined ? descriptor.enumerable === true || names.has(key) : !key.startsWith("~")
  })

/** What an object is, as the language tells it: `Object` for a plain one and for one of a class of the program. */
const tagOf = (value: object): string => Object.prototype.toString.call(value).slice("[object ".length, -1)

interface Keys {
  readonly keys: ReadonlyArray<PropertyKey>
  /** Whether the object is one of a class of the program. */
  readonly isInstance: boolean
}

/** The fields that an object says it has, or why it cannot have any. */
const keysOf = (value: object, names: ReadonlySet<string>): Result.Result<Keys, string> => {
  const tag = tagOf(value)
  if (tag !== "Object") return Result.fail(`must be plain data, and is of the class ${tag}`)
  const prototypes = prototypesOf(value)
  const inherited = prototypes.flatMap((prototype) => inheritedKeys(prototype, names))
  return Result.succeed({
    keys: Array.from(new Set([...ownKeys(value, names), ...inherited])),
    isInstance: prototypes.length > 0
  })
}

const isIndex = (key: PropertyKey): boolean => typeof key === "string" && /^(?:0|[1-9]\d*)$/.test(key)

interface Elements {
  readonly length: number
  /** The first element that is left out, if there is one. */
  readonly hole: number | undefined
  /** Keys that no element of an array has. */
  readonly extras: ReadonlyArray<PropertyKey>
}

const elementsOf = (array: object): Elements => {
  const keys = Reflect.ownKeys(array)
  const indices = new Set(keys.filter(isIndex))
  const length = Number(Reflect.get(array, "length"))
  // However long the array says it is, there are no more steps than it has elements.
  const firstMissing = Array.from(indices, (_, index) => index).find((index) => !indices.has(String(index)))
  const hole = firstMissing ?? (indices.size === length ? undefined : indices.size)
  return {
    length,
    hole,
    extras: keys.filter((key) => key !== "length" && !isIndex(key) && isEnumerable(array, key))
  }
}

/** Where the reading is, and whom to tell what cannot be read. */
interface Position {
  readonly path: Path
  /** The objects around it. */
  readonly within: ReadonlyArray<object>
  readonly refuse: (path: Path, message: string) => undefined
}

const inside = ({ path, refuse, within }: Position, owner: object, key: string | number): Position => ({
  path: [...path, key],
  within: [...within, owner],
  refuse
})

const attempt = <A>(read: () => A): Result.Result<A, string> => Result.try({ try: read, catch: () => "cannot be read" })

const loneSurrogate = /\p{Surrogate}/u

const visit = (value: unknown, place: Place, position: Position): unknown => {
  const refuse = (message: string) => position.refuse(position.path, message)
  switch (typeof value) {
    case "string":
      return loneSurrogate.test(value) ? refuse("must not have a lone surrogate") : value
    case "number":
      return Number.isFinite(value) ? value : refuse("must be a finite number")
    case "function":
    case "symbol":
      return refuse(`must be plain data, and is a ${typeof value}`)
    case "object":
      return value === null ? value : visitObject(value, place, position)
    default:
      return value
  }
}

// Deeper than anything that Miro takes, and far from what a stack can hold.
const deepest = 100

const visitObject = (value: object, place: Place, position: Position): unknown => {
  const { path, refuse, within } = position
  const kind = attempt(() => (place.accepts(value) ? "accepted" : Array.isArray(value) ? "array" : "object"))
  if (Result.isFailure(kind)) return refuse(path, kind.failure)
  // A date can be set to another time while the pages of a list are read.
  if (kind.success === "accepted") return Predicate.isDate(value) ? structuredClone(value) : value
  if (within.includes(value)) return refuse(path, "must not contain itself")
  if (within.length === deepest) return refuse(path, "is nested too deep")
  // What does not belong here at all is for the schema to refuse.
  return kind.success === "array"
    ? place.hasItems
      ? visitElements(value, place.item(), position)
      : []
    : place.hasFields
      ? visitFields(value, place, position)
      : {}
}

const visitElements = (value: object, place: Place, position: Position): unknown => {
  const { path, refuse } = position
  const elements = attempt(() => elementsOf(value))
  if (Result.isFailure(elements)) return refuse(path, elements.failure)
  const { extras, hole, length } = elements.success
  for (const key of extras) refuse([...path, String(key)], "Unexpected key")
  if (hole !== undefined) return refuse([...path, hole], "is missing")
  return Array.from({ length }, (_, index) => {
    const at = inside(position, value, index)
    const element = attempt((): unknown => Reflect.get(value, index))
    if (Result.isFailure(element)) return refuse(at.path, element.failure)
    return element.success === undefined ? refuse(at.path, "is missing") : visit(element.success, place, at)
  })
}

const visitFields = (value: object, place: Place, position: Position): unknown => {
  const { path, refuse } = position
  const keys = Result.flatMap(
    attempt(() => keysOf(value, place.names)),
    identity
  )
  if (Result.isFailure(keys)) return refuse(path, keys.failure)
  // Without a prototype, no field is there that was not put there.
  const fields: Record<string, unknown> = Object.create(null)
  let isSilent = keys.success.isInstance
  for (const key of keys.success.keys) {
    const name = String(key)
    const at = inside(position, value, name)
    const found = attempt((): unknown => Reflect.get(value, key))
    if (Result.isSuccess(found) && found.success === undefined) continue
    isSilent = false
    const field = typeof key === "symbol" ? undefined : place.field(name)
    if (Result.isFailure(found)) refuse(at.path, found.failure)
    else if (field === undefined) refuse(at.path, "Unexpected key")
    else fields[name] = visit(found.success, field, at)
  }
  return isSilent ? refuse(path, "must be plain data, and is of a class that shows no field") : fields
}

export interface Read {
  readonly value: unknown
  /** What could not be read, and where; it is left out of the value. */
  readonly issues: ReadonlyArray<Issue>
}

/** Reads a value that is meant for a place. A field that is `undefined` is not there. */
export const read = (input: unknown, place: Place): Read => {
  const issues: Array<Issue> = []
  const refuse = (path: Path, message: string): undefined => {
    issues.push({ path, message })
  }
  return { value: visit(input, place, { path: [], within: [], refuse }), issues }
}
