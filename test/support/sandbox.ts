import { Effect, Layer, Redacted } from "effect"
import { AccessToken, MiroClient } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"

/** A client of a sandbox of its own, whose token is the quick-start one. */
export const sandboxed = (settings: Partial<MiroSandbox.Settings> = {}) =>
  Effect.provide(
    MiroClient.layer().pipe(
      Layer.provide(AccessToken.layer(Redacted.make("sandbox-token"))),
      Layer.provideMerge(MiroSandbox.layerHttpClient),
      Layer.provide(MiroSandbox.layerSettings(settings))
    )
  )
