/**
 * What every `TokenStorage` has to hold to, as checks for the test runner of
 * your choice. A storage that passes can be trusted with refresh tokens.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { TokenStorageFailure } from "../MiroError.ts"
import type * as TokenRecord from "./TokenRecord.ts"
import { type Stored, TokenStorage, TokenStorageError } from "./storage/service.ts"
import * as RecordStore from "./record/store.ts"

/**
 * A storage did otherwise than it has to. The message says what was expected
 * and what was found, without any content of records.
 *
 * @category errors
 */
export class CheckFailed extends Data.TaggedError("CheckFailed")<{
  /** What the storage has to do. */
  readonly expected: string
  /** What it did instead. */
  readonly found: string
}> {
  override get message(): string {
    return `Expected ${this.expected}, but found ${this.found}`
  }
}

/**
 * One thing that a storage has to hold to, and how to find out.
 *
 * @category models
 */
export interface Check<E, R> {
  /** What the storage has to hold to, as the name of a test. */
  readonly name: string
  /** Fails if the storage does not hold to it. */
  readonly run: Effect.Effect<void, CheckFailed | TokenStorageError | E, R>
}

type Storage = TokenStorage["Service"]
type Outcome<A = void> = Effect.Effect<A, CheckFailed | TokenStorageError>

const app: RecordStore.App = { clientId: "an app", baseUrl: "https://api.miro.com" }

const otherApp: RecordStore.App = { ...app, clientId: "another app" }

const recordOf = (generation: number): TokenRecord.TokenRecord => ({
  ...app,
  accessToken: Redacted.make(`access token ${generation}`),
  refreshToken: Redacted.make(`refresh token ${generation}`),
  receivedAt: 0,
  scopes: [],
  user: "anna",
  generation
})

// A storage that fails here is at fault, whatever it fails with.
const noFailure = <A>(step: Effect.Effect<A, TokenStorageFailure>): Outcome<A> =>
  Effect.mapError(step, ({ problem }) => new CheckFailed({ expected: "no failure", found: problem }))

const some = (text: string) => Option.some(Redacted.make(text))

const textOf = Option.map(({ record }: Stored) => Redacted.value(record))

const versionOf = Option.map(({ version }: Stored) => version)

const ensure = (isSo: boolean, expected: string, found: string): Outcome =>
  isSo ? Effect.void : Effect.fail(new CheckFailed({ expected, found }))

const nameOf = (user: string): string => {
  const name = JSON.stringify(user)
  return name.length > 40 ? `${name.slice(0, 40)}… (${user.length} characters)` : name
}

/** Reads a user, who has to have this text, or no record. */
const expectText = Effect.fnUntraced(function* (
  storage: Storage,
  user: string,
  expected: string | undefined
): Effect.fn.Return<Option.Option<Stored>, CheckFailed | TokenStorageError> {
  const stored = yield* storage.get(user)
  const text = Option.getOrUndefined(textOf(stored))
  const found = text === undefined ? "none" : `one of ${text.length} characters`
  yield* ensure(
    text === expected,
    expected === undefined
      ? `no record of user ${nameOf(user)}`
      : `the record of ${expected.length} characters that was written for user ${nameOf(user)}`,
    text?.length === expected?.length ? "another one of that length" : found
  )
  return stored
})

/** A write that has to be made. */
const write = Effect.fnUntraced(function* (
  storage: Storage,
  user: string,
  expected: Option.Option<string>,
  text: string
): Effect.fn.Return<Option.Option<string>, CheckFailed | TokenStorageError> {
  const isWritten = yield* storage.compareAndSet(user, expected, some(text))
  yield* ensure(isWritten, `a write for user ${nameOf(user)} with the right version to say true`, "false")
  return versionOf(yield* expectText(storage, user, text))
})

/** A removal that has to be made. */
const remove = Effect.fnUntraced(function* (
  storage: Storage,
  user: string,
  expected: Option.Option<string>
): Effect.fn.Return<void, CheckFailed | TokenStorageError> {
  const isRemoved = yield* storage.compareAndSet(user, expected, Option.none())
  yield* ensure(isRemoved, `a removal of user ${nameOf(user)} with the right version to say true`, "false")
  yield* expectText(storage, user, undefined)
})

