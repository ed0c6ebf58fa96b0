import * as Digest from "effect/crypto/Digest"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Durable from "./file/durable.ts"
import { temporariesIn, versionAfter, versionsIn } from "./file/names.ts"
import * as Reading from "./file/reading.ts"
import { TokenStorage, TokenStorageError } from "./service.ts"

const asStorageError = (error: PlatformError | TokenStorageError): TokenStorageError =>
  error._tag === "TokenStorageError" ? error : new TokenStorageError({ cause: error })

const noNumberLeft = (folder: string) =>
  new TokenStorageError({
    cause: new Error(`no number is left for a file in ${folder}: what is not of this user has to go`)
  })

/*
 * The record of a user is the file with the highest number in the user's
 * folder, of those that hold one. To write is to add the next: the content goes
 * into a temporary file, which is then linked to the number. A rename would
 * replace what another process has put there meanwhile; a link fails if the name
 * exists, so one writer wins.
 *
 * Old numbers are swept, and a late writer must not take one for free. So every
 * writer makes its temporary file first and then looks whether its number is
 * still the next; and who sweeps removes temporary files before old numbers.
 * When a number is swept, then, the temporary file of everyone who could still
 * take it for the next is gone, and their link fails.
 *
 * A listing may miss names that come or go meanwhile, such as a version and the
 * one that replaces it. A reader who is left with an older one finds that it is
 * gone too, since the oldest are swept first, and begins again.
 */
const make = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const digest = yield* Digest.Digest
  const random = yield* SecureRandom.SecureRandom
  const { link, makeFolder, remove, syncFolder, withFile } = Durable.make(fs, path)
  const { list, read, readFile } = Reading.make(fs, path)
  const root = path.resolve(directory)

  // A digest is a name on every file system, also where A and a are the same.
  // It is that of the JSON text, since UTF-8 has no lone surrogates.
  const folderOf = (user: string) =>
    Effect.map(digest.digestHex(Digest.sha256, new TextEncoder().encode(JSON.stringify(user))), (name) =>
      path.join(root, name)
    )

  // All that was written here before `version`. What else has a number stays.
  const sweep = Effect.fnUntraced(function* (folder: string, user: string, version: number, replaced: number) {
    const names = yield* list(folder)
    yield* remove(folder, temporariesIn(names, version))
    const older = versionsIn(names).filter((number) => number < version)
    for (const number of older.toReversed()) {
      const text = Effect.orElseSucceed(readFile(folder, number), () => "")
      const isOurs = number === replaced || Reading.isOfUser(user, yield* text)
      if (isOurs) yield* remove(folder, [String(number)])
    }
  })

  const add = Effect.fnUntraced(function* (folder: string, user: string, found: Reading.Found, text: string) {
    const version = versionAfter(found.version, found.foreign)
    if (version === undefined) return yield* noNumberLeft(folder)
    if (found.version === 0) yield* makeFolder(folder)
    const temporary = `${version}.${yield* random.uuidV4()}.tmp`
    const source = path.join(folder, temporary)
    const bytes = new TextEncoder().encode(text)
    const linked = yield* Effect.gen(function* () {
      yield* withFile(source, { flag: "wx", mode: 0o600 }, (file) => Effect.andThen(file.writeAll(bytes), file.sync))
      const [latest = 0] = versionsIn(yield* list(folder)).filter((number) => !found.foreign.has(number))
      if (latest >= version) return false
      const linked = yield* link(source, path.join(folder, String(version)))
      if (linked) yield* syncFolder(folder)
      return linked
    }).pipe(Effect.ensuring(Effect.ignore(remove(folder, [temporary]))))
    // What cannot be swept now is swept after the next write.
    if (linked) yield* Effect.ignore(sweep(folder, user, version, found.version))
    return linked
  }, Effect.uninterruptible)

  const get = Effect.fnUntraced(function* (user: string) {
    const { content, version } = yield* read(user, yield* folderOf(user))
    const record = yield* Effect.fromResult(content)
    return record === null ? Option.none() : Option.some({ record, version: String(version) })
  }, Effect.mapError(asStorageError))

  const compareAndSet = Effect.fnUntraced(function* (
    user: string,
    expected: Option.Option<string>,
    next: Option.Option<Redacted.Redacted>
  ) {
    const folder = yield* folderOf(user)
    const found = yield* read(user, folder)
    const isNone = Result.isSuccess(found.content) && found.content.success === null
    if ((isNone ? undefined : String(found.version)) !== Option.getOrUndefined(expected)) return false
    const text = yield* Effect.orDie(Reading.encode({ user, record: Option.getOrNull(next) }))
    return yield* add(folder, user, found, text)
  }, Effect.mapError(asStorageError))

  const place = (user: string) =>
    Effect.flatMap(folderOf(user), (folder) =>
      read(user, folder).pipe(
        Effect.map(({ version }) => (version === 0 ? folder : path.join(folder, String(version)))),
        Effect.orElseSucceed(() => folder)
      )
    )

  return TokenStorage.of({ get, compareAndSet, place })
})

/**
 * Keeps tokens in files under `directory`, for one process or several on the
 * same machine. No locks are held, so a process that is killed blocks nobody.
 *
 * Each user has a folder, named by a SHA-256 digest of the user's key, and in
 * it the record is the file with the highest number. Every write adds a file,
 * and then removes those before it; the file that says that a record was
 * removed stays. Files are written with mode 0600 and folders made with 0700.
 * That goes for `directory` too when it does not exist yet, while one that
 * exists is left as it is, since it may hold other things.
 *
 * A write is flushed to the disk, file and folder, before it succeeds, and is
 * not interrupted once begun. A record that is damaged, or that this process
 * may not read, fails with `TokenStorageError`, and is only replaced by a new
 * login. Files that are not records of the user are left alone.
 *
 * **Gotchas**
 *
 * - The file system has to be a local one with hard links, which FAT, for one,
 *   does not have. A rename would not do, because it replaces what another
 *   process has just written.
 * - The tokens are as safe as the files are: anyone who can read them, as in a
 *   backup, has them.
 * - Windows knows neither these modes nor a flush of folders.
 *
 * **Example** (Tokens under the home of a service)
 *
 * ```ts
 * import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
 * import * as NodePath from "@effect/platform-node/NodePath"
 * import { Layer } from "effect"
 * import { TokenStorage } from "effect-miro"
 *
 * const layer = TokenStorage.layerFile("/var/lib/my-app/tokens").pipe(
 *   Layer.provide([NodeFileSystem.layer, NodePath.layer])
 * )
 * ```
 *
 * @category layers
 */
export const layerFile = (directory: string): Layer.Layer<TokenStorage, never, FileSystem.FileSystem | Path.Path> =>
  Layer.effect(TokenStorage, make(directory)).pipe(Layer.provide([Digest.layerWebCrypto, SecureRandom.layerWebCrypto]))
