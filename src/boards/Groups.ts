/**
 * Groups of items on a board. Those of users are `UserGroups`.
 *
 * @see https://developers.miro.com/reference/get-all-groups
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import { Id } from "../models/Id.ts"
import * as Limits from "../models/Limits.ts"
import { Links } from "../models/Links.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

/**
 * A group of items on a board.
 *
 * @category schemas
 */
export class Group extends Open.named<Group>()({
  /** The id of the group. */
  id: Schema.String,
  /** The kind of the resource: `group`. */
  type: Schema.optionalKey(Schema.String),
  /** What is in the group. */
  data: Schema.optionalKey(
    Open.struct({
      /** The ids of the items. */
      items: Schema.Array(Schema.String)
    })
  ),
  /** Links to the group in the API. */
  links: Schema.optionalKey(Links)
}) {}

/**
 * The items that make up a group.
 *
 * @category inputs
 */
export const GroupInput = Schema.Struct({
  /** What is to be in the group. */
  data: Schema.Struct({
    /** The ids of the items, at least two. A group cannot be in another. */
    items: Schema.Array(Id).check(Limits.elements(2, Infinity))
  })
})

/** @category inputs */
export interface GroupInput extends Schema.Schema.Type<typeof GroupInput> {}

/**
 * Lists the groups of a board. A page has 10 to 50 groups, 10 unless set.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-all-groups
 */
export const list = Operation.list({
  id: "get-all-groups",
  name: "Groups.list",
  method: "GET",
  path: "/v2/boards/{boardId}/groups",
  scope: "boards:read",
  level: 2,
  query: Schema.Struct(Page.cursorQueryWithin(10, 50)),
  success: Page.cursor(Group),
  pagination: Pagination.cursor({ maximum: 50 })
})

/**
 * Groups items.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/creategroup
 */
export const create = Operation.make({
  id: "createGroup",
  name: "Groups.create",
  method: "POST",
  path: "/v2/boards/{boardId}/groups",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: GroupInput,
  success: Group
})

/**
 * Gets a group, with the ids of its items.
 *
 * Scope `boards:read`, level 2. Miro's reference has it for each item of the
 * group; `RateLimit`, which cannot know how many there are, counts it once.
 *
 * @category operations
 * @see https://developers.miro.com/reference/getgroupbyid
 */
export const get = Operation.make({
  id: "getGroupById",
  name: "Groups.get",
  method: "GET",
  path: "/v2/boards/{boardId}/groups/{groupId}",
  scope: "boards:read",
  level: 2,
  success: Group
})

/**
 * Puts a new group in the place of a group. The one that it gives has another
 * id, and only the items that are given.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/updategroup
 */
export const update = Operation.make({
  id: "updateGroup",
  name: "Groups.update",
  method: "PUT",
  path: "/v2/boards/{boardId}/groups/{groupId}",
  scope: "boards:write",
  level: 2,
  isIdempotent: false,
  body: GroupInput,
  success: Group
})

/**
 * Dissolves a group and keeps its items, unless told otherwise.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/ungroup
 */
export const ungroup = Operation.make({
  id: "unGroup",
  name: "Groups.ungroup",
  method: "DELETE",
  path: "/v2/boards/{boardId}/groups/{groupId}",
  scope: "boards:write",
  level: 3,
  query: Schema.Struct({
    /** Whether the items are deleted too, which `delete` is for. */
    deleteItems: Schema.optional(Schema.Boolean)
  }).pipe(Schema.encodeKeys({ deleteItems: "delete_items" }))
})

/**
 * Deletes a group with all of its items, also those that are locked. It takes
 * `deleteItems: true`, so that a call says what it does; `ungroup` keeps the
 * items.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/deletegroup
 */
const delete_ = Operation.make({
  id: "deleteGroup",
  name: "Groups.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}/groups/{groupId}",
  scope: "boards:write",
  level: 3,
  query: Schema.Struct({
    // With `false` this would be `ungroup`: to Miro, both are one request.
    /** `true`, which is what tells this from `ungroup`: the items are deleted too. */
    deleteItems: Schema.Literal(true)
  }).pipe(Schema.encodeKeys({ deleteItems: "delete_items" }))
})

export { delete_ as delete }
