/**
 * A document on a board, such as a PDF.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"

const DocumentData = Open.struct({
  title: Schema.optionalKey(Schema.String),
  /** Needs the access token, and then redirects to where the document is for a minute. */
  documentUrl: Schema.optionalKey(Schema.String)
})

/**
 * A document on a board, such as a PDF.
 *
 * @category schemas
 */
export class Document extends Open.named<Document>()({
  ...itemFields,
  type: Schema.Literal("document"),
  data: Schema.optionalKey(DocumentData)
}) {}
