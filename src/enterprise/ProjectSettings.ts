/**
 * The settings of a project, which Miro's site calls a space. For company
 * admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-project-settings
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Open from "../models/Open.ts"

const TeamAccess = Open.literals(["private", "view"])

/**
 * The settings of a project.
 *
 * @category schemas
 */
export class ProjectSettings extends Open.named<ProjectSettings>()({
  /** Whom the project is shared with. */
  sharingPolicySettings: Open.struct({
    /** Whether the whole team sees the project, or only its members. */
    teamAccess: Schema.optionalKey(TeamAccess)
  }),
  /** The kind of the resource: `project_settings`. */
  type: Schema.String
}) {}

/**
 * Gets the settings of a project.
 *
 * Scope `projects:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-project-settings
 */
export const get = Operation.make({
  id: "enterprise-get-project-settings",
  name: "ProjectSettings.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}/settings",
  scope: "projects:read",
  level: 1,
  success: ProjectSettings
})

/**
 * Changes what is given of a project's settings, and leaves the rest as it is.
 *
 * Scope `projects:write`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-update-project-settings
 */
export const update = Operation.make({
  id: "enterprise-update-project-settings",
  name: "ProjectSettings.update",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/teams/{teamId}/projects/{projectId}/settings",
  scope: "projects:write",
  level: 1,
  body: Schema.Struct({
    /** Whom the project is shared with. */
    sharingPolicySettings: Schema.optional(
      Schema.Struct({
        /** Whether the whole team sees the project, or only its members. */
        teamAccess: Schema.optional(TeamAccess)
      })
    )
  }),
  success: ProjectSettings
})
