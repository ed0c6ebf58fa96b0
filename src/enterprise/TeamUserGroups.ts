/**
 * The user groups in a team. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-teams-get-groups
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

const Role = Open.literals(["member"])

/**
 * A user group in a team.
 *
 * @category schemas
 */
export class TeamUserGroup extends Open.named<TeamUserGroup>()({
  /** The id of the user group. */
  id: Schema.String,
  /** What the users of the group are in the team. */
  role: Role,
  /** The kind of the resource: `team-user-group`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * Lists the user groups in a team. A page has 1 to 100 groups, 100 unless set.
 *
 * Scopes `organizations:groups:read` and `organizations:teams:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-teams-get-groups
 */
export const list = Operation.list({
  id: "enterprise-teams-get-groups",
  name: "TeamUserGroups.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/groups",
  scope: ["organizations:groups:read", "organizations:teams:read"],
  level: 1,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(TeamUserGroup),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Adds a user group to a team.
 *
 * Scopes `organizations:groups:read` and `organizations:teams:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-teams-create-group
 */
export const add = Operation.make({
  id: "enterprise-teams-create-group",
  name: "TeamUserGroups.add",
  method: "POST",
  path: "/v2/orgs/{orgId}/teams/{teamId}/groups",
  scope: ["organizations:groups:read", "organizations:teams:write"],
  level: 1,
  status: 201,
  body: Schema.Struct({
    /** The id of the user group. */
    userGroupId: Schema.String,
    /** What the users of the group become in the team. */
    role: Role
  }),
  success: TeamUserGroup
})

/**
 * Gets a user group in a team.
 *
 * Scopes `organizations:groups:read` and `organizations:teams:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-teams-get-group
 */
export const get = Operation.make({
  id: "enterprise-teams-get-group",
  name: "TeamUserGroups.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/groups/{groupId}",
  scope: ["organizations:groups:read", "organizations:teams:read"],
  level: 1,
  success: TeamUserGroup
})

/**
 * Removes a user group from a team.
 *
 * Scopes `organizations:groups:read` and `organizations:teams:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-teams-delete-group
 */
export const remove = Operation.make({
  id: "enterprise-teams-delete-group",
  name: "TeamUserGroups.remove",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/teams/{teamId}/groups/{groupId}",
  scope: ["organizations:groups:read", "organizations:teams:write"],
  level: 1
})
