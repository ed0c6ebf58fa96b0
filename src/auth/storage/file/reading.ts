/**
 * Finding the record of a user among the files of a folder.
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { TokenStorageError } from "../service.ts"
import { versionsIn } from "./names.ts"

const Content = Schema.fromJsonString(
  Schema.Struct({
    /** The key under which the record is stored: the name of the folder does not tell. */
    user: Schema.String,
    /** Null once the record was removed. */
    record: Schema.NullOr(Schema.RedactedFromValue(Schema.String))
  })
)
/** What a file holds, as text. */
export const encode = Schema.encodeEffect(Content)
const decode = Schema.decodeUnknownEffect(Content)

const unusable = (file: string, problem: string, version?: number) =>
  new TokenStorageError({ cause: new Error(`${file} ${problem}`), version: version?.toString() })

/** The record of a user as the folder has it. */
export interface Found {
  /** 0 if there is none. */
  readonly version: number
  readonly content: Result.Result<Redacted.Redacted | null, TokenStorageError>
  /** Numbers that are taken by what is no record of this user. */
  readonly foreign: ReadonlySet<number>
}

// For each, somebody else has to finish a write between our listing of a folder
// and our reading of a file in it.
const maxCollisions = 100

// Damaged, as by a disk, it still begins as it was written.
export const isOfUser = (user: string, text: string): boolean => text.startsWith(`{"user":${JSON.stringify(user)}`)

export const make = (fs: FileSystem.FileSystem, path: Path.Path) => {
  const list = (folder: string) =>
    fs.readDirectory(folder).pipe(Effect.catchReason("PlatformError", "NotFound", () => Effect.succeed([])))

  const readFile = (folder: string, version: number) => fs.readFileString(path.join(folder, String(version)))

  const contentOf = Effect.fnUntraced(function* (
    folder: string,
    user: string,
    version: number
  ): Effect.fn.Return<Option.Option<Found["content"]>, PlatformError> {
    const file = path.join(folder, String(version))
    const text = yield* Effect.result(readFile(folder, version))
    if (Result.isFailure(text)) {
      // Somebody has replaced it meanwhile, and one looks again.
      if (text.failure.reason._tag === "NotFound") return yield* text.failure
      const info = yield* fs.stat(file)
      if (info.type !== "File") return Option.none()
      return Option.some(Result.fail(unusable(file, `cannot be read: ${text.failure.message}`, version)))
    }
    const content = yield* Effect.option(decode(text.success))
    if (Option.isSome(content) && content.value.user === user) {
      return Option.some(Result.succeed(content.value.record))
    }
    return isOfUser(user, text.success)
      ? Option.some(Result.fail(unusable(file, "does not hold a whole record", version)))
      : Option.none()
  })

  // Not only by their names: anybody can have put a file there, and what is no record of the user must neither take the
  // place of one nor be taken for none.
  const read = Effect.fnUntraced(
    function* (user: string, folder: string): Effect.fn.Return<Found, PlatformError> {
      // Looked for twice, because a listing that missed the only one looks like none.
      const listed = versionsIn(yield* list(folder))
      const versions = listed.length > 0 ? listed : versionsIn(yield* list(folder))
      const foreign = new Set<number>()
      for (const version of versions) {
        const content = yield* contentOf(folder, user, version)
        if (Option.isSome(content)) return { version, content: content.value, foreign }
        foreign.add(version)
      }
      const [highest = 0] = versions
      if (highest === 0) return { version: 0, content: Result.succeed(null), foreign }
      foreign.delete(highest)
      const file = path.join(folder, String(highest))
      const content = Result.fail(unusable(file, "does not hold a record of this user", highest))
      return { version: highest, content, foreign }
    },
    Effect.retry({
      while: (error) => error.reason._tag === "NotFound",
      times: maxCollisions
    })
  )

  return { list, readFile, read }
}
