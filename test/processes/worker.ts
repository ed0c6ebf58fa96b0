/**
 * A process of a back end, which its parent tells what to do: see
 * `support.ts`. It stops where it is told to, so that it can be killed there.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Duration, Effect, Fiber, identity, Layer, MutableRef, Option, Queue, Redacted, Result } from "effect"
import { AccessToken, Boards, Timeouts, MiroClient, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import * as Mixture from "./mixture.ts"
import type { Command, Outcome, Point, Report, Setup } from "./protocol.ts"
import * as Stores from "./stores.ts"

const setup: Setup = JSON.parse(process.argv[2] ?? "{}")

const inbox = Effect.runSync(Queue.unbounded<Command>())
process.on("message", (command: Command) => Queue.offerUnsafe(inbox, command))
// A worker does not outlive its parent.
process.on("disconnect", () => process.exit())

const report = (message: Report) => Effect.sync(() => process.send?.(message))

// Once: a process that is stopped for long finds its deadlines passed, and may come there again.
let hasStopped = false
const stopAt = (point: Point) =>
  Effect.suspend(() => {
    if (setup.stopAt !== point || hasStopped) return Effect.void
    hasStopped = true
    return Effect.asVoid(Effect.andThen(report({ _tag: "At", point }), Queue.take(inbox)))
  })

// The lease is the first write of a refresh, and what it got is the second.
const stopAfter = (record: string) =>
  record.includes('"refused"') ? Effect.void : stopAt(record.includes('"refreshing"') ? "intent" : "persisted")

const Storage = Layer.effect(
  TokenStorage.TokenStorage,
  TokenStorage.TokenStorage.useSync((storage) =>
    TokenStorage.TokenStorage.of({
      get: storage.get,
      compareAndSet: (user, expected, next) =>
        Effect.tap(storage.compareAndSet(user, expected, next), (isWritten) =>
          isWritten && Option.isSome(next) ? stopAfter(Redacted.value(next.value)) : Effect.void
        )
    })
  )
).pipe(Layer.provide(Stores.layer(setup.store)))

const Http = Layer.effect(
  HttpClient.HttpClient,
  HttpClient.HttpClient.useSync((client) =>
    client.pipe(
      HttpClient.mapRequest(HttpClientRequest.setHeader("x-worker", setup.name)),
      HttpClient.transform((response, request) =>
        request.url.endsWith("/v1/oauth/token") ? Effect.tap(response, stopAt("responded")) : response
      )
    )
  )
).pipe(Layer.provide(FetchHttpClient.layer))

const Miro = MiroClient.layer({ baseUrl: setup.origin }).pipe(
  Layer.provide(AccessToken.layerOAuth),
  Layer.provide(
    Layer.unwrap(
      Effect.map(Effect.service(MiroSandbox.Settings), (settings) =>
        MiroOAuth.layer({ ...settings, baseUrl: setup.origin, webUrl: setup.origin })
      )
    )
  ),
  Layer.provide(Storage),
  Layer.provide(Http)
)

const call = (user: string): Effect.Effect<Outcome, never, MiroClient.MiroClient> =>
  Boards.list().pipe(
    MiroClient.as(user),
    Effect.result,
    Effect.map(
      Result.match({
        onSuccess: (): Outcome => ({ _tag: "Success" }),
        onFailure: ({ message, reason }): Outcome => ({ _tag: "Failure", reason: reason._tag, message })
      })
    )
  )

/** Callers that call without end, and how often each has. */
const callers = Effect.fnUntraced(function* (user: string, count: number) {
  const rounds = Array.from({ length: count }, () => MutableRef.make(0))
  const failures: Array<Outcome> = []
  const oneCaller = (round: MutableRef.MutableRef<number>) =>
    Effect.forever(
      Effect.map(call(user), (outcome) => {
        if (outcome._tag === "Failure") failures.push(outcome)
        MutableRef.update(round, (calls) => calls + 1)
      })
    )
  const fibers = yield* Effect.forEach(rounds, (round) => Effect.forkScoped(oneCaller(round)))
  return { rounds, failures, stop: Fiber.interruptAll(fibers) }
})

/** Callers of each user, and one of an endpoint that refuses good tokens. */
const bustle = Effect.fnUntraced(function* (users: ReadonlyArray<string>, count: number) {
  const told = { calls: 0, refused: 0, failures: Array<Outcome>() }
  const take = (outcome: Outcome) => {
    told.calls++
    if (outcome._tag === "Failure") told.failures.push(outcome)
  }
  const pace = Effect.sleep("10 millis")
  for (const user of users) {
    const one = Effect.forever(Effect.andThen(Effect.map(call(user), take), pace))
    yield* Effect.forEach(Array.from({ length: count }), () => Effect.forkScoped(one))
    const refused = Boards.get({ boardId: "refuses" }).pipe(
      MiroClient.as(user),
      Effect.result,
      Effect.map((result) => {
        if (Result.isFailure(result) && result.failure.reason._tag === "Unauthorized") told.refused++
        else take({ _tag: "Failure", reason: "refuses", message: String(result) })
      })
    )
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(refused, pace)))
  }
  return told
})

const program = Effect.gen(function* () {
  yield* report({ _tag: "Ready" })
  let busy = yield* callers("nobody", 0)
  const tally = Mixture.empty()
  let told = { calls: 0, refused: 0, failures: Array<Outcome>() }
  while (true) {
    const command = yield* Queue.take(inbox)
    switch (command._tag) {
      case "Call": {
        const outcome = yield* call(command.user)
        yield* stopAt("released")
        yield* report({ _tag: "Called", outcome })
        break
      }
      case "Start": {
        yield* busy.stop
        busy = yield* callers(command.user, command.callers)
        yield* report({ _tag: "Ready" })
        break
      }
      // Two more calls of each: the second was begun after the command came.
      case "Settle": {
        const before = busy.rounds.map((round) => MutableRef.get(round))
        const isSettled = () => busy.rounds.every((round, index) => MutableRef.get(round) >= (before[index] ?? 0) + 2)
        while (!isSettled()) yield* Effect.sleep("5 millis")
        const calls = busy.rounds.reduce((sum, round) => sum + MutableRef.get(round), 0)
        yield* report({ _tag: "Settled", calls, failures: busy.failures })
        break
      }
      case "Mix":
        yield* Effect.forEach(command.users, (user) => Effect.forkScoped(Mixture.caller(user, tally)))
        yield* report({ _tag: "Ready" })
        break
      case "Bustle":
        told = yield* bustle(command.users, command.callers)
        yield* report({ _tag: "Ready" })
        break
      case "Tell":
        yield* report({ _tag: "Told", ...told })
        break
      case "Count": {
        globalThis.gc?.()
        const { heapUsed: heap, rss } = process.memoryUsage()
        yield* report({ _tag: "Counted", tally, heap, rss })
        break
      }
      case "Stop":
        return
      case "Go":
        break
    }
  }
}).pipe(Effect.scoped)

program.pipe(
  Effect.provide(Miro),
  Effect.provideService(MiroOAuth.Deadline, Duration.millis(setup.deadline)),
  setup.attemptDeadline === undefined
    ? identity
    : Timeouts.provide({ attempt: Duration.millis(setup.attemptDeadline) }),
  // The channel to the parent would keep it alive.
  Effect.ensuring(Effect.sync(() => process.disconnect())),
  NodeRuntime.runMain
)
