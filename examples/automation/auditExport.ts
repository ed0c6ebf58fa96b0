/** Audit logs as lines of JSON, page by page, so that an export that ends early goes on where it was. */
import { DateTime, Effect, FileSystem, Schema, Stream } from "effect"
import { AuditLogs } from "effect-miro"

/** How far an export has come: the length of the file is that of the pages before the cursor. */
const Progress = Schema.Struct({ cursor: Schema.optional(Schema.String), bytes: Schema.Int, isDone: Schema.Boolean })

const ProgressFile = Schema.fromJsonString(Progress)

const beginning: typeof Progress.Type = { bytes: 0, isDone: false }

const encodePage = Schema.encodeEffect(Schema.Array(AuditLogs.AuditEvent))

/** Adds the events of a day to a file, and gives them. */
export const run = (day: DateTime.Utc, file: string) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const progressFile = `${file}.progress`
      const isThere = yield* fs.exists(progressFile)
      const progress = isThere
        ? yield* Schema.decodeEffect(ProgressFile)(yield* fs.readFileString(progressFile))
        : beginning
      if (progress.isDone) return Stream.empty
      // What was written after the last cursor comes again.
      yield* fs.writeFileString(file, "", { flag: "a" })
      yield* fs.truncate(file, progress.bytes)
      let bytes = progress.bytes
      const end = DateTime.add(day, { days: 1 })
      const isOver = DateTime.isLessThanOrEqualTo(end, yield* DateTime.now)
      const period = { createdAfter: day, createdBefore: end }
      const cursor = progress.cursor === undefined ? {} : { cursor: progress.cursor }
      return AuditLogs.list.pages({ ...period, ...cursor }).pipe(
        Stream.mapEffect(
          Effect.fn(function* (page) {
            const lines = (yield* encodePage(page.data)).map((event) => `${JSON.stringify(event)}\n`).join("")
            yield* fs.writeFileString(file, lines, { flag: "a" })
            bytes += new TextEncoder().encode(lines).length
            const isLast = page.cursor === undefined || page.cursor === ""
            // As long as the day is not over, its last page grows, and comes again the next time.
            if (isLast && !isOver) return page.data
            const next = { cursor: page.cursor, bytes, isDone: isLast }
            yield* fs.writeFileString(progressFile, yield* Schema.encodeEffect(ProgressFile)(next))
            return page.data
          })
        ),
        Stream.flatMap(Stream.fromIterable)
      )
    })
  )
