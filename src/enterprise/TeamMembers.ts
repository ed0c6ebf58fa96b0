/**
 * The members of a team. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-team-members
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { Timestamp } from "../models/Timestamp.ts"

const Role = Open.literals(["member", "admin", "non_team", "team_guest"])
const RoleInput = Open.literals(["member", "admin"])

/**
 * A member of a team.
 *
 * @category schemas
 */
export class TeamMember extends Open.named<TeamMember>()({
  /** The id of the user. */
  id: Schema.String,
  /** The id of the team. */
  teamId: Schema.String,
  /** What the user is in the team. `non_team` is one from outside; `team_guest`, who sees the team alone, is deprecated. */
  role: Role,
  /** When the member was invited. */
  createdAt: Schema.optionalKey(Timestamp),
  /** The id of the user who invited the member. */
  createdBy: Schema.optionalKey(Schema.String),
  /** When the membership was last changed. */
  modifiedAt: Schema.optionalKey(Timestamp),
  /** The id of the user who last changed the membership. */
  modifiedBy: Schema.optionalKey(Schema.String),
  /** The kind of the resource: `team-member`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * Lists the members of a team. A page has 1 to 100 members, 100 unless set.
 *
 * Scope `organizations:teams:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-team-members
 */
export const list = Operation.list({
  id: "enterprise-get-team-members",
  name: "TeamMembers.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/members",
  scope: "organizations:teams:read",
  level: 2,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(1, 100),
    /** Members with this role. */
    role: Schema.optional(Role)
  }),
  success: Page.cursor(TeamMember),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Invites a user of the organization to a team. A user who is not in the
 * organization yet has to be added to it by SCIM first.
 *
 * Scope `organizations:teams:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-invite-team-member
 */
export const invite = Operation.make({
  id: "enterprise-invite-team-member",
  name: "TeamMembers.invite",
  method: "POST",
  path: "/v2/orgs/{orgId}/teams/{teamId}/members",
  scope: "organizations:teams:write",
  level: 2,
  status: 201,
  body: Schema.Struct({
    /** The email address of the user. */
    email: Schema.String,
    /** What the user is in the team. */
    role: Schema.optional(RoleInput)
  }),
  success: TeamMember
})

/**
 * Gets a member of a team.
 *
 * Scope `organizations:teams:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-team-member
 */
export const get = Operation.make({
  id: "enterprise-get-team-member",
  name: "TeamMembers.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/members/{memberId}",
  scope: "organizations:teams:read",
  level: 1,
  success: TeamMember
})

/**
 * Changes the role of a member of a team.
 *
 * Scope `organizations:teams:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-update-team-member
 */
export const update = Operation.make({
  id: "enterprise-update-team-member",
  name: "TeamMembers.update",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/teams/{teamId}/members/{memberId}",
  scope: "organizations:teams:write",
  level: 2,
  body: Schema.Struct({
    /** What the member is in the team from now on. */
    role: Schema.optional(RoleInput)
  }),
  success: TeamMember
})

/**
 * Removes a member from a team.
 *
 * Scope `organizations:teams:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-delete-team-member
 */
export const remove = Operation.make({
  id: "enterprise-delete-team-member",
  name: "TeamMembers.remove",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/teams/{teamId}/members/{memberId}",
  scope: "organizations:teams:write",
  level: 1
})
