import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Layer, Redacted } from "effect"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "effect/http"
import { inspect } from "node:util"
import { AccessToken, Boards, MiroClient, MiroOAuth, StickyNotes, TokenStorage, Tokens } from "effect-miro"
import * as http from "../support/http.ts"
import { observe } from "../support/observe.ts"
import * as payloads from "../support/payloads.ts"

const canary = "canary.tok/en+1234567890=="

// A part of a token is half of the way to the rest of it.
const partOfIt = canary.slice(0, 8)

const accessToken = AccessToken.layer(Redacted.make(canary))

const wired = (respond: http.Respond) => http.wired(respond, { accessToken })

const get = Boards.get({ boardId: "b" })

const header = `Authorization: Bearer ${canary}`

const page = `<html><pre>GET /v2/boards/b HTTP/1.1\n${header}\n</pre><p>again: ${canary}${canary}</p></html>`

const envelope = {
  type: "error",
  code: header,
  message: `unknown token ${canary}`,
  context: { fields: [{ field: canary, message: header }], request: { headers: [[header]] }, [canary]: canary },
  status: 400
}

const statuses = [302, 400, 401, 403, 404, 405, 409, 413, 425, 429, 500, 502, 503]

const assertSecret = (text: string) => {
  const index = text.indexOf(partOfIt)
  if (index !== -1) assert.fail(`the token shows: ${text.slice(Math.max(0, index - 60), index + 60)}`)
}

