/**
 * Legal holds, which keep the boards of some users from being deleted for good
 * as long as a case needs them. For users who are both company and eDiscovery
 * admins, on the Enterprise plan, with Enterprise Guard.
 *
 * @see https://developers.miro.com/reference/get-all-legal-holds
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import { CaseUser } from "../models/CaseUser.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { Timestamp } from "../models/Timestamp.ts"

export { CaseUser }

const LegalHoldScope = Open.struct({
  /** The users whose boards are held. */
  users: Schema.optionalKey(Schema.Array(CaseUser))
})

/**
 * A legal hold.
 *
 * @category schemas
 */
export class LegalHold extends Open.named<LegalHold>()({
  /** The id of the legal hold, a decimal number in a string. */
  id: Schema.String,
  /** The id of the organization. */
  organizationId: Schema.String,
  /** The id of the case. */
  caseId: Schema.String,
  /** The name of the legal hold. */
  name: Schema.String,
  /** What the legal hold is about. */
  description: Schema.optionalKey(Schema.String),
  /** How far the hold is: `ACTIVE` once all that is to be held is held. */
  state: Open.literals(["PROCESSING", "ACTIVE", "DELETING"]),
  /** Whose boards are held. Miro may come to hold boards for other reasons. */
  scope: LegalHoldScope,
  /** When the legal hold was created. */
  createdAt: Timestamp,
  /** The user who created the legal hold. */
  createdBy: CaseUser,
  /** When the legal hold was last changed. */
  lastModifiedAt: Timestamp,
  /** The user who last changed the legal hold. */
  lastModifiedBy: Schema.optionalKey(CaseUser)
}) {}

/**
 * Something that a legal hold holds.
 *
 * @category schemas
 */
export class LegalHoldContentItem extends Open.named<LegalHoldContentItem>()({
  /** For a board its id, by which `BoardExports` can export it. */
  contentId: Schema.optionalKey(Schema.String),
  /** The kind of what is held: a board. */
  type: Open.literals(["board"])
}) {}

/**
 * Lists the legal holds of a case. A page has 1 to 100 holds, 100 unless set.
 *
 * Scope `organization:cases:management`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-all-legal-holds
 */
export const list = Operation.list({
  id: "get-all-legal-holds",
  name: "LegalHolds.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/cases/{caseId}/legal-holds",
  scope: "organization:cases:management",
  level: 4,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(LegalHold),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * A legal hold to be created, or what an existing one is to be.
 *
 * @category inputs
 */
export const LegalHoldInput = Schema.Struct({
  /** The name of the legal hold. */
  name: Schema.String,
  /** What the legal hold is about. */
  description: Schema.optional(Schema.String),
  /** What is to be held. */
  scope: Schema.Struct({
    /** All users whose boards are to be held, at most 200. */
    users: Schema.Array(
      Schema.Struct({
        /** The email address of a user of the organization. */
        email: Schema.String
      })
    ).check(Limits.elements(0, 200))
  })
})

/** @category inputs */
export interface LegalHoldInput extends Schema.Schema.Type<typeof LegalHoldInput> {}

/**
 * Creates a legal hold, which keeps all that its users own, create, edit or can
 * open. It can take 24 hours until the hold is `ACTIVE`.
 *
 * Scope `organization:cases:management`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-legal-hold
 */
export const create = Operation.make({
  id: "create-legal-hold",
  name: "LegalHolds.create",
  method: "POST",
  path: "/v2/orgs/{orgId}/cases/{caseId}/legal-holds",
  scope: "organization:cases:management",
  level: 4,
  body: LegalHoldInput,
  success: LegalHold
})

/**
 * Gets a legal hold.
 *
 * Scope `organization:cases:management`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-legal-hold
 */
export const get = Operation.make({
  id: "get-legal-hold",
  name: "LegalHolds.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/cases/{caseId}/legal-holds/{legalHoldId}",
  scope: "organization:cases:management",
  level: 3,
  success: LegalHold
})

/**
 * Makes a legal hold what is given. Give the users who are to stay as well:
 * the hold lets go of those who are left out.
 *
 * Boards of users who are new are held from then on, without the versions that
 * they had before.
 *
 * Scope `organization:cases:management`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/edit-legal-hold
 */
export const update = Operation.make({
  id: "edit-legal-hold",
  name: "LegalHolds.update",
  method: "PUT",
  path: "/v2/orgs/{orgId}/cases/{caseId}/legal-holds/{legalHoldId}",
  scope: "organization:cases:management",
  level: 3,
  body: LegalHoldInput,
  success: LegalHold
})

/**
 * Lists what a legal hold holds. The list is complete only when the hold is
 * `ACTIVE`. A page has 1 to 100 content items, 100 unless set.
 *
 * Scope `organization:cases:management`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-legal-hold-content-items
 */
export const listContentItems = Operation.list({
  id: "get-legal-hold-content-items",
  name: "LegalHolds.listContentItems",
  method: "GET",
  path: "/v2/orgs/{orgId}/cases/{caseId}/legal-holds/{legalHoldId}/content-items",
  scope: "organization:cases:management",
  level: 3,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(LegalHoldContentItem),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Closes a legal hold, which deletes it for good. It can take 24 hours until
 * all that it held is free.
 *
 * Scope `organization:cases:management`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-legal-hold
 */
const delete_ = Operation.make({
  id: "delete-legal-hold",
  name: "LegalHolds.delete",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/cases/{caseId}/legal-holds/{legalHoldId}",
  scope: "organization:cases:management",
  level: 4
})

export { delete_ as delete }
