/**
 * The servers that storages are tested with. `bash .ci/services npm test` starts
 * them. Without them their tests are skipped, but not in CI.
 */
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Layer, Redacted, type Scope, Semaphore, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlConnection, SqlError, Statement } from "effect/sql"
import { randomUUID } from "node:crypto"
import * as Net from "node:net"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"

const address = (variable: string): URL | undefined => {
  const value = process.env[variable]
  if (value !== undefined) return new URL(value)
  if (process.env["CI"] !== undefined) throw new Error(`${variable} has to be set in CI, see .ci/services`)
  return undefined
}

const somewhere = new URL("tcp://127.0.0.1:1")
const postgresUrl = address("MIRO_TEST_POSTGRES_URL")
const redisUrl = address("MIRO_TEST_REDIS_URL")

export const hasPostgres = postgresUrl !== undefined
export const hasRedis = redisUrl !== undefined

export const postgres = postgresUrl ?? somewhere
export const redis = redisUrl ?? somewhere

/** A table or prefix that no other test uses. */
export const unique = () => `test_${randomUUID().replaceAll("-", "")}`

const through = (url: URL, port: number | undefined) => {
  const changed = new URL(url)
  if (port !== undefined) changed.port = String(port)
  return changed.href
}

export const layerPostgres = ({
  port,
  ...options
}: { readonly port?: number } & Omit<PgClient.PgPoolConfig, "url"> = {}) =>
  PgClient.layer({ ...options, url: Redacted.make(through(postgres, port)) })

export const layerRedis = ({
  port,
  ...options
}: { readonly port?: number; readonly disableOfflineQueue?: boolean } = {}) =>
  NodeRedis.layer({ ...options, url: through(redis, port) })

/** A client for a SQLite file, with one connection, as those of Effect are. */
export const layerSqlite = (filename: string): Layer.Layer<SqlClient.SqlClient> =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function* () {
      const database = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(filename, { timeout: 1000 })),
        (database) => Effect.sync(() => database.close())
      )
      const all = (sql: string, params: ReadonlyArray<unknown>) =>
        Effect.try({
          try: () => database.prepare(sql).all(...(params as ReadonlyArray<SQLInputValue>)),
          catch: (cause) => new SqlError.SqlError({ reason: SqlError.classifySqliteError(cause) })
        })
      const values = (sql: string, params: ReadonlyArray<unknown>) =>
        Effect.map(all(sql, params), (rows) => rows.map((row) => Object.values(row)))
      const connection: SqlConnection.Connection = {
        execute: all,
        executeRaw: all,
        executeUnprepared: all,
        executeValues: values,
        executeValuesUnprepared: values,
        executeStream: (sql, params) => Stream.unwrap(Effect.map(all(sql, params), Stream.fromIterable))
      }
      return yield* SqlClient.make({
        ...SqlClient.makeSqliteAcquirers({
          connection: Effect.succeed(connection),
          semaphore: Semaphore.makeUnsafe(1),
          isTransaction: () => database.isTransaction
        }),
        compiler: Statement.makeCompilerSqlite(),
        driver: "test",
        spanAttributes: []
      })
    })
  ).pipe(Layer.provide(Reactivity.layer))

/** A port for a server that has to know its own before it starts. */
export const freePort = Effect.callback<string>((resume) => {
  const server = Net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as Net.AddressInfo
    server.close(() => resume(Effect.succeed(String(port))))
  })
})

export interface Line {
  readonly port: number
  /** Breaks all connections, and takes none until it is mended. */
  readonly cut: Effect.Effect<void>
  readonly mend: Effect.Effect<void>
}

/** A line to a server that can be cut, as when the server is down. */
export const line = (server: URL): Effect.Effect<Line, never, Scope.Scope> =>
  Effect.gen(function* () {
    const open = new Set<Net.Socket>()
    const listener = Net.createServer((client) => {
      const upstream = Net.connect(Number(server.port), server.hostname)
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client]
      ] as const) {
        open.add(socket)
        socket.on("error", () => socket.destroy())
        socket.on("close", () => {
          open.delete(socket)
          other.destroy()
        })
        socket.pipe(other)
      }
    })
    const listen = (port: number) =>
      Effect.callback<number>((resume) => {
        listener.listen(port, "127.0.0.1", () => resume(Effect.succeed((listener.address() as Net.AddressInfo).port)))
      })
    const cut = Effect.callback<void>((resume) => {
      listener.close(() => resume(Effect.void))
      open.forEach((socket) => socket.destroy())
    })
    const port = yield* Effect.acquireRelease(listen(0), () => cut)
    return { port, cut, mend: Effect.asVoid(listen(port)) }
  })
