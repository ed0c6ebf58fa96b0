/**
 * Miro's OAuth 2.0: sending a user to Miro, taking them back, and keeping what
 * was granted.
 *
 * @see https://developers.miro.com/docs/getting-started-with-oauth
 */
import * as ByteSize from "effect/ByteSize"
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Digest from "effect/crypto/Digest"
import * as Mac from "effect/crypto/Mac"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Equal from "effect/Equal"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import {
  AppRejected,
  CallbackRejected,
  InvalidInput,
  InvalidResponse,
  MiroError,
  NotAuthorized,
  type Reason
} from "../client/MiroError.ts"
import * as BaseUrl from "../internal/baseUrl.ts"
import * as Callback from "../internal/callback.ts"
import { exchange } from "../internal/exchange.ts"
import * as Fingerprint from "../internal/fingerprint.ts"
import * as Json from "../internal/json.ts"
import * as OAuthErrors from "../internal/oauthErrors.ts"
import * as Pkce from "../internal/pkce.ts"
import * as Redaction from "../internal/redaction.ts"
import * as Telemetry from "../internal/telemetry.ts"
import * as Text from "../internal/text.ts"
import { CurrentUser } from "./CurrentUser.ts"
import * as TokenRecord from "./TokenRecord.ts"
import { TokenStorage } from "./TokenStorage.ts"

/**
 * The app, as its settings in Miro have it.
 *
 * @category configuration
 */
export interface Options {
  readonly clientId: string
  /** Must not be empty. */
  readonly clientSecret: Redacted.Redacted
  /** Exactly as in the app's settings, to the letter. */
  readonly redirectUrl: string
  /**
   * Where the API is: `https://api.miro.com` unless set. Must begin with
   * `https://`, unless it is on this machine (`localhost`, `127.0.0.0/8`,
   * `[::1]`), and have no user name, query or fragment. With any other one
   * every call fails with `InvalidInput`, and nothing is sent.
   */
  readonly baseUrl?: string | undefined
  /** Where users authorize apps: `https://miro.com` unless set. The same holds for it. */
  readonly webUrl?: string | undefined
  /** Lets the URLs be `http://` on other machines, which sends secrets in the clear. */
  readonly allowInsecure?: boolean | undefined
}

/**
 * What a user granted to the app, without the tokens.
 *
 * @category models
 */
export interface Authorization {
  /** The key under which the tokens are stored. */
  readonly user: string
  readonly scopes: ReadonlyArray<string>
  /** The Miro user who authorized the app. */
  readonly userId?: string
  /** The Miro team for which the app was authorized. */
  readonly teamId?: string
}

/**
 * Authorizes users, whom {@link CurrentUser} names, and stores their tokens in
 * `TokenStorage`.
 *
 * @category services
 */
