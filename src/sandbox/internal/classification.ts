/** Labels that say how confidential a board is: those of the organization, of its teams and of boards. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as DataClassification from "../../enterprise/DataClassification.ts"
import * as collections from "./collections.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import type { AuthenticatedCall, FullResponse, Route } from "./route.ts"
import type { Board } from "./store.ts"
import { findBoard } from "./store.ts"
import * as validation from "./validation.ts"

const label = (id: string, name: string, color: string, sharingRecommendation: string) => ({
  id,
  name,
  description: `${name} boards`,
  color,
  sharingRecommendation,
  guidelineUrl: "https://example.com/guideline"
})

const labels = [
  label("3000000000000000001", "Public", "#0f8f43", "NO_SHARING_RESTRICTIONS"),
  label("3000000000000000002", "Internal", "#2d9bf0", "ONLY_WITHIN_ORGANIZATION"),
  label("3000000000000000003", "Confidential", "#e02d00", "ONLY_WITH_AUTHORIZED_TEAM_MEMBERS")
]

const labelOf = (id: unknown): Refusable<(typeof labels)[number]> =>
  Result.fromNullishOr(
    labels.find((label) => label.id === String(id)),
    () => errors.invalidParameter("labelId", `Unexpected value [${String(id)}]`)
  )

const getOrganizationSettings = (): FullResponse =>
  Result.succeed(
    HttpServerResponse.jsonUnsafe({
      enabled: true,
      labels: labels.map((label, index) => ({
        ...label,
        default: index === 0,
        orderNumber: index + 1,
        type: "data-classification-label"
      })),
      type: "data-classification-organization-settings"
    })
  )

const settings = "data-classification-settings"

const teamSettings = ({ path, store }: AuthenticatedCall): collections.Fields => ({
  enabled: true,
  defaultLabelId: labels[0]?.id,
  type: "team-data-classification-settings",
  ...collections.at(store, path).get(settings)?.fields
})

const getTeamSettings = (call: AuthenticatedCall): FullResponse =>
  Result.succeed(HttpServerResponse.jsonUnsafe(teamSettings(call)))

// An integer of 64 bits, which is a string where a number would lose digits.
const LabelId = Schema.Union([Schema.String, Schema.Int])

const decodeSettings = validation.bodyDecoder(
  Schema.Struct({ enabled: Schema.optionalKey(Schema.Boolean), defaultLabelId: Schema.optionalKey(LabelId) })
)

const updateTeamSettings = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { defaultLabelId, ...change } = yield* decodeSettings(call.body)
    const label = defaultLabelId === undefined ? undefined : yield* labelOf(defaultLabelId)
    const fields = { ...teamSettings(call), ...change, ...(label !== undefined && { defaultLabelId: label.id }) }
    collections.at(call.store, call.path).set(settings, { id: settings, serial: 0, fields })
    return HttpServerResponse.jsonUnsafe(fields)
  })

// By the ids of boards, which say enough of where a board is.
const classified = ({ store }: AuthenticatedCall) => collections.at(store, "data-classification")

const classify = (call: AuthenticatedCall, { id, serial }: Board, labelId: string): void => {
  classified(call).set(id, { id, serial, fields: { labelId } })
}

const decodeTeamLabels = validation.bodyDecoder(
  Schema.Struct({ labelId: LabelId, notClassifiedOnly: Schema.optionalKey(Schema.Boolean) })
)

const setTeamBoardLabels = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { labelId, notClassifiedOnly } = yield* decodeTeamLabels(call.body)
    const label = yield* labelOf(labelId)
    const boards = Array.from(call.store.boards.values()).filter(
      ({ id, teamId }) => teamId === call.params["teamId"] && !(notClassifiedOnly === true && classified(call).has(id))
    )
    for (const board of boards) classify(call, board, label.id)
    return HttpServerResponse.jsonUnsafe({
      numberUpdatedBoards: boards.length,
      type: "boards-data-classification-label-changed"
    })
  })

const boardOf = ({ params, store }: AuthenticatedCall): Refusable<Board> => findBoard(store, params["boardId"] ?? "")

const boardLabel = (label: (typeof labels)[number]) =>
  HttpServerResponse.jsonUnsafe({ ...label, type: "board-data-classification-label" })

const getBoardLabel = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const { id } = yield* boardOf(call)
    const known = yield* Result.fromNullishOr(classified(call).get(id), () => errors.notFound())
    return boardLabel(yield* labelOf(known.fields["labelId"]))
  })

const checkLabel = validation.checkerOf(DataClassification.setBoardLabel)

const setBoardLabel = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const { labelId } = collections.fieldsOf(yield* checkLabel(call.body))
    const label = yield* labelOf(labelId)
    classify(call, board, label.id)
    return boardLabel(label)
  })

export const routes = (routeOf: collections.RouteOf): ReadonlyArray<Route> => [
  routeOf(DataClassification.getOrganizationSettings, getOrganizationSettings),
  routeOf(DataClassification.getTeamSettings, getTeamSettings),
  routeOf(DataClassification.updateTeamSettings, updateTeamSettings),
  routeOf(DataClassification.setTeamBoardLabels, setTeamBoardLabels),
  routeOf(DataClassification.getBoardLabel, getBoardLabel),
  routeOf(DataClassification.setBoardLabel, setBoardLabel)
]
