/**
 * The user groups of an organization. Boards and projects can be shared with a
 * group, and teams can have it as a member. For company admins, on the Enterprise
 * plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-groups
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

/**
 * A user group.
 *
 * @category schemas
 */
export class UserGroup extends Open.named<UserGroup>()({
  /** The id of the user group. */
  id: Schema.String,
  /** The name of the user group. */
  name: Schema.String,
  /** What the user group is for. */
  description: Schema.optionalKey(Schema.String),
  /** The kind of the resource: `user-group`. */
  type: Schema.String
}) {}

/**
 * Lists the user groups of an organization. A page has 1 to 100 groups, 100
 * unless set.
 *
 * Scope `organizations:groups:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-groups
 */
export const list = Operation.list({
  id: "enterprise-get-groups",
  name: "UserGroups.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/groups",
  scope: "organizations:groups:read",
  level: 1,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(UserGroup),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Creates a user group, which has no members yet.
 *
 * Scope `organizations:groups:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-create-group
 */
export const create = Operation.make({
  id: "enterprise-create-group",
  name: "UserGroups.create",
  method: "POST",
  path: "/v2/orgs/{orgId}/groups",
  scope: "organizations:groups:write",
  level: 1,
  status: 201,
  body: Schema.Struct({
    /** 1 to 60 characters. */
    name: Schema.String.check(Limits.characters(1, 60)),
    /** At most 300 characters. */
    description: Schema.optional(Schema.String.check(Limits.characters(0, 300)))
  }),
  success: UserGroup
})

/**
 * Gets a user group.
 *
 * Scope `organizations:groups:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-group
 */
export const get = Operation.make({
  id: "enterprise-get-group",
  name: "UserGroups.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/groups/{groupId}",
  scope: "organizations:groups:read",
  level: 1,
  success: UserGroup
})

/**
 * Changes what is given of a user group, and leaves the rest as it is.
 *
 * Scope `organizations:groups:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-update-group
 */
export const update = Operation.make({
  id: "enterprise-update-group",
  name: "UserGroups.update",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/groups/{groupId}",
  scope: "organizations:groups:write",
  level: 1,
  body: Schema.Struct({
    /** 1 to 60 characters. */
    name: Schema.optional(Schema.String.check(Limits.characters(1, 60))),
    /** At most 300 characters; `null` takes the description away. */
    description: Schema.optional(Schema.NullOr(Schema.String.check(Limits.characters(0, 300))))
  }),
  success: UserGroup
})

/**
 * Deletes a user group.
 *
 * Scope `organizations:groups:write`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-delete-group
 */
const delete_ = Operation.make({
  id: "enterprise-delete-group",
  name: "UserGroups.delete",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/groups/{groupId}",
  scope: "organizations:groups:write",
  level: 4
})

export { delete_ as delete }
