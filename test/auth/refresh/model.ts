/**
 * Users, two processes, another app with the same storage, and everything that may happen to them, in any order.
 * What must come of it is what `oracle.ts` watches for, and here what a call
 * may fail for.
 */
import { assert } from "@effect/vitest"
import { Clock, type Context, Effect, Exit, Layer, Random, Redacted, Ref, Scope } from "effect"
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { AccessToken, Boards, MiroClient, MiroError, MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import * as fc from "fast-check"
import { expireAll, loginAs, Oracle, Process, Watched } from "./oracle.ts"
import { Miro, Outage, unreliable } from "../support.ts"

const users = ["1001", "1002", "1003"]

type Index = 0 | 1

/** What is done at the same time as others. */
type Action =
  | { readonly do: "call" | "login" | "logout"; readonly user: string; readonly process: Index }
  /** A call to an endpoint that refuses good tokens. */
  | { readonly do: "refusedCall"; readonly user: string; readonly process: Index }
  /** What the other app does with a user who has never authorized it. */
  | { readonly do: "intrude"; readonly user: string }
  | { readonly do: "expire" | "revoke" }

type FaultName = "reads" | "writes" | "lostReplies" | "lostResponses" | "serverErrors" | "appErrors"

const refusingPath = "/v2/boards/refuses"

export type Step =
  | { readonly step: "together"; readonly actions: ReadonlyArray<Action> }
  /** The process dies at this one of its next reads, writes, requests and responses. */
  | { readonly step: "crash"; readonly process: Index; readonly breaths: number }
  /** The process ends in good order, and a new one takes its place. */
  | { readonly step: "stop"; readonly process: Index }
  /** From now on, or from the next response of the token endpoint on, when what was spent for it is not stored yet. */
  | { readonly step: "fault"; readonly of: FaultName; readonly times: number; readonly isForResponse: boolean }
  | { readonly step: "heal" }
  | { readonly step: "wait"; readonly seconds: number }

const user = fc.constantFrom(...users)
const process = fc.constantFrom<Index>(0, 1)

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("call" as const), user, process }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("login" as const), user, process }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("logout" as const), user, process }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("refusedCall" as const), user, process }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("intrude" as const), user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("expire" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("revoke" as const) }) }
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      step: fc.constant("together" as const),
      actions: fc.array(action, { minLength: 1, maxLength: 4 })
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant("crash" as const),
      process,
      breaths: fc.nat(20)
    })
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("stop" as const), process }) },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant("fault" as const),
      of: fc.constantFrom<FaultName>("reads", "writes", "lostReplies", "lostResponses", "serverErrors", "appErrors"),
      times: fc.integer({ min: 1, max: 8 }),
      isForResponse: fc.boolean()
    })
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constant("heal" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant("wait" as const),
      seconds: fc.constantFrom(1, 30, 61, 3541, 7200)
    })
  }
)

/** A story of at most so many steps. */
export const story = (maxLength: number) =>
  fc.record({ seed: fc.nat(), steps: fc.array(step, { maxLength, size: "max" }) })

interface Life {
  readonly name: string
  readonly context: Context.Context<Layer.Success<typeof Miro>>
  readonly scope: Scope.Closeable
  readonly state: { breaths: number; isDead: boolean }
}

interface Faults {
  lostResponses: number
  serverErrors: number
  /** As when the app's secret is wrong for a while. */
  appErrors: number
  /** When there was the last of them. */
  appErrorAt: number
  /** What begins with the next response of the token endpoint. */
  onResponse: Effect.Effect<void> | undefined
}

const dawdle = Effect.gen(function* () {
  const turns = yield* Random.nextIntBetween(0, 6)
  for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
})

