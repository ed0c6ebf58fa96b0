/** What processes that share a storage go through, short in the suite and long in `npm run test:long`. */
import { assert } from "@effect/vitest"
import { Duration, Effect, Layer, Redacted } from "effect"
import { MiroSandbox } from "effect-miro/sandbox"
import type { Point } from "./protocol.ts"
import * as Stores from "./stores.ts"
import { authorize, call, client, type Gate, Gates, miro, origin, record, redemptions, worker } from "./support.ts"

const count = (length: number) => Array.from({ length }, (_, index) => index)

/** Runs a scenario with a sandbox of its own. */
const atMiro =
  (store: Stores.Store, deadline: Duration.Input) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    effect.pipe(
      Effect.ensuring(Gates.use(({ open }) => open)),
      Effect.provide(
        Layer.unwrap(Effect.map(origin, (url) => client(url, deadline))).pipe(
          Layer.provideMerge(Stores.layer(store)),
          Layer.provideMerge(Layer.fresh(miro()))
        )
      ),
      Effect.scoped,
      Effect.ensuring(Stores.remove(store))
    )

/**
 * Processes with callers that never pause, while all access tokens expire again
 * and again.
 */
export const race = (
  store: Stores.Store,
  options: { readonly processes: number; readonly callers: number; readonly expiries: number; readonly repeats: number }
) =>
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    const url = yield* origin
    const workers = yield* Effect.forEach(
      count(options.processes),
      (index) => worker({ name: `worker ${index}`, origin: url, store, deadline: 30_000 }),
      { concurrency: "unbounded" }
    )
    let calls = 0
    for (const repeat of count(options.repeats)) {
      const user = `user ${repeat}`
      yield* authorize(user, 0)
      yield* sandbox.clearLedger
      for (const { expect, send } of workers) {
        yield* send({ _tag: "Start", user, callers: options.callers })
        yield* expect("Ready")
      }
      const settle = Effect.forEach(
        workers,
        ({ expect, send }) => Effect.andThen(send({ _tag: "Settle" }), expect("Settled")),
        { concurrency: "unbounded" }
      )
      let settled = yield* settle
      for (const _ of count(options.expiries)) {
        yield* sandbox.expireAccessTokens
        settled = yield* settle
      }
      assert.deepStrictEqual(
        settled.flatMap(({ failures }) => failures),
        []
      )
      assert.deepStrictEqual(
        (yield* redemptions).map(({ status }) => status),
        Array.from({ length: options.expiries }, () => 200)
      )
      assert.strictEqual((yield* record(user)).generation, options.expiries + 1)
      calls += settled.reduce((sum, { calls }) => sum + calls, 0)
    }
    return { calls }
  }).pipe(atMiro(store, "30 seconds"))

/** Brings a new process to a moment in a refresh. */
const workerAt = Effect.fnUntraced(function* (
  store: Stores.Store,
  user: string,
  moment: Point | Gate,
  deadline: Duration.Duration
) {
  const gates = yield* Gates
  const isGate = moment === "received" || moment === "sent"
  const setup = { name: user, origin: yield* origin, store, deadline: Duration.toMillis(deadline) }
  const held = isGate ? yield* gates.close(moment, user) : undefined
  const it = yield* worker(isGate ? setup : { ...setup, stopAt: moment })
  yield* it.send({ _tag: "Call", user })
  yield* held ?? it.expect("At")
  return it
})

const moments: ReadonlyArray<Point | Gate> = ["intent", "received", "sent", "responded", "persisted", "released"]

// What came of the refresh token can be known only if the response was stored, or nothing was done.
const isLost = (moment: Point | Gate) => moment === "sent" || moment === "responded"

