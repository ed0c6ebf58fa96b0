import { assert } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Random } from "effect"
import { Boards, MiroClient } from "effect-miro"
import { expireAll, loginAs, Oracle, Watched } from "./refresh/oracle.ts"
import { dawdle, Miro, record, slowHttp } from "./support.ts"

interface Options {
  readonly users: number
  /** Fibers of each user. */
  readonly fibers: number
  /** Calls of each fiber between two expiries. */
  readonly calls: number
  readonly expiries: number
}

const listBoards = (user: string) => Boards.list({ query: user })

/** Ends some calls before they have ended. Those that are let be have to succeed. */
const perhapsInterrupted = Effect.fnUntraced(function* <A, E, R>(call: Effect.Effect<A, E, R>) {
  if ((yield* Random.next) < 0.7) return yield* call
  const fiber = yield* Effect.forkChild(call)
  yield* dawdle
  yield* dawdle
  yield* Fiber.interrupt(fiber)
  const exit = yield* Fiber.await(fiber)
  if (!Exit.hasInterrupts(exit)) yield* exit
})

/** One fiber of a user, which every now and then acts for another one. */
const fiberOf = (own: string, users: ReadonlyArray<string>, calls: number) =>
  Effect.gen(function* () {
    for (let call = 0; call < calls; call++) {
      yield* dawdle
      if (yield* Random.nextBoolean) {
        yield* perhapsInterrupted(listBoards(own))
      } else {
        const other = users[yield* Random.nextIntBetween(0, users.length - 1)] ?? own
        yield* perhapsInterrupted(listBoards(other)).pipe(MiroClient.as(other))
      }
    }
  }).pipe(MiroClient.as(own))

/**
 * Many fibers of many users, whose tokens expire all at once and again and
 * again in the middle of their calls.
 */
export const manyUsers = ({ calls, expiries, fibers, ...options }: Options) =>
  Effect.gen(function* () {
    const oracle = yield* Oracle
    const users = Array.from({ length: options.users }, (_, index) => String(1000 + index))
    const everyone = users.flatMap((user) => Array.from({ length: fibers }, () => fiberOf(user, users, calls)))
    yield* Effect.forEach(users, (user) => MiroClient.as(loginAs(user), user))
    for (let expiry = 1; expiry <= expiries; expiry++) {
      const atWork = yield* Effect.forkChild(Effect.all(everyone, { concurrency: "unbounded", discard: true }))
      yield* dawdle
      yield* dawdle
      yield* expireAll
      yield* Fiber.join(atWork)
      // Whoever has not called since gets tokens that work as well.
      yield* Effect.forEach(users, (user) => MiroClient.as(listBoards(user), user), { concurrency: "unbounded" })
      assert.deepStrictEqual(oracle.complaints, [])
      assert.isTrue(users.every((user) => oracle.refreshesOf(user) === expiry))
    }
    for (const user of users) {
      const { record: last } = yield* record(user)
      assert.strictEqual(last.generation, expiries + 1)
      assert.isUndefined(last.refused)
    }
    return oracle.calls()
  }).pipe(
    Effect.provide(Miro.pipe(Layer.provideMerge(slowHttp), Layer.provideMerge(Watched))),
    Random.withSeed("users")
  )
