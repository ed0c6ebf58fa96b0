/** Miro's own client for Node, unmodified, against the sandbox on a socket. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { MiroLowlevelApi } from "@mirohq/miro-api"
import { Effect, Layer, Redacted } from "effect"
import { HttpServer } from "effect/http"
import { MiroSandbox } from "effect-miro/sandbox"
import { createServer } from "node:http"
import { isMissing } from "../contract/document.ts"
import { unexplained } from "../sandbox/deviations.ts"
import { type Exchange, recordServer } from "../sandbox/exchanges.ts"

const exchanges: Array<Exchange> = []

const recorded = recordServer((exchange) => void exchanges.push(exchange))

const Server = Layer.effectDiscard(
  MiroSandbox.MiroSandbox.use(({ app }) => HttpServer.serveEffect(recorded(app)))
).pipe(
  Layer.provideMerge(MiroSandbox.layer),
  Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
)

const methods = Object.getOwnPropertyNames(MiroLowlevelApi.prototype).filter((name) => name !== "constructor")

/** Those that were called. */
const called = new Set<string>()

const recording = (api: MiroLowlevelApi): MiroLowlevelApi =>
  new Proxy(api, {
    get: (target, name, receiver) => {
      called.add(String(name))
      return Reflect.get(target, name, receiver)
    }
  })

interface Sandbox {
  readonly api: MiroLowlevelApi
  readonly url: string
  /** Another access token of the same user. */
  readonly issue: () => Promise<string>
}

/** Runs a program of promises with the client. */
const withClient = (run: (sandbox: Sandbox) => Promise<void>) =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox

    const url = yield* HttpServer.addressFormattedWith(Effect.succeed)
    const api = recording(new MiroLowlevelApi("sandbox-token", url))
    const issue = () =>
      Effect.runPromise(Effect.map(sandbox.issueTokens(), ({ accessToken }) => Redacted.value(accessToken)))
    yield* Effect.promise(() => run({ api, url, issue }))
  }).pipe(Effect.provide(Server))

const orgId = "3074457346704692800"

// The types that this client gives its responses are not always theirs.
const ids = (things: unknown): Array<string> =>
  Array.isArray(things) ? things.map((thing: { readonly id?: unknown }) => String(thing.id)) : []

/** The status of the response that a call fails with. */
const statusOf = (call: Promise<unknown>): Promise<number | undefined> =>
  call.then(
    () => undefined,
    (error: { readonly statusCode?: number }) => error.statusCode
  )

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64"
)
const pdf = Buffer.from("%PDF-1.4")

const aBoard = async (api: MiroLowlevelApi) => (await api.createBoard({ name: "Retro" })).body.id

/** What a client can do with each type of item. */
const crud = async (
  make: () => Promise<{ body: { readonly id: string } }>,
  get: (id: string) => Promise<{ body: { readonly id: string; readonly data?: object | undefined } }>,
  update: (id: string) => Promise<unknown>,
  changed: object,
  remove: (id: string) => Promise<unknown>
) => {
  const { id } = (await make()).body
  assert.strictEqual((await get(id)).body.id, id)
  await update(id)
  assert.deepInclude((await get(id)).body.data, changed)
  await remove(id)
  assert.strictEqual(await statusOf(get(id)), 404)
}

