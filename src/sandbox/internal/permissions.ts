/** Who may do what: by the scopes of a token, the plan of the organization and the role on a board. */
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import { scopesOf } from "./declared.ts"
import * as errors from "./errors.ts"
import { roleOn } from "./policy.ts"
import { type AuthenticatedCall, boardIdIn, type MeteredRoute } from "./route.ts"

const enterprise = /^\/v2\/(?:orgs|audit|sessions)|^\/api\/v1\/scim/

// Who administers a company may do so whatever they are on a board.
const onBoard = /^\/v2(?:-experimental)?\/boards\//

const readers: ReadonlySet<string | undefined> = new Set(["viewer", "commenter"])

/** Why a call may not be made, if it may not. */
export const refusal = (
  route: MeteredRoute,
  call: AuthenticatedCall
): HttpServerResponse.HttpServerResponse | undefined => {
  const { session, store } = call
  const { scopes } = session
  if (scopes !== undefined && scopesOf(route).some((scope) => !scopes.includes(scope))) {
    return errors.forbidden("The token lacks a scope that this endpoint requires")
  }
  if (store.settings.plan !== "enterprise" && enterprise.test(route.path)) {
    return errors.forbidden("This endpoint is for organizations on the Enterprise plan")
  }
  const board = onBoard.test(route.path) ? store.boards.get(boardIdIn(call)) : undefined
  return route.method !== "GET" && board !== undefined && readers.has(roleOn(board, session))
    ? errors.forbidden("The role of the user on the board does not allow this")
    : undefined
}
