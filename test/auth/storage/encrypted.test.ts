import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Logger, Option, Redacted } from "effect"
import { AccessToken, Boards, MiroClient, TokenStorage, TokenStorageTest } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { inspect } from "node:util"
import { login, OAuth, record, refreshes } from "../support.ts"

const keyOf = (byte: number) => Redacted.make(Buffer.alloc(32, byte).toString("base64"))

const first: TokenStorage.EncryptionKey = { id: "first", key: keyOf(1) }
const second: TokenStorage.EncryptionKey = { id: "second", key: keyOf(2) }

/** What is kept, as who has the database sees it. */
type Rows = Map<string, string>

const storageOver = (rows: Rows) =>
  TokenStorage.layerGetSet({
    get: (user) => Effect.sync(() => Option.map(Option.fromUndefinedOr(rows.get(user)), (text) => Redacted.make(text))),
    set: (user, record) =>
      Effect.sync(() => {
        if (Option.isSome(record)) rows.set(user, Redacted.value(record.value))
        else rows.delete(user)
      })
  })

const encrypted = (rows: Rows, options: Parameters<typeof TokenStorage.layerEncrypted>[0] = { keys: [first] }) =>
  Layer.provide(TokenStorage.layerEncrypted(options), storageOver(rows))

const write = (text: string, user = "anna") =>
  Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const version = Option.map(yield* storage.get(user), ({ version }) => version)
    assert.isTrue(yield* storage.compareAndSet(user, version, Option.some(Redacted.make(text))))
  })

const read = (user = "anna") =>
  Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    return Redacted.value(Option.getOrThrow(yield* storage.get(user)).record)
  })

/** Why a record cannot be read. */
const refusal = (rows: Rows, user = "anna", options?: Parameters<typeof TokenStorage.layerEncrypted>[0]) =>
  Effect.gen(function* () {
    const before = new Map(rows)
    const error = yield* Effect.flip(Effect.provide(read(user), encrypted(rows, options)))
    assert.instanceOf(error, TokenStorage.TokenStorageError)
    assert.instanceOf(error.cause, TokenStorage.RecordNotDecrypted)
    assert.deepStrictEqual(rows, before, "reading wrote something")
    return error.cause
  })

const envelopeOf = (rows: Rows, user = "anna") => JSON.parse(rows.get(user) ?? "")

/** Whether a text holds a secret, as it is or in any base64. */
const shows = (text: string, secret: string) =>
  [text, ...(text.match(/[\w+/-]{8,}/g) ?? []).map((run) => Buffer.from(run, "base64").toString("latin1"))].some(
    (text) => text.includes(secret)
  )

describe("layerEncrypted is a storage like any other", () => {
  const inMemory = Layer.provide(TokenStorage.layerEncrypted({ keys: [first, second] }), TokenStorage.layerMemory)
  for (const { name, run } of TokenStorageTest.suite(inMemory)) it.effect(name, () => run)

  // Two processes with a memory in common.
  const shared = Layer.effect(TokenStorage.TokenStorage, Effect.service(TokenStorage.TokenStorage))
  const processes = TokenStorageTest.suite(Layer.provide(TokenStorage.layerEncrypted({ keys: [first] }), shared), {
    shared: true
  })
  for (const { name, run } of processes) {
    it.effect(`shared: ${name}`, () => Effect.provide(run, TokenStorage.layerMemory))
  }
})

