/**
 * Eight hexadecimal digits by which a secret can be told from another one,
 * keyed with the client secret: nobody can find out from them what it was, or
 * test a guess.
 */
import * as Mac from "effect/crypto/Mac"
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as Redacted from "effect/Redacted"

const encoder = new TextEncoder()

export const make = Effect.fnUntraced(function* (clientSecret: Redacted.Redacted) {
  const mac = yield* Mac.Mac
  // No key is empty. An app without a secret is refused before there is a token.
  const key = yield* Mac.key(Mac.hmacSha256, encoder.encode(Redacted.value(clientSecret) || " "))
  return (secret: Redacted.Redacted): Effect.Effect<string> =>
    mac.sign(key, encoder.encode(`effect-miro:fingerprint:${Redacted.value(secret)}`)).pipe(
      Effect.orDie,
      Effect.map((tag) => Hex.encode(tag.subarray(0, 4)))
    )
}, Effect.orDie)
