/** User groups that boards and projects are shared with, and the members and teams of a group. */
import * as Arr from "effect/Array"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as BoardUserGroups from "../../enterprise/BoardUserGroups.ts"
import * as ProjectUserGroups from "../../enterprise/ProjectUserGroups.ts"
import * as UserGroupMembers from "../../enterprise/UserGroupMembers.ts"
import * as UserGroupTeams from "../../enterprise/UserGroupTeams.ts"
import * as Json from "../../http/json.ts"
import * as collections from "./collections.ts"
import type { Person, Resource } from "./entities.ts"
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
      const shared = collections.at(call.store, call.path)
      for (const id of body.userGroupIds) {
        const { serial } = shared.get(id) ?? nextItem(call.store)
        shared.set(id, { id, serial, fields: { role: body.role, type } })
      }
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
      inside((call) => page(call, Array.from(collections.at(call.store, call.path).values())))
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

const mostEdits = 500

// Each user costs as much as if they were added alone.
const usersIn = ({ body }: Call): number => {
  const { membersToAdd, membersToRemove } = editIn(Result.getOrUndefined(Json.parseResult(body)))
  return Math.max(1, membersToAdd.length + membersToRemove.length)
}

/** Somebody by an id or an address. */
const findUser = (call: AuthenticatedCall, text: string): Person | undefined =>
  users.find(call.store, text) ?? users.findByEmail(call.store, text)

const userGroupMember = ({ email, id }: Person) => ({ id, email, type: "user-group-member" })

// Who can be added, and who cannot, each have a result of their own.
const addTo = (members: Map<string, Resource>, call: AuthenticatedCall, wanted: ReadonlyArray<string>) => {
  const [found, unknown] = Arr.partition(wanted, (text) => {
    const user = findUser(call, text) ?? (text.includes("@") ? users.byEmail(call.store, text) : undefined)
    return Result.fromNullishOr(user, () => text)
  })
  for (const user of found) {
    const { id, ...fields } = userGroupMember(user)
    members.set(id, members.get(id) ?? { ...nextItem(call.store), id, fields })
  }
  const error = { status: 404, code: "notFound", message: `Users not found: ${unknown.join(", ")}`, type: "error" }
  return [
    ...(found.length > 0 ? [{ operation: "addMembers", status: 200, affectedUsers: found.map(userGroupMember) }] : []),
    ...(unknown.length > 0 ? [{ operation: "addMembers", status: 404, error }] : [])
  ]
}

const removeFrom = (members: Map<string, Resource>, call: AuthenticatedCall, wanted: ReadonlyArray<string>) => {
  const found = wanted.flatMap((text) => findUser(call, text) ?? [])
  const affectedUsers = found.filter(({ id }) => members.delete(id)).map(userGroupMember)
  return wanted.length > 0 ? [{ operation: "removeMembers", status: 200, affectedUsers }] : []
}

const editMembers = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    if (usersIn(call) > mostEdits) return yield* Result.fail(errors.tooLarge(`At most ${mostEdits} users at a time`))
    const { membersToAdd, membersToRemove } = editIn(yield* checkEdit(call.body))
    const members = collections.at(call.store, call.path)
    const results = [...addTo(members, call, membersToAdd), ...removeFrom(members, call, membersToRemove)]
    return HttpServerResponse.jsonUnsafe(results, { status: 207 })
  })

export const routes = (routeOf: collections.RouteOf): ReadonlyArray<Route> => [
  ...sharedRoutes(board, routeOf),
  ...sharedRoutes(project, routeOf),
  routeOf(UserGroupTeams.list, (call) => page(call, teamsOf(call))),
  routeOf(UserGroupTeams.get, getTeam),
  { ...routeOf(UserGroupMembers.addAndRemove, editMembers), times: usersIn }
]
