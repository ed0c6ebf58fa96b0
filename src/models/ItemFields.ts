/**
 * What the items of a board have in common.
 */
import * as Schema from "effect/Schema"
import { Geometry } from "./Geometry.ts"
import { Links } from "./Links.ts"
import { Parent } from "./Parent.ts"
import { Position } from "./Position.ts"
import { ItemUserReference } from "./Reference.ts"
import { Timestamp } from "./Timestamp.ts"

/**
 * The fields that items of every type have, to be spread into the schema of
 * one.
 *
 * @category schemas
 */
export const itemFields = {
  id: Schema.String,
  position: Schema.optionalKey(Position),
  geometry: Schema.optionalKey(Geometry),
  /** The frame that the item is in, if it is in one. */
  parent: Schema.optionalKey(Parent),
  createdAt: Schema.optionalKey(Timestamp),
  createdBy: Schema.optionalKey(ItemUserReference),
  modifiedAt: Schema.optionalKey(Timestamp),
  modifiedBy: Schema.optionalKey(ItemUserReference),
  links: Schema.optionalKey(Links),
  /** False for an item that the API shows, but gives no data of. */
  isSupported: Schema.optionalKey(Schema.Boolean)
}
