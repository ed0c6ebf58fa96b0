/**
 * A document on a board, such as a PDF.
 */
import * as Schema from "effect/Schema"
import { FixedRatioGeometryInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"

const DocumentData = Open.struct({
  /** The title of the document. */
  title: Schema.optionalKey(Schema.String),
  /**
   * Asked with the access token, its response is JSON with a `url` that is good for
   * a minute; with `redirect=true` in its query it redirects there.
   */
  documentUrl: Schema.optionalKey(Schema.String)
})

/**
 * A document on a board, such as a PDF.
 *
 * @category schemas
 */
export class Document extends Open.named<Document>()({
  ...itemFields,
  /** Tells a document from other items. */
  type: Schema.Literal("document"),
  /** The document's title, and where its file is. */
  data: Schema.optionalKey(DocumentData)
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
 * A document to be put on a board, which Miro fetches from a URL.
 *
 * @category inputs
 */
export const DocumentInput = Schema.Struct({
  /** The document's file and title. */
  data: Schema.Struct({
    /** Where Miro can fetch the document. */
    url: Schema.String,
    /** The title of the document. */
    title: Schema.optional(Schema.String)
  }),
  ...placement
})

/** @category inputs */
export interface DocumentInput extends Schema.Schema.Type<typeof DocumentInput> {}

/**
 * What is to be changed of a document.
 *
 * @category inputs
 */
export const DocumentChanges = Schema.Struct({
  /** The document's file and title: what is left out stays as it is. */
  data: Schema.optional(
    Schema.Struct({
      /** Where Miro can fetch the document that takes the place of this one. */
      url: Schema.optional(Schema.String),
      /** The title of the document. */
      title: Schema.optional(Schema.String)
    })
  ),
  ...placement
})

/** @category inputs */
export interface DocumentChanges extends Schema.Schema.Type<typeof DocumentChanges> {}

/**
 * What may be said of a document that is uploaded.
 *
 * @category inputs
 */
export const DocumentFileInput = Schema.Struct({
  /** The title of the document. */
  title: Schema.optional(Schema.String),
  ...placement
})

/** @category inputs */
export interface DocumentFileInput extends Schema.Schema.Type<typeof DocumentFileInput> {}
