/**
 * What Miro's SCIM API can do, and what its resources look like. On the
 * Enterprise plan.
 *
 * @see https://developers.miro.com/reference/scim
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Open from "../models/Open.ts"
import { Meta } from "./Meta.ts"
import { ScimClient } from "./ScimClient.ts"
import * as ScimPage from "./ScimPage.ts"

const Feature = Open.struct({
  /** Whether Miro supports it. */
  supported: Schema.optionalKey(Schema.Boolean)
})

/**
 * How users of the API show who they are.
 *
 * @category schemas
 */
export class AuthenticationScheme extends Open.named<AuthenticationScheme>()({
  /** The name of the scheme. */
  name: Schema.optionalKey(Schema.String),
  /** How a client authenticates with it. */
  description: Schema.optionalKey(Schema.String),
  /** The URL of the specification. */
  specUri: Schema.optionalKey(Schema.String),
  /** The scheme, such as `oauthbearertoken`. */
  type: Schema.optionalKey(Schema.String),
  /** Whether it is the one to prefer. */
  primary: Schema.optionalKey(Schema.Boolean)
}) {}

/**
 * Which parts of SCIM there are.
 *
 * @category schemas
 */
export class ServiceProviderConfig extends Open.named<ServiceProviderConfig>()({
  /** The URIs of the SCIM schemas that the resource has. */
  schemas: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Where Miro's SCIM API is described. */
  documentationUri: Schema.optionalKey(Schema.String),
  /** Whether resources can be changed in part. */
  patch: Schema.optionalKey(Feature),
  /** Whether many changes can be made by one request. */
  bulk: Schema.optionalKey(
    Open.struct({
      /** Whether Miro supports it. */
      supported: Schema.optionalKey(Schema.Boolean),
      /** The most changes in one request. */
      maxOperations: Schema.optionalKey(Schema.Finite),
      /** The size of such a request at most, in bytes. */
      maxPayloadSize: Schema.optionalKey(Schema.Finite)
    })
  ),
  /** Whether lists can be filtered. */
  filter: Schema.optionalKey(
    Open.struct({
      /** Whether Miro supports it. */
      supported: Schema.optionalKey(Schema.Boolean),
      /** How many resources a response has at most. */
      maxResults: Schema.optionalKey(Schema.Finite)
    })
  ),
  /** Whether passwords can be changed. */
  changePassword: Schema.optionalKey(Feature),
  /** Whether lists can be sorted. */
  sort: Schema.optionalKey(Feature),
  /** Whether resources have ETags, by which a change is made only to a known version. */
  etag: Schema.optionalKey(Feature),
  /** How a client can authenticate. */
  authenticationSchemes: Schema.optionalKey(Schema.Array(AuthenticationScheme))
}) {}

/**
 * Tells which parts of SCIM Miro supports.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/listserviceproviderconfigs
 */
export const getServiceProviderConfig = Operation.make({
  id: "listServiceProviderConfigs",
  name: "ScimDiscovery.getServiceProviderConfig",
  method: "GET",
  path: "/ServiceProviderConfig",
  level: "none",
  client: ScimClient,
  success: ServiceProviderConfig
})

/**
 * A type of resources: users or groups.
 *
 * @category schemas
 */
export class ResourceType extends Open.named<ResourceType>()({
  /** The URIs of the SCIM schemas that the resource has. */
  schemas: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The id of the type, such as `User`. */
  id: Schema.optionalKey(Schema.String),
  /** The name of the type, such as `User`. */
  name: Schema.optionalKey(Schema.String),
  /** What resources of the type are. */
  description: Schema.optionalKey(Schema.String),
  /** The path of the resources, such as `/Users`. */
  endpoint: Schema.optionalKey(Schema.String),
  /** The URI of the schema, see {@link getSchema}. */
  schema: Schema.optionalKey(Schema.String),
  /** Schemas that resources of the type have beside their own. */
  schemaExtensions: Schema.optionalKey(
    Schema.Array(
      Open.struct({
        /** The URI of the schema. */
        schema: Schema.optionalKey(Schema.String),
        /** Whether every resource of the type has the fields of this schema. */
        required: Schema.optionalKey(Schema.Boolean)
      })
    )
  )
}) {}

/**
 * Lists the types of resources, all on one page.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/listresourcetypes
 */
export const listResourceTypes = Operation.make({
  id: "listResourceTypes",
  name: "ScimDiscovery.listResourceTypes",
  method: "GET",
  path: "/ResourceTypes",
  level: "none",
  client: ScimClient,
  success: ScimPage.of(ResourceType)
})

