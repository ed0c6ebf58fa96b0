/**
 * The tags of a board, and which items have them. Cards and sticky notes can
 * have tags.
 *
 * A board that is open in a browser shows what is changed here only after it
 * is loaded again.
 *
 * @see https://developers.miro.com/reference/get-tags-from-board
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as ToInput from "../client/operation/toInput.ts"
import * as Limits from "../models/Limits.ts"
import { Links } from "../models/Links.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { QueryId } from "../models/QueryId.ts"

/**
 * The colour of a tag, by its name.
 *
 * @category schemas
 */
export const TagColor = Open.literals([
  "red",
  "light_green",
  "cyan",
  "yellow",
  "magenta",
  "green",
  "blue",
  "gray",
  "violet",
  "dark_green",
  "dark_blue",
  "black"
])

/**
 * A tag of a board.
 *
 * @category schemas
 */
export class Tag extends Open.named<Tag>()({
  /** The id of the tag, a decimal number in a string. */
  id: Schema.String,
  /** The text of the tag. */
  title: Schema.String,
  /** The colour of the tag, by its name. */
  fillColor: TagColor,
  /** The kind of the resource: `tag`. */
  type: Schema.String,
  /** Links to the tag in the API. */
  links: Schema.optionalKey(Links)
}) {}

/**
 * Lists the tags of a board. A page has 1 to 50 tags, 20 unless set.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-tags-from-board
 */
export const list = Operation.list({
  id: "get-tags-from-board",
  name: "Tags.list",
  method: "GET",
  path: "/v2/boards/{boardId}/tags",
  scope: "boards:read",
  level: 1,
  query: Schema.Struct(Page.offsetQueryWithin(1, 50)),
  success: Page.offset(Tag),
  pagination: Pagination.offset({ maximum: 50 })
})

/**
 * Lists the tags of an item, all at once.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-tags-from-item
 */
export const listOnItem = Operation.make({
  id: "get-tags-from-item",
  name: "Tags.listOnItem",
  method: "GET",
  path: "/v2/boards/{boardId}/items/{itemId}/tags",
  scope: "boards:read",
  level: 1,
  success: Open.struct({
    /** The tags of the item. */
    tags: Schema.Array(Tag)
  })
})

const Title = Schema.String.check(Limits.characters(0, 120))

/**
 * What may be set of a tag.
 *
 * @category inputs
 */
export const TagInput = Schema.Struct({
  /** At most 120 characters. No other tag of the board may have the same title; capitals count. */
  title: Title,
  /** The colour of the tag, by its name: `red` unless set. */
  fillColor: Schema.optional(TagColor)
})

/** @category inputs */
export interface TagInput extends Schema.Schema.Type<typeof TagInput> {}

/**
 * Makes a tag for a board, red unless it is given a colour.
 *
 * Scope `boards:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-tag
 */
export const create = Operation.make({
  id: "create-tag",
  name: "Tags.create",
  method: "POST",
  path: "/v2/boards/{boardId}/tags",
  scope: "boards:write",
  level: 1,
  status: 201,
  body: TagInput,
  success: Tag
})

/**
 * Gets a tag. Though it only reads, Miro asks for the scope to write.
 *
 * Scope `boards:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-tag
 */
export const get = Operation.make({
  id: "get-tag",
  name: "Tags.get",
  method: "GET",
  path: "/v2/boards/{boardId}/tags/{tagId}",
  scope: "boards:write",
  level: 1,
  success: Tag
})

/**
 * Changes what is given of a tag, and leaves the rest as it is.
 *
 * Scope `boards:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-tag
 */
export const update = Operation.make({
  id: "update-tag",
  name: "Tags.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/tags/{tagId}",
  scope: "boards:write",
  level: 1,
  body: Schema.Struct({
    /** At most 120 characters. No other tag of the board may have the same title; capitals count. */
    title: Schema.optional(Title),
    /** The colour of the tag, by its name. */
    fillColor: Schema.optional(TagColor)
  }),
  success: Tag
})

// Without the id of a tag, the request that takes a tag off an item deletes the item.
const TagQuery = Schema.Struct({
  /** The id of the tag. */
  tagId: QueryId
}).pipe(Schema.encodeKeys({ tagId: "tag_id" }))

/**
 * Puts a tag on an item. An item can have 8 tags.
 *
 * Scope `boards:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/attach-tag-to-item
 */
export const attach = Operation.make({
  id: "attach-tag-to-item",
  name: "Tags.attach",
  method: "POST",
  path: "/v2/boards/{boardId}/items/{itemId}",
  scope: "boards:write",
  level: 1,
  query: TagQuery
})

/**
 * Takes a tag off an item. The board keeps the tag.
 *
 * Scope `boards:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/remove-tag-from-item
 */
export const detach = Operation.make({
  id: "remove-tag-from-item",
  name: "Tags.detach",
  method: "DELETE",
  path: "/v2/boards/{boardId}/items/{itemId}",
  scope: "boards:write",
  level: 1,
  query: TagQuery
})

/**
 * The input that makes the same tag again: for `create` or `update`, on the same
 * board or another. Fields that only Miro sets are left out.
 *
 * @category inputs
 */
export const toInput: (item: Tag) => Effect.Effect<TagInput, MiroError> = ToInput.make("Tags.toInput", TagInput, create)

/**
 * Deletes a tag, and takes it off all items that have it.
 *
 * Scope `boards:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-tag
 */
const delete_ = Operation.make({
  id: "delete-tag",
  name: "Tags.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/tags/{tagId}",
  scope: "boards:write",
  level: 1
})

export { delete_ as delete }
