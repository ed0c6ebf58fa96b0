/**
 * Processes that share a storage and a Miro, over real sockets and with real
 * signals. The sandbox ends a whole grant when a spent refresh token comes
 * again, so that one slip is fatal.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert } from "@effect/vitest"
import {
  Clock,
  Context,
  Deferred,
  Duration,
  Effect,
  identity,
  Layer,
  Option,
  Queue,
  Redacted,
  type Scope
} from "effect"
import { AccessToken, Boards, MiroClient, MiroOAuth, TokenRecord, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { FetchHttpClient, HttpServer, HttpServerRequest } from "effect/http"
import { type ChildProcess, fork } from "node:child_process"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import { bundle } from "../support/bundle.ts"
import type { Command, Outcome, Report, Setup } from "./protocol.ts"
import * as RecordStore from "../../src/auth/record/store.ts"

export interface Worker {
  readonly process: ChildProcess
  readonly send: (command: Command) => Effect.Effect<void>
  /** The next report, which has to be of this kind. */
  readonly expect: <Tag extends Report["_tag"]>(tag: Tag) => Effect.Effect<Extract<Report, { readonly _tag: Tag }>>
  /** Ends the process at once, and waits until it has ended. */
  readonly kill: Effect.Effect<void>
  /** Waits until the process has ended by itself. */
  readonly ended: Effect.Effect<void>
}

const program = await bundle(fileURLToPath(new URL("./worker.ts", import.meta.url)))

export const worker = Effect.fnUntraced(function* (setup: Setup): Effect.fn.Return<Worker, never, Scope.Scope> {
  const inbox = yield* Queue.unbounded<Report>()
  const ended = yield* Deferred.make<void>()
  const child = fork(program, [JSON.stringify(setup)], { execArgv: ["--expose-gc"] })
  child.on("message", (report: Report) => Queue.offerUnsafe(inbox, report))
  child.on("exit", () => Deferred.doneUnsafe(ended, Effect.void))
  const kill = Effect.andThen(
    Effect.sync(() => child.kill("SIGKILL")),
    Deferred.await(ended)
  )
  yield* Effect.addFinalizer(() => kill)
  const isA = <Tag extends Report["_tag"]>(
    report: Report,
    tag: Tag
  ): report is Extract<Report, { readonly _tag: Tag }> => report._tag === tag
  const self: Worker = {
    process: child,
    send: (command) => Effect.sync(() => child.send(command)),
    expect: (tag) =>
      Effect.raceFirst(
        Effect.flatMap(Queue.take(inbox), (report) =>
          isA(report, tag)
            ? Effect.succeed(report)
            : Effect.die(new Error(`expected ${tag}, got ${JSON.stringify(report)}`))
        ),
        Effect.andThen(Deferred.await(ended), Effect.die(new Error(`the worker ended before it said ${tag}`)))
      ),
    kill,
    ended: Deferred.await(ended)
  }
  yield* self.expect("Ready")
  return self
})

/** Where the server keeps a request to the token endpoint: before or after it has done what is asked. */
export type Gate = "received" | "sent"

export class Gates extends Context.Service<
  Gates,
  {
    /** Keeps the next such request of a worker. Gives what completes once it is there. */
    readonly close: (gate: Gate, worker: string) => Effect.Effect<Effect.Effect<void>>
    /** Lets all go, or the server would wait for them at its end. */
    readonly open: Effect.Effect<void>
  }
>()("test/processes/Gates") {}

const gates = Effect.gen(function* () {
  const opened = yield* Deferred.make<void>()
  const closed = new Map<string, Deferred.Deferred<void>>()
  const key = (gate: Gate, worker: string | undefined) => `${gate} ${worker}`
  return {
    open: Effect.asVoid(Deferred.succeed(opened, undefined)),
    close: (gate: Gate, worker: string) =>
      Effect.map(Deferred.make<void>(), (kept) => {
        closed.set(key(gate, worker), kept)
        return Deferred.await(kept)
      }),
    pass: (gate: Gate) =>
      Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ headers }) => {
        const kept = closed.get(key(gate, headers["x-worker"]))
        return kept === undefined
          ? Effect.void
          : Effect.andThen(Deferred.succeed(kept, undefined), Deferred.await(opened))
      })
  }
})

