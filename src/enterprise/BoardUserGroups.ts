/**
 * The user groups that a board is shared with. For company admins, on the
 * Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-boards-get-groups
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

const Role = Open.literals(["VIEWER", "COMMENTER", "EDITOR"])

/**
 * A user group that a board is shared with.
 *
 * @category schemas
 */
export class BoardUserGroup extends Open.named<BoardUserGroup>()({
  /** The id of the user group. */
  id: Schema.String,
  /** What the users of the group are on the board. */
  role: Role,
  /** The kind of the resource: `board-user-group`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * Lists the user groups that a board is shared with. A page has 1 to 100
 * groups, 100 unless set.
 *
 * Scopes `organizations:groups:read` and `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-boards-get-groups
 */
export const list = Operation.list({
  id: "enterprise-boards-get-groups",
  name: "BoardUserGroups.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/boards/{boardId}/groups",
  scope: ["organizations:groups:read", "boards:read"],
  level: 1,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(BoardUserGroup),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Shares a board with user groups. Those that it is shared with already get
 * the role that is given.
 *
 * According to Miro, the response has one group however many were given.
 *
 * Scopes `organizations:groups:read` and `boards:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-boards-create-group
 */
export const share = Operation.make({
  id: "enterprise-boards-create-group",
  name: "BoardUserGroups.share",
  method: "POST",
  path: "/v2/orgs/{orgId}/boards/{boardId}/groups",
  scope: ["organizations:groups:read", "boards:write"],
  level: 1,
  body: Schema.Struct({
    /** The ids of the user groups. */
    userGroupIds: Schema.Array(Schema.String),
    /** What the users of the groups become on the board. */
    role: Role
  }),
  success: BoardUserGroup
})

/**
 * Stops sharing a board with a user group.
 *
 * Scopes `organizations:groups:read` and `boards:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-boards-delete-groups
 */
export const unshare = Operation.make({
  id: "enterprise-boards-delete-groups",
  name: "BoardUserGroups.unshare",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/boards/{boardId}/groups/{groupId}",
  scope: ["organizations:groups:read", "boards:write"],
  level: 1
})