export class MiroOAuth extends Context.Service<
  MiroOAuth,
  {
    readonly clientId: string
    /** The API that issues the tokens, and that they are for. */
    readonly baseUrl: string
    /**
     * The page at Miro where the user authorizes the app.
     *
     * The `state` binds the callback to this user, for ten minutes and once. It
     * is made anew unless given, and remembered in this process: if the
     * callback can come to another one, keep the `state` in the session and
     * give it to `handleCallback`.
     *
     * The URL also has a PKCE challenge (S256), whose verifier goes with the
     * code. Miro does not document that it checks it, so nothing relies on it.
     */
    readonly authorizeUrl: (options?: {
      readonly state?: string | undefined
      /** The team to install the app for; the user is asked for one otherwise. */
      readonly teamId?: string | undefined
    }) => Effect.Effect<string, MiroError>
    /**
     * Takes the URL to which Miro sent the user back, whole or from its path
     * on: checks it, exchanges the code in it and stores the tokens.
     *
     * It must be the app's redirect URL, with nothing in it twice. A program
     * that sees another origin than its users, as behind a proxy, gives the
     * path and the query only.
     *
     * With `state` the callback must carry that very one, and an empty one is
     * never good; without, one that `authorizeUrl` gave to the same user in
     * this process. Either way a state is good once: a browser that loads the
     * page again would present the code twice, for which a server may revoke
     * what it issued. A used state is remembered for ten minutes, and by this
     * process only, so the session should forget it too.
     *
     * A callback that fails the check, or says that the user declined, is the
     * reason `CallbackRejected`, and nothing is sent. Tokens that cannot be
     * stored are revoked, and the user has to authorize the app again.
     */
    readonly handleCallback: (
      url: string,
      options?: { readonly state?: string | undefined }
    ) => Effect.Effect<Authorization, MiroError>
    /**
     * Exchanges an authorization code and stores the tokens. Also takes the
     * URL with the code in it, and checks that as `handleCallback` does, but
     * for its `state`: for a script, whose user pastes what the browser shows.
     *
     * With the `state` of the authorize URL, in the callback or given beside a
     * bare code, the PKCE verifier is sent too.
     */
    readonly exchangeCode: (
      codeOrUrl: string,
      options?: { readonly state?: string | undefined }
    ) => Effect.Effect<Authorization, MiroError>
    /**
     * Revokes the user's tokens at Miro and removes them from the storage, also
     * those that a refresh stores in the meantime.
     */
    readonly revoke: Effect.Effect<void, MiroError>
    /**
     * Whether tokens are stored for the user that, as far as is known, still
     * work. Reads the storage and sends nothing.
     */
    readonly isAuthorized: Effect.Effect<boolean, MiroError>
    /**
     * Spends a refresh token. Stores nothing: `AccessToken.layerOAuth` does
     * all that must happen around this.
     */
    readonly refresh: (refreshToken: Redacted.Redacted) => Effect.Effect<TokenRecord.TokenGrant, Reason>
    /** Revokes an access token, and the refresh token with it. Stores nothing. */
    readonly revokeToken: (accessToken: Redacted.Redacted) => Effect.Effect<void, Reason>
    /** The {@link Deadline} in scope or, if there is none, that of the layer. */
    readonly deadline: Effect.Effect<Duration.Duration>
    /**
     * Eight hexadecimal digits by which a token can be told from another one in
     * a log. They are keyed with the client secret, and do not give it away.
     */
    readonly fingerprint: (token: Redacted.Redacted) => Effect.Effect<string>
    /** The fingerprint of the client id and the client secret. */
    readonly credentials: Effect.Effect<string>
  }
>()("effect-miro/auth/MiroOAuth") {}

const tokenPath = "/v1/oauth/token"
const revokePath = "/v2/oauth/revoke"

/**
 * How long a call to the token endpoint may take: 30 seconds unless provided.
 *
 * Be generous: the answer to a refresh that is not waited for is lost, and the
 * refresh token with it. While one process refreshes, others wait up to twice
 * as long before they take it for dead.
 *
 * @category references
 */
export const Deadline = Context.Reference<Duration.Duration>("effect-miro/auth/MiroOAuth/Deadline", {
  defaultValue: () => Duration.seconds(30)
})

// What a layer can be given of its own. Not what holds for the responses of the API: the body of a grant is small, and
// one that is not read is lost.
const pickSettings = Context.pick(Deadline, Telemetry.TracePropagation)
const maxGrantSize = ByteSize.mebibytes(1)

const stateLifetime = 10 * 60_000

/** A state that was given out, or has been used. */
interface State {
  readonly user: string
  readonly expires: number
  readonly isUsed: boolean
}

const encoder = new TextEncoder()

const isSame = (a: string, b: string): boolean => Mac.timingSafeEqual(encoder.encode(a), encoder.encode(b))

const nonEmpty = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined

const lifetime = (value: unknown): number | undefined => {
  const seconds = Number(nonEmpty(value))
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
}

// Deliberately lenient about everything but the access token: when this runs
// the old tokens are dead, so nothing may keep the new ones from being stored.
const grantOf = (body: unknown, receivedAt: number): TokenRecord.TokenGrant | undefined => {
  const answer: Readonly<Record<string, unknown>> = Predicate.isObject(body) ? body : {}
  const accessToken = nonEmpty(answer["access_token"])
  const refreshToken = nonEmpty(answer["refresh_token"])
  const expiresIn = lifetime(answer["expires_in"])
  const userId = nonEmpty(answer["user_id"])
  const teamId = nonEmpty(answer["team_id"])
  return accessToken === undefined
    ? undefined
    : {
        accessToken: Redacted.make(accessToken),
        receivedAt,
        scopes: nonEmpty(answer["scope"])?.split(/\s+/) ?? [],
        ...(refreshToken !== undefined && { refreshToken: Redacted.make(refreshToken) }),
        ...(expiresIn !== undefined && { expiresIn }),
        ...(userId !== undefined && { userId }),
        ...(teamId !== undefined && { teamId })
      }
}

