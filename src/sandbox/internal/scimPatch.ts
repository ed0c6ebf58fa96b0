/**
 * The changes of SCIM: each of them adds, replaces or removes an attribute, all
 * of it, a part of it, or what a filter finds in it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2
 */
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Result from "effect/Result"
import * as Filters from "./scimFilter.ts"

type Attributes = Readonly<Record<string, unknown>>

export interface Change {
  readonly op: string
  readonly path?: string | undefined
  readonly value?: unknown
}

/** Why a change cannot be made: the `detail` and the `scimType` of the error. */
export interface Problem {
  readonly detail: string
  readonly type: "invalidPath" | "invalidSyntax" | "noTarget"
}

const fail = (type: Problem["type"], detail: string) => Result.fail<Problem>({ type, detail })

const operations: ReadonlySet<string> = new Set(["add", "remove", "replace"])

// As Miro's reference writes them.
const booleans: Readonly<Record<string, boolean>> = { true: true, false: false }

const plain = (value: unknown): unknown =>
  Predicate.isString(value) ? Option.getOrElse(Record.get(booleans, value.toLowerCase()), () => value) : value

const isSame = (one: unknown, other: unknown): boolean =>
  Predicate.hasProperty(one, "value") && Predicate.hasProperty(other, "value")
    ? one.value === other.value
    : JSON.stringify(one) === JSON.stringify(other)

/** What an attribute is after it got a value. */
const given = (before: unknown, value: unknown, isAddition: boolean): unknown => {
  if (Array.isArray(before)) {
    const values: ReadonlyArray<unknown> = Arr.ensure(value).flat()
    return isAddition ? [...before.filter((known) => !values.some((value) => isSame(known, value))), ...values] : values
  }
  return Predicate.isObject(before) && Predicate.isObject(value) ? { ...before, ...value } : plain(value)
}

const without = (attributes: Attributes, key: string): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== key))

/** Changes the attribute at the end of a way. */
const along = (
  attributes: Attributes,
  [name = "", ...rest]: ReadonlyArray<string>,
  change: (before: unknown) => unknown
): Attributes => {
  const key = Filters.keyOf(attributes, name)
  const before = Option.getOrUndefined(Record.get(attributes, key))
  const inside = Predicate.isObject(before) ? before : {}
  const after = rest.length === 0 ? change(before) : along(inside, rest, change)
  return after === undefined ? without(attributes, key) : { ...attributes, [key]: after }
}

// `roles[primary eq true].value`
const filtered = /^([^[]+)\[(.*)\](?:\.(\w+))?$/

const inFound = (
  attributes: Attributes,
  [, path = "", condition = "", part]: ReadonlyArray<string>,
  { op, value }: Change
): Result.Result<Attributes, Problem> => {
  const filter = Filters.parse(condition)
  if (filter === undefined) return fail("invalidPath", `The filter '${condition}' cannot be read`)
  const names = Filters.namesIn(path)
  const found = Filters.valuesAt(attributes, names).filter(filter)
  if (found.length === 0) return fail("noTarget", `Nothing of '${path}' is what '${condition}' says`)
  const isRemoval = op.toLowerCase() === "remove"
  const changed = (element: unknown): ReadonlyArray<unknown> => {
    if (!found.includes(element)) return [element]
    if (isRemoval && part === undefined) return []
    if (part === undefined) return [given(element, value, false)]
    const fields = Predicate.isObject(element) ? element : {}
    return [isRemoval ? without(fields, part) : { ...fields, [part]: plain(value) }]
  }
  return Result.succeed(along(attributes, names, (before) => Arr.ensure(before).flat().flatMap(changed)))
}

/** Attributes after one change, of those that the resource can have, or why it cannot be made. */
export const apply = (
  attributes: Attributes,
  change: Change,
  possible: ReadonlyArray<string>
): Result.Result<Attributes, Problem> => {
  const { path, value } = change
  const op = change.op.toLowerCase()
  if (!operations.has(op)) return fail("invalidSyntax", `There is no operation '${change.op}'`)
  if (path === undefined) {
    const fields = Object.entries(Predicate.isObject(value) ? value : {})
    return Result.succeed(
      fields.reduce<Attributes>(
        (before, [name, field]) => along(before, Filters.namesIn(name), (known) => given(known, field, op === "add")),
        attributes
      )
    )
  }
  const found = filtered.exec(path)
  const [name = ""] = Filters.namesIn(found?.[1] ?? path)
  if (!possible.some((other) => other.toLowerCase() === name.toLowerCase())) {
    return fail("invalidPath", `There is no attribute '${name}'`)
  }
  if (found !== null) return inFound(attributes, found, change)
  return Result.succeed(
    along(attributes, Filters.namesIn(path), (before) => {
      if (op !== "remove") return given(before, value, op === "add")
      // Some providers name here what is to be removed of a list.
      if (value === undefined || !Array.isArray(before)) return undefined
      return before.filter(
        (known) =>
          !Arr.ensure(value)
            .flat()
            .some((value) => isSame(known, value))
      )
    })
  )
}
