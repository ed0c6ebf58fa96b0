import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { sabotages } from "../long/sabotage/sabotages.ts"

it("every planted fault stands in the source exactly once", () => {
  const misplaced = sabotages.filter(({ file, find }) => readFileSync(file, "utf8").split(find).length !== 2)
  assert.deepStrictEqual(
    misplaced.map(({ name }) => name),
    []
  )
})