describe("what is stored", () => {
  it.effect("names its form and its key, and takes a new nonce with every write", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      const nonces = new Set<string>()
      for (let round = 0; round < 100; round++) {
        yield* Effect.provide(write("the same"), encrypted(rows))
        const { data, iv, kid, v, ...others } = envelopeOf(rows)
        assert.deepStrictEqual({ v, kid, others }, { v: 1, kid: "first", others: {} })
        assert.strictEqual(Buffer.from(iv, "base64url").length, 12)
        assert.strictEqual(Buffer.from(data, "base64url").length, "the same".length + 16)
        nonces.add(iv)
      }
      assert.strictEqual(nonces.size, 100)
    })
  )

  it.effect("is AES-256-GCM that others can decrypt", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      yield* Effect.provide(write("ünï 👩‍👩‍👧", "ünï"), encrypted(rows))
      const { data, iv } = envelopeOf(rows, "ünï")
      const key = yield* Effect.promise(() =>
        crypto.subtle.importKey("raw", Buffer.alloc(32, 1), "AES-GCM", false, ["decrypt"])
      )
      const additionalData = Buffer.from(JSON.stringify(["effect-miro/TokenRecord", 1, "first", "ünï"]))
      const plaintext = yield* Effect.promise(() =>
        crypto.subtle.decrypt(
          { name: "AES-GCM", iv: Buffer.from(iv, "base64url"), additionalData },
          key,
          Buffer.from(data, "base64url")
        )
      )
      assert.strictEqual(Buffer.from(plaintext).toString(), "ünï 👩‍👩‍👧")
    })
  )

  it.effect("is refused when a single bit was changed, whichever it is", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      // With its tag a multiple of three bytes, so that no bit of the base64url is without meaning.
      yield* Effect.provide(write("of anna."), encrypted(rows))
      const bytes = Buffer.from(rows.get("anna") ?? "")
      assert.strictEqual(bytes.length, rows.get("anna")?.length)
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const tampered = Buffer.from(bytes)
        tampered[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        yield* refusal(new Map([["anna", tampered.toString("latin1")]]))
      }
    })
  )

  it.effect("cannot be cut off anywhere", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      yield* Effect.provide(write("tokens"), encrypted(rows))
      const text = rows.get("anna") ?? ""
      for (let length = 0; length < text.length; length++) {
        const { reason } = yield* refusal(new Map([["anna", text.slice(0, length)]]))
        assert.strictEqual(reason, "NotEncrypted")
      }
      const envelope = envelopeOf(rows)
      for (let length = 0; length < envelope.data.length; length++) {
        yield* refusal(new Map([["anna", JSON.stringify({ ...envelope, data: envelope.data.slice(0, length) })]]))
      }
    })
  )

  it.effect("cannot be moved to another user", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      yield* Effect.provide(Effect.andThen(write("of anna"), write("of ben", "ben")), encrypted(rows))
      const swapped = new Map([
        ["anna", rows.get("ben") ?? ""],
        ["ben", rows.get("anna") ?? ""]
      ])
      for (const user of ["anna", "ben"]) assert.strictEqual((yield* refusal(swapped, user)).reason, "Rejected")
    })
  )

  it.effect("cannot be said to be of another key or form", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      yield* Effect.provide(write("tokens"), encrypted(rows))
      const envelope = envelopeOf(rows)
      const changed = (change: object) => new Map([["anna", JSON.stringify({ ...envelope, ...change })]])
      // Even when both ids have the same key.
      const keys = [first, { ...first, id: "alias" }] as const
      assert.strictEqual((yield* refusal(changed({ kid: "alias" }), "anna", { keys })).reason, "Rejected")
      assert.strictEqual((yield* refusal(changed({ kid: "__proto__" }))).reason, "UnknownKey")
      assert.strictEqual((yield* refusal(changed({ v: 2 }))).reason, "NotEncrypted")
      assert.strictEqual((yield* refusal(changed({ iv: "AAAA" }))).reason, "Rejected")
    })
  )
})

