import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Layer, Redacted, Schema, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { inspect } from "node:util"
import {
  Boards,
  Cases,
  Timeouts,
  Items,
  MiroClient,
  MiroError,
  MiroOAuth,
  Operation,
  RateLimit,
  StickyNotes,
  Tokens,
  TokenStorage
} from "effect-miro"
import * as http from "./support/http.ts"
import * as payloads from "./support/payloads.ts"

const get = Boards.get({ boardId: "b" })

const envelope = (status: number) => ({ type: "error", code: "code", message: "In Miro's words", status })

const reasons = [
  [400, "InvalidRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [409, "Conflict"],
  [413, "PayloadTooLarge"],
  [425, "TooEarly"],
  [429, "RateLimited"],
  [500, "ServerError"],
  [502, "ServerError"],
  [503, "ServerError"],
  [504, "ServerError"],
  [599, "ServerError"],
  [402, "UnexpectedStatus"],
  [405, "UnexpectedStatus"],
  [408, "UnexpectedStatus"],
  [418, "UnexpectedStatus"],
  [422, "UnexpectedStatus"],
  [300, "UnexpectedStatus"],
  [302, "UnexpectedStatus"],
  [307, "UnexpectedStatus"]
] as const

const otherwise = "the role of the user or the plan may be the reason too"

const html = "<html><body><h1>502 Bad Gateway</h1></body></html>"
const notUtf8 = Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d)

const strangeBodies: ReadonlyArray<readonly [name: string, body: string | Uint8Array<ArrayBuffer>]> = [
  ["HTML", html],
  ["nothing", ""],
  ["white space", " \r\n\t"],
  ["null", "null"],
  ["true", "true"],
  ["a number", "0"],
  ["a string", '"error"'],
  ["a list", '[{"message":"m"}]'],
  ["half of an object", '{"message":"m'],
  ["a board", JSON.stringify(payloads.board)],
  ["a status of 200", '{"status":200,"message":{},"code":[],"context":"fields"}'],
  ["bytes that are not UTF-8", notUtf8],
  ["a byte order mark", `\uFEFF${JSON.stringify(envelope(0))}`],
  ["deeply nested JSON", `{"context":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
  ["deeply nested fields", `{"fields":${'[{"fields":'.repeat(50_000)}1${"}]".repeat(50_000)}}`],
  ["fields of other types", '{"context":{"fields":[null,1,"f",[],{},{"field":{},"message":[]}]}}'],
  [
    "keys of Object.prototype",
    '{"__proto__":{"message":1},"constructor":1,"hasOwnProperty":null,"context":{"fields":1}}'
  ]
]

describe("a status that is no success", () => {
  it.effect.each(reasons)("of %i is the reason %s", ([status, tag]) =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(get, tag)
      assert.deepStrictEqual([error.operation, error.method, error.path], ["Boards.get", "GET", "/v2/boards/b"])
      assert.include(error.reason, { status, code: "code" })
      const hint = status === 403 ? ` (Boards.get needs the scope boards:read; ${otherwise})` : ""
      assert.strictEqual(error.reason.message, `In Miro's words${hint}`)
      assert.strictEqual(
        error.message,
        `Boards.get failed with ${tag} (GET /v2/boards/b, status ${status}): In Miro's words${hint}`
      )
    }).pipe(http.once, http.always(http.json(envelope(status), { status })))
  )

  it.effect.each(strangeBodies)("fails by that status when its body is %s", ([, body]) =>
    Effect.forEach(
      reasons,
      ([status, tag]) =>
        Effect.gen(function* () {
          // One that decodes a body, one that does not look at it, and one that may have none.
          for (const call of [get, Boards.delete({ boardId: "b" }), Boards.update({ boardId: "b" })]) {
            const { message, reason } = yield* http.failsWith(call, tag)
            assert.propertyVal(reason, "status", status)
            assert.isNotEmpty(reason.message)
            assert.isBelow(message.length, 1000)
          }
        }).pipe(http.once, http.always(http.text(body, { status }))),
      { discard: true }
    )
  )

  it.effect("without a body has no success either", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "UnexpectedStatus")
      assert.deepInclude(reason, { status: 304, message: "HTTP 304 with an empty body" })
    }).pipe(http.always(() => Effect.sync(() => new Response(null, { status: 304 }))))
  )

  it.effect("shows the beginning of a page that is not Miro's", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "ServerError")
      assert.strictEqual(reason.message, `HTTP 502: ${html}`)
      assert.notProperty(reason, "code")
      assert.notProperty(reason, "context")
    }).pipe(http.once, http.always(http.text(`\n${html}\n`, { status: 502 })))
  )

  it.effect("shows no more than the beginning of a long page", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "ServerError")
      assert.strictEqual(reason.message, `HTTP 503: ${"x".repeat(512)}…`)
    }).pipe(http.once, http.always(http.text("x".repeat(100_000), { status: 503 })))
  )
})

