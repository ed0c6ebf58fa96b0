/** Miro's own client for Node, unmodified, against the sandbox on a socket. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, it } from "@effect/vitest"
import { MiroLowlevelApi } from "@mirohq/miro-api"
import { Effect, Layer } from "effect"
import { HttpServer } from "effect/http"
import { MiroSandbox } from "effect-miro/sandbox"
import { createServer } from "node:http"

const Server = MiroSandbox.layerServer.pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
)

/** Runs a program of promises with the client. */
const withClient = (run: (api: MiroLowlevelApi) => Promise<void>) =>
  HttpServer.addressFormattedWith((url) => Effect.promise(() => run(new MiroLowlevelApi("sandbox-token", url)))).pipe(
    Effect.provide(Server)
  )

it.live("Miro's client for Node works with boards and their items", () =>
  withClient(async (api) => {
    const { body: board } = await api.createBoard({ name: "Retro" })
    const boardId = board.id
    await api.updateBoard(boardId, { description: "Sprint 7" })
    assert.strictEqual((await api.getSpecificBoard(boardId)).body.description, "Sprint 7")
    assert.deepStrictEqual(
      (await api.getBoards()).body.data?.map(({ id }) => id),
      [boardId]
    )

    const note = (await api.createStickyNoteItem(boardId, { data: { content: "More tests" } })).body
    const shape = (await api.createShapeItem(boardId, { data: { shape: "circle" } })).body
    const text = (await api.createTextItem(boardId, { data: { content: "Hello" } })).body
    const card = (await api.createCardItem(boardId, { data: { title: "Task" } })).body
    const appCard = (await api.createAppCardItem(boardId, { data: { title: "Ticket" } })).body
    const embed = (await api.createEmbedItem(boardId, { data: { url: "https://example.com" } })).body
    const frame = (await api.createFrameItem(boardId, { data: { title: "Frame" } })).body
    const all = [note, shape, text, card, appCard, embed, frame].map(({ id }) => id)
    assert.deepStrictEqual(
      (await api.getItems(boardId)).body.data?.map(({ id }) => id),
      all
    )
    await api.updateStickyNoteItem(boardId, note.id, { data: { content: "Fewer meetings" } })
    assert.strictEqual((await api.getStickyNoteItem(boardId, note.id)).body.data?.content, "Fewer meetings")
    await api.deleteTextItem(boardId, text.id)
    assert.strictEqual((await api.getItems(boardId)).body.data?.length, all.length - 1)

    const { body: connector } = await api.createConnector(boardId, {
      startItem: { id: note.id },
      endItem: { id: shape.id }
    })
    assert.strictEqual((await api.getConnector(boardId, connector.id)).body.startItem?.id, note.id)
    await api.deleteConnector(boardId, connector.id)
    assert.deepStrictEqual((await api.getConnectors(boardId)).body.data, [])

    const { body: tag } = await api.createTag(boardId, { title: "Urgent" })
    await api.attachTagToItem(boardId, card.id, tag.id)
    assert.deepStrictEqual(
      (await api.getTagsFromItem(boardId, card.id)).body.tags?.map(({ id }) => id),
      [tag.id]
    )
    await api.removeTagFromItem(boardId, card.id, tag.id)
    await api.deleteTag(boardId, tag.id)

    const invited = await api.shareBoard(boardId, { emails: ["ada@example.com"], role: "editor" })
    assert.strictEqual(invited.body.successful?.length, 1)
    assert.strictEqual((await api.getBoardMembers(boardId)).body.data?.length, 2)
    await api.deleteBoard(boardId)
    assert.deepStrictEqual((await api.getBoards()).body.data, [])
  })
)

it.live("Miro's client for Node works with teams and projects", () =>
  withClient(async (api) => {
    const orgId = "3074457346704692800"
    const { body: team } = await api.enterpriseCreateTeam(orgId, { name: "Design" })
    const teamId = team.id
    await api.enterpriseUpdateTeam(orgId, teamId, { name: "Research" })
    assert.strictEqual((await api.enterpriseGetTeam(orgId, teamId)).body.name, "Research")
    const { body: member } = await api.enterpriseInviteTeamMember(orgId, teamId, { email: "ada@example.com" })
    assert.deepStrictEqual(
      (await api.enterpriseGetTeamMembers(orgId, teamId)).body.data?.map(({ id }) => id),
      [member.id]
    )
    const { body: project } = await api.enterpriseCreateProject(orgId, teamId, { name: "Spring" })
    assert.strictEqual((await api.enterpriseGetProject(orgId, teamId, project.id)).body.name, "Spring")
    await api.enterpriseDeleteProject(orgId, teamId, project.id)
    await api.enterpriseDeleteTeam(orgId, teamId)
    assert.deepStrictEqual((await api.enterpriseGetTeams(orgId)).body.data, [])
  })
)
