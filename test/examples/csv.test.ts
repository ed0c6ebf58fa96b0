import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Csv from "../../examples/shared/csv.ts"

describe("a list in a file", () => {
  it.effect.each([
    ["with an empty first cell", "key,title\n,Login", [["", "Login"]]],
    ["with empty cells in a row", "a,key,title\n,,Login", [["", "Login"]]],
    ["with a comma and quotes", 'key,title\nA,"Log in, ""now"""', [["A", 'Log in, "now"']]],
    [
      "with several lines in a cell",
      'key,title\r\nA,"One\r\nTwo"\r\nB,Three\r\n',
      [
        ["A", "One\r\nTwo"],
        ["B", "Three"]
      ]
    ],
    ["with a quote within a cell", 'key,title\nA,5" disk', [["A", '5" disk']]],
    ["with blank lines and a mark at its beginning", "\ufeffkey,title\n\nA,One\n", [["A", "One"]]]
  ] as const)("is read %s", ([, text, expected]) =>
    Effect.gen(function* () {
      const rows = yield* Csv.parse(text, ["key", "title"])
      assert.deepStrictEqual(
        rows.map(({ key, title }) => [key, title]),
        expected.map((row) => [...row])
      )
    })
  )

  it.effect("reads what it has written", () =>
    Effect.gen(function* () {
      const cells = ["", 'a "b", c', "one\ntwo", "x"]
      const [row] = yield* Csv.parse(`a,b,c,d\n${Csv.line(cells)}`, ["a", "b", "c", "d"])
      assert.deepStrictEqual(Object.values(row ?? {}), cells)
    })
  )
})
