/** Long lists on a bad line, short in the suite and long in `npm run test:long`. */
import { assert } from "@effect/vitest"
import { Effect, Layer, Random, Stream } from "effect"
import { AccessToken, Boards, Items, MiroClient, type MiroError } from "effect-miro"
import * as ScimClient from "effect-miro/scim/ScimClient"
import * as ScimUsers from "effect-miro/scim/Users"
import * as http from "../../support/http.ts"
import { byCursor, byOffset, byStartIndex, idsOf, range, type Server } from "../../support/lists.ts"

type Ids = Stream.Stream<{ readonly id: string }, MiroError.MiroError, MiroClient.MiroClient | ScimClient.ScimClient>

interface List {
  readonly items: (at: MiroError.Position, readAhead: number) => Ids
  readonly server: (count: number) => Server
}

/** A list of each kind of paging, in pages of 50. */
export const lists: Readonly<Record<"cursor" | "offset" | "startIndex", List>> = {
  cursor: {
    items: (at, readAhead) => Items.list.items({ boardId: "b", ...at }, { readAhead }),
    server: byCursor
  },
  offset: {
    items: (at, readAhead) => Boards.list.items(at, { readAhead }),
    server: byOffset
  },
  startIndex: {
    items: (at, readAhead) => ScimUsers.list.items({ count: 50, ...at }, { readAhead }),
    server: byStartIndex
  }
}

/** A client of both APIs, whose requests go to the same server. */
export const wired = (respond: http.Respond) =>
  Effect.provide(
    Layer.merge(
      MiroClient.layer().pipe(Layer.provide(AccessToken.layer(http.token))),
      ScimClient.layer({ token: http.token })
    ).pipe(Layer.provideMerge(Layer.suspend(() => http.layerWire(respond))))
  )

/** The connection breaks in the middle of the body. */
const torn: http.Reply = () =>
  Effect.sync(() => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"data":[{"id":"1"')),
      pull: (controller) => controller.error(new Error("terminated"))
    })
    return new Response(body, { status: 200, headers: { "content-type": "application/json" } })
  })

const faults: ReadonlyArray<http.Reply> = [
  http.status(429),
  http.status(429, { "retry-after": "5" }),
  http.status(429, { "x-ratelimit-reset": "50" }),
  http.status(500),
  http.text("<html>", { status: 502 }),
  http.status(503, { "retry-after": "2" }),
  http.fault,
  torn,
  http.silence
]

const faulty =
  (share: number, server: Server): http.Respond =>
  (sent) =>
  (request) =>
    Effect.gen(function* () {
      const isFault = (yield* Random.next) < share
      const reply = isFault ? faults[yield* Random.nextIntBetween(0, faults.length - 1)] : undefined
      return yield* (reply ?? server(sent))(request)
    })

/**
 * Reads a list while every fifth request fails, and goes on by hand where the
 * retries of a page are used up. Gives how often that was.
 */
export const everyItemOnce = (kind: keyof typeof lists, count: number, seed: number) =>
  Effect.gen(function* () {
    const { items } = lists[kind]
    const readAhead = yield* Random.nextIntBetween(0, 3)
    let resumed = 0
    const patiently = (at: MiroError.Position): Ids =>
      items(at, readAhead).pipe(
        Stream.catchIf(
          (error) => error.isRetryable,
          ({ resumeAt }) => {
            resumed++
            return Stream.unwrap(Effect.as(Effect.sleep("1 minute"), patiently(resumeAt ?? assert.fail("no position"))))
          }
        )
      )
    assert.deepStrictEqual(yield* http.inTime(idsOf(patiently({}))), range(0, count), `seed ${seed}`)
    return resumed
  }).pipe(wired(faulty(0.2, lists[kind].server(count))), Random.withSeed(seed))
