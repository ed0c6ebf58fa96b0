/**
 * The settings of teams. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-team-settings
 */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import * as Operation from "../client/Operation.ts"
import * as Open from "../models/Open.ts"

const Access = Open.literals(["private", "view", "comment", "edit"])
const Allowed = Open.literals(["allowed", "not_allowed"])
const AllowedWithEditing = Open.literals(["allowed", "allowed_with_editing", "not_allowed"])

const accountDiscovery = {
  /** Whether members of the organization find the team, and join it at once or when an admin agrees. */
  accountDiscovery: Open.literals(["hidden", "request", "join"])
}

const collaboration = {
  /** Whether boards and projects can have co-owners. */
  coOwnerRole: Open.literals(["enabled", "disabled"])
}

const copyAccessLevel = {
  /** Who may copy what is on a new board. */
  copyAccessLevel: Open.literals(["anyone", "team_members", "team_editors", "board_owner"]),
  /** Whom a board may allow to copy what is on it. */
  copyAccessLevelLimitation: Open.literals(["anyone", "team_members"])
}

const invitation = {
  /** Whether users from outside the team may be invited. */
  inviteExternalUsers: Allowed,
  /** Who may invite users to the team. */
  whoCanInvite: Open.literals(["only_org_admins", "admins", "all_members"])
}

const sharingPolicy = {
  /** The domains that `restrictAllowedDomains` is about. */
  allowListedDomains: Schema.Array(Schema.String),
  /** Who may create boards and the like in the team. */
  createAssetAccessLevel: Open.literals(["company_admins", "admins", "all_members"]),
  /** What the team may do with a new board. */
  defaultBoardAccess: Access,
  /** Who may share a new board. */
  defaultBoardSharingAccess: Open.literals(["team_members_with_editing_rights", "owner_and_coowners"]),
  /** What the organization may do with a new board. */
  defaultOrganizationAccess: Access,
  /** What the team may do with a new project. */
  defaultProjectAccess: Open.literals(["private", "view"]),
  /** Whether boards may be moved to the team. */
  moveBoardToAccount: Allowed,
  /** Whether boards can be shared with the listed domains only, and if so, whether external users still have access. */
  restrictAllowedDomains: Open.literals(["enabled", "enabled_with_external_user_access", "disabled"]),
  /** Whether boards may be shared with the team. */
  sharingOnAccount: Allowed,
  /** Whether boards may be shared with the organization. */
  sharingOnOrganization: AllowedWithEditing,
  /** Whether boards may be shared by a public link. */
  sharingViaPublicLink: AllowedWithEditing
}

/**
 * The settings of a team, or those of new ones.
 *
 * @category schemas
 */
export class TeamSettings extends Open.named<TeamSettings>()({
  /** The id of the organization. */
  organizationId: Schema.optionalKey(Schema.String),
  /** The id of the team. */
  teamId: Schema.optionalKey(Schema.String),
  /** Who finds the team. */
  teamAccountDiscoverySettings: Schema.optionalKey(Open.struct(Struct.map(accountDiscovery, Schema.optionalKey))),
  /** How members work together. */
  teamCollaborationSettings: Schema.optionalKey(Open.struct(Struct.map(collaboration, Schema.optionalKey))),
  /** Who may copy boards of the team. */
  teamCopyAccessLevelSettings: Schema.optionalKey(Open.struct(Struct.map(copyAccessLevel, Schema.optionalKey))),
  /** Who may be invited to the team, and by whom. */
  teamInvitationSettings: Schema.optionalKey(Open.struct(Struct.map(invitation, Schema.optionalKey))),
  /** How far boards and projects of the team are shared. */
  teamSharingPolicySettings: Schema.optionalKey(Open.struct(Struct.map(sharingPolicy, Schema.optionalKey))),
  /** The kind of the resource: `team-settings`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * What is to be changed of a team's settings.
 *
 * @category inputs
 */
export const TeamSettingsChanges = Schema.Struct({
  /** Who finds the team. */
  teamAccountDiscoverySettings: Schema.optional(Schema.Struct(Struct.map(accountDiscovery, Schema.optional))),
  /** How members work together. */
  teamCollaborationSettings: Schema.optional(Schema.Struct(Struct.map(collaboration, Schema.optional))),
  /** Who may copy boards of the team. */
  teamCopyAccessLevelSettings: Schema.optional(Schema.Struct(Struct.map(copyAccessLevel, Schema.optional))),
  /** Who may be invited to the team, and by whom. */
  teamInvitationSettings: Schema.optional(Schema.Struct(Struct.map(invitation, Schema.optional))),
  /** How far boards and projects of the team are shared. */
  teamSharingPolicySettings: Schema.optional(Schema.Struct(Struct.map(sharingPolicy, Schema.optional)))
})

/** @category inputs */
export interface TeamSettingsChanges extends Schema.Schema.Type<typeof TeamSettingsChanges> {}

/**
 * Gets the settings of a team.
 *
 * Scope `organizations:teams:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-team-settings
 */
export const get = Operation.make({
  id: "enterprise-get-team-settings",
  name: "TeamSettings.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/settings",
  scope: "organizations:teams:read",
  level: 1,
  success: TeamSettings
})

/**
 * Gets the settings that new teams of an organization begin with.
 *
 * Scope `organizations:teams:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-default-team-settings
 */
export const getDefault = Operation.make({
  id: "enterprise-get-default-team-settings",
  name: "TeamSettings.getDefault",
  method: "GET",
  path: "/v2/orgs/{orgId}/default_teams_settings",
  scope: "organizations:teams:read",
  level: 1,
  success: TeamSettings
})

/**
 * Changes what is given of a team's settings, and leaves the rest as it is.
 *
 * Scope `organizations:teams:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-update-team-settings
 */
export const update = Operation.make({
  id: "enterprise-update-team-settings",
  name: "TeamSettings.update",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/teams/{teamId}/settings",
  scope: "organizations:teams:write",
  level: 2,
  body: TeamSettingsChanges,
  success: TeamSettings
})
