import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { afterAll, beforeAll } from "vitest"
import { sabotages } from "./sabotage/sabotages.ts"

let folder = ""

// Tests import the package by its name: that of the nearest package.json.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "effect-miro-sabotage-"))
  for (const name of ["src", "test", "examples", "scripts", "package.json", "tsconfig.json", "vitest.config.ts"]) {
    cpSync(name, join(folder, name), { recursive: true })
  }
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"))
})

afterAll(() => rmSync(folder, { recursive: true }))

const run = (tests: ReadonlyArray<string>) =>
  spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--bail", "1", ...tests], {
    cwd: folder,
    encoding: "utf8",
    timeout: 300_000
  })

describe("a fault in the source", () => {
  it("is the only reason for the tests to fail", { timeout: 400_000 }, () => {
    const { status, stdout } = run([...new Set(sabotages.flatMap(({ tests }) => tests))])
    assert.strictEqual(status, 0, stdout)
  })

  for (const { file, find, name, replace, tests } of sabotages) {
    it(`is noticed: ${name}`, { timeout: 400_000 }, () => {
      const path = join(folder, file)
      const source = readFileSync(path, "utf8")
      assert.include(source, find)
      writeFileSync(
        path,
        source.replace(find, () => replace)
      )
      const { status, stdout } = run(tests)
      writeFileSync(path, source)
      assert.notStrictEqual(status, 0)
      // A test failed, and not the source to load.
      assert.match(stdout, /Tests .*\d+ failed/)
    })
  }
})
