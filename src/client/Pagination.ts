/**
 * How Miro spreads a list over several responses, and how they are read as one
 * stream.
 *
 * Every page is a call of its own with its own retries, so a fault in the
 * middle of a list neither starts it anew nor repeats an item. A stream holds
 * one page at a time and asks for the next when it is wanted, unless it is told
 * to read ahead.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import * as PageLoop from "./pagination/loop.ts"
import * as Text from "../http/text.ts"
import { InvalidInput, type Issue, PaginationLoop, type Position } from "../MiroError.ts"

/**
 * Pages that each name the next one by a cursor. A page without a cursor, or
 * with an empty one, is the last; one without items is not.
 *
 * @category models
 */
export interface Cursor {
  /** Tells it from the other ways of paging. */
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
  /** Tells it from the other ways of paging. */
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
  /** Tells it from the other ways of paging. */
  readonly kind: "startIndex"
  /** The largest page that Miro gives. */
  readonly maximum: number
}

/**
 * How the pages of a list are asked for.
 *
 * @category models
 */
export type Pagination = Cursor | Offset | StartIndex

/**
 * Paging by cursors, with pages of at most `maximum` items.
 *
 * @category constructors
 */
export const cursor = (options: {
  /** The largest page that Miro gives. */
  readonly maximum: number
}): Cursor => ({ kind: "cursor", ...options })

/**
 * Paging by offsets, with pages of at most `maximum` items.
 *
 * @category constructors
 */
export const offset = (options: {
  /** The largest page that Miro gives. */
  readonly maximum: number
}): Offset => ({ kind: "offset", ...options })

/**
 * Paging as SCIM has it, with pages of at most `maximum` resources.
 *
 * @category constructors
 */
export const startIndex = (options: {
  /** The largest page that Miro gives. */
  readonly maximum: number
}): StartIndex => ({ kind: "startIndex", ...options })

/**
 * The parameters of a list operation that choose a page.
 *
 * @category models
 */
export interface PageInput {
  /** How many items a page has at most. */
  readonly limit?: number | undefined
  /** Where the page begins: the `cursor` of the one before. */
  readonly cursor?: string | undefined
  /** How many items come before the page. */
  readonly offset?: number | undefined
  /** The number of the page's first resource, counted from 1. */
  readonly startIndex?: number | undefined
  /** How many resources a page has at most. */
  readonly count?: number | undefined
}

/**
 * What the pages of all list operations have in common. Miro's own lists have
 * their items in `data`, those of SCIM in `Resources`.
 *
 * @category models
 */
export interface Page<Item> {
  /** The items, in Miro's own lists. */
  readonly data?: ReadonlyArray<Item>
  /** How many items the page could have had. */
  readonly limit?: number
  /** How many items the list has. */
  readonly total?: number
  /** The cursor of the next page. Absent from, or empty on, the last page. */
  readonly cursor?: string
  /** How many items come before the page. */
  readonly offset?: number
  /** The items, in lists of SCIM. */
  readonly Resources?: ReadonlyArray<Item>
  /** How many resources the list has. */
  readonly totalResults?: number
  /** The number of the page's first resource, counted from 1. */
  readonly startIndex?: number
}

/**
 * The type of the items on a page.
 *
 * @category models
 */
export type ItemOf<P> = P extends {
  /** The items, in Miro's own lists. */
  readonly data: ReadonlyArray<infer Item>
}
  ? Item
  : P extends {
        /** The items, in lists of SCIM. */
        readonly Resources?: ReadonlyArray<infer Item>
      }
    ? Item
    : never

/**
 * The items on a page.
 *
 * @category getters
 */
export const itemsOf = ({ Resources = [], data = Resources }: Page<unknown>): ReadonlyArray<unknown> => data

/**
 * An item of a list that lacks something required, or has it in a form that
 * cannot be read.
 *
 * @category models
 */
export interface InvalidItem {
  /** Where it is in the body of the page, such as `["data", 3]`. */
  readonly path: ReadonlyArray<string | number>
  /** Its id, if it has one. */
  readonly id?: string
  /** Its type, if it has one. */
  readonly type?: string
  /** What is wrong with it, with paths that begin at the item. */
  readonly issues: ReadonlyArray<Issue>
  /** The item as Miro gave it, without the fields that could not be read. */
  readonly value: unknown
}

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
  /**
   * What becomes of an item that lacks something required.
   *
   * With `"fail"`, which is the default, its page fails with `InvalidResponse`,
   * which names the item: the list ends there, and asking again for the page
   * fails again. With `"skip"` it is left out, and the rest of the list comes.
   * A function skips it too, and is called with it before the items of its page
   * come.
   *
   * A skipped item is reported in a warning in the log and in the attributes
   * `miro.response.skipped_count` and `miro.response.skipped_items` of the
   * call's span. Under `MiroClient.Strict`, none is skipped.
   *
   * **Example** (Reading a list with items that cannot be read)
   *
   * ```ts
   * import { Console } from "effect"
   * import { Items } from "effect-miro"
   *
   * const items = Items.list.items(
   *   { boardId: "uXjVOfjmfkE=" },
   *   { onInvalidItem: ({ id, issues }) => Console.warn("skipped", id, issues) }
   * )
   * ```
   */
  readonly onInvalidItem?: "fail" | "skip" | ((item: InvalidItem) => Effect.Effect<void>) | undefined
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

/**
 * A page, and what is known of its response.
 *
 * @category models
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
  loop: PageLoop.PageLoop,
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
      PageLoop.make(),
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
    const loop = PageLoop.make()
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
 *
 * @category streams
 */
export const pages = <P extends Page<unknown>, E, R>(
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