describe("Miro's error body", () => {
  it.effect("names the fields that Miro objects to, also without a name", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(Boards.create({ name: "Retro" }), "InvalidRequest")
      assert.strictEqual(reason.code, "2.0703")
      assert.strictEqual(
        reason.message,
        "Invalid parameters (metadata: Field [metadata] is not supported; " +
          "At most 20 items could be created with a single request; no field at all)"
      )
      assert.deepStrictEqual(reason.fields, [
        { field: "metadata", message: "Field [metadata] is not supported" },
        { field: "", message: "At most 20 items could be created with a single request" },
        { field: "", message: "no field at all" }
      ])
    }).pipe(
      http.replying(
        http.json(
          {
            type: "error",
            code: "2.0703",
            context: {
              fields: [
                { field: "metadata", message: "Field [metadata] is not supported" },
                { field: "", message: "At most 20 items could be created with a single request" },
                { message: "no field at all" }
              ]
            },
            message: "Invalid parameters",
            status: 400
          },
          { status: 400 }
        )
      )
    )
  )

  it.effect.each([[null], [{}], [{ fields: null }], [{ fields: {} }], ["fields"], [[]]] as const)(
    "with a context of %j has no fields",
    ([context]) =>
      Effect.gen(function* () {
        const { reason } = yield* http.failsWith(get, "InvalidRequest")
        assert.deepStrictEqual(reason.fields, [])
        assert.deepStrictEqual(reason.context, context ?? undefined)
      }).pipe(http.replying(http.json({ ...envelope(400), context }, { status: 400 })))
  )

  it.effect.each([
    ["a list", { fields: [{ field: "name", message: "is too long" }] }, [["name", "is too long"]]],
    ["a reason", { fields: [{ field: "name", reason: "is too long" }] }, [["name", "is too long"]]],
    ["an error", { fields: [{ name: "name", error: "is too long" }] }, [["name", "is too long"]]],
    ["a description", { fields: [{ path: ["data", "title"], description: "no" }] }, [["data.title", "no"]]],
    ["reasons", { fields: [{ field: "name", message: ["is too long", "is odd"] }] }, [["name", "is too long; is odd"]]],
    [
      "an object",
      { fields: { name: "is too long", description: "is odd" } },
      [
        ["name", "is too long"],
        ["description", "is odd"]
      ]
    ],
    ["an object of objects", { fields: { message: { reason: "is missing" } } }, [["message", "is missing"]]],
    [
      "an object of lists",
      { fields: { name: ["is too long", "is odd"] } },
      [
        ["name", "is too long"],
        ["name", "is odd"]
      ]
    ],
    [
      "names",
      { fields: ["name", "data.title"] },
      [
        ["name", ""],
        ["data.title", ""]
      ]
    ],
    ["sentences", { fields: ["name is too long"] }, [["", "name is too long"]]],
    ["one name", { fields: "name" }, [["name", ""]]],
    ["one", { fields: { field: "name", message: "is too long" } }, [["name", "is too long"]]],
    ["errors", { errors: [{ field: "name", message: "is too long" }] }, [["name", "is too long"]]],
    ["a path in a bulk", { fields: [{ field: "0.data", message: "is missing" }] }, [["0.data", "is missing"]]],
    ["an index in a bulk", { errors: [{ index: 2, field: "data.shape", message: "no" }] }, [["[2].data.shape", "no"]]],
    ["an index alone", { errors: [{ index: 0, message: "no" }] }, [["[0]", "no"]]],
    [
      "what is nested",
      { fields: [{ field: "1", message: "Invalid", context: { fields: [{ field: "data", message: "no" }] } }] },
      [
        ["1", "Invalid"],
        ["1.data", "no"]
      ]
    ],
    [
      "what is nested in a bulk",
      { errors: [{ index: 3, context: { fields: { "data.content": "is too long" } } }] },
      [["[3].data.content", "is too long"]]
    ],
    ["a reason further in", { errors: [{ index: 2, error: { message: "no shape" } }] }, [["[2]", "no shape"]]],
    ["details", { details: [{ field: "name", issue: "is too long" }] }, [["name", "is too long"]]],
    [
      "items with errors",
      { items: [{ index: 1, errors: [{ field: "data", message: "is missing" }] }] },
      [["[1].data", "is missing"]]
    ],
    ["pointers", { errors: [{ source: { pointer: "/data" }, detail: "is missing" }] }, [["/data", "is missing"]]]
  ] as const)("names the fields that are spelt as %s", ([, context, expected]) =>
    Effect.gen(function* () {
      const { message, reason } = yield* http.failsWith(get, "InvalidRequest")
      assert.deepStrictEqual(
        reason.fields.map(({ field, message }) => [field, message]),
        expected.map((pair) => [...pair])
      )
      const named = expected.map(([field, message]) => [field, message].filter((text) => text !== "").join(": "))
      assert.strictEqual(reason.message, `In Miro's words (${named.join("; ")})`)
      assert.include(message, reason.message)
    }).pipe(http.replying(http.json({ ...envelope(400), context }, { status: 400 })))
  )

  it.effect("names fields that are not in the context, and those of another status", () =>
    Effect.gen(function* () {
      const fields = [{ field: "name", message: "is taken" }]
      for (const body of [{ fields }, { errors: fields }, { context: { fields } }]) {
        const call = get.pipe(http.replying(http.json({ ...envelope(409), ...body }, { status: 409 })))
        const { reason } = yield* http.failsWith(call, "Conflict")
        assert.strictEqual(reason.message, "In Miro's words (name: is taken)")
      }
    })
  )

  it.effect.each([
    [[{ field: "name", message: "is taken" }], "HTTP 400 (name: is taken)"],
    [{ error: { message: "no", fields: [{ field: "name", message: "is taken" }] } }, "no (name: is taken)"],
    [{ errors: [{ field: "name", message: "is taken" }] }, "HTTP 400 (name: is taken)"]
  ] as const)("names the fields of an error without Miro's envelope: %j", ([body, expected]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "InvalidRequest")
      assert.strictEqual(reason.message, expected)
    }).pipe(http.replying(http.json(body, { status: 400 })))
  )

  it.effect("says how many fields it does not name", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "InvalidRequest")
      assert.match(reason.message, /^In Miro's words \(field0: no; .*; field9: no; 10 more\)$/)
      assert.lengthOf(reason.fields, 20)
    }).pipe(
      http.replying(
        http.json(
          {
            ...envelope(400),
            context: { fields: Array.from({ length: 20 }, (_, index) => ({ field: `field${index}`, message: "no" })) }
          },
          { status: 400 }
        )
      )
    )
  )

  const mebibyte = "x".repeat(1024 * 1024)
  const many = Array.from({ length: 20_000 }, (_, index) => ({ field: `field ${index}`, message: "no ".repeat(20) }))

  it.effect.each([
    ["message", { message: mebibyte }],
    ["code", { code: mebibyte }],
    ["field", { context: { fields: [{ field: mebibyte, message: mebibyte }] } }],
    ["list of fields", { context: { fields: many } }],
    [
      "object of fields",
      { context: { fields: Object.fromEntries(many.map(({ field, message }) => [field, message])) } }
    ],
    ["context", { context: { a: mebibyte, b: Array.from({ length: 5_000 }, () => "x".repeat(200)) } }],
    ["key of a context", { context: { [mebibyte]: 1 } }],
    ["context of nothing", { context: Array.from({ length: 300_000 }, () => ({})) }],
    ["body", { anything: mebibyte }]
  ] as const)("is bounded, though its %s is as large as it likes", ([, part]) =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(get, "InvalidRequest")
      assert.isBelow(error.message.length, 6_000)
      assert.isBelow(JSON.stringify(error).length, 60_000)
      assert.isBelow(inspect(error, { depth: Infinity, maxStringLength: Infinity }).length, 200_000)
    }).pipe(http.replying(http.json({ ...envelope(400), ...part }, { status: 400 })))
  )

  it.effect("keeps a context that is not a list of fields", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "NotFound")
      assert.deepStrictEqual(reason.context, { boardId: { value: "uXjVHQqmFVo=" } })
    }).pipe(
      http.replying(
        http.json(
          {
            type: "error",
            code: "3.0201",
            context: { boardId: { value: "uXjVHQqmFVo=" } },
            message: "Item not found",
            status: 404
          },
          { status: 404 }
        )
      )
    )
  )

  it.effect("may have a number for its code", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "InvalidRequest")
      assert.strictEqual(reason.code, "2.074")
    }).pipe(http.replying(http.json({ ...envelope(400), code: 2.074 }, { status: 400 })))
  )

  it.effect("may be the servlet's, with the status as a string and no code", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "NotFound")
      assert.deepInclude(reason, { status: 404, message: "Not Found" })
      assert.notProperty(reason, "code")
    }).pipe(
      http.replying(
        http.json(
          { servlet: "dispatcherServlet", message: "Not Found", url: "/v2/boards/b/frames/7/items", status: "404" },
          { status: 404 }
        )
      )
    )
  )

  it.effect("may be that of a rate limit, whose context is null", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "RateLimited")
      assert.deepInclude(reason, { code: "tooManyRequests", message: "Request rate limit exceed" })
      assert.notProperty(reason, "context")
    }).pipe(
      http.once,
      http.replying(
        http.json(
          {
            status: 429,
            code: "tooManyRequests",
            message: "Request rate limit exceed",
            context: null,
            type: "error"
          },
          { status: 429 }
        )
      )
    )
  )

  it.effect.each([
    [
      409,
      "Conflict",
      { status: "409", detail: "userEmail@test.com is not whitelisted" },
      { message: "userEmail@test.com is not whitelisted" }
    ],
    [
      400,
      "InvalidRequest",
      { status: "400", scimType: "invalidValue", detail: "User name 'x' is invalid: 'not unique'" },
      { message: "User name 'x' is invalid: 'not unique'", code: "invalidValue" }
    ],
    [
      429,
      "RateLimited",
      { status: "429", scimType: "tooManyRequests", detail: "Too many requests" },
      { message: "Too many requests", code: "tooManyRequests" }
    ]
  ] as const)("may be SCIM's: %i %s", ([status, tag, body, expected]) =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, tag)
      assert.deepInclude(reason, { status, ...expected })
    }).pipe(
      http.once,
      http.replying(http.json({ schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], ...body }, { status }))
    )
  )

  it.effect("may be OAuth's", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "InvalidRequest")
      assert.deepInclude(reason, { code: "invalid_grant", message: "The code has expired" })
    }).pipe(
      http.replying(http.json({ error: "invalid_grant", error_description: "The code has expired" }, { status: 400 }))
    )
  )
})

