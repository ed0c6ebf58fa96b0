import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { TokenStorage, TokenStorageError } from "./service.ts"

interface Options {
  /** The table, `miro_tokens` unless set. */
  readonly table?: string | undefined
  /** Whether to create the table if it is missing. Off unless set. */
  readonly migrate?: boolean | undefined
}

const make = Effect.fnUntraced(function* (options: Options | undefined) {
  const client = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const isSupported = client.onDialectOrElse({ pg: () => true, sqlite: () => true, orElse: () => false })
  if (!isSupported) {
    const cause = new Error("layerSql needs a database that knows ON CONFLICT and RETURNING: PostgreSQL or SQLite")
    return yield* new TokenStorageError({ cause })
  }
  const sql = client.withoutTransforms()
  const table = sql(options?.table ?? "miro_tokens")

  // Never in a transaction of whoever makes the call: what is refreshed in it would be lost with its rollback, and
  // nobody else would see it before its end.
  const run = <A>(statement: Effect.Effect<A, SqlError>): Effect.Effect<A, TokenStorageError> =>
    statement.pipe(
      Effect.updateContext((context: Context.Context<never>) => Context.omit(sql.transactionService)(context)),
      Effect.mapError((cause) => new TokenStorageError({ cause }))
    )

  if (options?.migrate === true) {
    // When several create it at once, PostgreSQL fails all but one, although it is told to look.
    yield* run(
      sql`CREATE TABLE IF NOT EXISTS ${table} (user_key TEXT PRIMARY KEY, version TEXT NOT NULL, record TEXT NOT NULL)`
    ).pipe(Effect.retry({ schedule: Schedule.jittered(Schedule.spaced("50 millis")), times: 5 }))
  }

  const isOne = Effect.map((rows: ReadonlyArray<unknown>) => rows.length === 1)

  return TokenStorage.of({
    get: (user) =>
      run(
        sql<{ readonly version: string; readonly record: string }>`
          SELECT version, record FROM ${table} WHERE user_key = ${user}`
      ).pipe(
        Effect.map(([row]) =>
          Option.map(Option.fromUndefinedOr(row), ({ record, version }) => ({ record: Redacted.make(record), version }))
        )
      ),
    compareAndSet: Effect.fnUntraced(function* (user, expected, next) {
      if (Option.isNone(next)) {
        return Option.isSome(expected)
          ? yield* isOne(
              run(sql`DELETE FROM ${table} WHERE user_key = ${user} AND version = ${expected.value} RETURNING version`)
            )
          : yield* isAbsent(user)
      }
      const record = Redacted.value(next.value)
      // Made up and not counted, so that it does not come again after a removal.
      const version = yield* random.uuidV4()
      return yield* isOne(
        run(
          Option.isSome(expected)
            ? sql`
                UPDATE ${table} SET version = ${version}, record = ${record}
                WHERE user_key = ${user} AND version = ${expected.value} RETURNING version`
            : sql`
                INSERT INTO ${table} (user_key, version, record) VALUES (${user}, ${version}, ${record})
                ON CONFLICT DO NOTHING RETURNING version`
        )
      )
    })
  })

  function isAbsent(user: string) {
    return Effect.map(run(sql`SELECT version FROM ${table} WHERE user_key = ${user}`), (rows) => rows.length === 0)
  }
})

/**
 * Keeps tokens in a table of a PostgreSQL or SQLite database, for any number of
 * processes: one row for each user, with the columns `user_key`, `version` and
 * `record`, all of type `TEXT`.
 *
 * Writes are never part of a transaction in which a call is made. So a call
 * within `withTransaction` takes a second connection, and the pool needs one
 * to spare.
 *
 * Fails with `TokenStorageError` if the table cannot be created, or if the
 * database is of another kind.
 *
 * @category layers
 */
export const layerSql = (options?: Options): Layer.Layer<TokenStorage, TokenStorageError, SqlClient.SqlClient> =>
  Layer.effect(TokenStorage, make(options)).pipe(Layer.provide(SecureRandom.layerWebCrypto))
