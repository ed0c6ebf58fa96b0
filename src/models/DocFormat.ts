/**
 * A text document on a board.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"

const DocFormatData = Open.struct({
  contentType: Schema.optionalKey(Open.literals(["html", "markdown"])),
  /** HTML or Markdown, as `contentType` says. */
  content: Schema.optionalKey(Schema.String),
  contentVersion: Schema.optionalKey(Schema.Number)
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
