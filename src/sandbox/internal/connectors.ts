import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Connectors from "../../boards/Connectors.ts"
import { boardOf } from "./boards.ts"
import type { Connector, ConnectorEnd } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import { timestamp } from "./instant.ts"
import * as paging from "./paging.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import type { Board } from "./store.ts"
import { nextItem } from "./store.ts"
import * as validation from "./validation.ts"

const decodeCreation = validation.bodyDecoder(Connectors.ConnectorInput)

const decodeChange = validation.bodyDecoder(Connectors.ConnectorChanges)

const boardUrl = (board: Board, { origin }: AuthenticatedCall) => `${origin}/v2/boards/${encodeURIComponent(board.id)}`

const endToJson = ({ id, position }: ConnectorEnd, url: string) => ({
  id,
  ...(position !== undefined && { position }),
  links: { self: `${url}/items/${id}` }
})

const toJson = (board: Board, connector: Connector, call: AuthenticatedCall) => {
  const url = boardUrl(board, call)
  const { captions, createdAt, createdBy, endItem, id, modifiedAt, modifiedBy, shape, startItem, style } = connector
  return {
    id,
    type: "connector",
    startItem: endToJson(startItem, url),
    endItem: endToJson(endItem, url),
    shape,
    captions,
    style,
    isSupported: true,
    links: { self: `${url}/connectors/${id}` },
    createdAt: timestamp(createdAt),
    createdBy: { id: createdBy, type: "user" },
    modifiedAt: timestamp(modifiedAt),
    modifiedBy: { id: modifiedBy, type: "user" }
  }
}

const sides: Readonly<Record<string, ConnectorEnd["position"]>> = {
  top: { x: "50%", y: "0%" },
  right: { x: "100%", y: "50%" },
  bottom: { x: "50%", y: "100%" },
  left: { x: "0%", y: "50%" }
}

// An end that is not told where to go is put by Miro where it looks best, which the sandbox leaves open.
const endOf = (
  board: Board,
  field: "startItem" | "endItem",
  before: ConnectorEnd,
  { id = before.id, position, snapTo }: Connectors.ConnectorEndInput
): Refusable<ConnectorEnd> => {
  const item = board.items.get(id)
  if (item === undefined) {
    return Result.fail(errors.invalidParameter(`${field}.id`, `There is no item [${id}] on the board`))
  }
  if (item.type === "frame") {
    return Result.fail(errors.invalidParameter(`${field}.id`, "Connectors are not attached to frames"))
  }
  const { x = "50%", y = "50%" } = position ?? {}
  const at = snapTo === undefined ? position && { x, y } : sides[snapTo]
  return Result.succeed({ id, ...(at !== undefined && { position: at }) })
}

const change = (board: Board, connector: Connector, body: Connectors.ConnectorChanges): Refusable<Connector> =>
  Result.gen(function* () {
    const startItem = body.startItem
      ? yield* endOf(board, "startItem", connector.startItem, body.startItem)
      : connector.startItem
    const endItem = body.endItem ? yield* endOf(board, "endItem", connector.endItem, body.endItem) : connector.endItem
    if (startItem.id === endItem.id) {
      return yield* Result.fail(errors.invalidParameter("endItem.id", "A connector connects two items"))
    }
    const { captions = connector.captions, shape = connector.shape } = body
    const changed = { ...connector, startItem, endItem, shape, captions, style: { ...connector.style, ...body.style } }
    board.connectors.set(changed.id, changed)
    return changed
  })

const defaultStyle = {
  color: "#1a1a1a",
  endStrokeCap: "stealth",
  fontSize: "14",
  startStrokeCap: "none",
  strokeColor: "#000000",
  strokeStyle: "normal",
  strokeWidth: "1.0",
  textOrientation: "aligned"
}

const create = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const body = yield* decodeCreation(call.body)
    const { now } = call.instant
    const { userId } = call.session
    const blank: Connector = {
      ...nextItem(call.store),
      startItem: { id: "" },
      endItem: { id: "" },
      shape: "curved",
      captions: [],
      style: defaultStyle,
      createdAt: now,
      createdBy: userId,
      modifiedAt: now,
      modifiedBy: userId
    }
    return HttpServerResponse.jsonUnsafe(toJson(board, yield* change(board, blank, body), call))
  })

const locate = (call: AuthenticatedCall): Refusable<{ readonly board: Board; readonly connector: Connector }> =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const known = board.connectors.get(call.params["connector_id"] ?? "")
    return { board, connector: yield* Result.fromNullishOr(known, () => errors.connectorNotFound(board.id)) }
  })

const get = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call), ({ board, connector }) => HttpServerResponse.jsonUnsafe(toJson(board, connector, call)))

const update = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { board, connector } = yield* locate(call)
    const modified = { ...connector, modifiedAt: call.instant.now, modifiedBy: call.session.userId }
    const changed = yield* change(board, modified, yield* decodeChange(call.body))
    return HttpServerResponse.jsonUnsafe(toJson(board, changed, call))
  })

const remove = (call: AuthenticatedCall): FullResponse =>
  Result.map(locate(call), ({ board, connector }) => {
    board.connectors.delete(connector.id)
    return HttpServerResponse.empty()
  })

const list = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const limit = yield* paging.limit(call, { noun: "connectors", minimum: 10, maximum: 50, fallback: 10 })
    const after = yield* paging.cursor(call)
    return HttpServerResponse.jsonUnsafe(
      paging.cursorPage(call, board.connectors, {
        limit,
        after,
        filters: {},
        toJson: (connector) => toJson(board, connector, call)
      })
    )
  })

const collection = "/v2/boards/{board_id}/connectors"

export const routes: ReadonlyArray<Route> = [
  { method: "POST", path: collection, level: 2, handle: create },
  { method: "GET", path: collection, level: 2, handle: list },
  { method: "GET", path: `${collection}/{connector_id}`, level: 1, handle: get },
  { method: "PATCH", path: `${collection}/{connector_id}`, level: 2, handle: update },
  { method: "DELETE", path: `${collection}/{connector_id}`, level: 3, handle: remove }
]
