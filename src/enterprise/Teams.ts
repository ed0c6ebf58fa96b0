/**
 * The teams of an organization. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-teams
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { Picture } from "../models/Reference.ts"

/**
 * A team.
 *
 * @category schemas
 */
export class Team extends Open.named<Team>()({
  /** The id of the team. */
  id: Schema.String,
  /** The name of the team. */
  name: Schema.String,
  /** The logo of the team. */
  picture: Schema.optionalKey(Picture),
  /** The kind of the resource: `team`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * Lists the teams of an organization. A page has 1 to 100 teams, 100 unless
 * set.
 *
 * Scope `organizations:teams:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-teams
 */
export const list = Operation.list({
  id: "enterprise-get-teams",
  name: "Teams.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams",
  scope: "organizations:teams:read",
  level: 1,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(1, 100),
    /** Teams with this text in their name, in capitals or not. */
    name: Schema.optional(Schema.String)
  }),
  success: Page.cursor(Team),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Creates a team.
 *
 * Scope `organizations:teams:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-create-team
 */
export const create = Operation.make({
  id: "enterprise-create-team",
  name: "Teams.create",
  method: "POST",
  path: "/v2/orgs/{orgId}/teams",
  scope: "organizations:teams:write",
  level: 1,
  status: 201,
  body: Schema.Struct({
    /** 1 to 60 characters. */
    name: Schema.String.check(Limits.characters(1, 60))
  }),
  success: Team
})

/**
 * Gets a team.
 *
 * Scope `organizations:teams:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-team
 */
export const get = Operation.make({
  id: "enterprise-get-team",
  name: "Teams.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}",
  scope: "organizations:teams:read",
  level: 1,
  success: Team
})

/**
 * Renames a team.
 *
 * Scope `organizations:teams:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-update-team
 */
export const update = Operation.make({
  id: "enterprise-update-team",
  name: "Teams.update",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/teams/{teamId}",
  scope: "organizations:teams:write",
  level: 1,
  body: Schema.Struct({
    /** 1 to 60 characters. */
    name: Schema.optional(Schema.String.check(Limits.characters(1, 60)))
  }),
  success: Team
})

/**
 * Deletes a team.
 *
 * Scope `organizations:teams:write`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-delete-team
 */
const delete_ = Operation.make({
  id: "enterprise-delete-team",
  name: "Teams.delete",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/teams/{teamId}",
  scope: "organizations:teams:write",
  level: 4
})

export { delete_ as delete }
