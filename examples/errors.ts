/**
 * Handling errors: one by its reason, several at once, and the rest by what
 * they have in common.
 *
 *     npm run example -- examples/errors.ts
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Duration, Effect, Layer, Redacted } from "effect"
import { AccessToken, Boards, MiroClient, StickyNotes } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"

const oneReason = Boards.get({ boardId: "uXjVOfjmfkE=" }).pipe(
  Effect.map((board) => board.name),
  Effect.catchReason("MiroError", "NotFound", () => Effect.succeed("there is no such board")),
  Effect.flatMap(Console.log)
)

const severalReasons = Effect.gen(function* () {
  const board = yield* Boards.create({ name: "Errors" })
  yield* StickyNotes.create({ boardId: board.id, style: { fillColor: "mauve" } })
}).pipe(
  Effect.catchReasons("MiroError", {
    InvalidRequest: ({ fields }) => Console.log("Miro objects:", fields.map(({ message }) => message).join("; ")),
    Forbidden: () => Console.log("the app lacks the scope boards:write")
  })
)

const beforeTheWire = Boards.delete({ boardId: ".." }).pipe(
  Effect.unwrapReason("MiroError"),
  Effect.catchTag("InvalidInput", ({ issues }) => Console.log("nothing was sent:", issues)),
  Effect.catchTag(["RateLimited", "ServerError"], () => Console.log("Miro has a bad day"))
)

const anyError = Boards.list().pipe(
  Effect.tapError((error) =>
    Console.log(
      error.isRetryable
        ? `to be tried again in ${Duration.format(error.retryAfter ?? Duration.seconds(1))}`
        : `${error.operation} failed for good: ${error.reason._tag}`
    )
  ),
  Effect.provide(client("a-token-that-was-revoked")),
  Effect.ignore
)

function client(token: string) {
  return MiroClient.layer().pipe(Layer.provide(AccessToken.layer(Redacted.make(token))))
}

Effect.all([oneReason, severalReasons, beforeTheWire], { discard: true }).pipe(
  Effect.provide(client("sandbox-token")),
  Effect.andThen(anyError),
  Effect.provide(MiroSandbox.layerHttpClient),
  NodeRuntime.runMain
)
