/** Faults in refreshes and the storage of tokens. */
import type { Sabotage } from "./sabotage.ts"

const accessToken = "src/auth/AccessToken.ts"
const tokenRecord = "src/auth/TokenRecord.ts"
const refresh = ["test/auth/refresh.test.ts", "-t", "^(?!.*10 random schedules).*$"]
const clocks = ["test/auth/clocks.test.ts"]

export const tokens: ReadonlyArray<Sabotage> = [
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
  }
]
