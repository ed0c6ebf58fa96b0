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
  /** The URL of the content that is embedded. */
  url: Schema.optionalKey(Schema.String),
  /** The title of the content. */
  title: Schema.optionalKey(Schema.String),
  /** What the content is about, as its provider says. */
  description: Schema.optionalKey(Schema.String),
  /** The HTML that shows the content, as its provider gives it. */
  html: Schema.optionalKey(Schema.String),
  /** Whether the content opens on the board itself (`inline`), or above it (`modal`). */
  mode: Schema.optionalKey(EmbedMode),
  /** The kind of the content, such as `video`. */
  contentType: Schema.optionalKey(Schema.String),
  /** Asked with the access token, its response is JSON with a `url` that is good for a minute. */
  previewUrl: Schema.optionalKey(Schema.String),
  /** Who the content comes from, such as `YouTube`. */
  providerName: Schema.optionalKey(Schema.String),
  /** The URL of the provider's site. */
  providerUrl: Schema.optionalKey(Schema.String)
})

/**
 * A web page or other content from elsewhere on a board.
 *
 * @category schemas
 */
export class Embed extends Open.named<Embed>()({
  ...itemFields,
  /** Tells an embed from other items. */
  type: Schema.Literal("embed"),
  /** The content that is embedded, and how it is shown. */
  data: Schema.optionalKey(EmbedData)
}) {}

const display = {
  /** Whether the content opens on the board itself (`inline`), or above it (`modal`). */
  mode: Schema.optional(EmbedMode),
  /** Where the image is that is shown for the content. */
  previewUrl: Schema.optional(Schema.String)
}

const placement = {
  /** Where to put the centre of the item. */
  position: Schema.optional(PositionInput),
  /** The size of the item. */
  geometry: Schema.optional(FixedRatioSizeInput),
  /** The frame to put the item into, or `null` for the board itself. */
  parent: Schema.optional(ParentInput)
}

/**
 * Content to be embedded in a board.
 *
 * @category inputs
 */
export const EmbedInput = Schema.Struct({
  /** The content to embed, and how to show it. */
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
  /** The content to embed, and how to show it: what is left out stays as it is. */
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
