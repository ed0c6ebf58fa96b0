import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Tags from "../../boards/Tags.ts"
import { boardOf } from "./boards.ts"
import type { Item, Tag } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import { toGenericJson } from "./itemJson.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import type { Board } from "./store.ts"
import { nextItem } from "./store.ts"
import * as validation from "./validation.ts"

const { fields } = Tags.TagInput

const decodeCreation = validation.bodyDecoder(Tags.TagInput)

const decodeChange = validation.bodyDecoder(Schema.Struct({ ...fields, title: Schema.optional(fields.title) }))

/** A tag as lists have it. */
const toRow = ({ fillColor, id, title }: Tag) => ({ id, title, fillColor, type: "tag" })

const toJson = (board: Board, tag: Tag, { origin }: AuthenticatedCall) => ({
  ...toRow(tag),
  links: { self: `${origin}/v2/boards/${encodeURIComponent(board.id)}/tags/${tag.id}` }
})

const findTag = (board: Board, id: string): Refusable<Tag> =>
  Result.fromNullishOr(board.tags.get(id), () => errors.tagNotFound(board.id))

const locate = (call: AuthenticatedCall): Refusable<{ readonly board: Board; readonly tag: Tag }> =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    return { board, tag: yield* findTag(board, call.params["tag_id"] ?? "") }
  })

/** Whether the query of a request names a tag. */
export const isNamed = ({ query }: AuthenticatedCall): boolean => Boolean(query.get("tag_id"))

const named = (call: AuthenticatedCall, board: Board): Refusable<Tag> => findTag(board, call.query.get("tag_id") ?? "")

// The title of another tag of the board cannot be taken.
const write = (board: Board, tag: Tag): Refusable<Tag> => {
  const isTaken = Array.from(board.tags.values()).some(({ id, title }) => id !== tag.id && title === tag.title)
  if (isTaken) return Result.fail(errors.invalidParameter("title", `Tag with title [${tag.title}] already exists`))
  board.tags.set(tag.id, tag)
  return Result.succeed(tag)
}

const create = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const { fillColor = "red", title } = yield* decodeCreation(call.body)
    const tag = yield* write(board, { ...nextItem(call.store), title, fillColor })
    return HttpServerResponse.jsonUnsafe(toJson(board, tag, call), { status: 201 })
  })

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call), ({ board, tag }) => HttpServerResponse.jsonUnsafe(toJson(board, tag, call)))

const update = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { board, tag } = yield* locate(call)
    const { fillColor = tag.fillColor, title = tag.title } = yield* decodeChange(call.body)
    const changed = yield* write(board, { ...tag, title, fillColor })
    return HttpServerResponse.jsonUnsafe(toJson(board, changed, call))
  })

const without = (item: Item, tagId: string): Item => ({ ...item, tagIds: item.tagIds.filter((id) => id !== tagId) })

const remove = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call), ({ board, tag }) => {
    board.tags.delete(tag.id)
    for (const item of board.items.values()) {
      if (item.tagIds.includes(tag.id)) board.items.set(item.id, without(item, tag.id))
    }
    return HttpServerResponse.empty()
  })

const page = (call: AuthenticatedCall) =>
  Result.all({
    limit: paging.limit(call, { noun: "tags", minimum: 1, maximum: 50, fallback: 20 }),
    offset: paging.offset(call)
  })

const list = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const options = { ...(yield* page(call)), filters: {}, toJson: toRow }
    return HttpServerResponse.jsonUnsafe(paging.offsetPage(call, Array.from(board.tags.values()), options))
  })

/** The items of a board that have the tag of the query. */
export const listItems = (call: AuthenticatedCall, board: Board): FullResponse =>
  Result.gen(function* () {
    const { id } = yield* named(call, board)
    const tagged = Array.from(board.items.values()).filter(({ tagIds }) => tagIds.includes(id))
    const options = {
      ...(yield* page(call)),
      filters: { tag_id: id },
      toJson: (item: Item) => toGenericJson(board, item, call)
    }
    return HttpServerResponse.jsonUnsafe(paging.offsetPage(call, tagged, options))
  })

export const ofItem = (board: Board, { tagIds }: Item): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe({
    tags: tagIds.flatMap((id) => {
      const tag = board.tags.get(id)
      return tag === undefined ? [] : [toRow(tag)]
    })
  })

const most = 8

const taggable = ["card", "sticky_note"]

/** Puts the tag of the query on an item. One that has it keeps it. */
export const attach = (call: AuthenticatedCall, board: Board, item: Item): FullResponse =>
  Result.gen(function* () {
    const { id } = yield* named(call, board)
    if (!taggable.includes(item.type)) {
      return yield* Result.fail(errors.invalidParameter("", `Items of type [${item.type}] cannot have tags`))
    }
    const tagIds = item.tagIds.includes(id) ? item.tagIds : [...item.tagIds, id]
    if (tagIds.length > most) {
      return yield* Result.fail(errors.invalidParameter("tag_id", `An item can have ${most} tags`))
    }
    board.items.set(item.id, { ...item, tagIds })
    return HttpServerResponse.empty()
  })

/** Takes the tag of the query off an item. */
export const detach = (call: AuthenticatedCall, board: Board, item: Item): FullResponse =>
  Result.gen(function* () {
    const { id } = yield* named(call, board)
    if (!item.tagIds.includes(id)) return yield* Result.fail(errors.tagNotFound(board.id))
    board.items.set(item.id, without(item, id))
    return HttpServerResponse.empty()
  })

export const routes: ReadonlyArray<Route> = [
  { method: "POST", path: "/v2/boards/{board_id}/tags", level: 1, handle: create },
  { method: "GET", path: "/v2/boards/{board_id}/tags", level: 1, handle: list },
  { method: "GET", path: "/v2/boards/{board_id}/tags/{tag_id}", level: 1, handle: get },
  { method: "PATCH", path: "/v2/boards/{board_id}/tags/{tag_id}", level: 1, handle: update },
  { method: "DELETE", path: "/v2/boards/{board_id}/tags/{tag_id}", level: 1, handle: remove }
]
