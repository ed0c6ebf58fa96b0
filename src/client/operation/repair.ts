import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Issue } from "../../MiroError.ts"
import type { InvalidItem } from "../Pagination.ts"
import * as Compile from "./compile.ts"
import * as Issues from "./issues.ts"
import * as Scalar from "./scalar.ts"
import * as Text from "../../http/text.ts"

type Path = ReadonlyArray<string | number>

export interface Options {
  /** Fields at the top that are never left out, unless they are null. */
  readonly kept: ReadonlySet<string>
  /** Of these, the lists whose elements are told apart when they do not fit. */
  readonly lists: ReadonlySet<string>
  /** Whether such elements are left out; otherwise one of them fails the whole. */
  readonly skip: boolean
  /** Of lists that are not all there, the places at which their elements were. */
  readonly origins?: ReadonlyMap<object, ReadonlyArray<number>> | undefined
}

export interface Repaired {
  readonly value: unknown
  /** The optional fields that did not fit and were left out. */
  readonly dropped: ReadonlyArray<Issue>
  /** The elements of lists that did not fit and were left out. */
  readonly skipped: ReadonlyArray<InvalidItem>
}

interface Removal {
  /** The problem that led here; several rounds before, it may have been further inside. */
  readonly cause: Issue
  readonly isNull: boolean
}

interface Repair {
  readonly json: unknown
  readonly options: Options
  readonly removals: Map<object, Map<string | number, Removal>>
  readonly skipped: Array<InvalidItem>
  /** Where the elements of a list were before others of it were taken out. */
  readonly origins: Map<object, ReadonlyArray<number>>
}