describe("a success with another body than promised", () => {
  const cases: ReadonlyArray<readonly [name: string, body: string | Uint8Array<ArrayBuffer>, issue: string]> = [
    ["HTML", html, "the body is not JSON"],
    ["nothing", "", "the body is empty"],
    ["white space", " \n", "the body is empty"],
    ["half of the JSON", JSON.stringify(payloads.board).slice(0, -10), "the body is not JSON"],
    ["null", "null", "Expected object"],
    ["a list", "[]", "Expected object"],
    ["a string", '"uXjVOfjmfkE="', "Expected object"],
    ["nothing but a byte order mark", "\uFEFF", "the body is empty"],
    ["bytes that are not JSON in any encoding", Uint8Array.of(0xff, 0xfe, 0x00, 0x7b), "the body is not JSON"],
    ["an error", JSON.stringify(envelope(404)), "Missing key"]
  ]

  it.effect.each(cases)("such as %s is an InvalidResponse", ([, body, issue]) =>
    Effect.gen(function* () {
      const { isRetryable, reason } = yield* http.failsWith(get, "InvalidResponse")
      assert.strictEqual(reason.status, 200)
      assert.include(reason.issues[0]?.message, issue)
      assert.include(reason.message, `invalid response with status 200: `)
      assert.isFalse(isRetryable)
    }).pipe(http.replying(http.text(body)))
  )

  it.effect("carries the beginning of the body", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "InvalidResponse")
      assert.strictEqual(reason.excerpt, `${"<p>".repeat(1000).slice(0, 512)}…`)
    }).pipe(http.replying(http.text("<p>".repeat(1000))))
  )

  it.effect("is none when the JSON begins with a byte order mark", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* get).name, "Retro")
    }).pipe(http.replying(http.text(`\uFEFF${JSON.stringify(payloads.board)}`)))
  )

  it.effect("is none for an operation whose response is empty", () =>
    Effect.gen(function* () {
      for (let call = 0; call < 4; call++) {
        assert.isUndefined(yield* Boards.delete({ boardId: "b" }))
      }
    }).pipe(http.replying(http.noContent, http.text("{}"), http.text(html), http.text("", { status: 202 })))
  )

  it.effect("is a change that Miro accepted for later, where it may do so", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* Boards.update({ boardId: "b", name: "Later" }))
      assert.strictEqual((yield* Boards.update({ boardId: "b", name: "Now" }))?.name, "Retro")
      yield* http.failsWith(Boards.update({ boardId: "b" }), "InvalidResponse")
      yield* http.failsWith(Boards.update({ boardId: "b" }), "InvalidResponse")
      yield* http.failsWith(Boards.create({ name: "Retro" }), "InvalidResponse")
    }).pipe(
      http.replying(
        http.text("", { status: 202 }),
        http.json(payloads.board),
        http.text(""),
        http.json(null),
        http.text("", { status: 202 })
      )
    )
  )

  it.live("is refused without delay, whatever it is made of", () =>
    Effect.gen(function* () {
      const started = performance.now()
      yield* http.failsWith(get, "InvalidResponse")
      yield* http.failsWith(get, "ServerError")
      assert.isBelow(performance.now() - started, 1000)
    }).pipe(
      http.once,
      // Digits that would be lost in a double, and quotes that are never closed.
      http.replying(
        http.text(`[12345678901234567890,${'\\"'.repeat(20_000)}`),
        http.text(`[12345678901234567890,${'\\"'.repeat(20_000)}`, { status: 500 })
      )
    )
  )
})

