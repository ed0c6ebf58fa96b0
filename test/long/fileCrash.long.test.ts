import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  type Call,
  callsOf,
  failAt,
  isMissing,
  killAt,
  killAtRandom,
  readWhileOthersWrite,
  writes
} from "../auth/storage/fileCrash.ts"

const minutes = 60_000

const each = <A, E, R>(calls: ReadonlyArray<Call>, run: (call: Call) => Effect.Effect<A, E, R>) =>
  Effect.forEach(calls, run, { concurrency: 2 })

describe("layerFile", () => {
  for (const write of writes) {
    it.live.skipIf(isMissing)(
      `keeps the old record or the new one when a writer is killed at any system call of its ${write} write`,
      () =>
        Effect.gen(function* () {
          const calls = yield* callsOf(write)
          const names = calls.map(({ name }) => name)
          for (const name of ["openat", "pwrite64", "fsync", "close", "getdents64"]) assert.include(names, name)
          const kept = yield* each(calls, (call) => killAt(write, call))
          assert.include(kept, "new")
          assert.include(kept, write === "first" ? undefined : "old")
          yield* Effect.logInfo(`killed the ${write} write at ${calls.length} system calls`)
        }),
      15 * minutes
    )

    for (const errno of ["EIO", "ENOSPC"] as const) {
      it.live.skipIf(isMissing)(
        `survives ${errno} at any system call of its ${write} write`,
        () =>
          Effect.gen(function* () {
            const calls = yield* callsOf(write)
            const outcomes = yield* each(calls, (call) => failAt(write, call, errno))
            assert.include(outcomes, "TokenStorageError")
            assert.include(outcomes, "true")
            const errors = outcomes.filter((outcome) => outcome !== "true").length
            yield* Effect.logInfo(
              `${errno} at ${calls.length} system calls: ${errors} errors, the others were harmless`
            )
          }),
        15 * minutes
      )
    }
  }

  it.live(
    "shows 10,000 readings a whole record while several processes write",
    () => Effect.flatMap(readWhileOthersWrite(10_000), (writes) => Effect.logInfo(`${writes} writes`)),
    15 * minutes
  )

  it.live("loses no write to 200 processes that are killed at any moment", () => killAtRandom(200), 30 * minutes)
})
