/** Cookies that only the app can read and write. They need nothing of Node. */
import { Clock, Duration, Effect, Option, Schema } from "effect"
import { Aead, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import { HttpServerRequest, HttpServerResponse } from "effect/http"

/** A cookie sealed with AES-256-GCM: one that was changed, moved, cut or kept for too long reads as none. */
export interface SealedCookie<A> {
  readonly read: Effect.Effect<Option.Option<A>, never, HttpServerRequest.HttpServerRequest>
  readonly set: (
    response: HttpServerResponse.HttpServerResponse,
    value: A
  ) => Effect.Effect<HttpServerResponse.HttpServerResponse>
  readonly expire: (response: HttpServerResponse.HttpServerResponse) => HttpServerResponse.HttpServerResponse
}

/** For an app that browsers find at `origin`. */
export const make = Effect.fnUntraced(function* <A, I>(
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
    const sealed = Base64Url.encode(new Uint8Array([...nonce, ...(yield* aead.encrypt(key, content, { nonce, aad }))]))
    return yield* HttpServerResponse.setCookie(response, name, sealed, { ...attributes, maxAge: options.lifetime })
  }, Effect.orDie)

  return { read, set, expire: HttpServerResponse.expireCookieUnsafe(name, attributes) } satisfies SealedCookie<A>
})