const authorization = (user: string, grant: TokenRecord.TokenGrant): Authorization => ({
  user,
  scopes: grant.scopes,
  ...(grant.userId !== undefined && { userId: grant.userId }),
  ...(grant.teamId !== undefined && { teamId: grant.teamId })
})

// It concerns every user, so somebody has to see it, whatever becomes of the error.
const rejectApp = (reason: Reason): Effect.Effect<never, AppRejected> => {
  const code = "code" in reason ? reason.code : undefined
  const rejected = new AppRejected({ description: reason.message, ...(code !== undefined && { code }) })
  return Effect.andThen(
    Effect.logError(`${rejected.message}. Are client id, client secret and redirect URL those of the app's settings?`),
    Effect.fail(rejected)
  )
}

const isOf = (record: TokenRecord.TokenRecord, { accessToken }: TokenRecord.TokenGrant): boolean =>
  Equal.equals(record.accessToken, accessToken)

const make = Effect.fnUntraced(function* (options: Options) {
  const client = yield* HttpClient.HttpClient
  const storage = yield* TokenStorage
  const random = yield* SecureRandom.SecureRandom
  const pkce = yield* Pkce.make(options.clientSecret)
  const fingerprint = yield* Fingerprint.make(options.clientSecret)
  // Long there when somebody needs it, and nobody has waited for it.
  const hashing = yield* Effect.forkScoped(fingerprint(Redacted.make(options.clientId)), { startImmediately: true })
  const credentials = Fiber.join(hashing)
  const settings = pickSettings(yield* Effect.context())
  const baseUrl = options.baseUrl ?? "https://api.miro.com"
  const app: TokenRecord.App = { clientId: options.clientId, baseUrl }
  const webUrl = options.webUrl ?? "https://miro.com"
  const states = new Map<string, State>()

  const check = (name: "baseUrl" | "webUrl", url: string): Effect.Effect<void, InvalidInput> => {
    const message = BaseUrl.problem(url, options.allowInsecure)
    return message === undefined ? Effect.void : Effect.fail(new InvalidInput({ issues: [{ path: [name], message }] }))
  }

  const withSettings = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.updateContext(effect, (own: Context.Context<never>) => Context.merge(settings, own))

  const deadline = withSettings(Deadline)

  const send = Effect.fnUntraced(function* (
    span: string,
    request: HttpClientRequest.HttpClientRequest,
    secrets: ReadonlyArray<Redacted.Redacted>
  ) {
    yield* check("baseUrl", baseUrl)
    const attempt = yield* Deadline
    const complete = HttpClientRequest.prependUrl(request, baseUrl)
    return yield* exchange(client, complete, {
      deadlines: { attempt, headers: Duration.infinity, idle: Duration.infinity },
      redaction: Redaction.make([...secrets, options.clientSecret]),
      secretsIn: Redaction.secretsIn
    }).pipe(
      Effect.provideService(HttpIncomingMessage.MaxBodySize, maxGrantSize),
      Telemetry.request(span, complete),
      Effect.catchIf(OAuthErrors.isOfApp, rejectApp)
    )
  }, withSettings)

  const requestTokens = Effect.fnUntraced(function* (
    span: string,
    parameters: Readonly<Record<string, string>>,
    secrets: ReadonlyArray<Redacted.Redacted>
  ): Effect.fn.Return<TokenRecord.TokenGrant, Reason> {
    // In the body: a URL ends up in logs.
    const request = HttpClientRequest.post(tokenPath).pipe(
      HttpClientRequest.acceptJson,
      HttpClientRequest.bodyUrlParams({
        ...parameters,
        client_id: options.clientId,
        client_secret: Redacted.value(options.clientSecret)
      })
    )
    const { body, response } = yield* send(span, request, secrets)
    const text = Text.decode(body)
    const json = yield* Effect.orElseSucceed(Json.parse(text), () => undefined)
    const grant = grantOf(json, yield* Clock.currentTimeMillis)
    // No excerpt: whatever this body is, it may hold a token.
    return grant !== undefined
      ? grant
      : yield* new InvalidResponse({
          status: response.status,
          issues: [{ path: ["access_token"], message: "Missing key" }],
          excerpt: ""
        })
  })

  const refresh = (refreshToken: Redacted.Redacted) =>
    requestTokens("Miro.OAuth.refresh", { grant_type: "refresh_token", refresh_token: Redacted.value(refreshToken) }, [
      refreshToken
    ])

  const revokeToken = (accessToken: Redacted.Redacted) =>
    Effect.asVoid(
      send(
        "Miro.OAuth.revokeToken",
        HttpClientRequest.post(revokePath).pipe(
          HttpClientRequest.bodyJsonUnsafe({
            accessToken: Redacted.value(accessToken),
            clientId: options.clientId,
            clientSecret: Redacted.value(options.clientSecret)
          })
        ),
        [accessToken]
      )
    )

  // A new login takes the place of whatever was stored, even of a refresh under way.
  const store = (user: string, grant: TokenRecord.TokenGrant) =>
    Effect.suspend(() => {
      let tried = Infinity
      const write = Effect.gen(function* () {
        while (true) {
          const stored = yield* TokenRecord.read(storage, user, app)
          const generation = Option.match(stored, { onNone: () => 0, onSome: ({ record }) => record.generation })
          // An earlier write that was reported as a failure has been made all the same, and somebody may have refreshed
          // since what it stored: to write it again would bring back what is spent.
          if (generation > tried || Option.exists(stored, ({ record }) => isOf(record, grant))) return
          const version = Option.map(stored, ({ version }) => version)
          tried = generation + 1
          if (yield* TokenRecord.write(storage, version, { ...grant, ...app, user, generation: tried })) return
          tried = Infinity
        }
      })
      return TokenRecord.retryWrites(write)
    })

  const redeemCode = Effect.fnUntraced(function* ({ code, state }: Callback.Callback) {
    const user = yield* CurrentUser
    // The record of another app stays, and so the code is not spent for tokens that would have no place.
    yield* TokenRecord.read(storage, user, app)
    const verifier = state === "" ? undefined : yield* pkce.verifier(state)
    const grant = yield* requestTokens(
      "Miro.OAuth.exchangeCode",
      {
        grant_type: "authorization_code",
        code,
        redirect_uri: options.redirectUrl,
        ...(verifier !== undefined && { code_verifier: Redacted.value(verifier) })
      },
      [Redacted.make(code), Redacted.make(state), ...(verifier === undefined ? [] : [verifier])]
    )
    yield* store(user, grant).pipe(
      // Nobody has these tokens, so nobody could ever revoke them.
      Effect.tapError(() => Effect.ignore(revokeToken(grant.accessToken)))
    )
    return authorization(user, grant)
  }, Effect.uninterruptible)

  // All states live equally long, so the oldest are the first to go, and one that is remembered anew goes to the end.
  const remember = (state: string, user: string, isUsed: boolean, now: number): void => {
    for (const [old, { expires }] of states) {
      if (expires > now) break
      states.delete(old)
    }
    states.delete(state)
    states.set(state, { user, expires: now + stateLifetime, isUsed })
  }

  const authorizeUrl: MiroOAuth["Service"]["authorizeUrl"] = Effect.fnUntraced(function* (request) {
    yield* Effect.mapError(
      check("webUrl", webUrl),
      (reason) =>
        new MiroError({ operation: "MiroOAuth.authorizeUrl", method: "GET", path: "/oauth/authorize", reason })
    )
    const now = yield* Clock.currentTimeMillis
    // An empty one would bind nothing.
    const state = request?.state || Base64Url.encode(yield* random.randomBytes(32))
    remember(state, yield* CurrentUser, false, now)
    const url = new URL("/oauth/authorize", webUrl)
    url.searchParams.set("response_type", "code")
    url.searchParams.set("client_id", options.clientId)
    url.searchParams.set("redirect_uri", options.redirectUrl)
    url.searchParams.set("state", state)
    url.searchParams.set("code_challenge", yield* pkce.challenge(state))
    url.searchParams.set("code_challenge_method", "S256")
    if (request?.teamId !== undefined) url.searchParams.set("team_id", request.teamId)
    return url.href
  })

  const useState = Effect.fnUntraced(function* (state: string, expected: string | undefined) {
    const user = yield* CurrentUser
    const now = yield* Clock.currentTimeMillis
    const found = states.get(state)
    const known = found !== undefined && found.expires > now ? found : undefined
    const isGood = expected === undefined ? known?.user === user : isSame(state, expected)
    if (state === "" || !isGood) {
      const description = "the callback does not belong to an authorization of this user"
      return yield* new CallbackRejected({ problem: "InvalidState", description })
    }
    if (known?.isUsed === true) {
      const description = "the callback has been handled before"
      return yield* new CallbackRejected({ problem: "InvalidState", description })
    }
    // At once, so that of two callbacks with one state only one gets through.
    remember(state, user, true, now)
  })

  const fail = (operation: string, path: string) =>
    Effect.mapError((reason: Reason) => new MiroError({ operation, method: "POST", path, reason }))

  const handleCallback = Effect.fnUntraced(
    function* (url: string, request?: { readonly state?: string | undefined }) {
      const callback = yield* Effect.fromResult(Callback.parse(url, options))
      yield* useState(callback.state, request?.state)
      return yield* redeemCode(callback)
    },
    fail("MiroOAuth.handleCallback", tokenPath)
  )

  const exchangeCode = Effect.fnUntraced(
    function* (codeOrUrl: string, request?: { readonly state?: string | undefined }) {
      const isUrl = /[?&](?:code|error)=/.test(codeOrUrl)
      const callback = isUrl
        ? yield* Effect.fromResult(Callback.parse(codeOrUrl, options))
        : { code: codeOrUrl, state: "" }
      return yield* redeemCode({ ...callback, state: request?.state ?? callback.state })
    },
    fail("MiroOAuth.exchangeCode", tokenPath)
  )

  const revoke = Effect.gen(function* () {
    const user = yield* CurrentUser
    let stored = yield* TokenRecord.claim(storage, user, app)
    if (Option.isNone(stored)) return yield* new NotAuthorized({ user })
    // Again with the tokens of a refresh or a login that was stored in between.
    while (Option.isSome(stored)) {
      const { record, version } = stored.value
      // A token that Miro does not know any more is as good as revoked.
      yield* revokeToken(record.accessToken).pipe(
        Effect.catchTag(["InvalidRequest", "Unauthorized", "NotFound"], () => Effect.void)
      )
      if (yield* TokenRecord.remove(storage, user, version)) return
      stored = yield* TokenRecord.claim(storage, user, app)
    }
  }).pipe(fail("MiroOAuth.revoke", revokePath))

  const isAuthorized = Effect.gen(function* () {
    const stored = yield* TokenRecord.read(storage, yield* CurrentUser, app)
    if (Option.isNone(stored)) return false
    const { record } = stored.value
    const now = yield* Clock.currentTimeMillis
    // What other credentials were refused with says nothing of these.
    const isRefused = record.refused !== undefined && [undefined, yield* credentials].includes(record.refused.app)
    return !isRefused && (record.refreshToken !== undefined || !TokenRecord.isExpired(record, now))
  }).pipe(fail("MiroOAuth.isAuthorized", tokenPath))

  return MiroOAuth.of({
    ...app,
    authorizeUrl,
    handleCallback,
    exchangeCode,
    revoke,
    isAuthorized,
    refresh,
    revokeToken,
    deadline,
    fingerprint,
    credentials
  })
})

