import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { boardOf } from "./boards.ts"
import type { Group, Item } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import { toGenericJson } from "./itemJson.ts"
import * as paging from "./paging.ts"
import { removeItem } from "./removal.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import type { Board } from "./store.ts"
import { nextItem } from "./store.ts"
import * as validation from "./validation.ts"

const decode = validation.bodyDecoder(Schema.Struct({ data: Schema.Struct({ items: Schema.Array(Schema.String) }) }))

const toJson = (board: Board, { id, items }: Group, { origin }: AuthenticatedCall) => ({
  id,
  type: "group",
  data: { items },
  links: { self: `${origin}/v2/boards/${encodeURIComponent(board.id)}/groups/${id}` }
})

const findGroup = (board: Board, id: string): Refusable<Group> =>
  Result.fromNullishOr(board.groups.get(id), () => errors.groupNotFound(board.id))

const locate = (call: AuthenticatedCall): Refusable<{ readonly board: Board; readonly group: Group }> =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    return { board, group: yield* findGroup(board, call.params["group_id"] ?? "") }
  })

// A new group in every case: Miro does not change one either.
const put = (call: AuthenticatedCall, board: Board, replaced?: Group): Refusable<Group> =>
  Result.gen(function* () {
    const { data } = yield* decode(call.body)
    const ids = [...new Set(data.items)]
    if (ids.length < 2) {
      return yield* Result.fail(errors.invalidParameter("data.items", "Group should have at least two items"))
    }
    for (const id of ids) {
      if (!board.items.has(id)) return yield* Result.fail(errors.itemNotFound(board.id))
      const isTaken = Array.from(board.groups.values()).some((group) => group !== replaced && group.items.includes(id))
      if (isTaken)
        return yield* Result.fail(errors.invalidParameter("data.items", `Item [${id}] is in a group already`))
    }
    if (replaced !== undefined) board.groups.delete(replaced.id)
    const group = { ...nextItem(call.store), items: ids }
    board.groups.set(group.id, group)
    return group
  })

const create = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    return HttpServerResponse.jsonUnsafe(toJson(board, yield* put(call, board), call), { status: 201 })
  })

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call), ({ board, group }) => HttpServerResponse.jsonUnsafe(toJson(board, group, call)))

const update = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { board, group } = yield* locate(call)
    return HttpServerResponse.jsonUnsafe(toJson(board, yield* put(call, board, group), call))
  })

const cut = (call: AuthenticatedCall) =>
  Result.all({
    limit: paging.limit(call, { noun: "items", minimum: 10, maximum: 50, fallback: 10 }),
    after: paging.cursor(call)
  })

const list = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const options = { ...(yield* cut(call)), toJson: (group: Group) => toJson(board, group, call) }
    return HttpServerResponse.jsonUnsafe(paging.rowsPage(Array.from(board.groups.values()), options))
  })

const listItems = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const { id, items } = yield* findGroup(board, call.query.get("group_item_id") ?? "")
    const all = Array.from(board.items.values()).filter((item) => items.includes(item.id))
    const toRow = (item: Item) => toGenericJson(board, item, call)
    const { data, ...page } = paging.rowsPage(all, { ...(yield* cut(call)), toJson: toRow })
    const total = all.length
    // The items are in a page of their own, within the group.
    const inner = { data, limit: page.limit, offset: 0, size: page.size, total, type: "list" }
    return HttpServerResponse.jsonUnsafe({ ...page, total, data: { id, type: "group", data: [inner] } })
  })

const ungroup = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call), ({ board, group }) => {
    board.groups.delete(group.id)
    for (const id of call.query.get("delete_items") === "true" ? group.items : []) {
      const item = board.items.get(id)
      if (item !== undefined) removeItem(board, item)
    }
    return HttpServerResponse.empty()
  })

const collection = "/v2/boards/{board_id}/groups"

export const routes: ReadonlyArray<Route> = [
  { method: "POST", path: collection, level: 2, handle: create },
  { method: "GET", path: collection, level: 2, handle: list },
  { method: "GET", path: `${collection}/items`, level: 2, handle: listItems },
  { method: "GET", path: `${collection}/{group_id}`, level: 2, handle: get },
  { method: "PUT", path: `${collection}/{group_id}`, level: 2, handle: update },
  { method: "DELETE", path: `${collection}/{group_id}`, level: 3, handle: ungroup }
]
