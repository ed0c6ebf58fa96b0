import { assert, it } from "@effect/vitest"
import { Effect, Layer, Random, Redacted } from "effect"
import { MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { isMissing } from "../contract/document.ts"
import { unexplained } from "./deviations.ts"
import { type Exchange, recordClient } from "./exchanges.ts"
import { story } from "./model.ts"

const exchanges: Array<Exchange> = []

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(
  Layer.provide(recordClient((exchange) => void exchanges.push(exchange))),
  Layer.provideMerge(MiroSandbox.layerHttpClient),
  Layer.provide(MiroSandbox.layerSettings({ creditsPerMinute: 1e9 }))
)

it.effect.each(Array.from({ length: 10 }, (_, seed) => seed))(
  "the sandbox is as a plain model says: story %i",
  (seed) =>
    story(200).pipe(
      Random.withSeed(`story ${seed}`),
      Effect.provideService(MiroClient.Strict, true),
      Effect.provide(Miro)
    )
)

it.skipIf(isMissing)("every response in the stories is as Miro's document says", () => {
  assert.isNotEmpty(exchanges)
  assert.deepStrictEqual(unexplained(exchanges), [])
})
