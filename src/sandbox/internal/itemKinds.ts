import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { contractKinds } from "./contractKinds.ts"
import type { Item, Size } from "./entities.ts"
import type { ItemChange, ItemDecoder, ItemKind } from "./itemKind.ts"
import * as validation from "./validation.ts"

type Data = Item["data"]

const Coordinates = Schema.Struct({
  x: Schema.optionalKey(Schema.Finite),
  y: Schema.optionalKey(Schema.Finite),
  origin: Schema.optionalKey(Schema.Literals(["center"]))
})

const Parent = Schema.Struct({ id: Schema.NullOr(Schema.String) })

const Length = Schema.Finite.check(Schema.isGreaterThan(0, { message: "Must be greater than 0" }))

const Dimensions = Schema.Struct({ width: Schema.optionalKey(Length), height: Schema.optionalKey(Length) })

const hasOneSide = Schema.makeFilter(
  ({ height, width }: typeof Dimensions.Type) => height === undefined || width === undefined,
  { message: "Width and height cannot be set at the same time" }
)

const FixedRatioDimensions = Dimensions.check(hasOneSide)

// Of what has a file.
const FileDimensions = Schema.Struct({ ...Dimensions.fields, rotation: Schema.optionalKey(Schema.Finite) }).check(
  hasOneSide
)

const placement = {
  position: Schema.optionalKey(Coordinates),
  parent: Schema.optionalKey(Schema.NullOr(Parent))
}

/** Decodes the change that items of every type have in common. */
export const decodePlacement: ItemDecoder = validation.bodyDecoder(Schema.Struct(placement))

const decodeCoordinates = validation.bodyDecoder(Coordinates)

/** Decodes a position alone, as a change of the item that it is of. */
export const decodePosition: ItemDecoder = (body) => Result.map(decodeCoordinates(body), (position) => ({ position }))

const stickyNoteColors = [
  "gray",
  "light_yellow",
  "yellow",
  "orange",
  "light_green",
  "green",
  "dark_green",
  "cyan",
  "light_pink",
  "pink",
  "violet",
  "red",
  "light_blue",
  "blue",
  "dark_blue",
  "black"
]

const decodeStickyNote = validation.bodyDecoder(
  Schema.Struct({
    data: Schema.optionalKey(
      Schema.Struct({
        content: Schema.optionalKey(Schema.String),
        shape: Schema.optionalKey(Schema.Literals(["square", "rectangle"]))
      })
    ),
    style: Schema.optionalKey(
      Schema.Struct({
        fillColor: Schema.optionalKey(Schema.Literals(stickyNoteColors)),
        textAlign: Schema.optionalKey(Schema.Literals(["left", "right", "center"])),
        textAlignVertical: Schema.optionalKey(Schema.Literals(["top", "middle", "bottom"]))
      })
    ),
    geometry: Schema.optionalKey(FixedRatioDimensions),
    ...placement
  })
)

const hundredths = (length: number): number => Math.round(length * 100) / 100

const stickyNoteHeight = 228

const stickyNoteWidth = (data: Data): number => (data["shape"] === "rectangle" ? 350 : 199)

const stickyNote: ItemKind = {
  type: "sticky_note",
  collection: "sticky_notes",
  decodeCreation: decodeStickyNote,
  decodeChange: decodeStickyNote,
  data: { content: "", shape: "square" },
  style: () => ({ fillColor: "light_yellow", textAlign: "center", textAlignVertical: "top" }),
  resize: (data, change, before) => {
    const ratio = stickyNoteWidth(data) / stickyNoteHeight
    if (change.width !== undefined) {
      return { width: change.width, height: hundredths(change.width / ratio) }
    }
    const height = change.height ?? before?.height ?? stickyNoteHeight
    return { width: hundredths(height * ratio), height }
  }
}