describe("Miro's client for Node", () => {
  it.live("works with boards and their members", () =>
    withClient(async ({ api }) => {
      const boardId = await aBoard(api)
      await api.updateBoard(boardId, { description: "Sprint 7" })
      assert.strictEqual((await api.getSpecificBoard(boardId)).body.description, "Sprint 7")
      await api.createTextItem(boardId, { data: { content: "Hello" } })
      const copy = (await api.copyBoard(boardId, { name: "Copy" })).body.id
      assert.strictEqual((await api.getItems(copy)).body.data?.length, 1)
      assert.sameMembers(ids((await api.getBoards()).body.data), [boardId, copy])

      const invited = await api.shareBoard(boardId, { emails: ["ada@example.com"], role: "editor" })
      assert.strictEqual(invited.body.successful?.length, 1)
      // The id in that response is a number of which this client loses digits.
      const [, ada = ""] = ids((await api.getBoardMembers(boardId)).body.data)
      await api.updateBoardMember(boardId, ada, { role: "viewer" })
      assert.strictEqual((await api.getSpecificBoardMember(boardId, ada)).body.role, "viewer")
      await api.removeBoardMember(boardId, ada)
      assert.notInclude(ids((await api.getBoardMembers(boardId)).body.data), ada)

      await api.deleteBoard(copy)
      assert.deepStrictEqual(ids((await api.getBoards()).body.data), [boardId])
    })
  )

  it.live("works with every type of item", () =>
    withClient(async ({ api }) => {
      const b = await aBoard(api)
      const url = "https://example.com/a.pdf"
      await crud(
        () => api.createAppCardItem(b, { data: { title: "A" } }),
        (id) => api.getAppCardItem(b, id),
        (id) => api.updateAppCardItem(b, id, { data: { title: "B" } }),
        { title: "B" },
        (id) => api.deleteAppCardItem(b, id)
      )
      await crud(
        () => api.createCardItem(b, { data: { title: "A" } }),
        (id) => api.getCardItem(b, id),
        (id) => api.updateCardItem(b, id, { data: { title: "B" } }),
        { title: "B" },
        (id) => api.deleteCardItem(b, id)
      )
      await crud(
        () => api.createEmbedItem(b, { data: { url: "https://example.com" } }),
        (id) => api.getEmbedItem(b, id),
        (id) => api.updateEmbedItem(b, id, { data: { mode: "modal" } }),
        { mode: "modal" },
        (id) => api.deleteEmbedItem(b, id)
      )
      await crud(
        () => api.createFrameItem(b, { data: { title: "A" } }),
        (id) => api.getFrameItem(b, id),
        (id) => api.updateFrameItem(b, id, { data: { title: "B" } }),
        { title: "B" },
        (id) => api.deleteFrameItem(b, id)
      )
      await crud(
        () => api.createShapeItem(b, { data: { shape: "circle" } }),
        (id) => api.getShapeItem(b, id),
        (id) => api.updateShapeItem(b, id, { data: { shape: "star" } }),
        { shape: "star" },
        (id) => api.deleteShapeItem(b, id)
      )
      await crud(
        () => api.createShapeItemFlowchart(b, { data: { shape: "flow_chart_process" } }),
        (id) => api.getShapeItemFlowchart(b, id),
        (id) => api.updateShapeItemFlowchart(b, id, { data: { content: "B" } }),
        { content: "B" },
        (id) => api.deleteShapeItemFlowchart(b, id)
      )
      await crud(
        () => api.createStickyNoteItem(b, { data: { content: "A" } }),
        (id) => api.getStickyNoteItem(b, id),
        (id) => api.updateStickyNoteItem(b, id, { data: { content: "B" } }),
        { content: "B" },
        (id) => api.deleteStickyNoteItem(b, id)
      )
      await crud(
        () => api.createTextItem(b, { data: { content: "A" } }),
        (id) => api.getTextItem(b, id),
        (id) => api.updateTextItem(b, id, { data: { content: "B" } }),
        { content: "B" },
        (id) => api.deleteTextItem(b, id)
      )
      await crud(
        () => api.createImageItemUsingUrl(b, { data: { url: "https://example.com/a.png", title: "A" } }),
        (id) => api.getImageItem(b, id),
        (id) => api.updateImageItemUsingUrl(b, id, { data: { title: "B" } }),
        { title: "B" },
        (id) => api.deleteImageItem(b, id)
      )
      await crud(
        () => api.createDocumentItemUsingUrl(b, { data: { url, title: "A" } }),
        (id) => api.getDocumentItem(b, id),
        (id) => api.updateDocumentItemUsingUrl(b, id, { data: { title: "B" } }),
        { title: "B" },
        (id) => api.deleteDocumentItem(b, id)
      )
    })
  )

  it.live("uploads files", () =>
    withClient(async ({ api }) => {
      const b = await aBoard(api)
      await crud(
        () => api.createImageItemUsingLocalFile(b, png, { title: "A" }),
        (id) => api.getImageItem(b, id),
        (id) => api.updateImageItemUsingFileFromDevice(b, id, png, { title: "B" }),
        { title: "B" },
        (id) => api.deleteImageItem(b, id)
      )
      await crud(
        () => api.createDocumentItemUsingFileFromDevice(b, pdf, { title: "A" }),
        (id) => api.getDocumentItem(b, id),
        (id) => api.updateDocumentItemUsingFileFromDevice(b, id, pdf, { title: "B" }),
        { title: "B" },
        (id) => api.deleteDocumentItem(b, id)
      )
    })
  )

  it.live("works with items of all types, frames and groups", () =>
    withClient(async ({ api }) => {
      const b = await aBoard(api)
      // Its types ask for the fields of all types of items.
      const items = [
        { type: "sticky_note", data: { content: "A" } },
        { type: "card", data: { title: "B" } },
        { type: "shape", data: { shape: "circle" } }
      ] as never
      const created = await api.createItems(b, items)
      const [note = "", card = "", shape = ""] = ids(created.body.data)
      const frame = (
        await api.createFrameItem(b, { data: { title: "Frame" }, geometry: { width: 1000, height: 1000 } })
      ).body.id
      await api.updateItemPositionOrParent(b, note, { parent: { id: frame }, position: { x: 500, y: 500 } })
      assert.deepStrictEqual(ids((await api.getItemsWithinFrame(b, frame)).body.data), [note])
      assert.strictEqual((await api.getSpecificItem(b, note)).body.parent?.id, frame)
      assert.sameMembers(ids((await api.getItems(b, { limit: "50" })).body.data), [note, card, shape, frame])
      assert.strictEqual((await api.getItemsExperimental(b)).body.data?.length, 4)
      assert.strictEqual((await api.getSpecificItemExperimental(b, shape)).body.id, shape)

      const { body: group } = await api.createGroup(b, { data: { items: [card, shape] } })
      const groupId = String(group.id)
      assert.strictEqual((await api.getAllGroups(b)).body.data?.length, 1)
      assert.strictEqual((await api.getItemsByGroupId(b, groupId)).response.status, 200)
      assert.strictEqual(String((await api.getGroupById(b, groupId)).body.id), groupId)
      const other = (await api.createTextItem(b, { data: { content: "C" } })).body.id
      const updated = (await api.updateGroup(b, groupId, { data: { items: [card, shape, other] } })).body
      await api.unGroup(b, String(updated.id))
      const again = (await api.createGroup(b, { data: { items: [card, other] } })).body
      await api.deleteGroup(b, String(again.id), true)
      await api.deleteItemExperimental(b, shape)
      await api.deleteItem(b, note)
      assert.deepStrictEqual(ids((await api.getItems(b)).body.data), [frame])
    })
  )

  it.live("works with connectors, tags and mind maps", () =>
    withClient(async ({ api }) => {
      const b = await aBoard(api)
      const note = (await api.createStickyNoteItem(b, { data: { content: "A" } })).body.id
      const card = (await api.createCardItem(b, { data: { title: "B" } })).body.id
      const { id } = (await api.createConnector(b, { startItem: { id: note }, endItem: { id: card } })).body
      await api.updateConnector(b, id, { shape: "elbowed" })
      assert.strictEqual((await api.getConnector(b, id)).body.shape, "elbowed")
      assert.deepStrictEqual(ids((await api.getConnectors(b)).body.data), [id])
      await api.deleteConnector(b, id)
      assert.deepStrictEqual((await api.getConnectors(b)).body.data, [])

      const tag = (await api.createTag(b, { title: "Urgent" })).body.id
      await api.updateTag(b, tag, { title: "Later" })
      assert.strictEqual((await api.getTag(b, tag)).body.title, "Later")
      await api.attachTagToItem(b, card, tag)
      assert.deepStrictEqual(ids((await api.getTagsFromItem(b, card)).body.tags), [tag])
      assert.deepStrictEqual(ids((await api.getItemsByTag(b, tag)).body.data), [card])
      assert.deepStrictEqual(ids((await api.getTagsFromBoard(b)).body.data), [tag])
      await api.removeTagFromItem(b, card, tag)
      await api.deleteTag(b, tag)
      assert.deepStrictEqual((await api.getTagsFromBoard(b)).body.data, [])

      const root = (
        await api.createMindmapNodesExperimental(b, { data: { nodeView: { data: { type: "text", content: "Root" } } } })
      ).body.id
      assert.strictEqual((await api.getMindmapNodeExperimental(b, root)).body.id, root)
      assert.deepStrictEqual(ids((await api.getMindmapNodesExperimental(b)).body.data), [root])
      await api.deleteMindmapNodeExperimental(b, root)
      assert.deepStrictEqual((await api.getMindmapNodesExperimental(b)).body.data, [])
    })
  )

  it.live("works with teams, projects and their members", () =>
    withClient(async ({ api }) => {
      await api.enterpriseGetOrganization(orgId)
      const teamId = (await api.enterpriseCreateTeam(orgId, { name: "Design" })).body.id
      await api.enterpriseUpdateTeam(orgId, teamId, { name: "Research" })
      assert.strictEqual((await api.enterpriseGetTeam(orgId, teamId)).body.name, "Research")
      assert.include(ids((await api.enterpriseGetTeams(orgId)).body.data), teamId)
      await api.enterpriseGetDefaultTeamSettings(orgId)
      await api.enterpriseUpdateTeamSettings(orgId, teamId, {
        teamCopyAccessLevelSettings: { copyAccessLevel: "team_members" }
      })
      assert.strictEqual(
        (await api.enterpriseGetTeamSettings(orgId, teamId)).body.teamCopyAccessLevelSettings?.copyAccessLevel,
        "team_members"
      )
      const ada = (await api.enterpriseInviteTeamMember(orgId, teamId, { email: "ada@example.com" })).body.id
      await api.enterpriseUpdateTeamMember(orgId, teamId, ada, { role: "admin" })
      assert.strictEqual((await api.enterpriseGetTeamMember(orgId, teamId, ada)).body.role, "admin")
      assert.include(ids((await api.enterpriseGetTeamMembers(orgId, teamId)).body.data), ada)
      assert.include(ids((await api.enterpriseGetOrganizationMembers(orgId)).body.data), ada)
      assert.strictEqual((await api.enterpriseGetOrganizationMember(orgId, ada)).body.id, ada)

      const projectId = (await api.enterpriseCreateProject(orgId, teamId, { name: "Spring" })).body.id
      await api.enterpriseUpdateProject(orgId, teamId, projectId, { name: "Summer" })
      assert.strictEqual((await api.enterpriseGetProject(orgId, teamId, projectId)).body.name, "Summer")
      assert.deepStrictEqual(ids((await api.enterpriseGetProjects(orgId, teamId)).body.data), [projectId])
      await api.enterpriseGetProjectSettings(orgId, teamId, projectId)
      await api.enterpriseUpdateProjectSettings(orgId, teamId, projectId, {
        sharingPolicySettings: { teamAccess: "view" }
      } as never)
      const member = (
        await api.enterpriseAddProjectMember(orgId, teamId, projectId, {
          email: "ada@example.com",
          role: "editor"
        } as never)
      ).body.id
      await api.enterpriseUpdateProjectMember(orgId, teamId, projectId, member, { role: "viewer" as never })
      assert.deepInclude((await api.enterpriseGetProjectMember(orgId, teamId, projectId, member)).body as object, {
        role: "viewer"
      })
      assert.include(ids((await api.enterpriseGetProjectMembers(orgId, teamId, projectId)).body.data), member)
      await api.enterpriseDeleteProjectMember(orgId, teamId, projectId, member)
      await api.enterpriseDeleteProject(orgId, teamId, projectId)
      await api.enterprisePostUserSessionsReset("ada@example.com")
      await api.enterpriseDeleteTeamMember(orgId, teamId, ada)
      await api.enterpriseDeleteTeam(orgId, teamId)
      assert.notInclude(ids((await api.enterpriseGetTeams(orgId)).body.data), teamId)
    })
  )

  it.live("works with labels, exports, logs and holds", () =>
    withClient(async ({ api }) => {
      const board = (await api.createBoard({ name: "Retro" })).body
      const b = board.id
      const teamId = String(board.team?.id)
      const settings = (await api.enterpriseDataclassificationOrganizationSettingsGet(orgId)).body
      const labelId = String(settings.labels?.[0]?.id)
      // Its types have a number, which would lose digits.
      const label = { labelId: labelId as never }
      await api.enterpriseDataclassificationTeamSettingsGet(orgId, teamId)
      await api.enterpriseDataclassificationTeamSettingsSet(orgId, teamId, {
        enabled: true,
        defaultLabelId: labelId as never
      })
      await api.enterpriseDataclassificationBoardSet(orgId, teamId, b, label)
      assert.strictEqual(String((await api.enterpriseDataclassificationBoardGet(orgId, teamId, b)).body.id), labelId)
      await api.enterpriseDataclassificationTeamBoardsBulk(orgId, teamId, label)

      const request = "92343229-c532-446d-b8cb-2f155bedb807"
      const { jobId } = (await api.enterpriseCreateBoardExport(orgId, request, { boardIds: [b] })).body
      await api.enterpriseBoardExportJobStatus(orgId, jobId)
      const { results } = (await api.enterpriseBoardExportJobResults(orgId, jobId)).body
      assert.strictEqual(results?.[0]?.boardId, b)

      const day = (offset: number) => new Date(Date.now() + offset * 86_400_000)
      const logs = await api.enterpriseGetAuditLogs(day(-1).toISOString(), day(1).toISOString())
      assert.isAbove(logs.body.data?.length ?? 0, 0)
      await api.createStickyNoteItem(b, { data: { content: "A" } })
      const contents = await api.enterpriseBoardContentItemLogsFetch(orgId, day(-1), day(1))
      assert.isAbove(contents.body.data?.length ?? 0, 0)

      const cases = `/v2/orgs/${orgId}/cases`
      const create = async (path: string, body: object) =>
        ((await api.call("POST", path, JSON.stringify(body))).body as { id: string }).id
      const caseId = await create(cases, { name: "Dispute" })
      const hold = { name: "Hold", scope: { users: [{ email: "ada@example.com" }] } }
      const holdId = await create(`${cases}/${caseId}/legal-holds`, hold)
      assert.deepStrictEqual(ids((await api.getAllCases(10, orgId)).body.data), [caseId])
      assert.strictEqual((await api.getCase(orgId, caseId)).body.name, "Dispute")
      assert.deepStrictEqual(ids((await api.getAllLegalHolds(10, orgId, caseId)).body.data), [holdId])
      assert.strictEqual((await api.getLegalHold(orgId, caseId, holdId)).body.name, "Hold")
      assert.isArray((await api.getLegalHoldContentItems(orgId, caseId, holdId, 10)).body.data)
    })
  )

  it.live("knows of its token, and can give it back", () =>
    withClient(async ({ api, issue, url }) => {
      assert.strictEqual((await api.tokenInfo()).body.type, "oAuthToken")
      await api.getMetrics("3074457350804038700", "2026-01-01", "2026-01-31")
      await api.getMetricsTotal("3074457350804038700")
      const token = await issue()
      await api.revokeTokenV2({ accessToken: token, clientId: "sandbox-client", clientSecret: "sandbox-secret" })
      assert.strictEqual(await statusOf(new MiroLowlevelApi(token, url).tokenInfo()), 401)
    })
  )

  it.live("fails where nothing else is possible", () =>
    withClient(async ({ api, issue }) => {
      const b = await aBoard(api)
      // It leaves the id of the board out of the path, and appends all files as one.
      const bulk = api.createItemsInBulkUsingFileFromDevice(b, Buffer.from("[]"), [png])
      assert.strictEqual(
        await bulk.then(
          () => "created",
          () => "failed"
        ),
        "failed"
      )
      const statuses = [
        // Miro turned this way of revoking a token off.
        await statusOf(api.revokeToken(await issue())),
        // Miro removed subscriptions in December 2025.
        await statusOf(api.createBoardSubscription({ boardId: b, callbackUrl: "https://example.com" })),
        await statusOf(api.getUserSubscriptions()),
        await statusOf(api.getSubscriptionById("1")),
        await statusOf(api.updateBoardSubscription("1", { status: "disabled" })),
        await statusOf(api.deleteSubscriptionById("1"))
      ]
      assert.deepStrictEqual(statuses, [404, 404, 404, 404, 404, 404])
    })
  )

  it.skipIf(isMissing)("was sent what Miro's document has, and nothing else", () => {
    assert.isNotEmpty(exchanges)
    assert.deepStrictEqual(unexplained(exchanges), [])
  })

  it("was tried with every method", () => {
    assert.deepStrictEqual(
      methods.filter((method) => !called.has(method)),
      []
    )
  })
})
