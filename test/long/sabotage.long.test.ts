import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { afterAll, beforeAll } from "vitest"

/** A fault that somebody could make in the source, which the tests named have to notice. */
interface Sabotage {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
  readonly tests: ReadonlyArray<string>
}

const accessToken = "src/auth/AccessToken.ts"
const tokenRecord = "src/auth/TokenRecord.ts"
const refresh = ["test/auth/refresh.test.ts", "-t", "^(?!.*10 random schedules).*$"]
const clocks = ["test/auth/clocks.test.ts"]
const retry = ["test/client/retry.test.ts"]
const sockets = ["test/client/sockets.test.ts"]
const pagination = ["test/client/pagination.test.ts"]
const rateLimit = ["test/client/rateLimit.test.ts"]
const pipeline = ["test/client/pipeline.test.ts"]

const sabotages: ReadonlyArray<Sabotage> = [
  {
    name: "no lease",
    file: accessToken,
    find: "if (!(yield* replace(current, { ...record, refreshing: mark }))) continue",
    replace: "",
    tests: refresh
  },
  {
    name: "no re-read before a refresh",
    file: accessToken,
    find: "if (!Equal.equals(record.accessToken, stale) && !TokenRecord.isExpired(record, now)) return record.accessToken",
    replace: "",
    tests: refresh
  },
  {
    name: "no comparison before what was received is stored",
    file: accessToken,
    find: "if (Option.isSome(current) && Equal.equals(current.value.record.refreshToken, spent)) {",
    replace: "if (Option.isSome(current)) {",
    tests: refresh
  },
  {
    name: "a write that is not awaited",
    file: accessToken,
    find: "return settle(pair)\n",
    replace: "return Effect.as(Effect.forkIn(settle(pair), scope), pair.record.accessToken)\n",
    tests: refresh
  },
  {
    name: "a write that is not tried again",
    file: tokenRecord,
    find: "times: 5,",
    replace: "times: 0,",
    tests: refresh
  },
  {
    name: "a write that is given up",
    file: accessToken,
    find: "? rescue(pair) : Effect.void",
    replace: "? Effect.void : Effect.void",
    tests: refresh
  },
  {
    name: "tokens deleted when they are refused",
    file: accessToken,
    find: "if (yield* replace(current, { ...TokenRecord.withoutMark(current.record), refused })) {",
    replace: "if (yield* TokenRecord.remove(storage, presented.user, current.version)) {",
    tests: refresh
  },
  {
    name: "a refusal that is believed without a look at the storage",
    file: accessToken,
    find: "if (!Equal.equals(current.record.refreshToken, presented.refreshToken)) {",
    replace: "if (presented.user === current.version) {",
    tests: refresh
  },
  {
    name: "no single flight",
    file: accessToken,
    find: "if (underWay !== undefined) {",
    replace: "if (underWay !== undefined && user === undefined) {",
    tests: refresh
  },
  {
    name: "a refresh that ends with its caller",
    file: accessToken,
    find: "Effect.forkIn(flying, scope, { uninterruptible: true })",
    replace: "Effect.forkChild(flying)",
    tests: refresh
  },
  {
    name: "a refresh that ends with the program",
    file: accessToken,
    find: "flying, scope, { uninterruptible: true }",
    replace: "flying, scope",
    tests: refresh
  },
  {
    name: "a spent token presented again after a write that failed",
    file: accessToken,
    find: "if (kept !== undefined && Equal.equals(kept.spent, current.record.refreshToken)) return yield* persist(kept)",
    replace: "",
    tests: refresh
  },
  {
    name: "a pair that lost left alive",
    file: accessToken,
    find: "if (unsaved.get(record.user) === pair) yield* Effect.ignore(oauth.revokeToken(record.accessToken))",
    replace: "",
    tests: refresh
  },
  {
    name: "no trace of a refresh whose answer was lost",
    file: accessToken,
    find: "isUnspent ? unmarked : { ...unmarked, refreshing: { ...mark, lease: 0 } }",
    replace: "unmarked",
    tests: refresh
  },
  {
    name: "a lease by the clocks of others",
    file: tokenRecord,
    find: "watched >= lease || now >= since + lease + clockSkew",
    replace: "now >= since + lease",
    tests: clocks
  },
  {
    name: "a lease that is used after it ran out",
    file: accessToken,
    find: "if ((yield* uptime) - before >= lease - deadline) continue",
    replace: "",
    tests: clocks
  },
  {
    name: "a storage that may hang",
    file: tokenRecord,
    find: 'duration: "10 seconds"',
    replace: 'duration: "10 days"',
    tests: clocks
  },
  {
    name: "a margin that is longer than the lifetime",
    file: tokenRecord,
    find: "Math.min(60_000, expiresIn * 100)",
    replace: "60_000",
    tests: refresh
  },
  {
    name: "no look at whose record it is",
    file: tokenRecord,
    find: "(record) => record.user === user",
    replace: "() => true",
    tests: refresh
  },
  {
    name: "a refresh for every 401 of a call",
    file: "src/client/MiroClient.ts",
    find: "mayRefresh = false",
    replace: "",
    tests: ["test/client/pipeline.test.ts", "test/auth/refresh.test.ts", "-t", "^(?!.*10 random schedules).*$"]
  },
  {
    name: "a refresh for a 403",
    file: "src/client/MiroClient.ts",
    find: 'first.failure._tag !== "Unauthorized" || !mayRefresh',
    replace: '(first.failure._tag !== "Unauthorized" && first.failure._tag !== "Forbidden") || !mayRefresh',
    tests: refresh
  },
  {
    name: "get and set that are not made one after the other",
    file: "src/auth/storage/getSet.ts",
    find: "oneAtATime.withPermit(compareAndSet(user, expected, next))",
    replace: "compareAndSet(user, expected, next)",
    tests: ["test/auth/TokenStorage.test.ts"]
  },
  {
    name: "a token that was read before the wait for credits",
    file: "src/client/MiroClient.ts",
    find: "send(complete, endpoint, deadlines, accessToken.get, progress)",
    replace: "send(complete, endpoint, deadlines, Effect.succeed(yield* accessToken.get), progress)",
    tests: refresh
  },
  {
    name: "a POST that is made again, though it may have been processed",
    file: "src/client/MiroError.ts",
    find: 'case "Timeout":\n        return isIdempotent',
    replace: 'case "Timeout":\n        return true',
    tests: retry
  },
  {
    name: "a pause that is shorter than Miro asks for",
    file: "src/client/Retry.ts",
    find: "Duration.max(duration, input.retryAfter ?? Duration.zero)",
    replace: "duration",
    tests: retry
  },
  {
    name: "a list that goes round in circles",
    file: "src/client/Pagination.ts",
    find: "cursor !== undefined && seen.has(cursor)",
    replace: 'cursor !== undefined && seen.has("")',
    tests: pagination
  },
  {
    name: "a redirect that is followed",
    file: "src/internal/exchange.ts",
    find: 'redirect: "manual"',
    replace: 'redirect: "follow"',
    tests: sockets
  },
  {
    name: "a body that may stall",
    file: "src/internal/deadlines.ts",
    find: "Math.min(attemptLeft, phaseLeft) <= 0",
    replace: "attemptLeft <= 0",
    tests: sockets
  },
  {
    name: "everyone at once after a reset",
    file: "src/internal/rateLimit/limiter.ts",
    find: "if (pause > 0) yield* restore(Effect.sleep(pause))",
    replace: "",
    tests: rateLimit
  },
  {
    name: "the last number of credits that came instead of the least",
    file: "src/internal/rateLimit/account.ts",
    find: "Math.min(account.left, outcome.remaining)",
    replace: "outcome.remaining",
    tests: rateLimit
  },
  {
    name: "a reset by a clock that is not Miro's",
    file: "src/internal/rateLimit/limiter.ts",
    find: "reset * 1000 - skew",
    replace: "reset * 1000",
    tests: rateLimit
  },
  {
    name: "a date by a clock that is not Miro's",
    file: "src/internal/failure.ts",
    find: "madeAt(headers) ?? received",
    replace: "received",
    tests: retry
  },
  {
    name: "tokens that are sent in the clear",
    file: "src/internal/baseUrl.ts",
    find: "loopback.test(hostname) || allowInsecure",
    replace: "loopback.test(hostname) || !allowInsecure",
    tests: pipeline
  },
  {
    name: "a header that is not looked at",
    file: "src/internal/headers.ts",
    find: "if (!goodValue.test(value)) return",
    replace: "if (!goodName.test(name)) return",
    tests: pipeline
  }
]

