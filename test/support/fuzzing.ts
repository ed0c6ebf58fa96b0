import { assert } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, Redacted, Schema, Stream } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import * as fc from "fast-check"
import {
  AccessToken,
  Boards,
  Timeouts,
  Images,
  Items,
  MiroClient,
  MiroOAuth,
  MiroError,
  Retry,
  ScimClient,
  ScimUsers,
  TokenStorage
} from "effect-miro"
import { Board } from "effect-miro/models/Board"
import { Image } from "effect-miro/models/Image"
import { Item } from "effect-miro/models/Item"
import * as Page from "effect-miro/models/Page"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { bodiesAround } from "./bodies.ts"
import * as http from "./http.ts"
import * as payloads from "./payloads.ts"
import { forAll } from "./property.ts"
import * as tcp from "./tcp.ts"

type Client = MiroClient.MiroClient | ScimClient.ScimClient | MiroOAuth.MiroOAuth

type Call = Effect.Effect<unknown, unknown, Client>

const user = { schemas: [], id: "1", userName: "anna@example.com", active: true, emails: [{ value: "a@example.com" }] }

const grant = { access_token: "a", refresh_token: "r", expires_in: 3599, scope: "boards:read", user_id: "1" }

const oauth = (call: (oauth: MiroOAuth.MiroOAuth["Service"]) => Effect.Effect<unknown, unknown>): Call =>
  MiroOAuth.MiroOAuth.use(call)

const upload = { boardId: "b", resource: new File(["x"], "x.png", { type: "image/png" }) }

const boardPage = { data: [payloads.board, payloads.board], total: 1, size: 1, offset: 0, limit: 50 }

const itemPage = { data: [payloads.stickyNote, { ...payloads.stickyNote, type: "hologram" }], cursor: "c" }

const userPage = { totalResults: 1, startIndex: 1, itemsPerPage: 1, Resources: [user, user] }

const skip = { onInvalidItem: "skip" } as const

/** Every way in which a response is decoded, a good one, and the schema of what comes of it. */
export const paths: ReadonlyArray<readonly [name: string, call: Call, good: unknown, schema?: Schema.Constraint]> = [
  ["an object", Boards.get({ boardId: "b" }), payloads.board, Board],
  ["an object that may come later", Boards.update({ boardId: "b" }), payloads.board, Schema.UndefinedOr(Board)],
  ["a page", Boards.list(), boardPage, Page.offset(Board)],
  ["a page of items", Items.list({ boardId: "b" }), itemPage, Page.cursor(Item)],
  [
    "a page within a page",
    Items.listInGroup({ boardId: "b", groupItemId: "g" }),
    { data: [{ data: [payloads.stickyNote] }, payloads.stickyNote] },
    Items.listInGroup.operation.success ?? Page.cursor(Item)
  ],
  [
    "what was created in bulk",
    Items.createBulk({ boardId: "b", items: [{ type: "text", data: { content: "a" } }] }),
    { data: [payloads.stickyNote] },
    Schema.Struct({ data: Schema.Array(Item) })
  ],
  ["what was uploaded", Images.createFromFile(upload), { id: "1", type: "image" }, Image],
  ["nothing", Boards.delete({ boardId: "b" }), {}, Schema.Void],
  ["anything", MiroClient.execute(HttpClientRequest.get("/v2/x")), {}],
  ["a SCIM user", ScimUsers.get({ userId: "1" }), user, ScimUsers.User],
  [
    "a SCIM list",
    ScimUsers.list(),
    userPage,
    Schema.Struct({ Resources: Schema.optional(Schema.Array(ScimUsers.User)) })
  ],
  ["the boards of a stream", Stream.runCollect(Boards.list.items()), boardPage, Schema.Array(Board)],
  ["the boards of a stream that skips", Stream.runCollect(Boards.list.items({}, skip)), boardPage, Schema.Array(Board)],
  [
    "the items of a stream that skips",
    Stream.runCollect(Items.list.items({ boardId: "b" }, skip)),
    { ...itemPage, cursor: "" },
    Schema.Array(Item)
  ],
  [
    "the users of a stream that skips",
    Stream.runCollect(ScimUsers.list.items({}, skip)),
    userPage,
    Schema.Array(ScimUsers.User)
  ],
  ["tokens for a code", oauth(({ exchangeCode }) => exchangeCode("code")), grant],
  ["tokens for a token", oauth(({ refresh }) => refresh(Redacted.make("refresh"))), grant],
  ["a revocation", oauth(({ revokeToken }) => revokeToken(Redacted.make("token"))), {}]
]

const clients = (baseUrl: string) =>
  Layer.mergeAll(
    MiroClient.layer({ baseUrl }).pipe(Layer.provide(AccessToken.layer(Redacted.make("token")))),
    ScimClient.layer({ baseUrl, token: Redacted.make("scim") }),
    MiroOAuth.layer({
      clientId: "1",
      clientSecret: Redacted.make("client-secret"),
      redirectUrl: "http://localhost/callback",
      baseUrl
    }),
    Layer.succeed(Retry.Retry, Retry.none),
    Layer.succeed(Timeouts.Timeouts, { headers: "1 second", idle: "1 second" }),
    Logger.layer([])
  ).pipe(Layer.provideMerge(TokenStorage.layerMemory))

