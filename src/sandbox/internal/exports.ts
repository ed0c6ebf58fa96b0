/** Jobs that export boards, a task for each board: they are created, in progress and finished as time goes by. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as BoardExports from "../../enterprise/BoardExports.ts"
import * as collections from "./collections.ts"
import type { ExportJob, ExportTask } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import * as files from "./files.ts"
import { timestamp, unusedUuid } from "./instant.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import { nextItem } from "./store.ts"
import * as validation from "./validation.ts"

// A second until it begins, and one for each board.
const second = 1000

type JobStatus = "CREATED" | "IN_PROGRESS" | "CANCELLED" | "FINISHED"

const endOf = ({ createdAt, tasks }: ExportJob, index = tasks.length - 1): number => createdAt + (index + 2) * second

const statusOf = (job: ExportJob, now: number): JobStatus => {
  if (job.cancelledAt !== undefined) return "CANCELLED"
  if (now < job.createdAt + second) return "CREATED"
  return now < endOf(job) ? "IN_PROGRESS" : "FINISHED"
}

type TaskStatus = "CREATED" | "SCHEDULED" | "SUCCESS" | "ERROR" | "CANCELLED"

const taskStatusOf = (job: ExportJob, index: number, { store, instant }: AuthenticatedCall): TaskStatus => {
  const end = endOf(job, index)
  if (job.cancelledAt !== undefined && job.cancelledAt < end) return "CANCELLED"
  if (instant.now < end) return instant.now < job.createdAt + second ? "CREATED" : "SCHEDULED"
  return store.boards.has(job.tasks[index]?.boardId ?? "") ? "SUCCESS" : "ERROR"
}

const failure = (status: TaskStatus) =>
  status === "ERROR" ? { errorType: "FATAL", errorMessage: "The board does not exist" } : {}

const jobsOf = ({ params, store }: AuthenticatedCall): ReadonlyArray<ExportJob> =>
  Array.from(store.exportJobs.values()).filter(({ orgId }) => orgId === params["orgId"])

const find = (call: AuthenticatedCall): Refusable<ExportJob> =>
  Result.fromNullishOr(
    jobsOf(call).find(({ id }) => id === call.params["jobId"]),
    () => errors.notFound()
  )

const jobJson = (job: ExportJob, call: AuthenticatedCall) => {
  const { now } = call.instant
  const results = job.tasks.map((_, index) => taskStatusOf(job, index, call))
  const count = (status: TaskStatus) => results.filter((result) => result === status).length
  return {
    id: job.id,
    name: `Export ${job.serial}`,
    boardFormat: job.format,
    status: statusOf(job, now).toLowerCase(),
    createdAt: timestamp(job.createdAt),
    modifiedAt: timestamp(job.cancelledAt ?? Math.min(now, endOf(job))),
    tasksCount: { total: results.length, success: count("SUCCESS"), error: count("ERROR") },
    creator: { id: job.creatorId }
  }
}

/** The values of a parameter that may be there several times, without what all of them begin with. */
const wanted = ({ query }: AuthenticatedCall, name: string, prefix = ""): ReadonlyArray<string> =>
  query.getAll(name).map((value) => value.replace(prefix, ""))

const page = <A extends { readonly serial: number }>(
  call: AuthenticatedCall,
  all: ReadonlyArray<A>,
  toJson: (row: A) => unknown
): FullResponse =>
  Result.map(paging.resourcesPage(call, all, { maximum: 500, fallback: 50, toJson }), ({ cursor, data }) =>
    HttpServerResponse.jsonUnsafe({ total: all.length, ...(cursor !== undefined && { cursor }), data })
  )

const list = (call: AuthenticatedCall): FullResponse => {
  const statuses = wanted(call, "status", "JOB_STATUS_")
  const creators = wanted(call, "creatorId")
  const isWanted = (job: ExportJob) =>
    (statuses.length === 0 || statuses.includes(statusOf(job, call.instant.now))) &&
    (creators.length === 0 || creators.includes(job.creatorId))
  return page(call, jobsOf(call).filter(isWanted), (job) => jobJson(job, call))
}

const isRequest = Schema.is(
  Schema.Struct({ boardIds: Schema.Array(Schema.String), boardFormat: Schema.optionalKey(Schema.String) })
)

const checkRequest = validation.checkerOf(BoardExports.createJob)

