import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join, resolve } from "node:path"
import { afterAll, beforeAll } from "vitest"
import { modulesOf, problemsOfOperations } from "../../scripts/documentation/operations.ts"
import { isMissing, path as document } from "../support/document.ts"

/** What Miro's document has of an operation that there is not. */
const documented = {
  operationId: "create-stamp",
  description: "<h3>Required scope</h3> <a>boards:write</a> <h3>Rate limiting</h3> <a>Level 2</a>",
  parameters: [{ in: "path", name: "board_id", required: true, schema: { type: "string" } }],
  requestBody: {
    required: true,
    content: { "application/json": { schema: { type: "object", properties: { name: { type: "string" } } } } }
  },
  responses: {
    201: {
      description: "Created",
      content: {
        "application/json": {
          schema: {
            type: "object",
            required: ["id"],
            properties: { id: { type: "string" }, name: { type: "string" } }
          }
        }
      }
    }
  }
}

const declaration = `
const Stamp = Schema.Struct({
  /** The id of the stamp. */
  id: Schema.String,
  /** The name of the stamp. */
  name: Schema.optionalKey(Schema.String)
})

/**
 * Puts a stamp on a board.
 *
 * Scope \`boards:write\`, level 2.
 *
 * @category operations
 * @see https://developers.miro.com/reference/create-stamp
 */
export const createStamp = Operation.make({
  id: "create-stamp",
  name: "Boards.createStamp",
  method: "POST",
  path: "/v2/boards/{boardId}/stamps",
  scope: "boards:write",
  level: 2,
  status: 201,
  body: Schema.Struct({
    /** The name of the stamp. */
    name: Schema.optional(Schema.String)
  }),
  success: Stamp
})
`

describe.skipIf(isMissing)("an operation that Miro adds, declared as CONTRIBUTING says", () => {
  let folder = ""
  const file = () => join(folder, "src/boards/Boards.ts")
  const changed = () => join(folder, "document.json")

  const run = (...args: ReadonlyArray<string>) =>
    spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, MIRO_OPENAPI_DOCUMENT: changed(), NO_COLOR: "1" }
    })
  const conformance = () => run("--conditions=effect-miro-source", "scripts/conformance.ts", changed())

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "effect-miro-contributing-"))
    for (const name of ["src", "scripts", "test", "package.json", "vitest.config.ts"]) {
      // Not what other tests write beside themselves, which goes as it came.
      cpSync(name, join(folder, name), { recursive: true, filter: (path) => !basename(path).startsWith(".") })
    }
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"))
    const json = JSON.parse(readFileSync(document, "utf8"))
    json.paths["/v2/boards/{board_id}/stamps"] = { post: documented }
    writeFileSync(changed(), JSON.stringify(json))
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  it("is missing at first, and takes one file", () => {
    const before = conformance()
    assert.include(before.stdout, "not declared: create-stamp, POST /v2/boards/{boardId}/stamps")
    assert.strictEqual(before.status, 1)
    appendFileSync(file(), declaration)
    const after = conformance()
    assert.match(after.stdout, /^\d+ operations in the document: .*, 0 problems\.\n$/)
    assert.strictEqual(after.status, 0)
  })

  it("is documented", () => {
    const index = readFileSync(join(folder, "src/index.ts"), "utf8")
    const problems = problemsOfOperations("src/boards/Boards.ts", readFileSync(file(), "utf8"), modulesOf(index))
    assert.deepStrictEqual(problems, [])
  })

  it("is tested by a test that is there", { timeout: 120_000 }, () => {
    const { status, stdout } = run(
      "node_modules/vitest/vitest.mjs",
      "run",
      "test/contract/operations.test.ts",
      "test/contract/names.test.ts",
      "--testNamePattern=createStamp|no other|name of an operation"
    )
    assert.match(stdout, /Tests +5 passed/)
    assert.strictEqual(status, 0)
  })
})