describe("a fault of the network", () => {
  it.effect("is a Transport that says what happened", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(get, "Transport")
      assert.strictEqual(error.reason.description, "TransportError: socket hang up")
      assert.strictEqual(
        error.message,
        "Boards.get failed with Transport (GET /v2/boards/b): TransportError: socket hang up"
      )
    }).pipe(http.once, http.always(http.fault))
  )

  it.effect("is a Timeout when there is no response within 30 seconds", () =>
    Effect.gen(function* () {
      const error = yield* http.inTime(http.failsWith(get, "Timeout"))
      assert.deepStrictEqual(error.reason.deadline, Duration.seconds(30))
      assert.strictEqual(error.message, "Boards.get failed with Timeout (GET /v2/boards/b): no response within 30s")
    }).pipe(http.once, http.always(http.silence))
  )

  it.effect("is a Timeout when there is no response within the deadline of the program", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(http.failsWith(get, "Timeout"))
      yield* TestClock.adjust("1999 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.isDefined(fiber.pollUnsafe())
    }).pipe(http.once, Timeouts.provide({ headers: "2 seconds" }), http.always(http.silence))
  )
})

const calls = {
  GET: Boards.get({ boardId: "b" }),
  PUT: Cases.update({ orgId: "1", caseId: "2", name: "n" }),
  DELETE: Boards.delete({ boardId: "b" }),
  POST: Boards.create(),
  PATCH: Boards.update({ boardId: "b" })
}

