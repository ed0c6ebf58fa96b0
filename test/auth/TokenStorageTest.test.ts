import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Hash, Layer, Option, Redacted, Semaphore } from "effect"
import { TokenStorage, TokenStorageTest } from "effect-miro"

const suite = TokenStorageTest.suite

interface Row {
  readonly text: string
  readonly version: string
}

interface Rows {
  readonly get: (user: string) => Row | undefined
  readonly set: (user: string, row: Row) => void
  readonly delete: (user: string) => void
}

/** The parts of a storage that is as it should be; each fault below puts something else for one of them. */
interface Parts {
  readonly rows: Rows
  readonly keyOf: (user: string) => string
  readonly textOf: (text: string) => string
  readonly versionOf: (before: Row | undefined, text: string) => string
  readonly isExpected: (stored: Row | undefined, expected: string | undefined, next: Option.Option<unknown>) => boolean
  /** Between the comparison and the write. */
  readonly meanwhile: Effect.Effect<void>
}

const parts = (): Parts => {
  let writes = 0
  return {
    rows: new Map<string, Row>(),
    keyOf: (user) => user,
    textOf: (text) => text,
    versionOf: () => String(++writes),
    isExpected: (stored, expected) => stored?.version === expected,
    meanwhile: Effect.void
  }
}

const storageOf = ({ isExpected, keyOf, meanwhile, rows, textOf, versionOf }: Parts) =>
  TokenStorage.TokenStorage.of({
    get: (user) =>
      Effect.sync(() =>
        Option.map(Option.fromUndefinedOr(rows.get(keyOf(user))), ({ text, version }) => ({
          record: Redacted.make(text),
          version
        }))
      ),
    compareAndSet: Effect.fnUntraced(function* (user, expected, next) {
      const key = keyOf(user)
      const before = rows.get(key)
      if (!isExpected(before, Option.getOrUndefined(expected), next)) return false
      yield* meanwhile
      if (Option.isNone(next)) rows.delete(key)
      else {
        const text = textOf(Redacted.value(next.value))
        rows.set(key, { text, version: versionOf(before, text) })
      }
      return true
    })
  })

const storage = (change: (parts: Parts) => Partial<Parts>) =>
  Layer.sync(TokenStorage.TokenStorage, () => {
    const good = parts()
    return storageOf({ ...good, ...change(good) })
  })

const changed = (
  change: (storage: TokenStorage.TokenStorage["Service"]) => Partial<TokenStorage.TokenStorage["Service"]>
) =>
  Layer.sync(TokenStorage.TokenStorage, () => {
    const good = storageOf(parts())
    return TokenStorage.TokenStorage.of({ ...good, ...change(good) })
  })

/** The names of the checks that a storage does not pass, and what these say. */
const failures = Effect.fnUntraced(function* (checks: ReadonlyArray<TokenStorageTest.Check<never, never>>) {
  const failed = new Map<string, string>()
  for (const { name, run } of checks) {
    const exit = yield* Effect.exit(run)
    if (Exit.isSuccess(exit)) continue
    const error = Option.getOrThrow(Cause.findErrorOption(exit.cause))
    assert.strictEqual(error._tag, "CheckFailed")
    failed.set(name, error.message)
  }
  return failed
})

const readsBack = "reads back what was written, and none once it was removed"
const staleWrite = "writes nothing for one who has not seen the last version"
const createOverRecord = "writes nothing for one who expects no record while there is one"
const replaceNothing = "writes nothing for one who expects a record while there is none"
const staleRemoval = "removes nothing for one who has not seen the last version"
const versions = "never gives a version again, not for the same text and not after a removal"
const lostUpdate = "loses no update of 50 concurrent writers"
const oneWinner = "lets one of 1,000 concurrent writers win"
const oneFirst = "lets one of 1,000 concurrent writers win when there is no record yet"
const awkward = "keeps users whatever they are called"
const alike = "keeps users apart whose names are alike"
const others = "leaves other users alone when one is removed"
const whole = "keeps records whole, whatever they hold, up to 64 KB and more"
const unreadable = "finds a record that cannot be read, and lets it be replaced and removed"
const unknownFields = "keeps the fields of a record that only a newer version knows"
const interrupted = "leaves the old record or the new one, whole, when a write is interrupted"

