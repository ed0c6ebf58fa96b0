/** Faults in the paging of lists. */
import type { Sabotage } from "./sabotage.ts"

const pagination = ["test/client/Pagination.test.ts"]

export const lists: ReadonlyArray<Sabotage> = [
  {
    name: "a list that goes round in circles",
    file: "src/client/pagination/pages.ts",
    find: "cursor !== undefined && seen.has(cursor)",
    replace: 'cursor !== undefined && seen.has("")',
    tests: pagination
  }
]