/** A process with a client of its own, for which the world stops when it dies. */
const start = Effect.fnUntraced(function* (name: string, faults: Faults) {
  const http = yield* HttpClient.HttpClient
  const storage = yield* TokenStorage.TokenStorage
  const oracle = yield* Oracle
  const state = { breaths: Infinity, isDead: false }

  // Another fiber of the process can have met its death meanwhile.
  const lives = Effect.suspend(() => (state.isDead ? Effect.never : Effect.void))
  const breathe = Effect.suspend(() => {
    if (!state.isDead && --state.breaths < 0) {
      state.isDead = true
      oracle.died(name)
    }
    return state.isDead ? Effect.never : Effect.andThen(dawdle, lives)
  })
  const breathing = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.tap(Effect.andThen(breathe, effect), breathe)

  const client = HttpClient.transform(http, (response, request) =>
    Effect.gen(function* () {
      const isTokenCall = request.url.endsWith("/v1/oauth/token")
      if (isTokenCall && faults.serverErrors > 0) {
        faults.serverErrors--
        return HttpClientResponse.fromWeb(request, new Response(null, { status: 503 }))
      }
      if (isTokenCall && faults.appErrors > 0) {
        faults.appErrors--
        faults.appErrorAt = yield* Clock.currentTimeMillis
        const body = JSON.stringify({ error: "invalid_client", error_description: "unknown client" })
        return HttpClientResponse.fromWeb(request, new Response(body, { status: 401 }))
      }
      if (request.url.endsWith(refusingPath)) {
        oracle.doubted((request.headers["authorization"] ?? "").replace("Bearer ", ""))
        return HttpClientResponse.fromWeb(request, new Response(null, { status: 401 }))
      }
      const received = yield* Effect.provideService(response, Process, name)
      if (isTokenCall && received.status === 200 && faults.onResponse !== undefined) {
        yield* faults.onResponse
        faults.onResponse = undefined
      }
      if (isTokenCall && received.status === 200 && faults.lostResponses > 0) {
        faults.lostResponses--
        if (request.body._tag === "Uint8Array") {
          oracle.lost(new URLSearchParams(new TextDecoder().decode(request.body.body)).get("refresh_token") ?? "")
        }
        return yield* new HttpClientError.HttpClientError({
          reason: new HttpClientError.TransportError({ request, cause: new Error("socket hang up") })
        })
      }
      return received
    }).pipe(breathing)
  )
  const scope = yield* Scope.make()
  const context = yield* Layer.buildWithScope(Layer.fresh(Miro), scope).pipe(
    Effect.provideService(HttpClient.HttpClient, client),
    Effect.provideService(
      TokenStorage.TokenStorage,
      TokenStorage.TokenStorage.of({
        get: (user) => breathing(storage.get(user)),
        compareAndSet: (user, expected, next) => breathing(storage.compareAndSet(user, expected, next))
      })
    )
  )
  return { name, context, scope, state } satisfies Life
})

/** An app that has nothing of its own in the storage, and of which Miro has never to hear. */
const startIntruder = Effect.fnUntraced(function* () {
  const oracle = yield* Oracle
  const silent = HttpClient.make((request) =>
    Effect.sync(() => {
      oracle.complaints.push(`another app sends ${request.method} ${request.url}`)
      return HttpClientResponse.fromWeb(request, new Response(null, { status: 500 }))
    })
  )
  const app = MiroOAuth.layer({
    clientId: "another",
    clientSecret: Redacted.make("another-secret"),
    redirectUrl: "http://localhost:8000/callback"
  })
  const client = MiroClient.layer().pipe(Layer.provideMerge(AccessToken.layerOAuth), Layer.provideMerge(app))
  return yield* Layer.build(Layer.fresh(client)).pipe(Effect.provideService(HttpClient.HttpClient, silent))
})

/** Lets time pass, with turns for everyone in between, until it is done. */
const passTimeUntil = Effect.fnUntraced(function* (isDone: () => boolean, left: () => string = () => "something") {
  for (let second = 0; second < 300; second++) {
    for (let turn = 0; turn < 40; turn++) {
      if (isDone()) return
      yield* Effect.yieldNow
    }
    yield* TestClock.adjust("1 second")
    // What is hashed takes real time.
    if (second % 20 === 19) yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 1)))
  }
  assert.fail(`${left()} hangs`)
})

interface Doing {
  readonly action: Action
  readonly life: Life
  readonly exit: () => Exit.Exit<unknown, unknown> | undefined
}

/** How things stand with a user, which decides what a call may fail for. */
interface Standing {
  readonly hasRecord: boolean
  readonly troubles: ReadonlyArray<string>
  readonly removals: number
  readonly stillborn: number
  /** Whether a token was refused as soon as it was had, so that the endpoint is taken for the reason for a while. */
  readonly isRefused: boolean
}

