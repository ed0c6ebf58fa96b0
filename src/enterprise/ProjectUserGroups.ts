/**
 * The user groups that a project, which Miro's site calls a space, is shared
 * with. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-projects-get-groups
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

const Role = Open.literals(["VIEWER", "COMMENTER", "EDITOR"])

/**
 * A user group that a project is shared with.
 *
 * @category schemas
 */
export class ProjectUserGroup extends Open.named<ProjectUserGroup>()({
  /** The id of the user group. */
  id: Schema.String,
  /** What the users of the group are in the project. */
  role: Role,
  /** The kind of the resource: `project-user-group`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * Lists the user groups that a project is shared with. A page has 1 to 100
 * groups, 100 unless set.
 *
 * Scopes `organizations:groups:read` and `projects:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-projects-get-groups
 */
export const list = Operation.list({
  id: "enterprise-projects-get-groups",
  name: "ProjectUserGroups.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/projects/{projectId}/groups",
  scope: ["organizations:groups:read", "projects:read"],
  level: 1,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(ProjectUserGroup),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Shares a project with user groups. Those that it is shared with already get
 * the role that is given.
 *
 * According to Miro, the response has one group however many were given.
 *
 * Scopes `organizations:groups:read` and `projects:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-project-create-group
 */
export const share = Operation.make({
  id: "enterprise-project-create-group",
  name: "ProjectUserGroups.share",
  method: "POST",
  path: "/v2/orgs/{orgId}/projects/{projectId}/groups",
  scope: ["organizations:groups:read", "projects:write"],
  level: 1,
  body: Schema.Struct({
    /** The ids of the user groups. */
    userGroupIds: Schema.Array(Schema.String),
    /** What the users of the groups become in the project. */
    role: Role
  }),
  success: ProjectUserGroup
})

/**
 * Stops sharing a project with a user group.
 *
 * Scopes `organizations:groups:read` and `projects:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-project-delete-groups
 */
export const unshare = Operation.make({
  id: "enterprise-project-delete-groups",
  name: "ProjectUserGroups.unshare",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/projects/{projectId}/groups/{groupId}",
  scope: ["organizations:groups:read", "projects:write"],
  level: 1
})
