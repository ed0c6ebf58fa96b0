/**
 * What happened in an organization: who signed in, who shared what, who
 * changed which setting. For company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-get-audit-logs
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { Timestamp, TimestampInput } from "../models/Timestamp.ts"

const Named = Open.struct({
  /** Its id. */
  id: Schema.optionalKey(Schema.String),
  /** Its name. */
  name: Schema.optionalKey(Schema.String)
})

const AuditContext = Open.struct({
  /** The IP address that the request came from. */
  ip: Schema.optionalKey(Schema.String),
  /** The team in which it happened. */
  team: Schema.optionalKey(Named),
  /** The organization in which it happened. */
  organization: Schema.optionalKey(Named)
})

const Creator = Open.struct({
  /** What did it: a user, an app, or a part of Miro. */
  type: Schema.optionalKey(Open.literals(["user", "application", "scim_provisioner", "miro_automation"])),
  /** The id of the user or app. */
  id: Schema.optionalKey(Schema.String),
  /** The name of the user or app. */
  name: Schema.optionalKey(Schema.String),
  /** The email address of the user. */
  email: Schema.optionalKey(Schema.String)
})

/**
 * Something that happened in an organization.
 *
 * @category schemas
 */
export class AuditEvent extends Open.named<AuditEvent>()({
  /** The id of the event. */
  id: Schema.optionalKey(Schema.String),
  /** What happened, such as `sign_in_succeeded`. */
  event: Schema.optionalKey(Schema.String),
  /** What kind of event it is, such as `authentication`. */
  category: Schema.optionalKey(Schema.String),
  /** When it happened. */
  createdAt: Schema.optionalKey(Timestamp),
  /** Who or what did it. */
  createdBy: Schema.optionalKey(Creator),
  /** What it was done to. */
  object: Schema.optionalKey(Named),
  /** Where it was done. */
  context: Schema.optionalKey(AuditContext),
  /** What else is known of it, in a form that depends on the event, which may be a text with JSON in it. */
  details: Schema.optionalKey(Schema.Unknown)
}) {}

/**
 * Lists what happened in the organization of the token within a period, which
 * can begin up to 90 days ago. A page has 100 events unless told otherwise;
 * Miro does not say whether it can have more.
 *
 * Scope `auditlogs:read`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-audit-logs
 */
export const list = Operation.list({
  id: "enterprise-get-audit-logs",
  name: "AuditLogs.list",
  method: "GET",
  path: "/v2/audit/logs",
  scope: "auditlogs:read",
  level: 2,
  query: Schema.Struct({
    ...Page.cursorQuery,
    /** The beginning of the period, at most 90 days ago. */
    createdAfter: TimestampInput,
    /** The end of the period. */
    createdBefore: TimestampInput,
    /** The order in time: `ASC` unless set. */
    sorting: Schema.optional(Open.literals(["ASC", "DESC"]))
  }),
  success: Page.cursor(AuditEvent),
  pagination: Pagination.cursor({ maximum: 100 })
})