const make = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const oracle = yield* Oracle
  const outage = yield* Outage
  const faults: Faults = {
    lostResponses: 0,
    serverErrors: 0,
    appErrors: 0,
    appErrorAt: -Infinity,
    onResponse: undefined
  }
  const intruder = yield* startIntruder()
  const lives = [yield* start("0.0", faults), yield* start("1.0", faults)]
  let births = 0

  const replace = Effect.fnUntraced(function* (index: number) {
    lives[index] = yield* start(`${index}.${++births}`, faults)
  })

  const lifeOf = (index: number): Life => lives[index] ?? assert.fail(`no process ${index}`)

  const standing = (user: string): Standing => ({
    hasRecord: oracle.record(user) !== undefined,
    troubles: [...(oracle.grantOf(user)?.troubles ?? [])],
    removals: oracle.removalsOf(user),
    stillborn: oracle.stillbornOf(user),
    isRefused: oracle.record(user)?.refusers?.some(({ endpoint }) => endpoint === "GET /v2/boards") === true
  })

  const pendingFaults = Effect.gen(function* () {
    const isStorageDown = [
      yield* Ref.get(outage.reads),
      yield* Ref.get(outage.writes),
      yield* Ref.get(outage.lostReplies)
    ].some((times) => times > 0)
    return {
      storage: isStorageDown || faults.onResponse !== undefined,
      responses: faults.lostResponses > 0,
      server: faults.serverErrors > 0,
      // After the last one refreshes pause for a while, and calls are told the same.
      app: faults.appErrors > 0 || (yield* Clock.currentTimeMillis) < faults.appErrorAt + 60_000,
      crash: lives.some(({ state }) => state.breaths !== Infinity)
    }
  })

  const perform = (
    action: Action
  ): Effect.Effect<void, MiroError.MiroError, Layer.Success<typeof Miro> | MiroSandbox.MiroSandbox | Oracle> => {
    switch (action.do) {
      case "call":
        return Effect.asVoid(Boards.list({ query: action.user })).pipe(MiroClient.as(action.user))
      case "refusedCall":
        return Effect.asVoid(Boards.get({ boardId: "refuses" })).pipe(MiroClient.as(action.user))
      case "intrude":
        return Effect.gen(function* () {
          const oauth = yield* MiroOAuth.MiroOAuth
          if (yield* oauth.isAuthorized) oracle.complaints.push(`${action.user} is authorized for another app`)
          yield* Effect.catchReason(oauth.revoke, "MiroError", "AuthorizationRequired", () => Effect.void)
          yield* Boards.list({ query: action.user })
        }).pipe(MiroClient.as(action.user))
      case "login":
        return loginAs(action.user).pipe(MiroClient.as(action.user))
      case "logout":
        return Effect.gen(function* () {
          const oauth = yield* MiroOAuth.MiroOAuth
          const before = oracle.removalsOf(action.user)
          yield* oauth.revoke
          oracle.left(action.user, before)
        }).pipe(MiroClient.as(action.user))
      case "expire":
        return expireAll
      case "revoke":
        return Effect.andThen(sandbox.revokeGrants, Effect.sync(oracle.revokedAll))
    }
  }

  const together = Effect.fnUntraced(function* (actions: ReadonlyArray<Action>) {
    oracle.turnPage()
    const before = new Map(users.map((user) => [user, standing(user)]))
    const pending = yield* pendingFaults
    const startedAt = yield* Clock.currentTimeMillis
    for (const action of actions) if (action.do === "logout") oracle.leaves(action.user)
    const doings: Array<Doing> = []
    for (const action of actions) {
      const life = lifeOf("process" in action ? action.process : 0)
      const context = action.do === "intrude" ? intruder : life.context
      const fiber = yield* dawdle.pipe(Effect.andThen(perform(action)), Effect.provide(context), Effect.forkDetach)
      doings.push({ action, life, exit: () => fiber.pollUnsafe() })
    }
    const isOver = ({ action, exit, life }: Doing) =>
      exit() !== undefined || (life.state.isDead && action.do !== "intrude")
    yield* passTimeUntil(
      () => doings.every(isOver),
      () => JSON.stringify(doings.filter((doing) => !isOver(doing)).map(({ action }) => action))
    )
    // Those of a process that died on the way come to their end as well, once what it has sent has arrived.
    yield* Effect.repeat(Effect.yieldNow, { times: 20 })
    for (const action of actions) if (action.do === "logout") oracle.stops(action.user)
    const times = (what: Action["do"]) => actions.filter((action) => action.do === what).length
    for (const { action, exit, life } of doings) {
      const outcome = exit()
      // For a process that is dead, time has passed all the same: its deadlines mean nothing.
      if (!("user" in action) || outcome === undefined || Exit.isSuccess(outcome)) continue
      if (life.state.isDead && action.do !== "intrude") continue
      const failure = Exit.findErrorOption(outcome)
      if (failure._tag === "None" || !MiroError.isMiroError(failure.value)) {
        assert.fail(`${action.do} ended with a defect: ${String(outcome)}`)
      }
      const { reason } = failure.value
      const was = before.get(action.user) ?? assert.fail()
      const is = standing(action.user)
      const isWithoutRecord = !was.hasRecord || is.removals > was.removals
      const isLeaving = actions.some((other) => other.do === "logout" && other.user === action.user)
      const troubles = [...was.troubles, ...is.troubles]
      const isCall = action.do === "call" || action.do === "refusedCall"
      const mayFail = (): boolean => {
        switch (reason._tag) {
          case "AuthorizationRequired":
            return isWithoutRecord
          case "ReauthorizationRequired":
            return (
              isCall &&
              (reason.outcomeUnknown
                ? isLeaving || troubles.length > 0
                : isLeaving || troubles.includes("revoked") || times("revoke") > 0)
            )
          case "Unauthorized":
            if (action.do === "refusedCall") return true
            return (
              isCall &&
              (isLeaving || times("revoke") > 0 || is.stillborn > was.stillborn || was.isRefused || is.isRefused)
            )
          case "TokenStorageFailure":
            return action.do === "intrude" && reason.problem === "AnotherApp" ? true : pending.storage
          case "AppRejected":
            return action.do !== "intrude" && (pending.app || faults.appErrorAt > startedAt)
          case "Transport":
            // A logout whose access token is dead refreshes it first.
            return !isCall && action.do !== "intrude" && pending.responses
          case "ServerError":
            return !isCall && action.do !== "intrude" && pending.server
          case "RefreshFailed":
            return isCall && (pending.responses || pending.server)
          default:
            return false
        }
      }
      if (!mayFail()) {
        assert.fail(
          `${action.do} of ${action.user} must not fail for: ${JSON.stringify(reason)} ${JSON.stringify({ was, is })}`
        )
      }
    }
    for (const [index, { state }] of lives.entries()) {
      if (state.isDead) yield* replace(index)
    }
  })

  const take = Effect.fnUntraced(function* (step: Step) {
    switch (step.step) {
      case "together":
        return yield* together(step.actions)
      case "crash":
        oracle.isCalm = false
        lifeOf(step.process).state.breaths = step.breaths
        return
      case "stop": {
        const life = lifeOf(step.process)
        const closing = yield* Effect.forkDetach(Scope.close(life.scope, Exit.void))
        yield* passTimeUntil(() => life.state.isDead || closing.pollUnsafe() !== undefined)
        life.state.isDead = true
        oracle.died(life.name)
        return yield* replace(step.process)
      }
      case "fault":
        oracle.isCalm = false
        if (step.of === "lostResponses" || step.of === "serverErrors" || step.of === "appErrors") {
          faults[step.of] = step.times
        } else if (step.isForResponse) faults.onResponse = Ref.set(outage[step.of], step.times)
        else yield* Ref.set(outage[step.of], step.times)
        return
      case "heal":
        for (const { state } of lives) state.breaths = Infinity
        faults.lostResponses = 0
        faults.serverErrors = 0
        faults.appErrors = 0
        faults.onResponse = undefined
        yield* Ref.set(outage.reads, 0)
        yield* Ref.set(outage.writes, 0)
        yield* Ref.set(outage.lostReplies, 0)
        return
      case "wait":
        yield* TestClock.adjust(`${step.seconds} seconds`)
    }
  })

  return { oracle, pendingFaults, take }
})

const ofEveryone = (what: "call" | "login" | "logout", process: Index): Step => ({
  step: "together",
  actions: users.map((user) => ({ do: what, user, process }))
})

const ending: ReadonlyArray<Step> = [
  { step: "heal" },
  // The pause after a refusal of the app.
  { step: "wait", seconds: 61 },
  ofEveryone("call", 0),
  ofEveryone("call", 1),
  ofEveryone("login", 0),
  { step: "together", actions: [{ do: "expire" }] },
  ofEveryone("call", 1),
  ofEveryone("logout", 0),
  ofEveryone("call", 1)
]

/** Plays a story to its end, and makes sure that in the end all is well again. */
export const play = ({ seed, steps }: { readonly seed: number; readonly steps: ReadonlyArray<Step> }) =>
  Effect.gen(function* () {
    const { oracle, take } = yield* make
    for (const step of [...steps, ...ending]) {
      yield* take(step)
      assert.deepStrictEqual(oracle.complaints, [])
    }
    assert.isTrue(users.every((user) => oracle.record(user) === undefined))
  }).pipe(
    Effect.provide(Layer.fresh(Layer.provideMerge(unreliable, Watched))),
    Effect.provide(Layer.fresh(TestClock.layer())),
    Random.withSeed(seed)
  )
