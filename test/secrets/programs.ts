/**
 * Programs that fail, each of its own kind, of an error that repeats secrets
 * which the program holds. To add one is to add a line to the table.
 */
import { ConfigProvider, Console, Effect, Layer, Option, Redacted } from "effect"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "effect/http"
import { KeyValueStore, Redis } from "effect/persistence"
import {
  AccessToken,
  Boards,
  MiroClient,
  MiroOAuth,
  Retry,
  ScimClient,
  ScimUsers,
  StickyNotes,
  TokenRecord,
  TokenStorage
} from "effect-miro"
import * as payloads from "../support/payloads.ts"
import * as RecordStore from "../../src/auth/record/store.ts"

export interface Secrets {
  readonly accessToken: string
  readonly refreshToken: string
  readonly clientSecret: string
  readonly code: string
  readonly state: string
}

export interface Program {
  readonly name: string
  /** The secrets that come back. */
  readonly holds: ReadonlyArray<keyof Secrets>
  readonly run: (echo: string, secrets: Secrets) => Effect.Effect<unknown, unknown>
}

type Reply = (request: HttpClientRequest.HttpClientRequest) => Effect.Effect<Response, HttpClientError.HttpClientError>

const text =
  (status: number, body: string | ReadableStream): Reply =>
  () =>
    Effect.sync(() => new Response(body, { status }))

const json = (status: number, body: unknown): Reply => text(status, JSON.stringify(body))

const fails =
  (cause: unknown, description?: string): Reply =>
  (request) =>
    Effect.fail(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.TransportError({ request, cause, description: description ?? "" })
      })
    )

const client = (reply: Reply) =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request) =>
      Effect.map(reply(request), (response) => HttpClientResponse.fromWeb(request, response))
    )
  )

const board = Boards.get({ boardId: "b" })

/** A call whose request gets this reply. */
const call = (
  name: string,
  reply: (echo: string) => Reply,
  program: Effect.Effect<unknown, unknown, MiroClient.MiroClient> = board
): Program => ({
  name,
  holds: ["accessToken"],
  run: (echo, { accessToken }) =>
    program.pipe(
      Effect.provide(MiroClient.layer()),
      Effect.provide(AccessToken.layer(Redacted.make(accessToken))),
      Effect.provide(client(reply(echo)))
    )
})

const app = { clientId: "id", redirectUrl: "https://app.example/callback" }

const oauth = ({ clientSecret }: Secrets) => MiroOAuth.layer({ ...app, clientSecret: Redacted.make(clientSecret) })

const exchange = ({ code, state }: Secrets) => MiroOAuth.exchangeCode(code, { state })

/** A login whose code gets this reply. */
const login = (
  name: string,
  reply: (echo: string, secrets: Secrets) => Reply,
  program: (secrets: Secrets, echo: string) => Effect.Effect<unknown, unknown, MiroOAuth.MiroOAuth> = exchange
): Program => ({
  name,
  holds: ["clientSecret", "code", "state"],
  run: (echo, secrets) =>
    program(secrets, echo).pipe(
      Effect.provide(oauth(secrets)),
      Effect.provide(TokenStorage.layerMemory),
      Effect.provide(client(reply(echo, secrets)))
    )
})

const recordOf = ({ accessToken, refreshToken }: Secrets, expiresIn = 3600): TokenRecord.TokenRecord => ({
  accessToken: Redacted.make(accessToken),
  refreshToken: Redacted.make(refreshToken),
  expiresIn,
  receivedAt: 0,
  scopes: [],
  user: "default",
  generation: 1,
  clientId: app.clientId,
  baseUrl: "https://api.miro.com"
})

const stored = Effect.fnUntraced(function* (record: TokenRecord.TokenRecord) {
  yield* RecordStore.write(yield* TokenStorage.TokenStorage, Option.none(), record)
})

const everything = (secrets: Secrets) =>
  MiroClient.layer().pipe(Layer.provideMerge(AccessToken.layerOAuth), Layer.provideMerge(oauth(secrets)))

/** A call whose token has expired, and whose refresh gets this reply. */
const refresh = (
  name: string,
  reply: (echo: string) => Reply,
  program: Effect.Effect<unknown, unknown, MiroClient.MiroClient | MiroOAuth.MiroOAuth> = board
): Program => ({
  name,
  holds: ["clientSecret", "refreshToken"],
  run: (echo, secrets) =>
    Effect.andThen(stored(recordOf(secrets, 0)), program).pipe(
      Effect.provide(everything(secrets)),
      Effect.provide(TokenStorage.layerMemory),
      Effect.provide(client(reply(echo)))
    )
})

