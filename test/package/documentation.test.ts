import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { exportedFrom, problemsOfDeclarations } from "../../scripts/documentation/declarations.ts"
import { modulesOf, namesOfOperations, problemsOfOperations } from "../../scripts/documentation/operations.ts"
import { operations } from "../../scripts/operations.ts"

const modules = modulesOf(readFileSync("src/index.ts", "utf8"))

/** A text of the package with one place in it changed. */
const change = (file: string, find: string, replacement: string) => {
  const text = readFileSync(file, "utf8")
  assert.include(text, find)
  return text.replace(find, replacement)
}

const boards = (find: string, replacement: string) =>
  problemsOfOperations("src/boards/Boards.ts", change("src/boards/Boards.ts", find, replacement), modules)

describe("the check of the documentation", () => {
  it("looks at every operation", () => {
    const files = [...new Set(operations.map(({ file }) => file))]
    const found = files.flatMap((file) => namesOfOperations(file, readFileSync(file, "utf8")))
    assert.deepStrictEqual(found.toSorted(), operations.map(({ name }) => name).toSorted())
  })

  it("reports a docstring with another scope than the operation needs", () => {
    assert.deepStrictEqual(boards("Scope `boards:read`, level 1.", "Scope `boards:write`, level 1."), [
      'src/boards/Boards.ts: list says "Scope `boards:write`, level 1.", and needs "Scope `boards:read`, level 1."'
    ])
    assert.lengthOf(boards('scope: "boards:read"', 'scope: ["boards:read", "boards:write"]'), 1)
  })

  it("reports a docstring with another rate limit level than the operation has", () => {
    assert.lengthOf(boards("level 1.", "level 2."), 1)
    assert.lengthOf(boards("level: 1", "level: 2"), 1)
    assert.lengthOf(boards("level 1.", "level 1 for each board."), 1)
  })

  it("reports a docstring without scope and level, and one that has them twice", () => {
    assert.lengthOf(boards(" * Scope `boards:read`, level 1.\n", ""), 1)
    assert.lengthOf(boards("level 1.\n", "level 1. Scope `boards:read`, level 1.\n"), 1)
  })

  it("reports an operation with another name than it is called by", () => {
    assert.deepStrictEqual(boards('name: "Boards.list"', 'name: "Boards.all"'), [
      "src/boards/Boards.ts: list is named Boards.all, and called Boards.list"
    ])
    assert.lengthOf(boards('name: "Boards.delete"', 'name: "Boards.remove"'), 1)
  })

  it("reports a link to another page of Miro's reference", () => {
    assert.deepStrictEqual(boards("reference/get-boards", "reference/get-board"), [
      "src/boards/Boards.ts: list has no @see https://developers.miro.com/reference/get-boards"
    ])
  })

  it("reports a module with operations that src/index.ts does not export", () => {
    const index = change("src/index.ts", 'export * as Boards from "./boards/Boards.ts"\n', "")
    const text = readFileSync("src/boards/Boards.ts", "utf8")
    assert.deepStrictEqual(problemsOfOperations("src/boards/Boards.ts", text, modulesOf(index)), [
      "src/boards/Boards.ts: src/index.ts does not export this module, which has operations"
    ])
  })

  it("reports an export without a docstring", () => {
    const found = (text: string) => problemsOfDeclarations("dist/a.d.ts", text)
    const missing = ["dist/a.d.ts: a has no docstring"]
    assert.deepStrictEqual(found("/** One. */ export declare const a: 1"), [])
    assert.deepStrictEqual(found("export declare const a: 1"), missing)
    assert.deepStrictEqual(found("/** @category models */ export declare const a: 1"), missing)
    assert.deepStrictEqual(found("declare const b: 1; export { b as a }"), missing)
    assert.deepStrictEqual(found("/** One. */ declare const b: 1; export { b as a }"), [])
    // Editors with TypeScript 7 show nothing of this.
    assert.deepStrictEqual(found("declare const b: 1; export { /** One. */ b as a }"), missing)
    assert.deepStrictEqual(found("/** One. */ export declare const a: 1; export type a = 1"), [])
    assert.deepStrictEqual(found('export * as a from "./b"'), missing)
  })

  it("reports a field without a comment, however deep", () => {
    assert.deepStrictEqual(
      problemsOfDeclarations("dist/a.d.ts", "/** One. */ export interface A { /** B. */ b: { c: 1; /** D. */ d: 1 } }"),
      ["dist/a.d.ts: the field A.b.c has no comment"]
    )
  })

  it("looks at what a module exports of one that nobody can import, and at nothing else there", () => {
    assert.deepStrictEqual(exportedFrom("dist/a/b.d.ts", 'export { type C, d as e } from "./internal/c.js"'), [
      ["dist/a/internal/c.d.ts", "C"],
      ["dist/a/internal/c.d.ts", "d"]
    ])
    const text = "/** One. */ export interface C { d: 1 } export interface E { f: 1 } export declare const g: 1"
    assert.deepStrictEqual(
      problemsOfDeclarations("dist/c.d.ts", text, (name) => name === "C"),
      ["dist/c.d.ts: the field C.d has no comment"]
    )
  })
})
