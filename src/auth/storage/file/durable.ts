/**
 * Changes of files and folders that outlive a crash of the machine.
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { TokenStorageError } from "../service.ts"

export const make = (fs: FileSystem.FileSystem, path: Path.Path) => {
  const withFile = <A>(
    file: string,
    options: { readonly flag: FileSystem.OpenFlag; readonly mode?: number },
    use: (file: FileSystem.File) => Effect.Effect<A, PlatformError>
  ) =>
    Effect.scoped(Effect.flatMap(fs.open(file, options), use)).pipe(
      // A file that cannot be closed is a defect of its scope.
      Effect.catchDefect((cause) => Effect.fail(new TokenStorageError({ cause })))
    )

  // Makes the names in a folder durable. Windows does not open or flush folders,
  // and one that we may not read cannot be opened: there it has to do without.
  const syncFolder = (folder: string) =>
    withFile(folder, { flag: "r" }, (file) => file.sync).pipe(
      Effect.catchReasons("PlatformError", {
        PermissionDenied: () => Effect.void,
        BadResource: () => Effect.void
      })
    )

  // Folders that exist keep their mode: they may be anyone's. The parent is
  // synced all the same, because whoever made the folder may not have come to it.
  const makeFolder = (folder: string): Effect.Effect<void, PlatformError | TokenStorageError> => {
    const parent = path.dirname(folder)
    const make = fs.makeDirectory(folder, { mode: 0o700 })
    return make.pipe(
      Effect.catchReason("PlatformError", "NotFound", () =>
        parent === folder ? make : Effect.andThen(makeFolder(parent), make)
      ),
      Effect.catchReason("PlatformError", "AlreadyExists", () => Effect.void),
      Effect.andThen(syncFolder(parent))
    )
  }

  const remove = (folder: string, names: ReadonlyArray<string>) =>
    Effect.forEach(names, (name) => fs.remove(path.join(folder, name), { force: true }), { discard: true })

  // Another writer was first, and has made the same number or swept our file.
  const link = (source: string, target: string) =>
    fs.link(source, target).pipe(
      Effect.as(true),
      Effect.catchReasons("PlatformError", {
        AlreadyExists: () => Effect.succeed(false),
        NotFound: () => Effect.succeed(false)
      })
    )

  return { withFile, syncFolder, makeFolder, remove, link }
}
