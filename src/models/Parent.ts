/**
 * The frame that an item is in.
 */
import * as Schema from "effect/Schema"
import { Links } from "./Links.ts"
import * as Open from "./Open.ts"

/**
 * The frame that an item is in.
 *
 * @category schemas
 */
export class Parent extends Open.named<Parent>()({
  id: Schema.String,
  links: Schema.optionalKey(Links)
}) {}

/**
 * The frame to put an item into; `null` puts it on the board itself.
 *
 * @category inputs
 */
export const ParentInput = Schema.NullOr(Schema.Struct({ id: Schema.String }))

/** @category inputs */
export type ParentInput = typeof ParentInput.Type