/** A write or removal that must not be made, and must not change anything. */
const expectRefusal = Effect.fnUntraced(function* (
  storage: Storage,
  user: string,
  expected: Option.Option<string>,
  next: Option.Option<Redacted.Redacted>,
  who: string
): Effect.fn.Return<void, CheckFailed | TokenStorageError> {
  const before = yield* storage.get(user)
  const isDone = yield* storage.compareAndSet(user, expected, next)
  const what = Option.isSome(next) ? "write" : "removal"
  yield* ensure(!isDone, `a ${what} by one who ${who} to say false`, "true")
  const after = yield* expectText(storage, user, Option.getOrUndefined(textOf(before)))
  yield* ensure(
    Option.getOrUndefined(versionOf(after)) === Option.getOrUndefined(versionOf(before)),
    `a ${what} that said false to leave the version as it was`,
    "another version"
  )
})

// What an earlier run left behind.
const forget = Effect.fnUntraced(function* (storage: Storage, user: string) {
  for (let attempt = 0; attempt < 10; attempt++) {
    const stored = yield* storage.get(user)
    if (Option.isNone(stored)) return
    if (yield* storage.compareAndSet(user, versionOf(stored), Option.none())) return
  }
  return yield* new CheckFailed({ expected: `that user ${nameOf(user)} can be removed`, found: "false 10 times" })
})

const awkward = [
  "",
  " ",
  "0",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "*",
  "%",
  "_",
  "ünï",
  "用户",
  "👩‍👩‍👧",
  "'",
  '"',
  "'; DROP TABLE tokens; --",
  "\\",
  "..",
  "../x",
  "a/b",
  "a\\b",
  "a:b",
  "a%2Fb",
  "a?b#c",
  "a\nb",
  "anna@example.com"
]

const alike = [
  "1",
  "01",
  "1.0",
  "Anna",
  "anna",
  "ANNA",
  "anna ",
  " anna",
  "é",
  "e\u0301",
  "e",
  "ß",
  "ss",
  "K",
  "\u212a",
  `${"x".repeat(1023)}y`,
  `${"x".repeat(1023)}z`
]

const size = 65_536

const texts: ReadonlyArray<string> = [
  "x".repeat(size),
  "ü".repeat(size),
  "👩‍👩‍👧".repeat(size / 8),
  JSON.stringify({ quoted: '"\\"', nested: JSON.stringify({ a: ["b"] }) }),
  `"'\`\\\\ \\n %s $1 :name ? {} \${x} </script> <!-- ; --`,
  " \t between blanks \r\n\n ",
  "e\u0301 is not é",
  "\ufeffbegins with a byte order mark",
  "null"
]

interface OfOne {
  readonly name: string
  readonly users: ReadonlyArray<string>
  readonly check: (storage: Storage) => Outcome
}

interface OfTwo {
  readonly name: string
  readonly users: ReadonlyArray<string>
  readonly check: (one: Storage, other: Storage) => Outcome
}

/** Counts up a number that is stored, until the write is made. */
const increment = Effect.fnUntraced(function* (
  storage: Storage,
  user: string,
  writers: number
): Effect.fn.Return<void, CheckFailed | TokenStorageError> {
  // Each refusal is another one's success in the meantime, so there can be no more than there are others.
  for (let attempt = 0; attempt < writers; attempt++) {
    const stored = yield* storage.get(user)
    yield* Effect.yieldNow
    const next = some(String(Number(Option.getOrUndefined(textOf(stored))) + 1))
    if (yield* storage.compareAndSet(user, versionOf(stored), next)) return
  }
  return yield* new CheckFailed({
    expected: "a write to be refused only when somebody else's was made since the version was read",
    found: `${writers} writes of one writer refused, with ${writers - 1} others that write once`
  })
})

const losesNoUpdate = Effect.fnUntraced(function* (storages: ReadonlyArray<Storage>, reader: Storage, user: string) {
  const writers = 50
  yield* write(reader, user, Option.none(), "0")
  yield* Effect.forEach(
    Array.from({ length: writers / storages.length }, () => storages).flat(),
    (storage) => increment(storage, user, writers),
    { concurrency: "unbounded", discard: true }
  )
  const count = Number(Option.getOrUndefined(textOf(yield* reader.get(user))))
  yield* ensure(count === writers, `${writers} updates by ${writers} concurrent writers`, String(count))
})

