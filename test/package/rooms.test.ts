import { execFileSync } from "node:child_process"
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, cpSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, posix } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type ESTree, parseSync, Visitor } from "rolldown/utils"

/** The files of ours that a text imports, in whatever form. */
const importsIn = (file: string, text: string): ReadonlyArray<string> => {
  const names: Array<string> = []
  const add = ({ source }: { readonly source: ESTree.Expression | null }) => {
    if (source?.type === "Literal" && typeof source.value === "string") names.push(source.value)
  }
  new Visitor({
    ImportDeclaration: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    TSImportType: add,
    ImportExpression: add
  }).visit(parseSync(file, text).program)
  return names.filter((name) => name.startsWith(".")).map((name) => posix.join(posix.dirname(file), name))
}

const importsOf = (file: string): ReadonlyArray<string> => importsIn(file, readFileSync(file, "utf8"))

// From the ground up: a file imports what is in its own room or on a floor below.
const floors = [
  ["models"],
  ["MiroError.ts", "CurrentUser.ts", "Timeouts.ts", "Telemetry.ts"],
  ["http"],
  ["auth"],
  ["client"],
  ["boards", "enterprise", "scim", "experimental"],
  ["index.ts"],
  ["sandbox"],
  ["command"],
  ["undici"]
]

/** What no room below may need, and that needs none. */
const alone = "undici"

const roomOf = (file: string): string => file.split("/")[1] ?? ""

const floorOf = (file: string): number => floors.findIndex((rooms) => rooms.includes(roomOf(file)))

const isRoot = (file: string): boolean => floorOf(file) === 1

const mayImport = (file: string, target: string): boolean =>
  roomOf(target) === roomOf(file) ||
  (isRoot(target) && isRoot(file)) ||
  (floorOf(target) < floorOf(file) && roomOf(file) !== alone)

const files = globSync("src/**/*.ts").toSorted()

const graph = new Map(files.map((file) => [file, importsOf(file)]))

/** A way from a file back to itself. */
const circle = (file: string, way: ReadonlyArray<string>, done: Set<string>): ReadonlyArray<string> | undefined => {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
  if (done.has(file)) return undefined
  for (const next of graph.get(file) ?? []) {
    const found = circle(next, [...way, file], done)
    if (found !== undefined) return found
  }
  done.add(file)
  return undefined
}

describe("the rooms of src", () => {
  it("are compared by every form of import", () => {
    const forms = [
      'import * as A from "./a.ts"',
      'import type { B } from "./b.ts"',
      'import "./c.ts"',
      'export * as D from "./d.ts"',
      'export { E } from "./e.ts"',
      'export type F = typeof import("./f.ts")',
      'export const g = (): import("./g.ts").G => import("./h.ts")'
    ]
    assert.deepStrictEqual(
      importsIn("src/http/z.ts", forms.join("\n")),
      [..."abcdefgh"].map((name) => `src/http/${name}.ts`)
    )
  })

  it("import downwards only, types included", () => {
    const upward = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => !mayImport(file, target))
        .map((target) => `${file} imports ${target}`)
    )
    assert.deepStrictEqual(upward, [])
    assert.deepStrictEqual(
      files.filter((file) => floorOf(file) === -1),
      []
    )
  })

  it("have no circle, types included", () => {
    const done = new Set<string>()
    assert.deepStrictEqual(
      files.map((file) => circle(file, [], done)).filter((found) => found !== undefined),
      []
    )
  })
})

describe("lint", () => {
  const planted = [
    ["src/MiroError.ts", "./http/json.ts"],
    ["src/models/Open.ts", "../http/json.ts"],
    ["src/http/json.ts", "../auth/TokenRecord.ts"],
    ["src/http/json.ts", "../client/Retry.ts"],
    ["src/auth/TokenRecord.ts", "../client/Retry.ts"],
    ["src/auth/oauth/pages.ts", "../../client/Retry.ts"],
    ["src/client/operation/encode.ts", "../../boards/Boards.ts"],
    ["src/client/Retry.ts", "../sandbox/MiroTest.ts"],
    ["src/boards/Boards.ts", "../enterprise/Teams.ts"],
    ["src/enterprise/Teams.ts", "../sandbox/MiroTest.ts"],
    ["src/scim/Users.ts", "../boards/Boards.ts"],
    ["src/experimental/Items.ts", "../boards/Items.ts"]
  ] as const

  it("refuses an import that goes up", () => {
    const copy = mkdtempSync(join(tmpdir(), "rooms-"))
    try {
      for (const file of [".oxlintrc.json", "package.json"]) cpSync(file, join(copy, file))

      for (const [index, [file, target]] of planted.entries()) {
        const path = join(copy, dirname(file), `planted${index}.ts`)
        mkdirSync(dirname(path), { recursive: true })
        // Under a name of its own, but for a root module, which the configuration names.
        const at = dirname(file) === "src" ? join(copy, file) : path
        writeFileSync(at, `import type * as Above from "${target}"\n\nexport type Planted = typeof Above\n`)
      }
      const reported = (() => {
        try {
          return execFileSync(
            process.execPath,
            [join(process.cwd(), "node_modules", "oxlint", "bin", "oxlint"), "-f", "unix", "src"],
            {
              cwd: copy,
              encoding: "utf8"
            }
          )
        } catch (error) {
          return String((error as { readonly stdout: unknown }).stdout)
        }
      })()
      const missed = planted.filter(([file], index) => {
        const name = dirname(file) === "src" ? file : posix.join(dirname(file), `planted${index}.ts`)
        return !reported.split("\n").some((line) => line.startsWith(name) && line.includes("no-restricted-imports"))
      })
      assert.deepStrictEqual(missed, [])
    } finally {
      rmSync(copy, { recursive: true })
    }
  })
})