/**
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<MiroOAuth, never, HttpClient.HttpClient | TokenStorage> =>
  Layer.effect(MiroOAuth, make(options)).pipe(
    Layer.provide(Mac.layerWebCrypto),
    Layer.provide(Digest.layerWebCrypto),
    Layer.provide(SecureRandom.layerWebCrypto)
  )

/**
 * The app from `MIRO_CLIENT_ID`, `MIRO_CLIENT_SECRET` and `MIRO_REDIRECT_URL`;
 * `MIRO_BASE_URL` and `MIRO_WEB_URL` point elsewhere than to Miro; a value that
 * `baseUrl` may not have is a `ConfigError`.
 *
 * @category layers
 */
export const layerConfig: Layer.Layer<MiroOAuth, Config.ConfigError, HttpClient.HttpClient | TokenStorage> =
  Layer.unwrap(
    Effect.gen(function* () {
      return layer({
        clientId: yield* Config.NonEmptyString("MIRO_CLIENT_ID"),
        clientSecret: yield* Config.schema(Schema.Redacted(Schema.NonEmptyString), "MIRO_CLIENT_SECRET"),
        redirectUrl: yield* Config.NonEmptyString("MIRO_REDIRECT_URL"),
        baseUrl: Option.getOrUndefined(yield* BaseUrl.config("MIRO_BASE_URL")),
        webUrl: Option.getOrUndefined(yield* BaseUrl.config("MIRO_WEB_URL"))
      })
    })
  )
