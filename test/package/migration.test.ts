import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { missing, pages } from "../../scripts/migration.ts"

it("every method of Miro's own clients leads somewhere", () => {
  assert.deepStrictEqual(missing, [])
})

it("the pages for those who come from Miro's own clients are as `npm run migration` writes them", () => {
  for (const [file, page] of pages) assert.strictEqual(readFileSync(file, "utf8"), page)
})
