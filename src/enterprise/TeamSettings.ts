/**
 * The settings of teams. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-team-settings
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Open from "../models/Open.ts"

const AccountDiscovery = Open.literals(["hidden", "request", "join"])
const CoOwnerRole = Open.literals(["enabled", "disabled"])
const CopyAccessLevel = Open.literals(["anyone", "team_members", "team_editors", "board_owner"])
const CopyAccessLevelLimitation = Open.literals(["anyone", "team_members"])
const WhoCanInvite = Open.literals(["only_org_admins", "admins", "all_members"])
const CreateAssetAccessLevel = Open.literals(["company_admins", "admins", "all_members"])
const Access = Open.literals(["private", "view", "comment", "edit"])
const BoardSharingAccess = Open.literals(["team_members_with_editing_rights", "owner_and_coowners"])
const ProjectAccess = Open.literals(["private", "view"])
const RestrictAllowedDomains = Open.literals(["enabled", "enabled_with_external_user_access", "disabled"])
const Allowed = Open.literals(["allowed", "not_allowed"])
const AllowedWithEditing = Open.literals(["allowed", "allowed_with_editing", "not_allowed"])

const SharingPolicySettings = Open.struct({
  /** The domains that `restrictAllowedDomains` is about. */
  allowListedDomains: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Who may create boards and the like in the team. */
  createAssetAccessLevel: Schema.optionalKey(CreateAssetAccessLevel),
  /** What the team may do with a new board. */
  defaultBoardAccess: Schema.optionalKey(Access),
  /** Who may share a new board. */
  defaultBoardSharingAccess: Schema.optionalKey(BoardSharingAccess),
  /** What the organization may do with a new board. */
  defaultOrganizationAccess: Schema.optionalKey(Access),
  /** What the team may do with a new project. */
  defaultProjectAccess: Schema.optionalKey(ProjectAccess),
  /** Whether boards may be moved to the team. */
  moveBoardToAccount: Schema.optionalKey(Allowed),
  /** Whether boards can be shared with the listed domains only, and if so, whether external users still have access. */
  restrictAllowedDomains: Schema.optionalKey(RestrictAllowedDomains),
  /** Whether boards may be shared with the team. */
  sharingOnAccount: Schema.optionalKey(Allowed),
  /** Whether boards may be shared with the organization. */
  sharingOnOrganization: Schema.optionalKey(AllowedWithEditing),
  /** Whether boards may be shared by a public link. */
  sharingViaPublicLink: Schema.optionalKey(AllowedWithEditing)
})

/**
 * The settings of a team, or those of new ones.
 *
 * @category schemas
 */
export class TeamSettings extends Open.named<TeamSettings>()({
  organizationId: Schema.optionalKey(Schema.String),
  teamId: Schema.optionalKey(Schema.String),
  teamAccountDiscoverySettings: Schema.optionalKey(
    Open.struct({
      /** Whether members of the organization find the team, and join it at once or when an admin agrees. */
      accountDiscovery: Schema.optionalKey(AccountDiscovery)
    })
  ),
  teamCollaborationSettings: Schema.optionalKey(
    Open.struct({
      /** Whether boards and projects can have co-owners. */
      coOwnerRole: Schema.optionalKey(CoOwnerRole)
    })
  ),
  teamCopyAccessLevelSettings: Schema.optionalKey(
    Open.struct({
      /** Who may copy what is on a new board. */
      copyAccessLevel: Schema.optionalKey(CopyAccessLevel),
      /** Whom a board may allow to copy what is on it. */
      copyAccessLevelLimitation: Schema.optionalKey(CopyAccessLevelLimitation)
    })
  ),
  teamInvitationSettings: Schema.optionalKey(
    Open.struct({
      /** Whether users from outside the team may be invited. */
      inviteExternalUsers: Schema.optionalKey(Allowed),
      whoCanInvite: Schema.optionalKey(WhoCanInvite)
    })
  ),
  teamSharingPolicySettings: Schema.optionalKey(SharingPolicySettings),
  type: Schema.optionalKey(Schema.String)
}) {}

const SharingPolicyChanges = Schema.Struct({
  /** The domains that `restrictAllowedDomains` is about. */
  allowListedDomains: Schema.optional(Schema.Array(Schema.String)),
  /** Who may create boards and the like in the team. */
  createAssetAccessLevel: Schema.optional(CreateAssetAccessLevel),
  /** What the team may do with a new board. */
  defaultBoardAccess: Schema.optional(Access),
  /** Who may share a new board. */
  defaultBoardSharingAccess: Schema.optional(BoardSharingAccess),
  /** What the organization may do with a new board. */
  defaultOrganizationAccess: Schema.optional(Access),
  /** What the team may do with a new project. */
  defaultProjectAccess: Schema.optional(ProjectAccess),
  /** Whether boards may be moved to the team. */
  moveBoardToAccount: Schema.optional(Allowed),
  /** Whether boards can be shared with the listed domains only, and if so, whether external users still have access. */
  restrictAllowedDomains: Schema.optional(RestrictAllowedDomains),
  /** Whether boards may be shared with the team. */
  sharingOnAccount: Schema.optional(Allowed),
  /** Whether boards may be shared with the organization. */
  sharingOnOrganization: Schema.optional(AllowedWithEditing),
  /** Whether boards may be shared by a public link. */
  sharingViaPublicLink: Schema.optional(AllowedWithEditing)
})

/**
 * What is to be changed of a team's settings.
 *
 * @category inputs
 */
export const TeamSettingsChanges = Schema.Struct({
  teamAccountDiscoverySettings: Schema.optional(
    Schema.Struct({
      /** Whether members of the organization find the team, and join it at once or when an admin agrees. */
      accountDiscovery: Schema.optional(AccountDiscovery)
    })
  ),
  teamCollaborationSettings: Schema.optional(
    Schema.Struct({
      /** Whether boards and projects can have co-owners. */
      coOwnerRole: Schema.optional(CoOwnerRole)
    })
  ),
  teamCopyAccessLevelSettings: Schema.optional(
    Schema.Struct({
      /** Who may copy what is on a new board. */
      copyAccessLevel: Schema.optional(CopyAccessLevel),
      /** Whom a board may allow to copy what is on it. */
      copyAccessLevelLimitation: Schema.optional(CopyAccessLevelLimitation)
    })
  ),
  teamInvitationSettings: Schema.optional(
    Schema.Struct({
      /** Whether users from outside the team may be invited. */
      inviteExternalUsers: Schema.optional(Allowed),
      whoCanInvite: Schema.optional(WhoCanInvite)
    })
  ),
  teamSharingPolicySettings: Schema.optional(SharingPolicyChanges)
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
