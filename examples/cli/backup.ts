/** A folder for each board: what it is, its items, and the images on it. */
import { Effect, FileSystem, Path, Schema, Stream } from "effect"
import { Boards, Images, Items } from "effect-miro"
import * as Files from "./files.ts"
import { formats } from "./formats.ts"

const encodeBoard = Schema.encodeEffect(Boards.Board)

const extensionOf = (contentType: string | undefined): string =>
  /^image\/(png|jpeg|gif|svg|webp)/.exec(contentType ?? "")?.[1] ?? "bin"

const saveImage = Effect.fn(function* (directory: string, boardId: string, itemId: string) {
  const path = yield* Path.Path
  const { bytes, contentType } = yield* Images.download({ boardId, itemId })
  yield* Files.write(path.join(directory, `${itemId}.${extensionOf(contentType)}`), bytes)
}, Effect.scoped)

/** Saves a board. The file `board.json` is the last one: where it is, all of the board is. */
export const saveBoard = Effect.fn(function* (directory: string, board: Boards.Board) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.join(directory, board.id)
  yield* fs.makeDirectory(folder, { recursive: true })
  const items = Items.list.items({ boardId: board.id })
  yield* Files.write(path.join(folder, "items.json"), Stream.encodeText(formats.json(items)))
  yield* Items.list.items({ boardId: board.id, type: "image" }).pipe(
    Stream.mapEffect((item) => saveImage(folder, board.id, item.id), { concurrency: 4 }),
    Stream.runDrain
  )
  yield* Files.writeText(path.join(folder, "board.json"), JSON.stringify(yield* encodeBoard(board), null, 2))
})

/** Saves all boards, four at a time. */
export const run = (directory: string, advance: (boards: number) => Effect.Effect<void>) =>
  Boards.list.items().pipe(
    Stream.mapEffect((board) => Effect.andThen(saveBoard(directory, board), advance(1)), { concurrency: 4 }),
    Stream.runCount
  )
