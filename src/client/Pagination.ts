/**
 * How Miro spreads a list over several answers, and how they are read as one
 * stream.
 *
 * Every page is a call of its own with its own retries, so a fault in the
 * middle of a list neither starts it anew nor repeats an item. A stream holds
 * one page at a time and asks for the next when it is wanted.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { PaginationLoop } from "./MiroError.ts"

/**
 * Pages that each name the next one by a cursor. A page without a cursor, or
 * with an empty one, is the last; one without items is not.
 *
 * @category models
 */
export interface Cursor {
  readonly kind: "cursor"
  /** The largest page that Miro gives. */
  readonly maximum: number
}

/**
 * Pages that are asked for by the number of items before them. Items that are
 * added or removed in the meantime shift the rest, so that one can come twice
 * or not at all.
 *
 * @category models
 */
export interface Offset {
  readonly kind: "offset"
  /** The largest page that Miro gives. */
  readonly maximum: number
}

/** @category models */
export type Pagination = Cursor | Offset

/** @category constructors */
export const cursor = (options: { readonly maximum: number }): Cursor => ({ kind: "cursor", ...options })

/** @category constructors */
export const offset = (options: { readonly maximum: number }): Offset => ({ kind: "offset", ...options })

/**
 * The parameters of a list operation that choose a page.
 *
 * @category models
 */
export interface PageInput {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
  readonly offset?: number | undefined
}

/**
 * What the pages of all list operations have in common.
 *
 * @category models
 */
export interface Page<Item> {
  readonly data: ReadonlyArray<Item>
  readonly limit?: number
  readonly total?: number
  readonly cursor?: string
  readonly offset?: number
}

type Fetch<P, E, R> = (page: PageInput) => Effect.Effect<P, E | PaginationLoop, R>

const byCursor = <P extends Page<unknown>, E, R>(
  fetch: Fetch<P, E, R>,
  input: PageInput
): Stream.Stream<P, E | PaginationLoop, R> =>
  Stream.suspend(() => {
    const seen = new Set<string>()
    return Stream.paginate(
      input.cursor,
      Effect.fnUntraced(function* (cursor) {
        if (cursor !== undefined && seen.has(cursor)) return yield* new PaginationLoop({ position: `cursor ${cursor}` })
        if (cursor !== undefined) seen.add(cursor)
        const page = yield* fetch({ ...input, cursor })
        return [[page], Option.filter(Option.fromUndefinedOr(page.cursor), (next) => next !== "")] as const
      })
    )
  })

const byOffset = <P extends Page<unknown>, E, R>(
  fetch: Fetch<P, E, R>,
  input: PageInput
): Stream.Stream<P, E | PaginationLoop, R> =>
  Stream.paginate(
    input.offset ?? 0,
    Effect.fnUntraced(function* (offset) {
      const page = yield* fetch({ ...input, offset })
      if (page.offset !== undefined && page.offset < offset) {
        return yield* new PaginationLoop({ position: `offset ${page.offset}` })
      }
      const next = offset + page.data.length
      // Miro's total lags behind what was just created, so a full page always has another asked for after it.
      const isFull = page.data.length >= (page.limit ?? input.limit ?? 1)
      const isLast = page.data.length === 0 || (!isFull && next >= (page.total ?? 0))
      return [[page], isLast ? Option.none() : Option.some(next)] as const
    })
  )

/**
 * The pages of a list from the one that `input` chooses, the first one by
 * default, each as large as Miro makes them unless `input` has a `limit`.
 *
 * @category streams
 */
export const pages = <P extends Page<unknown>, E, R>(
  pagination: Pagination,
  fetch: Fetch<P, E, R>,
  input: PageInput
): Stream.Stream<P, E | PaginationLoop, R> => {
  const first = { ...input, limit: input.limit ?? pagination.maximum }
  return pagination.kind === "cursor" ? byCursor(fetch, first) : byOffset(fetch, first)
}
