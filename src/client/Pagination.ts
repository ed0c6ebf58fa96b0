/**
 * How Miro spreads a list over several responses, and how they are read as one
 * stream.
 *
 * Every page is a call of its own with its own retries, so a fault in the
 * middle of a list neither starts it anew nor repeats an item. A stream holds
 * one page at a time and asks for the next when it is wanted, unless it is told
 * to read ahead.
 */
import type * as Effect from "effect/Effect"
import type { Issue } from "../MiroError.ts"

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
