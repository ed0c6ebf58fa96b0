/** 50,000 calls that come at once, at a Miro that refuses one of them in the middle. */
import { assert } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Fiber, Layer, Redacted, Schedule } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { AccessToken, Boards, MiroClient, RateLimit } from "effect-miro"
import * as payloads from "../support/payloads.ts"

const count = 50_000
const cost = RateLimit.credits[1]

export interface Options {
  /** How many seconds apart the resets are. */
  readonly window: number
  /** How many calls there are credits for in each window. */
  readonly calls: number
}

/** Miro, as far as a crowd sees it: windows with so many credits, of which somebody else takes all that are left once. */
const make = ({ calls, window }: Options) => {
  const limit = calls * cost
  /** The boards that were asked for, in the order of their first requests. */
  const order: Array<number> = []
  const seen = new Set<number>()
  let reset = 0
  let remaining = limit
  let windows = 0
  let refused = 0
  const layer = Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request, url) =>
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        if (now >= reset) {
          reset = (Math.floor(now / 1000 / window) + 1) * window * 1000
          remaining = limit
          windows++
        }
        const board = Number(url.pathname.split("/").at(-1))
        if (!seen.has(board)) {
          seen.add(board)
          order.push(board)
          if (order.length === count / 2) remaining = 0
        }
        const isRefused = remaining < cost
        if (isRefused) refused++
        else remaining -= cost
        const headers = {
          "content-type": "application/json",
          date: new Date(now).toUTCString(),
          "x-ratelimit-limit": String(limit),
          "x-ratelimit-remaining": String(remaining),
          "x-ratelimit-reset": String(reset / 1000)
        }
        const body = JSON.stringify(isRefused ? { code: "tooManyRequests", status: 429 } : payloads.board)
        return HttpClientResponse.fromWeb(request, new Response(body, { headers, status: isRefused ? 429 : 200 }))
      })
    )
  )
  return {
    layer,
    order,
    /** The beginning of a window. */
    begin: Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.sleep(window * 1000 - (now % (window * 1000)))),
    tally: () => ({ refused, windows })
  }
}

/** How many milliseconds the interruption of a call takes. */
const interruption = (call: Fiber.Fiber<unknown, unknown>) =>
  Effect.map(Effect.timed(Fiber.interrupt(call)), ([took]) => Duration.toMillis(took))

/**
 * All calls succeed, in the order in which they came, but for one in each second
 * that is interrupted, at once. Gives how much longer that takes than the budget does.
 */
export const throng = <E, R>(options: Options, limiter: Layer.Layer<never, E, R>) =>
  Effect.gen(function* () {
    const miro = make(options)
    const client = MiroClient.layer().pipe(
      Layer.provide(miro.layer),
      Layer.provide(AccessToken.layer(Redacted.make("token"))),
      Layer.merge(limiter)
    )
    return yield* Effect.gen(function* () {
      yield* miro.begin
      const began = yield* Clock.currentTimeMillis
      const calls = yield* Effect.forEach(Array.from({ length: count }).keys(), (index) =>
        Effect.forkChild(Boards.get({ boardId: `${index}` }))
      )
      const interrupted: Array<number> = []
      let last = count - 1
      const interrupting = yield* Effect.suspend(() => {
        const call = calls[last--]
        return call === undefined ? Effect.void : Effect.map(interruption(call), (took) => interrupted.push(took))
      }).pipe(Effect.repeat(Schedule.spaced("1 second")), Effect.forkChild)
      const exits = yield* Fiber.awaitAll(calls)
      const took = (yield* Clock.currentTimeMillis) - began
      yield* Fiber.interrupt(interrupting)

      const failed = exits.filter((exit) => Exit.isFailure(exit) && !Exit.hasInterrupts(exit))
      assert.deepStrictEqual(failed.slice(0, 3).map(String), [])
      assert.isAtLeast(exits.filter(Exit.isSuccess).length, count - interrupted.length)
      const misplaced = miro.order.findIndex((board, place) => place > 0 && board < (miro.order[place - 1] ?? 0))
      assert.strictEqual(misplaced, -1)
      assert.isAtMost(Math.max(...interrupted), 100)
      const { refused, windows } = miro.tally()
      // Of the last window only a part is needed.
      const budget = (windows - 1) * options.window
      return {
        ratio: took / 1000 / budget,
        text: `${took / 1000} s for ${windows} windows of ${options.window} s, ${refused} refused, ${interrupted.length} interrupted in ${Math.max(...interrupted).toFixed(1)} ms at most`
      }
    }).pipe(Effect.provide(client))
  })
