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
  /** The text, as HTML. */
  content: Schema.optionalKey(Schema.String)
})

const style = {
  /** The colour of the text, a hex value. */
  color: Schema.String,
  /** The colour behind the text, a hex value. */
  fillColor: Schema.String,
  /** The opacity of what is behind the text, between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.String,
  /** The font of the text. */
  fontFamily: FontFamily,
  /** The size of the text, at least `1` dp, as a string. */
  fontSize: Schema.String
}

const styleInput = {
  ...style,
  /** The opacity of what is behind the text, between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.String.check(Limits.betweenText(0, 1)),
  /** The size of the text, at least `1` dp, as a string. */
  fontSize: Schema.String.check(Limits.betweenText(1, Infinity))
}

const TextStyle = Open.struct({
  ...Struct.map(style, Schema.optionalKey),
  /** Where the text is from left to right. `unknown` for what the API has no name for. */
  textAlign: Schema.optionalKey(Open.literals(["left", "center", "right", "unknown"]))
})

/**
 * A text on a board.
 *
 * @category schemas
 */
export class Text extends Open.named<Text>()({
  ...itemFields,
  /** Tells a text from other items. */
  type: Schema.Literal("text"),
  /** What the text says. */
  data: Schema.optionalKey(TextData),
  /** How the text looks. */
  style: Schema.optionalKey(TextStyle)
}) {}

const TextDataInput = Schema.Struct({
  /** Plain text, or the HTML that Miro allows. */
  content: Schema.String
})

const common = {
  /** How the text looks: what is left out stays as it is. */
  style: Schema.optional(
    Schema.Struct({
      ...Struct.map(styleInput, Schema.optional),
      /** Where the text is from left to right. */
      textAlign: Schema.optional(Open.literals(["left", "center", "right"]))
    })
  ),
  /** Where to put the centre of the item. */
  position: Schema.optional(PositionInput),
  /** The width is at least 1.7 times the font size. */
  geometry: Schema.optional(WidthInput),
  /** The frame to put the item into, or `null` for the board itself. */
  parent: Schema.optional(ParentInput)
}

/**
 * A text to be put on a board.
 *
 * @category inputs
 */
export const TextInput = Schema.Struct({
  /** What the text says. */
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
  /** What the text says. */
  data: Schema.optional(TextDataInput),
  ...common
})

/** @category inputs */
export interface TextChanges extends Schema.Schema.Type<typeof TextChanges> {}
