/** Teams, projects, user groups, cases and the members of them. */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Cases from "../../enterprise/Cases.ts"
import * as LegalHolds from "../../enterprise/LegalHolds.ts"
import * as ProjectMembers from "../../enterprise/ProjectMembers.ts"
import * as Projects from "../../enterprise/Projects.ts"
import * as TeamMembers from "../../enterprise/TeamMembers.ts"
import * as Teams from "../../enterprise/Teams.ts"
import * as TeamUserGroups from "../../enterprise/TeamUserGroups.ts"
import * as UserGroupMembers from "../../enterprise/UserGroupMembers.ts"
import * as UserGroups from "../../enterprise/UserGroups.ts"
import * as classification from "./classification.ts"
import * as collections from "./collections.ts"
import * as ediscovery from "./ediscovery.ts"
import * as errors from "./errors.ts"
import * as exports from "./exports.ts"
import { timestamp } from "./instant.ts"
import * as organizationMembers from "./organizationMembers.ts"
import * as settings from "./organizationSettings.ts"
import type { AuthenticatedCall, Route } from "./route.ts"
import * as sharing from "./sharing.ts"
import * as users from "./users.ts"

const parameter = ({ params }: AuthenticatedCall, name: string): string => params[name] ?? ""

const isIn = (part: string, text: unknown): boolean =>
  Predicate.isString(text) && text.toLowerCase().includes(part.toLowerCase())

const userOf = (call: AuthenticatedCall, { email }: collections.Fields): string =>
  users.byEmail(call.store, String(email)).id

const isScope = Schema.is(LegalHolds.LegalHoldInput.fields.scope)

const caseUser = (id: string, email: string, firstName: string) => ({ id, email, firstName, lastName: "" })

// Whom a legal hold is for is said by addresses, and given with ids.
const scopeOf = (call: AuthenticatedCall, { scope }: collections.Fields) =>
  isScope(scope)
    ? {
        scope: { users: scope.users.map(({ email }) => caseUser(userOf(call, { email }), email, users.nameIn(email))) }
      }
    : {}

const caller = ({ session: { userId } }: AuthenticatedCall) =>
  caseUser(userId, users.emailOf(userId), users.nameOf(userId))

const modified = (call: AuthenticatedCall) => ({
  lastModifiedAt: timestamp(call.instant.now),
  lastModifiedBy: caller(call)
})

const created = (call: AuthenticatedCall) => ({
  createdAt: timestamp(call.instant.now),
  createdBy: caller(call),
  ...modified(call)
})

const all: ReadonlyArray<collections.Collection> = [
  {
    ...Teams,
    remove: Teams.delete,
    made: (_, body) => ({ ...body, type: "team" }),
    isWanted: ({ name }, query) => isIn(query.get("name") ?? "", name)
  },
  {
    ...TeamMembers,
    create: TeamMembers.invite,
    made: (call, body) => ({
      id: userOf(call, body),
      teamId: parameter(call, "teamId"),
      role: body["role"] ?? "member",
      type: "team-member",
      createdAt: timestamp(call.instant.now),
      createdBy: call.session.userId
    }),
    changed: (call) => ({ modifiedAt: timestamp(call.instant.now), modifiedBy: call.session.userId }),
    isWanted: ({ role }, query) => (query.get("role") ?? role) === role
  },
  {
    ...TeamUserGroups,
    create: TeamUserGroups.add,
    checkCreation: (call, { userGroupId }) =>
      collections.at(call.store, `/v2/orgs/${parameter(call, "orgId")}/groups`).has(String(userGroupId))
        ? Result.void
        : Result.fail(errors.invalidParameter("userGroupId", "There is no such user group")),
    made: (_, body) => ({ id: body["userGroupId"], role: body["role"], type: "team-user-group" })
  },
  {
    ...Projects,
    remove: Projects.delete,
    made: (_, body) => ({ ...body, type: "project" }),
    // Its boards stay in the team.
    removed: ({ store: { boards } }, id) => {
      for (const board of boards.values()) {
        if (board.projectId === id) boards.set(board.id, { ...board, projectId: undefined })
      }
    }
  },
  {
    ...ProjectMembers,
    create: ProjectMembers.add,
    made: (call, body) => ({ id: userOf(call, body), ...body, type: "project_member" })
  },
  {
    ...UserGroups,
    remove: UserGroups.delete,
    made: (_, body) => ({ ...body, type: "user-group" }),
    // Nor is it in a team, or is anything shared with it.
    removed: (call, id) => {
      const organization = `/v2/orgs/${parameter(call, "orgId")}/`
      for (const [path, groups] of call.store.resources) {
        if (path.startsWith(organization) && path.endsWith("/groups")) groups.delete(id)
      }
    }
  },
  {
    ...UserGroupMembers,
    create: UserGroupMembers.add,
    made: (call, body) => ({ id: userOf(call, body), ...body, type: "user-group-member" })
  },
  {
    ...Cases,
    remove: Cases.delete,
    isCounted: true,
    made: (call, body) => ({ ...body, organizationId: parameter(call, "orgId"), ...created(call) }),
    changed: modified,
    checkRemoval: ({ path, store }) =>
      collections.at(store, `${path}/legal-holds`).size === 0
        ? Result.void
        : Result.fail(errors.invalidParameter("", "The legal holds of a case have to be closed before it"))
  },
  {
    ...LegalHolds,
    remove: LegalHolds.delete,
    isCounted: true,
    made: (call, body) => ({
      ...body,
      ...scopeOf(call, body),
      organizationId: parameter(call, "orgId"),
      caseId: parameter(call, "caseId"),
      state: "ACTIVE",
      ...created(call)
    }),
    changed: (call, body) => ({ ...scopeOf(call, body), ...modified(call) })
  }
]

const routeOf = collections.routeBelow(all)

export const routes: ReadonlyArray<Route> = [
  ...collections.routes(all, routeOf),
  ...settings.routes(routeOf),
  ...organizationMembers.routes(routeOf),
  ...sharing.routes(routeOf),
  ...classification.routes(routeOf),
  ...exports.routes(routeOf),
  ...ediscovery.routes(routeOf)
]
