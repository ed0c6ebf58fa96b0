/**
 * What is on a sandbox from the beginning.
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Boards from "../boards/Boards.ts"
import * as Items from "../boards/Items.ts"
import * as MiroClient from "../client/MiroClient.ts"
import * as RateLimit from "../client/RateLimit.ts"
import type { MiroError } from "../MiroError.ts"

/**
 * A board with its items.
 *
 * @category models
 */
export const SeedBoard = Schema.Struct({
  /** The name of the board: `Untitled` unless set. */
  name: Schema.optional(Schema.String),
  /** What the board is about. */
  description: Schema.optional(Schema.String),
  /** What is on the board, as `Items.createBulk` takes it. */
  items: Schema.optional(Schema.Array(Items.ItemInput))
})

/** @category models */
export interface SeedBoard extends Schema.Schema.Type<typeof SeedBoard> {}

/**
 * The boards of a sandbox.
 *
 * @category models
 */
export const Seed = Schema.Struct({
  /** The boards, which are created in this order. */
  boards: Schema.Array(SeedBoard)
})

/** @category models */
export interface Seed extends Schema.Schema.Type<typeof Seed> {}

const perRequest = 20

const plant = Effect.fnUntraced(function* ({ items = [], ...board }: SeedBoard) {
  const { id: boardId } = yield* Boards.create(board)
  for (let start = 0; start < items.length; start += perRequest) {
    yield* Items.createBulk({ boardId, items: items.slice(start, start + perRequest) })
  }
  return boardId
})

/**
 * Makes what a seed says, and gives the ids of its boards.
 *
 * @internal
 */
export const sow = (
  { boards }: Seed,
  token: Redacted.Redacted,
  client: Layer.Layer<HttpClient.HttpClient>
): Effect.Effect<ReadonlyArray<string>, MiroError> =>
  Effect.forEach(boards, plant).pipe(
    Effect.provideService(RateLimit.RateLimit, RateLimit.none),
    Effect.provide(Layer.provide(MiroClient.layerToken(token), client))
  )
