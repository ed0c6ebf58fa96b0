/**
 * A text on a board.
 */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { WidthInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Limits from "./Limits.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"

/**
 * The font of a text or shape.
 *
 * @category schemas
 */
export const FontFamily = Open.literals([
  "abril_fatface",
  "arial",
  "bangers",
  "caveat",
  "eb_garamond",
  "formular",
  "fredoka_one",
  "georgia",
  "graduate",
  "gravitas_one",
  "lemon_tuesday",
  "nixie_one",
  "noto_sans",
  "open_sans",
  "permanent_marker",
  "plex_mono",
  "plex_sans",
  "plex_serif",
  "pt_sans",
  "pt_sans_narrow",
  "pt_serif",
  "rammetto_one",
  "roboto",
  "roboto_condensed",
  "roboto_mono",
  "roboto_slab",
  "spoof",
  "tiempos_text",
  "times_new_roman",
  "titan_one"
])

const TextData = Open.struct({
  /** HTML. */
  content: Schema.optionalKey(Schema.String)
})

const style = {
  /** A hex value. */
  color: Schema.String,
  /** A hex value. */
  fillColor: Schema.String,
  /** Between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.String,
  fontFamily: FontFamily,
  /** At least `1` dp, as a string. */
  fontSize: Schema.String
}

const styleInput = {
  ...style,
  /** Between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.String.check(Limits.betweenText(0, 1)),
  /** At least `1` dp, as a string. */
  fontSize: Schema.String.check(Limits.betweenText(1, Infinity))
}

const TextStyle = Open.struct({
  ...Struct.map(style, Schema.optionalKey),
  textAlign: Schema.optionalKey(Open.literals(["left", "center", "right", "unknown"]))
})

/**
 * A text on a board.
 *
 * @category schemas
 */
export class Text extends Open.named<Text>()({
  ...itemFields,
  type: Schema.Literal("text"),
  data: Schema.optionalKey(TextData),
  style: Schema.optionalKey(TextStyle)
}) {}

const TextDataInput = Schema.Struct({
  /** Plain text, or the HTML that Miro allows. */
  content: Schema.String
})

const common = {
  style: Schema.optional(
    Schema.Struct({
      ...Struct.map(styleInput, Schema.optional),
      textAlign: Schema.optional(Open.literals(["left", "center", "right"]))
    })
  ),
  position: Schema.optional(PositionInput),
  /** The width is at least 1.7 times the font size. */
  geometry: Schema.optional(WidthInput),
  parent: Schema.optional(ParentInput)
}

/**
 * A text to be put on a board.
 *
 * @category inputs
 */
export const TextInput = Schema.Struct({
  data: TextDataInput,
  ...common
})

/** @category inputs */
export interface TextInput extends Schema.Schema.Type<typeof TextInput> {}

/**
 * What is to be changed of a text.
 *
 * @category inputs
 */
export const TextChanges = Schema.Struct({
  data: Schema.optional(TextDataInput),
  ...common
})

/** @category inputs */
export interface TextChanges extends Schema.Schema.Type<typeof TextChanges> {}
