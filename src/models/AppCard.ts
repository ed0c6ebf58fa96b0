/**
 * A card on a board that an app keeps in step with a source of its own.
 */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { GeometryInput } from "./Geometry.ts"
import { itemFields } from "./ItemFields.ts"
import * as Open from "./Open.ts"
import { ParentInput } from "./Parent.ts"
import { PositionInput } from "./Position.ts"

/**
 * @category schemas
 */
export const AppCardStatus = Open.literals(["disconnected", "connected", "disabled"])

const shownFields = {
  value: Schema.String,
  tooltip: Schema.String,
  /** A hex value. */
  fillColor: Schema.String,
  /** A hex value. */
  textColor: Schema.String,
  /** Where a JPEG, PNG or SVG image is, over HTTPS. */
  iconUrl: Schema.String,
  iconShape: Open.literals(["round", "square"])
}

/**
 * A field that an app card shows below its title.
 *
 * @category schemas
 */
export class AppCardField extends Open.named<AppCardField>()(Struct.map(shownFields, Schema.optionalKey)) {}

/**
 * A field for an app card to show below its title.
 *
 * @category inputs
 */
export const AppCardFieldInput = Schema.Struct(Struct.map(shownFields, Schema.optional))

/** @category inputs */
export interface AppCardFieldInput extends Schema.Schema.Type<typeof AppCardFieldInput> {}

const AppCardData = Open.struct({
  title: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  status: Schema.optionalKey(AppCardStatus),
  /** Whether the card belongs to the app that makes the call. */
  owned: Schema.optionalKey(Schema.Boolean),
  fields: Schema.optionalKey(Schema.Array(AppCardField))
})

const AppCardStyle = Open.struct({
  /** The colour of the border, a hex value. */
  fillColor: Schema.optionalKey(Schema.String)
})

/**
 * A card on a board that an app keeps in step with a source of its own.
 *
 * @category schemas
 */
export class AppCard extends Open.named<AppCard>()({
  ...itemFields,
  type: Schema.Literal("app_card"),
  data: Schema.optionalKey(AppCardData),
  style: Schema.optionalKey(AppCardStyle)
}) {}

const dataInput = {
  title: Schema.optional(Schema.String),
  description: Schema.optional(Schema.String),
  /** Whether the card is in step with its source; `disabled` when that is gone. */
  status: Schema.optional(AppCardStatus),
  fields: Schema.optional(Schema.Array(AppCardFieldInput))
}

const common = {
  style: Schema.optional(
    Schema.Struct({
      /** The colour of the border, a hex value. */
      fillColor: Schema.optional(Schema.String)
    })
  ),
  position: Schema.optional(PositionInput),
  geometry: Schema.optional(GeometryInput),
  parent: Schema.optional(ParentInput)
}

/**
 * An app card to be put on a board.
 *
 * @category inputs
 */
export const AppCardInput = Schema.Struct({
  data: Schema.optional(Schema.Struct(dataInput)),
  ...common
})

/** @category inputs */
export interface AppCardInput extends Schema.Schema.Type<typeof AppCardInput> {}

/**
 * What is to be changed of an app card.
 *
 * @category inputs
 */
export const AppCardChanges = Schema.Struct({
  data: Schema.optional(
    Schema.Struct({
      ...dataInput,
      /** `null` takes the description away. */
      description: Schema.optional(Schema.NullOr(Schema.String))
    })
  ),
  ...common
})

/** @category inputs */
export interface AppCardChanges extends Schema.Schema.Type<typeof AppCardChanges> {}
