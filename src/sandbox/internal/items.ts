import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Result from "effect/Result"
import { boardOf } from "./boards.ts"
import type { File, Item } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import type { ItemChange, ItemDecoder, ItemKind } from "./itemKind.ts"
import { toGenericJson, toJson } from "./itemJson.ts"
import { codeWidget, shape } from "./contractKinds.ts"
import { decodePlacement, decodePosition, itemKinds } from "./itemKinds.ts"
import * as paging from "./paging.ts"
import { holdsContent, place } from "./placement.ts"
import { removeItem } from "./removal.ts"
import type { FullResponse, AuthenticatedCall, Route } from "./route.ts"
import type { Board } from "./store.ts"
import { nextItem } from "./store.ts"
import * as tags from "./tags.ts"

interface Located {
  readonly board: Board
  readonly item: Item
}

const findItem = (board: Board, id: string, kind?: ItemKind): Refusable<Item> => {
  const item = board.items.get(id)
  return item === undefined || (kind !== undefined && item.type !== kind.type)
    ? Result.fail(errors.itemNotFound(board.id))
    : Result.succeed(item)
}

const locate = (call: AuthenticatedCall, kind: ItemKind | undefined): Refusable<Located> =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const item = yield* findItem(board, call.params["item_id"] ?? "", kind)
    return { board, item }
  })

// Miro stores text as HTML: markup stays as it is, quotes around it do not.
const toStoredText = (text: string): string =>
  text.replace(/<\/?[a-z][^>]*>|"/gi, (match) => (match === '"' ? "&#34;" : match))

const toStoredData = (data: Item["data"], plain: ReadonlyArray<string> = []): Item["data"] =>
  Record.map(data, (value, name) => (Predicate.isString(value) && !plain.includes(name) ? toStoredText(value) : value))

const isLength = (length: number): boolean => length > 0 && Number.isFinite(length)

const changeItem = (board: Board, item: Item, change: ItemChange): Refusable<Item> =>
  Result.gen(function* () {
    const { parentId, position } = yield* place(board, item, change)
    const kind = itemKinds.find(({ type }) => type === item.type)
    const merged = Record.filter({ ...item.data, ...toStoredData(change.data ?? {}, kind?.plain) }, Predicate.isNotNull)
    const data = kind?.keep?.(merged) ?? merged
    const geometry = kind?.resize(data, change.geometry ?? {}, item.geometry) ?? item.geometry
    if (!isLength(geometry.width) || !isLength(geometry.height)) {
      return yield* Result.fail(errors.invalidParameter("geometry", "Must be greater than 0"))
    }
    const changed = { ...item, data, style: { ...item.style, ...change.style }, geometry, position, parentId }
    if (item.type === "frame" && change.geometry !== undefined && !holdsContent(board, changed)) {
      return yield* Result.fail(errors.invalidParameter("geometry", "items of the frame are outside of its boundaries"))
    }
    return changed
  })

// The sandbox has no network: what a link leads to is a text that says where.
const fetched = (change: ItemChange): { readonly change: ItemChange; readonly file?: File } => {
  const { url, ...data } = change.data ?? {}
  return Predicate.isString(url)
    ? { change: { ...change, data }, file: { bytes: new TextEncoder().encode(url), contentType: "text/plain" } }
    : { change }
}

const jsonOf = (kind: ItemKind | undefined) => (kind === undefined ? toGenericJson : toJson)

/** An item as a request describes it, which is not on the board yet. */
export const newItem = (call: AuthenticatedCall, board: Board, kind: ItemKind, description: string): Refusable<Item> =>
  Result.gen(function* () {
    const [upload] = call.uploads?.files ?? []
    const isLink = kind.file !== undefined && upload === undefined
    const described = yield* (isLink ? kind.file.decodeLink.creation : kind.decodeCreation)(description)
    const { change, file = upload } = fetched(described)
    const { now } = call.instant
    const { userId } = call.session
    const blank: Item = {
      ...nextItem(call.store),
      type: kind.type,
      data: kind.data,
      style: kind.style(change),
      position: { x: 0, y: 0 },
      geometry: kind.resize(kind.data, {}, undefined),
      parentId: change.parent?.id ?? undefined,
      tagIds: [],
      file,
      createdAt: now,
      createdBy: userId,
      modifiedAt: now,
      modifiedBy: userId
    }
    return yield* changeItem(board, blank, change)
  })

const create =
  (kind: ItemKind) =>
  (call: AuthenticatedCall): FullResponse =>
    Result.gen(function* () {
      const board = yield* boardOf(call)
      const item = yield* newItem(call, board, kind, call.uploads?.data ?? call.body)
      board.items.set(item.id, item)
      return HttpServerResponse.jsonUnsafe(toJson(board, item, call), { status: 201 })
    })

const get =
  (kind?: ItemKind) =>
  (call: AuthenticatedCall): FullResponse =>
    Result.map(locate(call, kind), ({ board, item }) => HttpServerResponse.jsonUnsafe(jsonOf(kind)(board, item, call)))

const update =
  (decode: ItemDecoder, kind?: ItemKind) =>
  (call: AuthenticatedCall): FullResponse =>
    Result.gen(function* () {
      const { board, item } = yield* locate(call, kind)
      const isLink = kind?.file !== undefined && call.uploads === undefined
      const described = yield* (isLink ? kind.file.decodeLink.change : decode)(call.uploads?.data ?? call.body)
      const { change, file: linked } = fetched(described)
      const changed = yield* changeItem(board, item, change)
      const file = call.uploads?.files[0] ?? linked ?? changed.file
      const written = { ...changed, file, modifiedAt: call.instant.now, modifiedBy: call.session.userId }
      board.items.set(item.id, written)
      return HttpServerResponse.jsonUnsafe(jsonOf(kind)(board, written, call))
    })

const remove =
  (kind?: ItemKind) =>
  (call: AuthenticatedCall): FullResponse =>
    Result.gen(function* () {
      const { board, item } = yield* locate(call, kind)
      // With a tag the same request takes the tag off the item. With an empty one it deletes the item.
      if (kind === undefined && tags.isNamed(call)) return yield* tags.detach(call, board, item)
      removeItem(board, item)
      return HttpServerResponse.empty()
    })

const attachTag = (call: AuthenticatedCall): FullResponse =>
  Result.flatMap(locate(call, undefined), ({ board, item }) => tags.attach(call, board, item))

const listTags = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call, undefined), ({ board, item }) => tags.ofItem(board, item))

