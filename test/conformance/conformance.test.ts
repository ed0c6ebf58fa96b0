import { assert, beforeAll, describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFile } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { compare, type Shapes, shapesOf } from "../../scripts/conformance/compare.ts"
import { read } from "../../scripts/conformance/document.ts"
import { explanations } from "../../scripts/conformance/explain.ts"
import { report } from "../../scripts/conformance/report.ts"
import type { Field, Shape } from "../../scripts/conformance/shape.ts"
import { operations } from "../../scripts/operations.ts"
import { isMissing, path as document } from "../support/document.ts"

interface Run {
  readonly passed: boolean
  readonly output: string
}

const check = (folder: string, source: string) =>
  Effect.callback<Run>((resume) => {
    const child = execFile(
      process.execPath,
      ["--conditions=effect-miro-source", "scripts/conformance.ts", source],
      { cwd: folder },
      (error, stdout, stderr) => resume(Effect.succeed({ passed: error === null, output: stdout + stderr }))
    )
    return Effect.sync(() => child.kill())
  })

/** Changes a file until the scope closes. */
const change = (file: string, from: string | RegExp, to: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const before = readFileSync(file, "utf8")
      const after = before.replace(from, to)
      assert.notStrictEqual(after, before, `nothing to change in ${file}`)
      writeFileSync(file, after)
      return before
    }),
    (before) => Effect.sync(() => writeFileSync(file, before))
  )

interface Sabotage {
  readonly what: string
  readonly file: string
  readonly from: string | RegExp
  readonly to: string
  readonly found: ReadonlyArray<string>
}