const faults: ReadonlyArray<readonly [fault: string, caughtBy: string, layer: Layer.Layer<TokenStorage.TokenStorage>]> =
  [
    ["writes without comparing", staleWrite, storage(() => ({ isExpected: () => true }))],
    [
      "compares only what is there: an upsert where there is no record",
      replaceNothing,
      storage(() => ({
        isExpected: (stored, expected) => stored === undefined || stored.version === expected
      }))
    ],
    [
      "creates over a record",
      createOverRecord,
      storage(() => ({
        isExpected: (stored, expected) => expected === undefined || stored?.version === expected
      }))
    ],
    [
      "removes whatever the version",
      staleRemoval,
      storage(() => ({
        isExpected: (stored, expected, next) => Option.isNone(next) || stored?.version === expected
      }))
    ],
    [
      "removes nothing, but says so",
      readsBack,
      changed(({ compareAndSet, get }) => ({
        compareAndSet: (user, expected, next) =>
          Option.isSome(next)
            ? compareAndSet(user, expected, next)
            : Effect.map(
                get(user),
                (stored) =>
                  Option.getOrUndefined(Option.map(stored, ({ version }) => version)) ===
                  Option.getOrUndefined(expected)
              )
      }))
    ],
    [
      "says true when it wrote nothing",
      staleWrite,
      changed(({ compareAndSet }) => ({
        compareAndSet: (user, expected, next) => Effect.as(compareAndSet(user, expected, next), true)
      }))
    ],
    [
      "says false although it wrote",
      staleWrite,
      storage(() => ({ isExpected: () => true })).pipe((layer) =>
        Layer.effect(
          TokenStorage.TokenStorage,
          TokenStorage.TokenStorage.useSync((storage) =>
            TokenStorage.TokenStorage.of({
              ...storage,
              compareAndSet: (user, expected, next) =>
                Effect.flatMap(storage.get(user), (stored) =>
                  Effect.map(
                    storage.compareAndSet(user, expected, next),
                    () =>
                      Option.getOrUndefined(Option.map(stored, ({ version }) => version)) ===
                      Option.getOrUndefined(expected)
                  )
                )
            })
          )
        ).pipe(Layer.provide(layer))
      )
    ],
    [
      "counts versions per record, from 1 after a removal",
      versions,
      storage(() => ({ versionOf: (before) => String(Number(before?.version ?? 0) + 1) }))
    ],
    [
      "takes a hash of the text as the version",
      versions,
      storage(() => ({ versionOf: (_, text) => String(Hash.string(text)) }))
    ],
    [
      "takes the second of the write as the version",
      versions,
      storage(() => ({ versionOf: () => "2025-01-01T00:00:00Z" }))
    ],
    [
      "gives another version with every read",
      readsBack,
      Layer.sync(TokenStorage.TokenStorage, () => {
        const good = storageOf(parts())
        let reads = 0
        return TokenStorage.TokenStorage.of({
          get: (user) =>
            Effect.map(
              good.get(user),
              Option.map((stored) => ({ ...stored, version: `${stored.version} ${++reads}` }))
            ),
          compareAndSet: (user, expected, next) =>
            good.compareAndSet(
              user,
              Option.map(expected, (version) => version.split(" ")[0] ?? ""),
              next
            )
        })
      })
    ],
    ["writes a while after it compared", lostUpdate, storage(() => ({ meanwhile: Effect.yieldNow }))],
    ["has more than one winner", oneWinner, storage(() => ({ meanwhile: Effect.yieldNow }))],
    ["has more than one first winner", oneFirst, storage(() => ({ meanwhile: Effect.yieldNow }))],
    [
      "refuses writes without need",
      lostUpdate,
      Layer.sync(TokenStorage.TokenStorage, () => {
        const good = storageOf(parts())
        let writes = 0
        return TokenStorage.TokenStorage.of({
          ...good,
          compareAndSet: (user, expected, next) =>
            ++writes > 40 ? Effect.succeed(false) : good.compareAndSet(user, expected, next)
        })
      })
    ],
    ["lower-cases users", alike, storage(() => ({ keyOf: (user) => user.toLowerCase() }))],
    ["trims users", alike, storage(() => ({ keyOf: (user) => user.trimEnd() }))],
    ["normalizes users", alike, storage(() => ({ keyOf: (user) => user.normalize("NFC") }))],
    ["takes users for numbers", alike, storage(() => ({ keyOf: (user) => String(Number(user) || user) }))],
    ["cuts users off at 255 characters", alike, storage(() => ({ keyOf: (user) => user.slice(0, 255) }))],
    [
      "replaces what no file name may hold",
      awkward,
      storage(() => ({ keyOf: (user) => user.replace(/[^\w.@-]/g, "_") }))
    ],
    [
      "keeps rows in an object",
      awkward,
      storage(() => {
        const rows: Record<string, Row> = {}
        return {
          rows: {
            get: (user) => rows[user],
            set: (user, row) => {
              rows[user] = row
            },
            delete: (user) => {
              delete rows[user]
            }
          }
        }
      })
    ],
    [
      "removes every user whose name begins with the one to remove",
      others,
      storage(() => {
        const rows = new Map<string, Row>()
        return {
          rows: {
            get: (user) => rows.get(user),
            set: (user, row) => rows.set(user, row),
            delete: (user) => {
              for (const key of rows.keys()) if (key.startsWith(user)) rows.delete(key)
            }
          }
        }
      })
    ],
    ["cuts records off", whole, storage(() => ({ textOf: (text) => text.slice(0, 65_535) }))],
    [
      "counts bytes, and cuts records off",
      whole,
      storage(() => ({ textOf: (text) => Buffer.from(text).subarray(0, 100_000).toString() }))
    ],
    [
      "throws at what it cannot parse",
      unreadable,
      changed(({ get }) => ({
        get: (user) =>
          Effect.tap(get(user), (stored) => {
            if (Option.isSome(stored) && Redacted.value(stored.value.record).endsWith(':"cut'))
              throw new Error("no JSON")
            return Effect.void
          })
      }))
    ],
    [
      "has a column for each field that it knows",
      unknownFields,
      storage(() => ({ textOf: (text) => text.replace(/,"later":.*(?=\}$)/, "") }))
    ],
    ["trims records", whole, storage(() => ({ textOf: (text) => text.trim() }))],
    ["unescapes records", whole, storage(() => ({ textOf: (text) => text.replaceAll("\\\\", "\\") }))],
    ["writes Latin-1", whole, storage(() => ({ textOf: (text) => Buffer.from(text, "latin1").toString("latin1") }))],
    ["normalizes records", whole, storage(() => ({ textOf: (text) => text.normalize("NFC") }))],
    [
      "reads from a cache that writes do not clear",
      readsBack,
      changed(({ get }) => {
        const cache = new Map<string, Option.Option<TokenStorage.Stored>>()
        return {
          get: (user) =>
            Effect.suspend(() => {
              const cached = cache.get(user)
              return cached === undefined
                ? Effect.tap(get(user), (stored) => Effect.sync(() => cache.set(user, stored)))
                : Effect.succeed(cached)
            })
        }
      })
    ],
    [
      "writes in two parts, between which it can be interrupted",
      interrupted,
      Layer.sync(TokenStorage.TokenStorage, () => {
        const good = parts()
        const storage = storageOf(good)
        return TokenStorage.TokenStorage.of({
          ...storage,
          compareAndSet: (user, expected, next) =>
            Effect.gen(function* () {
              const isWritten = yield* storage.compareAndSet(
                user,
                expected,
                Option.map(next, (record) => Redacted.make(Redacted.value(record).slice(0, 3)))
              )
              if (!isWritten || Option.isNone(next)) return isWritten
              const row = good.rows.get(user)
              yield* Effect.yieldNow
              if (row !== undefined) good.rows.set(user, { ...row, text: Redacted.value(next.value) })
              return true
            })
        })
      })
    ],
    [
      "stays locked after a write that was interrupted",
      interrupted,
      Layer.sync(TokenStorage.TokenStorage, () => {
        const storage = storageOf(parts())
        let isLocked = false
        return TokenStorage.TokenStorage.of({
          ...storage,
          compareAndSet: Effect.fnUntraced(function* (user, expected, next) {
            if (isLocked) return false
            isLocked = true
            yield* Effect.yieldNow
            const isWritten = yield* storage.compareAndSet(user, expected, next)
            isLocked = false
            return isWritten
          })
        })
      })
    ]
  ]

