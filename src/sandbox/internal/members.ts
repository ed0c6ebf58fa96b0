import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { BoardRole } from "../../models/Board.ts"
import * as Limits from "../../models/Limits.ts"
import { boardOf } from "./boards.ts"
import type { Member } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import type { Board } from "./store.ts"
import * as users from "./users.ts"
import * as validation from "./validation.ts"

const decodeInvitation = validation.bodyDecoder(
  Schema.Struct({
    emails: Schema.Array(Schema.String).check(Limits.elements(1, 20)),
    role: Schema.optionalKey(BoardRole),
    message: Schema.optionalKey(Schema.String)
  })
)

const decodeChange = validation.bodyDecoder(Schema.Struct({ role: BoardRole }))

const toJson = (board: Board, { id, name, role }: Member, { origin }: AuthenticatedCall) => ({
  id,
  name,
  role,
  type: "board_member",
  links: { self: `${origin}/v2/boards/${encodeURIComponent(board.id)}/members/${id}` }
})

const locate = (call: AuthenticatedCall): Refusable<{ readonly board: Board; readonly member: Member }> =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const known = board.members.get(call.params["board_member_id"] ?? "")
    return { board, member: yield* Result.fromNullishOr(known, () => errors.memberNotFound(board.id)) }
  })

const list = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const limit = yield* paging.limit(call, { noun: "members", minimum: 1, maximum: 50, fallback: 20 })
    const offset = yield* paging.offset(call)
    return HttpServerResponse.jsonUnsafe(
      paging.offsetPage(call, Array.from(board.members.values()), {
        limit,
        offset,
        filters: {},
        toJson: (member) => toJson(board, member, call)
      })
    )
  })

// Everybody who is invited has an account, and is a member at once.
const invite = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const { emails, role: wanted = "commenter" } = yield* decodeInvitation(call.body)
    // A board has one owner.
    const role = wanted === "owner" ? "coowner" : wanted
    const invalid = emails.filter((email) => !email.includes("@"))
    const invited = emails.filter((email) => email.includes("@")).map((email) => users.byEmail(call.store, email))
    for (const { id, name } of invited) {
      if (board.members.get(id)?.role !== "owner") board.members.set(id, { id, name, role })
    }
    const failed = invalid.map((email) => ({ email, reason: "Invalid email" }))
    // Numbers of 64 bits, of which most clients lose digits.
    const successful = invited.map(({ id }) => id).join(",")
    return HttpServerResponse.text(`{"successful":[${successful}],"failed":${JSON.stringify(failed)}}`, {
      status: 201,
      contentType: "application/json"
    })
  })

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call), ({ board, member }) => HttpServerResponse.jsonUnsafe(toJson(board, member, call)))

const refuseOwner = ({ role }: Member): Refusable<void> =>
  role === "owner" ? Result.fail(errors.invalidParameter("role", "The owner of a board stays its owner")) : Result.void

const update = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { board, member } = yield* locate(call)
    const { role } = yield* decodeChange(call.body)
    yield* refuseOwner(member)
    const changed = { ...member, role }
    board.members.set(member.id, changed)
    return HttpServerResponse.jsonUnsafe(toJson(board, changed, call))
  })

const remove = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { board, member } = yield* locate(call)
    yield* refuseOwner(member)
    board.members.delete(member.id)
    return HttpServerResponse.empty()
  })

const collection = "/v2/boards/{board_id}/members"

export const routes: ReadonlyArray<Route> = [
  { method: "GET", path: collection, level: 1, handle: list },
  { method: "POST", path: collection, level: 3, handle: invite },
  { method: "GET", path: `${collection}/{board_member_id}`, level: 1, handle: get },
  { method: "PATCH", path: `${collection}/{board_member_id}`, level: 2, handle: update },
  { method: "DELETE", path: `${collection}/{board_member_id}`, level: 2, handle: remove }
]
