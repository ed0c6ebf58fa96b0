/**
 * The lists of a page, item by item: where something in a page does not fit,
 * what fits is not decoded again.
 */
import { identity } from "effect/Function"
import * as Predicate from "effect/Predicate"
import * as SchemaAST from "effect/SchemaAST"
import * as Compile from "./compile.ts"
import type { Repaired } from "./repair.ts"

interface List {
  readonly name: string
  readonly item: Compile.Decode
}

const listOf = ({ name, type }: SchemaAST.PropertySignature): ReadonlyArray<List> => {
  if (!SchemaAST.isArrays(type) || (type.encoding ?? type.checks ?? type.encodingChecks) !== undefined) return []
  const [item, ...others] = [...type.rest, ...type.elements]
  return item === undefined || others.length > 0 ? [] : [{ name: String(name), item: Compile.make(item) }]
}

const listsOf = (ast: SchemaAST.AST, names: ReadonlySet<string>): ReadonlyArray<List> =>
  SchemaAST.isObjects(ast) && (ast.encoding ?? ast.checks ?? ast.encodingChecks) === undefined
    ? ast.propertySignatures.filter(({ name }) => names.has(String(name))).flatMap(listOf)
    : []

/** What is left of a page without the items that fit. */
interface Rest {
  readonly json: unknown
  /** Of the lists that are left, the places at which their elements were. */
  readonly origins: ReadonlyMap<object, ReadonlyArray<number>>
  /** Puts the items that fit between those that were repaired. */
  readonly complete: (repaired: Repaired) => Repaired
}

interface Sifted {
  readonly name: string
  /** The places of what does not fit. */
  readonly unfit: ReadonlyArray<number>
  /** All of the list, decoded, or unfit. */
  readonly values: ReadonlyArray<unknown>
}

const merge = ({ name, unfit, values }: Sifted, { skipped, value }: Repaired): ReadonlyArray<unknown> => {
  if (unfit.length === 0) return values
  const repaired: unknown = Predicate.hasProperty(value, name) ? value[name] : undefined
  const others = Array.isArray(repaired) ? repaired.values() : [].values()
  const isSkipped = new Set(skipped.flatMap(({ path }) => (path.length === 2 && path[0] === name ? [path[1]] : [])))
  return values.flatMap((value, index) =>
    value !== Compile.unfit ? [value] : isSkipped.has(index) ? [] : [others.next().value]
  )
}

const whole = (json: unknown): Rest => ({ json, origins: new Map(), complete: identity })

/** Decodes the items of the lists with these names, and takes those out that fit. */
export const make = (ast: SchemaAST.AST, names: ReadonlySet<string>): ((json: unknown) => Rest) => {
  const lists = listsOf(ast, names)
  return (json) => {
    if (!Predicate.isObject(json)) return whole(json)
    const sifted = lists.flatMap(({ item, name }): ReadonlyArray<Sifted & { readonly left: Array<unknown> }> => {
      const list = json[name]
      if (!Array.isArray(list)) return []
      const values = list.map((value) => item(value))
      const unfit = values.flatMap((value, index) => (value === Compile.unfit ? [index] : []))
      return [{ name, values, unfit, left: unfit.map((index) => list[index]) }]
    })
    if (sifted.length === 0) return whole(json)
    return {
      json: { ...json, ...Object.fromEntries(sifted.map(({ left, name }) => [name, left])) },
      origins: new Map(sifted.map(({ left, unfit }) => [left, unfit])),
      complete: (repaired) => ({
        ...repaired,
        value: {
          ...(Predicate.isObject(repaired.value) && repaired.value),
          ...Object.fromEntries(sifted.map((list) => [list.name, merge(list, repaired)]))
        }
      })
    }
  }
}
