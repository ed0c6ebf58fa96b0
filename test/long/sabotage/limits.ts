/** Faults in limits, retries and deadlines. */
import { hasRedis } from "../../support/servers.ts"
import type { Sabotage } from "./sabotage.ts"

const retry = ["test/client/Retry.test.ts"]
const sockets = ["test/http/sockets.test.ts"]
const rateLimit = ["test/client/RateLimit.test.ts"]

const rateLimitRedis = ["test/client/rateLimit/budgetRedis.test.ts"]

const inRedis: ReadonlyArray<Sabotage> = [
  {
    name: "a clock of Redis that is taken for one that nobody sets",
    file: "src/client/rateLimit/scripts.ts",
    find: "if setBack > 0 then",
    replace: "if false then",
    tests: rateLimitRedis
  },
  {
    name: "a clock of Redis that stands still until it is where it was",
    file: "src/client/rateLimit/scripts.ts",
    find: "a.told - setBack end\n    write(key, a)",
    replace: "a.told - setBack end",
    tests: rateLimitRedis
  },
  {
    name: "a rule that is another one in Redis",
    file: "src/client/rateLimit/scripts.ts",
    find: "retryIn and earlyPause or a.resetAt - now",
    replace: "a.resetAt - now",
    tests: rateLimitRedis
  }
]

export const limits: ReadonlyArray<Sabotage> = [
  ...(hasRedis ? inRedis : []),
  {
    name: "a pause by a clock that can be set",
    file: "src/http/uptime.ts",
    find: "clock.monotonicTimeNanosUnsafe()",
    replace: "clock.currentTimeNanosUnsafe()",
    tests: rateLimit
  },
  {
    name: "a POST that is made again, though it may have been processed",
    file: "src/MiroError.ts",
    find: "return isAmbiguous(this.reason) && isIdempotent",
    replace: "return isAmbiguous(this.reason)",
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
    name: "a body that may stall",
    file: "src/http/timeouts.ts",
    find: "deadline.due = Math.min(endOfAttempt, endOfIdle)",
    replace: "deadline.due = endOfAttempt",
    tests: sockets
  },
  {
    name: "a body that may stall as long as a head may take",
    file: "src/http/timeouts.ts",
    find: "Watchdog.hurry(context, deadline)",
    replace: "",
    tests: ["test/http/timeouts.test.ts"]
  },
  {
    name: "everyone at once after a reset",
    file: "src/client/rateLimit/limiter.ts",
    find: "if (pause > 0) yield* restore(Effect.sleep(pause))",
    replace: "",
    tests: rateLimit
  },
  {
    name: "a queue that runs the next request on the stack of the last",
    file: "src/client/rateLimit/queue.ts",
    find: "return Effect.asVoid(next.value.turn.open)",
    replace: "return Effect.sync(() => void next.value.turn.openUnsafe())",
    tests: rateLimit
  },
  {
    name: "a request that waits for longer than it may behind others",
    file: "src/client/rateLimit/limiter.ts",
    find: "if (later > place.deadline)",
    replace: "if (later === Infinity)",
    tests: rateLimit
  },
  {
    name: "a request that is refused for responses that are still to come",
    file: "src/client/rateLimit/queue.ts",
    find: "(denial.isFirm ? 0 : 1)",
    replace: "0",
    tests: rateLimit
  },
  {
    name: "a place in the queue that an interrupted request keeps",
    file: "src/client/rateLimit/queue.ts",
    find: "queue.places.delete(place)",
    replace: "",
    tests: rateLimit
  },
  {
    name: "the last number of credits that came instead of the least",
    file: "src/client/rateLimit/account.ts",
    find: "Math.min(account.left, outcome.remaining)",
    replace: "outcome.remaining",
    tests: rateLimit
  },
  {
    name: "a reset by a clock that is not Miro's",
    file: "src/client/rateLimit/observations.ts",
    find: "reset * 1000 - skew",
    replace: "reset * 1000",
    tests: rateLimit
  },
  {
    name: "the shortest of several pauses",
    file: "src/http/rateLimitHeaders.ts",
    find: "const pause = most(",
    replace: "const pause = least(",
    tests: retry
  },
  {
    name: "a reset in milliseconds that is taken for one in seconds",
    file: "src/http/rateLimitHeaders.ts",
    find: "epoch < 1e14 ? epoch / 1e3",
    replace: "epoch < 1e14 ? epoch",
    tests: ["test/MiroError.test.ts"]
  },
  {
    name: "a reset that is over, and is taken for a pause that is",
    file: "src/client/rateLimit/observations.ts",
    find: "pause === 0 && !Number.isNaN(reset) ? undefined : pause",
    replace: "pause",
    tests: rateLimit
  },
  {
    name: "an operation without a level that costs nothing",
    file: "src/client/Operation.ts",
    find: "level = defaultLevel",
    replace: 'level = "none"',
    tests: rateLimit
  },
  {
    name: "a date by a clock that is not Miro's",
    file: "src/http/rateLimitHeaders.ts",
    find: "madeAt(headers) ?? received",
    replace: "received",
    tests: retry
  }
]
