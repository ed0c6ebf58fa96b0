/**
 * A text document on a board.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"

/**
 * What the text of a text document is written in.
 *
 * @category schemas
 */
export const TextContentType = Open.literals(["html", "markdown"])

const DocFormatData = Open.struct({
  contentType: Schema.optionalKey(TextContentType),
  /** HTML or Markdown, as `contentType` says. */
  content: Schema.optionalKey(Schema.String),
  contentVersion: Schema.optionalKey(Schema.Finite)
})

/**
 * A text document on a board.
 *
 * @category schemas
 */
export class DocFormat extends Open.named<DocFormat>()({
  ...itemFields,
  type: Schema.Literal("doc_format"),
  data: Schema.optionalKey(DocFormatData)
}) {}

/**
 * A text document to be put on a board.
 *
 * @category inputs
 */
export const DocFormatInput = Schema.Struct({
  data: Schema.Struct({
    contentType: Open.literals(["markdown"]),
    content: Schema.String,
    contentVersion: Schema.optional(Schema.Finite)
  }),
  position: Schema.optional(PositionInput),
  parent: Schema.optional(ParentInput)
})

/** @category inputs */
export interface DocFormatInput extends Schema.Schema.Type<typeof DocFormatInput> {}
