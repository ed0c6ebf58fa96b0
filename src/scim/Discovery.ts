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
  supported: Schema.optionalKey(Schema.Boolean)
})

/**
 * How users of the API show who they are.
 *
 * @category schemas
 */
export class AuthenticationScheme extends Open.named<AuthenticationScheme>()({
  name: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  /** The URL of the specification. */
  specUri: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String),
  primary: Schema.optionalKey(Schema.Boolean)
}) {}

/**
 * Which parts of SCIM there are.
 *
 * @category schemas
 */
export class ServiceProviderConfig extends Open.named<ServiceProviderConfig>()({
  schemas: Schema.optionalKey(Schema.Array(Schema.String)),
  documentationUri: Schema.optionalKey(Schema.String),
  patch: Schema.optionalKey(Feature),
  bulk: Schema.optionalKey(
    Open.struct({
      supported: Schema.optionalKey(Schema.Boolean),
      maxOperations: Schema.optionalKey(Schema.Finite),
      /** In bytes. */
      maxPayloadSize: Schema.optionalKey(Schema.Finite)
    })
  ),
  filter: Schema.optionalKey(
    Open.struct({
      supported: Schema.optionalKey(Schema.Boolean),
      /** How many resources an answer has at most. */
      maxResults: Schema.optionalKey(Schema.Finite)
    })
  ),
  changePassword: Schema.optionalKey(Feature),
  sort: Schema.optionalKey(Feature),
  etag: Schema.optionalKey(Feature),
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
  client: ScimClient,
  success: ServiceProviderConfig
})

/**
 * A type of resources: users or groups.
 *
 * @category schemas
 */
export class ResourceType extends Open.named<ResourceType>()({
  schemas: Schema.optionalKey(Schema.Array(Schema.String)),
  id: Schema.optionalKey(Schema.String),
  name: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  /** The path of the resources, such as `/Users`. */
  endpoint: Schema.optionalKey(Schema.String),
  /** The URI of the schema, see {@link getSchema}. */
  schema: Schema.optionalKey(Schema.String),
  schemaExtensions: Schema.optionalKey(
    Schema.Array(
      Open.struct({
        /** The URI of the schema. */
        schema: Schema.optionalKey(Schema.String),
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
  client: ScimClient,
  success: ResourceType
})

/**
 * An attribute of a resource, or a part of one.
 *
 * @category schemas
 */
export interface SchemaAttribute {
  readonly schemas?: ReadonlyArray<string>
  readonly name?: string
  readonly type?: string
  readonly multiValued?: boolean
  readonly description?: string
  readonly required?: boolean
  /** The parts, if the attribute has some. */
  readonly subAttributes?: ReadonlyArray<SchemaAttribute>
  /** Whether capitals make a difference. */
  readonly caseExact?: boolean
  /** Such as `readWrite`. */
  readonly mutability?: string
  /** When it is in an answer, such as `default`. */
  readonly returned?: string
  /** Among which resources it is unique, such as `server`. */
  readonly uniqueness?: string
}

/** @category schemas */
export const SchemaAttribute: Schema.Codec<SchemaAttribute> = Open.struct({
  schemas: Schema.optionalKey(Schema.Array(Schema.String)),
  name: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String),
  multiValued: Schema.optionalKey(Schema.Boolean),
  description: Schema.optionalKey(Schema.String),
  required: Schema.optionalKey(Schema.Boolean),
  subAttributes: Schema.optionalKey(Schema.Array(Schema.suspend(() => SchemaAttribute))),
  caseExact: Schema.optionalKey(Schema.Boolean),
  mutability: Schema.optionalKey(Schema.String),
  returned: Schema.optionalKey(Schema.String),
  uniqueness: Schema.optionalKey(Schema.String)
})

/**
 * The attributes that a type of resources has, or that an extension adds.
 *
 * @category schemas
 */
export class ResourceSchema extends Open.named<ResourceSchema>()({
  schemas: Schema.optionalKey(Schema.Array(Schema.String)),
  /** A URI. */
  id: Schema.optionalKey(Schema.String),
  name: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  attributes: Schema.optionalKey(Schema.Array(SchemaAttribute)),
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
  client: ScimClient,
  success: ResourceSchema
})
