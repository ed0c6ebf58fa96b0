/**
 * One page of a list.
 */
import * as Schema from "effect/Schema"
import * as Limits from "./Limits.ts"
import { PageLinks } from "./Links.ts"
import * as Open from "./Open.ts"

/**
 * The query parameters that choose a page of a list with cursors, to be spread
 * into those of an operation.
 *
 * @category inputs
 */
export const cursorQuery = {
  /** How many items a page has at most. */
  limit: Schema.optional(Schema.Int),
  /** Where the page begins: the `cursor` of the one before. */
  cursor: Schema.optional(Schema.String)
}

/**
 * The same for a list with offsets.
 *
 * @category inputs
 */
export const offsetQuery = {
  /** How many items a page has at most. */
  limit: Schema.optional(Schema.Int),
  /** How many items come before the page. */
  offset: Schema.optional(Schema.Int)
}

/**
 * The same as {@link cursorQuery}, for a list whose pages Miro limits.
 *
 * @category inputs
 */
export const cursorQueryWithin = (minimum: number, maximum: number) => ({
  ...cursorQuery,
  /** How many items a page has at most. */
  limit: Schema.optional(Schema.Int.check(Limits.between(minimum, maximum)))
})

/**
 * The same as {@link offsetQuery}, for a list whose pages Miro limits.
 *
 * @category inputs
 */
export const offsetQueryWithin = (minimum: number, maximum: number) => ({
  ...offsetQuery,
  /** How many items a page has at most. */
  limit: Schema.optional(Schema.Int.check(Limits.between(minimum, maximum)))
})

const page = <Item extends Schema.Constraint>(item: Item) => ({
  /** The items of the page, in the order of the list. */
  data: Schema.Array(item),
  /** How many items the page has. */
  size: Schema.optionalKey(Schema.Finite),
  /** How many items the page could have had. */
  limit: Schema.optionalKey(Schema.Finite),
  /** How many items the list had when the page was made; it lags behind. */
  total: Schema.optionalKey(Schema.Finite),
  /** Links to this page and its neighbours. */
  links: Schema.optionalKey(PageLinks),
  /** The kind of the list, such as `cursor-list`. */
  type: Schema.optionalKey(Schema.String)
})

/**
 * A page that names the next one by its `cursor`; the last has none.
 *
 * @category constructors
 */
export const cursor = <Item extends Schema.Constraint>(item: Item) =>
  Open.struct({
    ...page(item),
    /** The cursor of the next page. Absent from, or empty on, the last page. */
    cursor: Schema.optionalKey(Schema.String)
  })

/**
 * A page that begins after `offset` items.
 *
 * @category constructors
 */
export const offset = <Item extends Schema.Constraint>(item: Item) =>
  Open.struct({
    ...page(item),
    /** How many items come before the page. */
    offset: Schema.optionalKey(Schema.Finite)
  })
