/** What the browser keeps for the app. */
import { Config, Context, Duration, Effect, Layer, Redacted, Schema } from "effect"
import { Aead, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import * as SealedCookie from "../shared/sealedCookie.ts"

/** The name under which the tokens of a browser are stored. No other browser ever has it. */
const Session = Schema.Struct({ id: Schema.String })

const Login = Schema.Struct({ state: Schema.String, codeVerifier: Schema.RedactedFromValue(Schema.String) })

const make = Effect.gen(function* () {
  const { origin } = yield* Config.URL("MIRO_REDIRECT_URL")
  const secret = Redacted.value(yield* Config.Redacted("SESSION_KEY"))
  const key = yield* Aead.key(Aead.aes256Gcm, yield* Schema.decodeEffect(Schema.Uint8ArrayFromBase64)(secret))
  const random = yield* SecureRandom.SecureRandom
  return {
    origin,
    newId: Effect.map(random.randomBytes(32), Base64Url.encode),
    session: yield* SealedCookie.make(key, origin, { name: "session", schema: Session, lifetime: Duration.days(7) }),
    login: yield* SealedCookie.make(key, origin, { name: "login", schema: Login, lifetime: Duration.minutes(10) })
  }
})

export class Sessions extends Context.Service<Sessions, Effect.Success<typeof make>>()("edge/Sessions") {}

export const layer = Layer.effect(Sessions, make).pipe(
  Layer.provide(Layer.provideMerge(Aead.layerWebCrypto, SecureRandom.layerWebCrypto))
)
