import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redis from "effect/persistence/Redis"
import * as Redacted from "effect/Redacted"
import { TokenStorage, TokenStorageError } from "./service.ts"

// An empty version stands for no record, and an empty record for its removal.
const compareAndSet = Redis.script(
  (key: string, expected: string, version: string, record: string) => [key, expected, version, record],
  {
    numberOfKeys: 1,
    lua: `
local version = redis.call("HGET", KEYS[1], "version") or ""
if version ~= ARGV[1] then return 0 end
if ARGV[3] == "" then
  redis.call("DEL", KEYS[1])
else
  redis.call("HSET", KEYS[1], "version", ARGV[2], "record", ARGV[3])
end
return 1
`
  }
).withReturnType<number>()

const make = Effect.fnUntraced(function* (prefix: string) {
  const redis = yield* Redis.Redis
  const random = yield* SecureRandom.SecureRandom

  const run = Effect.mapError((cause: Redis.RedisError) => new TokenStorageError({ cause }))

  return TokenStorage.of({
    get: (user) =>
      redis.send<readonly [string | null, string | null]>("HMGET", `${prefix}${user}`, "version", "record").pipe(
        run,
        Effect.map(([version, record]) =>
          version === null || record === null ? Option.none() : Option.some({ version, record: Redacted.make(record) })
        )
      ),
    compareAndSet: Effect.fnUntraced(function* (user, expected, next) {
      // Made up and not counted, so that it does not come again after a removal.
      const version = yield* random.uuidV4()
      const record = Option.match(next, { onNone: () => "", onSome: Redacted.value })
      const written = redis.eval(compareAndSet)(
        `${prefix}${user}`,
        Option.getOrElse(expected, () => ""),
        version,
        record
      )
      return (yield* run(written)) === 1
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
 * @category layers
 */
export const layerRedis = (options?: {
  readonly prefix?: string | undefined
}): Layer.Layer<TokenStorage, never, Redis.Redis> =>
  Layer.effect(TokenStorage, make(options?.prefix ?? "miro:tokens:")).pipe(Layer.provide(SecureRandom.layerWebCrypto))
