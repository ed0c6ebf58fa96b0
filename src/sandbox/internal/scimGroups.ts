/** The teams of the organization, as SCIM has them. */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Json from "../../http/json.ts"
import * as ScimGroups from "../../scim/Groups.ts"
import * as collections from "./collections.ts"
import type { Refusable } from "./errors.ts"
import { timestamp } from "./instant.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import * as Patch from "./scimPatch.ts"
import * as scim from "./scimResponse.ts"
import * as teams from "./scimTeams.ts"
import { nextItem } from "./store.ts"
import * as users from "./users.ts"

const toJson = (team: teams.Team, { origin, store }: AuthenticatedCall) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  id: team.id,
  displayName: teams.nameOf(team),
  members: Array.from(store.resources.get(team.membersPath)?.keys() ?? [], (id) => ({
    value: id,
    type: "User",
    display: users.find(store, id)?.email ?? users.nameOf(id)
  })),
  meta: { resourceType: "Group", location: `${origin}${scim.base}/Groups/${team.id}` }
})

const find = ({ params, store }: AuthenticatedCall): Refusable<teams.Team> => {
  const id = params["groupId"] ?? ""
  return Result.fromNullishOr(
    teams.all(store).find((team) => team.id === id),
    () => scim.notFound("Group", id)
  )
}

const list = (call: AuthenticatedCall): FullResponse =>
  scim.list(
    call,
    teams.all(call.store).map((team) => toJson(team, call))
  )

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(find(call), (team) => scim.json(scim.pick(call, toJson(team, call))))

const decode = Schema.decodeUnknownResult(Schema.Struct({ Operations: Schema.Array(ScimGroups.GroupOperation) }))

const changesIn = (body: string): Refusable<ReadonlyArray<Patch.Change>> =>
  Json.parseResult(body).pipe(
    Result.mapError(() => scim.invalid("The body is not JSON", "invalidSyntax")),
    Result.flatMap((value) => Result.mapError(decode(value), ({ message }) => scim.invalid(message))),
    Result.map(({ Operations }) => Operations)
  )

const hasValue = Schema.is(Schema.Struct({ value: Schema.String }))

/** The ids of the members that a group shall have. */
const membersIn = (call: AuthenticatedCall, members: unknown): Refusable<ReadonlyArray<string>> => {
  const ids = (Array.isArray(members) ? members : []).filter(hasValue).map(({ value }) => value)
  const unknown = ids.find((id) => users.find(call.store, id) === undefined)
  return unknown === undefined ? Result.succeed(ids) : Result.fail(scim.notFound("User", unknown))
}

const update = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { instant, session, store } = call
    const team = yield* find(call)
    let group: Readonly<Record<string, unknown>> = toJson(team, call)
    for (const change of yield* changesIn(call.body)) {
      group = yield* Result.mapError(Patch.apply(group, change, Object.keys(group)), ({ detail, type }) =>
        scim.invalid(detail, type)
      )
    }
    const ids = yield* membersIn(call, group["members"])
    const name = Predicate.isString(group["displayName"]) ? group["displayName"] : teams.nameOf(team)
    collections
      .at(store, team.path)
      .set(team.id, { id: team.id, serial: team.serial, fields: { ...team.fields, name } })
    const members = collections.at(store, team.membersPath)
    for (const id of members.keys()) if (!ids.includes(id)) members.delete(id)
    const fields = {
      teamId: team.id,
      role: "member",
      type: "team-member",
      createdAt: timestamp(instant.now),
      createdBy: session.userId
    }
    for (const id of ids) members.set(id, members.get(id) ?? { ...nextItem(store), id, fields })
    return yield* get(call)
  })

export const routes: ReadonlyArray<Route> = [
  scim.routeOf(ScimGroups.list, list),
  scim.routeOf(ScimGroups.get, get),
  scim.routeOf(ScimGroups.update, update)
]
