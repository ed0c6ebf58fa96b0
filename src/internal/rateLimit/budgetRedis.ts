import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redis from "effect/persistence/Redis"
import { uptime } from "../uptime.ts"
import { earlyPause, minute, type Outcome, tolerance } from "./account.ts"
import * as Local from "./budget.ts"

// `account.ts` in Lua. What is not known is -1, and what is not known to be left 2^53.
const account = `
local minute, tolerance, earlyPause, unknown = ${minute}, ${tolerance}, ${earlyPause}, 9007199254740992
local names = {"window", "limit", "resetAt", "told", "opened", "charged", "inFlight", "carried", "left", "blockedUntil"}
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function open(a, resetAt)
  a.window = a.window + 1
  a.resetAt = resetAt
  a.told = 0
  a.opened = resetAt - minute
  a.charged = 0
  a.carried = a.inFlight
  a.inFlight = 0
  a.left = unknown
end

local function read(key, limit)
  local stored = redis.call("HMGET", key, unpack(names))
  if not stored[1] then
    return {window = now, limit = limit, resetAt = now + minute, told = 0, opened = 0,
      charged = 0, inFlight = 0, carried = 0, left = unknown, blockedUntil = 0}
  end
  local a = {}
  for index, name in ipairs(names) do a[name] = tonumber(stored[index]) end
  if now >= a.resetAt then
    open(a, a.resetAt + minute * (math.floor((now - a.resetAt) / minute) + 1))
  elseif a.resetAt - now > minute + tolerance then
    open(a, now + minute)
  end
  return a
end

local function write(key, a)
  local fields = {}
  for _, name in ipairs(names) do
    fields[#fields + 1] = name
    fields[#fields + 1] = string.format("%.0f", a[name])
  end
  redis.call("HSET", key, unpack(fields))
  redis.call("PEXPIREAT", key, string.format("%.0f", math.max(a.resetAt + minute, a.blockedUntil)))
end

local function free(a)
  if now < a.blockedUntil then return 0 end
  return math.max(0, math.min(a.limit - a.charged - a.carried, a.left - a.inFlight - a.carried))
end
`

/** The window and what is left of it, or else how long to wait, the limit, and whether answers cannot help. */
const take = Redis.script((key: string, limit: number, credits: number) => [key, limit, credits], {
  numberOfKeys: 1,
  lua: `${account}
local a = read(KEYS[1], tonumber(ARGV[1]))
local credits = tonumber(ARGV[2])
if now < a.blockedUntil then return {0, a.blockedUntil - now, a.limit, 1} end
local needed = math.min(credits, a.limit)
if needed > free(a) then
  return {0, a.resetAt - now, a.limit, needed > math.min(a.limit - a.charged, a.left) and 1 or 0}
end
a.charged = a.charged + credits
a.inFlight = a.inFlight + credits
write(KEYS[1], a)
return {1, a.window, free(a), 0}
`
}).withReturnType<readonly [isTaken: number, windowOrWait: number, leftOrLimit: number, isFirm: number]>()

const remaining = Redis.script((key: string, limit: number) => [key, limit], {
  numberOfKeys: 1,
  lua: `${account}
return free(read(KEYS[1], tonumber(ARGV[1])))
`
}).withReturnType<number>()