describe("the token is nowhere but in the header", () => {
  it.effect("which carries it", () =>
    Effect.gen(function* () {
      const { exit, text } = yield* observe(get)
      assert.isTrue(Exit.isSuccess(exit))
      assertSecret(text)
      const { sent } = yield* http.Wire
      assert.deepStrictEqual(
        sent.map(({ headers, url }) => [url, headers["authorization"]]),
        [["https://api.miro.com/v2/boards/b", `Bearer ${canary}`]]
      )
    }).pipe(wired(http.script(http.json(payloads.board))))
  )

  it.effect.each(statuses)("when an error page with status %i repeats it", (status) =>
    Effect.gen(function* () {
      const { exit, text } = yield* observe(get)
      assert.isTrue(Exit.isFailure(exit))
      assert.include(text, "<redacted>")
      assertSecret(text)
    }).pipe(
      http.once,
      wired(() => http.text(page, { status }))
    )
  )

  it.effect.each(statuses)("when Miro's error with status %i repeats it in every field", (status) =>
    Effect.gen(function* () {
      const { text } = yield* observe(get)
      assert.include(text, "unknown token <redacted>")
      assertSecret(text)
    }).pipe(
      http.once,
      wired(() => http.json(envelope, { status }))
    )
  )

  it.effect.each([400, 403, 500])("when an error with status %i repeats it with its slash escaped", (status) =>
    Effect.gen(function* () {
      const { text } = yield* observe(get)
      assert.include(text, "unknown token")
      assertSecret(text)
    }).pipe(
      http.once,
      wired(() => http.text(JSON.stringify(envelope).replaceAll("/", "\\/"), { status }))
    )
  )

  it.effect.each([
    [200, JSON.stringify({ ...payloads.board, id: [header] })],
    [200, JSON.stringify([header])],
    [200, page],
    [500, JSON.stringify([header])],
    [500, page]
  ] as const)("when a body with status %i repeats it with its slash escaped, and is shown as it is", ([status, body]) =>
    Effect.gen(function* () {
      const { exit, text } = yield* observe(get)
      assert.isTrue(Exit.isFailure(exit))
      assertSecret(text)
    }).pipe(
      http.once,
      wired(() => http.text(body.replaceAll("/", "\\/"), { status }))
    )
  )

  it.effect.each([
    ["a page", page],
    ["a string", JSON.stringify(header)],
    ["a list", JSON.stringify([header])],
    ["an object of other fields", JSON.stringify({ [canary]: header })],
    ["fields of other types", JSON.stringify({ ...payloads.board, id: { [canary]: header }, name: [header] })],
    ["half of a board", JSON.stringify({ ...payloads.board, name: header }).slice(0, -1)]
  ])("when a success comes with %s", ([, body]) =>
    Effect.gen(function* () {
      const { exit, text } = yield* observe(get)
      assert.isTrue(Exit.isFailure(exit))
      assert.include(text, "<redacted>")
      assertSecret(text)
    }).pipe(wired(() => http.text(body)))
  )

  it.effect("when the excerpt of a body ends within it", () =>
    Effect.forEach(
      [480, 490, 500, 504, 510, 512],
      (before) =>
        Effect.gen(function* () {
          for (const call of [get, Boards.list()])
            assertSecret((yield* observe<unknown, MiroClient.MiroClient>(call)).text)
        }).pipe(wired(() => http.text(`${"x".repeat(before)}${canary}`))),
      { discard: true }
    )
  )

  it.effect("when the excerpt of an error page ends within it", () =>
    Effect.forEach(
      [480, 490, 500, 504, 510, 512],
      (before) =>
        Effect.gen(function* () {
          assertSecret((yield* observe(get)).text)
        }).pipe(
          http.once,
          wired(() => http.text(`${"x".repeat(before)}${canary}`, { status: 500 }))
        ),
      { discard: true }
    )
  )

  it.effect("when a field that is left out holds it", () =>
    Effect.gen(function* () {
      const { exit, logs, text } = yield* observe(get)
      assert.isTrue(Exit.isSuccess(exit))
      assert.include(logs.join("\n"), "viewLink")
      assertSecret(text)
    }).pipe(wired(() => http.json({ ...payloads.board, viewLink: { [canary]: header }, createdAt: header })))
  )

  it.effect("when Strict refuses a field that holds it", () =>
    Effect.gen(function* () {
      const { exit, text } = yield* observe(get)
      assert.isTrue(Exit.isFailure(exit))
      assertSecret(text)
    }).pipe(
      Effect.provideService(MiroClient.Strict, true),
      wired(() => http.json({ ...payloads.board, viewLink: { [canary]: header } }))
    )
  )

  it.effect("when a fault of the network quotes it, also behind other causes", () =>
    Effect.gen(function* () {
      const { exit, text } = yield* observe(get)
      assert.isTrue(Exit.isFailure(exit))
      assert.include(text, "fetch failed: <redacted> is an invalid header value")
      assertSecret(text)
    }).pipe(
      http.once,
      wired(
        () => (request) =>
          Effect.fail(
            new HttpClientError.HttpClientError({
              reason: new HttpClientError.TransportError({
                request,
                description: header,
                cause: new TypeError("fetch failed", {
                  cause: Object.assign(new Error(`${canary} is an invalid header value`), { headers: header })
                })
              })
            })
          )
      )
    )
  )

  class Private extends Error {
    readonly #text: string
    constructor(text: string) {
      super()
      this.#text = text
    }
    override get message(): string {
      return this.#text
    }
  }

  const bytes = new TextEncoder().encode(header)

  it.effect.each<readonly [string, string, () => unknown]>([
    ["an object that says something", "no such table", () => ({ message: "no such table", header })],
    ["an error with another name", "Unlucky", () => Object.assign(new Error(header), { name: "Unlucky" })],
    ["an error that says a number", "object", () => Object.assign(new Error(""), { message: 42, header })],
    ["an error that says an object", "object", () => Object.assign(new Error(""), { message: { header } })],
    ["an error with a number for a name", "<redacted>", () => Object.assign(new Error(header), { name: 42 })],
    [
      "an error with an object for a stack",
      "<redacted>",
      () => Object.assign(new Error(header), { stack: { header } })
    ],
    ["an error that keeps what it says", "<redacted>", () => new Private(header)],
    ["an object without a prototype", "object", () => Object.assign(Object.create(null), { header })],
    [
      "an object that is no text",
      "object",
      () => ({
        header,
        toString: () => {
          throw new Error(header)
        }
      })
    ],
    [
      "an object that cannot be looked at",
      "object",
      () =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error(header)
            },
            get: () => {
              throw new Error(header)
            },
            getPrototypeOf: () => {
              throw new Error(header)
            }
          }
        )
    ],
    ["bytes", "boom", () => Object.assign(new Error("boom"), { body: bytes })],
    ["a buffer", "boom", () => Object.assign(new Error("boom"), { body: bytes.buffer })],
    ["a URL", "boom", () => Object.assign(new Error("boom"), { url: new URL(`https://x.test/?t=${canary}`) })],
    [
      "a form",
      "boom",
      () => {
        const form = new FormData()
        form.set("token", canary)
        return Object.assign(new Error("boom"), { form })
      }
    ]
  ])("when an HttpClient dies of %s", ([, words, thrown]) =>
    Effect.gen(function* () {
      const { exit, text } = yield* observe(get)
      assert(Exit.isFailure(exit))
      assert.isTrue(Cause.hasDies(exit.cause))
      assertSecret(text)
      assertSecret(inspect(exit, { depth: Infinity, showHidden: true, getters: true }))
      assertSecret(Cause.prettyErrors(exit.cause).map(String).join())
      for (const decoded of text.matchAll(/(?:\d{2,3},\s*){10,}/g)) {
        assertSecret(String.fromCharCode(...decoded[0].split(",").map(Number)))
      }
      assert.include(text, words)
    }).pipe(
      wired(
        () => () =>
          Effect.sync(() => {
            throw thrown()
          })
      )
    )
  )

  it.effect("when both the refused and the refreshed one come back", () =>
    Effect.gen(function* () {
      const { exit, text } = yield* observe(get)
      assert.isTrue(Exit.isFailure(exit))
      assertSecret(text)
      assert.strictEqual((yield* http.Wire).sent.length, 2)
    }).pipe(
      http.wired(({ headers }) => http.json({ message: `${headers["authorization"]}` }, { status: 401 }), {
        accessToken: Layer.succeed(AccessToken.AccessToken, {
          get: Effect.succeed(Redacted.make(canary)),
          refresh: () => Effect.succeed(Redacted.make(`${partOfIt}-the-second`))
        })
      })
    )
  )

  it.effect("when the response is printed", () =>
    Effect.gen(function* () {
      const { response } = yield* Boards.get.withResponse({ boardId: "b" })
      const other = yield* MiroClient.execute(HttpClientRequest.get("/v2/boards/b"))
      for (const printed of [response, other]) {
        assertSecret(inspect(printed, { depth: Infinity, showHidden: true }))
        assertSecret(JSON.stringify(printed))
        assertSecret(String(printed))
      }
    }).pipe(wired(() => http.json(payloads.board)))
  )
})

