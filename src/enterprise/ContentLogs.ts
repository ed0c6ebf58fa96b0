/**
 * What was created, updated and deleted on the boards of an organization. For
 * company admins, on the Enterprise plan.
 *
 * @see https://developers.miro.com/reference/enterprise-board-content-item-logs-fetch
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

const Relationship = Open.struct({
  /** What the other item is to this one, such as `parent`. */
  type: Schema.optionalKey(Schema.String),
  /** The type of the related item. */
  itemType: Schema.optionalKey(Schema.String),
  /** The id of the related item. */
  itemId: Schema.optionalKey(Schema.String)
})

/**
 * A change of an item or a comment on a board.
 *
 * @category schemas
 */
export class ContentLog extends Open.named<ContentLog>()({
  /** The id of the entry. */
  id: Schema.optionalKey(Schema.String),
  /** The id of the board. */
  contentId: Schema.optionalKey(Schema.String),
  /** What was done with the item. */
  actionType: Schema.optionalKey(Open.literals(["create", "update", "delete"])),
  /** When it was done. */
  actionTime: Schema.optionalKey(Timestamp),
  /** The user who made the change. */
  actor: Schema.optionalKey(Actor),
  /** What was changed: an item of the board, a thread of comments, or a comment. */
  itemType: Schema.optionalKey(Open.literals(["widget", "comment_thread", "comment_message"])),
  /** The id of the item. */
  itemId: Schema.optionalKey(Schema.String),
  /** The item as it was after the change, in a form that depends on its type. */
  state: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  /** The items that the item belongs to or is attached to. */
  relationships: Schema.optionalKey(Schema.Array(Relationship))
}) {}

/**
 * Lists the changes of items and comments on the boards of an organization
 * within a period. A page has 1 to 1000 changes, 1000 unless set.
 *
 * Scope `contentlogs:export`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-board-content-item-logs-fetch
 */
export const list = Operation.list({
  id: "enterprise-board-content-item-logs-fetch",
  name: "ContentLogs.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/content-logs/items",
  scope: "contentlogs:export",
  level: 4,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(1, 1000),
    /** Changes on these boards, at most 15. */
    boardIds: Schema.optional(Schema.Array(Id).check(Limits.elements(0, 15))),
    /** Changes by the users with these emails, at most 15. */
    emails: Schema.optional(Schema.Array(Schema.String).check(Limits.elements(0, 15))),
    /** When the period begins. */
    from: TimestampInput,
    /** When the period ends. */
    to: TimestampInput,
    /** The order in time: `asc` unless set. */
    sorting: Schema.optional(Open.literals(["asc", "desc"]))
  }).pipe(Schema.encodeKeys({ boardIds: "board_ids" })),
  success: Page.cursor(ContentLog),
  pagination: Pagination.cursor({ maximum: 1000 })
})
