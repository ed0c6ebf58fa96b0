import { assert, beforeAll, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { globSync, readFileSync } from "node:fs"

const run = (command: string, ...args: ReadonlyArray<string>) => execFileSync(command, args, { encoding: "utf8" })

/** Runs a program that imports the package as it is published. */
const program = (code: string) => run(process.execPath, "--input-type=module", "--eval", code)

describe("the package as it is published", () => {
  beforeAll(() => {
    run("npm", "run", "build")
  }, 60_000)

  it("has its modules at their paths, and nothing internal", () => {
    assert.strictEqual(
      program(`
        import { Boards, MiroClient } from "effect-miro"
        import * as StickyNotes from "effect-miro/boards/StickyNotes"
        import { MiroSandbox } from "effect-miro/sandbox"
        console.log([Boards.create.id, StickyNotes.create.id, typeof MiroClient.layer, typeof MiroSandbox.layer].join())
      `).trim(),
      "create-board,create-sticky-note-item,function,object"
    )
    for (const path of ["internal/json", "sandbox/internal/store", "index"]) {
      const imported = program(`import("effect-miro/${path}").catch((error) => console.log(error.code))`)
      assert.strictEqual(imported.trim(), "ERR_PACKAGE_PATH_NOT_EXPORTED")
    }
  })

  it("imports nothing but effect", () => {
    const imports = globSync("dist/**/*.js").flatMap((file) =>
      Array.from(
        readFileSync(file, "utf8").matchAll(/^(?:import|export) .* from "([^".][^"]*)"/gm),
        ([, module]) => module
      )
    )
    assert.isAbove(imports.length, 100)
    assert.deepStrictEqual(
      imports.filter((module) => !module?.startsWith("effect/")),
      []
    )
  })

  it("lets a bundler leave out what a program does not use: top-level calls are marked pure", () => {
    const files = globSync("dist/{boards,models,auth,client}/*.js")
    assert.isAbove(files.length, 20)
    for (const file of files) {
      const calls = readFileSync(file, "utf8").match(/^(?:export )?const \w+ = [\w.]+\(.*| extends [\w.]+\(.*/gm) ?? []
      assert.deepStrictEqual(calls, [], file)
    }
  })

  it("ships its sources and types, and no tests", () => {
    const [{ files }] = JSON.parse(run("npm", "pack", "--dry-run", "--json", "--ignore-scripts")) as [
      { readonly files: ReadonlyArray<{ readonly path: string }> }
    ]
    const paths = files.map(({ path }) => path)
    for (const path of ["dist/index.js", "dist/index.d.ts", "src/index.ts", "README.md", "LICENSE", "CHANGELOG.md"]) {
      assert.include(paths, path)
    }
    assert.deepStrictEqual(
      paths.filter((path) => /^(?:test|examples|node_modules)\//.test(path)),
      []
    )
  })
})
