/** What every operation responds with, held against Miro's document. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Redacted } from "effect"
import {
  AuditLogs,
  BoardExports,
  BoardMembers,
  Boards,
  Cases,
  ContentLogs,
  ExperimentalItems,
  FlowchartShapes,
  Items,
  LegalHolds,
  MiroClient,
  ScimClient,
  StickyNotes,
  Tags,
  Teams,
  TeamSettings
} from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { TestClock } from "effect/testing"
import { isMissing, read } from "../contract/document.ts"
import { ids } from "../contract/openapi.ts"
import { deviations, differencesIn, isMeant, unexplained } from "./deviations.ts"
import { callEvery } from "./everyOperation.ts"
import { contractFor, type Exchange, recordClient } from "./exchanges.ts"
import * as support from "./support.ts"

const token = Redacted.make("sandbox-token")

/** A new sandbox, and clients whose exchanges are noted. */
const recorded = (exchanges: Array<Exchange>) =>
  Layer.merge(MiroClient.layerToken(token), ScimClient.layer({ token })).pipe(
    Layer.provideMerge(recordClient((exchange) => void exchanges.push(exchange))),
    Layer.provideMerge(MiroSandbox.layerHttpClient),
    Layer.fresh
  )

const orgId = "3074457346704692800"

const from = DateTime.makeUnsafe("1970-01-01T00:00:00Z")
const to = DateTime.makeUnsafe("1970-01-01T01:00:00Z")

// Of what happened before.
const logs = Effect.gen(function* () {
  const { id: boardId } = yield* Boards.create()
  const { id: itemId } = yield* StickyNotes.create({ boardId })
  yield* StickyNotes.delete({ boardId, itemId })
  assert.isNotEmpty((yield* AuditLogs.list({ createdAfter: from, createdBefore: to })).data)
  assert.isNotEmpty((yield* ContentLogs.list({ orgId, from, to })).data)
})

const flowchart = Effect.gen(function* () {
  const { id: boardId } = yield* Boards.create()
  yield* FlowchartShapes.create({ boardId, data: { shape: "flow_chart_decision" } })
  yield* ExperimentalItems.list({ boardId })
  yield* Items.list({ boardId })
})

const teamSettings = Effect.gen(function* () {
  const { id: teamId } = yield* Teams.create({ orgId, name: "Design" })
  yield* TeamSettings.update({ orgId, teamId, teamCopyAccessLevelSettings: { copyAccessLevel: "board_owner" } })
  yield* TeamSettings.get({ orgId, teamId })
})

// A job is done after a while.
const exportBoard = Effect.gen(function* () {
  const { id } = yield* Boards.create()
  yield* BoardMembers.invite({ boardId: id, emails: ["ada@example.com"] })
  const { id: caseId } = yield* Cases.create({ orgId, name: "Case" })
  const scope = { users: [{ email: "ada@example.com" }] }
  yield* LegalHolds.create({ orgId, caseId, name: "Hold", scope })
  const requestId = "2819c223-7f76-453a-919d-413861904646"
  const { jobId } = yield* BoardExports.createJob({ orgId, requestId, boardIds: [id] })
  yield* TestClock.adjust("1 minute")
  const { data } = yield* BoardExports.listJobTasks({ orgId, jobId })
  yield* Effect.forEach(data, ({ id }) => BoardExports.createTaskLink({ orgId, jobId, taskId: id }))
  yield* BoardExports.getJobResults({ orgId, jobId })
  assert.isNotEmpty((yield* Cases.listExportJobs({ orgId, caseId })).data)
})

// Where every operation is called, something else has deleted these before.
const removals = Effect.gen(function* () {
  const { id: boardId } = yield* Boards.create()
  const [one, other] = [yield* StickyNotes.create({ boardId }), yield* StickyNotes.create({ boardId })]
  const { id: tagId } = yield* Tags.create({ boardId, title: "Done" })
  yield* Tags.attach({ boardId, itemId: one.id, tagId })
  yield* Tags.detach({ boardId, itemId: one.id, tagId })
  yield* StickyNotes.delete({ boardId, itemId: one.id })
  yield* ExperimentalItems.delete({ boardId, itemId: other.id })
})

// What the package does not declare as operations.
const revocations = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const accessToken = Redacted.value((yield* sandbox.issueTokens()).accessToken)
  const json = { clientId: "sandbox-client", clientSecret: "sandbox-secret", accessToken }
  yield* support.send("POST", "/v2/oauth/revoke", { token: null, json })
  yield* support.send("POST", "/v1/oauth/revoke?access_token=sandbox-token", { token: null })
})

/** Requests that are refused, each for another reason. */
const refused = Effect.gen(function* () {
  const { id } = yield* Boards.create()
  const board = `/v2/boards/${id}`
  yield* support.send("GET", board, { token: null })
  yield* support.send("GET", board, { token: "unknown" })
  yield* support.send("POST", "/v2/boards", { json: { title: "Retro" } })
  yield* support.send("POST", "/v2/boards", { text: "{" })
  yield* support.send("GET", `${board}/items/1`)
  yield* support.send("GET", `${board}/items?limit=1`)
  yield* support.send("GET", "/v2/boards/unknown")
  yield* support.send("GET", `/v2/orgs/${orgId}/teams/1`)
  yield* support.send("GET", "/api/v1/scim/Users/1")
  yield* support.send("GET", "/api/v1/scim/Users", { token: null })
  yield* support.send("POST", "/api/v1/scim/Users", { json: {} })
  const sandbox = yield* MiroSandbox.MiroSandbox
  yield* sandbox.setCredits(0)
  yield* support.send("GET", board)
})

const everything = Effect.gen(function* () {
  const exchanges: Array<Exchange> = []
  const alone = Effect.provide(recorded(exchanges))
  yield* alone(callEvery("full"))
  yield* alone(callEvery("required"))
  yield* alone(logs)
  yield* alone(flowchart)
  yield* alone(teamSettings)
  yield* alone(exportBoard)
  yield* alone(removals)
  yield* alone(revocations)
  yield* alone(refused)
  return exchanges
})

describe.skipIf(isMissing)("the responses of the sandbox", () => {
  it.effect("are those of every operation of Miro's document", () =>
    Effect.gen(function* () {
      const succeeded = (yield* everything)
        .filter(({ status }) => status < 400)
        .map((exchange) => contractFor(exchange)?.id)
      const missing = ids(read()).filter((id) => !succeeded.includes(id))
      // Miro turned it off in February 2025.
      assert.deepStrictEqual(missing, ["revoke-token"])
    })
  )

  it.effect("have the fields, types and values that the document has, and no others", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(unexplained(yield* everything), [])
    })
  )

  it.effect("need every deviation that is named", () =>
    Effect.gen(function* () {
      const differences = differencesIn(yield* everything)
      const unused = deviations.filter((deviation) => !differences.some((difference) => isMeant(difference)(deviation)))
      const operations = deviations.flatMap((deviation) =>
        (deviation.operations ?? []).filter(
          (id) => !differences.some((difference) => difference.operation === id && isMeant(difference)(deviation))
        )
      )
      assert.deepStrictEqual([unused, operations], [[], []])
    })
  )
})
