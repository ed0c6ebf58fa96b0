import { assert, it } from "@effect/vitest"
import type * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import { vi } from "vitest"
import { operations } from "../../../scripts/operations.ts"
import * as Compile from "../../../src/client/operation/compile.ts"

// What is given to Effect's parser, which takes several times as long.
const parsed = vi.hoisted(() => new Array<SchemaAST.AST>())

vi.mock("effect/Schema", async (importOriginal) => {
  const original = await importOriginal<typeof Schema>()
  const decodeUnknownResult: typeof Schema.decodeUnknownResult = (schema, options) => {
    parsed.push(schema.ast)
    return original.decodeUnknownResult(schema, options)
  }
  return { ...original, decodeUnknownResult }
})

const interpreted = (success: SchemaAST.AST): ReadonlyArray<string> => {
  parsed.length = 0
  Compile.make(success)({})
  return parsed.map((ast) => {
    const names = "propertySignatures" in ast ? ast.propertySignatures.map(({ name }) => name) : []
    return names.includes("originalType") ? "an item of an unknown type" : ast._tag
  })
}

it("the responses of all operations are decoded without Effect's parser, but for these parts of a few", () => {
  const found = operations.flatMap(({ name, success }) => {
    const left = success === undefined ? [] : interpreted(success.ast)
    return left.length === 0 ? [] : [[name, ...left]]
  })
  const unknownItem = "an item of an unknown type"
  assert.isAbove(operations.length, 150)
  assert.deepStrictEqual(found, [
    // Work that is accepted for later.
    ["Boards.update", "Undefined"],
    ["Items.list", unknownItem],
    ["Items.listInFrame", unknownItem],
    ["Items.listWithTag", unknownItem],
    // Each item is one, or a list of one.
    ["Items.listInGroup", "Arrays"],
    ["Items.createBulk", unknownItem],
    ["Items.createBulkFromFiles", unknownItem],
    ["Items.get", unknownItem],
    ["Items.move", unknownItem],
    // A record of any keys.
    ["AiInteractionLogs.list", "Objects"],
    ["ContentLogs.list", "Objects"],
    // A page or a plain array, and times that may be an empty text.
    ["OrganizationMembers.list", "Objects"],
    ["OrganizationMembers.get", "Declaration"],
    ["ExperimentalItems.list", unknownItem],
    ["ExperimentalItems.get", unknownItem]
  ])
})
