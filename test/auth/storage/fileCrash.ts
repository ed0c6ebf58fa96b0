/**
 * Processes that write to a storage of files and are killed, or meet a disk
 * that fails, at a system call of our choice: `strace` puts that in their way.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, type Scope } from "effect"
import { TokenStorage } from "effect-miro"
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { bundle } from "../../support/bundle.ts"
import { numberOf, textOf, user, versionOf } from "./fileRecords.ts"

/** Without `strace` the tests that need it are skipped; that it is there where it matters is a test of its own. */
export const isMissing = spawnSync("strace", ["--version"]).error !== undefined

const program = await bundle(join(import.meta.dirname, "fileProcess.ts"))

export const layerFile = (directory: string) =>
  TokenStorage.layerFile(directory).pipe(Layer.provide([NodeFileSystem.layer, NodePath.layer]))

/** A folder that is removed when the scope closes. */
export const temporaryFolder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => realpathSync(mkdtempSync(join(tmpdir(), "effect-miro-")))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
)

export const folderOf = (directory: string, key = user) =>
  join(directory, createHash("sha256").update(JSON.stringify(key)).digest("hex"))

/** Everything below a folder with its mode, as in `600 name`. */
export const modesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map(
    (name) => `${(statSync(join(folder, name)).mode & 0o7777).toString(8)} ${name}`
  )

export const some = (text: string) => Option.some(Redacted.make(text))

/** Two writes: the first of a user, for which there is no folder yet, and one that replaces a record. */
export const writes = ["first", "second"] as const
export type Write = (typeof writes)[number]

/** The `nth` time that a system call is made in a write. */
export interface Call {
  readonly name: string
  readonly nth: number
}

const prepare = Effect.fnUntraced(function* (write: Write) {
  const parent = yield* temporaryFolder
  const directory = join(parent, "tokens")
  if (write === "first") return { parent, directory }
  const storage = yield* Effect.provide(TokenStorage.TokenStorage, layerFile(directory))
  assert.isTrue(yield* storage.compareAndSet(user, Option.none(), some("old")))
  return { parent, directory }
})

/** One that the platform does not have is passed over, for the `?` before it. */
const watched =
  "?open,?openat,?read,?pread64,?write,?pwrite64,?fsync,?link,?linkat,?unlink,?unlinkat,?close,?getdents64,?mkdir,?mkdirat"

