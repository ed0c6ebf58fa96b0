import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redis from "effect/persistence/Redis"
import * as Redacted from "effect/Redacted"
import { responseOf, sendable, textFrom, unusable } from "./server.ts"
import { TokenStorage } from "./service.ts"

// An empty text stands for no record, also for the one that is to be removed. A version that is expected begins with "=",
// so that it can be that of a hash which has none: somebody else wrote it, and it is not "no record".
const compareAndSet = Redis.script(
  (key: string, expected: string, version: string, record: string) => [key, expected, version, record],
  {
    numberOfKeys: 1,
    lua: `
local version = redis.call("HGET", KEYS[1], "version") or ""
local stored = redis.call("EXISTS", KEYS[1]) == 1 and "=" .. version or ""
if stored ~= ARGV[1] then return 0 end
if ARGV[3] == "" then
  redis.call("DEL", KEYS[1])
else
  redis.call("HSET", KEYS[1], "version", ARGV[2], "record", ARGV[3])
end
return 1
`
  }
).withReturnType<number>()

const explain = ({ cause }: Redis.RedisError): unknown => cause

const make = Effect.fnUntraced(function* (prefix: string) {
  const redis = yield* Redis.Redis
  const random = yield* SecureRandom.SecureRandom

  return TokenStorage.of({
    place: (user) => Effect.succeed(`Redis key ${JSON.stringify(prefix + user)}`),
    get: Effect.fnUntraced(function* (user) {
      const key = `${prefix}${yield* sendable(user)}`
      const [version, record] = yield* responseOf(
        redis.send<ReadonlyArray<unknown>>("HMGET", key, "version", "record"),
        explain
      )
      if (version === null && record === null) return Option.none()
      if (version === null) return yield* unusable("what is stored has no version", "")
      const found = yield* textFrom(version)
      return Option.some({ record: Redacted.make(yield* textFrom(record, found)), version: found })
    }),
    compareAndSet: Effect.fnUntraced(function* (user, expected, next) {
      // Made up and not counted, so that it does not come again after a removal.
      const version = yield* random.uuidV4()
      const record = Option.match(next, { onNone: () => "", onSome: Redacted.value })
      const written = redis.eval(compareAndSet)(
        `${prefix}${yield* sendable(user)}`,
        Option.match(expected, { onNone: () => "", onSome: (version) => `=${version}` }),
        version,
        record
      )
      return (yield* responseOf(written, explain, next)) === 1
    })
  })
})

/**
 * Keeps tokens in Redis, for any number of processes: a hash for each user,
 * under a key that begins with `prefix`, `miro:tokens:` unless set.
 *
 * Redis has to be set up as a database and not as a cache, or it loses tokens:
 * with `appendonly yes` and `appendfsync always`, so that what it confirmed
 * survives a crash, and with the `maxmemory-policy` `noeviction`. A failover to
 * a replica can still lose the last writes, and with them the tokens that were
 * refreshed a moment before.
 *
 * A call fails with `TokenStorageError` when there is no response within 5
 * seconds. Many clients keep what they could not send, and send it once Redis
 * is back; with `disableOfflineQueue` that of Node fails at once instead.
 *
 * @category layers
 */
export const layerRedis = (options?: {
  /** What the keys begin with: `miro:tokens:` unless set. */
  readonly prefix?: string | undefined
}): Layer.Layer<TokenStorage, never, Redis.Redis> =>
  Layer.effect(TokenStorage, make(options?.prefix ?? "miro:tokens:")).pipe(Layer.provide(SecureRandom.layerWebCrypto))