const failures: Readonly<Record<string, http.Reply>> = {
  "a 429": http.status(429),
  "a 425": http.status(425),
  "a 500": http.status(500),
  "a 503": http.status(503),
  "a 408": http.status(408),
  "a fault of the network": http.fault,
  "a timeout": http.silence,
  "a 400": http.status(400),
  "a 401": http.status(401),
  "a 403": http.status(403),
  "a 404": http.status(404),
  "a 405": http.status(405),
  "a 409": http.status(409),
  "a 413": http.status(413),
  "a redirect": http.status(302)
}

describe("isRetryable", () => {
  const everything = ["GET", "PUT", "DELETE", "POST", "PATCH"]
  const repeatable = ["GET", "PUT", "DELETE"]
  it.effect.each([
    ["a 429", everything],
    ["a 425", everything],
    ["a 500", repeatable],
    ["a 503", repeatable],
    ["a 408", repeatable],
    ["a fault of the network", repeatable],
    ["a timeout", repeatable],
    ["a 400", []],
    ["a 401", []],
    ["a 403", []],
    ["a 404", []],
    ["a 405", []],
    ["a 409", []],
    ["a 413", []],
    ["a redirect", []]
  ] as const)("after %s is true for the methods %j", ([name, methods]) =>
    Effect.gen(function* () {
      const retryable: Array<string> = []
      for (const call of Object.values(calls)) {
        const error = yield* http.inTime(Effect.flip<unknown, MiroError.MiroError, MiroClient.MiroClient>(call))
        if (error.isRetryable) retryable.push(error.method)
      }
      assert.deepStrictEqual(retryable, [...methods])
    }).pipe(http.once, http.always(failures[name] ?? http.fault))
  )

  it.effect("is false for an input that is wrong", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(Boards.get({ boardId: "" }), "InvalidInput")
      assert.isFalse(error.isRetryable)
    }).pipe(http.replying())
  )
})

const now = Date.UTC(2026, 4, 20, 6, 38, 21)

describe("retryAfter", () => {
  it.effect.each([
    [429, { "retry-after": "7" }, 7000],
    [429, { "retry-after": " 7 " }, 7000],
    [429, { "retry-after": "0" }, 0],
    [503, { "retry-after": "120" }, 120_000],
    [404, { "retry-after": "1" }, 1000],
    [429, { "retry-after": "Wed, 20 May 2026 06:38:51 GMT" }, 30_000],
    [429, { "retry-after": "Wed, 20 May 2026 06:38:01 GMT" }, 0],
    [429, { "retry-after": "Wednesday, 20-May-26 06:38:22 GMT" }, 1000],
    [429, { "retry-after": "2.5" }, 2500],
    [429, { "retry-after": "3.0" }, 3000],
    [429, { "retry-after": "2.0001" }, 2001],
    [429, { "retry-after": "2026-05-20T06:38:51Z" }, 30_000],
    [429, { "retry-after": "2026-05-20T06:38:51.250Z" }, 30_250],
    [429, { "retry-after": "2026-05-20T08:38:51+0200" }, 30_000],
    [429, { "retry-after": "2026-05-20 06:38:51" }, 30_000],
    [429, { "retry-after": "2026-05-20T06:38:01Z" }, 0],
    [429, { "retry-after": "3, 5" }, 5000],
    [429, { "retry-after": "5,3" }, 5000],
    [429, { "retry-after": "soon, 5" }, 5000],
    [429, { "retry-after": "2,5" }, 5000],
    [429, { "retry-after": "1,000" }, 1_000_000],
    [429, { "retry-after": "Wed, 20 May 2026 06:38:51 GMT, 5" }, 30_000],
    [429, { "retry-after": "5, Wed, 20 May 2026 06:38:51 GMT" }, 30_000],
    [429, { "retry-after": "Wed, 20 May 2026 06:38:31 GMT, Wed, 20 May 2026 06:38:51 GMT" }, 30_000],
    [429, { "retry-after": String(now / 1000 + 12) }, 12_000],
    [429, { "retry-after": String(now + 12_000) }, 12_000],
    [429, { "retry-after": String(now / 1000 - 12) }, 0],
    [429, { "retry-after": "9007199254740.992" }, Number.MAX_SAFE_INTEGER],
    [429, { "retry-after": "9".repeat(30) }, Number.MAX_SAFE_INTEGER],
    [429, { "x-ratelimit-reset": "1e300" }, Number.MAX_SAFE_INTEGER],
    [429, { "retry-after": "90", "x-ratelimit-reset": String(now / 1000 + 12) }, 90_000],
    [429, { "x-ratelimit-reset": String(now + 12_000) }, 12_000],
    [429, { "x-ratelimit-reset": String((now + 12_000) * 1000) }, 12_000],
    [429, { "x-ratelimit-reset": String(now / 1000 + 12.5) }, 12_500],
    [429, { "x-ratelimit-reset": "2026-05-20T06:38:33Z" }, 12_000],
    [429, { "x-ratelimit-reset": "Wed, 20 May 2026 06:38:33 GMT" }, 12_000],
    [429, { "x-ratelimit-reset": `${now / 1000 + 12}, ${now / 1000 + 13}` }, 13_000],
    [429, { "retry-after": "soon" }, undefined],
    [429, { "retry-after": "" }, undefined],
    [429, { "retry-after": "-1" }, undefined],
    [429, { "retry-after": "NaN" }, undefined],
    [429, { "retry-after": "1e3" }, undefined],
    [429, { "x-ratelimit-reset": String(now / 1000 + 12) }, 12_000],
    [429, { "x-ratelimit-reset": String(now / 1000 - 12) }, 0],
    [429, { "x-ratelimit-reset": "12" }, 12_000],
    [429, { "x-ratelimit-reset": "-12" }, 0],
    [429, { "x-ratelimit-reset": "1.2345" }, 1235],
    [429, { "x-ratelimit-reset": "later" }, undefined],
    [429, { "x-ratelimit-reset": "" }, undefined],
    [429, { "retry-after": "7", "x-ratelimit-reset": "12" }, 7000],
    [429, { "retry-after": "soon", "x-ratelimit-reset": "12" }, 12_000],
    [503, { "x-ratelimit-reset": "12" }, undefined],
    [429, {}, undefined]
  ] as const)("of a %i with %j is %s milliseconds", ([status, headers, expected]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const { retryAfter } = yield* Effect.flip(get)
      assert.strictEqual(retryAfter && Duration.toMillis(retryAfter), expected)
    }).pipe(http.once, http.always(http.status(status, headers)))
  )

  it.effect("is told with a long wait to the letter", () =>
    Effect.gen(function* () {
      const { retryAfter } = yield* Effect.flip(get)
      assert.deepStrictEqual(retryAfter, Duration.hours(1))
    }).pipe(http.replying(http.status(429, { "retry-after": "3600" })))
  )
})

