import { assert, describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { everyItemOnce } from "../client/pagination/faults.ts"

describe("a list on a bad line", () => {
  it.effect.each(["cursor", "offset", "startIndex"] as const)(
    "gives each of 10,000 items once and in order, by %s, from 1000 seeds",
    (kind) =>
      Effect.gen(function* () {
        let resumed = 0
        for (let seed = 0; seed < 1000; seed++) resumed += yield* everyItemOnce(kind, 10_000, seed)
        assert.isAbove(resumed, 0)
        yield* Console.log(`${kind}: 1000 lists of 200 pages, of which ${resumed} pages failed for good`)
      }),
    3_600_000
  )
})

interface Usage {
  readonly seen: number
  /** The most that was in use at any time above what was before, in bytes. */
  readonly growth: number
  /** What of it was left at the end. */
  readonly kept: number
  /** The most that the process ever had, garbage and all. */
  readonly peak: number
}

/** Reads a list in a process of its own. */
const usage = (count: number, readAhead: number) =>
  Effect.callback<Usage>((resume) => {
    const child = fork(fileURLToPath(new URL("./pagingMemory.ts", import.meta.url)), [`${count}`, `${readAhead}`], {
      execArgv: ["--conditions=effect-miro-source", "--expose-gc"]
    })
    child.on("message", (usage: Usage) => resume(Effect.succeed(usage)))
    child.on("exit", (code) => resume(Effect.die(new Error(`the process ended with ${code}`))))
    return Effect.sync(() => child.kill())
  })

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`

describe("a list of 1,000,000 items", () => {
  it.live.each([0, 4])(
    "is read within 64 MiB, %i pages ahead",
    (readAhead) =>
      Effect.gen(function* () {
        const { growth, kept, peak, seen } = yield* usage(1_000_000, readAhead)
        assert.strictEqual(seen, 1_000_000)
        assert.isBelow(growth, 64 * 2 ** 20)
        yield* Console.log(
          `1,000,000 items, ${readAhead} pages ahead: ${mebibytes(growth)} of heap at most, ${mebibytes(kept)} at the end, ${mebibytes(peak)} the whole process`
        )
      }),
    1_800_000
  )
})
