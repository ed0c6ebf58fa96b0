import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import * as fc from "fast-check"
import { AccessToken, Boards, MiroClient, type MiroError, Retry, ScimClient } from "effect-miro"
import { type Declared, operations as declared } from "../../../scripts/operations.ts"
import * as http from "../../support/http.ts"
import { forAll } from "../../support/property.ts"
import { samples } from "../../support/sample.ts"

type Input = Readonly<Record<string, unknown>>

interface Operation extends Declared {
  /** All that it takes but the parameters of its path. */
  readonly rest: Input
  readonly call: (
    input: Input
  ) => Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient | ScimClient.ScimClient>
}

const operations: ReadonlyArray<Operation> = declared
  .filter(({ path }) => path.includes("{"))
  .map((operation) => ({
    ...operation,
    rest: { ...samples(operation.query, "required")[0], ...samples(operation.body, "required")[0] },
    // What an operation takes is in its declaration, and nothing of it in the type of the list.
    call: operation.call as Operation["call"]
  }))

const parametersOf = (path: string) => Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name ?? "")

const parameters = operations.flatMap((operation) =>
  parametersOf(operation.path).map((parameter) => [operation.name, parameter, operation] as const)
)

const fill = (path: string, values: Readonly<Record<string, unknown>>) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])))

/** Ids that are refused, since no encoding keeps them from changing the path, or for want of one. */
const impossible: ReadonlyArray<unknown> = [
  "",
  ".",
  "..",
  "\ud800",
  "\udfff",
  "a\ud800b",
  "\ude00\ud83d",
  "\u0000",
  "a\u0000",
  "\t",
  ".\t.",
  "..\n",
  "\r\nx-injected: 1",
  "a\u001fb",
  "a\u007fb",
  "a\u0085b",
  "a\u009fb",
  undefined,
  null,
  7,
  Number.NaN,
  true,
  {},
  ["a"],
  Symbol.iterator,
  new String("a")
]

/** Ids that are strange, but can be sent. */
const strange = [
  "uXjVOfjmfkE=",
  "uXjVO=/x",
  "...",
  "..%2f",
  "%2e",
  "%2e%2e",
  "%2E%2E",
  "%252e%252e",
  ".%2e",
  "%2e.",
  "..;",
  "..\\",
  "../..",
  "./",
  "/",
  "//",
  "//evil.example",
  "https://evil.example/x",
  "\\\\evil.example",
  "a/b",
  "a/../b",
  "a?b",
  "?",
  "#",
  "a#b",
  "a\\b",
  "x;y",
  "a&b=c",
  "a:b@c",
  "a b",
  " ",
  "  ..  ",
  "\u00a0",
  "\u2028",
  "\u200b",
  "．．",
  "é",
  "e\u0301",
  "日本",
  "😀",
  "%",
  "%00",
  "%zz",
  "+",
  "*!'()~",
  "{boardId}",
  "$&",
  "__proto__",
  "constructor",
  "null",
  "undefined",
  "x".repeat(3000)
]

const call = (operation: Operation, parameter: string, id: unknown) => {
  const ids = Object.fromEntries(parametersOf(operation.path).map((name) => [name, name === parameter ? id : "1"]))
  return { ids, effect: operation.call({ ...operation.rest, ...ids }) }
}

const baseUrl = "https://api.miro.com/base"

/** Both clients, and what they send. */
const wired = Effect.provide(
  Layer.suspend(() =>
    Layer.mergeAll(
      MiroClient.layer({ baseUrl }).pipe(Layer.provide(AccessToken.layer(http.token))),
      ScimClient.layer({ baseUrl, token: Redacted.make("scim-token") }),
      Layer.succeed(Retry.Retry, Retry.none)
    ).pipe(Layer.provideMerge(http.layerWire(() => http.json({}))))
  )
)

describe("an id in the path", () => {
  it.effect.each(parameters)("of %s as %s is refused where no encoding helps", ([, parameter, operation]) =>
    Effect.gen(function* () {
      for (const id of impossible) {
        const { reason } = yield* http.failsWith(call(operation, parameter, id).effect, "InvalidInput")
        assert.deepStrictEqual(
          reason.issues.map(({ path }) => path),
          [[parameter]]
        )
      }
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(wired)
  )

  it.effect.each(parameters)("of %s as %s stays within its segment", ([, parameter, operation]) =>
    Effect.gen(function* () {
      const calls = ["1", ...strange].map((id) => call(operation, parameter, id))
      for (const { effect } of calls) yield* Effect.ignore(effect)
      const { sent } = yield* http.Wire
      assert.strictEqual(sent.length, calls.length)
      const [plain] = sent
      sent.forEach(({ body, method, query, url }, index) => {
        assert.strictEqual(method, operation.method)
        assert.strictEqual(url.split("?")[0], baseUrl + fill(operation.path, calls[index]?.ids ?? {}))
        assert.deepStrictEqual([query, body], [plain?.query, plain?.body])
      })
    }).pipe(wired)
  )

  it.effect("says what is wrong with it", () =>
    Effect.gen(function* () {
      const messages: Array<string> = []
      for (const boardId of ["", "..", "\ud800", "a\nb"]) {
        const { reason } = yield* http.failsWith(Boards.get({ boardId }), "InvalidInput")
        messages.push(reason.message)
      }
      assert.deepStrictEqual(messages, [
        "invalid input: boardId: must not be empty",
        'invalid input: boardId: must not be ".."',
        "invalid input: boardId: must not have a lone surrogate",
        "invalid input: boardId: must not have a control character"
      ])
    }).pipe(http.replying())
  )

  it.live("is refused, or arrives as it is: whatever it is", () =>
    forAll(
      fc.record({
        operation: fc.constantFrom(...operations),
        id: fc.oneof(
          fc.string({ unit: "binary", maxLength: 12 }),
          fc.string({
            unit: fc.constantFrom(".", "/", "%", "2", "e", "E", "f", "\\", "?", "#", ";", "\t", "a"),
            maxLength: 8
          })
        )
      }),
      2000,
      ({ id, operation }) =>
        Effect.gen(function* () {
          const parameter = parametersOf(operation.path).at(-1) ?? ""
          const result = yield* Effect.result(call(operation, parameter, id).effect)
          const { sent } = yield* http.Wire
          if (sent.length === 0) {
            assert.strictEqual(result._tag === "Failure" && result.failure.reason._tag, "InvalidInput")
            return
          }
          const expected = `/base${operation.path}`.split("/")
          const segments = sent[0]?.path.split("/") ?? []
          assert.strictEqual(segments.length, expected.length)
          segments.forEach((segment, index) => {
            const name = /^\{(\w+)\}$/.exec(expected[index] ?? "")?.[1]
            const value = name === undefined ? expected[index] : name === parameter ? id : "1"
            assert.strictEqual(decodeURIComponent(segment), value)
          })
        }).pipe(wired)
    )
  )
})
