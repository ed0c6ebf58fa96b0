import { assert, describe, it } from "@effect/vitest"
import { MiroError } from "effect-miro"
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { publicFiles } from "../../scripts/publicFiles.ts"

const page = readFileSync("docs/errors.md", "utf8")

/** What the first columns of the tables of a page have. */
const rowsOf = (text: string) => Array.from(text.matchAll(/^\| ([^|]*[^|\s]) +\|/gm), ([, first = ""]) => first)

const named = rowsOf(page).flatMap((row) => Array.from(row.matchAll(/`(\w+)`/g), ([, name = ""]) => name))

describe("the guide to errors", () => {
  it("has a row for every reason", () => {
    const reasons = MiroError.Reason.members.map(({ fields }) => fields._tag.schema.literal)
    assert.isAbove(reasons.length, 20)
    assert.deepStrictEqual(
      reasons.filter((reason) => !named.includes(reason)),
      []
    )
  })

  it("has a row for everything that a reason says more closely", () => {
    const words = [
      ...MiroError.CallbackRejected.fields.problem.literals,
      ...MiroError.TokenStorageFailure.fields.problem.literals,
      ...MiroError.Timeout.fields.phase.literals
    ]
    assert.deepStrictEqual(
      words.filter((word) => !named.includes(word)),
      []
    )
  })

  it("has a row for every error that the package exports", async () => {
    const modules: ReadonlyArray<object> = await Promise.all(
      publicFiles("src", ".ts").map((file) => import(resolve(file)))
    )
    const errors = modules.flatMap((module) =>
      Object.entries(module).flatMap(([name, value]) =>
        typeof value === "function" && value.prototype instanceof Error && name !== "MiroError" ? [name] : []
      )
    )
    assert.includeMembers(errors, ["NotFound", "InvalidEncryptionKeys", "CheckFailed"])
    assert.deepStrictEqual(
      errors.filter((name) => !named.includes(name)),
      []
    )
  })
})