describe("the kit", () => {
  it.effect("finds nothing wrong with a storage that is as it should be", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* failures(suite(storage(() => ({})))), new Map())
    })
  )

  it.live("runs under the real clock too", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* failures(suite(storage(() => ({})))), new Map())
    })
  )

  it("has a name of its own for every check", () => {
    const names = suite(TokenStorage.layerMemory, { shared: true }).map(({ name }) => name)
    assert.strictEqual(new Set(names).size, names.length)
  })

  for (const [fault, caughtBy, layer] of faults) {
    it.effect(`catches a storage that ${fault}`, () =>
      Effect.gen(function* () {
        const failed = yield* failures(suite(layer))
        assert.include([...failed.keys()], caughtBy)
        assert.match(failed.get(caughtBy) ?? "", /^Expected .+, but found .+$/)
      })
    )
  }

  it.effect("asks nothing of a storage about several processes unless told to", () =>
    Effect.gen(function* () {
      const alone = TokenStorage.layerMemory
      assert.strictEqual((yield* failures(suite(alone))).size, 0)
      assert.isAbove((yield* failures(suite(alone, { shared: true }))).size, 0)
    })
  )

  it.effect("fails with the error of a storage that cannot be built, or cannot be read", () =>
    Effect.gen(function* () {
      const broken = new TokenStorage.TokenStorageError({ cause: "down" })
      const unbuilt = Layer.effect(TokenStorage.TokenStorage, Effect.fail("no connection"))
      const unread = changed(() => ({ get: () => Effect.fail(broken) }))
      for (const { run } of suite(unbuilt, { shared: true })) {
        assert.strictEqual(yield* Effect.flip(run), "no connection")
      }
      for (const { run } of suite(unread, { shared: true })) assert.strictEqual(yield* Effect.flip(run), broken)
    })
  )
})

