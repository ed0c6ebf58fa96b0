/**
 * Connectors, the lines between items.
 *
 * @see https://developers.miro.com/reference/get-connectors
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Id } from "../models/Id.ts"
import * as Limits from "../models/Limits.ts"
import { Links } from "../models/Links.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { ItemUserReference } from "../models/Reference.ts"
import { Timestamp } from "../models/Timestamp.ts"

/**
 * The course of a connector's line.
 *
 * @category schemas
 */
export const ConnectorShape = Open.literals(["straight", "elbowed", "curved"])

const strokeCaps = [
  "none",
  "stealth",
  "rounded_stealth",
  "diamond",
  "filled_diamond",
  "oval",
  "filled_oval",
  "arrow",
  "triangle",
  "filled_triangle",
  "erd_one",
  "erd_many",
  "erd_only_one",
  "erd_zero_or_one",
  "erd_one_or_many",
  "erd_zero_or_many"
] as const

/**
 * The end of a connector's line. Miro responds with `unknown` for those that its API
 * has no name for.
 *
 * @category schemas
 */
export const StrokeCap = Open.literals([...strokeCaps, "unknown"])

/**
 * The end of a connector's line, to be drawn.
 *
 * @category inputs
 */
export const StrokeCapInput = Open.literals(strokeCaps)

const StrokeStyle = Open.literals(["normal", "dotted", "dashed"])
const TextAlignVertical = Open.literals(["top", "middle", "bottom"])
const TextOrientation = Open.literals(["horizontal", "aligned"])

const ConnectorEnd = Open.struct({
  /** The id of the item that the connector is attached to. */
  id: Schema.optionalKey(Schema.String),
  /** Where on the item, in percent from its top left corner. */
  position: Schema.optionalKey(
    Open.struct({
      /** From `0%` to `100%`. */
      x: Schema.optionalKey(Schema.String),
      /** From `0%` to `100%`. */
      y: Schema.optionalKey(Schema.String)
    })
  ),
  /** Links to the item in the API. */
  links: Schema.optionalKey(Links)
})

const Caption = Open.struct({
  /** The text, as HTML. */
  content: Schema.String,
  /** How far along the line, from `0%` to `100%`. */
  position: Schema.optionalKey(Schema.String),
  /** Whether the caption is above, on or below the line. */
  textAlignVertical: Schema.optionalKey(TextAlignVertical)
})

const ConnectorStyle = Open.struct({
  /** The colour of the captions, a hex value. */
  color: Schema.optionalKey(Schema.String),
  /** What the line looks like where it ends. */
  endStrokeCap: Schema.optionalKey(StrokeCap),
  /** The size of the captions, in dp, as a string. */
  fontSize: Schema.optionalKey(Schema.String),
  /** What the line looks like where it starts. */
  startStrokeCap: Schema.optionalKey(StrokeCap),
  /** The colour of the line, a hex value. */
  strokeColor: Schema.optionalKey(Schema.String),
  /** How the line is drawn. */
  strokeStyle: Schema.optionalKey(StrokeStyle),
  /** The thickness of the line, in dp, as a string. */
  strokeWidth: Schema.optionalKey(Schema.String),
  /** How the captions lie: level, or along the line. */
  textOrientation: Schema.optionalKey(TextOrientation)
})

/**
 * A connector on a board.
 *
 * @category schemas
 */
export class Connector extends Open.named<Connector>()({
  /** The id of the connector, a decimal number in a string. */
  id: Schema.String,
  /** The kind of the resource: `connector`. */
  type: Schema.optionalKey(Schema.String),
  /** The item that the line starts at. Absent if that end is attached to nothing. */
  startItem: Schema.optionalKey(ConnectorEnd),
  /** The item that the line ends at. Absent if that end is attached to nothing. */
  endItem: Schema.optionalKey(ConnectorEnd),
  /** The course of the line. */
  shape: Schema.optionalKey(ConnectorShape),
  /** The texts on the line. */
  captions: Schema.optionalKey(Schema.Array(Caption)),
  /** How the line and its captions look. */
  style: Schema.optionalKey(ConnectorStyle),
  /** When the connector was created. */
  createdAt: Schema.optionalKey(Timestamp),
  /** The user who created the connector. */
  createdBy: Schema.optionalKey(ItemUserReference),
  /** When the connector was last changed. */
  modifiedAt: Schema.optionalKey(Timestamp),
  /** The user who last changed the connector. */
  modifiedBy: Schema.optionalKey(ItemUserReference),
  /** Links to the connector in the API. */
  links: Schema.optionalKey(Links),
  /** False for a connector that the API cannot change, and may not show all of. */
  isSupported: Schema.optionalKey(Schema.Boolean)
}) {}

const Percentage = Schema.String.check(Limits.percentage)

/**
 * An item to attach a connector to, and where: by a `position` or a `snapTo`,
 * not both. Without either, Miro takes `snapTo: "auto"`.
 *
 * @category inputs
 */
export const ConnectorEndInput = Schema.Struct({
  /** The id of the item, which cannot be a frame. The two ends need different items. */
  id: Schema.optional(Id),
  /** A point on the item, in percent from its top left corner. */
  position: Schema.optional(
    Schema.Struct({
      /** From `0%` to `100%`. */
      x: Schema.optional(Percentage),
      /** From `0%` to `100%`. */
      y: Schema.optional(Percentage)
    })
  ),
  /** The middle of a side of the item, or the point that Miro finds best. */
  snapTo: Schema.optional(Open.literals(["auto", "top", "right", "bottom", "left"]))
}).check(
  Schema.makeFilter(({ position, snapTo }) => position === undefined || snapTo === undefined, {
    expected: "a position or a snapTo, not both"
  })
)

