/**
 * An image on a board.
 */
import * as Schema from "effect/Schema"
import { FixedRatioGeometryInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"

const ImageData = Open.struct({
  /** The title of the image. */
  title: Schema.optionalKey(Schema.String),
  /** What the image shows, for those who cannot see it. */
  altText: Schema.optionalKey(Schema.String),
  /**
   * Asked with the access token, its response is JSON with a `url` that is good for
   * a minute; with `redirect=true` in its query it redirects there. A preview
   * comes unless its query has `format=original`.
   */
  imageUrl: Schema.optionalKey(Schema.String)
})

/**
 * An image on a board.
 *
 * @category schemas
 */
export class Image extends Open.named<Image>()({
  ...itemFields,
  /** Tells an image from other items. */
  type: Schema.Literal("image"),
  /** The image's title, and where its file is. */
  data: Schema.optionalKey(ImageData)
}) {}

const placement = {
  /** Where to put the centre of the item. */
  position: Schema.optional(PositionInput),
  /** The size of the item. */
  geometry: Schema.optional(FixedRatioGeometryInput),
  /** The frame to put the item into, or `null` for the board itself. */
  parent: Schema.optional(ParentInput)
}

/**
 * An image to be put on a board, which Miro fetches from a URL.
 *
 * @category inputs
 */
export const ImageInput = Schema.Struct({
  /** The image's file and title. */
  data: Schema.Struct({
    /** Where Miro can fetch the image. */
    url: Schema.String,
    /** The title of the image. */
    title: Schema.optional(Schema.String)
  }),
  ...placement
})

/** @category inputs */
export interface ImageInput extends Schema.Schema.Type<typeof ImageInput> {}

/**
 * What is to be changed of an image.
 *
 * @category inputs
 */
export const ImageChanges = Schema.Struct({
  /** The image's file and title: what is left out stays as it is. */
  data: Schema.optional(
    Schema.Struct({
      /** Where Miro can fetch the image that takes the place of this one. */
      url: Schema.optional(Schema.String),
      /** The title of the image. */
      title: Schema.optional(Schema.String)
    })
  ),
  ...placement
})

/** @category inputs */
export interface ImageChanges extends Schema.Schema.Type<typeof ImageChanges> {}

/**
 * What may be said of an image that is uploaded.
 *
 * @category inputs
 */
export const ImageFileInput = Schema.Struct({
  /** The title of the image. */
  title: Schema.optional(Schema.String),
  /** Describes the image to those who cannot see it. */
  altText: Schema.optional(Schema.String),
  ...placement
})

/** @category inputs */
export interface ImageFileInput extends Schema.Schema.Type<typeof ImageFileInput> {}
