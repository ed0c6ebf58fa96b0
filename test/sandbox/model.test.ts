import { it } from "@effect/vitest"
import { Effect, Layer, Random, Redacted } from "effect"
import { MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { layerHttpClient } from "./documented.ts"
import { story } from "./model.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(
  Layer.provideMerge(layerHttpClient),
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
