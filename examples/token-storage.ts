/**
 * Each storage of tokens in use. A first program authorizes a user and ends; a
 * second one finds the tokens, which have expired, and refreshes them.
 *
 *   npm run example -- examples/token-storage.ts file
 *   npm run example -- examples/token-storage.ts sqlite
 *   DATABASE_URL=postgres://... npm run example -- examples/token-storage.ts postgres
 *   REDIS_URL=redis://... npm run example -- examples/token-storage.ts redis
 *   npm run example -- examples/token-storage.ts key-value
 *   npm run example -- examples/token-storage.ts encrypted
 *
 * Miro is the sandbox here, so nothing has to be set up there.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Config, Console, Effect, FileSystem, Layer, Path, Redacted } from "effect"
import { Boards, MiroClient, MiroOAuth, TokenStorage } from "effect-miro"
import * as TokenStorageSqlite from "effect-miro/auth/TokenStorageSqlite"
import { MiroSandbox } from "effect-miro/sandbox"
import { KeyValueStore } from "effect/persistence"

const Files = Layer.merge(NodeFileSystem.layer, NodePath.layer)

/** A path in a directory that is gone when the example ends. */
const temporary = Effect.fn(function* (name: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return path.join(yield* fs.makeTempDirectoryScoped(), name)
})

const InFiles = Layer.unwrap(Effect.map(temporary("tokens"), TokenStorage.layerFile)).pipe(Layer.provide(Files))

const InSqlite = Layer.unwrap(
  Effect.map(temporary("tokens.db"), (filename) => TokenStorageSqlite.layer({ filename }))
).pipe(Layer.provide(Files))

const InPostgres = TokenStorage.layerSql({ migrate: true }).pipe(
  Layer.provide(PgClient.layerConfig({ url: Config.Redacted("DATABASE_URL") }))
)

const InRedis = TokenStorage.layerRedis().pipe(
  Layer.provide(NodeRedis.layerConfig({ url: Config.NonEmptyString("REDIS_URL") }))
)

// Any `KeyValueStore` will do, as long as one process has it to itself.
const InKeyValueStore = TokenStorage.layerKeyValueStore().pipe(Layer.provide(KeyValueStore.layerMemory))

// Around any of the others. The key belongs in a secret: `layerEncryptedConfig` reads it from MIRO_TOKEN_KEYS.
const Encrypted = TokenStorage.layerEncrypted({
  keys: [{ id: "2026-11", key: Redacted.make("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=") }]
}).pipe(Layer.provide(InFiles))

const storages: Readonly<Record<string, Layer.Layer<TokenStorage.TokenStorage, unknown>>> = {
  file: InFiles,
  sqlite: InSqlite,
  postgres: InPostgres,
  redis: InRedis,
  "key-value": InKeyValueStore,
  encrypted: Encrypted
}

const Miro = Layer.unwrap(Effect.map(Effect.service(MiroSandbox.Settings), (app) => MiroClient.layerOAuth(app)))

const authorize = Effect.gen(function* () {
  const oauth = yield* MiroOAuth.MiroOAuth
  const sandbox = yield* MiroSandbox.MiroSandbox
  const { codeVerifier, state, url } = yield* oauth.authorizationRequest()
  yield* oauth.handleCallback(yield* sandbox.consent(url), { codeVerifier, state })
  yield* Console.log("The user has authorized the app, and the program ends.")
}).pipe(MiroClient.as("anna"))

const later = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  yield* sandbox.expireAccessTokens
  const board = yield* Boards.create({ name: "Retrospective" })
  yield* Console.log(`The next one finds the tokens, refreshes them and creates the board ${board.name}.`)
}).pipe(MiroClient.as("anna"))

const program = Effect.andThen(
  Effect.provide(authorize, Miro, { local: true }),
  Effect.provide(later, Miro, { local: true })
)

const Storage = storages[process.argv[2] ?? "file"]

if (Storage === undefined) {
  console.error(`Name one of ${Object.keys(storages).join(", ")}.`)
  process.exitCode = 1
} else {
  await Effect.runPromise(Effect.provide(program, Layer.merge(Storage, MiroSandbox.layerHttpClient)))
}
