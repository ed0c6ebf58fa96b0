/** Faults in refreshes and the storage of tokens. */
import type { Sabotage } from "./sabotage.ts"

const flight = "src/auth/refresh/flight.ts"
const lease = "src/auth/refresh/lease.ts"
const redeem = "src/auth/refresh/redeem.ts"
const refreshOnce = "src/auth/refresh/refresh.ts"
const rescue = "src/auth/refresh/rescue.ts"
const callTokens = "src/client/call/tokens.ts"
const storageCalls = "src/auth/record/calls.ts"
const recordContent = "src/auth/record/content.ts"
const lifetime = "src/auth/record/lifetime.ts"
const recordStore = "src/auth/record/store.ts"
const refresh = ["test/auth/refresh/refresh.test.ts", "-t", "^(?!.*10 random schedules).*$"]
const clocks = ["test/auth/refresh/clocks.test.ts"]

export const tokens: ReadonlyArray<Sabotage> = [
  {
    name: "a late write that ends the grant which others go on with",
    file: rescue,
    find: "if (unsaved.get(record.user) === pair && isEnded(record, current)) {",
    replace: "if (unsaved.get(record.user) === pair) {",
    tests: refresh
  },
  {
    name: "no lease",
    file: lease,
    find: "const isWritten = yield* records.replace(current, { ...current.record, refreshing: mark }).pipe(",
    replace: "const isWritten = yield* Effect.succeed(true).pipe(",
    tests: refresh
  },
  {
    name: "no re-read before a refresh",
    file: refreshOnce,
    find: "if (!Equal.equals(record.accessToken, stale) && !isExpired) return record.accessToken",
    replace: "",
    tests: refresh
  },
  {
    name: "no comparison before what was received is stored",
    file: rescue,
    find: "if (Option.isSome(current) && Equal.equals(current.value.record.refreshToken, spent)) {",
    replace: "if (Option.isSome(current)) {",
    tests: refresh
  },
  {
    name: "a write that is not awaited",
    file: rescue,
    find: "return settle(pair)\n",
    replace: "return Effect.as(Effect.forkIn(settle(pair), scope), pair.record.accessToken)\n",
    tests: refresh
  },
  {
    name: "a write that is not tried again",
    file: recordStore,
    find: "times: 5,",
    replace: "times: 0,",
    tests: refresh
  },
  {
    name: "a write that is given up",
    file: rescue,
    find: "? rescue(pair) : Effect.void",
    replace: "? Effect.void : Effect.void",
    tests: refresh
  },
  {
    name: "a refusal that is not marked",
    file: redeem,
    find: "if (yield* records.replace(current, { ...Lifetime.withoutMark(current.record), refused })) {",
    replace: "if (current.version !== presented.user) {",
    tests: refresh
  },
  {
    name: "a refusal that is believed without a look at the storage",
    file: redeem,
    find: "if (!Equal.equals(current.record.refreshToken, presented.refreshToken)) {",
    replace: "if (presented.user === current.version) {",
    tests: refresh
  },
  {
    name: "no single flight",
    file: flight,
    find: "const underWay = flights.get(user)",
    replace: 'const underWay = user === "" ? flights.get(user) : undefined',
    tests: refresh
  },
  {
    name: "a refresh that ends with its caller",
    file: flight,
    find: "Effect.forkIn(flying, scope, { uninterruptible: true })",
    replace: "Effect.forkChild(flying)",
    tests: refresh
  },
  {
    name: "a refresh that ends with the program",
    file: flight,
    find: "flying, scope, { uninterruptible: true }",
    replace: "flying, scope",
    tests: refresh
  },
  {
    name: "a spent token presented again after a write that failed",
    file: refreshOnce,
    find: "if (kept !== undefined) return yield* rescue.persist(kept)",
    replace: "",
    tests: refresh
  },
  {
    name: "a pair that lost left alive",
    file: rescue,
    find: "yield* Effect.ignore(records.oauth.revokeToken(record.accessToken))",
    replace: "",
    tests: refresh
  },
  {
    name: "no trace of a refresh whose response was lost",
    file: lifetime,
    find: "isUnspent && before.refreshing === undefined ? before",
    replace: "true ? withoutMark(before)",
    tests: refresh
  },
  {
    name: "a lease by the clocks of others",
    file: lifetime,
    find: "watched >= lease || now >= since + lease + clockSkew",
    replace: "now >= since + lease",
    tests: clocks
  },
  {
    name: "a lease that is used after it ran out",
    file: lease,
    find: "if (isWritten && (yield* elapsedSince(start)) < lease - deadline) return mark",
    replace: "if (isWritten) return mark",
    tests: clocks
  },
  {
    name: "a storage that may hang",
    file: storageCalls,
    find: "apart(run, 10)",
    replace: "apart(run, 864_000)",
    tests: clocks
  },
  {
    name: "a margin that is longer than the lifetime",
    file: lifetime,
    find: "Math.min(60_000, expiresIn * 100)",
    replace: "60_000",
    tests: refresh
  },
  {
    name: "no look at whose record it is",
    file: recordContent,
    find: 'json["user"] !== user',
    replace: 'json["user"] === ""',
    tests: refresh
  },
  {
    name: "a refresh for every 401 of a call",
    file: callTokens,
    find: "if (accessToken.recheck === undefined || replays >= maxReplays) return Effect.succeed(refused)",
    replace: "if (accessToken.recheck === undefined) return accessToken.refresh(refused, endpoint)",
    tests: [
      "test/client/MiroClient.test.ts",
      "test/auth/refresh/refresh.test.ts",
      "-t",
      "^(?!.*10 random schedules).*$"
    ]
  },
  {
    name: "a refresh for a 403",
    file: "src/client/call/call.ts",
    find: 'reason._tag !== "Unauthorized" ||',
    replace: '!["Unauthorized", "Forbidden"].includes(reason._tag) ||',
    tests: refresh
  },
  {
    name: "get and set that are not made one after the other",
    file: "src/auth/storage/getSet.ts",
    find: "oneAtATime(user, compareAndSet(user, expected, next))",
    replace: "compareAndSet(user, expected, next)",
    tests: ["test/auth/TokenStorage.test.ts"]
  },
  {
    name: "a token that was read before the wait for credits",
    file: "src/client/call/call.ts",
    find: "const sent = sendAndReplay(connection, call, tokens.first)",
    replace:
      "const sent = Effect.flatMap(tokens.first, (token) => sendAndReplay(connection, call, Effect.succeed(token)))",
    tests: refresh
  }
]
