/**
 * A web page or other content of somebody else's on a board.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"

const EmbedData = Open.struct({
  url: Schema.optionalKey(Schema.String),
  title: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  html: Schema.optionalKey(Schema.String),
  mode: Schema.optionalKey(Open.literals(["inline", "modal"])),
  contentType: Schema.optionalKey(Schema.String),
  /** Needs the access token. */
  previewUrl: Schema.optionalKey(Schema.String),
  providerName: Schema.optionalKey(Schema.String),
  providerUrl: Schema.optionalKey(Schema.String)
})

/**
 * A web page or other content of somebody else's on a board.
 *
 * @category schemas
 */
export class Embed extends Open.named<Embed>()({
  ...itemFields,
  type: Schema.Literal("embed"),
  data: Schema.optionalKey(EmbedData)
}) {}
