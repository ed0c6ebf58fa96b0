/**
 * A board, and who may do what with it.
 */
import * as Schema from "effect/Schema"
import { Links } from "./Links.ts"
import * as Open from "./Open.ts"
import { Picture, TeamReference, UserReference } from "./Reference.ts"
import { Timestamp } from "./Timestamp.ts"

const Access = Open.literals(["private", "view", "comment", "edit"])
const CollaborationToolsStartAccess = Open.literals(["all_editors", "board_owners_and_coowners"])
const CopyAccess = Open.literals(["anyone", "team_members", "team_editors", "board_owner"])
const SharingAccess = Open.literals(["team_members_with_editing_rights", "owner_and_coowners"])

/**
 * Who may share and copy a board, and start its collaboration tools.
 *
 * @category schemas
 */
export class PermissionsPolicy extends Open.named<PermissionsPolicy>()({
  collaborationToolsStartAccess: Schema.optionalKey(CollaborationToolsStartAccess),
  copyAccess: Schema.optionalKey(CopyAccess),
  sharingAccess: Schema.optionalKey(SharingAccess)
}) {}

/**
 * How far a board is shared: with everyone, the organization and the team.
 *
 * @category schemas
 */
export class SharingPolicy extends Open.named<SharingPolicy>()({
  access: Schema.optionalKey(Access),
  accessPasswordRequired: Schema.optionalKey(Schema.Boolean),
  inviteToAccountAndBoardLinkAccess: Schema.optionalKey(
    Open.literals(["viewer", "commenter", "editor", "coowner", "owner", "guest", "no_access"])
  ),
  organizationAccess: Schema.optionalKey(Access),
  teamAccess: Schema.optionalKey(Access)
}) {}

/**
 * @category schemas
 */
export class BoardPolicy extends Open.named<BoardPolicy>()({
  permissionsPolicy: Schema.optionalKey(PermissionsPolicy),
  sharingPolicy: Schema.optionalKey(SharingPolicy)
}) {}

/**
 * What to set of a board's policies. The highest of all access levels counts.
 * Some of it is not for everyone to set: Miro's support changes
 * `sharingAccess` and `collaborationToolsStartAccess`, and on the Enterprise
 * plan `inviteToAccountAndBoardLinkAccess` is always `no_access`.
 *
 * @category inputs
 */
export const BoardPolicyInput = Schema.Struct({
  permissionsPolicy: Schema.optional(
    Schema.Struct({
      collaborationToolsStartAccess: Schema.optional(CollaborationToolsStartAccess),
      copyAccess: Schema.optional(CopyAccess),
      sharingAccess: Schema.optional(SharingAccess)
    })
  ),
  sharingPolicy: Schema.optional(
    Schema.Struct({
      access: Schema.optional(Access),
      inviteToAccountAndBoardLinkAccess: Schema.optional(Open.literals(["viewer", "commenter", "editor", "no_access"])),
      organizationAccess: Schema.optional(Access),
      teamAccess: Schema.optional(Access)
    })
  )
})

/** @category inputs */
export interface BoardPolicyInput extends Schema.Schema.Type<typeof BoardPolicyInput> {}

/**
 * @category schemas
 */
export const BoardRole = Open.literals(["viewer", "commenter", "editor", "coowner", "owner"])

/**
 * The membership of a user in a board.
 *
 * @category schemas
 */
export class BoardMember extends Open.named<BoardMember>()({
  id: Schema.String,
  name: Schema.String,
  role: Schema.optionalKey(BoardRole),
  type: Schema.optionalKey(Schema.String),
  links: Schema.optionalKey(Links)
}) {}

/**
 * @category schemas
 */
export class Board extends Open.named<Board>()({
  id: Schema.String,
  name: Schema.String,
  /** Absent if it was taken away. */
  description: Schema.optionalKey(Schema.String),
  type: Schema.String,
  team: Schema.optionalKey(TeamReference),
  /** The project, which Miro's site calls a space. */
  project: Schema.optionalKey(Open.struct({ id: Schema.optionalKey(Schema.String) })),
  picture: Schema.optionalKey(Picture),
  policy: Schema.optionalKey(BoardPolicy),
  /** Where the board is in a browser. */
  viewLink: Schema.optionalKey(Schema.String),
  owner: Schema.optionalKey(UserReference),
  /** What the user of the token is on the board. */
  currentUserMembership: Schema.optionalKey(BoardMember),
  createdAt: Schema.optionalKey(Timestamp),
  createdBy: Schema.optionalKey(UserReference),
  modifiedAt: Schema.optionalKey(Timestamp),
  modifiedBy: Schema.optionalKey(UserReference),
  /** In lists, and of a board that is got alone. */
  lastOpenedAt: Schema.optionalKey(Timestamp),
  /** In lists, and of a board that is got alone. */
  lastOpenedBy: Schema.optionalKey(
    Open.struct({
      id: Schema.optionalKey(Schema.String),
      name: Schema.optionalKey(Schema.String),
      type: Schema.optionalKey(Schema.String)
    })
  ),
  links: Schema.optionalKey(Links)
}) {}
