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
  /** What `content` is written in. */
  contentType: Schema.optionalKey(TextContentType),
  /** HTML or Markdown, as `contentType` says. */
  content: Schema.optionalKey(Schema.String),
  /** The version of the content, a number. */
  contentVersion: Schema.optionalKey(Schema.Finite)
})

/**
 * A text document on a board.
 *
 * @category schemas
 */
export class DocFormat extends Open.named<DocFormat>()({
  ...itemFields,
  /** Tells a doc format item from other items. */
  type: Schema.Literal("doc_format"),
  /** The document's text. */
  data: Schema.optionalKey(DocFormatData)
}) {}

/**
 * A text document to be put on a board.
 *
 * @category inputs
 */
export const DocFormatInput = Schema.Struct({
  /** The document's text. */
  data: Schema.Struct({
    /** What `content` is written in. */
    contentType: Open.literals(["markdown"]),
    /** The text of the document. */
    content: Schema.String,
    /** The version of the content. */
    contentVersion: Schema.optional(Schema.Finite)
  }),
  /** Where to put the centre of the document. */
  position: Schema.optional(PositionInput),
  /** The frame to put the document into, or `null` for the board itself. */
  parent: Schema.optional(ParentInput)
})

/** @category inputs */
export interface DocFormatInput extends Schema.Schema.Type<typeof DocFormatInput> {}