/**
 * Gets a type of resources: `User` or `Group`.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/getresourcetype
 */
export const getResourceType = Operation.make({
  id: "getResourceType",
  name: "ScimDiscovery.getResourceType",
  method: "GET",
  path: "/ResourceTypes/{resource}",
  level: "none",
  client: ScimClient,
  success: ResourceType
})

/**
 * An attribute of a resource, or a part of one.
 *
 * @category schemas
 */
export interface SchemaAttribute {
  /** The URIs of the SCIM schemas that the attribute has. */
  readonly schemas?: ReadonlyArray<string>
  /** The name of the attribute, such as `userName`. */
  readonly name?: string
  /** The type of its values, such as `string` or `complex`. */
  readonly type?: string
  /** Whether it has a list of values. */
  readonly multiValued?: boolean
  /** What the attribute is. */
  readonly description?: string
  /** Whether every resource has the attribute. */
  readonly required?: boolean
  /** The attributes inside of it, if it is complex. */
  readonly subAttributes?: ReadonlyArray<SchemaAttribute>
  /** Whether upper and lower case make a difference. */
  readonly caseExact?: boolean
  /** Whether it can be changed, such as `readOnly` or `readWrite`. */
  readonly mutability?: string
  /** When it is in a response, such as `default` or `always`. */
  readonly returned?: string
  /** How far a value is unique, such as `none` or `server`. */
  readonly uniqueness?: string
}

/** @category schemas */
export const SchemaAttribute: Schema.Codec<SchemaAttribute> = Open.struct({
  /** The URIs of the SCIM schemas that the attribute has. */
  schemas: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The name of the attribute, such as `userName`. */
  name: Schema.optionalKey(Schema.String),
  /** The type of its values, such as `string` or `complex`. */
  type: Schema.optionalKey(Schema.String),
  /** Whether it has a list of values. */
  multiValued: Schema.optionalKey(Schema.Boolean),
  /** What the attribute is. */
  description: Schema.optionalKey(Schema.String),
  /** Whether every resource has the attribute. */
  required: Schema.optionalKey(Schema.Boolean),
  /** The attributes inside of it, if it is complex. */
  subAttributes: Schema.optionalKey(Schema.Array(Schema.suspend(() => SchemaAttribute))),
  /** Whether upper and lower case make a difference. */
  caseExact: Schema.optionalKey(Schema.Boolean),
  /** Whether it can be changed, such as `readOnly` or `readWrite`. */
  mutability: Schema.optionalKey(Schema.String),
  /** When it is in a response, such as `default` or `always`. */
  returned: Schema.optionalKey(Schema.String),
  /** How far a value is unique, such as `none` or `server`. */
  uniqueness: Schema.optionalKey(Schema.String)
})

/**
 * The attributes that a type of resources has, or that an extension adds.
 *
 * @category schemas
 */
export class ResourceSchema extends Open.named<ResourceSchema>()({
  /** The URIs of the SCIM schemas that the resource has. */
  schemas: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The id of the schema, a URI. */
  id: Schema.optionalKey(Schema.String),
  /** The name of the schema, such as `User`. */
  name: Schema.optionalKey(Schema.String),
  /** What the schema describes. */
  description: Schema.optionalKey(Schema.String),
  /** The attributes of a resource with the schema. */
  attributes: Schema.optionalKey(Schema.Array(SchemaAttribute)),
  /** Where the schema is, and what kind of resource it is. */
  meta: Schema.optionalKey(Meta)
}) {}

/**
 * Lists the schemas of users, groups and their extensions, all on one page.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/listschemas
 */
export const listSchemas = Operation.make({
  id: "listSchemas",
  name: "ScimDiscovery.listSchemas",
  method: "GET",
  path: "/Schemas",
  level: "none",
  client: ScimClient,
  success: ScimPage.of(ResourceSchema)
})

/**
 * Gets a schema by its URI, such as
 * `urn:ietf:params:scim:schemas:core:2.0:User`.
 *
 * Needs the SCIM token.
 *
 * @category operations
 * @see https://developers.miro.com/reference/getschema
 */
export const getSchema = Operation.make({
  id: "getSchema",
  name: "ScimDiscovery.getSchema",
  method: "GET",
  path: "/Schemas/{uri}",
  level: "none",
  client: ScimClient,
  success: ResourceSchema
})
