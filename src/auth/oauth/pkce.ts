/**
 * Proof Key for Code Exchange (RFC 7636).
 */
import * as Digest from "effect/crypto/Digest"
import type * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"

const encoder = new TextEncoder()

/** A verifier that has nothing to do with any other secret, nor with what the URL shows. */
export const makeVerifier = (random: SecureRandom.SecureRandom["Service"]): Effect.Effect<Redacted.Redacted> =>
  Effect.map(random.randomBytes(32), (bytes) => Redacted.make(Base64Url.encode(bytes)))

export const isVerifier = (value: Redacted.Redacted): boolean => /^[\w.~-]{43,128}$/.test(Redacted.value(value))

/** The challenge of a verifier, by S256. */
export const challenge = (digest: Digest.Digest["Service"], verifier: Redacted.Redacted): Effect.Effect<string> =>
  digest.digest(Digest.sha256, encoder.encode(Redacted.value(verifier))).pipe(
    Effect.orDie,
    Effect.map((hash) => Base64Url.encode(hash))
  )