describe("rateLimit", () => {
  it.effect("holds the headers that came, as numbers", () =>
    Effect.gen(function* () {
      const limits: Array<unknown> = []
      for (let call = 0; call < 4; call++) {
        const { reason } = yield* http.failsWith(get, "NotFound")
        limits.push(reason.rateLimit)
      }
      assert.deepStrictEqual(limits, [
        { limit: 100_000, remaining: 99_950, reset: 1_779_259_160 },
        { remaining: 0 },
        undefined,
        undefined
      ])
    }).pipe(
      http.replying(
        http.status(404, {
          "x-ratelimit-limit": "100000",
          "x-ratelimit-remaining": "99950",
          "x-ratelimit-reset": "1779259160"
        }),
        http.status(404, { "x-ratelimit-remaining": "0", "x-ratelimit-limit": "many" }),
        http.status(404),
        http.status(404, { "x-ratelimit-remaining": "" })
      )
    )
  )

  it.effect("holds the least of several values", () =>
    Effect.gen(function* () {
      const { reason } = yield* http.failsWith(get, "NotFound")
      assert.deepStrictEqual(reason.rateLimit, { limit: 50_000, remaining: 3, reset: 1_779_259_160 })
    }).pipe(
      http.replying(
        http.status(404, {
          "x-ratelimit-limit": "100000;w=60, 50000",
          "x-ratelimit-remaining": "5, 3",
          "x-ratelimit-reset": "1779259160000"
        })
      )
    )
  )
})

const responding = (status: number) =>
  get.pipe(
    http.once,
    http.always(
      http.json(
        { ...envelope(status), context: { fields: [{ field: "f", message: "m" }] } },
        { status, headers: { "retry-after": "7", "x-ratelimit-remaining": "5" } }
      )
    )
  )

type ReasonsOfAuthorization =
  | "AppRejected"
  | "CallbackRejected"
  | "AuthorizationRequired"
  | "ReauthorizationRequired"
  | "RefreshFailed"
  | "TokenStorageFailure"

type Failing = Effect.Effect<unknown, MiroError.MiroError>

// A call that fails, for every reason that is not a matter of authorization.
const failing: Readonly<Record<Exclude<MiroError.Reason["_tag"], ReasonsOfAuthorization>, Failing>> = {
  InvalidRequest: responding(400),
  Unauthorized: responding(401),
  Forbidden: responding(403),
  NotFound: responding(404),
  Conflict: responding(409),
  PayloadTooLarge: responding(413),
  TooEarly: responding(425),
  RateLimited: responding(429),
  ServerError: responding(503),
  UnexpectedStatus: responding(405),
  InvalidInput: Boards.get({ boardId: ".." }).pipe(http.replying()),
  InvalidResponse: get.pipe(http.replying(http.json({ id: 1 }))),
  Transport: get.pipe(http.once, http.always(http.fault)),
  Timeout: get.pipe(http.once, Timeouts.provide({ headers: "1500 millis" }), http.always(http.silence)),
  CreditsSpent: get.pipe(
    Effect.andThen(get),
    Effect.provide(RateLimit.layerMemory({ limit: 50, onExceeded: "fail" })),
    http.always(http.json(payloads.board))
  ),
  PaginationLoop: Stream.runDrain(Items.list.items({ boardId: "b" })).pipe(
    http.always(http.json({ data: [], cursor: "again" }))
  )
}

