/**
 * The members of an organization. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-organization-members
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { Timestamp } from "../models/Timestamp.ts"

const Role = Open.literals([
  "organization_internal_admin",
  "organization_internal_user",
  "organization_external_user",
  "organization_team_guest_user",
  "unknown"
])

const License = Open.literals([
  "advanced",
  "standard",
  "basic",
  "full",
  "occasional",
  "free",
  "free_restricted",
  "full_trial",
  "unknown"
])

// Miro writes an empty text for a member who was never active.
const LastActivity = Schema.optionalKey(Schema.String).pipe(
  Schema.decodeTo(Schema.optionalKey(Timestamp), {
    decode: SchemaGetter.transformOptional(Option.filter((text) => text !== "")),
    encode: SchemaGetter.passthrough()
  })
)

/**
 * A member of an organization.
 *
 * @category schemas
 */
export class OrganizationMember extends Open.named<OrganizationMember>()({
  /** The id of the user. */
  id: Schema.String,
  /** The email address of the user. */
  email: Schema.String,
  /** False for a member who was deactivated. */
  active: Schema.Boolean,
  /** What the user is in the organization. */
  role: Role,
  /** The license that the user has. */
  license: License,
  /** When the user got the license. */
  licenseAssignedAt: Schema.optionalKey(Timestamp),
  /** When the user was last active. Absent if that was never. */
  lastActivityAt: LastActivity,
  /** The roles that the user has as an admin. */
  adminRoles: Schema.optionalKey(
    Schema.Array(
      Open.struct({
        /** The name of the role. */
        name: Schema.optionalKey(Schema.String),
        /** Whether the role is one of Miro's own, or one that the organization made. */
        type: Schema.optionalKey(Open.literals(["prebuilt", "custom"]))
      })
    )
  ),
  /** The kind of the resource: `organization-member`. */
  type: Schema.optionalKey(Schema.String)
}) {}

// One text with commas between them, so an address with a comma would be two.
const Email = Schema.String.check(Schema.isPattern(/^[^,]*$/, { expected: "an email address, without a comma" }))

const Emails = Schema.String.pipe(
  Schema.decodeTo(Schema.Array(Email).check(Limits.elements(0, 10)), {
    decode: SchemaGetter.split(),
    encode: SchemaGetter.transform((emails) => emails.join(","))
  })
)

const MemberPage = Page.cursor(OrganizationMember)

// Asked for members by email, Miro responds with these alone and no page around them.
const MemberPageOrMembers = Schema.Union([MemberPage, Schema.Array(OrganizationMember)]).pipe(
  Schema.decodeTo(Schema.toType(MemberPage), {
    decode: SchemaGetter.transform((body) => ("data" in body ? body : { data: body })),
    encode: SchemaGetter.passthroughSubtype()
  })
)

/**
 * Lists the members of an organization, or those with the given emails. A page
 * has 1 to 100 members, 100 unless set.
 *
 * Scope `organizations:read`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-organization-members
 */
export const list = Operation.list({
  id: "enterprise-get-organization-members",
  name: "OrganizationMembers.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/members",
  scope: "organizations:read",
  level: 3,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(1, 100),
    /** The members with these emails, at most 10. Miro then ignores all else. */
    emails: Schema.optional(Emails),
    /** Members with this role. */
    role: Schema.optional(Role),
    /** Members with this license. */
    license: Schema.optional(License),
    /** Members who are active, or with `false` those who were deactivated. */
    active: Schema.optional(Schema.Boolean)
  }),
  success: MemberPageOrMembers,
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Gets a member of an organization.
 *
 * Scope `organizations:read`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-organization-member
 */
export const get = Operation.make({
  id: "enterprise-get-organization-member",
  name: "OrganizationMembers.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/members/{memberId}",
  scope: "organizations:read",
  level: 3,
  success: OrganizationMember
})
