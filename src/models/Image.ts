/**
 * An image on a board.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"

const ImageData = Open.struct({
  title: Schema.optionalKey(Schema.String),
  altText: Schema.optionalKey(Schema.String),
  /** Needs the access token, and then redirects to where the image is for a minute. */
  imageUrl: Schema.optionalKey(Schema.String)
})

/**
 * An image on a board.
 *
 * @category schemas
 */
export const Image = Open.struct({
  ...itemFields,
  type: Schema.Literal("image"),
  data: Schema.optionalKey(ImageData)
})

/** @category schemas */
export interface Image extends Schema.Schema.Type<typeof Image> {}
