/**
 * Proof Key for Code Exchange (RFC 7636), whose verifiers are derived from the
 * state instead of stored: any process of the app can make one that has the
 * state and the client secret.
 */
import * as Digest from "effect/crypto/Digest"
import * as Mac from "effect/crypto/Mac"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"

const encoder = new TextEncoder()

/** Dies if the client secret is empty. */
export const make = Effect.fnUntraced(function* (clientSecret: Redacted.Redacted) {
  const mac = yield* Mac.Mac
  const digest = yield* Digest.Digest
  const key = yield* Mac.key(Mac.hmacSha256, encoder.encode(Redacted.value(clientSecret)))

  const verifier = (state: string): Effect.Effect<Redacted.Redacted> =>
    mac.sign(key, encoder.encode(`effect-miro:pkce:${state}`)).pipe(
      Effect.orDie,
      Effect.map((tag) => Redacted.make(Base64Url.encode(tag)))
    )

  const challenge = (state: string): Effect.Effect<string> =>
    verifier(state).pipe(
      Effect.flatMap((verifier) => digest.digest(Digest.sha256, encoder.encode(Redacted.value(verifier)))),
      Effect.map((hash) => Base64Url.encode(hash))
    )

  return { verifier, challenge }
}, Effect.orDie)
