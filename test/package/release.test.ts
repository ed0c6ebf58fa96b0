import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

const section = "## Unreleased\n\n- Boards can be folded.\n\n"

/** A repository as this one is, with what is unreleased in its CHANGELOG. */
const repository = (unreleased: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const folder = mkdtempSync(join(tmpdir(), "effect-miro-release-"))
      mkdirSync(join(folder, "scripts"))
      for (const file of ["package.json", "package-lock.json", "scripts/changelog.ts"]) cpSync(file, join(folder, file))
      symlinkSync(resolve("node_modules"), join(folder, "node_modules"))
      writeFileSync(join(folder, ".gitignore"), "node_modules\n")
      writeFileSync(
        join(folder, "CHANGELOG.md"),
        readFileSync("CHANGELOG.md", "utf8").replace(/(?:## Unreleased[^]*?)?(?=## \d)/, unreleased)
      )
      const git = (...args: ReadonlyArray<string>) => execFileSync("git", args, { cwd: folder, encoding: "utf8" })
      git("init", "--quiet", "--initial-branch=main")
      git("config", "user.name", "Somebody")
      git("config", "user.email", "somebody@example.com")
      git("add", ".")
      git("commit", "--quiet", "--message", "Begin")
      const run = (command: string, ...args: ReadonlyArray<string>) =>
        spawnSync(command, args, { cwd: folder, encoding: "utf8" })
      return { folder, git, run }
    }),
    ({ folder }) => Effect.sync(() => rmSync(folder, { recursive: true }))
  )

const version = ["version", "9.1.0", "--message", "Release %s"] as const

describe("a release", () => {
  it.live("has one version in the package, the lock file, CHANGELOG, the commit and the tag", () =>
    Effect.gen(function* () {
      const { folder, git, run } = yield* repository(section)
      const { status, stderr } = run("npm", ...version)
      assert.strictEqual(status, 0, stderr)
      const read = (file: string) => readFileSync(join(folder, file), "utf8")
      assert.include(read("CHANGELOG.md"), "# Changelog\n\n## 9.1.0\n\n- Boards can be folded.\n\n## ")
      assert.strictEqual(JSON.parse(read("package.json")).version, "9.1.0")
      const lock = readFileSync("package-lock.json", "utf8").split("\n")
      const differing = read("package-lock.json")
        .split("\n")
        .filter((line, index) => line !== lock[index])
      assert.deepStrictEqual(differing, ['  "version": "9.1.0",', '      "version": "9.1.0",'])
      assert.strictEqual(git("log", "-1", "--format=%s"), "Release 9.1.0\n")
      assert.strictEqual(git("tag", "--points-at", "HEAD"), "v9.1.0\n")
      assert.strictEqual(git("status", "--porcelain"), "")

      const notes = run(process.execPath, "scripts/changelog.ts", "notes", "v9.1.0")
      assert.strictEqual(notes.stdout, "- Boards can be folded.\n")
      assert.strictEqual(run(process.execPath, "scripts/changelog.ts", "notes", "v9.2.0").status, 1)
    })
  )

  it.live.each(["", "## Unreleased\n\n"])("is not made while CHANGELOG has nothing for it: %j", (unreleased) =>
    Effect.gen(function* () {
      const { git, run } = yield* repository(unreleased)
      const { status, stderr } = run("npm", ...version)
      assert.strictEqual(status, 1)
      assert.include(stderr, 'CHANGELOG.md has to begin with "## Unreleased"')
      assert.strictEqual(git("status", "--porcelain"), "")
      assert.strictEqual(git("tag"), "")
    })
  )
})
