import { afterAll, assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Option, Redacted } from "effect"
import { TokenStorage, TokenStorageTest } from "effect-miro"
import * as TokenStorageSqlite from "effect-miro/auth/TokenStorageSqlite"
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { inTime } from "../support/http.ts"

const some = (text: string) => Option.some(Redacted.make(text))
const textOf = (stored: Option.Option<TokenStorage.Stored>) =>
  Option.getOrUndefined(Option.map(stored, ({ record }) => Redacted.value(record)))

/** What is said of a call that has to fail, and neither hangs nor is a defect. */
const problemOf = <A, E extends TokenStorage.TokenStorageError, R>(call: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(call), ({ cause }) => String(cause))

const directory = mkdtempSync(join(tmpdir(), "effect-miro-"))
afterAll(() => rmSync(directory, { recursive: true }))

let files = 0
const newFile = () => join(directory, `${files++}.db`)

const build = (filename: string) => Layer.build(TokenStorageSqlite.layer({ filename }))

const modesIn = (directory: string) =>
  readdirSync(directory).map((name) => `${name} ${(statSync(join(directory, name)).mode & 0o777).toString(8)}`)

/** Locks a database as another process does that writes to it. */
const lock = (filename: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const database = new DatabaseSync(filename)
      database.exec("BEGIN IMMEDIATE")
      return database
    }),
    (database) => Effect.sync(() => database.close())
  )

