/**
 * Links in Miro's responses. Their form varies, so follow them rather than take
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
  /** The URL of the resource itself. */
  self: Schema.optionalKey(Schema.String),
  /** The URL of resources that belong to it. */
  related: Schema.optionalKey(Schema.String)
}) {}

/**
 * Links between the pages of a list.
 *
 * @category schemas
 */
export class PageLinks extends Open.named<PageLinks>()({
  /** The URL of the first page. */
  first: Schema.optionalKey(Schema.String),
  /** The URL of the last page. */
  last: Schema.optionalKey(Schema.String),
  /** The URL of the next page. Absent from the last. */
  next: Schema.optionalKey(Schema.String),
  /** The URL of the page before. Absent from the first. */
  prev: Schema.optionalKey(Schema.String),
  /** The URL of this page. */
  self: Schema.optionalKey(Schema.String)
}) {}