describe("the kit over a storage that processes share", () => {
  const sees = "two processes: each sees at once what the other wrote or removed"
  const stale = "two processes: writes nothing for one who has not seen what the other wrote"
  const versions = "two processes: neither gives a version that the other has given"
  const lostUpdate = "two processes: loses no update of 25 concurrent writers in each"
  const oneWinner = "two processes: lets one of 500 concurrent writers in each win"

  /** Processes that are built over the same rows. */
  const shared = (process: (shared: Parts) => TokenStorage.TokenStorage["Service"]) => {
    const inCommon = parts()
    return Layer.sync(TokenStorage.TokenStorage, () => process(inCommon))
  }

  it.effect("finds nothing wrong with one that is as it should be, and leaves nothing behind", () =>
    Effect.gen(function* () {
      const rows = new Map<string, Row>([["bystander", { text: "text", version: "v" }]])
      const layer = shared((parts) => storageOf({ ...parts, rows }))
      assert.deepStrictEqual(yield* failures(suite(layer, { shared: true })), new Map())
      assert.deepStrictEqual([...rows.keys()], ["bystander"])
    })
  )

  it.effect("forgets what an earlier run left behind", () =>
    Effect.gen(function* () {
      const rows = new Map(
        ["anna", "ben", "", "1"].map((user) => [user, { text: "left behind", version: `of ${user}` }])
      )
      assert.deepStrictEqual(
        yield* failures(
          suite(
            shared((parts) => storageOf({ ...parts, rows })),
            { shared: true }
          )
        ),
        new Map()
      )
    })
  )

  const twoLocks = () => {
    const { rows, versionOf } = parts()
    return Layer.effect(
      TokenStorage.TokenStorage,
      Effect.map(Semaphore.make(1), (lock) => {
        const storage = storageOf({ ...parts(), rows, versionOf, meanwhile: Effect.yieldNow })
        return TokenStorage.TokenStorage.of({
          get: storage.get,
          compareAndSet: (user, expected, next) => lock.withPermit(storage.compareAndSet(user, expected, next))
        })
      })
    )
  }

  const sharedFaults: ReadonlyArray<
    readonly [fault: string, caughtBy: string, layer: Layer.Layer<TokenStorage.TokenStorage>]
  > = [
    ["keeps everything in its own memory", sees, TokenStorage.layerMemory],
    [
      "reads from a cache that only its own writes clear",
      sees,
      shared((parts) => {
        const storage = storageOf(parts)
        const cache = new Map<string, Option.Option<TokenStorage.Stored>>()
        return TokenStorage.TokenStorage.of({
          get: (user) =>
            Effect.suspend(() => {
              const cached = cache.get(user)
              return cached === undefined
                ? Effect.tap(storage.get(user), (stored) => Effect.sync(() => cache.set(user, stored)))
                : Effect.succeed(cached)
            }),
          compareAndSet: (user, expected, next) =>
            Effect.tap(
              storage.compareAndSet(user, expected, next),
              Effect.sync(() => cache.delete(user))
            )
        })
      })
    ],
    [
      "compares with what it remembers",
      stale,
      shared((shared) => {
        const remembered = new Map<string, Row>()
        return storageOf({
          ...shared,
          rows: {
            get: (user) => {
              const row = remembered.get(user) ?? shared.rows.get(user)
              if (row !== undefined) remembered.set(user, row)
              return row
            },
            set: (user, row) => {
              remembered.set(user, row)
              shared.rows.set(user, row)
            },
            delete: (user) => {
              remembered.delete(user)
              shared.rows.delete(user)
            }
          }
        })
      })
    ],
    ["counts versions in each process", versions, shared((shared) => storageOf({ ...parts(), rows: shared.rows }))],
    ["locks within a process only", lostUpdate, twoLocks()],
    ["locks within a process only", oneWinner, twoLocks()]
  ]

  for (const [fault, caughtBy, layer] of sharedFaults) {
    it.effect(`catches one that ${fault}: ${caughtBy}`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual((yield* failures(suite(layer))).size, 0, "is found out by one process alone")
        assert.include([...(yield* failures(suite(layer, { shared: true }))).keys()], caughtBy)
      })
    )
  }

  it.effect("catches layerGetSet, which is for a single process", () =>
    Effect.gen(function* () {
      const map = new Map<string, Redacted.Redacted>()
      const layer = TokenStorage.layerGetSet({
        get: (user) => Effect.sync(() => Option.fromUndefinedOr(map.get(user))),
        set: (user, record) =>
          Effect.sync(() => {
            if (Option.isSome(record)) map.set(user, record.value)
            else map.delete(user)
          })
      })
      assert.strictEqual((yield* failures(suite(layer))).size, 0)
      assert.include([...(yield* failures(suite(layer, { shared: true }))).keys()], versions)
    })
  )
})
