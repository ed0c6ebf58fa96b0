/**
 * The teams that a user group is in. `TeamUserGroups` has the same from the
 * side of a team, where groups are added and removed. For company admins, on
 * the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-groups-get-teams
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

/**
 * A team that a user group is in.
 *
 * @category schemas
 */
export class UserGroupTeam extends Open.named<UserGroupTeam>()({
  /** The id of the team. */
  id: Schema.String,
  /** What the users of the group are in the team. */
  role: Open.literals(["member"]),
  /** The kind of the resource: `user-group-team`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * Lists the teams that a user group is in. A page has 1 to 100 teams, 100
 * unless set.
 *
 * Scopes `organizations:groups:read` and `organizations:teams:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-groups-get-teams
 */
export const list = Operation.list({
  id: "enterprise-groups-get-teams",
  name: "UserGroupTeams.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/groups/{groupId}/teams",
  scope: ["organizations:groups:read", "organizations:teams:read"],
  level: 1,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(UserGroupTeam),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Gets a team that a user group is in.
 *
 * Scopes `organizations:groups:read` and `organizations:teams:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-groups-get-team
 */
export const get = Operation.make({
  id: "enterprise-groups-get-team",
  name: "UserGroupTeams.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/groups/{groupId}/teams/{teamId}",
  scope: ["organizations:groups:read", "organizations:teams:read"],
  level: 1,
  success: UserGroupTeam
})
