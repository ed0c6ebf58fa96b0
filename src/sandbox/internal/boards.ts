import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Order from "effect/Order"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Limits from "../../models/Limits.ts"
import { copyContent } from "./copying.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import { timestamp, unusedText } from "./instant.ts"
import * as paging from "./paging.ts"
import { changePolicy, initialPolicy, PolicyChange, roleOn } from "./policy.ts"
import { type AuthenticatedCall, boardIdIn, type FullResponse, type Route } from "./route.ts"
import type { Board } from "./store.ts"
import { emptyContent, findBoard } from "./store.ts"
import * as users from "./users.ts"
import * as validation from "./validation.ts"

const copyFields = {
  name: Schema.optionalKey(
    Schema.String.check(Limits.characters(1, 60, { message: "Name must have between 1 and 60 characters" }))
  ),
  /** `null` takes it away. */
  description: Schema.optionalKey(
    Schema.NullOr(
      Schema.String.check(Limits.characters(0, 300, { message: "Description must have at most 300 characters" }))
    )
  ),
  policy: Schema.optionalKey(PolicyChange),
  teamId: Schema.optionalKey(Schema.String)
}

const BoardCopy = Schema.Struct(copyFields)

const BoardChange = Schema.Struct({ ...copyFields, projectId: Schema.optionalKey(Schema.String) })

const decodeCopy = validation.bodyDecoder(BoardCopy)

const decodeChange = validation.bodyDecoder(BoardChange)

const changeBoard = (board: Board, change: typeof BoardChange.Type): Board => {
  const { description = board.description, policy, ...rest } = change
  return { ...board, ...rest, description: description ?? "", policy: changePolicy(board.policy, policy ?? {}) }
}

const newBoard = ({ instant, session, store }: AuthenticatedCall): Board => {
  const isTaken = (id: string) => store.boards.has(id)
  store.boardsCreated += 1
  return {
    id: unusedText(instant.random, 7, isTaken, (text) => `uXjV${text}=`),
    serial: store.boardsCreated,
    name: "Untitled",
    description: "",
    teamId: session.teamId,
    projectId: undefined,
    ownerId: session.userId,
    policy: initialPolicy,
    createdAt: instant.now,
    createdBy: session.userId,
    modifiedAt: instant.now,
    modifiedBy: session.userId,
    members: new Map([[session.userId, { id: session.userId, name: users.nameOf(session.userId), role: "owner" }]]),
    ...emptyContent()
  }
}

const isVisible = (board: Board, { session }: AuthenticatedCall): boolean => roleOn(board, session) !== undefined

/** A board that the user may see. There is no telling the others from those that do not exist. */
const visibleBoard = (call: AuthenticatedCall, id: string): Refusable<Board> =>
  Result.flatMap(findBoard(call.store, id), (board) =>
    isVisible(board, call) ? Result.succeed(board) : Result.fail(errors.boardNotFound(id))
  )

const toJson = (board: Board, { origin, session }: AuthenticatedCall) => {
  const self = `${origin}/v2/boards/${encodeURIComponent(board.id)}`
  return {
    id: board.id,
    type: "board",
    name: board.name,
    description: board.description,
    links: { self, related: `${self}/members?limit=20&offset=0` },
    createdAt: timestamp(board.createdAt),
    createdBy: users.reference(board.createdBy),
    currentUserMembership: {
      ...users.reference(session.userId),
      role: roleOn(board, session),
      type: "board_member"
    },
    modifiedAt: timestamp(board.modifiedAt),
    modifiedBy: users.reference(board.modifiedBy),
    owner: users.reference(board.ownerId),
    permissionsPolicy: board.policy.permissionsPolicy,
    sharingPolicy: board.policy.sharingPolicy,
    policy: board.policy,
    team: {
      id: board.teamId,
      name: users.teamName(board.teamId),
      type: "team"
    },
    ...(board.projectId !== undefined && { project: { id: board.projectId } }),
    viewLink: `https://miro.com/app/board/${board.id}`
  }
}

// Nobody ever opens a board of the sandbox in a browser, but for who made it.
const toReadJson = (board: Board, call: AuthenticatedCall) => ({
  ...toJson(board, call),
  lastOpenedAt: timestamp(board.createdAt),
  lastOpenedBy: users.reference(board.createdBy)
})