type App = MiroSandbox.MiroSandbox["Service"]["app"]

interface MiroOptions {
  readonly accessTokenLifetime?: Duration.Input
  readonly reuse?: MiroSandbox.Settings["reuse"]
  /** What stands before the sandbox. */
  readonly front?: (app: App) => App
}

/** A sandbox on a real socket. */
export const miro = ({ front = identity, reuse = "revokeGrant", ...settings }: MiroOptions = {}) =>
  Layer.unwrap(
    Effect.map(gates, ({ close, open, pass }) => {
      const Server = Layer.effectDiscard(
        MiroSandbox.MiroSandbox.use((sandbox) =>
          HttpServer.serveEffect(
            front(
              Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ url }) =>
                url === "/v1/oauth/token"
                  ? Effect.tap(Effect.andThen(pass("received"), sandbox.app), pass("sent"))
                  : sandbox.app
              )
            )
          )
        )
      )
      return Server.pipe(
        Layer.provideMerge(MiroSandbox.layer),
        Layer.provideMerge(Layer.succeed(Gates, { close, open })),
        Layer.provide(MiroSandbox.layerSettings({ ...settings, reuse, creditsPerMinute: 1e9 })),
        Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
      )
    })
  )

export const origin = HttpServer.addressFormattedWith(Effect.succeed)

/** Another process that runs in this one: a client of its own. */
export const client = (baseUrl: string, deadline: Duration.Input) =>
  MiroClient.layer({ baseUrl }).pipe(
    Layer.provideMerge(AccessToken.layerOAuth),
    Layer.provideMerge(
      Layer.unwrap(
        Effect.map(Effect.service(MiroSandbox.Settings), (settings) =>
          MiroOAuth.layer({ ...settings, baseUrl, webUrl: baseUrl })
        )
      )
    ),
    Layer.provide(FetchHttpClient.layer),
    Layer.provideMerge(Layer.succeed(MiroOAuth.Deadline, Duration.fromInputUnsafe(deadline)))
  )

const app = Effect.gen(function* () {
  const { clientId } = yield* MiroSandbox.Settings
  return { clientId, baseUrl: yield* origin }
})

/** Authorizes a user, as if by a login; with tokens that have run out, unless told otherwise. */
export const authorize = Effect.fnUntraced(function* (user: string, age: Duration.Input = "2 hours") {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const storage = yield* TokenStorage.TokenStorage
  const { accessToken, expiresIn, refreshToken } = yield* sandbox.issueTokens()
  const issuer = yield* app
  const stored = yield* RecordStore.read(storage, user, issuer)
  const record: TokenRecord.TokenRecord = {
    accessToken,
    refreshToken,
    expiresIn,
    receivedAt: (yield* Clock.currentTimeMillis) - Duration.toMillis(age),
    scopes: [],
    ...issuer,
    user,
    generation: Option.match(stored, { onNone: () => 1, onSome: ({ record }) => record.generation + 1 })
  }
  const version = Option.map(stored, ({ version }) => version)
  assert.isTrue(yield* RecordStore.write(storage, version, record))
  return record
})

/** What is stored for a user. Fails the test if that is no whole record. */
export const record = Effect.fnUntraced(function* (user: string) {
  const storage = yield* TokenStorage.TokenStorage
  return Option.getOrThrow(yield* RecordStore.read(storage, user, yield* app)).record
})

/** What a call of this process comes to. */
export const call = (user: string): Effect.Effect<Outcome, never, MiroClient.MiroClient> =>
  Boards.list().pipe(
    MiroClient.as(user),
    Effect.match({
      onSuccess: (): Outcome => ({ _tag: "Success" }),
      onFailure: ({ message, reason }): Outcome => ({ _tag: "Failure", reason: reason._tag, message })
    })
  )

/** The requests with which refresh tokens were presented. */
export const redemptions = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  return (yield* sandbox.ledger).filter(
    ({ body, path }) => path === "/v1/oauth/token" && Redacted.value(body).includes("grant_type=refresh_token")
  )
})