const hasOneWinner = Effect.fnUntraced(function* (storages: ReadonlyArray<Storage>, reader: Storage, user: string) {
  const writers = 1000
  const version = yield* write(reader, user, Option.none(), "before")
  const written = yield* Effect.forEach(
    Array.from({ length: writers / storages.length }, () => storages).flat(),
    (storage, writer) =>
      Effect.map(storage.compareAndSet(user, version, some(`writer ${writer}`)), (isWritten) =>
        isWritten ? [writer] : []
      ),
    { concurrency: "unbounded" }
  )
  const [winner, ...others] = written.flat()
  yield* ensure(
    winner !== undefined && others.length === 0,
    `1 of ${writers} concurrent writes from one version to be made`,
    String(written.flat().length)
  )
  yield* expectText(reader, user, `writer ${winner}`)
})

/** How many times a write gives way to other fibers before it is done. */
const turnsOf = Effect.fnUntraced(function* (writing: Outcome<boolean>) {
  const fiber = yield* Effect.forkChild(writing)
  let turns = 0
  while (fiber.pollUnsafe() === undefined && turns < 100_000) {
    yield* Effect.yieldNow
    turns++
  }
  yield* Fiber.join(fiber)
  return turns
})

/** What was interrupted may still be under way at a server, but not for ever. */
const canStillWrite = Effect.fnUntraced(function* (storage: Storage, text: string) {
  for (let attempt = 0; attempt < 10; attempt++) {
    const stored = yield* storage.get("anna")
    if (yield* storage.compareAndSet("anna", versionOf(stored), some(text))) {
      yield* expectText(storage, "anna", text)
      return
    }
  }
  return yield* new CheckFailed({ expected: "writes to go on after an interrupted one", found: "10 that say false" })
})

const keepsApart = Effect.fnUntraced(function* (storage: Storage, users: ReadonlyArray<string>) {
  for (const user of users) yield* expectText(storage, user, undefined)
  for (const [index, user] of users.entries()) yield* write(storage, user, Option.none(), `record ${index}`)
  for (const [index, user] of users.entries()) {
    yield* remove(storage, user, versionOf(yield* expectText(storage, user, `record ${index}`)))
  }
})