const samples = Object.entries(failing)

describe("an error", () => {
  it.effect.each(samples)("with the reason %s survives being written as JSON and read again", ([tag, call]) =>
    Effect.gen(function* () {
      const error = yield* http.inTime(Effect.flip(call))
      const codec = Schema.toCodecJson(MiroError.MiroError)
      const written = JSON.stringify(yield* Schema.encodeEffect(codec)(error))
      const read = yield* Schema.decodeUnknownEffect(codec)(JSON.parse(written))
      assert.isTrue(MiroError.isMiroError(read))
      assert.strictEqual(read.reason._tag, tag)
      assert.strictEqual(read.message, error.message)
      assert.strictEqual(read.isRetryable, error.isRetryable)
      assert.deepStrictEqual(read.retryAfter, error.retryAfter)
      assert.deepStrictEqual(JSON.stringify(read), JSON.stringify(error))
    })
  )

  it.effect.each(samples)("with the reason %s reads well wherever it is printed", ([tag, call]) =>
    Effect.gen(function* () {
      const error = yield* http.inTime(Effect.flip(call))
      assert.strictEqual(error.reason._tag, tag)
      assert.match(error.message, new RegExp(`^(Boards.get|Items.list) failed with ${tag} \\(GET /v2/boards/.*\\): .+`))
      assert.strictEqual(String(error), `MiroError: ${error.message}`)
      assert.include(Cause.pretty(Cause.fail(error)), `MiroError: ${error.message}`)
      const json: unknown = JSON.parse(JSON.stringify(error))
      assert.deepInclude(json, { _tag: "MiroError", operation: error.operation, method: "GET", path: error.path })
      assert.nestedPropertyVal(json, "reason._tag", tag)
      for (const part of [error.operation, error.path, tag]) assert.include(inspect(error, { depth: 9 }), part)
      // Not `{}` and not `[object Object]` anywhere in the text for a log.
      assert.notInclude(error.message, "[object")
      assert.notInclude(error.message, "undefined")
    })
  )

  it.effect.each(["0.0001", "12.34567", "9007199254740.992", "1e300"])(
    "with a reset of %s survives being written as JSON and read again",
    (reset) =>
      Effect.gen(function* () {
        const error = yield* http.failsWith(get, "RateLimited")
        const codec = Schema.toCodecJson(MiroError.MiroError)
        const written = JSON.stringify(yield* Schema.encodeEffect(codec)(error))
        const read = yield* Schema.decodeUnknownEffect(codec)(JSON.parse(written))
        assert.deepStrictEqual(read.retryAfter, error.retryAfter)
      }).pipe(http.once, http.always(http.status(429, { "x-ratelimit-reset": reset })))
  )

  it.effect("can be printed however deep the context is that Miro attached", () =>
    Effect.gen(function* () {
      const error = yield* http.failsWith(get, "NotFound")
      assert.include(JSON.stringify(error), "In Miro's words")
      assert.include(inspect(error, { depth: Infinity }), "NotFound")
      assert.include(Cause.pretty(Cause.fail(error)), "In Miro's words")
    }).pipe(
      http.replying(
        http.text(`{"message":"In Miro's words","context":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, {
          status: 404
        })
      )
    )
  )

  it.effect("is handled by its reason alone", () =>
    Effect.gen(function* () {
      const name = get.pipe(
        Effect.map((board) => board.name),
        Effect.catchReason("MiroError", "NotFound", (reason, error) =>
          Effect.succeed(`${error.path}: ${reason.status}`)
        )
      )
      assert.strictEqual(yield* name, "/v2/boards/b: 404")
      yield* http.failsWith(name, "Forbidden")
      assert.strictEqual(yield* name, "Retro")
    }).pipe(http.replying(http.status(404), http.status(403), http.json(payloads.board)))
  )

  it.effect("gives way to its reason with Effect.unwrapReason", () =>
    Effect.gen(function* () {
      const message = yield* Tokens.get().pipe(
        Effect.unwrapReason("MiroError"),
        Effect.as("no error"),
        Effect.catchTag("Forbidden", (reason) => Effect.succeed(`${reason.status} ${reason.message}`))
      )
      assert.strictEqual(message, `403 message (the token may lack a scope; ${otherwise})`)
    }).pipe(http.replying(http.status(403)))
  )

  it.effect("is told from other errors by isMiroError", () =>
    Effect.gen(function* () {
      assert.isTrue(MiroError.isMiroError(yield* Effect.flip(get)))
      assert.isFalse(MiroError.isMiroError(new Error("MiroError")))
      assert.isFalse(MiroError.isMiroError({ _tag: "MiroError" }))
      assert.isFalse(MiroError.isMiroError(undefined))
    }).pipe(http.replying(http.status(404)))
  )

  it.effect("names the operation as it is called in code, and its path without the query", () =>
    Effect.gen(function* () {
      const errors = [
        yield* Effect.flip(Boards.list({ query: "secret plans" })),
        yield* Effect.flip(Boards.copy({ copyFrom: "secret" })),
        yield* Effect.flip(StickyNotes.get({ boardId: "a=", itemId: "1" }))
      ]
      assert.deepStrictEqual(
        errors.map(({ method, operation, path }) => `${operation} ${method} ${path}`),
        [
          "Boards.list GET /v2/boards",
          "Boards.copy PUT /v2/boards",
          "StickyNotes.get GET /v2/boards/a%3D/sticky_notes/1"
        ]
      )
    }).pipe(http.always(http.status(404)))
  )

  it("has a retryAfter only where Miro can have said so", () => {
    const error = new MiroError.MiroError({
      operation: "Boards.get",
      method: "GET",
      path: "/v2/boards/b",
      reason: new MiroError.Transport({ description: "gone" })
    })
    assert.isUndefined(error.retryAfter)
  })
})

describe("a 403", () => {
  const refused = http.always(http.status(403))

  it.effect("names the scope that the operation needs, and what else it may be", () =>
    Effect.gen(function* () {
      const { message, reason } = yield* http.failsWith(StickyNotes.create({ boardId: "b" }), "Forbidden")
      assert.deepStrictEqual(reason.scopes, ["boards:write"])
      assert.strictEqual(
        message,
        "StickyNotes.create failed with Forbidden (POST /v2/boards/b/sticky_notes, status 403): " +
          `message (StickyNotes.create needs the scope boards:write; ${otherwise})`
      )
    }).pipe(refused)
  )

  it.effect("names all scopes if there are several, for the page of a list too", () =>
    Effect.gen(function* () {
      const needy = Operation.make({
        id: "needy",
        name: "Needy.get",
        method: "GET",
        path: "/v2/needy",
        scope: ["boards:read", "boards:export"]
      })
      const { reason } = yield* http.failsWith(needy(), "Forbidden")
      assert.deepStrictEqual(reason.scopes, ["boards:read", "boards:export"])
      assert.include(reason.message, "needs the scopes boards:read, boards:export;")
      const page = yield* http.failsWith(Stream.runDrain(Items.list.items({ boardId: "b" })), "Forbidden")
      assert.deepStrictEqual(page.reason.scopes, ["boards:read"])
    }).pipe(refused)
  )

  it.effect("to a request of one's own does not name any", () =>
    Effect.gen(function* () {
      const request = MiroClient.execute(HttpClientRequest.get("/v2/boards/b"))
      const { reason } = yield* http.failsWith(request, "Forbidden")
      assert.notProperty(reason, "scopes")
      assert.include(reason.message, otherwise)
    }).pipe(refused)
  )
})

describe("a 404", () => {
  it.effect.each(["https://api.miro.com/v2", "https://api.miro.com/v2/", "https://api.miro.com/v1"])(
    "says so if the base URL is %s, which has a version too many",
    (baseUrl) =>
      Effect.gen(function* () {
        const { reason } = yield* http.failsWith(get, "NotFound")
        assert.include(reason.message, `/${baseUrl.includes("v1") ? "v1" : "v2"}/v2`)
        assert.include(reason.message, "does the base URL end in a version?")
      }).pipe(http.wired(() => http.status(404), { baseUrl }))
  )

  it.effect("says so of the token endpoint too", () =>
    Effect.gen(function* () {
      const oauth = yield* MiroOAuth.MiroOAuth
      const { reason } = yield* http.failsWith(oauth.exchangeCode("code"), "NotFound")
      assert.include(reason.message, "/v2/v1")
    }).pipe(
      Effect.provide(
        MiroOAuth.layer({
          clientId: "1",
          clientSecret: Redacted.make("client-secret"),
          redirectUrl: "https://app.example/callback",
          baseUrl: "https://api.miro.com/v2"
        }).pipe(Layer.provide(TokenStorage.layerMemory), Layer.provide(http.layerWire(() => http.status(404))))
      )
    )
  )

  it.effect.each(["https://api.miro.com", "https://proxy.example/miro", "https://proxy.example/v2/miro"])(
    "does not if it is %s",
    (baseUrl) =>
      Effect.gen(function* () {
        const { reason } = yield* http.failsWith(get, "NotFound")
        assert.strictEqual(reason.message, "message")
      }).pipe(http.wired(() => http.status(404), { baseUrl }))
  )
})

it.effect("a response that is wrong everywhere has an error of some of it", () =>
  Effect.gen(function* () {
    const error = yield* http.failsWith(Items.list({ boardId: "b" }), "InvalidResponse")
    // The last one says how many more there are.
    assert.isAtMost(error.reason.issues.length, 51)
    assert.isBelow(error.message.length, 6_000)
    assert.isBelow(JSON.stringify(error).length, 60_000)
  }).pipe(http.replying(http.json({ data: Array.from({ length: 20_000 }, () => 1) })))
)