const created = (board: Board, call: AuthenticatedCall) => {
  call.store.boards.set(board.id, board)
  return HttpServerResponse.jsonUnsafe(toJson(board, call), { status: 201 })
}

const create = (call: AuthenticatedCall): FullResponse =>
  Result.map(decodeChange(call.body), (change) => created(changeBoard(newBoard(call), change), call))

const copy = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const sourceId = call.query.get("copy_from")
    if (sourceId === null) {
      return yield* Result.fail(errors.invalidParameter("copy_from", "Parameter [copy_from] is required"))
    }
    const source = yield* visibleBoard(call, sourceId)
    const change = yield* decodeCopy(call.body)
    const { description, name, policy, teamId } = source
    const board = {
      ...newBoard(call),
      description,
      name,
      policy,
      teamId,
      ...copyContent(call.store, source)
    }
    return created(changeBoard(board, change), call)
  })

const newestFirst = Order.flip(Order.mapInput(Order.Number, (board: Board) => board.serial))

const orders: Readonly<Record<string, Order.Order<Board>>> = {
  last_modified: Order.combine(
    Order.flip(Order.mapInput(Order.Number, (board: Board) => board.modifiedAt)),
    newestFirst
  ),
  alphabetically: Order.combine(
    Order.mapInput(Order.String, (board: Board) => board.name),
    newestFirst
  )
}

const sorts = ["default", "last_modified", "last_opened", "last_created", "alphabetically"]

const list = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const limit = yield* paging.limit(call, { noun: "boards", minimum: 1, maximum: 50, fallback: 20 })
    const offset = yield* paging.offset(call)
    const sort = yield* paging.oneOf(call, "sort", sorts)
    const parameter = (name: string) => call.query.get(name) || undefined
    if ((parameter("query")?.length ?? 0) > 500) {
      return yield* Result.fail(errors.invalidParameter("query", "At most 500 characters can be searched for"))
    }
    const filters = {
      team_id: parameter("team_id"),
      project_id: parameter("project_id"),
      query: parameter("query"),
      owner: parameter("owner")
    }
    // Miro searches and sorts either in a team or project, or everywhere.
    const isScoped = filters.team_id !== undefined || filters.project_id !== undefined
    const needle = filters.query?.toLowerCase()
    const matches = (board: Board): boolean =>
      isScoped
        ? (filters.team_id === undefined || board.teamId === filters.team_id) &&
          (filters.project_id === undefined || board.projectId === filters.project_id)
        : (filters.owner === undefined || board.ownerId === filters.owner) &&
          (needle === undefined || `${board.name}\n${board.description}`.toLowerCase().includes(needle))
    const order =
      isScoped && sort !== undefined ? Option.getOrElse(Record.get(orders, sort), () => newestFirst) : newestFirst
    const boards = Arr.sort(
      Array.from(call.store.boards.values()).filter((board) => isVisible(board, call) && matches(board)),
      order
    )
    const toRow = (board: Board) => toReadJson(board, call)
    return HttpServerResponse.jsonUnsafe(
      paging.offsetPage(call, boards, { limit, offset, filters: { ...filters, sort }, toJson: toRow })
    )
  })

/** The board that the path of a call is about. */
export const boardOf = (call: AuthenticatedCall): Refusable<Board> => visibleBoard(call, boardIdIn(call))

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(boardOf(call), (board) => HttpServerResponse.jsonUnsafe(toReadJson(board, call)))

const update = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const change = yield* decodeChange(call.body)
    const { now } = call.instant
    const changed = { ...changeBoard(board, change), modifiedAt: now, modifiedBy: call.session.userId }
    call.store.boards.set(board.id, changed)
    return HttpServerResponse.jsonUnsafe(toJson(changed, call))
  })

const remove = (call: AuthenticatedCall): FullResponse =>
  Result.map(boardOf(call), (board) => {
    call.store.boards.delete(board.id)
    return HttpServerResponse.empty()
  })

export const routes: ReadonlyArray<Route> = [
  { method: "POST", path: "/v2/boards", level: 3, handle: create },
  { method: "GET", path: "/v2/boards", level: 1, handle: list },
  { method: "PUT", path: "/v2/boards", level: 4, handle: copy },
  { method: "GET", path: "/v2/boards/{board_id}", level: 1, handle: get },
  { method: "PATCH", path: "/v2/boards/{board_id}", level: 2, handle: update },
  { method: "DELETE", path: "/v2/boards/{board_id}", level: 3, handle: remove }
]
