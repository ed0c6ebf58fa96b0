import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Config from "effect/Config"
import * as Aead from "effect/crypto/Aead"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Settings from "../../http/settings.ts"
import { type Stored, TokenStorage, TokenStorageError } from "./service.ts"

/**
 * A key that records are encrypted with.
 *
 * @category models
 */
export interface EncryptionKey {
  /** Stands beside what the key encrypted, and says which one it was. Not secret. */
  readonly id: string
  /** 32 random bytes in base64 or base64url. */
  readonly key: Redacted.Redacted
}

/**
 * The keys for `layerEncrypted` cannot be used. Says why and which by its
 * place, and never what it is.
 *
 * @category errors
 */
export class InvalidEncryptionKeys extends Data.TaggedError("InvalidEncryptionKeys")<{
  /** What is wrong, and with which of the keys. */
  readonly description: string
}> {
  override get message(): string {
    return `Invalid encryption keys: ${this.description}`
  }
}

/**
 * The cause of the `TokenStorageError` when a record cannot be decrypted.
 *
 * - `NotEncrypted`: it is plain text, or too damaged to tell.
 * - `UnknownKey`: it was encrypted with a key that is not among those given.
 * - `Rejected`: it was changed, or moved here from another user, or the key of
 *   this id is not the one that it was encrypted with. Which of these cannot be
 *   known.
 *
 * @category errors
 */
export class RecordNotDecrypted extends Data.TaggedError("RecordNotDecrypted")<{
  /** The user whose record it is. */
  readonly user: string
  /** Whether the record is not encrypted, is so with a key that is not given, or does not decrypt. */
  readonly reason: "NotEncrypted" | "UnknownKey" | "Rejected"
}> {
  override get message(): string {
    const what = {
      NotEncrypted: "is not encrypted, or damaged",
      UnknownKey: "is encrypted with a key that is not among those given",
      Rejected: "does not decrypt: changed, moved from another user, or encrypted with another key of the same id"
    }
    return `what is stored for user ${JSON.stringify(this.user)} ${what[this.reason]}`
  }
}

const Envelope = Schema.fromJsonString(
  Schema.Struct({
    v: Schema.Literal(1),
    kid: Schema.String,
    iv: Schema.Uint8ArrayFromBase64Url,
    data: Schema.Uint8ArrayFromBase64Url
  })
)
const encodeEnvelope = Schema.encodeEffect(Envelope)
const decodeEnvelope = Schema.decodeEffect(Envelope)

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

// What the tag vouches for besides the record: what it is, and whose.
const associated = (kid: string, user: string): Uint8Array =>
  encoder.encode(JSON.stringify(["effect-miro/TokenRecord", 1, kid, user]))

const failed = (cause: unknown, version?: string) => new TokenStorageError({ cause, version })

const keyRing = Effect.fnUntraced(function* (
  keys: ReadonlyArray<EncryptionKey>
): Effect.fn.Return<ReadonlyMap<string, Aead.Key>, InvalidEncryptionKeys> {
  const ring = new Map<string, Aead.Key>()
  for (const [index, { id, key }] of keys.entries()) {
    // By its place and without a cause: an id can be a key that was put in the wrong place.
    const invalid = (problem: string) => new InvalidEncryptionKeys({ description: `key ${index + 1} ${problem}` })
    if (id === "") return yield* invalid("has no id")
    if (ring.has(id)) return yield* invalid("has the id of another one")
    const base64url = Redacted.value(key).trim().replaceAll("+", "-").replaceAll("/", "_")
    const bytes = yield* Effect.mapError(Effect.fromResult(Base64Url.decode(base64url)), () => invalid("is not base64"))
    ring.set(
      id,
      yield* Effect.mapError(Aead.key(Aead.aes256Gcm, bytes), () => invalid(`has ${bytes.length} bytes and not 32`))
    )
  }
  return ring
})

