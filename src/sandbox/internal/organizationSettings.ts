/** The settings of teams and projects, which are there without being made. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as ProjectSettings from "../../enterprise/ProjectSettings.ts"
import * as TeamSettings from "../../enterprise/TeamSettings.ts"
import type { Fields } from "./collections.ts"
import * as collections from "./collections.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import * as validation from "./validation.ts"

const teamSettings = (call: AuthenticatedCall): Fields => ({
  organizationId: call.params["orgId"],
  teamId: call.params["teamId"],
  teamAccountDiscoverySettings: { accountDiscovery: "hidden" },
  teamCollaborationSettings: { coOwnerRole: "enabled" },
  teamCopyAccessLevelSettings: { copyAccessLevel: "anyone", copyAccessLevelLimitation: "anyone" },
  teamInvitationSettings: { inviteExternalUsers: "allowed", whoCanInvite: "all_members" },
  teamSharingPolicySettings: {
    allowListedDomains: [],
    createAssetAccessLevel: "all_members",
    defaultBoardAccess: "private",
    defaultBoardSharingAccess: "team_members_with_editing_rights",
    defaultOrganizationAccess: "private",
    defaultProjectAccess: "private",
    moveBoardToAccount: "allowed",
    restrictAllowedDomains: "disabled",
    sharingOnAccount: "allowed",
    sharingOnOrganization: "allowed",
    sharingViaPublicLink: "allowed"
  },
  type: "team-settings"
})

const projectSettings = (): Fields => ({
  sharingPolicySettings: { teamAccess: "private" },
  type: "project_settings"
})

// Each group of settings is changed only in what is sent.
const merge = (before: Fields, change: Fields): Fields => {
  const merged: Record<string, unknown> = { ...before }
  for (const [name, value] of Object.entries(change)) {
    const old = before[name]
    merged[name] = Predicate.isObject(old) && Predicate.isObject(value) ? { ...old, ...value } : value
  }
  return merged
}

const id = "settings"

const stored = (call: AuthenticatedCall, defaults: (call: AuthenticatedCall) => Fields): Fields =>
  merge(defaults(call), collections.at(call.store, call.path).get(id)?.fields ?? {})

const get =
  (defaults: (call: AuthenticatedCall) => Fields) =>
  (call: AuthenticatedCall): FullResponse =>
    Result.succeed(HttpServerResponse.jsonUnsafe(stored(call, defaults)))

const update = (declared: collections.Declared, defaults: (call: AuthenticatedCall) => Fields) => {
  const check = validation.checkerOf(declared)
  return (call: AuthenticatedCall): FullResponse =>
    Result.map(check(call.body), (body) => {
      const fields = merge(stored(call, defaults), collections.fieldsOf(body))
      collections.at(call.store, call.path).set(id, { id, serial: 0, fields })
      return HttpServerResponse.jsonUnsafe(fields)
    })
}

export const routes = (routeOf: collections.RouteOf): ReadonlyArray<Route> => [
  routeOf(TeamSettings.get, get(teamSettings)),
  routeOf(TeamSettings.getDefault, get(teamSettings)),
  routeOf(TeamSettings.update, update(TeamSettings.update, teamSettings)),
  routeOf(ProjectSettings.get, get(projectSettings)),
  routeOf(ProjectSettings.update, update(ProjectSettings.update, projectSettings))
]
