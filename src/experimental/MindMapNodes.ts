/**
 * The nodes of mind maps. Miro calls this part of its API experimental, and
 * may change it without notice.
 *
 * @see https://developers.miro.com/docs/mind-maps
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Id } from "../models/Id.ts"
import { itemFields } from "../models/ItemFields.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { Parent } from "../models/Parent.ts"
import { PositionInput } from "../models/Position.ts"

const NodeType = Open.literals(["text"])

const NodeView = Open.struct({
  /** What the node shows: text. */
  type: Schema.optionalKey(NodeType),
  /** The text of the node. */
  data: Schema.optionalKey(
    Open.struct({
      /** The text, as HTML. */
      content: Schema.String
    })
  ),
  /** How the text of the node looks. */
  style: Schema.optionalKey(
    Open.struct({
      /** The colour of the text, a hex value. */
      color: Schema.optionalKey(Schema.String),
      /** The opacity of the background, between `0.0` and `1.0`, as a string. */
      fillOpacity: Schema.optionalKey(Schema.String),
      /** The size of the text, in dp, as a string. */
      fontSize: Schema.optionalKey(Schema.String)
    })
  )
})

/**
 * A node of a mind map.
 *
 * @category schemas
 */
export class MindMapNode extends Open.named<MindMapNode>()({
  ...itemFields,
  /** The kind of the resource, as Miro names it. */
  type: Schema.String,
  /** The node that this one is a child of; the root has none. */
  parent: Schema.optionalKey(Parent),
  /** What the node says, and where in the mind map it is. */
  data: Schema.optionalKey(
    Open.struct({
      /** What is seen of the node. */
      nodeView: Schema.optionalKey(NodeView),
      /** Whether the node is the root of its mind map. */
      isRoot: Schema.optionalKey(Schema.Boolean),
      /** On which side of the root: `start` is left or above, `end` right or below. */
      direction: Schema.optionalKey(Open.literals(["start", "end"]))
    })
  ),
  /** How the node looks. */
  style: Schema.optionalKey(
    Open.struct({
      /** The colour of the border, a hex value. */
      nodeColor: Schema.optionalKey(Schema.String),
      /** The outline of the node. */
      shape: Schema.optionalKey(Open.literals(["pill", "rectangle", "rounded_rectangle", "none"])),
      /** The size of the text, in dp, as a string. */
      fontSize: Schema.optionalKey(Schema.String)
    })
  )
}) {}

/**
 * Lists the nodes of all mind maps of a board. `pages` and `items` ask for 50
 * nodes at a time unless told otherwise; Miro does not say how many a page has
 * at most, or without a `limit`.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-mindmap-nodes-experimental
 */
export const list = Operation.list({
  id: "get-mindmap-nodes-experimental",
  name: "MindMapNodes.list",
  method: "GET",
  path: "/v2-experimental/boards/{boardId}/mindmap_nodes",
  scope: "boards:read",
  level: 2,
  query: Schema.Struct(Page.cursorQuery),
  success: Page.cursor(MindMapNode),
  pagination: Pagination.cursor({ maximum: 50 })
})

/**
 * What may be set of a node.
 *
 * @category inputs
 */
export const MindMapNodeInput = Schema.Struct({
  /** What the node says. */
  data: Schema.Struct({
    /** What the node shows. */
    nodeView: Schema.Struct({
      /** The text of the node. */
      data: Schema.optional(
        Schema.Struct({
          /** What the node shows: text. */
          type: NodeType,
          /** The text of the node. */
          content: Schema.optional(Schema.String)
        })
      )
    })
  }),
  /** Where to put the centre of the node. */
  position: Schema.optional(PositionInput),
  /** The size of the node. */
  geometry: Schema.optional(
    Schema.Struct({
      /** In pixels. */
      width: Schema.optional(Schema.Finite)
    })
  ),
  /** The node that the new one is a child of. */
  parent: Schema.optional(
    Schema.Struct({
      /** The id of the node. */
      id: Id
    })
  )
})

/** @category inputs */
export interface MindMapNodeInput extends Schema.Schema.Type<typeof MindMapNodeInput> {}

/**
 * Puts a node on a board: a child of another node, or without a `parent` the
 * root of a new mind map. Miro does not lay nodes out, so one without a
 * `position` is in the middle of the board, over others that have none.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-mindmap-nodes-experimental
 */
export const create = Operation.make({
  id: "create-mindmap-nodes-experimental",
  name: "MindMapNodes.create",
  method: "POST",
  path: "/v2-experimental/boards/{boardId}/mindmap_nodes",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: MindMapNodeInput,
  success: MindMapNode
})

/**
 * Gets a node of a mind map.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-mindmap-node-experimental
 */
export const get = Operation.make({
  id: "get-mindmap-node-experimental",
  name: "MindMapNodes.get",
  method: "GET",
  path: "/v2-experimental/boards/{boardId}/mindmap_nodes/{itemId}",
  scope: "boards:read",
  level: 1,
  success: MindMapNode
})

// A response has the type of the view and its text side by side.
const withDataOfView = (node: MindMapNode) => {
  const { data, type = "text" } = node.data?.nodeView ?? {}
  return { ...node, data: { nodeView: { data: { ...data, type } } } }
}

/**
 * The input that makes the same node again, without the nodes below it. A
 * `parent` is the same node unless you change it. Fails with `InvalidInput` for
 * a node that Miro gives no data of.
 *
 * @category inputs
 */
export const toInput: (item: MindMapNode) => Effect.Effect<MindMapNodeInput, MiroError> = ToInput.make(
  "MindMapNodes.toInput",
  MindMapNodeInput,
  create,
  { arrange: withDataOfView, problem: ToInput.unsupported }
)

/**
 * Deletes a node of a mind map, and the nodes below it.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-mindmap-node-experimental
 */
const delete_ = Operation.make({
  id: "delete-mindmap-node-experimental",
  name: "MindMapNodes.delete",
  method: "DELETE",
  path: "/v2-experimental/boards/{boardId}/mindmap_nodes/{itemId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