const ofOne: ReadonlyArray<OfOne> = [
  {
    name: "reads back what was written, and none once it was removed",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      yield* expectText(storage, "anna", undefined)
      const first = yield* write(storage, "anna", Option.none(), "first")
      const again = versionOf(yield* expectText(storage, "anna", "first"))
      yield* ensure(
        Option.getOrUndefined(first) === Option.getOrUndefined(again),
        "the same version when nothing was written in between",
        "another one"
      )
      const second = yield* write(storage, "anna", first, "second")
      yield* remove(storage, "anna", second)
      yield* remove(storage, "anna", yield* write(storage, "anna", Option.none(), "third"))
    })
  },
  {
    name: "writes nothing for one who has not seen the last version",
    users: ["anna", "ben"],
    check: Effect.fnUntraced(function* (storage) {
      const first = yield* write(storage, "anna", Option.none(), "first")
      yield* write(storage, "anna", first, "second")
      const ofBen = yield* write(storage, "ben", Option.none(), "of ben")
      yield* expectRefusal(storage, "anna", first, some("third"), "has not seen the last version")
      yield* expectRefusal(storage, "ben", first, some("third"), "has seen another user's version")
      yield* expectRefusal(storage, "anna", ofBen, some("third"), "has seen another user's version")
    })
  },
  {
    name: "writes nothing for one who expects no record while there is one",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      yield* write(storage, "anna", Option.none(), "first")
      yield* expectRefusal(storage, "anna", Option.none(), some("second"), "expects no record")
      yield* expectRefusal(storage, "anna", Option.none(), some("first"), "expects no record")
    })
  },
  {
    name: "writes nothing for one who expects a record while there is none",
    users: ["anna", "ben"],
    check: Effect.fnUntraced(function* (storage) {
      const ofBen = yield* write(storage, "ben", Option.none(), "of ben")
      yield* expectRefusal(storage, "anna", ofBen, some("first"), "expects a record")
      const first = yield* write(storage, "anna", Option.none(), "first")
      yield* remove(storage, "anna", first)
      yield* expectRefusal(storage, "anna", first, some("second"), "expects a record")
    })
  },
  {
    name: "removes nothing for one who has not seen the last version",
    users: ["anna", "ben"],
    check: Effect.fnUntraced(function* (storage) {
      const ofBen = yield* write(storage, "ben", Option.none(), "of ben")
      yield* expectRefusal(storage, "anna", ofBen, Option.none(), "expects a record")
      const first = yield* write(storage, "anna", Option.none(), "first")
      const second = yield* write(storage, "anna", first, "second")
      yield* expectRefusal(storage, "anna", first, Option.none(), "has not seen the last version")
      yield* expectRefusal(storage, "anna", Option.none(), Option.none(), "expects no record")
      yield* remove(storage, "anna", second)
      yield* expectRefusal(storage, "anna", second, Option.none(), "expects a record")
    })
  },
  {
    name: "never gives a version again, not for the same text and not after a removal",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      const seen = new Set<string>()
      for (let round = 0; round < 10; round++) {
        let version = Option.none<string>()
        for (let time = 0; time < 3; time++) {
          version = yield* write(storage, "anna", version, "the same")
          const known = seen.size
          Option.map(version, (version) => seen.add(version))
          yield* ensure(seen.size > known, "a version that was not given before", "one that was")
        }
        yield* remove(storage, "anna", version)
      }
    })
  },
  {
    name: "loses no update of 50 concurrent writers",
    users: ["anna"],
    check: (storage) => losesNoUpdate([storage], storage, "anna")
  },
  {
    name: "lets one of 1,000 concurrent writers win",
    users: ["anna"],
    check: (storage) => hasOneWinner([storage], storage, "anna")
  },
  {
    name: "lets one of 1,000 concurrent writers win when there is no record yet",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      const written = yield* Effect.forEach(
        Array.from({ length: 1000 }, (_, writer) => some(`writer ${writer}`)),
        (next) => storage.compareAndSet("anna", Option.none(), next),
        { concurrency: "unbounded" }
      )
      const winners = written.flatMap((isWritten, writer) => (isWritten ? [writer] : []))
      yield* ensure(winners.length === 1, "1 of 1000 concurrent first writes to be made", String(winners.length))
      yield* expectText(storage, "anna", `writer ${winners[0]}`)
    })
  },
  {
    name: "keeps users whatever they are called",
    users: awkward,
    check: (storage) => keepsApart(storage, awkward)
  },
  {
    name: "keeps users apart whose names are alike",
    users: alike,
    check: (storage) => keepsApart(storage, alike)
  },
  {
    name: "leaves other users alone when one is removed",
    users: ["anna", "anna2", "an", "ANNA", "ben"],
    check: Effect.fnUntraced(function* (storage) {
      const others = ["anna2", "an", "ANNA", "ben"]
      const before = yield* Effect.forEach(others, (user) => write(storage, user, Option.none(), `of ${user}`))
      yield* remove(storage, "anna", yield* write(storage, "anna", Option.none(), "of anna"))
      for (const [index, user] of others.entries()) {
        yield* expectText(storage, user, `of ${user}`)
        yield* write(storage, user, before[index] ?? Option.none(), `of ${user} still`)
      }
    })
  },
  {
    name: "keeps records whole, whatever they hold, up to 64 KB and more",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      let version = Option.none<string>()
      for (const text of texts) version = yield* write(storage, "anna", version, text)
    })
  },
  {
    name: "leaves the old record or the new one, whole, when a write is interrupted",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      const rounds = 50
      const textIn = (round: number) => `round ${round} `.padEnd(size, "x")
      yield* write(storage, "anna", Option.none(), textIn(0))
      const replace = (stored: Option.Option<Stored>, round: number) =>
        storage.compareAndSet("anna", versionOf(stored), some(textIn(round)))
      const turns = yield* turnsOf(replace(yield* storage.get("anna"), 1))
      yield* expectText(storage, "anna", textIn(1))
      for (let round = 2; round < rounds; round++) {
        const before = yield* storage.get("anna")
        const fiber = yield* Effect.forkChild(replace(before, round))
        for (let turn = 0; turn < (turns * round) / rounds; turn++) yield* Effect.yieldNow
        yield* Fiber.interrupt(fiber)
        const exit = yield* Fiber.await(fiber)
        const text = Option.getOrUndefined(textOf(yield* storage.get("anna")))
        const isOld = text === Option.getOrUndefined(textOf(before))
        const isSaidToBeWritten = Exit.isSuccess(exit) && exit.value
        yield* ensure(
          text === textIn(round) || (isOld && !isSaidToBeWritten),
          isSaidToBeWritten ? "the new record after a write that said true" : "the old record or the new one",
          isOld ? "the old one" : text === undefined ? "none" : "something else"
        )
      }
      yield* canStillWrite(storage, textIn(rounds))
    })
  }
]

