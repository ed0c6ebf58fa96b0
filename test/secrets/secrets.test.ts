import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { leaks } from "./leaks.ts"
import { programs } from "./programs.ts"
import { spellings } from "./spellings.ts"

const lengths = [1, 2, 3, 5, 7, 8, 9, 16, 23, 24, 40, 128, 511, 2000]

describe.each(programs)("$name shows no secret", (program) => {
  // A third of them each; the long run has all, of every length.
  const some = Object.keys(spellings)
    .map((spelling, index) => [spelling, index] as const)
    .filter(([, index]) => (index + programs.indexOf(program)) % 3 === 0)

  it.effect.each(some)("that comes back %s", ([spelling, index]) =>
    Effect.gen(function* () {
      const length = lengths[(programs.indexOf(program) + index * 5) % lengths.length] ?? 0
      assert.deepStrictEqual(yield* leaks(program, spelling, length), [])
    })
  )
})
