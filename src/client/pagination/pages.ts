/**
 * The pages of a list, one after the other.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import * as Text from "../../http/text.ts"
import { InvalidInput, type Issue, PaginationLoop, type Position } from "../../MiroError.ts"
import type { InvalidItem, Page, PageInput, Pagination, StreamOptions } from "../Pagination.ts"
import * as Loop from "./loop.ts"

/**
 * Where the page begins that an input asks for.
 */
export const position = ({ kind }: Pagination, input: PageInput): Position => {
  const start = input[kind]
  return start === undefined ? {} : { [kind]: start }
}

/**
 * A page, and what is known of its response.
 */
export interface Fetched<P, E> {
  /** The page as the operation gives it. */
  readonly page: P
  /** The items on it. */
  readonly items: ReadonlyArray<unknown>
  /** The items that were left out of the page. */
  readonly skipped: ReadonlyArray<InvalidItem>
  /** The error that says that something is wrong with the page. */
  readonly invalid: (issues: ReadonlyArray<Issue>) => E
}

type Fetch<P, E, R> = (page: PageInput) => Effect.Effect<Fetched<P, E>, E, R>

interface Step<P, Next> {
  readonly page: P
  /** All of its items, also those that were skipped. */
  readonly items: ReadonlyArray<unknown>
  /** What to ask for next, if this is not the last page. */
  readonly next: Option.Option<Next>
}

/**
 * The pages that lead from one to the next. One that was there before waits for
 * the next: if they are a loop, neither of them comes.
 */
const paginate = <P, Next, E, R>(
  loop: Loop.PageLoop,
  first: Next,
  fetch: (at: Next) => Effect.Effect<Step<P, Next>, E | PaginationLoop, R>,
  nameOf: (at: Next) => string
): Stream.Stream<P, E | PaginationLoop, R> => {
  let waiting: ReadonlyArray<P> = []
  const flush = (...pages: ReadonlyArray<P>) => {
    const all = [...waiting, ...pages]
    waiting = []
    return all
  }
  const step = Effect.fnUntraced(function* (at: Next) {
    const { items, next, page } = yield* fetch(at)
    switch (items.length === 0 ? "new" : loop.visit(items)) {
      case "loop":
        waiting = []
        return yield* new PaginationLoop({ position: `the items before ${nameOf(at)}` })
      case "repeat":
        // Nothing tells more of the last page.
        if (Option.isNone(next)) return [flush(page), next] as const
        waiting = [...waiting, page]
        return [[], next] as const
      case "new":
        return [flush(page), next] as const
    }
  })
  return Stream.paginate(first, step).pipe(
    // A page that waits comes before the error of the one after it.
    Stream.catch((error) => Stream.concat(Stream.fromIterable(flush()), Stream.fail(error)))
  )
}

const byCursor = <P extends Page<unknown>, E, R>(
  fetch: Fetch<P, E, R>,
  input: PageInput
): Stream.Stream<P, E | PaginationLoop, R> =>
  Stream.suspend(() => {
    const seen = new Set<string>()
    const nameOf = (cursor: string | undefined) => `cursor ${Text.excerpt(cursor ?? "", 128)}`
    return paginate(
      Loop.make(),
      input.cursor,
      Effect.fnUntraced(function* (cursor) {
        if (cursor !== undefined && seen.has(cursor)) return yield* new PaginationLoop({ position: nameOf(cursor) })
        if (cursor !== undefined) seen.add(cursor)
        const fetched = yield* fetch({ ...input, cursor })
        const { page } = fetched
        const next = Option.filter(Option.fromUndefinedOr(page.cursor), (next) => next !== "")
        return { page, items: allItems(fetched), next }
      }),
      nameOf
    )
  })

const allItems = <P, E>({ items, skipped }: Fetched<P, E>): ReadonlyArray<unknown> =>
  skipped.length === 0 ? items : [...items, ...skipped.map(({ value }) => value)]

