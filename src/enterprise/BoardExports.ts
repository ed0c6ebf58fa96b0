/**
 * Exports of boards for eDiscovery. A job exports many boards, each by a task
 * of its own. For company admins, on the Enterprise plan, with eDiscovery
 * enabled in its settings.
 *
 * @see https://developers.miro.com/reference/board-export
 */
import * as Schema from "effect/Schema"
import * as Operation from "../client/Operation.ts"
import * as Pagination from "../client/Pagination.ts"
import { Id } from "../models/Id.ts"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"
import * as Page from "../models/Page.ts"
import { Timestamp } from "../models/Timestamp.ts"

const BoardFormat = Open.literals(["SVG", "HTML", "PDF"])
const JobStatus = Open.literals(["CREATED", "IN_PROGRESS", "CANCELLED", "FINISHED"])
const TaskStatus = Open.literals(["CREATED", "SCHEDULED", "SUCCESS", "ERROR", "CANCELLED"])

const errorFields = {
  /** What went wrong, if something did. */
  errorMessage: Schema.optionalKey(Schema.String),
  /** The kind of fault: after `FATAL`, trying again is of no use. */
  errorType: Schema.optionalKey(Open.literals(["TEMPORARY", "FATAL", "UNKNOWN"]))
}

/**
 * A job that exports boards.
 *
 * @category schemas
 */
export class BoardExportJob extends Open.named<BoardExportJob>()({
  /** The id of the job, a UUID. */
  id: Schema.optionalKey(Schema.String),
  /** The name of the job. */
  name: Schema.optionalKey(Schema.String),
  /** The format of the exported files. */
  boardFormat: Schema.optionalKey(BoardFormat),
  /** How far the job is. */
  status: Schema.optionalKey(Open.literals(["created", "in_progress", "cancelled", "finished"])),
  /** When the job was created. */
  createdAt: Schema.optionalKey(Timestamp),
  /** When the job was last changed. */
  modifiedAt: Schema.optionalKey(Timestamp),
  /** How many tasks the job has, one for each board. */
  tasksCount: Schema.optionalKey(
    Open.struct({
      /** How many tasks there are in all. */
      total: Schema.optionalKey(Schema.Finite),
      /** How many tasks succeeded. */
      success: Schema.optionalKey(Schema.Finite),
      /** How many tasks failed. */
      error: Schema.optionalKey(Schema.Finite)
    })
  ),
  /** The user who created the job. */
  creator: Schema.optionalKey(
    Open.struct({
      /** The id of the user. */
      id: Schema.optionalKey(Schema.String)
    })
  )
}) {}

/**
 * The part of a job that exports one board.
 *
 * @category schemas
 */
export class BoardExportTask extends Open.named<BoardExportTask>()({
  /** The id of the task, a UUID. */
  id: Schema.String,
  /** How far the task is. */
  status: TaskStatus,
  /** The board, whose id is the `key`. */
  board: Schema.optionalKey(
    Open.struct({
      /** The id of the board. */
      key: Schema.optionalKey(Schema.String)
    })
  ),
  /** The size of the exported files, in bytes. */
  sizeInBytes: Schema.optionalKey(Schema.Finite),
  /** Until when Miro keeps the exported files. */
  artifactExpiredAt: Schema.optionalKey(Timestamp),
  ...errorFields
}) {}

/**
 * What became of one board in a job.
 *
 * @category schemas
 */
export class BoardExportResult extends Open.named<BoardExportResult>()({
  /** The id of the board. */
  boardId: Schema.String,
  /** How far the export of the board is. */
  status: TaskStatus,
  /** Where the exported files can be downloaded by anyone who has the link. */
  exportLink: Schema.optionalKey(Schema.String),
  ...errorFields
}) {}

/**
 * A link to what a task exported.
 *
 * @category schemas
 */
export class BoardExportLink extends Open.named<BoardExportLink>()({
  /** The status of the task. */
  status: TaskStatus,
  /** Where the exported files can be downloaded by anyone who has the link. */
  exportLink: Schema.optionalKey(Schema.String),
  /** Until when the link is good. */
  linkExpiredAt: Schema.optionalKey(Timestamp),
  /** Until when Miro keeps the exported files. */
  artifactExpiredAt: Schema.optionalKey(Timestamp),
  ...errorFields
}) {}

/**
 * Lists the export jobs of an organization. A page has 1 to 500 jobs, 50 unless
 * set.
 *
 * Scope `boards:export`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-board-export-jobs
 */
export const listJobs = Operation.list({
  id: "enterprise-board-export-jobs",
  name: "BoardExports.listJobs",
  method: "GET",
  path: "/v2/orgs/{orgId}/boards/export/jobs",
  scope: "boards:export",
  level: 4,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(1, 500),
    /** Jobs with one of these statuses. */
    status: Schema.optional(
      Schema.Array(
        Open.literals(["JOB_STATUS_CREATED", "JOB_STATUS_IN_PROGRESS", "JOB_STATUS_CANCELLED", "JOB_STATUS_FINISHED"])
      )
    ),
    /** Jobs that one of the users with these ids created. */
    creatorId: Schema.optional(Schema.Array(Schema.String))
  }),
  success: Page.cursor(BoardExportJob),
  pagination: Pagination.cursor({ maximum: 500 })
})

