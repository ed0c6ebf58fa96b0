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
  /** Who may start timers, votes and other collaboration tools. */
  collaborationToolsStartAccess: Schema.optionalKey(CollaborationToolsStartAccess),
  /** Who may copy the board and what is on it. */
  copyAccess: Schema.optionalKey(CopyAccess),
  /** Who may share the board and change who has access. */
  sharingAccess: Schema.optionalKey(SharingAccess)
}) {}

/**
 * How far a board is shared: with everyone, the organization and the team.
 *
 * @category schemas
 */
export class SharingPolicy extends Open.named<SharingPolicy>()({
  /** What everyone with the link may do with the board. */
  access: Schema.optionalKey(Access),
  /** Whether everyone else needs a password to open the board. */
  accessPasswordRequired: Schema.optionalKey(Schema.Boolean),
  /** The role of those who join the team by the link of the board. */
  inviteToAccountAndBoardLinkAccess: Schema.optionalKey(
    Open.literals(["viewer", "commenter", "editor", "coowner", "owner", "guest", "no_access"])
  ),
  /** What the organization may do with the board. */
  organizationAccess: Schema.optionalKey(Access),
  /** What the team may do with the board. */
  teamAccess: Schema.optionalKey(Access)
}) {}

/**
 * Who may do what with a board.
 *
 * @category schemas
 */
export class BoardPolicy extends Open.named<BoardPolicy>()({
  /** Who may share and copy the board, and start its collaboration tools. */
  permissionsPolicy: Schema.optionalKey(PermissionsPolicy),
  /** Whom the board is shared with, and what they may do. */
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
  /** Who may share and copy the board, and start its collaboration tools. */
  permissionsPolicy: Schema.optional(
    Schema.Struct({
      /** Who may start timers, votes and other collaboration tools. */
      collaborationToolsStartAccess: Schema.optional(CollaborationToolsStartAccess),
      /** Who may copy the board and what is on it. */
      copyAccess: Schema.optional(CopyAccess),
      /** Who may share the board and change who has access. */
      sharingAccess: Schema.optional(SharingAccess)
    })
  ),
  /** Whom the board is shared with, and what they may do. */
  sharingPolicy: Schema.optional(
    Schema.Struct({
      /** What everyone with the link may do with the board. */
      access: Schema.optional(Access),
      /** The role of those who join the team by the link of the board. */
      inviteToAccountAndBoardLinkAccess: Schema.optional(Open.literals(["viewer", "commenter", "editor", "no_access"])),
      /** What the organization may do with the board. */
      organizationAccess: Schema.optional(Access),
      /** What the team may do with the board. */
      teamAccess: Schema.optional(Access)
    })
  )
})

/** @category inputs */
export interface BoardPolicyInput extends Schema.Schema.Type<typeof BoardPolicyInput> {}

/**
 * What a member may do on a board, from least to most.
 *
 * @category schemas
 */
export const BoardRole = Open.literals(["viewer", "commenter", "editor", "coowner", "owner"])

/**
 * The membership of a user in a board.
 *
 * @category schemas
 */
export class BoardMember extends Open.named<BoardMember>()({
  /** The id of the user. */
  id: Schema.String,
  /** The name of the user. */
  name: Schema.String,
  /** What the user may do on the board. */
  role: Schema.optionalKey(BoardRole),
  /** The kind of the resource: `board_member`. */
  type: Schema.optionalKey(Schema.String),
  /** Links to the member in the API. */
  links: Schema.optionalKey(Links)
}) {}

/**
 * A board, without what is on it.
 *
 * @category schemas
 */
export class Board extends Open.named<Board>()({
  /** The id of the board, such as `uXjVOfjmfkE=`. */
  id: Schema.String,
  /** The name of the board. */
  name: Schema.String,
  /** What the board is about. Absent if it was taken away. */
  description: Schema.optionalKey(Schema.String),
  /** The kind of the resource: `board`. */
  type: Schema.String,
  /** The team that the board is in. */
  team: Schema.optionalKey(TeamReference),
  /** The project, which Miro's site calls a space. */
  project: Schema.optionalKey(
    Open.struct({
      /** The id of the project. */
      id: Schema.optionalKey(Schema.String)
    })
  ),
  /** The picture of the board. */
  picture: Schema.optionalKey(Picture),
  /** Who may do what with the board. */
  policy: Schema.optionalKey(BoardPolicy),
  /** Where the board is in a browser. */
  viewLink: Schema.optionalKey(Schema.String),
  /** The user whom the board belongs to. */
  owner: Schema.optionalKey(UserReference),
  /** What the user of the token is on the board. */
  currentUserMembership: Schema.optionalKey(BoardMember),
  /** When the board was created. */
  createdAt: Schema.optionalKey(Timestamp),
  /** The user who created the board. */
  createdBy: Schema.optionalKey(UserReference),
  /** When the board was last changed. */
  modifiedAt: Schema.optionalKey(Timestamp),
  /** The user who last changed the board. */
  modifiedBy: Schema.optionalKey(UserReference),
  /** When the board was last opened. In lists, and of a board that is got alone. */
  lastOpenedAt: Schema.optionalKey(Timestamp),
  /** The user who last opened the board. In lists, and of a board that is got alone. */
  lastOpenedBy: Schema.optionalKey(
    Open.struct({
      /** The id of the user. */
      id: Schema.optionalKey(Schema.String),
      /** The name of the user. */
      name: Schema.optionalKey(Schema.String),
      /** The kind of the resource: `user`. */
      type: Schema.optionalKey(Schema.String)
    })
  ),
  /** Links to the board in the API. */
  links: Schema.optionalKey(Links)
}) {}