/** @category inputs */
export interface ConnectorEndInput extends Schema.Schema.Type<typeof ConnectorEndInput> {}

const look = {
  /** The course of the line. */
  shape: Schema.optional(ConnectorShape),
  /** The texts on the line, at most 20. */
  captions: Schema.optional(
    Schema.Array(
      Schema.Struct({
        /** Plain text, or the HTML that Miro allows; at most 200 characters. */
        content: Schema.String.check(Limits.shownCharacters(0, 200)),
        /** How far along the line, from `0%` to `100%`. */
        position: Schema.optional(Percentage),
        /** Whether the caption is above, on or below the line. */
        textAlignVertical: Schema.optional(TextAlignVertical)
      })
    ).check(Limits.elements(0, 20))
  ),
  /** How the line and its captions look. */
  style: Schema.optional(
    Schema.Struct({
      /** The colour of the captions, a hex value. */
      color: Schema.optional(Schema.String),
      /** What the line looks like where it ends. */
      endStrokeCap: Schema.optional(StrokeCapInput),
      /** The size of the captions, from 10 to 288 dp, as a string. */
      fontSize: Schema.optional(Schema.String.check(Limits.betweenText(10, 288))),
      /** What the line looks like where it starts. */
      startStrokeCap: Schema.optional(StrokeCapInput),
      /** The colour of the line, a hex value. */
      strokeColor: Schema.optional(Schema.String),
      /** How the line is drawn. */
      strokeStyle: Schema.optional(StrokeStyle),
      /** The thickness of the line, from 1 to 24 dp, as a string. */
      strokeWidth: Schema.optional(Schema.String.check(Limits.betweenText(1, 24))),
      /** How the captions lie: level, or along the line. */
      textOrientation: Schema.optional(TextOrientation)
    })
  )
}

/**
 * A connector to be drawn.
 *
 * @category inputs
 */
export const ConnectorInput = Schema.Struct({
  /** The item that the line starts at, and where. */
  startItem: ConnectorEndInput,
  /** The item that the line ends at, and where. */
  endItem: ConnectorEndInput,
  ...look
})

/** @category inputs */
export interface ConnectorInput extends Schema.Schema.Type<typeof ConnectorInput> {}

/**
 * What is to be changed of a connector.
 *
 * @category inputs
 */
export const ConnectorChanges = Schema.Struct({
  /** The item that the line starts at, and where. */
  startItem: Schema.optional(ConnectorEndInput),
  /** The item that the line ends at, and where. */
  endItem: Schema.optional(ConnectorEndInput),
  ...look
})

/** @category inputs */
export interface ConnectorChanges extends Schema.Schema.Type<typeof ConnectorChanges> {}

/**
 * Lists the connectors of a board. A page has 10 to 50 connectors, 10 unless
 * set.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-connectors
 */
export const list = Operation.list({
  id: "get-connectors",
  name: "Connectors.list",
  method: "GET",
  path: "/v2/boards/{boardId}/connectors",
  scope: "boards:read",
  level: 2,
  query: Schema.Struct(Page.cursorQueryWithin(10, 50)),
  success: Page.cursor(Connector),
  pagination: Pagination.cursor({ maximum: 50 })
})

/**
 * Draws a connector between two items.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-connector
 */
export const create = Operation.make({
  id: "create-connector",
  name: "Connectors.create",
  method: "POST",
  path: "/v2/boards/{boardId}/connectors",
  scope: "boards:write",
  level: 2,
  body: ConnectorInput,
  success: Connector
})

/**
 * Gets a connector.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-connector
 */
export const get = Operation.make({
  id: "get-connector",
  name: "Connectors.get",
  method: "GET",
  path: "/v2/boards/{boardId}/connectors/{connectorId}",
  scope: "boards:read",
  level: 1,
  success: Connector
})

/**
 * Changes what is given of a connector, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-connector
 */
export const update = Operation.make({
  id: "update-connector",
  name: "Connectors.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/connectors/{connectorId}",
  scope: "boards:write",
  level: 2,
  body: ConnectorChanges,
  success: Connector
})

const notDrawable = ({ endItem, isSupported, startItem }: Connector) =>
  isSupported === false
    ? { path: [], message: "cannot be drawn again, since the API does not support this connector" }
    : startItem?.id === undefined
      ? { path: ["startItem", "id"], message: "is missing: the connector begins at no item" }
      : endItem?.id === undefined
        ? { path: ["endItem", "id"], message: "is missing: the connector ends at no item" }
        : undefined

/**
 * The input that draws the same connector again: for `create` or `update`, on
 * the same board or another. Fields that only Miro sets are left out. Its ends
 * are the same items unless you change them. A stroke cap that the API has no
 * name for is left out. Fails with `InvalidInput` for a connector that is not
 * attached to an item at both ends, or that the API does not support.
 *
 * @category inputs
 */
export const toInput: (item: Connector) => Effect.Effect<ConnectorInput, MiroError> = ToInput.make(
  "Connectors.toInput",
  ConnectorInput,
  create,
  { problem: notDrawable }
)

/**
 * Deletes a connector, and leaves the items that it is attached to.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-connector
 */
const delete_ = Operation.make({
  id: "delete-connector",
  name: "Connectors.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/connectors/{connectorId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
