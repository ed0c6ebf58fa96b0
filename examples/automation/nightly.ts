/**
 * Backs up all boards once a night, by any number of workers that share a Redis:
 *
 *     REDIS_URL=redis://127.0.0.1:6379 npm run example -- examples/automation/nightly.ts backups/2026-11-27
 *
 * Start it on as many machines as you like, with the same directory. A worker
 * may be killed: another one takes over what it had. All of them together spend
 * the credits of one user and app.
 */
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Config, Console, Effect, FileSystem, Layer, Path, Schedule, Schema, Stream } from "effect"
import { Argument, Command } from "effect/cli"
import { Boards, MiroClient, RateLimit } from "effect-miro"
import { FetchHttpClient } from "effect/http"
import { PersistedQueue } from "effect/persistence"
import { saveBoard } from "../cli/backup.ts"

const Job = Schema.Struct({ boardId: Schema.String })

const isSaved = Effect.fn(function* (directory: string, boardId: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* fs.exists(path.join(directory, boardId, "board.json"))
})

/** Saves a board, unless a worker that was killed had done so. */
const save = Effect.fn(function* (directory: string, boardId: string) {
  if (yield* isSaved(directory, boardId)) return
  yield* saveBoard(directory, yield* Boards.get({ boardId }))
  yield* Console.log(`saved ${boardId}`)
})

/** Completes when all boards are saved, by whomever. */
const allSaved = (directory: string, boardIds: ReadonlyArray<string>) =>
  Effect.forEach(boardIds, (boardId) => isSaved(directory, boardId)).pipe(
    Effect.repeat({ until: (saved) => saved.every(Boolean), schedule: Schedule.spaced("1 second") })
  )

const work = Effect.fn(function* (directory: string) {
  const queue = yield* PersistedQueue.make({ name: directory, schema: Job })
  const boards = yield* Stream.runCollect(Boards.list.items())
  // Every worker puts all boards in. The queue has each once, by its id.
  yield* Effect.forEach(boards, ({ id }) => queue.offer({ boardId: id }, { id: `${directory}/${id}` }), {
    concurrency: 10,
    discard: true
  })
  const worker = Effect.forever(queue.take(({ boardId }) => save(directory, boardId)))
  yield* Effect.raceFirst(
    Effect.all([worker, worker, worker, worker], { concurrency: "unbounded", discard: true }),
    allSaved(
      directory,
      boards.map(({ id }) => id)
    )
  )
})

const Redis = NodeRedis.layerConfig({ url: Config.NonEmptyString("REDIS_URL") })

const Queues = PersistedQueue.layer.pipe(
  // A worker that is killed keeps its boards for ten seconds.
  Layer.provide(
    PersistedQueue.layerStoreRedis({
      prefix: "backups:",
      pollInterval: "200 millis",
      lockRefreshInterval: "3 seconds",
      lockExpiration: "10 seconds"
    })
  ),
  Layer.provide(Redis)
)

const Miro = MiroClient.layerConfig().pipe(
  Layer.provide(FetchHttpClient.layer),
  Layer.merge(RateLimit.layerRedis({ maxWait: "10 minutes" }).pipe(Layer.provide(Redis)))
)

const command = Command.make("nightly", { directory: Argument.String("directory") }, ({ directory }) =>
  work(directory).pipe(Effect.provide([Miro, Queues]))
)

Command.run(command, { version: "1.0.0" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