/** What the library relies on when it keeps its own records in the storage. */
const ofRecords: ReadonlyArray<OfOne> = [
  {
    name: "finds a record that cannot be read, and lets it be replaced and removed",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      for (const next of [Option.some(recordOf(1)), Option.none()]) {
        yield* write(storage, "anna", Option.none(), '{"format":1,"accessToken":"cut')
        const found = Option.getOrUndefined(yield* noFailure(RecordStore.find(storage, "anna", app)))
        yield* ensure(found !== undefined && Result.isFailure(found.content), "a record that cannot be read", "none")
        const { version } = found ?? { version: "" }
        const isDone = yield* noFailure(
          Option.isSome(next)
            ? RecordStore.write(storage, Option.some(version), next.value)
            : RecordStore.remove(storage, "anna", version)
        )
        yield* ensure(isDone, "a record that cannot be read to be replaced", "false")
        yield* forget(storage, "anna")
      }
    })
  },
  {
    name: "keeps the fields of a record that only a newer version knows",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      yield* noFailure(RecordStore.write(storage, Option.none(), recordOf(1)))
      const written = Option.getOrThrow(yield* storage.get("anna"))
      const newer = `${Redacted.value(written.record).slice(0, -1)},"later":{"kept":[1,"two"]}}`
      yield* write(storage, "anna", Option.some(written.version), newer)
      const read = Option.getOrThrow(yield* noFailure(RecordStore.read(storage, "anna", app)))
      yield* noFailure(RecordStore.write(storage, Option.some(read.version), { ...read.record, generation: 2 }))
      const kept = Option.getOrUndefined(textOf(yield* storage.get("anna")))
      yield* ensure(
        kept?.includes('"later":{"kept":[1,"two"]}') === true,
        "the field to be there",
        "a record without it"
      )
    })
  },
  {
    name: "keeps the record of one app from another",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      yield* noFailure(RecordStore.write(storage, Option.none(), recordOf(1)))
      const before = Option.getOrUndefined(textOf(yield* storage.get("anna")))
      const result = yield* Effect.result(RecordStore.read(storage, "anna", otherApp))
      const isRefused = Result.isFailure(result) && result.failure.problem === "AnotherApp"
      yield* ensure(isRefused, "another app to be refused", Result.isSuccess(result) ? "the record" : "another failure")
      yield* expectText(storage, "anna", before)
    })
  },
  {
    name: "finds what was written though the write was reported as a failure",
    users: ["anna"],
    check: Effect.fnUntraced(function* (storage) {
      const unsure = TokenStorage.of({
        ...storage,
        compareAndSet: (user, expected, next) =>
          Effect.andThen(
            storage.compareAndSet(user, expected, next),
            Effect.fail(new TokenStorageError({ cause: new Error("the response was lost") }))
          )
      })
      yield* Effect.ignore(RecordStore.write(unsure, Option.none(), recordOf(1)))
      const first = Option.getOrUndefined(yield* noFailure(RecordStore.read(storage, "anna", app)))
      yield* ensure(first?.record.generation === 1, "the record that was written", "none")
      const isAgain = yield* noFailure(RecordStore.write(storage, Option.none(), recordOf(2)))
      yield* ensure(!isAgain, "a second write that expects no record to say false", "true")
    })
  }
]

