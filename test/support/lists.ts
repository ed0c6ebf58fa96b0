/** Lists as Miro pages them, whose items have the ids 0, 1 and so on. */
import { Stream } from "effect"
import * as http from "./http.ts"
import * as payloads from "./payloads.ts"

export const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => String(from + index))

export const idsOf = <E, R>(items: Stream.Stream<{ readonly id: string }, E, R>) =>
  Stream.runCollect(Stream.map(items, ({ id }) => id))

export type Server = (asked: Pick<http.Sent, "query">) => http.Reply

/** A list of texts, or other items, that names the next page by a cursor. */
export const byCursor =
  (count: number, items: (from: number, count: number) => ReadonlyArray<object> = payloads.texts): Server =>
  ({ query }) => {
    const from = Number((query["cursor"] ?? "after-0").slice("after-".length))
    const limit = Number(query["limit"])
    const end = Math.min(from + limit, count)
    return http.json({
      data: items(from, end - from),
      limit,
      size: end - from,
      total: count,
      ...(end < count && { cursor: `after-${end}` }),
      type: "cursor-list"
    })
  }

/** A list of boards that counts from an offset. */
export const byOffset =
  (count: number): Server =>
  ({ query }) => {
    const offset = Number(query["offset"])
    const limit = Number(query["limit"])
    const data = payloads.boards(offset, Math.max(0, Math.min(limit, count - offset)))
    return http.json({ data, limit, offset, size: data.length, total: count, type: "list" })
  }

/** A list of SCIM users, which counts from 1. */
export const byStartIndex =
  (count: number): Server =>
  ({ query }) => {
    const startIndex = Number(query["startIndex"])
    const length = Math.max(0, Math.min(Number(query["count"]), count - startIndex + 1))
    return http.json({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: count,
      startIndex,
      itemsPerPage: length,
      Resources: range(startIndex - 1, length).map((id) => ({ id, userName: `${id}@example.com` }))
    })
  }
