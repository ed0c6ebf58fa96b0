import { it } from "@effect/vitest"
import { Effect, Layer, Random, Redacted } from "effect"
import { MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"
import { layerHttpClient } from "../sandbox/documented.ts"
import { story } from "../sandbox/model.ts"

const Miro = MiroClient.layerToken(Redacted.make("sandbox-token")).pipe(
  Layer.provideMerge(layerHttpClient),
  Layer.provide(MiroSandbox.layerSettings({ creditsPerMinute: 1e9 }))
)

const stories = Array.from({ length: 1000 }, (_, seed) => seed)

it.effect(
  "the sandbox is as a plain model says, in 1,000 stories of 200 calls",
  () =>
    Effect.forEach(
      stories,
      (seed) =>
        story(200).pipe(
          Random.withSeed(`long story ${seed}`),
          Effect.provideService(MiroClient.Strict, true),
          Effect.provide(Miro)
        ),
      { discard: true }
    ),
  1_200_000
)