describe("hiding a short token", () => {
  const refusal = {
    code: "invalidParameters",
    message: "a name is required",
    context: { fields: [{ field: "data.name", message: "must not be empty" }], boardId: "uXjVO" },
    status: 400
  }

  it.effect.each(["a", "e", "am", "name", "message", "invalid", "redacted"])(
    "such as %j leaves the code and the fields of an error",
    (short) =>
      Effect.gen(function* () {
        const { reason } = yield* http.failsWith(get, "InvalidRequest")
        assert.strictEqual(reason.code, "invalidParameters")
        assert.deepStrictEqual(
          reason.fields.map(({ field }) => field),
          [short === "name" ? "<redacted>" : "data.name"]
        )
        // What is said around it would show by its holes what was there.
        const [words = ""] = reason.message.split(" (data.name")
        const said = [words, ...reason.fields.map(({ message }) => message)]
        const shown = said.filter((text) => text !== "<redacted>")
        assert.isTrue(shown.every((text) => !text.includes(short)))
      }).pipe(
        http.once,
        http.wired(() => http.json(refusal, { status: 400 }), { accessToken: AccessToken.layer(Redacted.make(short)) })
      )
  )

  it.effect("leaves all of an error that does not have it", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "InvalidRequest")
      const { code, context, fields, message } = reason
      assert.deepStrictEqual(
        { code, message, context, status: reason.status },
        { ...refusal, message: "a name is required (data.name: must not be empty)" }
      )
      assert.deepStrictEqual(fields, refusal.context.fields)
    }).pipe(
      http.once,
      http.wired(() => http.json(refusal, { status: 400 }), { accessToken: AccessToken.layer(Redacted.make("~")) })
    )
  )
})