// A reason, or the error around it: `refresh` and `revokeToken` have the bare one.
const isTyped = (error: unknown) =>
  MiroError.isMiroError(error) || MiroError.Reason.members.some((reason) => error instanceof reason)

/** Runs a call that has to succeed with a value of its type, or to fail with an error of this package. */
const endsWell = Effect.fnUntraced(function* <R>(
  call: Effect.Effect<unknown, unknown, R>,
  fits: (value: unknown) => boolean = () => true
) {
  const exit = yield* Effect.exit(call)
  if (Exit.isSuccess(exit)) {
    assert.isTrue(fits(exit.value), "a value is not of its type")
    return true
  }
  const untyped = exit.cause.reasons.find((reason) => !Cause.isFailReason(reason) || !isTyped(reason.error))
  if (untyped !== undefined) assert.fail(`no typed error: ${Cause.pretty(exit.cause)}`)
  return false
})

const statuses = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(200, 201, 202) },
  { weight: 2, arbitrary: fc.integer({ min: 200, max: 599 }) }
)

const text = fc.stringMatching(/^[\x20-\x7e]{0,20}$/)

const headers = fc.dictionary(
  fc.constantFrom(
    "content-type",
    "content-length",
    "retry-after",
    "x-ratelimit-reset",
    "x-ratelimit-limit",
    "set-cookie"
  ),
  fc.oneof(text, fc.integer().map(String), fc.double().map(String))
)

// `Response` does not let these have one.
const bodiless = new Set([204, 205, 304])

/** Whatever the response says, a call ends with a success or a typed error. */
export const responses = (runs: number, call: Call, good: unknown, schema?: Schema.Constraint) => {
  const fits = schema === undefined ? undefined : Schema.is(Schema.toType(schema))
  const bytes = fc.uint8Array({ maxLength: 60 })
  const body = fc.oneof({ weight: 5, arbitrary: bodiesAround(good) }, { weight: 1, arbitrary: bytes })
  let reply: http.Reply = http.noContent
  const ends = { well: 0, badly: 0 }
  return Effect.gen(function* () {
    yield* forAll(fc.record({ status: statuses, headers, body }), runs, ({ body, headers, status }) =>
      Effect.gen(function* () {
        reply = bodiless.has(status)
          ? () => Effect.sync(() => new Response(null, { status, headers }))
          : http.text(typeof body === "string" ? body : new Uint8Array(body), { status, headers })
        ends[(yield* endsWell(call, fits)) ? "well" : "badly"]++
      })
    )
    assert.isAbove(ends.well, runs / 50)
    assert.isAbove(ends.badly, runs / 5)
  }).pipe(
    Effect.provide(
      clients("https://api.miro.com").pipe(
        Layer.provideMerge(
          Layer.succeed(
            HttpClient.HttpClient,
            HttpClient.make((request) =>
              Effect.map(reply(request), (response) => HttpClientResponse.fromWeb(request, response))
            )
          )
        )
      )
    )
  )
}

const noise = fc.record({
  at: fc.nat(400),
  remove: fc.nat(8),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc
      .constantFrom(
        "\r\n",
        "\r\n\r\n",
        "transfer-encoding: chunked\r\n",
        "content-length: 1\r\n",
        ": ",
        "HTTP/9.9 1\r\n"
      )
      .map((text) => Buffer.from(text))
  )
})

/** The same for whatever comes over a socket that once was a response. */
export const bytes = (runs: number) => {
  const good = tcp.response(200, JSON.stringify(payloads.board), { "content-type": "application/json" })
  let sent: Uint8Array = good
  return Effect.gen(function* () {
    const server = yield* tcp.serve((socket) => socket.end(sent))
    yield* forAll(fc.array(noise, { minLength: 1, maxLength: 3 }), runs, (changes) =>
      Effect.gen(function* () {
        sent = changes.reduce<Uint8Array>(
          (bytes, { at, bytes: more, remove }) =>
            Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + remove)]),
          good
        )
        yield* endsWell(Boards.get({ boardId: "b" }))
      })
    ).pipe(Effect.provide(clients(server.origin).pipe(Layer.provideMerge(FetchHttpClient.layer))))
    yield* server.allClosed
  })
}

setFlagsFromString("--expose-gc")
const collectGarbage: () => void = runInNewContext("gc")

/** What is in use without garbage, in mebibytes. What the process has of the system is up to the engine. */
const inUse = () => {
  collectGarbage()
  const { external, heapUsed } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

/** Fails if a rejection went unhandled, or so many MiB of memory are not given back. */
export const leavesNothing = <A, E, R>(self: Effect.Effect<A, E, R>, mebibytes = 100) =>
  Effect.gen(function* () {
    const rejections: Array<unknown> = []
    const listen = (reason: unknown) => rejections.push(reason)
    process.on("unhandledRejection", listen)
    const before = inUse()
    yield* Effect.ensuring(
      self,
      Effect.sync(() => process.off("unhandledRejection", listen))
    )
    const grown = inUse() - before
    assert.deepStrictEqual(rejections, [])
    assert.isAtMost(grown, mebibytes)
    return grown
  })
