/** What the SCIM of the sandbox says that it can do. */
import * as Result from "effect/Result"
import * as ScimDiscovery from "../../scim/Discovery.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import { extension } from "./scimFilter.ts"
import * as scim from "./scimResponse.ts"

const supported = { supported: true }
const unsupported = { supported: false }

const configuration = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  documentationUri: "https://developers.miro.com/reference/scim",
  patch: supported,
  bulk: { ...unsupported, maxOperations: 0, maxPayloadSize: 0 },
  filter: { ...supported, maxResults: 1000 },
  changePassword: unsupported,
  sort: supported,
  etag: unsupported,
  authenticationSchemes: [
    {
      name: "OAuth Bearer Token",
      description: "The token of SCIM in the Authorization header",
      specUri: "https://www.rfc-editor.org/info/rfc6750",
      type: "oauthbearertoken",
      primary: true
    }
  ]
}

const core = (name: string): string => `urn:ietf:params:scim:schemas:core:2.0:${name}`

const type = (name: string, description: string, schemaExtensions: ReadonlyArray<object>) => ({
  schemas: [core("ResourceType")],
  id: name,
  name,
  description,
  endpoint: `/${name}s`,
  schema: core(name),
  schemaExtensions
})

const types = [
  type("User", "The users of the organization", [{ schema: extension, required: false }]),
  type("Group", "The teams of the organization", [])
]

const attribute = (name: string, kind = "string", others: object = {}) => ({
  name,
  type: kind,
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: "readWrite",
  returned: "default",
  uniqueness: "none",
  ...others
})

const list = { multiValued: true }

const schemas = [
  {
    id: core("User"),
    name: "User",
    description: "A user",
    attributes: [
      attribute("userName", "string", { required: true, uniqueness: "server" }),
      attribute("name", "complex", {
        subAttributes: ["formatted", "familyName", "givenName"].map((name) => attribute(name))
      }),
      attribute("displayName"),
      attribute("userType"),
      attribute("active", "boolean"),
      attribute("emails", "complex", { ...list, mutability: "readOnly" }),
      attribute("photos", "complex", list),
      attribute("groups", "complex", { ...list, mutability: "readOnly" }),
      attribute("roles", "complex", list),
      attribute("preferredLanguage")
    ]
  },
  {
    id: core("Group"),
    name: "Group",
    description: "A team",
    attributes: [attribute("displayName", "string", { required: true }), attribute("members", "complex", list)]
  },
  {
    id: extension,
    name: "EnterpriseUser",
    description: "What a company says of a user",
    attributes: [
      ...["employeeNumber", "costCenter", "organization", "division", "department"].map((name) => attribute(name)),
      attribute("manager", "complex", { subAttributes: [attribute("displayName"), attribute("value")] })
    ]
  }
].map((schema) => ({ ...schema, schemas: [core("Schema")] }))

interface Described {
  readonly id: string
}

const located = (kind: string, resource: Described, { origin }: AuthenticatedCall) => ({
  ...resource,
  meta: { resourceType: kind, location: `${origin}${scim.base}/${kind}s/${resource.id}` }
})

const one =
  (kind: string, resources: ReadonlyArray<Described>, parameter: string) =>
  (call: AuthenticatedCall): FullResponse => {
    const id = call.params[parameter] ?? ""
    return Result.map(
      Result.fromNullishOr(
        resources.find((resource) => resource.id === id),
        () => scim.notFound(kind, id)
      ),
      (resource) => scim.json(located(kind, resource, call))
    )
  }

const all =
  (kind: string, resources: ReadonlyArray<Described>) =>
  (call: AuthenticatedCall): FullResponse =>
    scim.list(
      call,
      resources.map((resource) => located(kind, resource, call))
    )

export const routes: ReadonlyArray<Route> = [
  scim.routeOf(ScimDiscovery.getServiceProviderConfig, () => Result.succeed(scim.json(configuration))),
  scim.routeOf(ScimDiscovery.listResourceTypes, all("ResourceType", types)),
  scim.routeOf(ScimDiscovery.getResourceType, one("ResourceType", types, "resource")),
  scim.routeOf(ScimDiscovery.listSchemas, all("Schema", schemas)),
  scim.routeOf(ScimDiscovery.getSchema, one("Schema", schemas, "uri"))
]