const sabotages: ReadonlyArray<Sabotage> = [
  {
    what: "an operation is dropped",
    file: "src/boards/Boards.ts",
    from: /export const copy = /,
    to: "const copy = ",
    found: ["not declared: copy-board, PUT /v2/boards (Boards)"]
  },
  {
    what: "a module is not exported",
    file: "src/index.ts",
    from: `export * as Tags from "./boards/Tags.ts"`,
    to: "",
    found: ["not declared: get-tag, GET /v2/boards/{boardId}/tags/{tagId} (tags)"]
  },
  {
    what: "a field of a model is renamed",
    file: "src/models/Position.ts",
    from: /  x: Schema\.optionalKey\(Schema\.Finite\),\n/,
    to: "  xx: Schema.optionalKey(Schema.Finite),\n",
    found: ["response.position.x: the document says a number", "response.position.xx: the document says not there"]
  },
  {
    what: "a field of a body is removed",
    file: "src/models/StickyNote.ts",
    from: /      content: Schema\.optional\(Schema\.String\),\n/,
    to: "",
    found: [
      "src/boards/StickyNotes.ts: StickyNotes.create",
      "body.data.content: the document says a string, we say not declared"
    ]
  },
  {
    what: "a field of a response is removed",
    file: "src/models/Position.ts",
    from: /  x: Schema\.optionalKey\(Schema\.Finite\),\n/,
    to: "",
    found: ["src/boards/Items.ts: Items.get", "response.position.x: the document says a number"]
  },
  {
    what: "a field is added that Miro does not know",
    file: "src/models/StickyNote.ts",
    from: /      content: Schema\.optional\(Schema\.String\),\n/,
    to: "      content: Schema.optional(Schema.String),\n      text: Schema.optional(Schema.String),\n",
    found: ["body.data.text: the document says not there, we say a string"]
  },
  {
    what: "a path parameter is renamed",
    file: "src/boards/StickyNotes.ts",
    from: "sticky_notes/{itemId}",
    to: "sticky_notes/{noteId}",
    found: ["path: the document says /v2/boards/{boardId}/sticky_notes/{itemId}"]
  },
  {
    what: "a query parameter is renamed",
    file: "src/boards/Boards.ts",
    from: `copyFrom: "copy_from"`,
    to: `copyFrom: "copyFrom"`,
    found: ["query.copy_from: the document says a string, we say not declared"]
  },
  {
    what: "something required becomes optional",
    file: "src/boards/Boards.ts",
    from: "copyFrom: Id",
    to: "copyFrom: Schema.optional(Id)",
    found: ["query.copy_from: the document says required, we say optional"]
  },
  {
    what: "a field of a response becomes required that Miro does not promise",
    file: "src/models/Parent.ts",
    from: /id: Schema\.optionalKey\(Schema\.String\)/,
    to: "id: Schema.String",
    found: ["response.parent.id: the document says optional, we say required"]
  },
  {
    what: "a type changes",
    file: "src/models/Geometry.ts",
    from: /width: Schema\.optional\(Schema\.Finite\)/g,
    to: "width: Schema.optional(Schema.String)",
    found: ["body.geometry.width: the document says a number of format double, we say a string"]
  },
  {
    what: "a value of an enumeration is misspelt",
    file: "src/models/StickyNote.ts",
    from: `"light_yellow",`,
    to: `"lightyellow",`,
    found: ["the document says the values light_yellow", "we say the values lightyellow"]
  },
  {
    what: "the method, the level, the scope and the status are wrong",
    file: "src/boards/StickyNotes.ts",
    from: `method: "POST",\n  path: "/v2/boards/{boardId}/sticky_notes",\n  scope: "boards:write",\n  level: 2,\n  status: 201`,
    to: `method: "PUT",\n  path: "/v2/boards/{boardId}/sticky_notes",\n  scope: "boards:read",\n  level: 3`,
    found: [
      "method: the document says POST, we say PUT",
      "scope: the document says boards:write, we say boards:read",
      "level: the document says 2, we say 3",
      "status: the document says 201, we say not declared"
    ]
  },
  {
    what: "pages are asked for that are too large",
    file: "src/enterprise/Teams.ts",
    from: "maximum: 100",
    to: "maximum: 1000",
    found: ["page size: the document says 100, we say 1000"]
  },
  {
    what: "a success is expected under a status that Miro does not have",
    file: "src/enterprise/Teams.ts",
    from: "status: 201",
    to: "status: 299",
    found: ["status: the document says not known, we say 299"]
  },
  {
    what: "an id is sent as a number that loses digits",
    file: "src/enterprise/DataClassification.ts",
    from: "defaultLabelId: Schema.optional(Int64)",
    to: "defaultLabelId: Schema.optional(Schema.Finite)",
    found: ["body.defaultLabelId: the document says an integer of 64 bits, we say a number"]
  },
  {
    what: "a limit is not checked",
    file: "src/boards/BoardMembers.ts",
    from: ".check(Limits.elements(1, 20))",
    to: "",
    found: ["body.emails: the document says minItems 1, maxItems 20, we say no limit"]
  },
  {
    what: "a limit is checked that Miro does not have",
    file: "src/experimental/CodeWidgets.ts",
    from: "Limits.characters(0, 6000)",
    to: "Limits.characters(0, 600)",
    found: ["body.data.code: the document says maxLength 6000, we say maxLength 600"]
  },
  {
    what: "a response is checked for a limit",
    file: "src/models/Shape.ts",
    from: "...Struct.map(style, Schema.optionalKey)",
    to: "...Struct.map(styleInput, Schema.optionalKey)",
    found: ["response.style.fontSize: the document says no limit, we say minimum 10, maximum 288"]
  },
  {
    what: "a list is paged in another way",
    file: "src/enterprise/Teams.ts",
    from: "Pagination.cursor({",
    to: "Pagination.offset({",
    found: ["paging: the document says cursor, we say offset"]
  },
  {
    what: "an operation is declared that Miro does not have",
    file: "src/boards/Boards.ts",
    from: `id: "get-specific-board"`,
    to: `id: "get-board"`,
    found: ["src/boards/Boards.ts: Boards.get: there is no get-board", "not declared: get-specific-board"]
  },
  {
    what: "a deviation is not needed",
    file: "scripts/deviations.ts",
    from: "ReadonlyArray<Deviation> = [",
    to: `ReadonlyArray<Deviation> = [\n  { at: "body.colour", reason: "We like it" },`,
    found: ["not needed any more: body.colour: We like it"]
  },
  {
    what: "a deviation is missing",
    file: "scripts/deviations.ts",
    from: /"revoke-token":\n.*\n/,
    to: "",
    found: ["not declared: revoke-token, POST /v1/oauth/revoke (tokens)"]
  }
]

/**
 * The same shape with one field less, for each field that both sides have, and
 * with one that is optional for each that both require, or the other way round.
 */
