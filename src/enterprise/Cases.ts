/**
 * The cases of eDiscovery, which hold the legal holds of one matter together.
 * For users who are both company and eDiscovery admins, on the Enterprise
 * plan, with Enterprise Guard.
 *
 * @see https://developers.miro.com/reference/get-all-cases
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import { CaseUser } from "../models/CaseUser.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { Timestamp } from "../models/Timestamp.ts"

export { CaseUser }

/**
 * A case.
 *
 * @category schemas
 */
export class Case extends Open.named<Case>()({
  /** The id of the case, a decimal number in a string. */
  id: Schema.String,
  /** The id of the organization. */
  organizationId: Schema.String,
  /** The name of the case. */
  name: Schema.String,
  /** What the case is about. */
  description: Schema.optionalKey(Schema.String),
  /** When the case was created. */
  createdAt: Timestamp,
  /** The user who created the case. */
  createdBy: CaseUser,
  /** When the case was last changed. */
  lastModifiedAt: Timestamp,
  /** The user who last changed the case. */
  lastModifiedBy: Schema.optionalKey(CaseUser)
}) {}

/**
 * A job of `BoardExports` that belongs to a case.
 *
 * @category schemas
 */
export class CaseExportJob extends Open.named<CaseExportJob>()({
  /** The id of the job, a UUID. */
  id: Schema.optionalKey(Schema.String)
}) {}

/**
 * Lists the cases of an organization. A page has 1 to 100 cases, 100 unless
 * set.
 *
 * Scope `organization:cases:management`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-all-cases
 */
export const list = Operation.list({
  id: "get-all-cases",
  name: "Cases.list",
  method: "GET",
  path: "/v2/orgs/{orgId}/cases",
  scope: "organization:cases:management",
  level: 4,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(Case),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * The name and description of a case.
 *
 * @category inputs
 */
export const CaseInput = Schema.Struct({
  /** The name of the case. */
  name: Schema.String,
  /** What the case is about. */
  description: Schema.optional(Schema.String)
})

/** @category inputs */
export interface CaseInput extends Schema.Schema.Type<typeof CaseInput> {}

/**
 * Creates a case.
 *
 * Scope `organization:cases:management`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-case
 */
export const create = Operation.make({
  id: "create-case",
  name: "Cases.create",
  method: "POST",
  path: "/v2/orgs/{orgId}/cases",
  scope: "organization:cases:management",
  level: 4,
  body: CaseInput,
  success: Case
})

/**
 * Gets a case.
 *
 * Scope `organization:cases:management`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-case
 */
export const get = Operation.make({
  id: "get-case",
  name: "Cases.get",
  method: "GET",
  path: "/v2/orgs/{orgId}/cases/{caseId}",
  scope: "organization:cases:management",
  level: 3,
  success: Case
})

/**
 * Changes the name and description of a case. Give both: Miro does not say
 * whether a description that is left out stays.
 *
 * Scope `organization:cases:management`, level 3.
 *
 * @category operations
 * @see https://developers.miro.com/reference/edit-case
 */
export const update = Operation.make({
  id: "edit-case",
  name: "Cases.update",
  method: "PUT",
  path: "/v2/orgs/{orgId}/cases/{caseId}",
  scope: "organization:cases:management",
  level: 3,
  body: CaseInput,
  success: Case
})

/**
 * Lists the export jobs that belong to a case. A page has 1 to 100 jobs, 100
 * unless set.
 *
 * Scope `organization:cases:management`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/get-legal-hold-export-jobs
 */
export const listExportJobs = Operation.list({
  id: "get-legal-hold-export-jobs",
  name: "Cases.listExportJobs",
  method: "GET",
  path: "/v2/orgs/{orgId}/cases/{caseId}/export-jobs",
  scope: "organization:cases:management",
  level: 4,
  query: Schema.Struct(Page.cursorQueryWithin(1, 100)),
  success: Page.cursor(CaseExportJob),
  pagination: Pagination.cursor({ maximum: 100 })
})

/**
 * Closes a case, which deletes it for good. Its legal holds have to be closed
 * before.
 *
 * Scope `organization:cases:management`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/delete-case
 */
const delete_ = Operation.make({
  id: "delete-case",
  name: "Cases.delete",
  method: "DELETE",
  path: "/v2/orgs/{orgId}/cases/{caseId}",
  scope: "organization:cases:management",
  level: 4
})

export { delete_ as delete }