const at = (json: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      Predicate.isObjectOrArray(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    json
  )

const ownerOf = (json: unknown, path: Path): object | undefined => {
  const owner = at(json, path.slice(0, -1))
  return Predicate.isObjectOrArray(owner) ? owner : undefined
}

/** The same path, as it was before elements of lists were taken out. */
const original = ({ json, origins }: Repair, path: Path): Path => {
  if (origins.size === 0) return path
  return path.map((key, index) => {
    const owner = at(json, path.slice(0, index))
    const origin = Predicate.isObjectOrArray(owner) ? origins.get(owner) : undefined
    return typeof key === "number" ? (origin?.[key] ?? key) : key
  })
}

/** Why a field is missing that was taken out before. What is around it goes too now. */
const takeRemoval = ({ json, removals }: Repair, path: Path): Issue | undefined => {
  const owner = ownerOf(json, path)
  const key = path.at(-1)
  const fields = owner === undefined ? undefined : removals.get(owner)
  if (fields === undefined || key === undefined) return undefined
  const removal = fields.get(key)
  fields.delete(key)
  return removal?.cause
}

/**
 * The innermost field at or above a path: an element of an array is never
 * taken out of it, since that would lose it without a trace.
 */
const fieldAt = (path: Path): Path => path.slice(0, path.findLastIndex((key) => typeof key === "string") + 1)

/**
 * The element of a list that a path leads into: of the list that is all there
 * is, or of one of those that are told apart, which may have parts with lists
 * of their own.
 */
const itemAt = ({ json, options }: Repair, path: Path): Path | undefined => {
  const [first] = path
  if (options.lists.size === 0 || (typeof first === "string" && !options.lists.has(first))) return undefined
  let item: Path | undefined
  for (const [index, key] of path.entries()) {
    if (typeof key === "number") item = path.slice(0, index + 1)
    else if (key !== first || (item !== undefined && Predicate.hasProperty(at(json, item), "id"))) break
  }
  return item
}

/** What a scalar is when it is read as the type that belongs in its place. */
const reread = (kind: Issues.Problem["kind"], value: unknown): string | number | boolean | undefined => {
  switch (kind) {
    case "notString":
      return Scalar.toString(value)
    case "notNumber":
      return Scalar.toNumber(value)
    case "notBoolean":
      return Scalar.toBoolean(value)
    default:
      return undefined
  }
}

const correct = ({ json }: Repair, { kind, path }: Issues.Problem): boolean => {
  const owner = ownerOf(json, path)
  const key = path.at(-1)
  if (owner === undefined || key === undefined) return false
  const value = reread(kind, at(json, path))
  return value !== undefined && Reflect.set(owner, key, value)
}

const remove = (repair: Repair, path: Path, cause: Issue, isNull: boolean): boolean => {
  const owner = ownerOf(repair.json, path)
  const key = path.at(-1)
  if (owner === undefined || key === undefined || !Object.hasOwn(owner, key)) return false
  const removals = repair.removals.get(owner) ?? new Map<string | number, Removal>()
  repair.removals.set(owner, removals.set(key, { cause, isNull }))
  return Reflect.deleteProperty(owner, key)
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? Text.excerpt(value, 64) : Number.isFinite(value) ? String(value) : undefined

const identity = (item: unknown): Pick<InvalidItem, "id" | "type"> => {
  const [id, type] = Predicate.isObject(item) ? [text(item["id"]), text(item["type"])] : []
  return { ...(id !== undefined && { id }), ...(type !== undefined && { type }) }
}

/** The elements that do not fit, in the lists that have them, with what is wrong with each. */
type Unfit = Map<Array<unknown>, Map<number, { readonly path: Path; readonly issues: Array<Issue> }>>

const addUnfit = (unfit: Unfit, repair: Repair, item: Path, cause: Issue): void => {
  const list = ownerOf(repair.json, item)
  const index = item.at(-1)
  if (!Array.isArray(list) || typeof index !== "number") return
  const elements = unfit.get(list) ?? new Map<number, { readonly path: Path; readonly issues: Array<Issue> }>()
  const element = elements.get(index) ?? { path: original(repair, item), issues: [] }
  element.issues.push({ path: cause.path.slice(item.length), message: cause.message })
  unfit.set(list, elements.set(index, element))
}

/** Takes elements out of their list, which stays the same array. */
const skip = (repair: Repair, unfit: Unfit): void => {
  for (const [list, elements] of unfit) {
    const origins: Array<number> = []
    let length = 0
    for (const [index, value] of list.entries()) {
      const element = elements.get(index)
      if (element === undefined) {
        origins[length] = repair.origins.get(list)?.[index] ?? index
        list[length++] = value
      } else {
        repair.skipped.push({
          path: element.path,
          ...identity(value),
          issues: Issues.bounded(element.issues),
          value
        })
      }
    }
    list.length = length
    repair.origins.set(list, origins)
  }
}

/** Whether a field may be absent as far as this can tell; that it is required shows in the next round. */
const isRemovable = ({ options }: Repair, field: Path, item: Path | undefined, isNull: boolean): boolean =>
  item === undefined
    ? field.length > 0 && (isNull || field.length > 1 || !options.kept.has(String(field[0])))
    : field.length > item.length

/** Sets right what can be. Gives what cannot, and is fatal. */
const round = (repair: Repair, problems: ReadonlyArray<Issues.Problem>): ReadonlyArray<Issue> => {
  const { json, options } = repair
  const causes: Array<Issue> = []
  const fatal: Array<Issue> = []
  const unfit: Unfit = new Map()
  let progress = false
  for (const problem of problems) {
    const earlier = takeRemoval(repair, problem.path)
    const cause = earlier ?? { path: original(repair, problem.path), message: problem.message }
    causes.push(cause)
    if (correct(repair, problem)) {
      progress = true
      continue
    }
    const field = fieldAt(problem.kind === "missing" ? problem.path.slice(0, -1) : problem.path)
    const isNull = problem.kind !== "missing" && at(json, field) === null
    const item = itemAt(repair, problem.path)
    if (isRemovable(repair, field, item, isNull)) {
      progress = remove(repair, field, cause, isNull) || progress
    } else if (item === undefined) {
      fatal.push(cause)
    } else if (options.skip) {
      addUnfit(unfit, repair, item, cause)
    } else {
      fatal.push({ ...cause, message: cause.message + Issues.naming(identity(at(json, item))) })
    }
  }
  if (fatal.length > 0) return fatal
  skip(repair, unfit)
  return progress || unfit.size > 0 ? [] : causes
}

const most = { rounds: 64, values: 500_000 }

/** Whether a value is no larger than a page of Miro's may be, many times over. */
const isOfSize = (json: unknown): boolean => {
  const values = [json]
  for (const value of values) {
    if (!Predicate.isObjectOrArray(value)) continue
    for (const inside of Object.values(value)) if (values.push(inside) > most.values) return false
  }
  return true
}

const droppedBy = ({ removals }: Repair): ReadonlyArray<Issue> =>
  Array.from(removals.values()).flatMap((fields) =>
    Array.from(fields.values()).flatMap(({ cause, isNull }) => (isNull ? [] : [cause]))
  )

type Decode = (json: unknown) => Result.Result<unknown, Schema.SchemaError>

/** The decoders of one schema. */
export interface Decoders {
  /** Tells only whether a value fits. */
  readonly compiled: Compile.Decode
  /** Tells the first problem. */
  readonly first: Decode
  /** Tells every problem, which takes much more time and memory. */
  readonly all: Decode
}

/**
 * Decodes JSON that does not fit: it is changed until it does. Every field that
 * does not fit is taken out and the rest decoded again. A field that turns out
 * to be required takes the object around it along, up to one that is optional.
 * If there is none, the element of the list around it is left out, if that is
 * asked for; otherwise decoding fails, with the places that began it.
 */
export const repair = (
  { all, compiled, first }: Decoders,
  json: unknown,
  options: Options
): Result.Result<Repaired, ReadonlyArray<Issue>> => {
  const repair: Repair = { json, options, removals: new Map(), skipped: [], origins: new Map(options.origins) }
  const repaired = (value: unknown) => Result.succeed({ value, dropped: droppedBy(repair), skipped: repair.skipped })
  if (isOfSize(json)) {
    for (let rounds = 0; rounds < most.rounds; rounds++) {
      const decoded = all(json)
      if (Result.isSuccess(decoded)) return repaired(decoded.success)
      const fatal = round(repair, Issues.fromSchema(decoded.failure.issue))
      if (fatal.length > 0) return Result.fail(fatal)
      const value = compiled(json)
      if (value !== Compile.unfit) return repaired(value)
    }
  }
  return Result.match(first(json), {
    onFailure: ({ issue }) =>
      Result.fail(Issues.fromSchema(issue).map(({ message, path }) => ({ path: original(repair, path), message }))),
    onSuccess: repaired
  })
}
