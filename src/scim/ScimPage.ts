/**
 * One page of a list, as SCIM has it.
 */
import * as Schema from "effect/Schema"
import * as Limits from "../models/Limits.ts"
import * as Open from "../models/Open.ts"

/**
 * The query parameters of a list: what to give, in which order, and which
 * page.
 *
 * @category inputs
 */
export const listQuery = {
  /**
   * The attributes to give of each resource, separated by commas, such as
   * `id,displayName`; also parts of them, such as `emails.value`. All of them
   * unless set.
   */
  attributes: Schema.optional(Schema.String),
  /**
   * Which resources to give, such as `displayName co "design"`. There are `eq`,
   * `ne`, `co`, `sw`, `ew`, `pr`, `gt`, `ge`, `lt` and `le`, which `and`, `or`,
   * `not` and parentheses combine.
   */
  filter: Schema.optional(Schema.String),
  /** Where the page begins: the number of its first resource, counted from 1. */
  startIndex: Schema.optional(Schema.Int),
  /** How many resources a page has at most: 100 unless set, and not more than 1000. */
  count: Schema.optional(Schema.Int.check(Limits.between(-Infinity, 1000))),
  /** The attribute by which to sort, such as `displayName`. */
  sortBy: Schema.optional(Schema.String),
  /** Whether `sortBy` goes up or down. */
  sortOrder: Schema.optional(Open.literals(["ascending", "descending"]))
}

/**
 * A page, which has no `Resources` when there are none.
 *
 * @category constructors
 */
export const of = <Resource extends Schema.Constraint>(resource: Resource) =>
  Open.struct({
    /** The URI of SCIM's schema for lists. */
    schemas: Schema.optionalKey(Schema.Array(Schema.String)),
    /** How many resources the whole list has. */
    totalResults: Schema.optionalKey(Schema.Finite),
    /** The number of the first resource on the page, counted from 1. */
    startIndex: Schema.optionalKey(Schema.Finite),
    /** How many resources the page has. */
    itemsPerPage: Schema.optionalKey(Schema.Finite),
    /** The resources of the page. */
    Resources: Schema.optionalKey(Schema.Array(resource))
  })
