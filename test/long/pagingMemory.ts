/**
 * Reads a long list, and tells its parent how much memory that takes: see
 * `paging.long.test.ts`. Needs `--expose-gc`.
 */
import { Effect, Layer, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { AccessToken, Items, MiroClient } from "effect-miro"
import * as http from "../support/http.ts"
import { byCursor } from "../support/lists.ts"
import * as payloads from "../support/payloads.ts"

const [count = 0, readAhead = 0] = process.argv.slice(2).map(Number)

const notes = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...payloads.stickyNote, id: String(from + index) }))

const server = byCursor(count, notes)

const Http = Layer.succeed(
  HttpClient.HttpClient,
  HttpClient.make((request, url) =>
    Effect.map(server({ query: Object.fromEntries(url.searchParams) })(request), (response) =>
      HttpClientResponse.fromWeb(request, response)
    )
  )
)

const Miro = MiroClient.layer().pipe(Layer.provide(AccessToken.layer(http.token)), Layer.provide(Http))

/** The bytes in use once all garbage is gone. */
const heap = Effect.sync(() => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
})

const items = Items.list.items({ boardId: "b" }, { readAhead })

void Effect.gen(function* () {
  // Code that is compiled on first use is none of what a stream holds.
  yield* Stream.runDrain(Stream.take(items, 5000))
  const start = yield* heap
  let seen = 0
  let most = start
  const measure = Effect.map(heap, (now) => {
    most = Math.max(most, now)
  })
  yield* Stream.runForEach(items, () => (++seen % 10_000 === 0 ? measure : Effect.void))
  process.send?.({
    seen,
    growth: most - start,
    kept: (yield* heap) - start,
    peak: process.resourceUsage().maxRSS * 1024
  })
}).pipe(Effect.provide(Miro), Effect.runPromise)
