import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { failAt, isMissing, killAt, killAtRandom, readWhileOthersWrite } from "./fileCrash.ts"

// Far more than it takes, for a machine that is busy.
const timeout = 120_000

// Every call there is has its turn in test/long.
const kills = [
  ["first", "mkdir", 2],
  ["second", "pwrite64", 1],
  ["second", "link", 1],
  ["second", "fsync", 2],
  ["second", "unlink", 2]
] as const

const failures = [
  ["first", "fsync", 1, "EIO", "TokenStorageError"],
  ["second", "pwrite64", 1, "ENOSPC", "TokenStorageError"],
  ["second", "close", 5, "EIO", "TokenStorageError"],
  ["second", "link", 1, "ENOSPC", "TokenStorageError"],
  ["second", "fsync", 2, "EIO", "TokenStorageError"],
  ["second", "unlink", 2, "EIO", "true"]
] as const

describe("layerFile", () => {
  it("is put to every test in continuous integration", () => {
    assert.isFalse(isMissing && process.env["CI"] !== undefined, "strace is missing")
  })

  it.live.skipIf(isMissing)(
    "keeps the old record or the new one when a writer is killed",
    () =>
      Effect.forEach(kills, ([write, name, nth]) => killAt(write, { name, nth }), { concurrency: 2, discard: true }),
    timeout
  )

  it.live.skipIf(isMissing)(
    "reports a disk that is full or broken, and keeps the old record or the new one",
    () =>
      Effect.forEach(
        failures,
        Effect.fnUntraced(function* ([write, name, nth, errno, expected]) {
          assert.strictEqual(yield* failAt(write, { name, nth }, errno), expected, `${errno} at ${name} ${nth}`)
        }),
        { concurrency: 2, discard: true }
      ),
    timeout
  )

  it.live(
    "shows readers a whole record while several processes write",
    () =>
      // Each of the three had written once before the first reading.
      Effect.map(readWhileOthersWrite(500), (writes) => assert.isAbove(writes, 3)),
    timeout
  )

  it.live("loses no write to processes that are killed at any moment", () => killAtRandom(3), timeout)
})
