/** Who may do what: by the scopes of a token, the plan of the organization and the role on a board. */
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import { scopesOf } from "./declared.ts"
import * as errors from "./errors.ts"
import type { AuthenticatedCall, MeteredRoute } from "./route.ts"

const enterprise = /^\/v2\/(?:orgs|audit|sessions)|^\/api\/v1\/scim/

const readers: ReadonlySet<string | undefined> = new Set(["viewer", "commenter"])

/** Why a call may not be made, if it may not. */
export const refusal = (
  route: MeteredRoute,
  { params, session, store }: AuthenticatedCall
): HttpServerResponse.HttpServerResponse | undefined => {
  const { scopes } = session
  const { forbidden = errors.forbidden } = route
  if (scopes !== undefined && scopesOf(route).some((scope) => !scopes.includes(scope))) {
    return forbidden("The token lacks a scope that this endpoint requires")
  }
  if (store.settings.plan !== "enterprise" && enterprise.test(route.path)) {
    return forbidden("This endpoint is for organizations on the Enterprise plan")
  }
  const role = store.boards.get(params["board_id"] ?? "")?.members.get(session.userId)?.role
  return route.method !== "GET" && readers.has(role)
    ? forbidden("The role of the user on the board does not allow this")
    : undefined
}