const losses = (theirs: Shape | undefined, ours: Shape | undefined): ReadonlyArray<readonly [string, Shape]> => {
  if (theirs === undefined || ours === undefined) return []
  const inside = losses(theirs.array, ours.array).map(([place, array]) => [`[]${place}`, { ...ours, array }] as const)
  const fields = Array.from(ours.object?.fields ?? []).flatMap(([name, field]) => {
    const documented = theirs.object?.fields.get(name)
    if (documented === undefined) return []
    const changed = (change: Field | undefined) => {
      const others = Array.from(ours.object?.fields ?? []).filter(([other]) => other !== name)
      return { ...ours, object: { fields: new Map(change === undefined ? others : [...others, [name, change]]) } }
    }
    return [
      [`.${name}`, changed(undefined)] as const,
      ...(field.required === documented.required
        ? [
            [
              `.${name} as ${field.required ? "optional" : "required"}`,
              changed({ ...field, required: !field.required })
            ] as const
          ]
        : []),
      ...losses(documented.shape, field.shape).map(
        ([place, shape]) => [`.${name}${place}`, changed({ ...field, shape })] as const
      )
    ]
  })
  return [...inside, ...fields]
}

describe.skipIf(isMissing)("the check of conformance", () => {
  let folder = ""

  // A copy of what the check reads, to be changed. One for all, since Node compiles anew what is in another folder.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "effect-miro-"))
    for (const name of ["src", "scripts", "package.json"]) cpSync(name, join(folder, name), { recursive: true })
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"))
    return () => rmSync(folder, { recursive: true })
  })

  it.live("finds nothing unexplained between Miro's document and the declarations", () =>
    Effect.gen(function* () {
      const { output, passed } = yield* check(".", document)
      assert.isTrue(passed, output)
      assert.match(output, /, 0 problems\.$/m)
    })
  )

  // A deviation that matches more than it was meant for would hide what Miro changes: each difference is looked at once.
  it("explains those differences that were looked at, and no others", async () => {
    const { explained } = report(read(JSON.parse(readFileSync(document, "utf8"))))
    const places = explained.map((block) => {
      const [headline = "", ...lines] = block.split("\n")
      return [headline, ...lines.flatMap((line) => /^ {2}(\S+): the document says/.exec(line)?.[1] ?? [])].join("\n  ")
    })
    await expect(`${places.join("\n")}\n`).toMatchFileSnapshot("explained.txt")
  })

  it.live.each(sabotages)("notices that $what", ({ file, found, from, to }) =>
    Effect.gen(function* () {
      yield* change(join(folder, file), from, to)
      const { output, passed } = yield* check(folder, document)
      assert.isFalse(passed)
      for (const words of found) assert.include(output, words)
    }).pipe(Effect.scoped)
  )

  it("notices the loss of any field that Miro documents, and of anything required", () => {
    const documented = read(JSON.parse(readFileSync(document, "utf8")))
    let changes = 0
    const unnoticed: Array<string> = []
    for (const operation of operations) {
      const description = documented.find(({ id }) => id === operation.id)
      if (description === undefined) return assert.fail(operation.id)
      const shapes = shapesOf(operation)
      const isNoticed = (changed: Partial<Shapes>) =>
        compare(description, operation, { ...shapes, ...changed }).some(
          (difference) => explanations(difference).length === 0
        )
      const success = description.successes.find(({ status }) => status === operation.status)
      const sides = [
        ["query", { object: description.query }, { object: shapes.query }],
        ["body", description.body?.shape, shapes.body],
        ["response", success?.shape, shapes.response]
      ] as const
      for (const [side, theirs, ours] of sides) {
        for (const [place, shape] of losses(theirs, ours)) {
          changes++
          const changed = side === "query" ? { query: shape.object ?? { fields: new Map() } } : { [side]: shape }
          if (!isNoticed(changed)) unnoticed.push(`${operation.name} ${side}${place}`)
        }
      }
    }
    assert.isAbove(changes, 3000)
    assert.deepStrictEqual(unnoticed, [])
  })

  it.live("shows what Miro adds to its document", () =>
    Effect.gen(function* () {
      const changed = join(folder, "document.json")
      const json = JSON.parse(readFileSync(document, "utf8"))
      json.paths["/v2/boards/{board_id}/diagrams"] = { get: { operationId: "get-diagrams", tags: ["Diagrams"] } }
      json.components.schemas.StickyNoteData.properties.mood = { type: "string" }
      writeFileSync(changed, JSON.stringify(json))
      const { output, passed } = yield* check(folder, changed)
      assert.isFalse(passed)
      assert.include(output, "not declared: get-diagrams, GET /v2/boards/{boardId}/diagrams (Diagrams)")
      assert.include(output, "body.data.mood: the document says a string, we say not declared")
    })
  )
})