interface Positions<P> {
  /** The position of the first item of the list. */
  readonly first: number
  /** The field of a page that says where it begins. */
  readonly field: "offset" | "startIndex"
  readonly totalOf: (page: P) => number | undefined
  /** How many items a page can have. */
  readonly sizeOf: (page: P) => number
}

/** A number of items. Whatever else a page has there says nothing. */
const countOf = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined

const missing = (asked: number, reported: number): string =>
  `the page begins at ${reported} and not at ${asked}, so the items between are missing`

const byPosition = <P extends Page<unknown>, E, R>(
  fetch: (position: number) => Effect.Effect<Fetched<P, E>, E, R>,
  { field, first, sizeOf, totalOf }: Positions<P>,
  start: number | undefined
): Stream.Stream<P, E | PaginationLoop, R> =>
  Stream.suspend(() => {
    const loop = Loop.make()
    return paginate(
      loop,
      start ?? first,
      Effect.fnUntraced(function* (asked) {
        const fetched = yield* fetch(asked)
        const { invalid, page } = fetched
        const items = allItems(fetched)
        // SCIM takes all that is before the first for the first.
        const position = Math.max(first, asked)
        const reported = Math.max(first, countOf(page[field]) ?? position)
        if (items.length > 0 && reported > position) {
          return yield* Effect.fail(invalid([{ path: [field], message: missing(position, reported) }]))
        }
        // A server that merely counts in another way has other items there.
        if (reported < position && loop.overlaps(items)) {
          return yield* new PaginationLoop({ position: `position ${reported}` })
        }
        const next = position + items.length
        // Miro's total lags behind what was just created, so a full page always has another asked for after it.
        const isFull = items.length >= sizeOf(page)
        const isLast = items.length === 0 || (!isFull && next - first >= (countOf(totalOf(page)) ?? Infinity))
        return { page, items, next: isLast ? Option.none() : Option.some(next) }
      }),
      (position) => `position ${position}`
    )
  })

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
          field: "offset",
          totalOf: (page) => page.total,
          sizeOf: (page) => Math.min(limit, countOf(page.limit) || limit)
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
          field: "startIndex",
          totalOf: (page) => page.totalResults,
          sizeOf: () => count
        },
        input.startIndex
      )
    }
  }
}

const least = { limit: 1, count: 1, offset: 0 } as const

// With pages without items, a list would seem to be empty.
const issuesOf = (input: PageInput, { onInvalidItem = "fail", readAhead = 0 }: StreamOptions): ReadonlyArray<Issue> => [
  ...Struct.keys(least).flatMap((name) =>
    (input[name] ?? least[name]) < least[name] ? [{ path: [name], message: `must be at least ${least[name]}` }] : []
  ),
  ...(Number.isSafeInteger(readAhead) && readAhead >= 0
    ? []
    : [{ path: ["readAhead"], message: "must be a number of pages, 0 or more" }]),
  ...(onInvalidItem === "fail" || onInvalidItem === "skip" || Predicate.isFunction(onInvalidItem)
    ? []
    : [{ path: ["onInvalidItem"], message: 'must be "fail", "skip" or a function' }])
]

/**
 * The pages of a list from the one that `input` chooses, the first one by
 * default, each as large as Miro makes them unless `input` has a `limit`, or
 * for SCIM a `count`.
 *
 * Fails with `PaginationLoop` if the server leads back to what it gave before,
 * and says that a page is invalid which begins after the position that was
 * asked for, since the items between are in no page.
 */
export const make = <P extends Page<unknown>, E, R>(
  pagination: Pagination,
  fetch: Fetch<P, E, R>,
  input: PageInput,
  options: StreamOptions = {}
): Stream.Stream<P, E | PaginationLoop | InvalidInput, R> => {
  const issues = issuesOf(input, options)
  if (issues.length > 0) return Stream.fail(new InvalidInput({ issues }))
  const stream = whenWanted(pagination, fetch, input)
  const { readAhead = 0 } = options
  // The page that waits for room in the buffer is one of those ahead.
  return readAhead > 0 ? Stream.bufferArray(stream, { capacity: readAhead - 1 }) : stream
}