describe("hiding new tokens that are all over a large response", () => {
  const repeated = "ab".repeat(50_000)

  it.live("is done soon", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const [took, error] = yield* Effect.timed(Effect.flip(oauth.exchangeCode("code")))
      assert.isBelow(Duration.toSeconds(took), 5)
      assert.notInclude(error.message, "abab")
    }).pipe(
      Effect.provide(
        MiroOAuth.layer({
          clientId: "1",
          clientSecret: Redacted.make("client-secret"),
          redirectUrl: "http://localhost/callback"
        }).pipe(
          Layer.provide([
            TokenStorage.layerMemory,
            Layer.succeed(
              HttpClient.HttpClient,
              HttpClient.make((request) =>
                Effect.succeed(
                  HttpClientResponse.fromWeb(
                    request,
                    new Response(`access_token=${repeated}\n${repeated}`, { status: 400 })
                  )
                )
              )
            )
          ])
        )
      )
    )
  )
})

describe("a token that is none", () => {
  it.effect.each([
    "",
    " ",
    `${canary}\r\nx-injected: 1`,
    `${canary}\n`,
    `${canary}\r`,
    `\n${canary}`,
    `${canary} ${canary}`,
    `${canary}\u0000`,
    `${canary}é`,
    `"${canary}"`,
    `Bearer ${canary}`,
    `=${canary}`
  ])("but %j, sends nothing and is not shown", (broken) =>
    Effect.gen(function* () {
      for (const call of [get, Tokens.get(), StickyNotes.create({ boardId: "b" })]) {
        const { exit, text } = yield* observe<unknown, MiroClient.MiroClient>(call)
        assert.isTrue(Exit.isFailure(exit))
        assert.include(text, "InvalidInput")
        assert.include(text, "accessToken: is not a bearer token")
        assertSecret(text)
      }
      assert.deepStrictEqual((yield* http.Wire).sent, [])
    }).pipe(http.wired(http.script(), { accessToken: AccessToken.layer(Redacted.make(broken)) }))
  )
})

describe("spans", () => {
  it.effect("say what was called and nothing of what was sent or received", () =>
    Effect.gen(function* () {
      const { spans } = yield* observe(StickyNotes.create({ boardId: "b=", data: { content: "a secret plan" } }))
      assert.deepStrictEqual(
        spans.map(({ attributes, kind, name }) => ({ name, kind, attributes: Object.fromEntries(attributes) })),
        [
          {
            name: "Miro.StickyNotes.create",
            kind: "client",
            attributes: {
              "http.request.method": "POST",
              "http.response.status_code": 200,
              "url.template": "/v2/boards/{boardId}/sticky_notes",
              "url.full": "https://api.miro.com/v2/boards/b%3D/sticky_notes",
              "server.address": "api.miro.com",
              "server.port": 443,
              "miro.operation.id": "create-sticky-note-item",
              "miro.level": 2,
              "miro.credits.cost": 100,
              "miro.credits.remaining": 99_900,
              "miro.attempts": 1
            }
          }
        ]
      )
    }).pipe(wired(http.script(http.json(payloads.stickyNote, { headers: { "x-ratelimit-remaining": "99900" } }))))
  )

  it.effect("count the attempts", () =>
    Effect.gen(function* () {
      const { spans } = yield* http.inTime(observe(get))
      assert.deepStrictEqual(
        spans.map(({ attributes }) => attributes.get("miro.attempts")),
        [3]
      )
    }).pipe(wired(http.script(http.status(503), http.fault, http.json(payloads.board))))
  )
})
