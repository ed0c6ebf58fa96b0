import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, FileSystem, Latch, Layer, Option, PlatformError } from "effect"
import { AccessToken, TokenStorage } from "effect-miro"
import * as TokenStorageTest from "effect-miro/auth/TokenStorageTest"
import { MiroSandbox } from "effect-miro/sandbox"
import { TestClock } from "effect/testing"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { inspect } from "node:util"
import { afterAll } from "vitest"
import { login, Miro, refreshes } from "../support.ts"
import { folderOf, layerFile, modesIn, some, temporaryFolder } from "./fileCrash.ts"
import { numbered, numberOf, textOf, user, versionOf } from "./fileRecords.ts"

/** A storage of files over a file system some of which is changed. */
const over = (directory: string, change: (fs: FileSystem.FileSystem) => Partial<FileSystem.FileSystem>) => {
  const Changed = Layer.effect(
    FileSystem.FileSystem,
    Effect.map(Effect.service(FileSystem.FileSystem), (fs) => ({ ...fs, ...change(fs) }))
  ).pipe(Layer.provide(NodeFileSystem.layer))
  return Effect.provide(
    TokenStorage.TokenStorage,
    TokenStorage.layerFile(directory).pipe(Layer.provide([Changed, NodePath.layer]))
  )
}

const open = (directory: string) => over(directory, () => ({}))

const directory = Effect.map(temporaryFolder, (folder) => join(folder, "tokens"))

const withUmask = (mask: number) =>
  Effect.acquireRelease(
    Effect.sync(() => process.umask(mask)),
    (before) => Effect.sync(() => process.umask(before))
  )

const refusal = (tag: PlatformError.SystemErrorTag) =>
  PlatformError.systemError({ _tag: tag, module: "FileSystem", method: "sync" })