/** Processes that are killed in the middle of a refresh, and what another one makes of what they leave. */
export const kills = (store: Stores.Store, options: { readonly perMoment: number }) => {
  // A second would be enough, were the machine not busy with the others.
  const deadline = Duration.seconds(3)
  const kill = Effect.fnUntraced(function* (moment: Point | Gate, index: number) {
    const user = `${moment} ${index}`
    yield* authorize(user)
    const it = yield* workerAt(store, user, moment, deadline)
    yield* it.kill
    const left = yield* record(user)
    assert.strictEqual(left.generation, moment === "persisted" || moment === "released" ? 2 : 1)
    const [waited, outcome] = yield* Effect.timed(call(user))
    assert.isBelow(Duration.toMillis(waited), 2 * Duration.toMillis(deadline) + 2000)
    const after = yield* record(user)
    if (isLost(moment)) {
      assert.strictEqual(outcome._tag === "Failure" && outcome.reason, "ReauthorizationRequired")
      assert.isTrue(after.refused?.outcomeUnknown)
      // Authorizing again sets it right.
      yield* authorize(user, 0)
      assert.deepStrictEqual(yield* call(user), { _tag: "Success" })
    } else {
      assert.deepStrictEqual(outcome, { _tag: "Success" })
      assert.strictEqual(after.generation, 2)
    }
  }, Effect.scoped)
  return Effect.forEach(
    moments.flatMap((moment) => count(options.perMoment).map((index) => [moment, index] as const)),
    ([moment, index]) => kill(moment, index),
    { concurrency: 6, discard: true }
  ).pipe(atMiro(store, deadline))
}

/**
 * Processes that are stopped in the middle of a refresh until everyone takes
 * them for dead, and go on after another has refreshed, or the user has logged
 * in again.
 */
export const pauses = (
  store: Stores.Store,
  options: { readonly perMoment: number; readonly moments?: ReadonlyArray<Point | Gate> }
) => {
  const deadline = Duration.seconds(1)
  const pause = Effect.fnUntraced(function* (moment: Point | Gate, isLogin: boolean, index: number) {
    const user = `${moment} ${isLogin} ${index}`
    yield* authorize(user)
    const it = yield* workerAt(store, user, moment, deadline)
    it.process.kill("SIGSTOP")
    const outcome = isLogin ? yield* Effect.as(authorize(user, 0), undefined) : yield* call(user)
    yield* Effect.sleep(Duration.times(deadline, 2.2))
    const between = yield* record(user)
    it.process.kill("SIGCONT")
    yield* it.send({ _tag: "Go" })
    // It lives and gets a response: which one depends on who was first.
    yield* it.expect("Called")
    const after = yield* record(user)
    assert.isAtLeast(after.generation, between.generation)
    // Whoever was first has their tokens still.
    if (between.generation > 1) {
      assert.strictEqual(Redacted.value(after.accessToken), Redacted.value(between.accessToken))
      assert.deepStrictEqual(yield* call(user), { _tag: "Success" })
    }
    if (isLogin || !isLost(moment)) assert.isTrue(outcome === undefined || outcome._tag === "Success")
  }, Effect.scoped)
  return Effect.forEach(
    (options.moments ?? moments).flatMap((moment) =>
      [false, true].flatMap((isLogin) => count(options.perMoment).map((index) => [moment, isLogin, index] as const))
    ),
    ([moment, isLogin, index]) => pause(moment, isLogin, index),
    { concurrency: 4, discard: true }
  ).pipe(atMiro(store, deadline))
}

/** A process that is told to end while the response to its refresh is on its way. */
export const termination = (store: Stores.Store) =>
  Effect.gen(function* () {
    const user = "terminated"
    const before = yield* authorize(user)
    const it = yield* workerAt(store, user, "sent", Duration.seconds(5))
    it.process.kill("SIGTERM")
    yield* Effect.sleep("300 millis")
    assert.strictEqual((yield* record(user)).generation, before.generation)
    yield* Gates.use(({ open }) => open)
    yield* it.ended
    assert.isNull(it.process.signalCode)
    assert.strictEqual((yield* record(user)).generation, before.generation + 1)
    assert.deepStrictEqual(yield* call(user), { _tag: "Success" })
    assert.strictEqual((yield* redemptions).length, 1)
  }).pipe(atMiro(store, "5 seconds"))

/** A process that is stopped for longer than its deadline, while the response to its refresh arrives. */
export const standstill = (store: Stores.Store) =>
  Effect.gen(function* () {
    const user = "stopped"
    yield* authorize(user)
    const it = yield* workerAt(store, user, "sent", Duration.seconds(1))
    it.process.kill("SIGSTOP")
    yield* Gates.use(({ open }) => open)
    yield* Effect.sleep("1500 millis")
    it.process.kill("SIGCONT")
    assert.deepStrictEqual((yield* it.expect("Called")).outcome, { _tag: "Success" })
    assert.strictEqual((yield* record(user)).generation, 2)
  }).pipe(atMiro(store, "1 second"))
