import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { inspect } from "node:util"
import { Boards, Items, MiroClient, type MiroError, StickyNotes } from "effect-miro"
import * as http from "../../support/http.ts"

const file = fileURLToPath(import.meta.url)
const lines = readFileSync(file, "utf8").split("\n")

/** The line of this file that ends in such a comment. */
const lineOf = (mark: string): string => `site.test.ts:${lines.findIndex((line) => line.endsWith(`// ${mark}`)) + 1}:`

const helper = (boardId: string) => Boards.get({ boardId }) // in a helper

const failing: ReadonlyArray<
  readonly [mark: string, call: () => Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>]
> = [
  // oxfmt-ignore
  ["a call", () => Effect.gen(function* () {
    yield* Effect.void
    return yield* Boards.get({ boardId: "b" }) // a call
  })],
  ["a call after others", () => Effect.flatMap(Effect.sleep(0), () => StickyNotes.create({ boardId: "b" }))], // a call after others
  ["in a helper", () => helper("b")],
  ["withResponse", () => Boards.get.withResponse({ boardId: "b" })], // withResponse
  ["execute", () => MiroClient.execute(HttpClientRequest.get("/v2/x"))], // execute
  ["items", () => Stream.runDrain(Items.list.items({ boardId: "b" }))], // items
  ["pages", () => Stream.runDrain(Items.list.pages({ boardId: "b" }))], // pages
  ["bad input", () => Boards.get({ boardId: "" })], // bad input
  ["bad input of a list", () => Stream.runDrain(Items.list.items({ boardId: "" }))] // bad input of a list
]

const refused = http.always(http.status(400))

// No more than some hundred calls of a second are captured, and the file before this one may have made them.
beforeAll(() => new Promise((resolve) => setTimeout(resolve, 1_100)))

describe("an error names the line of", () => {
  it.live.each(failing)("%s", ([mark, call]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(call())
      assert.strictEqual(error.stack?.split("\n")[0], `MiroError: ${error.message}`)
      assert.include(error.stack?.split("\n")[1], lineOf(mark))
      // And so does its reason, of which Effect.unwrapReason makes the error.
      assert.include(error.reason.stack?.split("\n")[1], lineOf(mark))
      assert.notInclude(error.stack, "node_modules/effect/")
      assert.include(Cause.pretty(Cause.fail(error)), lineOf(mark))
    }).pipe(http.once, refused)
  )

  it.live("the call that failed among fifty", () =>
    Effect.gen(function* () {
      for (let index = 0; index < 25; index++) yield* Boards.list()
      const error = yield* Effect.flip(Boards.get({ boardId: "b" })) // the one of fifty
      for (let index = 0; index < 24; index++) yield* Boards.list()
      assert.include(error.stack?.split("\n")[1], lineOf("the one of fifty"))
    }).pipe(
      http.once,
      http.wired(({ path }) => (path === "/v2/boards" ? http.json({ data: [] }) : http.status(400)))
    )
  )
})

describe("an error", () => {
  it.live("says what failed wherever it is printed", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Boards.get({ boardId: "uXjVO=" }))
      if (Exit.isSuccess(exit)) return assert.fail("a success")
      const error = Cause.squash(exit.cause)
      for (const text of [String(error), inspect(error), JSON.stringify(error), Cause.pretty(exit.cause)]) {
        for (const part of ["Boards.get", "InvalidRequest", "GET", "/v2/boards/uXjVO%3D", "400", "message"]) {
          assert.include(text, part)
        }
        assert.notInclude(text, "test-token")
      }
    }).pipe(refused)
  )

  it.live("has no stack of its own in a program that wants none", () => {
    const limit = Error.stackTraceLimit
    return Effect.gen(function* () {
      const error = yield* Effect.flip(Boards.get({ boardId: "b" }))
      assert.notInclude(error.stack ?? "", "site.test.ts")
    }).pipe(
      http.once,
      refused,
      (program) =>
        Effect.suspend(() => {
          Error.stackTraceLimit = 0
          return program
        }),
      Effect.ensuring(
        Effect.sync(() => {
          Error.stackTraceLimit = limit
        })
      )
    )
  })

  it.live.each<readonly [name: string, prepare: NonNullable<typeof Error.prepareStackTrace>]>([
    ["makes of a stack something else than a text", (_, sites) => sites],
    [
      "cannot make anything of a stack",
      () => {
        throw new Error("no stack")
      }
    ]
  ])("is one of the call in a program that %s", ([, prepare]) =>
    Effect.gen(function* () {
      const before: unknown = Reflect.get(Error, "prepareStackTrace")
      const exit = yield* Effect.exit(Boards.get({ boardId: "b" })).pipe(
        (program) =>
          Effect.suspend(() => {
            Error.prepareStackTrace = prepare
            return program
          }),
        Effect.ensuring(
          Effect.sync(() => {
            Reflect.set(Error, "prepareStackTrace", before)
          })
        )
      )
      assert.isTrue(Exit.isFailure(exit) && Cause.hasFails(exit.cause))
    }).pipe(http.once, refused)
  )

  it.live("has the limit of stack traces left as it was", () =>
    Effect.gen(function* () {
      const limit = Error.stackTraceLimit
      yield* Effect.flip(Boards.get({ boardId: "b" }))
      assert.strictEqual(Error.stackTraceLimit, limit)
    }).pipe(http.once, refused)
  )
})