describe("keys", () => {
  it.effect("are rotated: the old one still decrypts, and the next write is with the new one", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      yield* Effect.provide(Effect.andThen(write("1"), write("of ben", "ben")), encrypted(rows))

      const rotated = encrypted(rows, { keys: [second, first] })
      assert.strictEqual(yield* Effect.provide(read(), rotated), "1")
      assert.strictEqual(envelopeOf(rows).kid, "first")
      yield* Effect.provide(write("2"), rotated)
      assert.strictEqual(envelopeOf(rows).kid, "second")

      // Ben's record was not written in the meantime: his is not readable until the key is back.
      const keys = [second] as const
      assert.strictEqual(yield* Effect.provide(read(), encrypted(rows, { keys })), "2")
      assert.strictEqual((yield* refusal(rows, "ben", { keys })).reason, "UnknownKey")
      assert.strictEqual(yield* Effect.provide(read("ben"), rotated), "of ben")
    })
  )

  it.effect("of the same id do not decrypt for each other", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      yield* Effect.provide(write("tokens"), encrypted(rows))
      const keys = [{ id: "first", key: keyOf(3) }] as const
      assert.strictEqual((yield* refusal(rows, "anna", { keys })).reason, "Rejected")
    })
  )

  it.effect("may be in base64 or base64url, with padding or without", () =>
    Effect.gen(function* () {
      const bytes = Buffer.alloc(32, 0xfb)
      const base64 = bytes.toString("base64")
      const base64url = bytes.toString("base64url")
      assert.match(base64, /[+/].*=$/)
      assert.match(base64url, /^[\w-]+$/)
      const rows: Rows = new Map()
      yield* Effect.provide(write("tokens"), encrypted(rows, { keys: [{ id: "k", key: Redacted.make(base64) }] }))
      for (const key of [base64url, base64.replace("=", ""), `${base64url}=`, ` ${base64}\n`]) {
        const layer = encrypted(rows, { keys: [{ id: "k", key: Redacted.make(key) }] })
        assert.strictEqual(yield* Effect.provide(read(), layer), "tokens")
      }
    })
  )

  const invalid = (keys: ReadonlyArray<TokenStorage.EncryptionKey>) => {
    const [head = { id: "", key: keyOf(1) }, ...tail] = keys
    return Effect.flip(Effect.provide(read(), encrypted(new Map(), { keys: [head, ...tail] })))
  }

  it.effect("that cannot be used are a typed error, which does not show them", () =>
    Effect.gen(function* () {
      const secret = "c2VjcmV0"
      const cases: ReadonlyArray<readonly [ReadonlyArray<TokenStorage.EncryptionKey>, string]> = [
        [[{ id: "a", key: Redacted.make(secret) }], "key 1 has 6 bytes and not 32"],
        [[first, { id: "a", key: Redacted.make(`${secret}*`) }], "key 2 is not base64"],
        [[{ id: "a", key: Redacted.make("") }], "key 1 has 0 bytes and not 32"],
        [[{ id: "a", key: Redacted.make(Buffer.alloc(33).toString("base64")) }], "key 1 has 33 bytes and not 32"],
        [[{ id: "", key: keyOf(1) }], "key 1 has no id"],
        [[first, second, { ...second, id: "first" }], "key 3 has the id of another one"],
        // The id and the key in each other's place.
        [[{ id: secret, key: Redacted.make("2025") }], "key 1 has 3 bytes and not 32"]
      ]
      for (const [keys, description] of cases) {
        const error = yield* invalid(keys)
        assert.instanceOf(error, TokenStorage.InvalidEncryptionKeys)
        assert.strictEqual(error.message, `Invalid encryption keys: ${description}`)
        assert.notInclude(`${JSON.stringify(error)} ${inspect(error, { depth: 10 })}`, secret)
      }
    })
  )

  const fromConfig = (rows: Rows, env: Record<string, string>) =>
    TokenStorage.layerEncryptedConfig.pipe(
      Layer.provide(storageOver(rows)),
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env)))
    )

  it.effect("come from MIRO_TOKEN_KEYS, the newest first", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      yield* Effect.provide(write("tokens"), encrypted(rows))
      const MIRO_TOKEN_KEYS = `2025:01:${Redacted.value(second.key)}, first:${Redacted.value(first.key)}`
      const layer = fromConfig(rows, { MIRO_TOKEN_KEYS })
      assert.strictEqual(yield* Effect.provide(read(), layer), "tokens")
      yield* Effect.provide(write("tokens"), layer)
      assert.strictEqual(envelopeOf(rows).kid, "2025:01")
    })
  )

  it.effect("from MIRO_TOKEN_KEYS that cannot be used are a typed error, which does not show them", () =>
    Effect.gen(function* () {
      const key = Redacted.value(first.key)
      const cases = [
        [key, "key 1 is not of the form id:key"],
        [`a:${key},`, "key 2 is not of the form id:key"],
        [`:${key}`, "key 1 has no id"],
        [`a:${key},a:${key}`, "key 2 has the id of another one"],
        [`${key}:a`, "key 1 is not base64"]
      ] as const
      for (const [MIRO_TOKEN_KEYS, description] of cases) {
        const error = yield* Effect.flip(Effect.provide(read(), fromConfig(new Map(), { MIRO_TOKEN_KEYS })))
        assert.instanceOf(error, TokenStorage.InvalidEncryptionKeys)
        assert.strictEqual(error.message, `Invalid encryption keys: ${description}`)
        assert.notInclude(JSON.stringify(error), key)
      }
      const missing = yield* Effect.flip(Effect.provide(read(), fromConfig(new Map(), {})))
      assert.strictEqual("_tag" in missing && missing._tag, "ConfigError")
    })
  )
})