const storageError = (cause: unknown) => Effect.fail(new TokenStorage.TokenStorageError({ cause }))

interface Faults {
  readonly get?: (echo: string) => Effect.Effect<never, TokenStorage.TokenStorageError>
  readonly set?: (echo: string, next: string) => Effect.Effect<never, TokenStorage.TokenStorageError>
}

/** A call whose storage fails from its second read or write on. */
const storage = (name: string, { get, set }: Faults): Program => ({
  name,
  holds: ["accessToken", "refreshToken"],
  run: (echo, secrets) =>
    Effect.gen(function* () {
      const memory = yield* TokenStorage.TokenStorage
      let reads = 0
      let writes = 0
      const broken = TokenStorage.TokenStorage.of({
        get: (user) => (get !== undefined && reads++ > 0 ? get(echo) : memory.get(user)),
        compareAndSet: (user, expected, next) =>
          set !== undefined && writes++ > 0
            ? set(echo, Option.match(next, { onNone: () => echo, onSome: Redacted.value }))
            : memory.compareAndSet(user, expected, next)
      })
      yield* Effect.andThen(
        stored(recordOf(secrets, get === undefined ? 0 : 1e9)),
        Effect.repeat(board, { times: 2 })
      ).pipe(Effect.provide(everything(secrets)), Effect.provideService(TokenStorage.TokenStorage, broken))
    }).pipe(Effect.provide(TokenStorage.layerMemory), Effect.provide(client(json(200, payloads.board))))
})

/** What a storage itself says when it cannot write a record. */
const writing = (name: string, layer: (echo: string) => Layer.Layer<TokenStorage.TokenStorage, unknown>): Program => ({
  name,
  holds: ["accessToken", "refreshToken"],
  run: (echo, secrets) =>
    Effect.gen(function* () {
      const { compareAndSet } = yield* TokenStorage.TokenStorage
      const record = JSON.stringify({ accessToken: secrets.accessToken, refreshToken: secrets.refreshToken })
      return yield* compareAndSet("default", Option.none(), Option.some(Redacted.make(record)))
    }).pipe(Effect.provide(layer(echo)))
})

/** A layer whose settings are of no use. */
const configured = (
  name: string,
  layer: Layer.Layer<never, unknown, HttpClient.HttpClient | TokenStorage.TokenStorage>,
  env: (secret: string) => Readonly<Record<string, unknown>>
): Program => ({
  name,
  holds: ["clientSecret"],
  run: (_, { clientSecret }) =>
    Effect.scoped(Layer.build(layer)).pipe(
      Effect.provide([client(text(200, "")), TokenStorage.layerMemory]),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(env(clientSecret)))
    )
})

/** Something that is printed while all is well. */
const printing = (
  name: string,
  program: (
    secrets: Secrets
  ) => Effect.Effect<unknown, unknown, Layer.Success<ReturnType<typeof everything>> | TokenStorage.TokenStorage>
): Program => ({
  name,
  holds: ["accessToken", "refreshToken", "clientSecret"],
  run: (_, secrets) =>
    Effect.andThen(
      stored(recordOf(secrets)),
      Effect.flatMap(program(secrets), (value) => Effect.andThen(Console.log(value), Effect.fail(value)))
    ).pipe(
      Effect.provide(everything(secrets)),
      Effect.provide(TokenStorage.layerMemory),
      Effect.provide(client(json(200, payloads.board)))
    )
})

const envelope = (echo: string, more: object = {}) => ({
  type: "error",
  code: "code",
  message: echo,
  status: 400,
  ...more
})

const torn = (echo: string) =>
  new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("[")),
    pull: (controller) => controller.error(new Error(echo))
  })

const nested = (echo: string, depth: number): Error =>
  new Error(depth === 0 ? echo : "fetch failed", { cause: depth === 0 ? { headers: echo } : nested(echo, depth - 1) })

const redisError = (command: string, args: ReadonlyArray<string>) =>
  Object.assign(new Error(`ERR ${args.join(" ")}`), { command: { name: command, args } })

// What else a client of Redis can do, a storage does not ask for.
const redis = {
  eval:
    () =>
    (...args: ReadonlyArray<string>) =>
      Effect.fail(new Redis.RedisError({ cause: redisError("EVALSHA", args) }))
} as never

