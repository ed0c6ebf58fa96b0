/** Faults in the rules of refreshers: what is believed of an endpoint, of a refusal, of a lease and of time. */
import type { Sabotage } from "./sabotage.ts"

const refusers = "src/auth/refresh/refusers.ts"
const refusal = "src/auth/refresh/refusal.ts"
const pauses = "src/auth/refresh/pauses.ts"
const lease = "src/auth/refresh/lease.ts"
const flight = "src/auth/refresh/flight.ts"
const refreshes = "src/auth/refresh/refreshes.ts"
const shutdown = "src/auth/refresh/shutdown.ts"
const telemetry = "src/auth/refresh/telemetry.ts"
const ofRefusers = ["test/auth/refresh/refusers.test.ts"]
const ofEndpoint = ["test/auth/oauth/tokenEndpoint.test.ts"]
const ofClocks = ["test/auth/refresh/clocks.test.ts"]
const ofSharing = ["test/auth/refresh/flight.test.ts"]
const refresh = ["test/auth/refresh/refresh.test.ts", "-t", "^(?!.*10 random schedules).*$"]

export const refreshers: ReadonlyArray<Sabotage> = [
  {
    name: "a refresh for every 401 of an endpoint that refuses good tokens",
    file: refreshes,
    find: "Refusers.isKnown(record, endpoint, now)) return stale",
    replace: "now < 0) return stale",
    tests: ofRefusers
  },
  {
    name: "a token that was just issued, refreshed for the endpoint that refuses it",
    file: refreshes,
    find: "Refusers.withOne(record, endpoint, now)",
    replace: "record",
    tests: ofRefusers
  },
  {
    name: "an endpoint that is taken to refuse for ever",
    file: refusers,
    find: "Math.abs(now - at) < pause",
    replace: "at > 0 && pause > 0",
    tests: ofRefusers
  },
  {
    name: "an endpoint that is asked again every minute",
    file: refusers,
    find: "isStill ? Math.min(longest, 2 * before.pause) : minute",
    replace: "isStill ? minute : minute",
    tests: ofRefusers
  },
  {
    name: "one refresh for each of many endpoints that refuse",
    file: refusers,
    find: "current.length >= many ||",
    replace: "",
    tests: ofRefusers
  },
  {
    name: "an upload that is sent with a token about to end",
    file: refreshes,
    find: "isEnding || Lifetime.isInMargin(record, now) ?",
    replace: "isEnding ?",
    tests: ofRefusers
  },
  {
    name: "an upload that is sent while its token is replaced",
    file: refreshes,
    find: "const isEnding = flights.isUnderWay(user) || Lifetime.isLeased(record, now)",
    replace: "const isEnding = now < 0",
    tests: ofRefusers
  },
  {
    name: "a refusal that holds for ever",
    file: refusal,
    find: "(app === credentials && Math.abs(now - at) < pause(times))",
    replace: "at > 0",
    tests: ofEndpoint
  },
  {
    name: "a refusal that outlives the secret it was given with",
    file: refusal,
    find: "(app === credentials && Math.abs(now - at) < pause(times))",
    replace: "Math.abs(now - at) < pause(times)",
    tests: ofEndpoint
  },
  {
    name: "a refusal that is asked about every minute",
    file: refusal,
    find: "minute * 2 ** (times - 1)",
    replace: "minute",
    tests: ofEndpoint
  },
  {
    name: "every user's turn at a token endpoint that is down",
    file: pauses,
    find: "const reason = Math.max(...waits) > 0 ?",
    replace: "const reason = Math.max(...waits) > Infinity ?",
    tests: ofEndpoint
  },
  {
    name: "a pause for each user alone",
    file: pauses,
    find: "const waits = [waitOf(all, freeForAll, now),",
    replace: "const waits = [0,",
    tests: ofEndpoint
  },
  {
    name: "a pause that is shorter than the token endpoint asked for",
    file: pauses,
    find: 'Math.max(delay(state.failures, reason._tag === "AppRejected" ? 0 : free), asked(reason))',
    replace: 'delay(state.failures, reason._tag === "AppRejected" ? 0 : free)',
    tests: ofEndpoint
  },
  {
    name: "a fault of the token endpoint that is every call's, while the token lives",
    file: refreshes,
    find: "Lifetime.isExpired(record, now) ? Effect.fail(reason)",
    replace: "now > 0 ? Effect.fail(reason)",
    tests: ofEndpoint
  },
  {
    name: "a lease taken over without a moment for its holder to come back",
    file: lease,
    find: "Effect.sleep(overlap(from))",
    replace: "Effect.sleep(0)",
    tests: ofClocks
  },
  {
    name: "a lease that one holds, and is told that one does not",
    file: lease,
    find: "isSame(record.refreshing, mark))",
    replace: "isSame(record.refreshing, { ...mark, lease: -1 }))",
    tests: refresh
  },
  {
    name: "a lease of one's own that one waits for",
    file: lease,
    find: "mark.owner === owner || ",
    replace: "",
    tests: refresh
  },
  {
    name: "a refresh with the settings of whoever came first",
    file: flight,
    find: "Context.merge(client, traceOf(caller))",
    replace: "Context.merge(client, caller)",
    tests: ofSharing
  },
  {
    name: "all users refreshed at the same moment",
    file: "src/auth/record/lifetime.ts",
    find: "(1 - 0.75 * spread)",
    replace: "(1 - 0 * spread)",
    tests: ofSharing
  },
  {
    name: "a program that ends without its refreshes",
    file: shutdown,
    find: "yield* Effect.interruptible(Fiber.await(closing)).pipe(Effect.timeoutOption(patience))",
    replace: "yield* Effect.interruptible(Fiber.await(closing)).pipe(Effect.timeoutOption(0))",
    tests: ofSharing
  },
  {
    name: "a program that says nothing of what it waits for",
    file: shutdown,
    find: "if (count > 0)",
    replace: "if (count < 0)",
    tests: ofSharing
  },
  {
    name: "a program that waits for ever for a refresh",
    file: shutdown,
    find: "Effect.timeoutOption(patience)",
    replace: "Effect.timeoutOption(Duration.infinity)",
    tests: ofSharing
  },
  {
    name: "no evidence of a refresh",
    file: telemetry,
    find: "...(yield* fingerprints(trace, fingerprint))",
    replace: "",
    tests: ["test/Telemetry.test.ts"]
  },
  {
    name: "a record that is read once, whoever writes it",
    file: "src/auth/record/content.ts",
    find: "known !== undefined && Redacted.value(known.text) === Redacted.value(text)",
    replace: "known !== undefined",
    tests: ofSharing
  },
  {
    name: "a response that has arrived, thrown away by a timer that was late",
    file: "src/http/watchdog.ts",
    find: "Effect.repeat(Effect.yieldNow, { times: 20 })",
    replace: "Effect.void",
    tests: ["test/http/watchdog.test.ts"]
  },
  {
    name: "time in which the process stood still, counted as time without a response",
    file: "src/http/watchdog.ts",
    find: "late + Math.min(late, this.#longest)",
    replace: "late + 1",
    tests: ["test/http/watchdog.test.ts"]
  },
  {
    name: "a SQLite file that is cut, and read as one without users",
    file: "src/auth/TokenStorageSqlite.ts",
    find: "PRAGMA integrity_check",
    replace: "PRAGMA application_id",
    tests: ["test/auth/storage"]
  }
]