const settle = Redis.script(
  (
    key: string,
    limit: number,
    window: number,
    credits: number,
    { isUnsent = false, limit: newLimit = -1, remaining = -1, resetIn, retryIn = 0, status = -1 }: Outcome
  ) => [key, limit, window, credits, status, newLimit, remaining, resetIn ?? "", retryIn, Number(isUnsent)],
  {
    numberOfKeys: 1,
    lua: `${account}
local a = read(KEYS[1], tonumber(ARGV[1]))
local window, credits, isRefused = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == "429"
local limit, remaining, resetIn, retryIn = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
if window == a.window then
  a.inFlight = a.inFlight - credits
elseif window == a.window - 1 then
  a.carried = a.carried - credits
end

if limit > 0 then a.limit = limit end
local reset = resetIn and now + resetIn
local isOver = reset and reset <= math.max(now, a.opened + tolerance)
if reset and not isOver then
  if a.told == 0 then
    a.resetAt = reset
    a.told = reset
  elseif reset > a.told + tolerance then
    open(a, reset)
    a.told = reset
  else
    a.resetAt = math.max(a.resetAt, reset)
  end
end

local isOwn = window == a.window
local isHere = isOwn
if reset then isHere = not isOver end
local isFree = isRefused or ARGV[9] == "1"
local isSpent = isHere and not isFree
if isSpent and not isOwn then a.charged = a.charged + credits end
if not isSpent and isOwn then a.charged = a.charged - credits end
if isHere then
  if remaining >= 0 then
    a.left = math.min(a.left, remaining)
  elseif a.left < unknown and not isFree then
    a.left = math.max(0, a.left - credits)
  end
end

if isRefused and isHere then
  local wait = retryIn
  if a.told > 0 then wait = math.max(wait, a.resetAt - now) end
  if wait <= 0 then wait = a.resetAt - now end
  a.blockedUntil = math.max(a.blockedUntil, now + wait)
  if a.told == 0 then a.resetAt = now + math.min(wait, minute) end
elseif isRefused then
  a.blockedUntil = math.max(a.blockedUntil, now + math.max(retryIn, isOwn and earlyPause or 0))
end
write(KEYS[1], a)
return free(a)
`
  }
).withReturnType<number>()

const giveBack = (taken: Local.Taken): Effect.Effect<unknown> =>
  taken._tag === "Taken" ? taken.settle({ isUnsent: true }) : Effect.void

/** How long the budget does without Redis after it did not answer. */
const outage = 5_000

/** Accounts in Redis and, while it is down, in this process. */
export const make = Effect.fnUntraced(function* (
  limit: number,
  prefix: string
): Effect.fn.Return<Local.Budget, never, Redis.Redis> {
  const redis = yield* Redis.Redis
  const local = Local.make(limit)
  let downUntil = 0

  const orLocal =
    <A>(fallback: Effect.Effect<A>) =>
    (answer: Effect.Effect<A, Redis.RedisError>): Effect.Effect<A> =>
      Effect.gen(function* () {
        const now = yield* uptime
        if (now < downUntil) return yield* fallback
        // One finds out whether Redis is back, while the others go on without.
        if (downUntil > 0) downUntil = now + outage
        return yield* answer.pipe(
          Effect.tap(() => Effect.sync(() => (downUntil = 0))),
          Effect.timeout("2 seconds"),
          Effect.catchCause((cause) =>
            Effect.gen(function* () {
              const isNew = downUntil === 0
              downUntil = (yield* uptime) + outage
              if (isNew) yield* Effect.logWarning("Redis does not answer: this process counts credits by itself", cause)
              return yield* fallback
            })
          )
        )
      })

  const ask = (user: string, credits: number): Effect.Effect<Local.Taken> => {
    const key = `${prefix}${user}`
    return redis
      .eval(take)(key, limit, credits)
      .pipe(
        Effect.map(([isTaken, windowOrWait, leftOrLimit, isFirm]): Local.Taken =>
          isTaken === 1
            ? {
                _tag: "Taken",
                remaining: leftOrLimit,
                settle: (outcome) =>
                  orLocal(local.remaining(user))(redis.eval(settle)(key, limit, windowOrWait, credits, outcome))
              }
            : { _tag: "Denied", wait: windowOrWait, limit: leftOrLimit, isFirm: isFirm === 1 }
        ),
        orLocal(local.take(user, credits))
      )
  }

  return {
    // In a fiber of its own: nobody who is interrupted has to wait for Redis, and no credits are lost on the way.
    take: Effect.fnUntraced(function* (user, credits, restore) {
      const asking = yield* Effect.forkDetach(ask(user, credits), { startImmediately: true })
      return yield* Effect.onInterrupt(restore(Fiber.join(asking)), () =>
        Effect.forkDetach(Effect.flatMap(Fiber.join(asking), giveBack))
      )
    }),
    remaining: (user) => orLocal(local.remaining(user))(redis.eval(remaining)(`${prefix}${user}`, limit))
  }
})
