/**
 * One page of a list.
 */
import * as Schema from "effect/Schema"
import { PageLinks } from "./Links.ts"
import * as Open from "./Open.ts"

const page = <Item extends Schema.Constraint>(item: Item) => ({
  data: Schema.Array(item),
  /** How many items the page has. */
  size: Schema.optionalKey(Schema.Number),
  /** How many items the page could have had. */
  limit: Schema.optionalKey(Schema.Number),
  /** How many items the list had when the page was made; it lags behind. */
  total: Schema.optionalKey(Schema.Number),
  links: Schema.optionalKey(PageLinks),
  type: Schema.optionalKey(Schema.String)
})

/**
 * A page that names the next one by its `cursor`; the last has none.
 *
 * @category constructors
 */
export const cursor = <Item extends Schema.Constraint>(item: Item) =>
  Open.struct({ ...page(item), cursor: Schema.optionalKey(Schema.String) })

/**
 * A page that begins after `offset` items.
 *
 * @category constructors
 */
export const offset = <Item extends Schema.Constraint>(item: Item) =>
  Open.struct({ ...page(item), offset: Schema.optionalKey(Schema.Number) })
