/** Files that are there as a whole or not at all. */
import { Effect, FileSystem, Stream } from "effect"

/** Writes to a file beside the one that is meant, which it replaces when all is written. */
export const write = Effect.fn(function* <E, R>(file: string, content: Stream.Stream<Uint8Array, E, R>) {
  const fs = yield* FileSystem.FileSystem
  const partial = `${file}.partial`
  yield* Stream.run(content, fs.sink(partial)).pipe(
    Effect.andThen(fs.rename(partial, file)),
    Effect.onError(() => Effect.ignore(fs.remove(partial)))
  )
})

/** The same for a text. */
export const writeText = (file: string, text: string) => write(file, Stream.make(new TextEncoder().encode(text)))