const ofTwo: ReadonlyArray<OfTwo> = [
  {
    name: "two processes: each sees at once what the other wrote or removed",
    users: ["anna"],
    check: Effect.fnUntraced(function* (one, other) {
      yield* expectText(other, "anna", undefined)
      yield* write(one, "anna", Option.none(), "first")
      const first = versionOf(yield* expectText(other, "anna", "first"))
      yield* write(other, "anna", first, "second")
      const second = versionOf(yield* expectText(one, "anna", "second"))
      yield* remove(one, "anna", second)
      yield* expectText(other, "anna", undefined)
    })
  },
  {
    name: "two processes: writes nothing for one who has not seen what the other wrote",
    users: ["anna"],
    check: Effect.fnUntraced(function* (one, other) {
      const first = yield* write(one, "anna", Option.none(), "first")
      yield* expectRefusal(other, "anna", Option.none(), some("second"), "expects no record")
      yield* write(other, "anna", first, "second")
      const who = "has not seen what another process wrote"
      yield* expectRefusal(one, "anna", first, some("third"), who)
      yield* expectRefusal(one, "anna", first, Option.none(), who)
    })
  },
  {
    name: "two processes: neither gives a version that the other has given",
    users: ["anna"],
    check: Effect.fnUntraced(function* (one, other) {
      const seen = new Set<string>()
      for (let round = 0; round < 10; round++) {
        let version = Option.none<string>()
        for (const storage of [one, other]) {
          version = yield* write(storage, "anna", version, "the same")
          const known = seen.size
          Option.map(version, (version) => seen.add(version))
          yield* ensure(seen.size > known, "a version that neither process gave before", "one that was given")
        }
        yield* remove(round % 2 === 0 ? one : other, "anna", version)
      }
    })
  },
  {
    name: "two processes: loses no update of 25 concurrent writers in each",
    users: ["anna"],
    check: (one, other) => losesNoUpdate([one, other], one, "anna")
  },
  {
    name: "two processes: lets one of 500 concurrent writers in each win",
    users: ["anna"],
    check: (one, other) => hasOneWinner([one, other], other, "anna")
  }
]

const cleanly = (storage: Storage, users: ReadonlyArray<string>, check: Outcome): Outcome => {
  const forgetAll = Effect.forEach(users, (user) => forget(storage, user), { discard: true })
  return Effect.andThen(forgetAll, check).pipe(
    // Not what it says, which may be the content of a record.
    Effect.catchDefect(() =>
      Effect.fail(new CheckFailed({ expected: "failures to be a TokenStorageError", found: "one that was thrown" }))
    ),
    Effect.ensuring(Effect.ignoreCause(forgetAll))
  )
}

/**
 * The checks that a storage has to pass, each with a storage that is built for
 * it. They need nothing but Effect, so they run in any test runner, under the
 * test clock (unless the storage itself waits) as well as under the real one.
 *
 * The storage need not be empty: a check forgets the users that it needs before
 * and after. These have names such as `anna`, `1` and the empty one, so never
 * run this against a database with tokens that somebody needs.
 *
 * With `shared`, for storages that several processes share, there are further
 * checks that build the layer twice. What it keeps has to be outside of it: in a
 * server, in a file, or in a service that the layer requires.
 *
 * **Example** (Testing a storage of your own)
 *
 * ```ts
 * import { Effect, Layer, Option, Redacted } from "effect"
 * import { TokenStorage, TokenStorageTest } from "effect-miro"
 *
 * const layer = Layer.sync(TokenStorage.TokenStorage, () => {
 *   const records = new Map<string, TokenStorage.Stored>()
 *   return {
 *     get: (user) => Effect.sync(() => Option.fromUndefinedOr(records.get(user))),
 *     compareAndSet: (user, expected, next) =>
 *       Effect.sync(() => {
 *         if (records.get(user)?.version !== Option.getOrUndefined(expected)) return false
 *         if (Option.isNone(next)) records.delete(user)
 *         else records.set(user, { record: next.value, version: crypto.randomUUID() })
 *         return true
 *       })
 *   }
 * })
 *
 * // With `@effect/vitest`: for (const { name, run } of TokenStorageTest.suite(layer)) it.effect(name, () => run)
 * for (const { name, run } of TokenStorageTest.suite(layer)) {
 *   await Effect.runPromise(run)
 *   console.log(`ok: ${name}`)
 * }
 * ```
 *
 * @category testing
 */
export const suite = <E, R>(
  layer: Layer.Layer<TokenStorage, E, R>,
  options?: {
    /** Whether all layers share one storage. */
    readonly shared?: boolean | undefined
  }
): ReadonlyArray<Check<E, R>> => {
  const storage = Effect.map(Layer.build(Layer.fresh(layer)), Context.get(TokenStorage))
  return [
    ...[...ofOne, ...ofRecords].map(({ check, name, users }) => ({
      name,
      run: Effect.scoped(Effect.flatMap(storage, (storage) => cleanly(storage, users, check(storage))))
    })),
    ...(options?.shared === true ? ofTwo : []).map(({ check, name, users }) => ({
      name,
      run: Effect.scoped(
        Effect.flatMap(Effect.all([storage, storage]), ([one, other]) => cleanly(one, users, check(one, other)))
      )
    }))
  ]
}
