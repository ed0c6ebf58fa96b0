/**
 * Organizations. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-organization
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Open from "../models/Open.ts"

/**
 * An organization.
 *
 * @category schemas
 */
export class Organization extends Open.named<Organization>()({
  /** The id of the organization. */
  id: Schema.String,
  /** The name of the organization. */
  name: Schema.String,
  /** The plan that the organization pays for. */
  plan: Open.literals([
    "company",
    "consultant",
    "consultant_slf",
    "business",
    "paid_team_org",
    "integration_org",
    "professional_2022",
    "edu_team_org",
    "free_team_org",
    "dev_team_org",
    "unknown"
  ]),
  /** How many full licenses it has bought. */
  fullLicensesPurchased: Schema.Finite,
  /** The kind of the resource: `organization`. */
  type: Schema.optionalKey(Schema.String)
}) {}

/**
 * Gets an organization.
 *
 * Scope `organizations:read`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-organization
 */
export const get = Operation.make({
  id: "enterprise-get-organization",
  name: "Organizations.get",
  method: "GET",
  path: "/v2/orgs/{orgId}",
  scope: "organizations:read",
  level: 3,
  success: Organization
})
