/**
 * Makes a sticky note of each row of a list, once however often it is
 * interrupted. What is on the board is known from a journal beside the list,
 * and, for the one request that was on its way, from the board.
 */
import { Array, Effect, FileSystem, Option, Schema, Stream } from "effect"
import { Frames, Items } from "effect-miro"
import { toMarkup } from "../shared/html.ts"
import * as Files from "./files.ts"

// As many as one request takes, all or none.
const perRequest = 20
const perFrame = 100
const columns = 10
const distance = 220
const size = columns * distance

const Journal = Schema.Struct({
  boardId: Schema.String,
  /** Of each hundred rows, the frame that has them. */
  frames: Schema.Array(Schema.String),
  /** How many rows are on the board for certain. */
  done: Schema.Int,
  /** Whether a request was sent of which nothing is known yet. */
  isPending: Schema.Boolean
})

type Journal = typeof Journal.Type

const JournalFile = Schema.fromJsonString(Journal)

/** The journal is of another board. */
export class JournalError extends Schema.TaggedError<JournalError>("JournalError")("JournalError", {
  message: Schema.String
}) {}

const open = Effect.fn(function* (path: string, boardId: string) {
  const fs = yield* FileSystem.FileSystem
  if (!(yield* fs.exists(path))) return { boardId, frames: [], done: 0, isPending: false } satisfies Journal
  const journal = yield* Schema.decodeEffect(JournalFile)(yield* fs.readFileString(path))
  if (journal.boardId === boardId) return journal
  return yield* new JournalError({ message: `${path} is of an import to the board ${journal.boardId}` })
})

const placeOf = (row: number) => ({
  x: ((row % perFrame) % columns) * distance + distance / 2,
  y: Math.floor((row % perFrame) / columns) * distance + distance / 2
})

const titleOf = (name: string, index: number) => `${name} ${index * perFrame + 1}-${(index + 1) * perFrame}`

/** The frame for rows, which may be there already if nothing is known of the last request. */
const frameOf = Effect.fn(function* (boardId: string, name: string, index: number, mayBeThere: boolean) {
  const title = titleOf(name, index)
  const found = mayBeThere
    ? yield* Items.list.items({ boardId, type: "frame" }).pipe(
        Stream.filter((item) => item.type === "frame" && item.data?.title === title),
        Stream.runHead
      )
    : Option.none()
  if (Option.isSome(found)) return found.value.id
  const position = { x: index * (size + distance), y: 0 }
  const frame = yield* Frames.create({ boardId, data: { title }, position, geometry: { width: size, height: size } })
  return frame.id
})

/** Whether the note of a row is in its frame. The others of its request are there then, too. */
const isThere = (boardId: string, frameId: string, row: number) => {
  const { x, y } = placeOf(row)
  return Items.listInFrame.items({ boardId, parentItemId: frameId }).pipe(
    Stream.filter(({ position }) => Math.abs((position?.x ?? NaN) - x) < 1 && Math.abs((position?.y ?? NaN) - y) < 1),
    Stream.runHead,
    Effect.map(Option.isSome)
  )
}

/** Imports texts to a board, and gives how many rows it made. */
export const run = Effect.fn(function* (
  options: { readonly name: string; readonly boardId: string; readonly journal: string },
  texts: ReadonlyArray<string>,
  advance: (rows: number) => Effect.Effect<void>
) {
  const { boardId, name } = options
  let journal: Journal = yield* open(options.journal, boardId)
  const note = Effect.fn(function* (change: Partial<Journal>) {
    journal = { ...journal, ...change }
    yield* Files.writeText(options.journal, yield* Schema.encodeEffect(JournalFile)(journal))
  })
  yield* advance(journal.done)
  let made = 0
  while (journal.done < texts.length) {
    const { done, frames, isPending } = journal
    const frameId = frames[Math.floor(done / perFrame)]
    if (!isPending) yield* note({ isPending: true })
    if (frameId === undefined) {
      const created = yield* frameOf(boardId, name, frames.length, isPending)
      yield* note({ frames: [...frames, created], isPending: false })
      continue
    }
    const rows = Array.take(Array.drop(texts, done), perRequest)
    if (!(isPending && (yield* isThere(boardId, frameId, done)))) {
      const items = rows.map((content, index) => ({
        type: "sticky_note" as const,
        data: { content: toMarkup(content) },
        position: placeOf(done + index),
        parent: { id: frameId }
      }))
      yield* Items.createBulk({ boardId, items })
      made += rows.length
    }
    yield* note({ done: done + rows.length, isPending: false })
    yield* advance(rows.length)
  }
  return made
})
