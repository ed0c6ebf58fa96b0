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
  /** HTML. */
  content: Schema.optionalKey(Schema.String),
  shape: Schema.optionalKey(ShapeKind)
})

const style = {
  /** A hex value. */
  borderColor: Schema.String,
  /** Between `0.0` and `1.0`, as a string. */
  borderOpacity: Schema.String,
  borderStyle: Open.literals(["normal", "dotted", "dashed"]),
  /** Between `1.0` and `24.0` dp, as a string. */
  borderWidth: Schema.String,
  /** The colour of the text, a hex value. */
  color: Schema.String,
  /** A hex value. */
  fillColor: Schema.String,
  /** Between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.String,
  fontFamily: FontFamily,
  /** Between `10` and `288` dp, as a string. */
  fontSize: Schema.String
}

const styleInput = {
  ...style,
  /** Between `0.0` and `1.0`, as a string. */
  borderOpacity: Schema.String.check(Limits.betweenText(0, 1)),
  /** Between `1.0` and `24.0` dp, as a string. */
  borderWidth: Schema.String.check(Limits.betweenText(1, 24)),
  /** Between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.String.check(Limits.betweenText(0, 1)),
  /** Between `10` and `288` dp, as a string. */
  fontSize: Schema.String.check(Limits.betweenText(10, 288))
}

const ShapeStyle = Open.struct({
  ...Struct.map(style, Schema.optionalKey),
  textAlign: Schema.optionalKey(Open.literals(["left", "center", "right", "unknown"])),
  textAlignVertical: Schema.optionalKey(Open.literals(["top", "middle", "bottom", "unknown"]))
})

/**
 * A shape on a board.
 *
 * @category schemas
 */
export class Shape extends Open.named<Shape>()({
  ...itemFields,
  type: Schema.Literal("shape"),
  data: Schema.optionalKey(ShapeData),
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
  data: Schema.optional(
    Schema.Struct({
      /** Plain text, or the HTML that Miro allows. */
      content: Schema.optional(Schema.String),
      shape: Schema.optional(ShapeKind)
    })
  ),
  style: Schema.optional(
    Schema.Struct({
      ...Struct.map(styleInput, Schema.optional),
      textAlign: Schema.optional(Open.literals(["left", "center", "right"])),
      textAlignVertical: Schema.optional(Open.literals(["top", "middle", "bottom"]))
    })
  ),
  position: Schema.optional(PositionInput),
  geometry: Schema.optional(GeometryInput),
  parent: Schema.optional(ParentInput)
})

/** @category inputs */
export interface ShapeInput extends Schema.Schema.Type<typeof ShapeInput> {}