export const programs: ReadonlyArray<Program> = [
  call("a page with status 500", (echo) => text(500, `<pre>${echo}</pre>`)),
  call("a page with status 404", (echo) => text(404, echo)),
  call("a redirect", (echo) => text(302, `Go to ${echo}`)),
  call("a page that is cut within it", (echo) => text(503, `${"x".repeat(505)}${echo}`)),
  call("a page that is cut after it", (echo) => text(503, `${echo} ${"x".repeat(5000)}`)),
  call("the message of an error", (echo) => json(400, envelope(echo))),
  call("the message of an error that is cut within it", (echo) => json(403, envelope(`${"x".repeat(505)}${echo}`))),
  call("the code of an error", (echo) => json(409, envelope("no", { code: echo }))),
  call("the name of a field", (echo) =>
    json(400, envelope("no", { context: { fields: [{ field: echo, message: "m" }] } }))
  ),
  call("the message of a field", (echo) =>
    json(400, envelope("no", { context: { fields: [{ field: "f", message: echo }] } }))
  ),
  call("a context", (echo) => json(413, envelope("no", { context: { a: [{ b: { c: echo } }] } }))),
  call("a key of a context", (echo) => json(425, envelope("no", { context: { [echo]: { [echo]: 1 } } }))),
  call("a rate limit", (echo) => json(429, envelope(echo)), Effect.provideService(board, Retry.Retry, Retry.none)),
  call("a token that is refused", (echo) => json(401, envelope(echo))),
  call(
    "an error of SCIM",
    (echo) => json(404, { detail: echo, scimType: echo }),
    Effect.provideServiceEffect(ScimUsers.get({ userId: "u" }), ScimClient.ScimClient, MiroClient.MiroClient)
  ),
  call("an error of OAuth", (echo) => json(400, { error: echo, error_description: echo })),
  call("an error that is a list", (echo) => json(500, [echo])),
  call("an error that is a string", (echo) => json(500, echo)),
  call("an error that is half there", (echo) => text(500, JSON.stringify(envelope(echo)).slice(0, -3))),
  call("a success that is a page", (echo) => text(200, echo)),
  call("a success that is a string", (echo) => json(200, echo)),
  call("a success of other types", (echo) => json(200, { ...payloads.board, id: [echo], name: { [echo]: echo } })),
  call("a success that is half there", (echo) =>
    text(200, JSON.stringify({ ...payloads.board, name: echo }).slice(0, -1))
  ),
  call("an item of other types", (echo) => json(200, { data: [{ id: { [echo]: echo } }] }), Boards.list()),
  call(
    "a field that is left out",
    (echo) => json(200, { ...payloads.board, viewLink: { [echo]: echo }, createdAt: echo }),
    Effect.flip(Effect.flip(Effect.andThen(board, Effect.fail("as it was to be"))))
  ),
  call(
    "a field that Strict refuses",
    (echo) => json(200, { ...payloads.board, createdAt: echo }),
    Effect.provideService(board, MiroClient.Strict, true)
  ),
  call("a response that breaks off", (echo) => text(200, torn(echo))),
  call("an error that breaks off", (echo) => text(500, torn(echo))),
  call("a fault of the network", (echo) => fails(new Error(echo))),
  call("a fault behind other causes", (echo) => fails(nested(echo, 3))),
  call("a fault that holds the request", (echo) =>
    fails(Object.assign(new Error("no"), { request: { headers: { authorization: echo } } }), echo)
  ),
  call("a client that dies", (echo) => () => Effect.die(new Error(echo))),
  call("a client that dies behind other causes", (echo) => () => Effect.die(nested(echo, 5))),
  call(
    "a client that dies of what holds the request",
    (echo) => () =>
      Effect.die(Object.assign(new Error("no"), { headers: new Headers([["x", encodeURIComponent(echo)]]) }))
  ),
  call("a client that dies of a text", (echo) => () => Effect.die(echo)),
  call("a client that dies of an object", (echo) => () => Effect.die({ [echo]: new Map([[echo, new Set([echo])]]) })),
  call(
    "a client that throws",
    (echo) => () =>
      Effect.sync(() => {
        throw new Error(echo)
      })
  ),
  call("an upload", (echo) => json(400, envelope(echo)), StickyNotes.create({ boardId: "b", data: { content: "c" } })),
  call("an endpoint of one's own", (echo) => text(400, echo), MiroClient.execute(HttpClientRequest.post("/v2/x"))),
  login("a code that is refused", (echo) => json(400, envelope(echo))),
  login("a code that is refused by a page", (echo) => text(502, echo)),
  login("a code that gets a form", (echo) => text(400, `error=no&error_description=${echo}`)),
  login("a code that gets no token", (echo) => json(200, { message: echo })),
  login("a code that gets tokens and an error", (echo, { code }) =>
    json(403, { message: echo, access_token: code, refresh_token: code })
  ),
  login("a code and a fault of the network", (echo) => fails(new Error(echo))),
  login("a code and a client that dies", (echo) => () => Effect.die(new Error(echo))),
  login(
    "a callback of somebody else",
    () => text(500, ""),
    ({ code, state }) => MiroOAuth.handleCallback(`/callback?${new URLSearchParams({ code, state })}`)
  ),
  login(
    "a callback with everything twice",
    () => text(500, ""),
    ({ code, state }) =>
      MiroOAuth.MiroOAuth.use((oauth) =>
        oauth.handleCallback(
          `/callback?${new URLSearchParams([
            ["code", code],
            ["code", code],
            ["state", state]
          ])}`
        )
      )
  ),
  login(
    "a callback that says no",
    () => text(500, ""),
    ({ state }) =>
      MiroOAuth.MiroOAuth.use((oauth) =>
        oauth.handleCallback(`/callback?${new URLSearchParams({ error: "no", error_description: state, state })}`)
      )
  ),
  refresh("a refresh that is refused", (echo) => json(401, envelope(echo))),
  refresh("a refresh that is refused by a page", (echo) => text(400, echo)),
  refresh(
    "a refresh and a fault of the server",
    (echo) => text(500, echo),
    Effect.provideService(board, Retry.Retry, Retry.none)
  ),
  refresh(
    "a refresh and a fault of the network",
    (echo) => fails(new Error(echo)),
    Effect.provideService(board, Retry.Retry, Retry.none)
  ),
  storage("a storage that cannot write", { set: (echo) => storageError(new Error(echo)) }),
  storage("a storage that cannot write, and quotes the record", {
    set: (_, next) => storageError(new Error(`insert failed: '${next}'`))
  }),
  storage("a storage that cannot read", { get: (echo) => storageError(new Error(echo)) }),
  storage("a storage that fails with a text", { get: (echo) => storageError(echo) }),
  storage("a storage that dies while it reads", { get: (echo) => Effect.die(new Error(echo)) }),
  storage("a storage that dies while it writes", {
    set: (echo, next) => Effect.die(Object.assign(new Error(next), { parameters: [echo, next] }))
  }),
  writing("a get and set that fails", () =>
    TokenStorage.layerGetSet({
      get: () => Effect.succeedNone,
      set: (_, next) => Effect.fail(Object.assign(new Error("no"), { parameters: Option.map(next, Redacted.value) }))
    })
  ),
  writing("a store that fails", () =>
    Layer.provide(
      TokenStorage.layerKeyValueStore(),
      Layer.succeed(
        KeyValueStore.KeyValueStore,
        KeyValueStore.makeStringOnly({
          get: () => Effect.succeed(undefined),
          set: (key, value) =>
            Effect.fail(new KeyValueStore.KeyValueStoreError({ method: "set", key, message: value })),
          remove: () => Effect.void,
          clear: Effect.void,
          size: Effect.succeed(0),
          keys: Effect.succeed([])
        })
      )
    )
  ),
  writing("a Redis that refuses a command", () =>
    Layer.provide(TokenStorage.layerRedis(), Layer.succeed(Redis.Redis, redis))
  ),
  configured("a base URL with a password", MiroOAuth.layerConfig(), (secret) => ({
    MIRO_CLIENT_ID: "id",
    MIRO_CLIENT_SECRET: "s",
    MIRO_REDIRECT_URL: "r",
    MIRO_BASE_URL: `https://u:${encodeURIComponent(secret)}@h`
  })),
  configured("a client secret that is a list", MiroOAuth.layerConfig(), (secret) => ({
    MIRO_CLIENT_ID: "id",
    MIRO_CLIENT_SECRET: [secret],
    MIRO_REDIRECT_URL: "r"
  })),
  configured("a client with such a base URL", MiroClient.layerConfig(), (secret) => ({
    MIRO_ACCESS_TOKEN: secret,
    MIRO_BASE_URL: `ftp://${encodeURIComponent(secret)}`
  })),
  configured("keys that are none", TokenStorage.layerEncryptedConfig, (secret) => ({ MIRO_TOKEN_KEYS: secret })),
  configured("keys that are too short", TokenStorage.layerEncryptedConfig, (secret) => ({
    MIRO_TOKEN_KEYS: `a:${secret},b:${secret}`
  })),
  printing("an access token", () => AccessToken.AccessToken),
  printing("an app", () => MiroOAuth.MiroOAuth),
  printing("a storage", () =>
    Effect.flatMap(TokenStorage.TokenStorage, (storage) =>
      Effect.map(storage.get("default"), (record) => [storage, record])
    )
  ),
  printing("a record", (secrets) => Effect.succeed(recordOf(secrets))),
  printing("a context", () => Effect.context()),
  printing("a response", () => Boards.get.withResponse({ boardId: "b" }))
]
