/**
 * The frame that an item is in.
 */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { Id } from "./Id.ts"
import { Links } from "./Links.ts"
import * as Open from "./Open.ts"

/**
 * The frame that an item is in. Miro does not promise that it has an `id`.
 *
 * @category schemas
 */
export class Parent extends Open.named<Parent>()({
  /** The id of the frame. */
  id: Schema.optionalKey(Schema.String),
  /** Links to the frame in the API. */
  links: Schema.optionalKey(Links)
}) {}

const Wire = Schema.Struct({ id: Schema.NullOr(Schema.String) })

/**
 * The frame to put an item into; `null` puts it on the board itself. That is
 * sent as `{ "id": null }`, the form that Miro documents, which may be given
 * too.
 *
 * @category inputs
 * @see https://developers.miro.com/reference/update-item-position-or-parent
 */
export const ParentInput = Wire.pipe(
  Schema.decodeTo(
    Schema.NullOr(
      Schema.Struct({
        /** The id of the frame, or `null` for the board itself. */
        id: Schema.NullOr(Id)
      })
    ),
    {
      decode: SchemaGetter.passthroughSubtype(),
      encode: SchemaGetter.transform((parent) => parent ?? { id: null })
    }
  )
)

/** @category inputs */
export type ParentInput = typeof ParentInput.Type
