import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { leaks } from "../secrets/leaks.ts"
import { programs } from "../secrets/programs.ts"
import { spellings } from "../secrets/spellings.ts"

const lengths = [...Array.from({ length: 64 }, (_, index) => index + 1), 100, 128, 255, 511, 512, 513, 1000, 1999, 2000]

describe("no program shows a secret, however it comes back", () => {
  it.effect.each(programs)(
    "$name",
    (program) =>
      Effect.gen(function* () {
        for (const spelling of Object.keys(spellings)) {
          for (const length of lengths) {
            assert.deepStrictEqual(yield* leaks(program, spelling, length), [], `${spelling}, of ${length} characters`)
          }
        }
        yield* Console.log(`${program.name}: ${Object.keys(spellings).length * lengths.length} runs`)
      }),
    600_000
  )
})