const make = Effect.fnUntraced(function* (options: {
  readonly keys: ReadonlyArray<EncryptionKey>
  readonly acceptPlaintext?: boolean | undefined
}) {
  const storage = yield* TokenStorage
  const aead = yield* Aead.Aead
  const random = yield* SecureRandom.SecureRandom
  const ring = yield* keyRing(options.keys)
  const [newest] = ring
  if (newest === undefined) return yield* new InvalidEncryptionKeys({ description: "there is none" })
  const [kid, key] = newest

  const encrypt = Effect.fnUntraced(
    function* (user: string, record: Redacted.Redacted) {
      const iv = yield* random.randomBytes(key.algorithm.nonceLength)
      const plaintext = encoder.encode(Redacted.value(record))
      const data = yield* aead.encrypt(key, plaintext, { nonce: iv, aad: associated(kid, user) })
      return Redacted.make(yield* encodeEnvelope({ v: 1, kid, iv, data }))
    },
    Effect.mapError((cause) => failed(cause))
  )

  const decrypt = Effect.fnUntraced(function* (user: string, { record, version }: Stored) {
    const notDecrypted = (reason: RecordNotDecrypted["reason"]) =>
      failed(new RecordNotDecrypted({ user, reason }), version)
    const envelope = yield* Effect.option(decodeEnvelope(Redacted.value(record)))
    if (Option.isNone(envelope)) {
      return options.acceptPlaintext === true ? { record, version } : yield* notDecrypted("NotEncrypted")
    }
    const { data, iv, kid } = envelope.value
    const key = ring.get(kid)
    if (key === undefined) return yield* notDecrypted("UnknownKey")
    const plaintext = yield* Effect.mapError(
      aead.decrypt(key, data, { nonce: iv, aad: associated(kid, user) }),
      ({ reason }) =>
        reason._tag === "DecryptionFailed" || reason._tag === "InvalidArgument"
          ? notDecrypted("Rejected")
          : failed(reason)
    )
    return { record: Redacted.make(decoder.decode(plaintext)), version }
  })

  return TokenStorage.of({
    place: storage.place?.bind(storage),
    get: (user) =>
      Effect.flatMap(
        storage.get(user),
        Option.match({
          onNone: () => Effect.succeedNone,
          onSome: (stored) => Effect.asSome(decrypt(user, stored))
        })
      ),
    compareAndSet: (user, expected, next) =>
      Option.match(next, {
        onNone: () => storage.compareAndSet(user, expected, next),
        onSome: (record) =>
          Effect.flatMap(encrypt(user, record), (envelope) =>
            storage.compareAndSet(user, expected, Option.some(envelope))
          )
      })
  })
})

const layer = (options: Parameters<typeof make>[0]) =>
  Layer.effect(TokenStorage, make(options)).pipe(
    Layer.provide(Layer.provideMerge(Aead.layerWebCrypto, SecureRandom.layerWebCrypto))
  )

/**
 * Encrypts records before another storage keeps them, so that whoever reads the
 * database or its backups has no tokens: AES-256-GCM, with each record bound to
 * its user, so that none can be put under another one. The names of users are
 * not encrypted, and who can write can still put back an old record.
 *
 * Each record is encrypted with the first key, and decrypted with the one that
 * it names. Make a key with `openssl rand -base64 32`. To rotate, add a key in
 * front: a record is encrypted with it at its next write, which is the next
 * refresh. Where several processes share a storage, have them all know the new
 * key in the last place before any has it in the first. Take the old key out
 * when no record names it any more (`"kid"` in what is stored). That comes by
 * itself only for users whose tokens are refreshed: those of a user who stays
 * away are dead after 60 days, but tokens that do not expire are never written
 * again.
 *
 * A record that does not decrypt is a `TokenStorageError`, whose cause is a
 * {@link RecordNotDecrypted}, and calls leave it as it is: that of a key which
 * was taken out too early is readable again once the key is back. A new login
 * of its user replaces it, and `MiroOAuth.revoke` removes it.
 *
 * Every write takes a random nonce of 96 bits. With one key these are safe for
 * 2³² writes: a million users who refresh every hour, two writes each, are there
 * after 12 weeks, and a thousand after 245 years. Take a new key well before.
 *
 * Records that are there already and not encrypted are refused, since anybody
 * could have put them there. `acceptPlaintext` takes them as they are, and they
 * are encrypted at their next write: for the time that this takes, and no
 * longer.
 *
 * **Example** (Encrypted in memory)
 *
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { TokenStorage } from "effect-miro"
 *
 * const key = Redacted.make("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")
 *
 * const layer = TokenStorage.layerEncrypted({ keys: [{ id: "2025-01", key }] }).pipe(
 *   Layer.provide(TokenStorage.layerMemory)
 * )
 * ```
 *
 * @category layers
 */
export const layerEncrypted = (options: {
  /** The newest key first. */
  readonly keys: NonEmptyReadonlyArray<EncryptionKey>
  /** Whether records that are not encrypted are taken as they are: false unless set. */
  readonly acceptPlaintext?: boolean | undefined
}): Layer.Layer<TokenStorage, InvalidEncryptionKeys, TokenStorage> => layer(options)

const parseKeys = (text: string): Effect.Effect<ReadonlyArray<EncryptionKey>, InvalidEncryptionKeys> =>
  Effect.forEach(text.split(","), (entry, index) => {
    const colon = entry.lastIndexOf(":")
    return colon === -1
      ? Effect.fail(new InvalidEncryptionKeys({ description: `key ${index + 1} is not of the form id:key` }))
      : Effect.succeed({ id: entry.slice(0, colon).trim(), key: Redacted.make(entry.slice(colon + 1)) })
  })

/**
 * Like {@link layerEncrypted}, with the keys from `MIRO_TOKEN_KEYS`: `id:key`,
 * the newest first, with commas between them.
 *
 * @category layers
 */
export const layerEncryptedConfig: Layer.Layer<TokenStorage, Config.ConfigError | InvalidEncryptionKeys, TokenStorage> =
  Layer.unwrap(
    Effect.gen(function* () {
      const keys = yield* Effect.mapError(Settings.secret("MIRO_TOKEN_KEYS"), Settings.readable)
      return layer({ keys: yield* parseKeys(Redacted.value(keys)) })
    })
  )