let folder = ""

// Tests import the package by its name: that of the nearest package.json.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "effect-miro-sabotage-"))
  for (const name of ["src", "test", "examples", "scripts", "package.json", "tsconfig.json", "vitest.config.ts"]) {
    cpSync(name, join(folder, name), { recursive: true })
  }
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"))
})

afterAll(() => rmSync(folder, { recursive: true }))

const run = (tests: ReadonlyArray<string>) =>
  spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--bail", "1", ...tests], {
    cwd: folder,
    encoding: "utf8",
    timeout: 300_000
  })

describe("a fault in the source", () => {
  it("is the only reason for the tests to fail", { timeout: 400_000 }, () => {
    const { status, stdout } = run([...new Set(sabotages.flatMap(({ tests }) => tests))])
    assert.strictEqual(status, 0, stdout)
  })

  for (const { file, find, name, replace, tests } of sabotages) {
    it(`is noticed: ${name}`, { timeout: 400_000 }, () => {
      const path = join(folder, file)
      const source = readFileSync(path, "utf8")
      assert.include(source, find)
      writeFileSync(
        path,
        source.replace(find, () => replace)
      )
      const { status, stdout } = run(tests)
      writeFileSync(path, source)
      assert.notStrictEqual(status, 0)
      // A test failed, and not the source to load.
      assert.match(stdout, /Tests .*\d+ failed/)
    })
  }
})
