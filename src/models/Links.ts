/**
 * Links in Miro's answers. Their form varies, so follow them rather than take
 * them apart.
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.ts"

/**
 * Links of one resource.
 *
 * @category schemas
 */
export const Links = Open.struct({
  self: Schema.optionalKey(Schema.String),
  related: Schema.optionalKey(Schema.String)
})

/** @category schemas */
export interface Links extends Schema.Schema.Type<typeof Links> {}

/**
 * Links between the pages of a list.
 *
 * @category schemas
 */
export const PageLinks = Open.struct({
  first: Schema.optionalKey(Schema.String),
  last: Schema.optionalKey(Schema.String),
  next: Schema.optionalKey(Schema.String),
  prev: Schema.optionalKey(Schema.String),
  self: Schema.optionalKey(Schema.String)
})

/** @category schemas */
export interface PageLinks extends Schema.Schema.Type<typeof PageLinks> {}
