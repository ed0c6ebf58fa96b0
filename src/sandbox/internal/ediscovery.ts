/** What legal holds hold: the boards that their users have a part in. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Cases from "../../enterprise/Cases.ts"
import * as LegalHolds from "../../enterprise/LegalHolds.ts"
import * as collections from "./collections.ts"
import type { Resource } from "./entities.ts"
import * as errors from "./errors.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import type { Board } from "./store.ts"

const isScope = Schema.is(Schema.Struct({ users: Schema.Array(Schema.Struct({ id: Schema.String })) }))

const heldBy = ({ store }: AuthenticatedCall, { fields: { scope } }: Resource): ReadonlyArray<Board> => {
  const ids = isScope(scope) ? scope.users.map(({ id }) => id) : []
  return Array.from(store.boards.values()).filter(({ members }) => ids.some((id) => members.has(id)))
}

const page = <A extends { readonly serial: number }>(
  call: AuthenticatedCall,
  all: ReadonlyArray<A>,
  options: { readonly isCounted?: boolean; readonly toJson: (row: A) => unknown }
): FullResponse =>
  Result.map(paging.resourcesPage(call, all, { maximum: 100, ...options }), (page) =>
    HttpServerResponse.jsonUnsafe(page)
  )

const listContentItems = (call: AuthenticatedCall): FullResponse => {
  const [, holds = "", id = ""] = /^(.*)\/([^/]+)\/content-items$/.exec(call.path) ?? []
  const hold = collections.at(call.store, holds).get(decodeURIComponent(id))
  return hold === undefined
    ? Result.fail(errors.notFound())
    : page(call, heldBy(call, hold), { isCounted: true, toJson: ({ id }) => ({ contentId: id, type: "board" }) })
}

// The jobs that export a board which a hold of the case holds.
const listExportJobs = (call: AuthenticatedCall): FullResponse => {
  const holds = collections.at(call.store, call.path.replace(/export-jobs$/, "legal-holds"))
  const held = new Set(Array.from(holds.values()).flatMap((hold) => heldBy(call, hold).map(({ id }) => id)))
  const jobs = Array.from(call.store.exportJobs.values()).filter(({ tasks }) =>
    tasks.some(({ boardId }) => held.has(boardId))
  )
  return page(call, jobs, { toJson: ({ id }) => ({ id }) })
}

export const routes = (routeOf: collections.RouteOf): ReadonlyArray<Route> => [
  routeOf(LegalHolds.listContentItems, listContentItems),
  routeOf(Cases.listExportJobs, listExportJobs)
]
