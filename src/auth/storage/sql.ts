import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { responseOf, sendable, textFrom } from "./server.ts"
import { TokenStorage, TokenStorageError } from "./service.ts"

interface Options {
  /** The table, `miro_tokens` unless set. */
  readonly table?: string | undefined
  /** Whether to create the table if it is missing. Off unless set. */
  readonly migrate?: boolean | undefined
}

// The words of the database alone. What comes with them can quote the whole row, and so the record.
const explain = ({ message, reason }: SqlError): Error =>
  new Error(Predicate.hasProperty(reason.cause, "message") ? `${message}: ${String(reason.cause.message)}` : message)

const make = Effect.fnUntraced(function* (options: Options | undefined) {
  const client = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const isSupported = client.onDialectOrElse({ pg: () => true, sqlite: () => true, orElse: () => false })
  if (!isSupported) {
    const cause = new Error("layerSql needs a database that knows ON CONFLICT and RETURNING: PostgreSQL or SQLite")
    return yield* new TokenStorageError({ cause })
  }
  const sql = client.withoutTransforms()
  const name = options?.table ?? "miro_tokens"
  const table = sql(name)

  // Never in a transaction of whoever makes the call: what is refreshed in it would be lost with its rollback, and
  // nobody else would see it before its end. And without spans, since the span of a statement ends with its rows.
  const run = <A>(
    statement: Effect.Effect<A, SqlError>,
    record?: Option.Option<Redacted.Redacted>
  ): Effect.Effect<A, TokenStorageError> =>
    responseOf(
      statement.pipe(
        Effect.updateContext((context: Context.Context<never>) => Context.omit(sql.transactionService)(context)),
        Effect.withTracerEnabled(false)
      ),
      explain,
      record
    )

  if (options?.migrate === true) {
    // When several create it at once, PostgreSQL fails all but one, although it is told to look.
    yield* run(
      Effect.retry(
        sql`CREATE TABLE IF NOT EXISTS ${table} (user_key TEXT PRIMARY KEY, version TEXT NOT NULL, record TEXT NOT NULL)`,
        { schedule: Schedule.jittered(Schedule.spaced("50 millis")), times: 5 }
      )
    )
  }

  const read = (user: string) => run(sql`SELECT version, record FROM ${table} WHERE user_key = ${user}`)

  const isOne = Effect.map((rows: ReadonlyArray<unknown>) => rows.length === 1)

  return TokenStorage.of({
    place: (user) => Effect.succeed(`table ${name}, user_key ${JSON.stringify(user)}`),
    get: Effect.fnUntraced(function* (user) {
      const [row] = yield* read(yield* sendable(user))
      if (row === undefined) return Option.none()
      const version = yield* textFrom(row["version"])
      return Option.some({ record: Redacted.make(yield* textFrom(row["record"], version)), version })
    }),
    compareAndSet: Effect.fnUntraced(function* (user, expected, next) {
      yield* sendable(user)
      if (Option.isNone(next)) {
        return Option.isSome(expected)
          ? yield* isOne(
              run(sql`DELETE FROM ${table} WHERE user_key = ${user} AND version = ${expected.value} RETURNING version`)
            )
          : (yield* read(user)).length === 0
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
                ON CONFLICT DO NOTHING RETURNING version`,
          next
        )
      )
    })
  })
})

/**
 * Keeps tokens in a table of a PostgreSQL or SQLite database, for any number of
 * processes: one row for each user, with the columns `user_key`, `version` and
 * `record`, all of type `TEXT`.
 *
 * Writes are never part of a transaction in which a call is made. So a call
 * within `withTransaction` takes a second connection, and the pool needs one
 * to spare: without, as always with the one connection of a SQLite client, the
 * call fails with `TokenStorageError` after 5 seconds, as it does when the
 * database gives no response.
 *
 * The statements make no spans, which would hold what they read.
 *
 * Fails with `TokenStorageError` if the table cannot be created, or if the
 * database is of another kind.
 *
 * @category layers
 */
export const layerSql = (options?: Options): Layer.Layer<TokenStorage, TokenStorageError, SqlClient.SqlClient> =>
  Layer.effect(TokenStorage, make(options)).pipe(Layer.provide(SecureRandom.layerWebCrypto))