describe("records that are there already and not encrypted", () => {
  const plain = JSON.stringify({ accessToken: "plain", user: "anna" })

  it.effect("are refused, and stay as they are", () =>
    Effect.gen(function* () {
      for (const text of [plain, "", "null", "not JSON", "[]"]) {
        const cause = yield* refusal(new Map([["anna", text]]))
        assert.strictEqual(cause.reason, "NotEncrypted")
        assert.strictEqual(cause.message, 'what is stored for user "anna" is not encrypted, or damaged')
      }
    })
  )

  it.effect("are taken while acceptPlaintext says so, and encrypted at their next write", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map([["anna", plain]])
      const layer = encrypted(rows, { keys: [first], acceptPlaintext: true })
      assert.strictEqual(yield* Effect.provide(read(), layer), plain)
      assert.strictEqual(rows.get("anna"), plain)
      yield* Effect.provide(write(plain), layer)
      assert.isFalse(shows(rows.get("anna") ?? "", "plain"))
      assert.strictEqual(yield* Effect.provide(read(), encrypted(rows)), plain)
    })
  )

  it.effect("are all that acceptPlaintext takes: what is encrypted has to decrypt", () =>
    Effect.gen(function* () {
      const rows: Rows = new Map()
      yield* Effect.provide(write("tokens"), encrypted(rows))
      const options = { keys: [second], acceptPlaintext: true } as const
      assert.strictEqual((yield* refusal(rows, "anna", options)).reason, "UnknownKey")
    })
  )
})

describe("authorization and refresh over layerEncrypted", () => {
  const app = (rows: Rows, options?: Parameters<typeof TokenStorage.layerEncrypted>[0]) =>
    MiroClient.layer().pipe(
      Layer.provideMerge(AccessToken.layerOAuth),
      Layer.provideMerge(OAuth),
      Layer.provideMerge(encrypted(rows, options))
    )

  it.effect("go on across a change of keys, and no token is ever stored in clear", () =>
    Effect.gen(function* () {
      const sandbox = yield* MiroSandbox.MiroSandbox
      const rows: Rows = new Map()
      const secrets = Effect.gen(function* () {
        const { accessToken, refreshToken } = (yield* record()).record
        assert.isDefined(refreshToken)
        const found = [accessToken, refreshToken].map(Redacted.value)
        const text = rows.get("default") ?? ""
        for (const secret of found) {
          assert.isFalse(shows(text, secret))
          // So that it would be found if it were there.
          assert.isTrue(shows(Buffer.from(`x${secret}`).toString("base64url"), secret))
        }
        return found
      })

      const old = yield* Effect.provide(Effect.andThen(login, secrets), app(rows))
      assert.strictEqual(envelopeOf(rows, "default").kid, "first")
      yield* sandbox.expireAccessTokens
      const calls = Effect.all(
        Array.from({ length: 50 }, () => Boards.list()),
        { concurrency: "unbounded" }
      )
      const fresh = yield* Effect.provide(Effect.andThen(calls, secrets), app(rows, { keys: [second, first] }))
      assert.strictEqual((yield* refreshes).length, 1)
      assert.notDeepEqual(fresh, old)
      assert.strictEqual(envelopeOf(rows, "default").kid, "second")
    }).pipe(Effect.provide(MiroSandbox.layerHttpClient))
  )

  it.effect("fail when the record does not decrypt, say why, show no secret and spend no token", () => {
    const logs: Array<unknown> = []
    return Effect.gen(function* () {
      const rows: Rows = new Map()
      yield* Effect.provide(login, app(rows))
      const { data } = envelopeOf(rows, "default")
      const keys = [second] as const
      const error = yield* Effect.flip(Effect.provide(Boards.list(), app(rows, { keys })))
      assert.strictEqual(error._tag === "MiroError" && error.reason._tag, "TokenStorageFailure")
      assert.include(error.message, "is encrypted with a key that is not among those given")
      const cause = yield* refusal(rows, "default", { keys })
      for (const text of [
        String(error),
        JSON.stringify(error),
        JSON.stringify(cause),
        String(cause),
        ...logs.map(String)
      ]) {
        for (const secret of [data, Redacted.value(first.key), Redacted.value(second.key)]) {
          assert.notInclude(text, secret)
        }
      }
      assert.strictEqual((yield* refreshes).length, 0)
    }).pipe(
      Effect.provide(MiroSandbox.layerHttpClient),
      Effect.provide(Logger.layer([Logger.make(({ message }) => logs.push(message))]))
    )
  })
})