/**
 * Creates a job that exports boards, and gives its id.
 *
 * Miro runs one job of an organization at a time, or five with Enterprise
 * Guard; further ones wait. When a job is finished, `getJobResults` has links to
 * what it exported. Miro may respond with `TooEarly`: try again later.
 *
 * Scope `boards:export`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-create-board-export
 */
export const createJob = Operation.make({
  id: "enterprise-create-board-export",
  name: "BoardExports.createJob",
  method: "POST",
  path: "/v2/orgs/{orgId}/boards/export/jobs",
  scope: "boards:export",
  level: 4,
  query: Schema.Struct({
    /** A UUID of your own, by which Miro knows the request. */
    requestId: Schema.String
  }).pipe(Schema.encodeKeys({ requestId: "request_id" })),
  body: Schema.Struct({
    /** The ids of the boards to export: 1 to 1000. */
    boardIds: Schema.Array(Id).check(Limits.elements(1, 1000)),
    /** The format of the exported files: `SVG` unless set. */
    boardFormat: Schema.optional(BoardFormat)
  }),
  success: Open.struct({
    /** The id of the job, a UUID. */
    jobId: Schema.String
  })
})

/**
 * Gets the status of an export job.
 *
 * Scope `boards:export`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-board-export-job-status
 */
export const getJob = Operation.make({
  id: "enterprise-board-export-job-status",
  name: "BoardExports.getJob",
  method: "GET",
  path: "/v2/orgs/{orgId}/boards/export/jobs/{jobId}",
  scope: "boards:export",
  level: 4,
  success: Open.struct({
    /** How far the job is. */
    jobStatus: JobStatus
  })
})

/**
 * Cancels an export job that is not finished. Miro takes no other status than
 * `CANCELLED`.
 *
 * Scope `boards:export`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-update-board-export-job
 */
export const cancelJob = Operation.make({
  id: "enterprise-update-board-export-job",
  name: "BoardExports.cancelJob",
  method: "PUT",
  path: "/v2/orgs/{orgId}/boards/export/jobs/{jobId}/status",
  scope: "boards:export",
  level: 4,
  body: Schema.Struct({
    /** The status of the job: `CANCELLED` is the only one that can be set. */
    status: Open.literals(["CANCELLED"])
  }),
  success: Open.struct({
    /** The status that the job has now. */
    status: Schema.optionalKey(JobStatus)
  })
})

/**
 * Gets what became of every board in an export job, with links to the exported
 * files.
 *
 * Scope `boards:export`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-board-export-job-results
 */
export const getJobResults = Operation.make({
  id: "enterprise-board-export-job-results",
  name: "BoardExports.getJobResults",
  method: "GET",
  path: "/v2/orgs/{orgId}/boards/export/jobs/{jobId}/results",
  scope: "boards:export",
  level: 4,
  success: Open.struct({
    /** The id of the job, a UUID. */
    jobId: Schema.optionalKey(Schema.String),
    /** What became of each board. */
    results: Schema.optionalKey(Schema.Array(BoardExportResult))
  })
})

/**
 * Lists the tasks of an export job, one for each board. A page has 1 to 500
 * tasks, 50 unless set.
 *
 * Scope `boards:export`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-board-export-job-tasks
 */
export const listJobTasks = Operation.list({
  id: "enterprise-board-export-job-tasks",
  name: "BoardExports.listJobTasks",
  method: "GET",
  path: "/v2/orgs/{orgId}/boards/export/jobs/{jobId}/tasks",
  scope: "boards:export",
  level: 4,
  query: Schema.Struct({
    ...Page.cursorQueryWithin(1, 500),
    /** Tasks with one of these statuses. */
    status: Schema.optional(
      Schema.Array(
        Open.literals([
          "TASK_STATUS_CREATED",
          "TASK_STATUS_SCHEDULED",
          "TASK_STATUS_SUCCESS",
          "TASK_STATUS_ERROR",
          "TASK_STATUS_CANCELLED"
        ])
      )
    )
  }),
  success: Page.cursor(BoardExportTask),
  pagination: Pagination.cursor({ maximum: 500 })
})

/**
 * Creates a link to what a task of an export job exported. Fails with
 * `TooEarly` while there is nothing to download yet.
 *
 * Scope `boards:export`, level 4.
 *
 * @category operations
 * @see https://developers.miro.com/reference/enterprise-create-board-export-task-export-link
 */
export const createTaskLink = Operation.make({
  id: "enterprise-create-board-export-task-export-link",
  name: "BoardExports.createTaskLink",
  method: "POST",
  path: "/v2/orgs/{orgId}/boards/export/jobs/{jobId}/tasks/{taskId}/export-link",
  scope: "boards:export",
  level: 4,
  success: BoardExportLink
})
