/** What the browser keeps for the app. */
import { Config, Context, Duration, Effect, Layer, Redacted, Schema } from "effect"
import { Aead, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import * as SealedCookie from "../shared/sealedCookie.ts"

/** A browser that is signed in. Its tokens are stored under `id`, which no other session ever has. */
export const Session = Schema.Struct({ id: Schema.String, csrf: Schema.String, name: Schema.String })
export interface Session extends Schema.Schema.Type<typeof Session> {}

/** A browser that was sent to Miro, until it comes back. */
const Login = Schema.Struct({
  state: Schema.String,
  codeVerifier: Schema.RedactedFromValue(Schema.String),
  returnTo: Schema.String
})

export class Sessions extends Context.Service<
  Sessions,
  {
    /** Where browsers find the app: forms are taken from there only. */
    readonly origin: string
    /** A name that cannot be guessed. */
    readonly secret: Effect.Effect<string>
    readonly session: SealedCookie.SealedCookie<Session>
    readonly login: SealedCookie.SealedCookie<typeof Login.Type>
  }
>()("web-app/Sessions") {}

/** The key is in SESSION_KEY, 32 bytes in base64. All processes behind one address need the same. */
export const layer = Layer.effect(
  Sessions,
  Effect.gen(function* () {
    const { origin } = yield* Config.URL("MIRO_REDIRECT_URL")
    const secret = Redacted.value(yield* Config.Redacted("SESSION_KEY"))
    const key = yield* Aead.key(Aead.aes256Gcm, yield* Schema.decodeEffect(Schema.Uint8ArrayFromBase64)(secret))
    const random = yield* SecureRandom.SecureRandom
    return {
      origin,
      secret: Effect.map(random.randomBytes(32), Base64Url.encode),
      session: yield* SealedCookie.make(key, origin, { name: "session", schema: Session, lifetime: Duration.days(7) }),
      login: yield* SealedCookie.make(key, origin, { name: "login", schema: Login, lifetime: Duration.minutes(10) })
    }
  })
).pipe(Layer.provide(Layer.provideMerge(Aead.layerWebCrypto, SecureRandom.layerWebCrypto)))
