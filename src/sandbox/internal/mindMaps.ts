/** Mind maps of the experimental API: trees of nodes, which go with the node that they are a branch of. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as MindMapNodes from "../../experimental/MindMapNodes.ts"
import { boardOf } from "./boards.ts"
import * as collections from "./collections.ts"
import type { MindMapNode } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import { timestamp } from "./instant.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import type { Board } from "./store.ts"
import { nextItem } from "./store.ts"
import * as validation from "./validation.ts"

const decode = validation.bodyDecoder(MindMapNodes.MindMapNodeInput)

const locate = (call: AuthenticatedCall): Refusable<{ readonly board: Board; readonly node: MindMapNode }> =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const known = board.mindMapNodes.get(call.params["itemId"] ?? "")
    return { board, node: yield* Result.fromNullishOr(known, () => errors.itemNotFound(board.id)) }
  })

const toJson = (board: Board, node: MindMapNode, { origin }: AuthenticatedCall) => {
  const self = (id: string) => `${origin}/v2-experimental/boards/${encodeURIComponent(board.id)}/mindmap_nodes/${id}`
  const { content, id, parentId, position } = node
  return {
    id,
    type: "mindmap_node",
    data: {
      nodeView: { type: "text", data: { content }, style: { color: "#1a1a1a", fillOpacity: "0.0", fontSize: "24" } },
      isRoot: parentId === undefined,
      ...(parentId !== undefined && { direction: position.x < 0 ? "start" : "end" })
    },
    style: { nodeColor: "#2d9bf0", shape: parentId === undefined ? "pill" : "none" },
    ...(parentId !== undefined && { parent: { id: parentId, links: { self: self(parentId) } } }),
    links: { self: self(id) },
    createdAt: timestamp(node.createdAt),
    createdBy: { id: node.createdBy, type: "user" },
    modifiedAt: timestamp(node.modifiedAt),
    modifiedBy: { id: node.modifiedBy, type: "user" }
  }
}

const list = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const limit = yield* paging.limit(call, { noun: "items", minimum: 10, maximum: 50, fallback: 10 })
    const after = yield* paging.cursor(call)
    const row = (node: MindMapNode) => toJson(board, node, call)
    return HttpServerResponse.jsonUnsafe(
      paging.cursorPage(call, board.mindMapNodes, { limit, after, filters: {}, toJson: row })
    )
  })

const create = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const { data, parent, position } = yield* decode(call.body)
    const above = parent === undefined ? undefined : board.mindMapNodes.get(parent.id)
    if (parent !== undefined && above === undefined) return yield* Result.fail(errors.itemNotFound(board.id))
    const { now } = call.instant
    const { userId } = call.session
    const node: MindMapNode = {
      ...nextItem(call.store),
      content: data.nodeView.data?.content ?? "",
      // A branch grows to the right of where it comes from.
      position: { x: position?.x ?? (above === undefined ? 0 : above.position.x + 200), y: position?.y ?? 0 },
      parentId: above?.id,
      createdAt: now,
      createdBy: userId,
      modifiedAt: now,
      modifiedBy: userId
    }
    board.mindMapNodes.set(node.id, node)
    return HttpServerResponse.jsonUnsafe(toJson(board, node, call), { status: 201 })
  })

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call), ({ board, node }) => HttpServerResponse.jsonUnsafe(toJson(board, node, call)))

const removeBranch = ({ mindMapNodes }: Board, id: string): void => {
  const doomed = [id]
  for (const above of doomed) {
    mindMapNodes.delete(above)
    for (const node of mindMapNodes.values()) if (node.parentId === above) doomed.push(node.id)
  }
}

const remove = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call), ({ board, node }) => {
    removeBranch(board, node.id)
    return HttpServerResponse.empty()
  })

export const routes: ReadonlyArray<Route> = [
  collections.routeOf(MindMapNodes.list, list),
  collections.routeOf(MindMapNodes.create, create),
  collections.routeOf(MindMapNodes.get, get),
  collections.routeOf(MindMapNodes.delete, remove)
]
