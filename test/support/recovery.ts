import { assert } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { createHash } from "node:crypto"
import { AccessToken, Boards, Cases, Timeouts, MiroClient, MiroError, Retry } from "effect-miro"
import * as faults from "./faults.ts"
import * as payloads from "./payloads.ts"
import type * as tcp from "./tcp.ts"

const connect = (origin: string, deadlines: Timeouts.Timeouts = {}) =>
  Effect.provide(
    MiroClient.layer({ baseUrl: origin }).pipe(
      Layer.provide(AccessToken.layer(Redacted.make("token"))),
      Layer.provide(FetchHttpClient.layer),
      Layer.merge(Layer.succeed(Retry.Retry, Retry.policy({ base: "1 millis" }))),
      Layer.merge(Layer.succeed(Timeouts.Timeouts, deadlines))
    )
  )

// A board and a case in one.
const good = JSON.stringify({ ...payloads.board, organizationId: "1", lastModifiedAt: "2026-05-20T06:38:21Z" })

const response = ({ method }: tcp.Received) =>
  method === "DELETE" ? { status: 204, body: "" } : { status: 200, body: good }

const bodyHash = (body: string) => createHash("sha256").update(body).digest("hex")

/** Every request is reset after it was processed: for a POST always, for others as often as a call is repeated. */
export const processedThenReset = (calls: number) =>
  Effect.gen(function* () {
    const tries = new Map<string, number>()
    const server = yield* faults.serve(response, ({ body, method, target }) => {
      const key = `${method} ${target} ${body}`
      const made = (tries.get(key) ?? 0) + 1
      tries.set(key, made)
      return method === "POST" || made <= 3 ? faults.resetAfter : undefined
    })
    yield* Effect.forEach(
      Array.from({ length: calls }, (_, index) => index),
      (index) =>
        Effect.gen(function* () {
          const id = String(index)
          const error = yield* Effect.flip(Boards.create({ name: id }))
          assert.strictEqual(error.reason._tag, "Transport")
          assert.isFalse(error.isRetryable)
          yield* Boards.get({ boardId: id })
          yield* Cases.update({ orgId: "1", caseId: id, name: id })
          yield* Boards.delete({ boardId: id })
        }),
      { concurrency: 8, discard: true }
    ).pipe(connect(server.origin))
    assert.deepStrictEqual(
      [...new Set(Array.from(tries, ([key, made]) => `${key.split(" ")[0]} ${made}`))].toSorted(),
      ["DELETE 4", "GET 4", "POST 1", "PUT 4"]
    )
    yield* server.allClosed
  })

const any: ReadonlyArray<faults.Fault> = [
  faults.status(429),
  faults.status(425),
  faults.status(503),
  faults.status(500, { "retry-after": "0" }),
  faults.html,
  faults.empty,
  faults.truncated,
  faults.tooShort,
  faults.noLength,
  faults.resetBefore,
  faults.resetAfter,
  faults.silence,
  faults.stallAt(10),
  faults.stallAt(120),
  faults.redirect("/v2/boards/other"),
  faults.duplicated
]

/** Whatever goes wrong, nothing is created twice, and a call ends with success or a typed error. */
export const whateverGoesWrong = (calls: number, seed: number) =>
  Effect.gen(function* () {
    const server = yield* faults.serve(response, faults.atRandom(seed, 50, any))
    let successes = 0
    let failures = 0
    const count = (call: Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>) =>
      Effect.match(call, {
        onSuccess: () => {
          successes++
        },
        onFailure: (error) => {
          assert.instanceOf(error, MiroError.MiroError)
          failures++
        }
      })
    yield* Effect.forEach(
      Array.from({ length: calls }, (_, index) => String(index)),
      (id) => Effect.andThen(count(Boards.create({ name: id })), count(Boards.get({ boardId: id }))),
      { concurrency: 8, discard: true }
    ).pipe(connect(server.origin, { headers: "300 millis", idle: "300 millis" }))
    const created = server.ledger.filter(({ method, processed }) => method === "POST" && processed)
    assert.strictEqual(new Set(created.map(({ sha256 }) => sha256)).size, created.length)
    const sent = new Set(Array.from({ length: calls }, (_, index) => bodyHash(JSON.stringify({ name: String(index) }))))
    for (const { sha256 } of created) assert.isTrue(sent.has(sha256))
    assert.isAbove(successes, calls / 2)
    assert.isAbove(failures, calls / 10)
    yield* server.allClosed
  })
