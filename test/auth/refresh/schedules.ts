/** Callers and responses that take their turns at random, short in the suite and long in `npm run test:long`. */
import { assert } from "@effect/vitest"
import { Effect, Exit, Layer, Random } from "effect"
import { Boards, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { login, Miro, record, refreshes, slowHttp } from "../support.ts"

/** Miro at its worst: one reuse of a spent refresh token ends the grant. */
export const AtRandom = Layer.provideMerge(
  Miro,
  slowHttp.pipe(
    Layer.provideMerge(MiroSandbox.layerHttpClient),
    Layer.provideMerge(TokenStorage.layerMemory),
    Layer.provide(MiroSandbox.layerSettings({ reuse: "revokeGrant", creditsPerMinute: 100_000_000 }))
  )
)

/** Many callers at once whose token has expired. */
export const shareOneRefresh = (options: { readonly callers: number; readonly schedules: number }) =>
  Effect.forEach(
    Array.from({ length: options.schedules }, (_, seed) => seed),
    (seed) =>
      Effect.gen(function* () {
        const sandbox = yield* MiroSandbox.MiroSandbox
        yield* login
        yield* sandbox.expireAccessTokens
        const results = yield* Effect.forEach(
          Array.from({ length: options.callers }, () => Boards.list()),
          Effect.exit,
          { concurrency: "unbounded" }
        )
        assert.strictEqual(results.filter(Exit.isSuccess).length, options.callers)
        assert.strictEqual((yield* refreshes).length, 1)
        assert.strictEqual((yield* record()).record.generation, 2)
      }).pipe(Effect.provide(Layer.fresh(AtRandom)), Random.withSeed(seed)),
    { discard: true }
  )
