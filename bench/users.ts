/** A client with stored tokens of so many users. */
import { Effect, Layer, Redacted } from "effect"
import { MiroClient, type MiroError, MiroOAuth, TokenStorage } from "effect-miro"
import type { HttpClient } from "effect/http"

const tokens = { accessToken: Redacted.make("access"), expiresIn: 36_000 }

export const layer = (
  users: number,
  http: Layer.Layer<HttpClient.HttpClient>,
  baseUrl?: string
): Layer.Layer<MiroClient.MiroClient> => {
  const app = {
    clientId: "1",
    clientSecret: Redacted.make("secret"),
    redirectUrl: "https://example.com/callback",
    ...(baseUrl !== undefined && { baseUrl })
  }
  const names = Array.from({ length: users }, (_, index) => String(index))
  const stored = Effect.forEach(names, (name) => MiroClient.as(MiroOAuth.adopt(tokens), name), { discard: true })
  return Layer.effectDiscard(stored).pipe(
    Layer.provideMerge(MiroClient.layerOAuth(app)),
    Layer.provide([TokenStorage.layerMemory, http]),
    Layer.orDie
  )
}

/** The call, each time as the next of so many users. */
export const inTurn = (
  call: Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient>,
  users: number
): Effect.Effect<unknown, MiroError.MiroError, MiroClient.MiroClient> => {
  let next = 0
  return Effect.suspend(() => MiroClient.as(call, String(next++ % users)))
}
