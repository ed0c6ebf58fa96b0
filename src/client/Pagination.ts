/**
 * How Miro spreads a list over several answers, and how they are read as one
 * stream.
 *
 * Every page is a call of its own with its own retries, so a fault in the
 * middle of a list neither starts it anew nor repeats an item. A stream holds
 * one page at a time and asks for the next when it is wanted, unless it is told
 * to read ahead.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { PaginationLoop, type Position } from "./MiroError.ts"

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

/**
 * Pages as SCIM has them, which are asked for by the number of their first
 * resource, counted from 1. What is said of {@link Offset} goes for them too.
 *
 * @category models
 */
export interface StartIndex {
  readonly kind: "startIndex"
  /** The largest page that Miro gives. */
  readonly maximum: number
}

/** @category models */
export type Pagination = Cursor | Offset | StartIndex

/** @category constructors */
export const cursor = (options: { readonly maximum: number }): Cursor => ({ kind: "cursor", ...options })

/** @category constructors */
export const offset = (options: { readonly maximum: number }): Offset => ({ kind: "offset", ...options })

/** @category constructors */
export const startIndex = (options: { readonly maximum: number }): StartIndex => ({ kind: "startIndex", ...options })

/**
 * The parameters of a list operation that choose a page.
 *
 * @category models
 */
export interface PageInput {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
  readonly offset?: number | undefined
  readonly startIndex?: number | undefined
  readonly count?: number | undefined
}

/**
 * What the pages of all list operations have in common. Miro's own lists have
 * their items in `data`, those of SCIM in `Resources`.
 *
 * @category models
 */
export interface Page<Item> {
  readonly data?: ReadonlyArray<Item>
  readonly limit?: number
  readonly total?: number
  readonly cursor?: string
  readonly offset?: number
  readonly Resources?: ReadonlyArray<Item>
  readonly totalResults?: number
  readonly startIndex?: number
}

/**
 * The type of the items on a page.
 *
 * @category models
 */
export type ItemOf<P> = P extends { readonly data: ReadonlyArray<infer Item> }
  ? Item
  : P extends { readonly Resources?: ReadonlyArray<infer Item> }
    ? Item
    : never

/**
 * The items on a page.
 *
 * @category getters
 */
export const itemsOf = ({ Resources = [], data = Resources }: Page<unknown>): ReadonlyArray<unknown> => data

/**
 * How a stream reads its pages.
 *
 * @category models
 */
export interface StreamOptions {
  /**
   * How many pages may be fetched before they are wanted, while the program
   * works on the one before: none unless set. That many pages are held in
   * memory beside it.
   */
  readonly readAhead?: number | undefined
}

/**
 * Where the page begins that an input asks for.
 *
 * @category getters
 */
export const position = ({ kind }: Pagination, input: PageInput): Position => {
  const start = input[kind]
  return start === undefined ? {} : { [kind]: start }
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

interface Positions<P> {
  /** The position of the first item of the list. */
  readonly first: number
  readonly positionOf: (page: P) => number | undefined
  readonly totalOf: (page: P) => number | undefined
  /** How many items a page can have. */
  readonly sizeOf: (page: P) => number
}

const byPosition = <P extends Page<unknown>, E, R>(
  fetch: (position: number) => Effect.Effect<P, E | PaginationLoop, R>,
  { first, positionOf, sizeOf, totalOf }: Positions<P>,
  start: number | undefined
): Stream.Stream<P, E | PaginationLoop, R> =>
  Stream.paginate(
    start ?? first,
    Effect.fnUntraced(function* (position) {
      const page = yield* fetch(position)
      const { length } = itemsOf(page)
      const actual = positionOf(page) ?? position
      if (length > 0 && actual < position) return yield* new PaginationLoop({ position: `position ${actual}` })
      const next = actual + length
      // Miro's total lags behind what was just created, so a full page always has another asked for after it.
      const isFull = length >= sizeOf(page)
      const isLast = length === 0 || (!isFull && next - first >= (totalOf(page) ?? Infinity))
      return [[page], isLast ? Option.none() : Option.some(next)] as const
    })
  )

const whenWanted = <P extends Page<unknown>, E, R>(
  pagination: Pagination,
  fetch: Fetch<P, E, R>,
  input: PageInput
): Stream.Stream<P, E | PaginationLoop, R> => {
  switch (pagination.kind) {
    case "cursor":
      return byCursor(fetch, { ...input, limit: input.limit ?? pagination.maximum })
    case "offset": {
      const limit = input.limit ?? pagination.maximum
      return byPosition(
        (offset) => fetch({ ...input, limit, offset }),
        {
          first: 0,
          positionOf: (page) => page.offset,
          totalOf: (page) => page.total,
          sizeOf: (page) => page.limit ?? limit
        },
        input.offset
      )
    }
    case "startIndex": {
      const count = input.count ?? pagination.maximum
      return byPosition(
        (startIndex) => fetch({ ...input, count, startIndex }),
        {
          first: 1,
          positionOf: (page) => page.startIndex,
          totalOf: (page) => page.totalResults,
          sizeOf: () => count
        },
        input.startIndex
      )
    }
  }
}

/**
 * The pages of a list from the one that `input` chooses, the first one by
 * default, each as large as Miro makes them unless `input` has a `limit`, or
 * for SCIM a `count`.
 *
 * @category streams
 */
export const pages = <P extends Page<unknown>, E, R>(
  pagination: Pagination,
  fetch: Fetch<P, E, R>,
  input: PageInput,
  { readAhead = 0 }: StreamOptions = {}
): Stream.Stream<P, E | PaginationLoop, R> => {
  const stream = whenWanted(pagination, fetch, input)
  // The page that waits for room in the buffer is one of those ahead.
  return readAhead > 0 ? Stream.bufferArray(stream, { capacity: readAhead - 1 }) : stream
}
