/** What the browser keeps for the app, in cookies that only the app can read and write. */
import { Clock, Config, Context, Duration, Effect, Layer, Option, Redacted, Schema } from "effect"
import { Aead, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import { HttpServerRequest, HttpServerResponse } from "effect/http"

/** A cookie sealed with AES-256-GCM: one that was changed, moved, cut or kept for too long reads as none. */
interface SealedCookie<A> {
  readonly read: Effect.Effect<Option.Option<A>, never, HttpServerRequest.HttpServerRequest>
  readonly set: (
    response: HttpServerResponse.HttpServerResponse,
    value: A
  ) => Effect.Effect<HttpServerResponse.HttpServerResponse>
  readonly expire: (response: HttpServerResponse.HttpServerResponse) => HttpServerResponse.HttpServerResponse
}

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
    readonly session: SealedCookie<Session>
    readonly login: SealedCookie<typeof Login.Type>
  }
>()("web-app/Sessions") {}

const sealedCookie = Effect.fnUntraced(function* <A, I>(
  key: Aead.Key,
  origin: string,
  options: { readonly name: string; readonly schema: Schema.Codec<A, I>; readonly lifetime: Duration.Duration }
) {
  const aead = yield* Aead.Aead
  const random = yield* SecureRandom.SecureRandom
  const secure = origin.startsWith("https:")
  // With this prefix a browser takes the cookie from this very host only.
  const name = secure ? `__Host-${options.name}` : options.name
  const aad = new TextEncoder().encode(name)
  const attributes = { httpOnly: true, path: "/", sameSite: "lax", secure } as const
  const Content = Schema.fromJsonString(Schema.Struct({ value: options.schema, expiresAt: Schema.Finite }))

  const read = Effect.gen(function* () {
    const { cookies } = yield* HttpServerRequest.HttpServerRequest
    const sealed = yield* Effect.fromResult(Base64Url.decode(cookies[name] ?? ""))
    const [nonce, data] = [sealed.subarray(0, 12), sealed.subarray(12)]
    const content = new TextDecoder().decode(yield* aead.decrypt(key, data, { nonce, aad }))
    const { expiresAt, value } = yield* Schema.decodeEffect(Content)(content)
    return expiresAt > (yield* Clock.currentTimeMillis) ? Option.some(value) : Option.none()
  }).pipe(Effect.catch(() => Effect.succeedNone))

  const set = Effect.fnUntraced(function* (response: HttpServerResponse.HttpServerResponse, value: A) {
    const expiresAt = (yield* Clock.currentTimeMillis) + Duration.toMillis(options.lifetime)
    const content = new TextEncoder().encode(yield* Schema.encodeEffect(Content)({ value, expiresAt }))
    const nonce = yield* random.randomBytes(12)
    const sealed = Base64Url.encode(Buffer.concat([nonce, yield* aead.encrypt(key, content, { nonce, aad })]))
    return yield* HttpServerResponse.setCookie(response, name, sealed, { ...attributes, maxAge: options.lifetime })
  }, Effect.orDie)

  return { read, set, expire: HttpServerResponse.expireCookieUnsafe(name, attributes) } satisfies SealedCookie<A>
})

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
      session: yield* sealedCookie(key, origin, { name: "session", schema: Session, lifetime: Duration.days(7) }),
      login: yield* sealedCookie(key, origin, { name: "login", schema: Login, lifetime: Duration.minutes(10) })
    }
  })
).pipe(Layer.provide(Layer.provideMerge(Aead.layerWebCrypto, SecureRandom.layerWebCrypto)))
