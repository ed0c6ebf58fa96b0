/**
 * The members of a project, which Miro's site calls a space. For company
 * admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-project-members
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

const Role = Open.literals(["viewer", "commentator", "editor", "coowner", "owner"])

/**
 * A member of a project.
 *
 * @category schemas
 */
export class ProjectMember extends Open.named<ProjectMember>()({
  /** The id of the user. */
  id: Schema.String,
  /** The email address of the user. */
  email: Schema.String,
  /** What the member may do in the project. */
  role: Role,
  /** The kind of the resource: `project_member`. */
  type: Schema.String
}) {}

/**
 * Lists the members of a project. A page has 1 to 100 members, 100 unless set.
 *
 * Scope `projects:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-project-members
 */
export const list = Operation.list({
  id: "enterprise-get-project-members",
  name: "ProjectMembers.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}/members",
  scope: "projects:read",
  level: 1,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(ProjectMember),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Adds a user of Miro to a project.
 *
 * Scope `projects:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-add-project-member
 */
export const add = Operation.make({
  id: "enterprise-add-project-member",
  name: "ProjectMembers.add",
  method: "POST",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}/members",
  scope: "projects:write",
  level: 1,
  status: 201,
  body: Schema.Struct({
    /** The email address of the user. */
    email: Schema.String,
    /** What the member may do in the project. */
    role: Role
  }),
  success: ProjectMember
})

/**
 * Gets a member of a project.
 *
 * Scope `projects:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-project-member
 */
export const get = Operation.make({
  id: "enterprise-get-project-member",
  name: "ProjectMembers.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}/members/{memberId}",
  scope: "projects:read",
  level: 1,
  success: ProjectMember
})

/**
 * Changes the role of a member of a project.
 *
 * Scope `projects:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-update-project-member
 */
export const update = Operation.make({
  id: "enterprise-update-project-member",
  name: "ProjectMembers.update",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}/members/{memberId}",
  scope: "projects:write",
  level: 1,
  body: Schema.Struct({
    /** What the member may do in the project from now on. */
    role: Schema.optional(Role)
  }),
  success: ProjectMember
})

/**
 * Removes a member from a project, but not from its team.
 *
 * Scope `projects:write`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-delete-project-member
 */
export const remove = Operation.make({
  id: "enterprise-delete-project-member",
  name: "ProjectMembers.remove",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}/members/{memberId}",
  scope: "projects:write",
  level: 4
})
