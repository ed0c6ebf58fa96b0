/**
 * Boards.
 *
 * @see https://developers.miro.com/reference/boards
 */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import type { MiroError } from "../MiroError.ts"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as ToInput from "../client/operation/toInput.ts"
import { Board, BoardPolicyInput } from "../models/Board.ts"
import { Id } from "../models/Id.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"

export { Board, BoardPolicyInput }

const ListQuery = Schema.Struct({
  /** Boards of this team. Miro then ignores `query` and `owner`. */
  teamId: Schema.optional(Schema.String),
  /** Boards of this project, which Miro's site calls a space. Miro then ignores `query` and `owner`. */
  projectId: Schema.optional(Schema.String),
  /** Boards with this text in the name or description, at most 500 characters. */
  query: Schema.optional(Schema.String.check(Limits.characters(0, 500))),
  /** Boards that belong to the user with this id. */
  owner: Schema.optional(Schema.String),
  ...Page.offsetQueryWithin(1, 50),
  /** The order, for boards of a team or project. */
  sort: Schema.optional(Open.literals(["default", "last_modified", "last_opened", "last_created", "alphabetically"]))
}).pipe(Schema.encodeKeys({ teamId: "team_id", projectId: "project_id" }))

/**
 * Lists the boards that the user may see.
 *
 * Except by team or project, the list lags some seconds behind: a board that
 * was just made may be missing. A page has 1 to 50 boards, 20 unless set.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-boards
 */
export const list = Operation.list({
  id: "get-boards",
  name: "Boards.list",
  method: "GET",
  path: "/v2/boards",
  scope: "boards:read",
  level: 1,
  query: ListQuery,
  success: Page.offset(Board),
  pagination: Pagination.offset({ maximum: 50 })
})

const Description = Schema.String.check(Limits.characters(0, 300))

/**
 * What may be set of a board.
 *
 * @category inputs
 */
export const BoardInput = Schema.Struct({
  /** 1 to 60 characters. */
  name: Schema.optional(Schema.String.check(Limits.characters(1, 60))),
  /** At most 300 characters. */
  description: Schema.optional(Description),
  /** Who may do what with the board. */
  policy: Schema.optional(BoardPolicyInput),
  /** The team that the board is in. */
  teamId: Schema.optional(Schema.String),
  /** The project that the board is in, which Miro's site calls a space. */
  projectId: Schema.optional(Schema.String)
})

/** @category inputs */
export interface BoardInput extends Schema.Schema.Type<typeof BoardInput> {}

/**
 * What is to be changed of a board; `null` empties the description.
 *
 * @category inputs
 */
export const BoardChanges = BoardInput.mapFields(
  Struct.assign({
    /** At most 300 characters; `null` empties it. */
    description: Schema.optional(Schema.NullOr(Description))
  })
)

/** @category inputs */
export interface BoardChanges extends Schema.Schema.Type<typeof BoardChanges> {}

/**
 * Creates a board, called `Untitled` unless it is given a name.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-board
 */
export const create = Operation.make({
  id: "create-board",
  name: "Boards.create",
  method: "POST",
  path: "/v2/boards",
  scope: "boards:write",
  level: 3,
  status: 201,
  body: BoardInput,
  success: Board
})

/**
 * Copies a board, with all that is on it. What is given is set of the copy,
 * which is in the team of the original unless that is set too.
 *
 * Scope `boards:write`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/copy-board
 */
export const copy = Operation.make({
  id: "copy-board",
  name: "Boards.copy",
  method: "PUT",
  path: "/v2/boards",
  scope: "boards:write",
  level: 4,
  status: 201,
  isIdempotent: false,
  query: Schema.Struct({
    /** The id of the board to copy. */
    copyFrom: Id
  }).pipe(Schema.encodeKeys({ copyFrom: "copy_from" })),
  body: BoardInput.mapFields(Struct.omit(["projectId"])),
  success: Board
})

/**
 * Gets a board.
 *
 * Scope `boards:read`, level 1.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-specific-board
 */
export const get = Operation.make({
  id: "get-specific-board",
  name: "Boards.get",
  method: "GET",
  path: "/v2/boards/{boardId}",
  scope: "boards:read",
  level: 1,
  success: Board
})

/**
 * Changes what is given of a board, and leaves the rest as it is.
 *
 * Gives the changed board, or `undefined` when Miro accepted the change but
 * takes longer to make it: get the board to see whether it has.
 *
 * Scope `boards:write`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/update-board
 */
export const update = Operation.make({
  id: "update-board",
  name: "Boards.update",
  method: "PATCH",
  path: "/v2/boards/{boardId}",
  scope: "boards:write",
  level: 2,
  body: BoardChanges,
  success: Schema.UndefinedOr(Board)
})

const withSettablePolicy = ({ policy, project, team, ...board }: Board) => ({
  ...board,
  teamId: team?.id,
  projectId: project?.id,
  ...(policy !== undefined && {
    policy: {
      permissionsPolicy: { copyAccess: policy.permissionsPolicy?.copyAccess },
      sharingPolicy: policy.sharingPolicy
    }
  })
})

/**
 * The input that makes another board with the same name, description, team,
 * project and policies, and nothing on it: for `create` or `update`. Policies
 * that only Miro's support changes are left out. `Boards.copy` takes along what
 * is on a board.
 *
 * @category inputs
 */
export const toInput: (item: Board) => Effect.Effect<BoardInput, MiroError> = ToInput.make(
  "Boards.toInput",
  BoardInput,
  create,
  { arrange: withSettablePolicy }
)

/**
 * Deletes a board, with all that is on it. On paid plans it goes to the
 * trash, and can be restored from there within 90 days.
 *
 * Scope `boards:write`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-board
 */
const delete_ = Operation.make({
  id: "delete-board",
  name: "Boards.delete",
  method: "DELETE",
  path: "/v2/boards/{boardId}",
  scope: "boards:write",
  level: 3
})

export { delete_ as delete }
