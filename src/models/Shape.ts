/**
 * A shape on a board.
 */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { GeometryInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Limits from "./Limits.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"
import { FontFamily } from "./Text.ts"

/**
 * What a shape is: a basic one, or one of a flowchart.
 *
 * @category schemas
 */
export const ShapeKind = Open.literals([
  "rectangle",
  "round_rectangle",
  "circle",
  "triangle",
  "rhombus",
  "parallelogram",
  "trapezoid",
  "pentagon",
  "hexagon",
  "octagon",
  "wedge_round_rectangle_callout",
  "star",
  "cloud",
  "cross",
  "can",
  "right_arrow",
  "left_arrow",
  "left_right_arrow",
  "left_brace",
  "right_brace",
  "flow_chart_connector",
  "flow_chart_decision",
  "flow_chart_delay",
  "flow_chart_display",
  "flow_chart_document",
  "flow_chart_input_output",
  "flow_chart_internal_storage",
  "flow_chart_magnetic_disk",
  "flow_chart_magnetic_drum",
  "flow_chart_manual_input",
  "flow_chart_manual_operation",
  "flow_chart_merge",
  "flow_chart_multidocuments",
  "flow_chart_note_curly_left",
  "flow_chart_note_curly_right",
  "flow_chart_note_square",
  "flow_chart_offpage_connector",
  "flow_chart_online_storage",
  "flow_chart_or",
  "flow_chart_predefined_process",
  "flow_chart_predefined_process_2",
  "flow_chart_preparation",
  "flow_chart_process",
  "flow_chart_summing_junction",
  "flow_chart_terminator"
])

const ShapeData = Open.struct({
  /** The text on the shape, as HTML. */
  content: Schema.optionalKey(Schema.String),
  /** What kind of shape it is, such as `rectangle`. */
  shape: Schema.optionalKey(ShapeKind)
})

const style = {
  /** The colour of the border, a hex value. */
  borderColor: Schema.String,
  /** The opacity of the border, between `0.0` and `1.0`, as a string. */
  borderOpacity: Schema.String,
  /** How the line of the border is drawn. */
  borderStyle: Open.literals(["normal", "dotted", "dashed"]),
  /** The thickness of the border, between `1.0` and `24.0` dp, as a string. */
  borderWidth: Schema.String,
  /** The colour of the text, a hex value. */
  color: Schema.String,
  /** The colour of the inside, a hex value. */
  fillColor: Schema.String,
  /** The opacity of the inside, between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.String,
  /** The font of the text. */
  fontFamily: FontFamily,
  /** The size of the text, between `10` and `288` dp, as a string. */
  fontSize: Schema.String
}

const styleInput = {
  ...style,
  /** The opacity of the border, between `0.0` and `1.0`, as a string. */
  borderOpacity: Schema.String.check(Limits.betweenText(0, 1)),
  /** The thickness of the border, between `1.0` and `24.0` dp, as a string. */
  borderWidth: Schema.String.check(Limits.betweenText(1, 24)),
  /** The opacity of the inside, between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.String.check(Limits.betweenText(0, 1)),
  /** The size of the text, between `10` and `288` dp, as a string. */
  fontSize: Schema.String.check(Limits.betweenText(10, 288))
}

const ShapeStyle = Open.struct({
  ...Struct.map(style, Schema.optionalKey),
  /** Where the text is from left to right. `unknown` for what the API has no name for. */
  textAlign: Schema.optionalKey(Open.literals(["left", "center", "right", "unknown"])),
  /** Where the text is from top to bottom. `unknown` for what the API has no name for. */
  textAlignVertical: Schema.optionalKey(Open.literals(["top", "middle", "bottom", "unknown"]))
})

/**
 * A shape on a board.
 *
 * @category schemas
 */
export class Shape extends Open.named<Shape>()({
  ...itemFields,
  /** Tells a shape from other items. */
  type: Schema.Literal("shape"),
  /** The kind of shape, and the text on it. */
  data: Schema.optionalKey(ShapeData),
  /** How the shape looks. */
  style: Schema.optionalKey(ShapeStyle)
}) {}

/**
 * What may be set of a shape. Those called `flow_chart_or` and
 * `flow_chart_summing_junction` have no text, and lose it when they are made
 * of another; the three called `flow_chart_note_*` have no fill.
 *
 * @category inputs
 */
export const ShapeInput = Schema.Struct({
  /** The kind of shape, and the text on it. */
  data: Schema.optional(
    Schema.Struct({
      /** Plain text, or the HTML that Miro allows. */
      content: Schema.optional(Schema.String),
      /** What kind of shape it is: `rectangle` for a new one unless set. */
      shape: Schema.optional(ShapeKind)
    })
  ),
  /** How the shape looks: what is left out stays as it is. */
  style: Schema.optional(
    Schema.Struct({
      ...Struct.map(styleInput, Schema.optional),
      /** Where the text is from left to right. */
      textAlign: Schema.optional(Open.literals(["left", "center", "right"])),
      /** Where the text is from top to bottom. */
      textAlignVertical: Schema.optional(Open.literals(["top", "middle", "bottom"]))
    })
  ),
  /** Where to put the centre of the item. */
  position: Schema.optional(PositionInput),
  /** The size of the item. */
  geometry: Schema.optional(GeometryInput),
  /** The frame to put the item into, or `null` for the board itself. */
  parent: Schema.optional(ParentInput)
})

/** @category inputs */
export interface ShapeInput extends Schema.Schema.Type<typeof ShapeInput> {}
