/**
 * The members of a user group. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-group-members
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

/**
 * A member of a user group.
 *
 * @category schemas
 */
export class UserGroupMember extends Open.named<UserGroupMember>()({
  /** The id of the user. */
  id: Schema.String,
  /** The email address of the user. */
  email: Schema.String,
  /** The kind of the resource: `user-group-member`. */
  type: Schema.String
}) {}

const EditError = Open.struct({
  /** The status that the change would have had alone, such as 404. */
  status: Schema.optionalKey(Schema.Finite),
  /** Miro's error code, such as `invalidParameters`. */
  code: Schema.optionalKey(Schema.String),
  /** What went wrong, in Miro's words. */
  message: Schema.optionalKey(Schema.String),
  /** The kind of the result, such as `error`. */
  type: Schema.optionalKey(Schema.String)
})

/**
 * What became of some of the users that were to be added or removed: those in
 * `affectedUsers` were, or none of them because of an `error`.
 *
 * @category schemas
 */
export class UserGroupEditResult extends Open.named<UserGroupEditResult>()({
  /** Whether the user was to be added or removed. */
  operation: Schema.optionalKey(Open.literals(["addMembers", "removeMembers"])),
  /** The HTTP status of this part of the request: 400 or more if it failed. */
  status: Schema.optionalKey(Schema.Finite),
  /** Those who were added or removed. Absent with an `error`. */
  affectedUsers: Schema.optionalKey(Schema.Array(UserGroupMember)),
  /** Why the change failed. Absent if it did not. */
  error: Schema.optionalKey(EditError)
}) {}

/**
 * Lists the members of a user group. A page has 1 to 100 members, 100 unless
 * set.
 *
 * Scope `organizations:groups:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-group-members
 */
export const list = Operation.list({
  id: "enterprise-get-group-members",
  name: "UserGroupMembers.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/groups/{groupId}/members",
  scope: "organizations:groups:read",
  level: 1,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(UserGroupMember),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Adds a user to a user group.
 *
 * Scope `organizations:groups:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-create-group-member
 */
export const add = Operation.make({
  id: "enterprise-create-group-member",
  name: "UserGroupMembers.add",
  method: "POST",
  path: "/v2/orgs/{orgId}/groups/{groupId}/members",
  scope: "organizations:groups:write",
  level: 1,
  status: 201,
  body: Schema.Struct({
    /** The email address of a user of the organization. */
    email: Schema.String
  }),
  success: UserGroupMember
})

/**
 * Gets a member of a user group.
 *
 * Scope `organizations:groups:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-group-member
 */
export const get = Operation.make({
  id: "enterprise-get-group-member",
  name: "UserGroupMembers.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/groups/{groupId}/members/{memberId}",
  scope: "organizations:groups:read",
  level: 1,
  success: UserGroupMember
})

/**
 * Adds users to a user group and removes others, at most 500 in all.
 *
 * The call succeeds even if Miro could do only a part of this, or nothing:
 * look for an `error` in each of the results. Users that could be added and
 * users that could not come in results of their own.
 *
 * Scope `organizations:groups:write`, level 1 for each user.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-update-group-members
 */
export const addAndRemove = Operation.make({
  id: "enterprise-update-group-members",
  name: "UserGroupMembers.addAndRemove",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/groups/{groupId}/members",
  scope: "organizations:groups:write",
  level: 1,
  status: 207,
  perItem: ({ membersToAdd = [], membersToRemove = [] }) => membersToAdd.length + membersToRemove.length,
  body: Schema.Struct({
    /** The ids or emails of users to add. */
    membersToAdd: Schema.optional(Schema.Array(Schema.String)),
    /** The ids or emails of users to remove. */
    membersToRemove: Schema.optional(Schema.Array(Schema.String))
  }).check(
    Schema.makeFilter(
      ({ membersToAdd = [], membersToRemove = [] }) => membersToAdd.length + membersToRemove.length <= 500,
      { expected: "at most 500 users to add and to remove" }
    )
  ),
  success: Schema.Array(UserGroupEditResult)
})

/**
 * Removes a member from a user group.
 *
 * Scope `organizations:groups:write`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-delete-group-member
 */
export const remove = Operation.make({
  id: "enterprise-delete-group-member",
  name: "UserGroupMembers.remove",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/groups/{groupId}/members/{memberId}",
  scope: "organizations:groups:write",
  level: 4
})
