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
export class Links extends Open.named<Links>()({
  self: Schema.optionalKey(Schema.String),
  related: Schema.optionalKey(Schema.String)
}) {}

/**
 * Links between the pages of a list.
 *
 * @category schemas
 */
export class PageLinks extends Open.named<PageLinks>()({
  first: Schema.optionalKey(Schema.String),
  last: Schema.optionalKey(Schema.String),
  next: Schema.optionalKey(Schema.String),
  prev: Schema.optionalKey(Schema.String),
  self: Schema.optionalKey(Schema.String)
}) {}
