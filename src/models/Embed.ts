/**
 * A web page or other content from elsewhere on a board.
 */
import * as Schema from "effect/Schema"
import { FixedRatioSizeInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"

/**
 * Where the content is shown: on the board itself, or in a window above it.
 *
 * @category schemas
 */
export const EmbedMode = Open.literals(["inline", "modal"])

const EmbedData = Open.struct({
  url: Schema.optionalKey(Schema.String),
  title: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  html: Schema.optionalKey(Schema.String),
  mode: Schema.optionalKey(EmbedMode),
  contentType: Schema.optionalKey(Schema.String),
  /** Asked with the access token, it answers JSON with a `url` that is good for a minute. */
  previewUrl: Schema.optionalKey(Schema.String),
  providerName: Schema.optionalKey(Schema.String),
  providerUrl: Schema.optionalKey(Schema.String)
})

/**
 * A web page or other content from elsewhere on a board.
 *
 * @category schemas
 */
export class Embed extends Open.named<Embed>()({
  ...itemFields,
  type: Schema.Literal("embed"),
  data: Schema.optionalKey(EmbedData)
}) {}

const display = {
  mode: Schema.optional(EmbedMode),
  /** Where the image is that is shown for the content. */
  previewUrl: Schema.optional(Schema.String)
}

const placement = {
  position: Schema.optional(PositionInput),
  geometry: Schema.optional(FixedRatioSizeInput),
  parent: Schema.optional(ParentInput)
}

/**
 * Content to be embedded in a board.
 *
 * @category inputs
 */
export const EmbedInput = Schema.Struct({
  data: Schema.Struct({
    /** Where the content is, over HTTP or HTTPS. */
    url: Schema.String,
    ...display
  }),
  ...placement
})

/** @category inputs */
export interface EmbedInput extends Schema.Schema.Type<typeof EmbedInput> {}

/**
 * What is to be changed of embedded content.
 *
 * @category inputs
 */
export const EmbedChanges = Schema.Struct({
  data: Schema.optional(
    Schema.Struct({
      /** Where the content is, over HTTP or HTTPS. */
      url: Schema.optional(Schema.String),
      ...display
    })
  ),
  ...placement
})

/** @category inputs */
export interface EmbedChanges extends Schema.Schema.Type<typeof EmbedChanges> {}