const types = [
  "text",
  "shape",
  "sticky_note",
  "image",
  "document",
  "card",
  "app_card",
  "preview",
  "frame",
  "embed",
  "doc_format",
  "data_table_format"
]

const list =
  (kind?: ItemKind, listed = types) =>
  (call: AuthenticatedCall): FullResponse =>
    Result.gen(function* () {
      const board = yield* boardOf(call)
      if (tags.isNamed(call)) return yield* tags.listItems(call, board)
      const limit = yield* paging.limit(call, { noun: "items", minimum: 10, maximum: 50, fallback: 10 })
      const after = yield* paging.cursor(call)
      const type = kind?.type ?? (yield* paging.oneOf(call, "type", listed))
      const parentId = call.query.get("parent_item_id") || undefined
      if (parentId !== undefined) {
        yield* findItem(board, parentId)
      }
      const isWanted = (item: Item): boolean =>
        (type === undefined || item.type === type) && (parentId === undefined || item.parentId === parentId)
      return HttpServerResponse.jsonUnsafe(
        paging.cursorPage(call, board.items, {
          limit,
          after,
          isWanted: type === undefined && parentId === undefined ? undefined : isWanted,
          filters: { ...(kind === undefined && { type }), parent_item_id: parentId },
          toJson: (item) => jsonOf(kind)(board, item, call)
        })
      )
    })

const routesOf =
  (api: string) =>
  (kind: ItemKind): ReadonlyArray<Route> => {
    const collection = `${api}/boards/{board_id}/${kind.collection}`
    const item = `${collection}/{item_id}`
    const takesFiles = kind.file !== undefined
    return [
      { method: "POST", path: collection, level: 2, takesFiles, handle: create(kind) },
      { method: "GET", path: item, level: 1, handle: get(kind) },
      ...(kind.decodeChange === undefined
        ? []
        : [{ method: "PATCH", path: item, level: 2, takesFiles, handle: update(kind.decodeChange, kind) } as const]),
      { method: "DELETE", path: item, level: 3, handle: remove(kind) }
    ]
  }

const experimental = "/v2-experimental"

const codeWidgets = `${experimental}/boards/{board_id}/code_widgets`

export const routes: ReadonlyArray<Route> = [
  { method: "GET", path: "/v2/boards/{board_id}/items", level: 2, handle: list() },
  { method: "GET", path: "/v2/boards/{board_id}/items/{item_id}", level: 1, handle: get() },
  { method: "POST", path: "/v2/boards/{board_id}/items/{item_id}", level: 1, handle: attachTag },
  { method: "GET", path: "/v2/boards/{board_id}/items/{item_id}/tags", level: 1, handle: listTags },
  { method: "PATCH", path: "/v2/boards/{board_id}/items/{item_id}", level: 2, handle: update(decodePlacement) },
  { method: "DELETE", path: "/v2/boards/{board_id}/items/{item_id}", level: 3, handle: remove() },
  ...itemKinds.filter((kind) => kind !== codeWidget).flatMap(routesOf("/v2")),
  ...tags.routes,
  { method: "GET", path: `${experimental}/boards/{board_id}/items`, level: 2, handle: list(undefined, ["shape"]) },
  { method: "GET", path: `${experimental}/boards/{board_id}/items/{item_id}`, level: 1, handle: get() },
  { method: "DELETE", path: `${experimental}/boards/{board_id}/items/{item_id}`, level: 3, handle: remove() },
  ...[codeWidget, shape].flatMap(routesOf(experimental)),
  { method: "GET", path: codeWidgets, level: 2, handle: list(codeWidget) },
  { method: "PATCH", path: `${codeWidgets}/{item_id}/position`, level: 2, handle: update(decodePosition, codeWidget) }
]
