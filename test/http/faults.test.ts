import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { AccessToken, Boards, Timeouts, MiroClient, MiroOAuth, TokenStorage } from "effect-miro"
import * as faults from "../support/faults.ts"
import * as fuzzing from "../support/fuzzing.ts"
import * as http from "../support/http.ts"
import * as payloads from "../support/payloads.ts"
import { processedThenReset, whateverGoesWrong } from "../support/recovery.ts"
import * as tcp from "../support/tcp.ts"

describe("a request that is processed, and whose connection is then reset,", () => {
  it.live("is made once for a POST, and again for a GET, PUT or DELETE", () => processedThenReset(50))
})

describe("a server that fails at random", () => {
  it.live("gets nothing created twice", () => whateverGoesWrong(50, 7))
})

describe("whatever the response, there is a success or a typed error", () => {
  it.live.each(fuzzing.paths)("for %s", ([, ...path]) => fuzzing.leavesNothing(fuzzing.responses(300, ...path)))

  it.live("for bytes that once were a response", () => fuzzing.leavesNothing(fuzzing.bytes(300)))
})

const connect = (origin: string) =>
  Effect.provide(
    MiroClient.layer({ baseUrl: origin }).pipe(
      Layer.provide(AccessToken.layer(Redacted.make("token"))),
      Layer.merge(
        MiroOAuth.layer({
          clientId: "1",
          clientSecret: Redacted.make("client-secret"),
          redirectUrl: "http://localhost/callback",
          baseUrl: origin
        })
      ),
      Layer.provide(TokenStorage.layerMemory),
      Layer.provide(FetchHttpClient.layer)
    )
  )

const board = { status: 200, body: JSON.stringify(payloads.board) }

const get = http.once(Boards.get({ boardId: "b" }))

describe("a response", () => {
  it.live.each([
    [faults.html, "InvalidResponse"],
    [faults.empty, "InvalidResponse"],
    [faults.truncated, "Transport"],
    [faults.tooShort, "InvalidResponse"],
    [faults.noLength, "Transport"],
    [faults.bomb, "InvalidResponse"],
    [faults.resetBefore, "Transport"],
    [faults.stallAt(20), "Timeout"],
    [faults.stallAt(200), "Timeout"]
  ] as const)("that is wrong is known for what it is %#", ([fault, tag]) =>
    Effect.gen(function* () {
      const server = yield* faults.serve(
        () => board,
        () => fault
      )
      const deadlines = tag === "Timeout" ? ({ headers: "300 millis", idle: "300 millis" } as const) : {}
      yield* http.failsWith(get, tag).pipe(Effect.provideService(Timeouts.Timeouts, deadlines), connect(server.origin))
      assert.deepStrictEqual(
        server.ledger.map(({ fault, processed }) => [fault, processed]),
        [[fault.name, fault.processes]]
      )
      yield* server.allClosed
    })
  )

  it.live.each([faults.duplicated, faults.trickle(1)])("that is odd, but whole, is one %#", (fault) =>
    Effect.gen(function* () {
      const server = yield* faults.serve(
        () => board,
        () => fault
      )
      assert.strictEqual((yield* get.pipe(connect(server.origin))).name, "Retro")
    })
  )
})

describe("a redirect of the token endpoint", () => {
  it.live.each([301, 302, 303, 307, 308])("with status %i carries the app's secret nowhere", (status) =>
    Effect.gen(function* () {
      const other = yield* tcp.serve(tcp.json({ access_token: "stolen" }))
      const server = yield* faults.serve(
        () => board,
        (_, index) => faults.redirect(index === 0 ? `${other.origin}/steal` : "/steal", status)
      )
      yield* Effect.gen(function* () {
        const oauth = yield* MiroOAuth.MiroOAuth
        for (const call of [
          oauth.refresh(Redacted.make("refresh-token")),
          oauth.refresh(Redacted.make("refresh-token")),
          oauth.revokeToken(Redacted.make("access-token"))
        ]) {
          const reason = yield* Effect.flip<unknown, unknown, never>(call)
          assert.deepInclude(reason, { _tag: "UnexpectedStatus", status })
        }
      }).pipe(connect(server.origin))
      assert.strictEqual(server.ledger.length, 3)
      assert.strictEqual(other.connections(), 0)
    })
  )
})

describe("a base URL that would give secrets away", () => {
  it.effect("gets nothing from MiroOAuth", () =>
    Effect.gen(function* () {
      for (const url of ["http://api.miro.com", "https://anna:s3cret@api.miro.com", "https://api.miro.com?a", "miro"]) {
        yield* Effect.gen(function* () {
          const oauth = yield* MiroOAuth.MiroOAuth
          const code = yield* Effect.flip(oauth.exchangeCode("code"))
          assert.nestedPropertyVal(code, "reason.issues[0].path[0]", "baseUrl")
          const revoked = yield* Effect.flip(oauth.revokeToken(Redacted.make("token")))
          assert.strictEqual(revoked._tag, "InvalidInput")
          const page = yield* Effect.flip(oauth.authorizeUrl())
          assert.nestedPropertyVal(page, "reason.issues[0].path[0]", "webUrl")
          assert.notInclude(JSON.stringify([code, revoked, page]), "s3cret")
          assert.deepStrictEqual((yield* http.Wire).sent, [])
        }).pipe(
          Effect.provide(
            MiroOAuth.layer({
              clientId: "1",
              clientSecret: Redacted.make("client-secret"),
              redirectUrl: "http://localhost/callback",
              baseUrl: url,
              webUrl: url
            }).pipe(
              Layer.provide(TokenStorage.layerMemory),
              Layer.provideMerge(Layer.suspend(() => http.layerWire(() => http.json({}))))
            )
          )
        )
      }
    })
  )
})
