/** User groups that boards and projects are shared with, and the members and teams of a group. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as BoardUserGroups from "../../enterprise/BoardUserGroups.ts"
import * as ProjectUserGroups from "../../enterprise/ProjectUserGroups.ts"
import * as UserGroupMembers from "../../enterprise/UserGroupMembers.ts"
import * as UserGroupTeams from "../../enterprise/UserGroupTeams.ts"
import * as Json from "../../http/json.ts"
import * as collections from "./collections.ts"
import type { Resource } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, Call, FullResponse, Route } from "./route.ts"
import { findBoard, nextItem } from "./store.ts"
import * as users from "./users.ts"
import * as validation from "./validation.ts"

type Declared = collections.Declared

/** What is shared with groups. */
interface Shared {
  readonly list: Declared
  readonly share: Declared
  readonly unshare: Declared
  readonly type: string
  /** Refuses what is not there. */
  readonly find: (call: AuthenticatedCall) => Refusable<unknown>
}

const groupsOf = ({ params }: AuthenticatedCall): string => `/v2/orgs/${params["orgId"]}/groups`

// A group that is deleted is not in any list of groups either.
const groupsAt = (call: AuthenticatedCall, path: string): ReadonlyArray<Resource> => {
  const known = collections.at(call.store, groupsOf(call))
  return Array.from(collections.at(call.store, path).values()).filter(({ id }) => known.has(id))
}

const toJson = ({ fields, id }: Resource) => ({ id, ...fields })

const page = (call: AuthenticatedCall, all: ReadonlyArray<Resource>): FullResponse =>
  Result.map(paging.resourcesPage(call, all, { maximum: 100, toJson }), (page) => HttpServerResponse.jsonUnsafe(page))

const isSharing = Schema.is(Schema.Struct({ userGroupIds: Schema.NonEmptyArray(Schema.String), role: Schema.String }))

const share = ({ share: declared, type }: Shared) => {
  const check = validation.checkerOf(declared)
  return (call: AuthenticatedCall): FullResponse =>
    Result.gen(function* () {
      const body = yield* check(call.body)
      if (!isSharing(body)) {
        return yield* Result.fail(errors.invalidParameter("userGroupIds", "Field [userGroupIds] must not be empty"))
      }
      const known = collections.at(call.store, groupsOf(call))
      if (!body.userGroupIds.every((id) => known.has(id))) return yield* Result.fail(errors.notFound())
      const shared = body.userGroupIds.map((id) => ({ ...nextItem(call.store), id, fields: { role: body.role, type } }))
      for (const group of shared) collections.at(call.store, call.path).set(group.id, group)
      return HttpServerResponse.jsonUnsafe({ id: body.userGroupIds[0], role: body.role, type })
    })
}

const unshare = (call: AuthenticatedCall): FullResponse =>
  collections.at(call.store, call.path.slice(0, call.path.lastIndexOf("/"))).delete(call.params["groupId"] ?? "")
    ? Result.succeed(HttpServerResponse.empty())
    : Result.fail(errors.notFound())

const sharedRoutes = (shared: Shared, routeOf: collections.RouteOf): ReadonlyArray<Route> => {
  const inside = (handle: (call: AuthenticatedCall) => FullResponse) => (call: AuthenticatedCall) =>
    Result.flatMap(shared.find(call), () => handle(call))
  return [
    routeOf(
      shared.list,
      inside((call) => page(call, groupsAt(call, call.path)))
    ),
    routeOf(shared.share, inside(share(shared))),
    routeOf(shared.unshare, inside(unshare))
  ]
}

const board: Shared = {
  ...BoardUserGroups,
  type: "board-user-group",
  find: ({ params, store }) => findBoard(store, params["boardId"] ?? "")
}

const project: Shared = {
  ...ProjectUserGroups,
  type: "project-user-group",
  // The path does not say of which team the project is.
  find: ({ params: { orgId, projectId = "" }, store }) =>
    Array.from(store.resources).some(
      ([path, resources]) =>
        path.startsWith(`/v2/orgs/${orgId}/teams/`) && path.endsWith("/projects") && resources.has(projectId)
    )
      ? Result.void
      : Result.fail(errors.notFound())
}

/** The teams that have a group. */
const teamsOf = ({ params: { groupId = "", orgId }, store }: AuthenticatedCall): ReadonlyArray<Resource> =>
  Array.from(collections.at(store, `/v2/orgs/${orgId}/teams`).values()).flatMap(({ id }) => {
    const group = store.resources.get(`/v2/orgs/${orgId}/teams/${id}/groups`)?.get(groupId)
    return group === undefined ? [] : [{ ...group, id, fields: { role: "member", type: "user-group-team" } }]
  })

const getTeam = (call: AuthenticatedCall): FullResponse =>
  Result.map(
    Result.fromNullishOr(
      teamsOf(call).find(({ id }) => id === call.params["teamId"]),
      () => errors.notFound()
    ),
    (team) => HttpServerResponse.jsonUnsafe(toJson(team))
  )

const isEdit = Schema.is(
  Schema.Struct({
    membersToAdd: Schema.optionalKey(Schema.Array(Schema.String)),
    membersToRemove: Schema.optionalKey(Schema.Array(Schema.String))
  })
)

const checkEdit = validation.checkerOf(UserGroupMembers.addAndRemove)

const editIn = (body: unknown) => {
  const { membersToAdd = [], membersToRemove = [] } = isEdit(body) ? body : {}
  return { membersToAdd, membersToRemove }
}

// Each user costs as much as if they were added alone.
const usersIn = ({ body }: Call): number => {
  const { membersToAdd, membersToRemove } = editIn(Result.getOrUndefined(Json.parseResult(body)))
  return Math.max(1, membersToAdd.length + membersToRemove.length)
}

// Each of the two is done, or not, by itself.
const editMembers = (call: AuthenticatedCall): FullResponse =>
  Result.map(checkEdit(call.body), (body) => {
    const { membersToAdd, membersToRemove } = editIn(body)
    const members = collections.at(call.store, call.path)
    const type = "user-group-member"
    const added = membersToAdd.map((email) => {
      const { id } = users.byEmail(call.store, email)
      members.set(id, members.get(id) ?? { ...nextItem(call.store), id, fields: { email, type } })
      return { id, email, type }
    })
    const removed = membersToRemove.flatMap((email) => {
      const id = users.findByEmail(call.store, email)?.id
      return id !== undefined && members.delete(id) ? [{ id, email, type }] : []
    })
    const results = [
      { operation: "addMembers", status: 200, affectedUsers: added, of: membersToAdd },
      { operation: "removeMembers", status: 200, affectedUsers: removed, of: membersToRemove }
    ].flatMap(({ of, ...result }) => (of.length === 0 ? [] : [result]))
    return HttpServerResponse.jsonUnsafe(results, { status: 207 })
  })

export const routes = (routeOf: collections.RouteOf): ReadonlyArray<Route> => [
  ...sharedRoutes(board, routeOf),
  ...sharedRoutes(project, routeOf),
  routeOf(UserGroupTeams.list, (call) => page(call, teamsOf(call))),
  routeOf(UserGroupTeams.get, getTeam),
  { ...routeOf(UserGroupMembers.addAndRemove, editMembers), times: usersIn }
]
