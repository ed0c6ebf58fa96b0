/** What the sandbox does of the Enterprise plan beside teams and cases, through the package's own operations. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import {
  BoardExports,
  BoardMembers,
  Boards,
  BoardUserGroups,
  Cases,
  DataClassification,
  LegalHolds,
  MiroClient,
  OrganizationMembers,
  Organizations,
  Projects,
  ProjectUserGroups,
  Retry,
  Sessions,
  Teams,
  TeamUserGroups,
  UserGroupMembers,
  UserGroups,
  UserGroupTeams
} from "effect-miro"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { layerHttpClient } from "./documented.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(Layer.provideMerge(layerHttpClient))

const strictly = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  self.pipe(Effect.provideService(MiroClient.Strict, true), Effect.provide(Miro))

const orgId = "3074457346704692800"

const ids = <A extends { readonly id?: string }, E, R>(items: Stream.Stream<A, E, R>) =>
  Effect.map(Stream.runCollect(items), (all) => all.map(({ id }) => id))

const isRefused = <A, E extends { readonly reason: { readonly _tag: string } }, R>(
  call: Effect.Effect<A, E, R>,
  tag = "NotFound"
) => Effect.map(Effect.flip(call), ({ reason }) => assert.strictEqual(reason._tag, tag))

describe("an organization", () => {
  it.effect("has everybody who was invited as a member", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Retro" })
      const { successful = [] } = yield* BoardMembers.invite({
        boardId,
        emails: ["ada@example.com", "bob@example.com"]
      })
      const organization = yield* Organizations.get({ orgId })
      assert.deepInclude(organization, { id: orgId, plan: "company", fullLicensesPurchased: 3 })
      const members = yield* Stream.runCollect(OrganizationMembers.list.items({ orgId, limit: 1 }))
      assert.deepStrictEqual(
        members.slice(1).map(({ id }) => id),
        successful
      )
      const [ada = ""] = successful
      assert.deepInclude(yield* OrganizationMembers.get({ orgId, memberId: ada }), {
        email: "ada@example.com",
        active: true,
        role: "organization_internal_user",
        license: "full"
      })
      const { data } = yield* OrganizationMembers.list({ orgId, emails: ["ADA@example.com"] })
      assert.deepStrictEqual(
        data.map(({ id }) => id),
        [ada]
      )
      const admins = OrganizationMembers.list.items({ orgId, role: "organization_internal_admin" })
      assert.deepStrictEqual(yield* ids(admins), [members[0]?.id])
      yield* isRefused(OrganizationMembers.get({ orgId, memberId: "7" }))
      yield* Sessions.reset({ email: "ada@example.com" })
      yield* isRefused(Sessions.reset({ email: "nobody@example.com" }))
    }).pipe(strictly)
  )

  it.effect("shares boards and projects with user groups, until a group is deleted", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Retro" })
      const { id: groupId } = yield* UserGroups.create({ orgId, name: "Designers" })
      const { id: teamId } = yield* Teams.create({ orgId, name: "Design" })
      const { id: projectId } = yield* Projects.create({ orgId, teamId, name: "Spring" })
      yield* BoardUserGroups.share({ orgId, boardId, userGroupIds: [groupId], role: "EDITOR" })
      yield* ProjectUserGroups.share({ orgId, projectId, userGroupIds: [groupId], role: "VIEWER" })
      const [shared] = yield* Stream.runCollect(BoardUserGroups.list.items({ orgId, boardId }))
      assert.deepInclude(shared, { id: groupId, role: "EDITOR" })
      yield* BoardUserGroups.unshare({ orgId, boardId, groupId })
      assert.deepStrictEqual(yield* ids(BoardUserGroups.list.items({ orgId, boardId })), [])
      yield* isRefused(BoardUserGroups.unshare({ orgId, boardId, groupId }))
      yield* isRefused(BoardUserGroups.share({ orgId, boardId, userGroupIds: ["7"], role: "EDITOR" }))
      yield* isRefused(BoardUserGroups.list({ orgId, boardId: "unknown" }))
      yield* isRefused(ProjectUserGroups.list({ orgId, projectId: "7" }))

      yield* TeamUserGroups.add({ orgId, teamId, userGroupId: groupId, role: "member" })
      assert.deepStrictEqual(yield* ids(UserGroupTeams.list.items({ orgId, groupId })), [teamId])
      assert.strictEqual((yield* UserGroupTeams.get({ orgId, groupId, teamId })).role, "member")
      yield* isRefused(UserGroupTeams.get({ orgId, groupId, teamId: "7" }))
      assert.deepStrictEqual(yield* ids(ProjectUserGroups.list.items({ orgId, projectId })), [groupId])
      yield* UserGroups.delete({ orgId, groupId })
      assert.deepStrictEqual(yield* ids(ProjectUserGroups.list.items({ orgId, projectId })), [])
    }).pipe(strictly)
  )

  it.effect("pages through the user groups of a board, also when some are given another role", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Retro" })
      const groups = yield* Effect.forEach(["A", "B", "C"], (name) => UserGroups.create({ orgId, name }))
      const [first = "", ...others] = groups.map(({ id }) => id)
      yield* BoardUserGroups.share({ orgId, boardId, userGroupIds: [first, ...others], role: "VIEWER" })
      yield* BoardUserGroups.share({ orgId, boardId, userGroupIds: [first], role: "EDITOR" })
      const shared = yield* Stream.runCollect(BoardUserGroups.list.items({ orgId, boardId, limit: 1 }))
      assert.deepStrictEqual(
        shared.map(({ id, role }) => [id, role]),
        [[first, "EDITOR"], ...others.map((id) => [id, "VIEWER"])]
      )
    }).pipe(strictly)
  )

  it.effect("edits a user group by the ids of users, too, and says whom it does not know", () =>
    Effect.gen(function* () {
      const { id: groupId } = yield* UserGroups.create({ orgId, name: "Designers" })
      const ada = yield* UserGroupMembers.add({ orgId, groupId, email: "ada@example.com" })
      yield* UserGroupMembers.remove({ orgId, groupId, memberId: ada.id })
      const results = yield* UserGroupMembers.addAndRemove({ orgId, groupId, membersToAdd: [ada.id, "7"] })
      assert.deepStrictEqual(
        results.map(({ affectedUsers, error, operation, status }) => [operation, status, affectedUsers, error?.status]),
        [
          ["addMembers", 200, [ada], undefined],
          ["addMembers", 404, undefined, 404]
        ]
      )
      const [removed] = yield* UserGroupMembers.addAndRemove({ orgId, groupId, membersToRemove: [ada.id] })
      assert.deepStrictEqual(removed?.affectedUsers, [ada])
      assert.deepStrictEqual(yield* ids(UserGroupMembers.list.items({ orgId, groupId })), [])
    }).pipe(strictly)
  )

  it.effect("adds and removes members of a user group by one request", () =>
    Effect.gen(function* () {
      const { id: groupId } = yield* UserGroups.create({ orgId, name: "Designers" })
      yield* UserGroupMembers.add({ orgId, groupId, email: "ada@example.com" })
      const [added, removed] = yield* UserGroupMembers.addAndRemove({
        orgId,
        groupId,
        membersToAdd: ["bob@example.com"],
        membersToRemove: ["ada@example.com", "nobody@example.com"]
      })
      assert.deepInclude(added, { operation: "addMembers", status: 200 })
      assert.deepStrictEqual(
        removed?.affectedUsers?.map(({ email }) => email),
        ["ada@example.com"]
      )
      const members = yield* Stream.runCollect(UserGroupMembers.list.items({ orgId, groupId }))
      assert.deepStrictEqual(
        members.map(({ email }) => email),
        ["bob@example.com"]
      )
    }).pipe(strictly)
  )
})

describe("labels", () => {
  it.effect("are given to a board, or to all boards of a team that have none", () =>
    Effect.gen(function* () {
      const { labels = [] } = yield* DataClassification.getOrganizationSettings({ orgId })
      const [, internal = "", confidential = ""] = labels.map(({ id = "" }) => id)
      const { id: boardId, team } = yield* Boards.create({ name: "Retro" })
      const teamId = team?.id ?? ""
      const other = yield* Boards.create({ name: "Plan" })
      const board = { orgId, teamId, boardId }
      yield* isRefused(DataClassification.getBoardLabel(board))
      yield* DataClassification.setBoardLabel({ ...board, labelId: confidential })
      const changed = yield* DataClassification.setTeamBoardLabels({
        orgId,
        teamId,
        labelId: internal,
        notClassifiedOnly: true
      })
      assert.strictEqual(changed.numberUpdatedBoards, 1)
      assert.strictEqual((yield* DataClassification.getBoardLabel(board)).id, confidential)
      assert.strictEqual((yield* DataClassification.getBoardLabel({ ...board, boardId: other.id })).id, internal)
      yield* isRefused(DataClassification.setBoardLabel({ ...board, labelId: "7" }), "InvalidRequest")
    }).pipe(strictly)
  )

  it.effect("have settings for each team", () =>
    Effect.gen(function* () {
      const { id: teamId } = yield* Teams.create({ orgId, name: "Design" })
      const before = yield* DataClassification.getTeamSettings({ orgId, teamId })
      const changed = yield* DataClassification.updateTeamSettings({ orgId, teamId, enabled: false })
      assert.deepStrictEqual(changed, { ...before, enabled: false })
      assert.deepStrictEqual(yield* DataClassification.getTeamSettings({ orgId, teamId }), changed)
    }).pipe(strictly)
  )
})

describe("an export of boards", () => {
  const requestId = "2819c223-7f76-453a-919d-413861904646"

  it.effect("is made as time goes by, and has a link for each board", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Retro" })
      const boardIds = [boardId, "unknown"]
      const { jobId } = yield* BoardExports.createJob({ orgId, requestId, boardIds, boardFormat: "PDF" })
      assert.strictEqual((yield* BoardExports.createJob({ orgId, requestId, boardIds })).jobId, jobId)
      const status = Effect.map(BoardExports.getJob({ orgId, jobId }), ({ jobStatus }) => jobStatus)
      assert.strictEqual(yield* status, "CREATED")
      const [waiting] = yield* ids(BoardExports.listJobTasks.items({ orgId, jobId }))
      const early = BoardExports.createTaskLink({ orgId, jobId, taskId: waiting ?? "" })
      yield* isRefused(Retry.provide(early, Retry.none), "TooEarly")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* status, "IN_PROGRESS")
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* status, "FINISHED")
      const { results = [] } = yield* BoardExports.getJobResults({ orgId, jobId })
      assert.deepStrictEqual(
        results.map(({ status }) => status),
        ["SUCCESS", "ERROR"]
      )
      const response = yield* HttpClient.get(results[0]?.exportLink ?? "")
      assert.include(yield* response.text, boardId)
      const [job] = yield* Stream.runCollect(BoardExports.listJobs.items({ orgId, status: ["JOB_STATUS_FINISHED"] }))
      assert.deepInclude(job, { id: jobId, boardFormat: "PDF", status: "finished" })
      assert.deepStrictEqual({ ...job?.tasksCount }, { total: 2, success: 1, error: 1 })
      const tasks = BoardExports.listJobTasks.items({ orgId, jobId, status: ["TASK_STATUS_SUCCESS"] })
      const [task] = yield* Stream.runCollect(tasks)
      const link = yield* BoardExports.createTaskLink({ orgId, jobId, taskId: task?.id ?? "" })
      assert.strictEqual((yield* HttpClient.get(link.exportLink ?? "")).status, 200)
      yield* isRefused(BoardExports.cancelJob({ orgId, jobId, status: "CANCELLED" }), "InvalidRequest")
    }).pipe(strictly)
  )

  it.effect("is cancelled", () =>
    Effect.gen(function* () {
      const { id: boardId } = yield* Boards.create({ name: "Retro" })
      const { jobId } = yield* BoardExports.createJob({ orgId, requestId, boardIds: [boardId] })
      yield* BoardExports.cancelJob({ orgId, jobId, status: "CANCELLED" })
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* BoardExports.getJob({ orgId, jobId })).jobStatus, "CANCELLED")
      const { results = [] } = yield* BoardExports.getJobResults({ orgId, jobId })
      assert.deepStrictEqual(results, [{ boardId, status: "CANCELLED" }])
      yield* isRefused(BoardExports.getJob({ orgId, jobId: "unknown" }))
    }).pipe(strictly)
  )
})

describe("a legal hold", () => {
  it.effect("holds the boards that its users have a part in, and their exports", () =>
    Effect.gen(function* () {
      const { id: caseId } = yield* Cases.create({ orgId, name: "Case 7" })
      const { id: boardId } = yield* Boards.create({ name: "Retro" })
      yield* Boards.create({ name: "Other" })
      yield* BoardMembers.invite({ boardId, emails: ["ada@example.com"] })
      const scope = { users: [{ email: "ada@example.com" }] }
      const { id: legalHoldId } = yield* LegalHolds.create({ orgId, caseId, name: "Hold", scope })
      const held = yield* Stream.runCollect(LegalHolds.listContentItems.items({ orgId, caseId, legalHoldId }))
      assert.deepStrictEqual(
        held.map(({ contentId }) => contentId),
        [boardId]
      )
      assert.deepStrictEqual(yield* ids(Cases.listExportJobs.items({ orgId, caseId })), [])
      const requestId = "2819c223-7f76-453a-919d-413861904646"
      const { jobId } = yield* BoardExports.createJob({ orgId, requestId, boardIds: [boardId] })
      assert.deepStrictEqual(yield* ids(Cases.listExportJobs.items({ orgId, caseId })), [jobId])
      yield* isRefused(LegalHolds.listContentItems({ orgId, caseId, legalHoldId: "7" }))
      yield* isRefused(Cases.delete({ orgId, caseId }), "InvalidRequest")
      yield* LegalHolds.delete({ orgId, caseId, legalHoldId })
      yield* Cases.delete({ orgId, caseId })
    }).pipe(strictly)
  )
})
