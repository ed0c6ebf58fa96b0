/**
 * A shape on a board.
 */
import * as Schema from "effect/Schema"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"

const ShapeData = Open.struct({
  /** HTML. */
  content: Schema.optionalKey(Schema.String),
  shape: Schema.optionalKey(
    Open.literals([
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
      "flow_chart_predefined_process",
      "cloud",
      "cross",
      "can",
      "right_arrow",
      "left_arrow",
      "left_right_arrow",
      "left_brace",
      "right_brace"
    ])
  )
})

const ShapeStyle = Open.struct({
  /** A hex value. */
  borderColor: Schema.optionalKey(Schema.String),
  /** Between `0.0` and `1.0`, as a string. */
  borderOpacity: Schema.optionalKey(Schema.String),
  borderStyle: Schema.optionalKey(Open.literals(["normal", "dotted", "dashed"])),
  /** In dp, as a string. */
  borderWidth: Schema.optionalKey(Schema.String),
  /** A hex value. */
  color: Schema.optionalKey(Schema.String),
  /** A hex value. */
  fillColor: Schema.optionalKey(Schema.String),
  /** Between `0.0` and `1.0`, as a string. */
  fillOpacity: Schema.optionalKey(Schema.String),
  fontFamily: Schema.optionalKey(Schema.String),
  /** In dp, as a string. */
  fontSize: Schema.optionalKey(Schema.String),
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
