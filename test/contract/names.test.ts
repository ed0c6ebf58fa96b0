import { assert, describe, it } from "@effect/vitest"
import { operations } from "../../scripts/operations.ts"

const verbs =
  /^(add|attach|cancel|copy|create|delete|detach|download|get|invite|list|move|remove|replace|reset|set|share|ungroup|unshare|update)(?=[A-Z]|$)/

describe("the name of an operation", () => {
  it("is that of its module, and a verb with or without what it is done to", () => {
    assert.deepStrictEqual(
      operations.filter(({ name }) => !verbs.test(name.split(".")[1] ?? "")).map(({ name }) => name),
      []
    )
  })

  it("says whether a list comes", () => {
    const isList = (name: string) => /\.list(?=[A-Z]|$)/.test(name)
    assert.deepStrictEqual(
      operations.filter(({ name, pagination }) => pagination !== undefined && !isList(name)).map(({ name }) => name),
      []
    )
  })
})
