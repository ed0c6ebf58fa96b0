/**
 * What both sides of the comparison are turned into: the JSON that may be at
 * one place of a request or a response.
 *
 * A place with several possibilities (a union, an `oneOf`) has several of
 * these fields. The objects of a union become one object with the fields of
 * all, since Miro's document does not say how to tell them apart.
 */
export interface Shape {
  /** Whatever it is, or nothing that is known. */
  readonly any?: true
  readonly object?: ObjectShape
  /** The shape of the items. */
  readonly array?: Shape
  readonly string?: StringShape
  readonly number?: { readonly format: string | undefined }
  readonly boolean?: true
  /** The content of a file. */
  readonly file?: true
  readonly limits?: Limits
}

/** How long a text or a list, or how large a number may be, by OpenAPI's names for it. */
export type Limits = ReadonlyMap<LimitName, number>

export const limitNames = ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"] as const

export type LimitName = (typeof limitNames)[number]

/** Those that say something: no list is shorter than empty, and no number larger than all. */
export const limitsOf = (found: Readonly<Record<string, unknown>>): Limits =>
  new Map(
    limitNames.flatMap((name) => {
      const limit = found[name]
      const saysNothing = limit === 0 && (name === "minLength" || name === "minItems")
      return typeof limit === "number" && Number.isFinite(limit) && !saysNothing ? [[name, limit] as const] : []
    })
  )

const none: Limits = new Map()

/** What is allowed by one or the other. */
const weakest = (a: Limits, b: Limits): Limits =>
  new Map(
    Array.from(a).flatMap(([name, limit]) => {
      const other = b.get(name)
      if (other === undefined) return []
      return [[name, name.startsWith("min") ? Math.min(limit, other) : Math.max(limit, other)] as const]
    })
  )

export interface ObjectShape {
  readonly fields: ReadonlyMap<string, Field>
}

export interface Field {
  readonly required: boolean
  readonly shape: Shape
}

export interface StringShape {
  /** The values that are known, if the string is an enumeration. */
  readonly values: ReadonlySet<string> | undefined
  readonly format: string | undefined
}

const mergeFields = (a: ObjectShape, b: ObjectShape): ObjectShape => ({
  fields: new Map(
    Array.from(new Set([...a.fields.keys(), ...b.fields.keys()]), (name) => {
      const [first, second] = [a.fields.get(name), b.fields.get(name)]
      return [
        name,
        {
          required: (first?.required ?? false) && (second?.required ?? false),
          shape: merge(first?.shape ?? {}, second?.shape ?? {})
        }
      ] as const
    })
  )
})

const mergeStrings = (a: StringShape, b: StringShape): StringShape => ({
  values:
    a.values === undefined && b.values === undefined ? undefined : new Set([...(a.values ?? []), ...(b.values ?? [])]),
  format: a.format ?? b.format
})

const both = <A>(a: A | undefined, b: A | undefined, merge: (a: A, b: A) => A): A | undefined =>
  a === undefined ? b : b === undefined ? a : merge(a, b)

/** What is at a place where either may be. */
export const merge = (a: Shape, b: Shape): Shape => {
  const object = both(a.object, b.object, mergeFields)
  const array = both(a.array, b.array, merge)
  const string = both(a.string, b.string, mergeStrings)
  const number = both(a.number, b.number, (a) => a)
  const isNothing = (shape: Shape) => Object.keys(shape).length === 0
  const [first, second] = [a.limits ?? none, b.limits ?? none]
  const limits = isNothing(a) ? second : isNothing(b) ? first : weakest(first, second)
  const merged: Shape = {
    ...(object && { object }),
    ...(array && { array }),
    ...(string && { string }),
    ...(number && { number }),
    ...((a.boolean ?? b.boolean) && { boolean: true }),
    ...((a.file ?? b.file) && { file: true }),
    ...(limits.size > 0 && { limits })
  }
  // Beside something that is known, "anything" says no more than that there may be more of it.
  return Object.keys(merged).length > 0 ? merged : (a.any ?? b.any) ? { any: true } : {}
}

export const mergeAll = (shapes: ReadonlyArray<Shape>): Shape => shapes.reduce(merge, {})

/** In words, for a report. */
export const describeLimits = ({ limits = none }: Shape): string =>
  limits.size === 0 ? "no limit" : Array.from(limits, ([name, limit]) => `${name} ${limit}`).join(", ")

/** In words, for a report. */
export const describe = (shape: Shape): string => {
  const kinds = [
    shape.any && "anything",
    shape.object && "an object",
    shape.array && `an array of ${describe(shape.array)}`,
    shape.string && ["a string", shape.string.format].filter((word) => word !== undefined).join(" of format "),
    shape.number && ["a number", shape.number.format].filter((word) => word !== undefined).join(" of format "),
    shape.boolean && "a boolean",
    shape.file && "a file"
  ]
  return kinds.filter(Boolean).join(" or ") || "nothing"
}
