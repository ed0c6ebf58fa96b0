import * as Arr from "effect/Array"
import * as Base64 from "effect/encoding/Base64"
import * as UrlParams from "effect/http/UrlParams"
import * as Iterable from "effect/Iterable"
import * as Result from "effect/Result"
import type { Refusable } from "./errors.ts"
import * as errors from "./errors.ts"
import type { Call } from "./route.ts"
import type { Row, Rows } from "./rows.ts"

const integer = (call: Call, name: string, fallback: number): Refusable<number> => {
  const text = call.query.get(name) ?? String(fallback)
  return /^-?\d{1,15}$/.test(text)
    ? Result.succeed(Number(text))
    : Result.fail(errors.invalidParameter(name, "Has illegal integer number value"))
}

export const limit = (
  call: Call,
  options: { readonly noun: string; readonly minimum: number; readonly maximum: number; readonly fallback: number }
): Refusable<number> =>
  Result.flatMap(integer(call, "limit", options.fallback), (value) => {
    const { maximum, minimum, noun } = options
    if (value < minimum) {
      return Result.fail(errors.invalidParameter("limit", `minimum ${noun} page size is ${minimum}`))
    }
    if (value > maximum) {
      return Result.fail(errors.invalidParameter("limit", `maximum ${noun} page size is ${maximum}`))
    }
    return Result.succeed(value)
  })

export const offset = (call: Call): Refusable<number> =>
  Result.flatMap(integer(call, "offset", 0), (value) =>
    value < 0 ? Result.fail(errors.invalidParameter("offset", "minimum offset is 0")) : Result.succeed(value)
  )

/** Reads a parameter that takes one of a few values; `undefined` if it was not sent. */
export const oneOf = (call: Call, name: string, expected: ReadonlyArray<string>): Refusable<string | undefined> => {
  const value = call.query.get(name) ?? undefined
  return value === undefined || expected.includes(value)
    ? Result.succeed(value)
    : Result.fail(
        errors.invalidParameter(name, `Unexpected value [${value}], expected one of: [${expected.join(", ")}]`)
      )
}

const link = (call: Call, params: UrlParams.Input): string => `${call.origin}${call.path}?${UrlParams.toString(params)}`

interface Filters {
  readonly [name: string]: string | undefined
}

interface Serial {
  readonly serial: number
}

export const offsetPage = <A>(
  call: Call,
  all: ReadonlyArray<A>,
  options: {
    readonly limit: number
    readonly offset: number
    readonly filters: Filters
    readonly toJson: (row: A) => unknown
  }
) => {
  const { filters, limit, offset, toJson } = options
  const data = all.slice(offset, offset + limit).map(toJson)
  const at = (start: number) => link(call, { ...filters, limit, offset: start })
  const last = all.length === 0 ? 0 : Math.floor((all.length - 1) / limit) * limit
  return {
    data,
    total: all.length,
    size: data.length,
    offset,
    limit,
    links: {
      self: at(offset),
      first: at(0),
      ...(offset > 0 && { prev: at(Math.max(0, offset - limit)) }),
      ...(offset + limit < all.length && { next: at(offset + limit) }),
      last: at(last)
    },
    type: "list"
  }
}

// A cursor names the last row of the page before, which need not exist any
// more: rows are ordered by when they were created, and none comes in between.
const encodeCursor = ({ serial }: Serial): string => Base64.encode(`after:${serial}`)

/** The serial number that a page starts after. */
export const cursor = (call: Call): Refusable<number> => {
  const text = call.query.get("cursor") ?? ""
  if (text === "") {
    return Result.succeed(0)
  }
  const serial = /^after:(\d{1,15})$/.exec(Result.getOrElse(Base64.decodeString(text), () => ""))?.[1]
  return serial === undefined
    ? Result.fail(errors.invalidParameter("cursor", `Unexpected value [${text}]`))
    : Result.succeed(Number(serial))
}

interface Cut<A> {
  readonly limit: number
  readonly after: number
  readonly toJson: (row: A) => unknown
}

/** The first of the rows that come after a cursor, and the cursor of the next page. */
const pageOf = <A extends Serial>(rest: Iterable<A>, { limit, toJson }: Omit<Cut<A>, "after">) => {
  const [page, more] = Arr.splitAt(Arr.fromIterable(Iterable.take(rest, limit + 1)), limit)
  const last = page.at(-1)
  return {
    data: page.map(toJson),
    size: page.length,
    ...(last !== undefined && more.length > 0 && { cursor: encodeCursor(last) }),
    limit
  }
}

/** The rows of a page, and the cursor of the next one. */
export const rowsPage = <A extends Serial>(all: ReadonlyArray<A>, { after, ...cut }: Cut<A>) =>
  pageOf(
    Iterable.filter(all, ({ serial }) => serial > after),
    cut
  )

/** A page of what is on a board: of all of it, or of what is wanted. */
export const cursorPage = <A extends Row>(
  call: Call,
  all: Rows<A>,
  {
    after,
    filters,
    isWanted,
    ...cut
  }: Cut<A> & { readonly filters: Filters; readonly isWanted?: ((row: A) => boolean) | undefined }
) => {
  const rest = all.after(after)
  const page = pageOf(isWanted === undefined ? rest : Iterable.filter(rest, isWanted), cut)
  const at = (cursor: string) => link(call, { ...filters, limit: cut.limit, cursor })
  return {
    ...page,
    total: isWanted === undefined ? all.size : Iterable.size(Iterable.filter(all.values(), isWanted)),
    links: {
      self: at(call.query.get("cursor") ?? ""),
      ...(page.cursor !== undefined && { next: at(page.cursor) })
    },
    type: "cursor-list"
  }
}

/** A page of what an organization has, of which there is no filter. It has no links, and of few is there a total. */
export const resourcesPage = <A extends Serial>(
  call: Call,
  all: ReadonlyArray<A>,
  options: {
    readonly maximum: number
    readonly fallback?: number
    readonly isCounted?: boolean
    readonly toJson: (row: A) => unknown
  }
) =>
  Result.gen(function* () {
    const { maximum, fallback = maximum, isCounted = false, toJson } = options
    const size = yield* limit(call, { noun: "resources", minimum: 1, maximum, fallback })
    const page = rowsPage(all, { limit: size, after: yield* cursor(call), toJson })
    return { ...page, ...(isCounted && { total: all.length }), type: "cursor-list" }
  })
