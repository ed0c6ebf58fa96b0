/** What the SCIM of the sandbox says that it can do. */
import * as Record from "effect/Record"
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

type Attribute = Readonly<Record<string, unknown>>

const attribute = (name: string, kind = "string", others: Attribute = {}): Attribute => ({
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
]

// A list names the schema of schemas, and leaves out of what complex attributes are made.
const listedSchemas = schemas.map((schema) => ({
  ...schema,
  attributes: schema.attributes.map(Record.filter((_, name) => name !== "subAttributes")),
  schemas: [core("Schema")]
}))

interface Described {
  readonly id: string
}

/** How resources of a kind are given. */
type Show = (resource: Described, call: AuthenticatedCall) => object

const one =
  (kind: string, resources: ReadonlyArray<Described>, parameter: string, show: Show) =>
  (call: AuthenticatedCall): FullResponse => {
    const id = call.params[parameter] ?? ""
    return Result.map(
      Result.fromNullishOr(
        resources.find((resource) => resource.id === id),
        () => scim.notFound(kind, id)
      ),
      (resource) => scim.json(show(resource, call))
    )
  }

/** All of a kind in a single page. */
const all =
  (resources: ReadonlyArray<Described>, show: Show) =>
  (call: AuthenticatedCall): FullResponse =>
    Result.succeed(
      scim.json({
        schemas: [scim.listResponse],
        totalResults: resources.length,
        Resources: resources.map((resource) => scim.pick(call, show(resource, call)))
      })
    )

const located: Show = (schema, { origin }) => ({
  ...schema,
  meta: { resourceType: "Schema", location: `${origin}${scim.base}/Schemas/${schema.id}` }
})

const asIs: Show = (resource) => resource

export const routes: ReadonlyArray<Route> = [
  scim.routeOf(ScimDiscovery.getServiceProviderConfig, () => Result.succeed(scim.json(configuration))),
  scim.routeOf(ScimDiscovery.listResourceTypes, all(types, asIs)),
  scim.routeOf(ScimDiscovery.getResourceType, one("ResourceType", types, "resource", asIs)),
  scim.routeOf(ScimDiscovery.listSchemas, all(listedSchemas, located)),
  scim.routeOf(ScimDiscovery.getSchema, one("Schema", schemas, "uri", located))
]
