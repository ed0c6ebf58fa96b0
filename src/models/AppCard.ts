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
 * Whether an app card is connected with its source: `disabled` when the source
 * is gone.
 *
 * @category schemas
 */
export const AppCardStatus = Open.literals(["disconnected", "connected", "disabled"])

const shownFields = {
  /** The text of the field. */
  value: Schema.String,
  /** What is shown while the mouse is over the field. */
  tooltip: Schema.String,
  /** The colour behind the field, a hex value. */
  fillColor: Schema.String,
  /** The colour of the text, a hex value. */
  textColor: Schema.String,
  /** Where a JPEG, PNG or SVG image is, over HTTPS. */
  iconUrl: Schema.String,
  /** How the icon is cut out: as a circle or a square. */
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
  /** The header of the card. Some cards have none. */
  title: Schema.optionalKey(Schema.String),
  /** What the card is about. */
  description: Schema.optionalKey(Schema.String),
  /** Whether the card is connected with its source; `disabled` when the source is gone. */
  status: Schema.optionalKey(AppCardStatus),
  /** Whether the card belongs to the app that makes the call. */
  owned: Schema.optionalKey(Schema.Boolean),
  /** What the card shows below its title, in this order. */
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
  /** Tells an app card from other items. */
  type: Schema.Literal("app_card"),
  /** What the card says. Absent if Miro gives none of it. */
  data: Schema.optionalKey(AppCardData),
  /** How the card looks. */
  style: Schema.optionalKey(AppCardStyle)
}) {}

const dataInput = {
  /** The header of the card. */
  title: Schema.optional(Schema.String),
  /** What the card is about. */
  description: Schema.optional(Schema.String),
  /** Whether the card is in step with its source; `disabled` when that is gone. */
  status: Schema.optional(AppCardStatus),
  /** What the card shows below its title, in this order. */
  fields: Schema.optional(Schema.Array(AppCardFieldInput))
}

const common = {
  /** How the card looks. */
  style: Schema.optional(
    Schema.Struct({
      /** The colour of the border, a hex value. */
      fillColor: Schema.optional(Schema.String)
    })
  ),
  /** Where to put the centre of the item. */
  position: Schema.optional(PositionInput),
  /** The size of the item. */
  geometry: Schema.optional(GeometryInput),
  /** The frame to put the item into, or `null` for the board itself. */
  parent: Schema.optional(ParentInput)
}

/**
 * An app card to be put on a board.
 *
 * @category inputs
 */
export const AppCardInput = Schema.Struct({
  /** What the card says. */
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
  /** What the card says: fields that are left out stay as they are. */
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
