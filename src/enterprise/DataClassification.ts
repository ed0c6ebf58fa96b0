/**
 * Labels that say how sensitive a board is: those of an organization, the
 * default of a team, and the one of a board. For company admins, on the
 * Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-dataclassification-organization-settings-get
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import { Int64 } from "../models/Int64.ts"
import * as Open from "../models/Open.ts"

const labelFields = {
  /** The id of the label, a decimal number in a string. */
  id: Schema.optionalKey(Schema.String),
  /** The name of the label. */
  name: Schema.optionalKey(Schema.String),
  /** What the label means. */
  description: Schema.optionalKey(Schema.String),
  /** The colour of the label, a hex value or a name. */
  color: Schema.optionalKey(Schema.String),
  /** How far boards with the label should be shared. */
  sharingRecommendation: Schema.optionalKey(
    Open.literals([
      "NO_SHARING_RESTRICTIONS",
      "ONLY_WITHIN_ORGANIZATION",
      "ONLY_WITHIN_TEAM",
      "ONLY_WITH_AUTHORIZED_TEAM_MEMBERS"
    ])
  ),
  /** Where the guidelines for the label are. */
  guidelineUrl: Schema.optionalKey(Schema.String),
  /** The kind of the resource, such as `data-classification-label`. */
  type: Schema.optionalKey(Schema.String)
}

/**
 * A label that boards of an organization can have.
 *
 * @category schemas
 */
export class ClassificationLabel extends Open.named<ClassificationLabel>()({
  ...labelFields,
  /** Whether new boards of the organization get this label. */
  default: Schema.optionalKey(Schema.Boolean),
  /** The place among the labels. */
  orderNumber: Schema.optionalKey(Schema.Finite)
}) {}

/**
 * The label of a board.
 *
 * @category schemas
 */
export class BoardClassification extends Open.named<BoardClassification>()(labelFields) {}

/**
 * Whether boards of an organization are classified, and the labels for it.
 *
 * @category schemas
 */
export class OrganizationClassificationSettings extends Open.named<OrganizationClassificationSettings>()({
  /** Whether boards of the organization are classified. */
  enabled: Schema.optionalKey(Schema.Boolean),
  /** The labels that boards of the organization can have. */
  labels: Schema.optionalKey(Schema.Array(ClassificationLabel)),
  /** The kind of the resource: `data-classification-organization-settings`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * Whether boards of a team are classified, and the label that they begin with.
 *
 * @category schemas
 */
export class TeamClassificationSettings extends Open.named<TeamClassificationSettings>()({
  /** Whether boards of the team are classified. */
  enabled: Schema.optionalKey(Schema.Boolean),
  /** The id of the label that new boards of the team get. */
  defaultLabelId: Schema.optionalKey(Schema.String),
  /** The kind of the resource: `team-data-classification-settings`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * Gets the settings of an organization, with its labels.
 *
 * Scope `organizations:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-dataclassification-organization-settings-get
 */
export const getOrganizationSettings = Operation.make({
  id: "enterprise-dataclassification-organization-settings-get",
  name: "DataClassification.getOrganizationSettings",
  method: "GET",
  path: "/v2/orgs/{orgId}/data-classification-settings",
  scope: "organizations:read",
  level: 2,
  success: OrganizationClassificationSettings
})

/**
 * Gets the settings of a team.
 *
 * Scope `organizations:teams:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-dataclassification-team-settings-get
 */
export const getTeamSettings = Operation.make({
  id: "enterprise-dataclassification-team-settings-get",
  name: "DataClassification.getTeamSettings",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/data-classification-settings",
  scope: "organizations:teams:read",
  level: 2,
  success: TeamClassificationSettings
})

/**
 * Changes what is given of a team's settings, and leaves the rest as it is.
 *
 * Scope `organizations:teams:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-dataclassification-team-settings-set
 */
export const updateTeamSettings = Operation.make({
  id: "enterprise-dataclassification-team-settings-set",
  name: "DataClassification.updateTeamSettings",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/teams/{teamId}/data-classification-settings",
  scope: "organizations:teams:write",
  level: 2,
  body: Schema.Struct({
    /** Whether boards of the team are classified. */
    enabled: Schema.optional(Schema.Boolean),
    /** The label that the team's boards begin with. */
    defaultLabelId: Schema.optional(Int64)
  }),
  success: TeamClassificationSettings
})

/**
 * Gives all boards of a team a label, or those that have none. Tells how many
 * boards that were.
 *
 * Set `notClassifiedOnly`: Miro does not say what it does without, and the
 * labels that boards had are not kept.
 *
 * Scope `boards:write`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-dataclassification-team-boards-bulk
 */
export const setTeamBoardLabels = Operation.make({
  id: "enterprise-dataclassification-team-boards-bulk",
  name: "DataClassification.setTeamBoardLabels",
  method: "PATCH",
  path: "/v2/orgs/{orgId}/teams/{teamId}/data-classification",
  scope: "boards:write",
  level: 4,
  body: Schema.Struct({
    /** The id of the label that the boards get. */
    labelId: Schema.optional(Int64),
    /** Whether boards that have a label keep it. */
    notClassifiedOnly: Schema.optional(Schema.Boolean)
  }),
  success: Open.struct({
    /** How many boards got the label. */
    numberUpdatedBoards: Schema.optionalKey(Schema.Finite),
    /** The kind of the resource: `boards-data-classification-label-changed`. */
    type: Schema.optionalKey(Schema.String)
  })
})

/**
 * Gets the label of a board.
 *
 * Scope `boards:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-dataclassification-board-get
 */
export const getBoardLabel = Operation.make({
  id: "enterprise-dataclassification-board-get",
  name: "DataClassification.getBoardLabel",
  method: "GET",
  path: "/v2/orgs/{orgId}/teams/{teamId}/boards/{boardId}/data-classification",
  scope: "boards:read",
  level: 2,
  success: BoardClassification
})

/**
 * Gives a board a label.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-dataclassification-board-set
 */
export const setBoardLabel = Operation.make({
  id: "enterprise-dataclassification-board-set",
  name: "DataClassification.setBoardLabel",
  method: "POST",
  path: "/v2/orgs/{orgId}/teams/{teamId}/boards/{boardId}/data-classification",
  scope: "boards:write",
  level: 2,
  body: Schema.Struct({
    /** The id of the label that the board gets. */
    labelId: Schema.optional(Schema.String)
  }),
  success: BoardClassification
})
