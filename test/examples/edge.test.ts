import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { hasWorkerd, inProcess, inWorkerd, type Start } from "./edgeWorkers.ts"
import { makeApp, sandboxed } from "./webAppBrowser.ts"

const running = Effect.fnUntraced(function* (start: Start) {
  const { browser, origin, sandbox, settings } = yield* makeApp()
  const stored = yield* start({ port: new URL(origin).port, variables: settings })
  return { browser, sandbox, stored }
})

const workers: ReadonlyArray<readonly [name: string, isHere: boolean, start: Start]> = [
  ["this process", true, inProcess],
  ["workerd", hasWorkerd, inWorkerd]
]

for (const [name, isHere, start] of workers) {
  describe.skipIf(!isHere)(`the worker in ${name}`, () => {
    it.live("signs people in, shows the boards of each, and signs them out", () =>
      sandboxed(
        Effect.gen(function* () {
          const { browser, sandbox, stored } = yield* running(start)
          const [anna, bert] = [yield* browser, yield* browser]
          assert.strictEqual((yield* anna.request("/")).status, 401)

          const boards = yield* anna.signIn()
          assert.deepStrictEqual(JSON.parse(boards.text), [])
          yield* sandbox.seed({ boards: [{ name: "Retro" }] })
          assert.deepStrictEqual(
            JSON.parse((yield* anna.request("/")).text).map(({ name }: { readonly name: string }) => name),
            ["Retro"]
          )
          assert.strictEqual((yield* bert.request("/")).status, 401)

          // What the platform keeps is encrypted, under a name that is in no cookie as it is.
          assert.strictEqual(stored.size, 1)
          for (const [key, record] of stored) {
            assert.notInclude([...anna.cookies.values()].join(), key)
            assert.notMatch(record, /eyJ|access/)
          }

          const elsewhere = yield* anna.request("/sign-out", { form: {}, origin: "https://elsewhere.example" })
          assert.strictEqual(elsewhere.status, 403)
          assert.strictEqual((yield* anna.request("/sign-out", { form: {} })).status, 303)
          assert.strictEqual((yield* anna.request("/")).status, 401)
        })
      )
    )

    it.live("takes no callback that another browser began, and none twice", () =>
      sandboxed(
        Effect.gen(function* () {
          const { browser } = yield* running(start)
          const [anna, mallory] = [yield* browser, yield* browser]
          const callback = yield* mallory.decide(yield* mallory.consentPage(), "Allow")
          assert.strictEqual((yield* anna.request(callback)).status, 403)
          yield* anna.consentPage()
          assert.strictEqual((yield* anna.request(callback)).status, 403)
          assert.strictEqual((yield* mallory.request(callback)).status, 303)
          assert.strictEqual((yield* mallory.request(callback)).status, 403)
        })
      )
    )

    it.live("refreshes a token that has expired, for requests that come together too", () =>
      sandboxed(
        Effect.gen(function* () {
          const { browser, sandbox } = yield* running(start)
          const anna = yield* browser
          yield* anna.signIn()
          yield* sandbox.expireAccessTokens
          assert.strictEqual((yield* anna.request("/")).status, 200)
          yield* sandbox.expireAccessTokens
          const pages = yield* Effect.all([anna.request("/"), anna.request("/")], { concurrency: "unbounded" })
          // The namespace compares nothing: one of two refreshes at the same time may lose, as its docs say.
          assert.include(
            pages.map(({ status }) => status),
            200
          )
        })
      )
    )
  })
}
