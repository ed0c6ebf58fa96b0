/** What a user of a back end does all day. */
import { Cause, Duration, Effect, Exit, Option, Stream } from "effect"
import { Boards, Items, MiroClient, type MiroError, StickyNotes } from "effect-miro"

export interface Tally {
  calls: number
  /**
   * How often each operation failed for each reason, such as `StickyNotes.create Timeout`, and with ` late` at its end
   * if the call lasted longer than an access token.
   */
  readonly failures: Record<string, number>
  /** What ended a call that is no error of its type. */
  readonly defects: Array<string>
}

export const accessTokenLifetime = Duration.seconds(5)

export const empty = (): Tally => ({ calls: 0, failures: {}, defects: [] })

/** Creates a board, and on it notes that it lists, reads, changes and deletes, without end. */
export const caller = (user: string, tally: Tally): Effect.Effect<void, never, MiroClient.MiroClient> => {
  const count = <A, R>(call: Effect.Effect<A, MiroError.MiroError, R>): Effect.Effect<Option.Option<A>, never, R> =>
    Effect.map(Effect.timed(Effect.exit(call)), ([took, exit]) => {
      tally.calls++
      if (Exit.isSuccess(exit)) return Option.some(exit.value)
      const error = Cause.findErrorOption(exit.cause)
      if (Option.isSome(error)) {
        const late = Duration.isGreaterThan(took, accessTokenLifetime) ? " late" : ""
        const failure = `${error.value.operation} ${error.value.reason._tag}${late}`
        tally.failures[failure] = (tally.failures[failure] ?? 0) + 1
      } else {
        tally.defects.push(Cause.pretty(exit.cause))
      }
      return Option.none()
    })

  const round = Effect.fnUntraced(function* (boardId: string) {
    yield* count(Boards.list({ limit: 10 }))
    const note = yield* count(StickyNotes.create({ boardId, data: { content: user } }))
    if (Option.isNone(note)) return
    const it = { boardId, itemId: note.value.id }
    yield* count(StickyNotes.get(it))
    yield* count(StickyNotes.update({ ...it, data: { content: `${user}, again` } }))
    yield* count(Stream.runCount(Items.list.items({ boardId, limit: 10 }, { readAhead: 1 })))
    yield* count(StickyNotes.delete(it))
  })

  return Effect.gen(function* () {
    let board = yield* count(Boards.create({ name: user }))
    while (Option.isNone(board)) board = yield* count(Boards.create({ name: user }))
    yield* Effect.forever(round(board.value.id))
  }).pipe(MiroClient.as(user))
}