const create = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { instant, params, query, session, store } = call
    const requestId = query.get("request_id") ?? ""
    if (requestId === "") {
      return yield* Result.fail(errors.invalidParameter("request_id", "Parameter [request_id] is required"))
    }
    const body = yield* checkRequest(call.body)
    const { boardFormat = "SVG", boardIds } = isRequest(body) ? body : { boardIds: [] }
    // The same request once more is the same job.
    const known = jobsOf(call).find((job) => job.requestId === requestId)
    const { serial } = nextItem(store)
    const job: ExportJob = known ?? {
      id: unusedUuid(instant.random, (id) => store.exportJobs.has(id)),
      serial,
      requestId,
      orgId: params["orgId"] ?? "",
      creatorId: session.userId,
      format: boardFormat,
      createdAt: instant.now,
      cancelledAt: undefined,
      tasks: boardIds.map((boardId) => ({ ...nextItem(store), boardId }))
    }
    store.exportJobs.set(job.id, job)
    return HttpServerResponse.jsonUnsafe({ jobId: job.id })
  })

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(find(call), (job) => HttpServerResponse.jsonUnsafe({ jobStatus: statusOf(job, call.instant.now) }))

const checkCancellation = validation.checkerOf(BoardExports.cancelJob)

const cancel = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const job = yield* find(call)
    yield* checkCancellation(call.body)
    const { now } = call.instant
    if (statusOf(job, now) === "FINISHED") {
      return yield* Result.fail(errors.invalidParameter("status", "A job that is finished cannot be cancelled"))
    }
    call.store.exportJobs.set(job.id, { ...job, cancelledAt: job.cancelledAt ?? now })
    return HttpServerResponse.jsonUnsafe({ status: "CANCELLED" })
  })

const linkLifetime = 15 * 60 * second

const linkTo = (call: AuthenticatedCall, { format }: ExportJob, { boardId, id }: ExportTask): string => {
  const name = call.store.boards.get(boardId)?.name ?? ""
  const bytes = new TextEncoder().encode(`${format} of the board ${boardId}: ${name}\n`)
  return files.urlOf(call, id, { bytes, contentType: "application/octet-stream" }, linkLifetime)
}

const getResults = (call: AuthenticatedCall): FullResponse =>
  Result.map(find(call), (job) => {
    const results = job.tasks.map((task, index) => {
      const status = taskStatusOf(job, index, call)
      const link = status === "SUCCESS" ? { exportLink: linkTo(call, job, task) } : {}
      return { boardId: task.boardId, status, ...link, ...failure(status) }
    })
    return HttpServerResponse.jsonUnsafe({ jobId: job.id, results })
  })

// Miro keeps what was exported for a week.
const artifactExpiry = (job: ExportJob): string => timestamp(endOf(job) + 7 * 24 * 3600 * second)

const listTasks = (call: AuthenticatedCall): FullResponse =>
  Result.flatMap(find(call), (job) => {
    const statuses = wanted(call, "status", "TASK_STATUS_")
    const tasks = job.tasks
      .map((task, index) => ({ ...task, status: taskStatusOf(job, index, call) }))
      .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
    return page(call, tasks, ({ boardId, id, status }) => ({
      id,
      status,
      board: { key: boardId },
      ...(status === "SUCCESS" && { sizeInBytes: 1024, artifactExpiredAt: artifactExpiry(job) }),
      ...failure(status)
    }))
  })

const createTaskLink = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const job = yield* find(call)
    const index = job.tasks.findIndex(({ id }) => id === call.params["taskId"])
    const task = yield* Result.fromNullishOr(job.tasks[index], () => errors.notFound())
    const status = taskStatusOf(job, index, call)
    if (status === "CREATED" || status === "SCHEDULED") {
      return yield* Result.fail(errors.tooEarly("The board is not exported yet"))
    }
    const link =
      status === "SUCCESS"
        ? {
            exportLink: linkTo(call, job, task),
            linkExpiredAt: timestamp(call.instant.now + linkLifetime),
            artifactExpiredAt: artifactExpiry(job)
          }
        : {}
    return HttpServerResponse.jsonUnsafe({ status, ...link, ...failure(status) })
  })

export const routes = (routeOf: collections.RouteOf): ReadonlyArray<Route> => [
  routeOf(BoardExports.listJobs, list),
  routeOf(BoardExports.createJob, create),
  routeOf(BoardExports.getJob, get),
  routeOf(BoardExports.cancelJob, cancel),
  routeOf(BoardExports.getJobResults, getResults),
  routeOf(BoardExports.listJobTasks, listTasks),
  routeOf(BoardExports.createTaskLink, createTaskLink)
]