const FrameData = Schema.Struct({
  title: Schema.optionalKey(Schema.String),
  format: Schema.optionalKey(Schema.Literal("custom")),
  type: Schema.optionalKey(Schema.Literal("freeform")),
  showContent: Schema.optionalKey(Schema.Boolean)
})

const frameFields = {
  style: Schema.optionalKey(Schema.Struct({ fillColor: Schema.optionalKey(Schema.String) })),
  position: Schema.optionalKey(Coordinates),
  geometry: Schema.optionalKey(Dimensions)
}

const frame: ItemKind = {
  type: "frame",
  collection: "frames",
  decodeCreation: validation.bodyDecoder(
    Schema.Struct({
      data: FrameData.pipe(Schema.annotateKey({ messageMissingKey: "Field [data] of type [Object] is required" })),
      ...frameFields
    })
  ),
  decodeChange: validation.bodyDecoder(Schema.Struct({ data: Schema.optionalKey(FrameData), ...frameFields })),
  data: { title: "Sample frame title", format: "custom", type: "freeform", showContent: true },
  style: () => ({ fillColor: "#ffffffff" }),
  hidden: ["data.showContent"],
  resize: (_, change, before) => ({ width: 800, height: 450, ...before, ...change })
}

const decodeFile = (fields: Schema.Struct.Fields): ItemDecoder => {
  const decode = validation.bodyDecoder(
    Schema.Struct({ ...fields, geometry: Schema.optionalKey(FileDimensions), ...placement })
  )
  // Beside a file, what is said of it stands at the top.
  return (body) =>
    Result.map(decode(body), (change) => {
      const { geometry, parent, position, ...data } = change as ItemChange & Data
      return {
        data,
        ...(geometry !== undefined && { geometry }),
        ...(parent !== undefined && { parent }),
        ...(position !== undefined && { position })
      }
    })
}

/** A file that Miro is to fetch: where it is stands in the data. */
const decodeLink = (fields: Schema.Struct.Fields) => ({
  creation: validation.bodyDecoder(
    Schema.Struct({
      data: Schema.Struct({ url: Schema.String, ...fields }),
      geometry: Schema.optionalKey(FileDimensions),
      ...placement
    })
  ),
  change: validation.bodyDecoder(
    Schema.Struct({
      data: Schema.optionalKey(Schema.Struct({ url: Schema.optionalKey(Schema.String), ...fields })),
      geometry: Schema.optionalKey(FileDimensions),
      ...placement
    })
  )
})

// The sandbox does not look into files: all of them are squares.
const resizeFile = (
  _: Data,
  { height, rotation, width }: Partial<Size>,
  before: Size = { width: 800, height: 800 }
): Size => {
  const side = width ?? height
  const size = side === undefined ? before : { ...before, width: side, height: side }
  return rotation === undefined ? size : { ...size, rotation }
}

const imageFields = { title: Schema.optionalKey(Schema.String), altText: Schema.optionalKey(Schema.String) }

const decodeImage = decodeFile(imageFields)

const image: ItemKind = {
  type: "image",
  collection: "images",
  decodeCreation: decodeImage,
  decodeChange: decodeImage,
  data: { title: "" },
  style: () => ({}),
  hidden: ["data.altText"],
  resize: resizeFile,
  file: { field: "imageUrl", query: "format=preview&redirect=false", decodeLink: decodeLink(imageFields) }
}

const documentFields = { title: Schema.optionalKey(Schema.String) }

const decodeDocument = decodeFile(documentFields)

const document: ItemKind = {
  type: "document",
  collection: "documents",
  decodeCreation: decodeDocument,
  decodeChange: decodeDocument,
  data: { title: "" },
  style: () => ({}),
  resize: resizeFile,
  file: { field: "documentUrl", query: "redirect=false", decodeLink: decodeLink(documentFields) }
}

export const itemKinds: ReadonlyArray<ItemKind> = [stickyNote, frame, image, document, ...contractKinds]