describe("layerFile", () => {
  const kept = mkdtempSync(join(tmpdir(), "effect-miro-"))
  afterAll(() => rmSync(kept, { recursive: true }))
  for (const { name, run } of TokenStorageTest.suite(layerFile(join(kept, "tokens")), { shared: true })) {
    it.live(name, () => run)
  }

  for (const mask of [0, 0o022, 0o077]) {
    it.effect(`lets nobody else read what a login and a refresh write, with umask ${mask.toString(8)}`, () =>
      Effect.gen(function* () {
        yield* withUmask(mask)
        const parent = yield* temporaryFolder
        const folder = folderOf(join(parent, "app", "tokens"), "default")
        const modes: Array<ReadonlyArray<string>> = []
        const storage = over(join(parent, "app", "tokens"), (fs) => ({
          link: (from, to) => {
            modes.push(modesIn(folder))
            return fs.link(from, to)
          }
        }))
        const Shared = Layer.merge(Layer.effect(TokenStorage.TokenStorage, storage), MiroSandbox.layerHttpClient)
        yield* Effect.gen(function* () {
          yield* login
          yield* TestClock.adjust("2 hours")
          yield* (yield* AccessToken.AccessToken).get
          assert.lengthOf(yield* refreshes, 1)
        }).pipe(Effect.provide(Layer.provideMerge(Miro, Shared)))

        assert.isAtLeast(modes.length, 3)
        for (const files of modes) for (const file of files) assert.match(file, /^600 /)
        assert.deepStrictEqual(modesIn(parent), [
          "700 app",
          "700 app/tokens",
          `700 app/tokens/${basename(folder)}`,
          `600 app/tokens/${basename(folder)}/${modes.length}`
        ])
      }).pipe(Effect.provide(MiroSandbox.layerSettings({})))
    )
  }

  it.live("leaves the mode of a directory that exists as it is", () =>
    Effect.gen(function* () {
      const parent = yield* temporaryFolder
      mkdirSync(join(parent, "shared"), { mode: 0o755 })
      const storage = yield* open(join(parent, "shared"))
      yield* storage.compareAndSet(user, Option.none(), some("1"))
      const [shared, folder] = modesIn(parent)
      assert.strictEqual(shared, "755 shared")
      assert.match(folder ?? "", /^700 /)
    })
  )

  it.live("makes nothing before there is something to write", () =>
    Effect.gen(function* () {
      const parent = yield* temporaryFolder
      const storage = yield* open(join(parent, "tokens"))
      assert.isTrue(Option.isNone(yield* storage.get(user)))
      assert.isFalse(yield* storage.compareAndSet(user, Option.some("1"), some("1")))
      assert.deepStrictEqual(readdirSync(parent), [])
    })
  )

  it.live("leaves no token on the disk that was replaced or removed", () =>
    Effect.gen(function* () {
      const at = yield* directory
      const storage = yield* open(at)
      yield* storage.compareAndSet(user, Option.none(), some("first secret"))
      yield* storage.compareAndSet(user, Option.some("1"), some("second secret"))
      assert.deepStrictEqual(readdirSync(folderOf(at)), ["2"])
      yield* storage.compareAndSet(user, Option.some("2"), Option.none())
      assert.deepStrictEqual(readdirSync(folderOf(at)), ["3"])
      assert.notInclude(readFileSync(join(folderOf(at), "3"), "utf8"), "secret")
      assert.isTrue(Option.isNone(yield* (yield* open(at)).get(user)))
      assert.isTrue(yield* storage.compareAndSet(user, Option.none(), some("third")))
      assert.deepStrictEqual(versionOf(yield* storage.get(user)), Option.some("4"))
    })
  )

  it.live("keeps apart users whose keys a file system or UTF-8 would not", () =>
    Effect.gen(function* () {
      const storage = yield* open(yield* directory)
      const users = [
        "a",
        "A",
        "",
        ".",
        "..",
        "../a",
        "a/b",
        "\0",
        "nul",
        "\u00e9",
        "e\u0301",
        "\ud800",
        "\ud801",
        "x".repeat(5_000)
      ]
      for (const user of users) assert.isTrue(yield* storage.compareAndSet(user, Option.none(), some(`of ${user}`)))
      for (const user of users) assert.strictEqual(textOf(yield* storage.get(user)), `of ${user}`)
    })
  )

  it.live("gives back any text as it was", () =>
    Effect.gen(function* () {
      const storage = yield* open(yield* directory)
      for (const [index, text] of ["", "\ud800", "\0\u2028", "\ufeff{}", "…".repeat(100_000)].entries()) {
        const expected = index === 0 ? Option.none() : Option.some(String(index))
        assert.isTrue(yield* storage.compareAndSet(user, expected, some(text)))
        assert.strictEqual(textOf(yield* storage.get(user)), text)
      }
    })
  )

  const whole = JSON.stringify({ user, record: "token-abc" })
  for (const [what, content] of [
    ["empty", ""],
    ["torn", whole.slice(0, -5)],
    ["followed by zeros", `${whole}\0\0`],
    ["without a record", JSON.stringify({ user, token: "token-abc" })],
    ["a record of another kind", JSON.stringify({ user, record: { accessToken: "token-abc" } })],
    ["of another user", JSON.stringify({ user: "ben", record: "token-abc" })],
    ["something else", "token-abc"]
  ] as const) {
    it.live(`reports a file that is ${what}, does not quote it, and replaces it only under its version`, () =>
      Effect.gen(function* () {
        const at = yield* directory
        const storage = yield* open(at)
        yield* storage.compareAndSet(user, Option.none(), some("1"))
        writeFileSync(join(folderOf(at), "1"), "older")
        writeFileSync(join(folderOf(at), "2"), content)
        const error = yield* Effect.flip(storage.get(user))
        assert.strictEqual(error._tag, "TokenStorageError")
        assert.notInclude(inspect(error, { depth: null }), "token-abc")
        assert.strictEqual(error.version, "2")
        assert.isFalse(yield* storage.compareAndSet(user, Option.none(), some("3")))
        assert.isFalse(yield* storage.compareAndSet(user, Option.some("1"), some("3")))
        assert.deepStrictEqual(readdirSync(folderOf(at)), ["1", "2"])
        assert.strictEqual(readFileSync(join(folderOf(at), "2"), "utf8"), content)
        assert.strictEqual(yield* storage.place?.(user) ?? Effect.undefined, join(folderOf(at), "2"))
        assert.isTrue(yield* storage.compareAndSet(user, Option.some("2"), some("3")))
        assert.strictEqual(textOf(yield* storage.get(user)), "3")
        // Nothing of what was damaged is left.
        assert.deepStrictEqual(readdirSync(folderOf(at)), ["1", "3"])
        writeFileSync(join(folderOf(at), "3"), content)
        assert.isTrue(yield* storage.compareAndSet(user, Option.some("3"), Option.none()))
        assert.isTrue(Option.isNone(yield* storage.get(user)))
      })
    )
  }

  it.live("reports a record that it may not read, and lets it be replaced", () =>
    Effect.gen(function* () {
      const at = yield* directory
      yield* (yield* open(at)).compareAndSet(user, Option.none(), some("1"))
      const storage = yield* over(at, (fs) => ({
        readFileString: (path, encoding) =>
          basename(path) === "1" ? Effect.fail(refusal("PermissionDenied")) : fs.readFileString(path, encoding)
      }))
      assert.strictEqual((yield* Effect.flip(storage.get(user))).version, "1")
      assert.isTrue(yield* storage.compareAndSet(user, Option.some("1"), some("2")))
      assert.strictEqual(textOf(yield* storage.get(user)), "2")
    })
  )

  for (const number of ["2", "3", "17", "999999999999", "999999999999999"]) {
    it.live(`neither loses nor hides a record for a foreign file or folder that is called ${number}`, () =>
      Effect.gen(function* () {
        const at = yield* directory
        const storage = yield* open(at)
        yield* storage.compareAndSet(user, Option.none(), some("first"))
        for (const foreign of [(path: string) => writeFileSync(path, "mine"), (path: string) => mkdirSync(path)]) {
          foreign(join(folderOf(at), number))
          for (const next of ["second", "third"]) {
            const before = yield* storage.get(user)
            assert.strictEqual(textOf(before), next === "second" ? "first" : "second")
            assert.isTrue(yield* storage.compareAndSet(user, versionOf(before), some(next)))
          }
          const before = yield* storage.get(user)
          assert.isTrue(yield* storage.compareAndSet(user, versionOf(before), Option.none()))
          assert.isTrue(Option.isNone(yield* storage.get(user)))
          assert.isTrue(yield* storage.compareAndSet(user, Option.none(), some("first")))
          assert.isTrue(existsSync(join(folderOf(at), number)))
          assert.lengthOf(readdirSync(folderOf(at)), 2)
          rmSync(join(folderOf(at), number), { recursive: true })
        }
      })
    )
  }

  it.live("writes nothing that it would not find again, after a foreign file with the last of all numbers", () =>
    Effect.gen(function* () {
      const at = yield* directory
      const storage = yield* open(at)
      mkdirSync(folderOf(at), { recursive: true })
      writeFileSync(join(folderOf(at), "999999999999"), "mine")
      const { version } = yield* Effect.flip(storage.get(user))
      const written = yield* Effect.flip(storage.compareAndSet(user, Option.fromUndefinedOr(version), some("first")))
      assert.include(written.message, "no number is left")
      assert.deepStrictEqual(readdirSync(folderOf(at)), ["999999999999"])
    })
  )

  it.live("leaves alone what is not its own", () =>
    Effect.gen(function* () {
      const at = yield* directory
      const storage = yield* open(at)
      yield* storage.compareAndSet(user, Option.none(), some("1"))
      const names = [".DS_Store", "007", "1.bak", "1.a.tmp", "5", "9007199254740993", "notes.txt"]
      for (const name of names) writeFileSync(join(folderOf(at), name), "mine")
      assert.isTrue(yield* storage.compareAndSet(user, Option.some("1"), some("2")))
      assert.strictEqual(textOf(yield* storage.get(user)), "2")
      assert.sameMembers(readdirSync(folderOf(at)), [...names, "2"])
    })
  )

  for (const step of ["open", "link"] as const) {
    it.live(`refuses a writer that comes to its ${step} after others have written and swept its number`, () =>
      Effect.gen(function* () {
        const at = yield* directory
        const others = yield* open(at)
        yield* others.compareAndSet(user, Option.none(), some("1"))
        const othersWrite = Effect.gen(function* () {
          assert.isTrue(yield* others.compareAndSet(user, Option.some("1"), some("2")))
          assert.isTrue(yield* others.compareAndSet(user, Option.some("2"), some("3")))
        }).pipe(Effect.orDie)
        const late = yield* over(at, (fs) =>
          step === "link"
            ? { link: (from, to) => Effect.andThen(othersWrite, fs.link(from, to)) }
            : {
                open: (path, options) =>
                  options?.flag === "wx" ? Effect.andThen(othersWrite, fs.open(path, options)) : fs.open(path, options)
              }
        )
        assert.isFalse(yield* late.compareAndSet(user, Option.some("1"), some("late")))
        assert.strictEqual(textOf(yield* others.get(user)), "3")
        assert.deepStrictEqual(readdirSync(folderOf(at)), ["3"])
      })
    )
  }

  it.live("says that it wrote when somebody replaced the record before it returned", () =>
    Effect.gen(function* () {
      const at = yield* directory
      const others = yield* open(at)
      const storage = yield* over(at, (fs) => ({
        link: (from, to) =>
          Effect.andThen(
            fs.link(from, to),
            Effect.orDie(others.compareAndSet(user, Option.some("1"), some("theirs")))
          ).pipe(Effect.asVoid)
      }))
      assert.isTrue(yield* storage.compareAndSet(user, Option.none(), some("ours")))
      assert.strictEqual(textOf(yield* others.get(user)), "theirs")
    })
  )

  it.live("lets every write in once when many write at the same time", () =>
    Effect.gen(function* () {
      const at = yield* directory
      const storages = yield* Effect.all(Array.from({ length: 4 }, () => open(at)))
      const count = (storage: TokenStorage.TokenStorage["Service"]) =>
        Effect.gen(function* () {
          const stored = yield* storage.get(user)
          return yield* storage.compareAndSet(user, versionOf(stored), Option.some(numbered(numberOf(stored) + 1)))
        }).pipe(Effect.repeat({ until: (written) => written, times: 1_000 }))
      const writes = storages.flatMap((storage) => Array.from({ length: 5 }, () => count(storage)))
      const written = yield* Effect.all(writes, { concurrency: "unbounded" })
      assert.notInclude(written, false)
      assert.strictEqual(numberOf(yield* (yield* open(at)).get(user)), writes.length)
      assert.lengthOf(readdirSync(folderOf(at)), 1)
    })
  )

  it.live("finishes a write whose caller is interrupted", () =>
    Effect.gen(function* () {
      const at = yield* directory
      const reached = yield* Latch.make()
      const go = yield* Latch.make()
      const storage = yield* over(at, (fs) => ({
        link: (from, to) => reached.open.pipe(Effect.andThen(go.await), Effect.andThen(fs.link(from, to)))
      }))
      const writer = yield* Effect.forkChild(storage.compareAndSet(user, Option.none(), some("1")))
      yield* reached.await
      const interruption = yield* Effect.forkChild(Fiber.interrupt(writer))
      yield* Effect.yieldNow
      yield* go.open
      yield* Fiber.join(interruption)
      assert.strictEqual(textOf(yield* storage.get(user)), "1")
      assert.deepStrictEqual(readdirSync(folderOf(at)), ["1"])
    })
  )

  it.live("has flushed the file, its name and the names of new folders when it succeeds", () =>
    Effect.gen(function* () {
      const parent = yield* temporaryFolder
      const at = join(parent, "app", "tokens")
      const steps: Array<string> = []
      const step = (what: string, path: string) => {
        const name = path
          .replace(folderOf(at), "user")
          .replace(/[\da-f-]{36}/, "uuid")
          .replace(parent, "parent")
        return Effect.sync(() => void steps.push(`${what} ${name}`))
      }
      const storage = yield* over(at, (fs) => ({
        makeDirectory: (path, options) => Effect.andThen(fs.makeDirectory(path, options), step("make", path)),
        open: (path, options) =>
          Effect.map(fs.open(path, options), (file): FileSystem.File =>
            Object.create(file, {
              writeAll: { value: (bytes: Uint8Array) => Effect.andThen(file.writeAll(bytes), step("write", path)) },
              sync: { value: Effect.andThen(file.sync, step("flush", path)) }
            })
          ),
        link: (from, to) => Effect.andThen(fs.link(from, to), step("link", to)),
        remove: (path, options) => Effect.andThen(fs.remove(path, options), step("remove", path))
      }))
      yield* storage.compareAndSet(user, Option.none(), some("1"))
      assert.deepStrictEqual(steps.splice(0), [
        "make parent/app",
        "flush parent",
        "make parent/app/tokens",
        "flush parent/app",
        "make user",
        "flush parent/app/tokens",
        "write user/1.uuid.tmp",
        "flush user/1.uuid.tmp",
        "link user/1",
        "flush user",
        "remove user/1.uuid.tmp"
      ])
      yield* storage.compareAndSet(user, Option.some("1"), some("2"))
      assert.deepStrictEqual(steps, [
        "write user/2.uuid.tmp",
        "flush user/2.uuid.tmp",
        "link user/2",
        "flush user",
        "remove user/2.uuid.tmp",
        "remove user/1"
      ])
    })
  )

  for (const tag of ["PermissionDenied", "BadResource"] as const) {
    it.live(`does without the flush of folders where they cannot be opened: ${tag}`, () =>
      Effect.gen(function* () {
        const storage = yield* over(yield* directory, (fs) => ({
          open: (path, options) => (options?.flag === "r" ? Effect.fail(refusal(tag)) : fs.open(path, options))
        }))
        assert.isTrue(yield* storage.compareAndSet(user, Option.none(), some("1")))
        assert.strictEqual(textOf(yield* storage.get(user)), "1")
      })
    )
  }

  for (const flag of ["wx", "r"] as const) {
    it.live(`reports a file that cannot be closed, opened with ${flag}`, () =>
      Effect.gen(function* () {
        const at = yield* directory
        yield* (yield* open(at)).compareAndSet(user, Option.none(), some("1"))
        const storage = yield* over(at, (fs) => ({
          open: (path, options) =>
            options?.flag === flag
              ? Effect.tap(fs.open(path, options), () => Effect.addFinalizer(() => Effect.die(refusal("Unknown"))))
              : fs.open(path, options)
        }))
        const error = yield* Effect.flip(storage.compareAndSet(user, Option.some("1"), some("2")))
        assert.strictEqual(error._tag, "TokenStorageError")
        // The file was linked before its folder was opened.
        assert.strictEqual(textOf(yield* storage.get(user)), flag === "r" ? "2" : "1")
      })
    )
  }

  it.live("does not take a record for missing that a listing has missed", () =>
    Effect.gen(function* () {
      const at = yield* directory
      yield* (yield* open(at)).compareAndSet(user, Option.none(), some("1"))
      let missed = false
      const storage = yield* over(at, (fs) => ({
        readDirectory: (path) =>
          Effect.suspend(() => {
            if (missed) return fs.readDirectory(path)
            missed = true
            return Effect.succeed([])
          })
      }))
      assert.strictEqual(textOf(yield* storage.get(user)), "1")
      assert.isTrue(missed)
    })
  )

  it.live("sweeps the oldest versions first", () =>
    Effect.gen(function* () {
      const at = yield* directory
      yield* (yield* open(at)).compareAndSet(user, Option.none(), some("1"))
      const content = readFileSync(join(folderOf(at), "1"))
      const leftBehind = Array.from({ length: 12 }, (_, index) => String(index + 1))
      for (const name of leftBehind) writeFileSync(join(folderOf(at), name), content)
      const removed: Array<string> = []
      const storage = yield* over(at, (fs) => ({
        readDirectory: (path) => Effect.map(fs.readDirectory(path), (names) => names.toSorted().toReversed()),
        remove: (path, options) =>
          Effect.suspend(() => {
            removed.push(basename(path))
            return fs.remove(path, options)
          })
      }))
      yield* storage.compareAndSet(user, Option.some("12"), some("13"))
      assert.deepStrictEqual(removed.slice(1), leftBehind)
    })
  )

  it.live("gives up on a file that is listed and is never there", () =>
    Effect.gen(function* () {
      let listings = 0
      const storage = yield* over(yield* directory, () => ({
        readDirectory: () => Effect.sync(() => [String(++listings)])
      }))
      assert.strictEqual((yield* Effect.flip(storage.get(user)))._tag, "TokenStorageError")
      assert.isAbove(listings, 10)
    })
  )

  it.live("reports a directory that is a file, and what it cannot read", () =>
    Effect.gen(function* () {
      const parent = yield* temporaryFolder
      writeFileSync(join(parent, "tokens"), "")
      for (const at of [join(parent, "tokens"), join(parent, "\0")]) {
        const storage = yield* open(at)
        const errors = [
          yield* Effect.flip(storage.get(user)),
          yield* Effect.flip(storage.compareAndSet(user, Option.none(), some("a-secret")))
        ]
        for (const error of errors) {
          assert.strictEqual(error._tag, "TokenStorageError")
          assert.notInclude(inspect(error, { depth: null }), "a-secret")
        }
      }
    })
  )
})
