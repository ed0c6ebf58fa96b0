/**
 * What users of an organization did with AI in Miro, which Miro gives as a
 * beta. On the Enterprise plan, with Enterprise Guard.
 *
 * @see https://developers.miro.com/reference/enterprise-get-ai-interaction-logs
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import { Id } from "../models/Id.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { Timestamp, TimestampInput } from "../models/Timestamp.ts"

const Actor = Open.struct({
  /** The id of the user. */
  id: Schema.optionalKey(Schema.String),
  /** The email address of the user. */
  email: Schema.optionalKey(Schema.String),
  /** The name of the user. */
  name: Schema.optionalKey(Schema.String)
})

/**
 * An entry of the log, such as what a user asked of an AI feature.
 *
 * @category schemas
 */
export class AiInteractionLog extends Open.named<AiInteractionLog>()({
  /** The id of the entry, a UUID. */
  id: Schema.optionalKey(Schema.String),
  /** When it happened. */
  createdAt: Schema.optionalKey(Timestamp),
  /** When it came into the log. */
  storedAt: Schema.optionalKey(Timestamp),
  /** The session in which the user talked with the AI. */
  sessionId: Schema.optionalKey(Schema.String),
  /** The message that the entry is about. */
  messageId: Schema.optionalKey(Schema.String),
  /** What it was about, such as a board. */
  object: Schema.optionalKey(
    Open.struct({
      /** The id of the board or organization. */
      id: Schema.optionalKey(Schema.String),
      /** Whether it is a board or an organization. */
      type: Schema.optionalKey(Open.literals(["board", "organization"]))
    })
  ),
  /** The feature that was used, such as `ai_generate_sticky_notes`. */
  aiFeatureName: Schema.optionalKey(Schema.String),
  /** The user who used the feature. */
  actor: Schema.optionalKey(Actor),
  /** What kind of entry it is, such as `request`. */
  logType: Schema.optionalKey(Schema.String),
  /** What else is known of it, in a form that depends on the feature. May have what the user wrote in it. */
  details: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown))
}) {}

/**
 * Lists what came into the log within a period. A page has 1 to 100 entries,
 * 100 unless set.
 *
 * Scope `aiinteractionlogs:read`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-get-ai-interaction-logs
 */
export const list = Operation.list({
  id: "enterprise-get-ai-interaction-logs",
  name: "AiInteractionLogs.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/ai-interaction-logs",
  scope: "aiinteractionlogs:read",
  level: 4,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(1, 100),
    /** Entries about the boards and organizations with these ids, at most 15. */
    objectIds: Schema.optional(Schema.Array(Id).check(Limits.elements(0, 15))),
    /** Entries of the users with these emails, at most 15. */
    emails: Schema.optional(Schema.Array(Schema.String).check(Limits.elements(0, 15))),
    /** When the period begins, by `storedAt`. */
    from: TimestampInput,
    /** When the period ends, by `storedAt`. */
    to: TimestampInput,
    /** The order in time: `asc` unless set. */
    sorting: Schema.optional(Open.literals(["asc", "desc"]))
  }).pipe(Schema.encodeKeys({ objectIds: "object_ids" })),
  success: Page.cursor(AiInteractionLog),
  pagination: Pagination.cursor({ maximum: 100 })
})
