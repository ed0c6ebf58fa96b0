/**
 * Keeps tokens in a SQLite file, for the processes of one machine. Not part of
 * the index, since it needs Node's own SQLite: Node 22.13 or newer.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { chmodSync, closeSync, openSync } from "node:fs"
import { resolve } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { sendable } from "./storage/server.ts"
import { TokenStorage, TokenStorageError } from "./TokenStorage.ts"

const SQLITE_BUSY = 5

// The lower byte of an extended code is the code.
const isBusy = ({ cause }: TokenStorageError): boolean =>
  Predicate.hasProperty(cause, "errcode") && typeof cause.errcode === "number" && (cause.errcode & 0xff) === SQLITE_BUSY

// A statement blocks the whole process, so it waits for others only briefly itself: between the attempts everything
// else goes on. Five seconds in all.
const attempt = <A>(run: () => A): Effect.Effect<A, TokenStorageError> =>
  Effect.try({ try: run, catch: (cause) => new TokenStorageError({ cause }) }).pipe(
    Effect.retry({ schedule: Schedule.jittered(Schedule.spaced("25 millis")), times: 150, while: isBusy })
  )

const open = (filename: string): DatabaseSync => {
  // To SQLite some names are no files, such as `:memory:`; a whole path always is.
  const path = resolve(filename)
  // SQLite would let everyone read what it creates, and gives its other files the mode of this one.
  closeSync(openSync(path, "a", 0o600))
  chmodSync(path, 0o600)
  return new DatabaseSync(path, { timeout: 10 })
}

// A page that is cut or overwritten can read as one without the row that is looked for, and a user as one who has never
// authorized the app. Some 1 ms for 1,000 users.
const checkIntegrity = (database: DatabaseSync): void => {
  const found = Object.values(database.prepare("PRAGMA integrity_check(1)").get() ?? {})
  if (found[0] !== "ok") throw new Error(`the database is damaged: ${String(found[0])}`)
}

const make = Effect.fnUntraced(function* (filename: string) {
  const random = yield* SecureRandom.SecureRandom
  const database = yield* Effect.acquireRelease(
    attempt(() => open(filename)),
    (database) => Effect.sync(() => database.close())
  )
  yield* attempt(() =>
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS miro_tokens (
        user_key TEXT PRIMARY KEY, version TEXT NOT NULL, record TEXT NOT NULL
      ) STRICT;
    `)
  )
  yield* attempt(() => checkIntegrity(database))
  const statements = yield* attempt(() => ({
    select: database.prepare("SELECT version, record FROM miro_tokens WHERE user_key = ?"),
    insert: database.prepare(
      "INSERT INTO miro_tokens (user_key, version, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    ),
    update: database.prepare("UPDATE miro_tokens SET version = ?, record = ? WHERE user_key = ? AND version = ?"),
    remove: database.prepare("DELETE FROM miro_tokens WHERE user_key = ? AND version = ?")
  }))

  return TokenStorage.of({
    place: (user) => Effect.succeed(`${resolve(filename)}, table miro_tokens, user_key ${JSON.stringify(user)}`),
    get: Effect.fnUntraced(function* (user) {
      yield* sendable(user)
      const row = yield* attempt(() => statements.select.get(user))
      return Option.map(Option.fromUndefinedOr(row), (row) => ({
        version: String(row["version"]),
        record: Redacted.make(String(row["record"]))
      }))
    }),
    compareAndSet: Effect.fnUntraced(function* (user, expected, next) {
      yield* sendable(user)
      // Made up and not counted, so that it does not come again after a removal.
      const version = yield* random.uuidV4()
      const record = Option.map(next, Redacted.value)
      if (Option.isNone(expected)) {
        return yield* Option.isSome(record)
          ? attempt(() => statements.insert.run(user, version, record.value).changes === 1)
          : attempt(() => statements.select.get(user) === undefined)
      }
      const { changes } = yield* Option.isSome(record)
        ? attempt(() => statements.update.run(version, record.value, user, expected.value))
        : attempt(() => statements.remove.run(user, expected.value))
      return changes === 1
    })
  })
})

/**
 * Opens the file, and creates it when it is missing. It is made readable by its
 * owner only. A directory that is missing, a file that is no database, that is
 * damaged or that is locked for more than some seconds is a `TokenStorageError`.
 *
 * The file has to be on a disk of this machine: over a network file system
 * SQLite's locks are not to be relied on.
 *
 * @category layers
 */
export const layer = (options: {
  /** The path of the database. The file is created if it does not exist. */
  readonly filename: string
}): Layer.Layer<TokenStorage, TokenStorageError> =>
  Layer.effect(TokenStorage, make(options.filename)).pipe(Layer.provide(SecureRandom.layerWebCrypto))
