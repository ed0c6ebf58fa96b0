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
  /** The id of the item, a decimal number in a string. */
  id: Schema.String,
  /** Where the item is. Absent for an item that Miro gives no position of. */
  position: Schema.optionalKey(Position),
  /** The size of the item. Miro leaves out what does not apply to it. */
  geometry: Schema.optionalKey(Geometry),
  /** The frame that the item is in, if it is in one. */
  parent: Schema.optionalKey(Parent),
  /** When the item was created. */
  createdAt: Schema.optionalKey(Timestamp),
  /** The user who created the item. */
  createdBy: Schema.optionalKey(ItemUserReference),
  /** When the item was last changed. */
  modifiedAt: Schema.optionalKey(Timestamp),
  /** The user who last changed the item. */
  modifiedBy: Schema.optionalKey(ItemUserReference),
  /** Links to the item in the API. */
  links: Schema.optionalKey(Links),
  /** False for an item that the API shows, but gives no data of. */
  isSupported: Schema.optionalKey(Schema.Boolean)
}
