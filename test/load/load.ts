/** Work for a budget, and what Miro made of it. */
import { Clock, Effect, Layer, Ref } from "effect"
import { Boards, Items, MiroClient, type MiroError } from "effect-miro"
import { HttpClient } from "effect/http"

/** What Miro responded with. */
export interface Tally {
  responses: number
  refused: number
  /** Requests that were sent while the last reset that had come with a `429` was still ahead. */
  early: number
  /** The least that was left of each window, by its reset. */
  readonly left: Record<string, number>
  readonly failures: Array<string>
}

export const emptyTally = (): Tally => ({ responses: 0, refused: 0, early: 0, left: {}, failures: [] })

export const layerTally = (tally: Tally) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      const blocked = yield* Ref.make(0)
      return client.pipe(
        HttpClient.tapRequest(() =>
          Effect.gen(function* () {
            if ((yield* Clock.currentTimeMillis) < (yield* Ref.get(blocked))) tally.early++
          })
        ),
        HttpClient.tap(({ headers, status }) => {
          const reset = headers["x-ratelimit-reset"] ?? "none"
          const remaining = Number(headers["x-ratelimit-remaining"])
          tally.responses++
          tally.left[reset] = Math.min(tally.left[reset] ?? Infinity, remaining)
          if (status !== 429) return Effect.void
          tally.refused++
          return Ref.set(blocked, Number(reset) * 1000)
        })
      )
    })
  )

type Call = Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>

/** Calls of all four levels in turn, at so many fibers: on average 662.5 credits each. */
export const mixed = (tally: Tally, options: { readonly calls: number; readonly fibers: number }) =>
  Effect.gen(function* () {
    const { id } = yield* Boards.create({ name: "Load" })
    const calls: ReadonlyArray<Call> = [
      Boards.get({ boardId: id }),
      Items.list({ boardId: id }),
      Boards.create({ name: "Retro" }),
      Boards.copy({ copyFrom: id })
    ]
    yield* Effect.forEach(
      Array.from({ length: options.calls }, (_, index) => calls[index % calls.length] ?? Effect.void),
      (call) => Effect.catch(call, ({ message }) => Effect.sync(() => tally.failures.push(message))),
      { concurrency: options.fibers, discard: true }
    )
  })

/** The share of the budget that was used in each window but the first and the last, which are not full. */
export const usage = ({ left }: Tally, perMinute: number): ReadonlyArray<number> =>
  Object.keys(left)
    .toSorted((a, b) => Number(a) - Number(b))
    .slice(1, -1)
    .map((reset) => 1 - (left[reset] ?? perMinute) / perMinute)
