/**
 * Code widgets, which show source code on a board. Miro calls this part of its
 * API experimental, and may change it without notice.
 *
 * @see https://developers.miro.com/reference/get-code-widget-items
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { GeometryInput } from "../models/Geometry.ts"
import { itemFields } from "../models/ItemFields.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { ParentInput } from "../models/Parent.ts"
import { PositionInput } from "../models/Position.ts"

/**
 * A code widget on a board.
 *
 * @category schemas
 */
export class CodeWidget extends Open.named<CodeWidget>()({
  ...itemFields,
  /** The kind of the item, such as `code`. */
  type: Schema.String,
  /** The widget's code, and how it is shown. */
  data: Schema.optionalKey(
    Open.struct({
      /** The code, as plain text. */
      code: Schema.optionalKey(Schema.String),
      /** The language that the code is highlighted as. */
      language: Schema.optionalKey(Schema.String),
      /** Whether the lines are numbered. */
      lineNumbersVisible: Schema.optionalKey(Schema.Boolean),
      /** The title above the code. */
      title: Schema.optionalKey(Schema.String)
    })
  )
}) {}

/**
 * What may be set of a code widget.
 *
 * @category inputs
 */
export const CodeWidgetInput = Schema.Struct({
  /** The widget's code, and how to show it: what is left out stays as it is. */
  data: Schema.optional(
    Schema.Struct({
      /** The code, as plain text: at most 6,000 characters. */
      code: Schema.optional(Schema.String.check(Limits.characters(0, 6000))),
      /** The language to highlight the code as, such as `javascript`. */
      language: Schema.optional(Schema.String),
      /** Whether the lines are numbered. */
      lineNumbersVisible: Schema.optional(Schema.Boolean),
      /** The title above the code: at most 100 characters. */
      title: Schema.optional(Schema.String.check(Limits.characters(0, 100)))
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
export interface CodeWidgetInput extends Schema.Schema.Type<typeof CodeWidgetInput> {}

/**
 * Lists the code widgets of a board. A page has 10 to 50 widgets, 10 unless
 * set.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-code-widget-items
 */
export const list = Operation.list({
  id: "get-code-widget-items",
  name: "CodeWidgets.list",
  method: "GET",
  path: "/v2-experimental/boards/{boardId}/code_widgets",
  scope: "boards:read",
  level: 2,
  query: Schema.Struct(Page.cursorQueryWithin(10, 50)),
  success: Page.cursor(CodeWidget),
  pagination: Pagination.cursor({ maximum: 50 })
})

/**
 * Puts a code widget on a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-code-widget-item
 */
export const create = Operation.make({
  id: "create-code-widget-item",
  name: "CodeWidgets.create",
  method: "POST",
  path: "/v2-experimental/boards/{boardId}/code_widgets",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: CodeWidgetInput,
  success: CodeWidget
})

/**
 * Gets a code widget.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-code-widget-item
 */
export const get = Operation.make({
  id: "get-code-widget-item",
  name: "CodeWidgets.get",
  method: "GET",
  path: "/v2-experimental/boards/{boardId}/code_widgets/{itemId}",
  scope: "boards:read",
  level: 1,
  success: CodeWidget
})

/**
 * Changes what is given of a code widget, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-code-widget-item
 */
export const update = Operation.make({
  id: "update-code-widget-item",
  name: "CodeWidgets.update",
  method: "PATCH",
  path: "/v2-experimental/boards/{boardId}/code_widgets/{itemId}",
  scope: "boards:write",
  level: 2,
  body: CodeWidgetInput,
  success: CodeWidget
})

/**
 * Moves a code widget.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/move-code-widget-item
 */
export const move = Operation.make({
  id: "move-code-widget-item",
  name: "CodeWidgets.move",
  method: "PATCH",
  path: "/v2-experimental/boards/{boardId}/code_widgets/{itemId}/position",
  scope: "boards:write",
  level: 2,
  body: PositionInput,
  success: CodeWidget
})

/**
 * The input that makes the same code widget again: for `create` or `update`, on
 * the same board or another. Fields that only Miro sets are left out, and a
 * `parent` is the same frame unless you change it. Fails with `InvalidInput` for
 * a code widget that Miro gives no data of.
 *
 * @category inputs
 */
export const toInput: (item: CodeWidget) => Effect.Effect<CodeWidgetInput, MiroError> = ToInput.make(
  "CodeWidgets.toInput",
  CodeWidgetInput,
  create,
  { problem: ToInput.unsupported }
)

/**
 * Deletes a code widget.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-code-widget-item
 */
const delete_ = Operation.make({
  id: "delete-code-widget-item",
  name: "CodeWidgets.delete",
  method: "DELETE",
  path: "/v2-experimental/boards/{boardId}/code_widgets/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