describe("TokenStorageSqlite", () => {
  for (const { name, run } of TokenStorageTest.suite(TokenStorageSqlite.layer({ filename: newFile() }), {
    shared: true
  })) {
    it.live(name, () => run)
  }

  it.live("keeps tokens from one start to the next, and closes its file with the scope", () => {
    const filename = newFile()
    const layer = TokenStorageSqlite.layer({ filename })
    return Effect.gen(function* () {
      const first = yield* Effect.provide(TokenStorage.TokenStorage, layer)
      yield* problemOf(first.get("anna"))
      yield* TokenStorage.TokenStorage.use((storage) =>
        storage.compareAndSet("anna", Option.none(), some("kept"))
      ).pipe(Effect.provide(layer))
      assert.isFalse(existsSync(`${filename}-wal`))
      const stored = yield* TokenStorage.TokenStorage.use((storage) => storage.get("anna")).pipe(Effect.provide(layer))
      assert.strictEqual(textOf(stored), "kept")
    })
  })

  for (const umask of [0o000, 0o022, 0o777]) {
    it.live(`lets only the owner read its files, with a umask of ${umask.toString(8)}`, () =>
      Effect.gen(function* () {
        const folder = mkdtempSync(join(directory, "modes-"))
        yield* Effect.acquireRelease(
          Effect.sync(() => process.umask(umask)),
          (before) => Effect.sync(() => process.umask(before))
        )
        yield* build(join(folder, "tokens.db"))
        assert.sameMembers(modesIn(folder), ["tokens.db 600", "tokens.db-wal 600", "tokens.db-shm 600"])
      })
    )
  }

  it.live("takes a file that others can read from them", () =>
    Effect.gen(function* () {
      const folder = mkdtempSync(join(directory, "modes-"))
      const filename = join(folder, "tokens.db")
      writeFileSync(filename, "")
      chmodSync(filename, 0o644)
      yield* build(filename)
      assert.sameMembers(modesIn(folder), ["tokens.db 600", "tokens.db-wal 600", "tokens.db-shm 600"])
    })
  )

  it.live("waits for another process that writes, while everything else goes on", () =>
    Effect.gen(function* () {
      const filename = newFile()
      yield* Effect.gen(function* () {
        const storage = yield* TokenStorage.TokenStorage
        const database = yield* lock(filename)
        assert.isTrue(Option.isNone(yield* storage.get("anna")))
        const write = yield* Effect.forkChild(storage.compareAndSet("anna", Option.none(), some("after")))
        let longest = 0
        for (let turn = 0; turn < 100; turn++) {
          const before = yield* Clock.currentTimeMillis
          yield* Effect.sleep("2 millis")
          longest = Math.max(longest, (yield* Clock.currentTimeMillis) - before)
        }
        assert.isUndefined(write.pollUnsafe())
        assert.isBelow(longest, 150)
        database.exec("COMMIT")
        assert.isTrue(yield* Fiber.join(write))
      }).pipe(Effect.provide(TokenStorageSqlite.layer({ filename })))
    })
  )

  it.effect("gives up a write when another process never lets go of the file", () =>
    Effect.gen(function* () {
      const filename = newFile()
      yield* Effect.gen(function* () {
        const storage = yield* TokenStorage.TokenStorage
        yield* lock(filename)
        const problem = yield* inTime(problemOf(storage.compareAndSet("anna", Option.none(), some("never"))))
        assert.include(problem, "database is locked")
        assert.isTrue(Option.isNone(yield* storage.get("anna")))
      }).pipe(Effect.provide(TokenStorageSqlite.layer({ filename })))
    })
  )

  it.live("says what is wrong with a file that it cannot use", () =>
    Effect.gen(function* () {
      const garbage = newFile()
      writeFileSync(garbage, "no database at all ".repeat(100))
      assert.include(yield* problemOf(build(garbage)), "not a database")
      assert.include(yield* problemOf(build(join(directory, "missing", "tokens.db"))), "ENOENT")
      assert.include(yield* problemOf(build(directory)), "EISDIR")
    })
  )

  it.live.each([1, 2, 10, 100, 4096, 5000])(
    "does not take a file that is cut by %i bytes for one without users",
    (cut) =>
      Effect.gen(function* () {
        const filename = newFile()
        yield* Effect.scoped(
          Effect.gen(function* () {
            const storage = Layer.succeedContext(yield* build(filename))
            yield* TokenStorage.TokenStorage.use((storage) =>
              Effect.forEach(["anna", "ben", "default"], (user) =>
                storage.compareAndSet(user, Option.none(), some("x".repeat(1000)))
              )
            ).pipe(Effect.provide(storage))
          })
        )
        truncateSync(filename, statSync(filename).size - cut)
        assert.match(yield* problemOf(build(filename)), /damaged|malformed/)
      })
  )

  it.live("fails when its file breaks while it is open", () =>
    Effect.gen(function* () {
      const filename = newFile()
      const storage = Layer.succeedContext(yield* build(filename))
      const other = new DatabaseSync(filename)
      other.exec("DROP TABLE miro_tokens")
      other.close()
      yield* TokenStorage.TokenStorage.use((storage) =>
        Effect.andThen(
          problemOf(storage.get("anna")),
          problemOf(storage.compareAndSet("anna", Option.none(), some("x")))
        )
      ).pipe(Effect.provide(storage))
    })
  )

  it.live("takes every name for that of a file", () =>
    Effect.gen(function* () {
      const before = process.cwd()
      const folder = mkdtempSync(join(directory, "names-"))
      yield* Effect.acquireRelease(
        Effect.sync(() => process.chdir(folder)),
        () => Effect.sync(() => process.chdir(before))
      )
      yield* build(":memory:")
      yield* build("file:x?mode=memory")
      const names = readdirSync(folder)
      assert.includeMembers(names, [":memory:", ":memory:-wal", "file:x?mode=memory", "file:x?mode=memory-wal"])
    })
  )

  it.live("refuses users that it could not tell apart from others", () =>
    Effect.gen(function* () {
      const storage = yield* TokenStorage.TokenStorage
      for (const user of ["\ud800", "\udfff"]) {
        yield* problemOf(storage.get(user))
        yield* problemOf(storage.compareAndSet(user, Option.none(), some("x")))
      }
      assert.isTrue(yield* storage.compareAndSet("a\0b", Option.none(), some("x")))
      assert.isTrue(Option.isNone(yield* storage.get("a")))
      assert.isTrue(Option.isNone(yield* storage.get("a\0c")))
    }).pipe(Effect.provide(TokenStorageSqlite.layer({ filename: newFile() })))
  )
})
