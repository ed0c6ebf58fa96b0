import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Json from "../../http/json.ts"
import { boardOf } from "./boards.ts"
import type { Item } from "./entities.ts"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import { toBulkJson } from "./itemJson.ts"
import { itemKinds } from "./itemKinds.ts"
import { newItem } from "./items.ts"
import type { AuthenticatedCall, Call, FullResponse, Route } from "./route.ts"
import type { Board } from "./store.ts"
import * as validation from "./validation.ts"

const most = 20

const types = ["app_card", "text", "shape", "sticky_note", "image", "document", "card", "frame", "embed"]

const unexpected = (type: string, expected: ReadonlyArray<string>) =>
  errors.invalidParameter("type", `Unexpected value [${type}], expected one of: [${expected.join(", ")}]`)

const Description = Schema.StructWithRest(Schema.Struct({ type: Schema.String }), [
  Schema.Record(Schema.String, Schema.Unknown)
])

const decode = validation.bodyDecoder(Schema.Array(Description))

const itemOf = (
  call: AuthenticatedCall,
  board: Board,
  { type, ...description }: typeof Description.Type
): Refusable<Item> => {
  const possible = itemKinds.filter(
    (kind) => types.includes(kind.type) && (call.uploads === undefined || kind.file !== undefined)
  )
  const kind = possible.find((kind) => kind.type === type)
  return kind === undefined
    ? Result.fail(
        unexpected(
          type,
          possible.map(({ type }) => type)
        )
      )
    : newItem(call, board, kind, JSON.stringify(description))
}

/** The calls that would make one item each. */
const single = (call: AuthenticatedCall, count: number): Refusable<ReadonlyArray<AuthenticatedCall>> => {
  const { uploads } = call
  if (uploads === undefined) return Result.succeed(Array.from({ length: count }, () => call))
  return uploads.files.length === count
    ? Result.succeed(uploads.files.map((file) => ({ ...call, uploads: { ...uploads, files: [file] } })))
    : Result.fail(errors.invalidParameter("data", `${count} items are described for ${uploads.files.length} files`))
}

// Each item costs as much as if it were created alone.
const countOf = ({ body, uploads }: Call): number => {
  const items = Result.getOrUndefined(Json.parseResult(uploads?.data ?? body))
  return Array.isArray(items) ? Math.max(1, items.length) : 1
}

/** Creates all items of a list, or none if one of them is refused. */
const create = (call: AuthenticatedCall): FullResponse =>
  Result.gen(function* () {
    const board = yield* boardOf(call)
    const descriptions = yield* decode(call.uploads?.data ?? call.body)
    if (descriptions.length > most) {
      const message = `At most ${most} items could be created with a single request`
      return yield* Result.fail(errors.invalidParameter("", message))
    }
    if (descriptions.length === 0) {
      return yield* Result.fail(errors.invalidParameter("", "At least one item should be created with a request"))
    }
    const calls = yield* single(call, descriptions.length)
    const items = yield* Result.all(
      descriptions.map((description, index) => itemOf(calls[index] ?? call, board, description))
    )
    for (const item of items) board.items.set(item.id, item)
    const data = items.map((item) => toBulkJson(board, item, call))
    return HttpServerResponse.jsonUnsafe({ data, type: "bulk-list" }, { status: 201 })
  })

export const routes: ReadonlyArray<Route> = [
  {
    method: "POST",
    path: "/v2/boards/{board_id}/items/bulk",
    level: 2,
    times: countOf,
    takesFiles: true,
    handle: create
  }
]
