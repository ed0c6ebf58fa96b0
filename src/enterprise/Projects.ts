/**
 * The projects of a team, which Miro's site calls spaces: boards that are
 * shared together. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-projects
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

/**
 * A project, which Miro's site calls a space.
 *
 * @category schemas
 */
export class Project extends Open.named<Project>()({
  /** The id of the project. */
  id: Schema.String,
  /** The name of the project. */
  name: Schema.String,
  /** The kind of the resource: `project`. */
  type: Schema.String
}) {}

/**
 * Lists the projects of a team. Private ones that are not shared with the user
 * are among them only for a content admin. A page has 1 to 100 projects, 100
 * unless set.
 *
 * Scope `projects:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-projects
 */
export const list = Operation.list({
  id: "enterprise-get-projects",
  name: "Projects.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects",
  scope: "projects:read",
  level: 1,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(Project),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Creates a project in a team.
 *
 * Scope `projects:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-create-project
 */
export const create = Operation.make({
  id: "enterprise-create-project",
  name: "Projects.create",
  method: "POST",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects",
  scope: "projects:write",
  level: 1,
  status: 201,
  body: Schema.Struct({
    /** 1 to 60 characters. */
    name: Schema.String.check(Limits.characters(1, 60))
  }),
  success: Project
})

/**
 * Gets a project.
 *
 * Scope `projects:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-project
 */
export const get = Operation.make({
  id: "enterprise-get-project",
  name: "Projects.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}",
  scope: "projects:read",
  level: 1,
  success: Project
})

/**
 * Renames a project.
 *
 * Scope `projects:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-update-project
 */
export const update = Operation.make({
  id: "enterprise-update-project",
  name: "Projects.update",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}",
  scope: "projects:write",
  level: 1,
  body: Schema.Struct({
    /** 1 to 60 characters. */
    name: Schema.String.check(Limits.characters(1, 60))
  }),
  success: Project
})

/**
 * Deletes a project. Its boards and members stay in the team.
 *
 * Scope `projects:write`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-delete-project
 */
const delete_ = Operation.make({
  id: "enterprise-delete-project",
  name: "Projects.delete",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}",
  scope: "projects:write",
  level: 4
})

export { delete_ as delete }
