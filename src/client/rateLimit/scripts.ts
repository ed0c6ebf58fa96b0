/**
 * `account.ts` in Lua, with the accounts in Redis.
 *
 * Time is that of Redis, which can be set back, or be that of another machine after
 * a failover. `seen` is when an account was last written: where that is still to
 * come, what is to happen happens as long from now as it was to happen from then.
 */
import * as Redis from "effect/persistence/Redis"
import { earlyPause, minute, type Outcome, tolerance } from "./account.ts"

// What is not known is -1, and what is not known to be left 2^53.
const account = `
local minute, tolerance, earlyPause, unknown = ${minute}, ${tolerance}, ${earlyPause}, 9007199254740992
local names = {"seen", "window", "limit", "resetAt", "told", "opened", "charged", "inFlight", "carried", "left", "blockedUntil"}
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

local function write(key, a)
  a.seen = now
  local fields = {}
  for _, name in ipairs(names) do
    fields[#fields + 1] = name
    fields[#fields + 1] = string.format("%.0f", a[name])
  end
  redis.call("HSET", key, unpack(fields))
  redis.call("PEXPIREAT", key, string.format("%.0f", math.max(a.resetAt + minute, a.blockedUntil)))
end

local function read(key, limit)
  local stored = redis.call("HMGET", key, unpack(names))
  if not stored[1] then
    return {seen = now, window = now, limit = limit, resetAt = now + minute, told = 0, opened = now - minute,
      charged = 0, inFlight = 0, carried = 0, left = unknown, blockedUntil = 0}
  end
  local a = {}
  for index, name in ipairs(names) do a[name] = tonumber(stored[index]) end
  local setBack = a.seen - now
  if setBack > 0 then
    a.resetAt = a.resetAt - setBack
    a.opened = a.opened - setBack
    a.blockedUntil = a.blockedUntil - setBack
    if a.told > 0 then a.told = a.told - setBack end
    write(key, a)
  end
  if now >= a.resetAt then
    open(a, a.resetAt + minute * (math.floor((now - a.resetAt) / minute) + 1))
  end
  return a
end

local function free(a)
  if now < a.blockedUntil then return 0 end
  return math.max(0, math.min(a.limit - a.charged - a.carried, a.left - a.inFlight - a.carried))
end
`

/** The window and what is left of it, or else how long to wait, the limit, and whether responses cannot help. */
export const take = Redis.script((key: string, limit: number, credits: number) => [key, limit, credits], {
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

export const remaining = Redis.script((key: string, limit: number) => [key, limit], {
  numberOfKeys: 1,
  lua: `${account}
return free(read(KEYS[1], tonumber(ARGV[1])))
`
}).withReturnType<number>()

export const settle = Redis.script(
  (
    key: string,
    limit: number,
    window: number,
    credits: number,
    { isUnsent = false, limit: newLimit = -1, remaining = -1, resetIn, retryIn, status = -1 }: Outcome
  ) => [key, limit, window, credits, status, newLimit, remaining, resetIn ?? "", retryIn ?? "", Number(isUnsent)],
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
  local wait = retryIn or 0
  if a.told > 0 then wait = math.max(wait, a.resetAt - now) end
  if wait <= 0 then wait = retryIn and earlyPause or a.resetAt - now end
  a.blockedUntil = math.max(a.blockedUntil, now + wait)
  if a.told == 0 then a.resetAt = now + math.min(wait, minute) end
elseif isRefused then
  a.blockedUntil = math.max(a.blockedUntil, now + math.max(retryIn or 0, isOwn and earlyPause or 0))
end
write(KEYS[1], a)
return free(a)
`
  }
).withReturnType<number>()
