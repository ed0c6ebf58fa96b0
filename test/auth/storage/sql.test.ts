import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Option, Redacted, Schedule, String as Text, Tracer } from "effect"
import { TokenStorage, TokenStorageTest } from "effect-miro"
import { SqlClient } from "effect/sql"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import { inTime } from "../../support/http.ts"
import { hasPostgres, layerPostgres, layerSqlite, line, postgres, unique } from "../../support/servers.ts"

const some = (text: string) => Option.some(Redacted.make(text))
const textOf = (stored: Option.Option<TokenStorage.Stored>) =>
  Option.getOrUndefined(Option.map(stored, ({ record }) => Redacted.value(record)))
const versionOf = Option.map(({ version }: TokenStorage.Stored) => version)

/** What is said of a call that has to fail, and neither hangs nor is a defect. */
const problemOf = <A, R>(call: Effect.Effect<A, TokenStorage.TokenStorageError, R>) =>
  Effect.map(Effect.flip(call), ({ cause }) => String(cause))

/** Runs a test with a storage over a new table, which is dropped in the end. */
const inNewTable = <A, E, R>(test: (table: string) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const table = unique()
    const sql = yield* SqlClient.SqlClient
    const layer = TokenStorage.layerSql({ table, migrate: true })
    return yield* Effect.ensuring(
      Effect.provide(test(table), layer),
      Effect.ignore(sql`DROP TABLE IF EXISTS ${sql(table)}`)
    )
  })

describe.skipIf(!hasPostgres)("layerSql on PostgreSQL", () => {
  const kit = TokenStorage.layerSql({ table: unique(), migrate: true })
  for (const { name, run } of TokenStorageTest.suite(kit, { shared: true })) {
    it.live(name, () => Effect.provide(run, layerPostgres()))
  }

  it.live("a rollback of the transaction that a call was made in loses no tokens, and others see them before", () =>
    inNewTable(() =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const storage = yield* TokenStorage.TokenStorage
        const exit = yield* Effect.gen(function* () {
          assert.isTrue(yield* storage.compareAndSet("anna", Option.none(), some("in the transaction")))
          // As a refresh is made: in a fiber of its own, with all that the caller's has.
          const refresh = yield* Effect.forkDetach(storage.compareAndSet("ben", Option.none(), some("in a fork of it")))
          assert.isTrue(yield* Fiber.join(refresh))
          return yield* Effect.fail("roll back")
        }).pipe(sql.withTransaction, Effect.exit)
        assert.deepStrictEqual(exit, Exit.fail("roll back"))
        assert.strictEqual(textOf(yield* storage.get("anna")), "in the transaction")
        assert.strictEqual(textOf(yield* storage.get("ben")), "in a fork of it")
      })
    ).pipe(Effect.provide(layerPostgres()))
  )

  it.effect("a pool without a connection to spare fails a call in a transaction, and serves those after it", () =>
    inNewTable(() =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const storage = yield* TokenStorage.TokenStorage
        const problem = yield* inTime(sql.withTransaction(problemOf(storage.get("anna"))))
        assert.include(problem, "no response within 5 seconds")
        assert.isTrue(yield* storage.compareAndSet("anna", Option.none(), some("later")))
      })
    ).pipe(Effect.provide(layerPostgres({ maxConnections: 1 })))
  )

  it.live("does not mind names that a client transforms", () =>
    inNewTable(() =>
      Effect.gen(function* () {
        const storage = yield* TokenStorage.TokenStorage
        assert.isTrue(yield* storage.compareAndSet("anna", Option.none(), some("first")))
        const stored = yield* storage.get("anna")
        assert.isTrue(yield* storage.compareAndSet("anna", versionOf(stored), some("second")))
        assert.strictEqual(textOf(yield* storage.get("anna")), "second")
      })
    ).pipe(
      Effect.provide(
        layerPostgres({ transformQueryNames: Text.toUpperCase, transformResultNames: (name) => `my_${name}` })
      )
    )
  )

  it.live("refuses users that it could not tell apart from others", () =>
    inNewTable(() =>
      Effect.gen(function* () {
        const storage = yield* TokenStorage.TokenStorage
        for (const user of ["a\0b", "\ud800", "\udfff"]) {
          yield* problemOf(storage.get(user))
          yield* problemOf(storage.compareAndSet(user, Option.none(), some("x")))
        }
      })
    ).pipe(Effect.provide(layerPostgres()))
  )

  it.live("shows no record in spans and errors, not even of a write that the database refuses", () => {
    const spans: Array<Tracer.Span> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    return inNewTable((table) =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const storage = yield* TokenStorage.TokenStorage
        yield* storage.compareAndSet("anna", Option.none(), some("secret 1"))
        const stored = yield* storage.get("anna")
        yield* storage.compareAndSet("anna", versionOf(stored), some("secret 2"))
        yield* sql`ALTER TABLE ${sql(table)} ADD CONSTRAINT short CHECK (length(record) < 10)`
        const error = yield* Effect.flip(storage.compareAndSet("ben", Option.none(), some("secret and long")))
        assert.include(String(error.cause), "violates check constraint")
        assert.notInclude(inspect(error, { depth: Infinity, showHidden: true }), "secret")
        const seen = inspect(spans, { depth: Infinity, showHidden: true })
        assert.include(seen, "ADD CONSTRAINT")
        assert.notInclude(seen, "secret")
      })
    ).pipe(Effect.provide(layerPostgres()), Effect.withTracer(tracer))
  })

  it.live("lets eight processes that start at once create the table, and again later", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (let round = 0; round < 5; round++) {
        const table = unique()
        const start = Layer.build(TokenStorage.layerSql({ table, migrate: true })).pipe(
          Effect.scoped,
          Effect.provide(layerPostgres(), { local: true })
        )
        yield* Effect.all(
          Array.from({ length: 8 }, () => start),
          { concurrency: "unbounded" }
        )
        yield* start
        yield* sql`DROP TABLE ${sql(table)}`
      }
    }).pipe(Effect.provide(layerPostgres()))
  )

  it.live("creates no table unless told to, and says that there is none", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      assert.include(yield* problemOf(storage.get("anna")), "does not exist")
    }).pipe(Effect.provide(TokenStorage.layerSql({ table: unique() })), Effect.provide(layerPostgres()))
  )

  it.live("fails while the server is down, and goes on when it is back", () =>
    Effect.gen(function* () {
      const { cut, mend, port } = yield* line(postgres)
      yield* inNewTable(() =>
        Effect.gen(function* () {
          const storage = yield* TokenStorage.TokenStorage
          yield* storage.compareAndSet("anna", Option.none(), some("before"))
          yield* cut
          yield* problemOf(storage.get("anna"))
          yield* problemOf(storage.compareAndSet("ben", Option.none(), some("lost")))
          yield* mend
          const stored = yield* Effect.retry(storage.get("anna"), {
            schedule: Schedule.spaced("50 millis"),
            times: 100
          })
          assert.strictEqual(textOf(stored), "before")
          assert.isTrue(Option.isNone(yield* storage.get("ben")))
        })
      ).pipe(Effect.provide(layerPostgres({ port })))
    }).pipe(Effect.scoped)
  )
})

