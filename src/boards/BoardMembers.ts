/**
 * The members of a board.
 *
 * @see https://developers.miro.com/reference/get-board-members
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import { BoardMember, BoardRole } from "../models/Board.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

export { BoardMember, BoardRole }

/**
 * What became of the invitations to a board.
 *
 * @category schemas
 */
export class InvitationResult extends Open.named<InvitationResult>()({
  /** The ids of those who were invited. */
  successful: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Those whom Miro did not invite, and why. */
  failed: Schema.optionalKey(
    Schema.Array(
      Open.struct({
        /** The email address, as it was given. */
        email: Schema.optionalKey(Schema.String),
        /** Why the user could not be invited. */
        reason: Schema.optionalKey(Schema.String)
      })
    )
  )
}) {}

/**
 * Lists the members of a board. A page has 1 to 50 members, 20 unless set.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-board-members
 */
export const list = Operation.list({
  id: "get-board-members",
  name: "BoardMembers.list",
  method: "GET",
  path: "/v2/boards/{boardId}/members",
  scope: "boards:read",
  level: 1,
  query: Schema.Struct(Page.offsetQueryWithin(1, 50)),
  success: Page.offset(BoardMember),
  pagination: Pagination.offset({ maximum: 50 })
})

/**
 * Shares a board with people, who get an email. Some invitations may fail
 * while others succeed. Depending on the sharing policy of the board, only
 * members of its team can be invited.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/share-board
 */
export const invite = Operation.make({
  id: "share-board",
  name: "BoardMembers.invite",
  method: "POST",
  path: "/v2/boards/{boardId}/members",
  scope: "boards:write",
  level: 3,
  status: 201,
  body: Schema.Struct({
    /** The email addresses of those to invite: 1 to 20. */
    emails: Schema.Array(Schema.String).check(Limits.elements(1, 20)),
    /** What they may do on the board: `commenter` unless set; to Miro, `owner` means `coowner` here. */
    role: Schema.optional(BoardRole),
    /** A text for the email. */
    message: Schema.optional(Schema.String)
  }),
  success: InvitationResult
})

/**
 * Gets a member of a board.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-specific-board-member
 */
export const get = Operation.make({
  id: "get-specific-board-member",
  name: "BoardMembers.get",
  method: "GET",
  path: "/v2/boards/{boardId}/members/{boardMemberId}",
  scope: "boards:read",
  level: 1,
  success: BoardMember
})

/**
 * Changes the role of a member of a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-board-member
 */
export const update = Operation.make({
  id: "update-board-member",
  name: "BoardMembers.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}/members/{boardMemberId}",
  scope: "boards:write",
  level: 2,
  body: Schema.Struct({
    /** What the member may do on the board from now on. */
    role: BoardRole
  }),
  success: BoardMember
})

/**
 * Removes a member from a board.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/remove-board-member
 */
export const remove = Operation.make({
  id: "remove-board-member",
  name: "BoardMembers.remove",
  method: "DELETE",
  path: "/v2/boards/{boardId}/members/{boardMemberId}",
  scope: "boards:write",
  level: 2
})