// Only what concerns these paths is counted, and by one thread, which makes all
// the calls of the storage. The name of the temporary file is that of `Predictable`.
const watch = (parent: string, directory: string, injection: ReadonlyArray<string>) =>
  Effect.callback<{ readonly output: string; readonly error: string; readonly calls: ReadonlyArray<string> }>(
    (resume) => {
      const folder = folderOf(directory)
      const temporary = [1, 2].map((version) => `${version}.00000000-0000-4000-8000-000000000000.tmp`)
      const paths = [parent, directory, folder, ...["1", "2", ...temporary].map((name) => join(folder, name))]
      const trace = join(tmpdir(), `${parent.split("-").at(-1)}.trace`)
      const child = execFile(
        "strace",
        [
          "-f",
          "-qq",
          `--output=${trace}`,
          `--trace=${watched}`,
          "--signal=none",
          ...injection,
          ...paths.map((path) => `--trace-path=${path}`),
          process.execPath,
          program,
          "write",
          directory,
          "new"
        ],
        { env: { ...process.env, UV_THREADPOOL_SIZE: "1" } },
        (_, output, error) => {
          const calls = Array.from(readFileSync(trace, "utf8").matchAll(/^\d+ +(\w+)\(/gm), ([, name = ""]) => name)
          rmSync(trace)
          resume(Effect.succeed({ output: output.trim(), error, calls }))
        }
      )
      return Effect.sync(() => child.kill())
    }
  )

/** The system calls that a write makes, in their order. */
export const callsOf = Effect.fnUntraced(function* (write: Write) {
  const { directory, parent } = yield* prepare(write)
  const { calls, error, output } = yield* watch(parent, directory, [])
  assert.strictEqual(output, "true", error)
  const made = new Map<string, number>()
  return calls.map((name): Call => {
    const nth = (made.get(name) ?? 0) + 1
    made.set(name, nth)
    return { name, nth }
  })
}, Effect.scoped)

/** What is stored is the old record or the new one, and the next write works and leaves nothing but itself. */
const checkWhole = Effect.fnUntraced(function* (write: Write, directory: string, what: string) {
  const storage = yield* Effect.provide(TokenStorage.TokenStorage, layerFile(directory))
  const stored = yield* storage.get(user)
  assert.include([write === "first" ? undefined : "old", "new"], textOf(stored), what)
  assert.isTrue(yield* storage.compareAndSet(user, versionOf(stored), some("next")), what)
  assert.strictEqual(textOf(yield* storage.get(user)), "next", what)
  const version = Number(Option.getOrElse(versionOf(stored), () => "0")) + 1
  assert.deepStrictEqual(modesIn(folderOf(directory)), [`600 ${version}`], what)
  return textOf(stored)
})

/** Kills a writer as it makes a system call. */
export const killAt = Effect.fnUntraced(function* (write: Write, call: Call) {
  const what = `${write} write, killed at ${call.name} ${call.nth}`
  const { directory, parent } = yield* prepare(write)
  const { output } = yield* watch(parent, directory, [`--inject=${call.name}:signal=KILL:when=${call.nth}`])
  assert.strictEqual(output, "", `${what}, but it lived`)
  return yield* checkWhole(write, directory, what)
}, Effect.scoped)

/** Lets a system call of a writer fail, and gives back what the writer says of it. */
export const failAt = Effect.fnUntraced(function* (write: Write, call: Call, errno: "EIO" | "ENOSPC") {
  const what = `${write} write, ${errno} at ${call.name} ${call.nth}`
  const { directory, parent } = yield* prepare(write)
  const injection = [`--inject=${call.name}:error=${errno}:when=${call.nth}`]
  const { error, output } = yield* watch(parent, directory, injection)
  assert.include(["true", "TokenStorageError"], output, `${what}: ${error}`)
  const stored = yield* checkWhole(write, directory, what)
  if (output === "true") assert.strictEqual(stored, "new", what)
  return output
}, Effect.scoped)

interface Counter {
  readonly process: ChildProcess
  /** The numbers that it is known to have written. */
  readonly written: ReadonlyArray<number>
  readonly firstWrite: Effect.Effect<void>
  /** Lets it finish, or find that it was killed. */
  readonly end: Effect.Effect<void>
}

/** A process that counts up what is stored until it is told to end, or is killed with the scope. */
const counter = (directory: string) =>
  Effect.acquireRelease(
    Effect.sync((): Counter => {
      const child = spawn(process.execPath, [program, "count", directory], { stdio: ["pipe", "pipe", "inherit"] })
      const written: Array<number> = []
      const lines = createInterface(child.stdout).on("line", (line) => written.push(Number(line)))
      const first = new Promise<void>((resolve, reject) => {
        lines.once("line", () => resolve())
        lines.once("close", () => reject(new Error("the process wrote nothing")))
      })
      const closed = new Promise<void>((resolve) => lines.once("close", () => resolve()))
      return {
        process: child,
        written,
        firstWrite: Effect.promise(() => first),
        end: Effect.promise(() => {
          child.stdin.end()
          return closed
        })
      }
    }),
    ({ process }) => Effect.sync(() => process.kill("SIGKILL"))
  )

const checkCount = (directory: string, counters: ReadonlyArray<Counter>, lost: number) =>
  Effect.gen(function* () {
    const written = counters.flatMap(({ written }) => written)
    assert.strictEqual(new Set(written).size, written.length, "a number was written twice")
    const storage = yield* Effect.provide(TokenStorage.TokenStorage, layerFile(directory))
    const stored = yield* storage.get(user)
    assert.isAtLeast(numberOf(stored), Math.max(...written))
    assert.isAtMost(numberOf(stored), written.length + lost)
    return stored
  })

/** Reads while several processes write, and gives back how many writes there were. */
export const readWhileOthersWrite = Effect.fnUntraced(function* (reads: number) {
  const directory = join(yield* temporaryFolder, "tokens")
  const counters = yield* Effect.all([counter(directory), counter(directory), counter(directory)])
  yield* Effect.forEach(counters, ({ firstWrite }) => firstWrite, { concurrency: "unbounded" })
  const storage = yield* Effect.provide(TokenStorage.TokenStorage, layerFile(directory))
  const modes = new Set<string>()
  let last = 0
  for (let read = 0; read < reads; read++) {
    const number = numberOf(yield* storage.get(user))
    assert.isAtLeast(number, Math.max(last, 1), "a record was torn, missing or older than one that was read before")
    last = number
    for (const name of readdirSync(folderOf(directory))) {
      const stat = statSync(join(folderOf(directory), name), { throwIfNoEntry: false })
      if (stat !== undefined) modes.add((stat.mode & 0o7777).toString(8))
    }
  }
  assert.deepStrictEqual(Array.from(modes), ["600"])
  yield* Effect.forEach(counters, ({ end }) => end, { concurrency: "unbounded" })
  yield* checkCount(directory, counters, 0)
  return last
}, Effect.scoped)

/** Kills one writer after the other at some moment, beside one that lives. */
export const killAtRandom = Effect.fnUntraced(function* (kills: number) {
  const directory = join(yield* temporaryFolder, "tokens")
  const survivor = yield* counter(directory)
  const counters = [survivor]
  const storage = yield* Effect.provide(TokenStorage.TokenStorage, layerFile(directory))
  for (let kill = 0; kill < kills; kill++) {
    const victim = yield* counter(directory)
    counters.push(victim)
    yield* victim.firstWrite
    yield* Effect.sleep(Math.random() * 20)
    victim.process.kill("SIGKILL")
    yield* victim.end
    assert.isAtLeast(numberOf(yield* storage.get(user)), Math.max(...victim.written))
  }
  yield* survivor.end
  const stored = yield* checkCount(directory, counters, kills)
  assert.isTrue(yield* storage.compareAndSet(user, versionOf(stored), some("next")))
  assert.lengthOf(readdirSync(folderOf(directory)), 1)
}, Effect.scoped)
