/** Who is in an organization, and the organization itself. */
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as OrganizationMembers from "../../enterprise/OrganizationMembers.ts"
import * as Organizations from "../../enterprise/Organizations.ts"
import * as Sessions from "../../enterprise/Sessions.ts"
import * as collections from "./collections.ts"
import type { Person } from "./entities.ts"
import * as errors from "./errors.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import * as users from "./users.ts"

const licenses: Readonly<Record<string, string>> = {
  Full: "full",
  Free: "free",
  "Free Restricted": "free_restricted",
  "Full (Trial)": "full_trial",
  Basic: "basic",
  Standard: "standard",
  Advanced: "advanced"
}

const isAdmin = ({ attributes: { roles } }: Person): boolean =>
  Array.isArray(roles) && roles.some((role) => collections.fieldsOf(role)["value"] === "ORGANIZATION_INTERNAL_ADMIN")

const memberOf = (person: Person) => {
  const { active, userType } = person.attributes
  return {
    id: person.id,
    email: person.email,
    active: active !== false,
    role: isAdmin(person) ? "organization_internal_admin" : "organization_internal_user",
    license: typeof userType === "string" ? Option.getOrElse(Record.get(licenses, userType), () => "unknown") : "full",
    type: "organization-member"
  }
}

const list = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { query, store } = call
    const limit = yield* paging.limit(call, { noun: "members", minimum: 1, maximum: 100, fallback: 100 })
    const after = yield* paging.cursor(call)
    const parameter = (name: string) => query.get(name) ?? undefined
    const role = parameter("role")
    const license = parameter("license")
    const active = parameter("active")
    const people = users.everybody(store)
    const emails = query.get("emails")
    if (emails !== null) {
      const wanted = emails.toLowerCase().split(",")
      // These alone, and no page around them.
      const found = people.filter(({ email }) => wanted.includes(email.toLowerCase())).map(memberOf)
      return HttpServerResponse.jsonUnsafe(found)
    }
    const isWanted = (person: Person) => {
      const member = memberOf(person)
      return (
        (role ?? member.role) === member.role &&
        (license ?? member.license) === member.license &&
        (active ?? String(member.active)) === String(member.active)
      )
    }
    const page = paging.rowsPage(people.filter(isWanted), { limit, after, toJson: memberOf })
    return HttpServerResponse.jsonUnsafe({ ...page, type: "cursor-list" })
  })

const get = ({ params, store }: AuthenticatedCall): FullResponse =>
  Result.map(
    Result.fromNullishOr(users.find(store, params["memberId"] ?? ""), () => errors.notFound()),
    (person) => HttpServerResponse.jsonUnsafe(memberOf(person))
  )

const getOrganization = ({ params, store }: AuthenticatedCall): FullResponse =>
  Result.succeed(
    HttpServerResponse.jsonUnsafe({
      id: params["orgId"],
      name: "Sandbox organization",
      plan: "company",
      fullLicensesPurchased: users.everybody(store).length,
      type: "organization"
    })
  )

const resetSessions = ({ query, store }: AuthenticatedCall): FullResponse => {
  const email = query.get("email") ?? ""
  if (email === "") return Result.fail(errors.invalidParameter("email", "Parameter [email] is required"))
  // Sessions are those of browsers, of which the sandbox has none. Tokens stay good.
  return users.findByEmail(store, email) === undefined
    ? Result.fail(errors.notFound())
    : Result.succeed(HttpServerResponse.empty({ status: 200 }))
}

export const routes = (routeOf: collections.RouteOf): ReadonlyArray<Route> => [
  routeOf(Organizations.get, getOrganization),
  routeOf(OrganizationMembers.list, list),
  routeOf(OrganizationMembers.get, get),
  routeOf(Sessions.reset, resetSessions)
]
