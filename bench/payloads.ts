/** Responses of the size that Miro gives them, each item with who made and changed it, and when. */
import * as payloads from "../test/support/payloads.ts"

export const board = payloads.board

const user = { id: "3458764517517818867", type: "user" }

const noon = Date.UTC(2026, 4, 20, 12)

const item = (id: number) => ({
  ...payloads.stickyNote,
  id: String(id),
  createdBy: user,
  modifiedAt: new Date(noon + id * 61_000).toISOString(),
  modifiedBy: user
})

export type Item = ReturnType<typeof item>

/** The id of a board whose list has so many pages, of 50 items each. */
export const boardWith = (pages: number): string => `pages-${pages}`

export const pagesOf = (path: string): number => Number(/pages-(\d+)/.exec(path)?.[1] ?? 1)

/** A page of 50 items of a list that has so many pages, counted from 0. */
export const page = (index = 0, pages = 1) => ({
  data: Array.from({ length: 50 }, (_, place) => item(index * 50 + place)),
  total: 50 * pages,
  size: 50,
  limit: 50,
  links: {},
  ...(index + 1 < pages && { cursor: String(index + 1) }),
  type: "cursor-list"
})