describe("layerSql on SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "effect-miro-"))
  const filename = join(directory, "sql.db")

  const kit = TokenStorage.layerSql({ migrate: true })
  for (const { name, run } of TokenStorageTest.suite(kit, { shared: true })) {
    it.live(name, () => Effect.provide(run, layerSqlite(filename)))
  }

  it.effect("the one connection of a client in a transaction fails a call, and serves those after it", () =>
    inNewTable(() =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const storage = yield* TokenStorage.TokenStorage
        assert.include(
          yield* inTime(sql.withTransaction(problemOf(storage.get("anna")))),
          "no response within 5 seconds"
        )
        assert.isTrue(yield* storage.compareAndSet("anna", Option.none(), some("later")))
      })
    ).pipe(Effect.provide(layerSqlite(filename)))
  )

  afterAll(() => rmSync(directory, { recursive: true }))
})

it.effect("layerSql refuses a database that it does not know", () =>
  Effect.gen(function* () {
    const problem = yield* problemOf(Layer.build(TokenStorage.layerSql()))
    assert.include(problem, "PostgreSQL or SQLite")
  }).pipe(
    Effect.provide(
      Layer.effect(
        SqlClient.SqlClient,
        Effect.map(SqlClient.SqlClient, (sql) => {
          const onDialectOrElse: SqlClient.SqlClient["onDialectOrElse"] = ({ mysql, orElse }) => (mysql ?? orElse)()
          return Object.assign(sql, { onDialectOrElse })
        })
      ).pipe(Layer.provide(layerSqlite(":memory:")))
    )
  )
)
