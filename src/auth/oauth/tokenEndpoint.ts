/**
 * The requests to Miro's OAuth endpoints. They store nothing.
 */
import * as ByteSize from "effect/ByteSize"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Redacted from "effect/Redacted"
import { AppRejected, InvalidResponse, type Reason } from "../../MiroError.ts"
import { exchange } from "../../http/exchange.ts"
import * as Json from "../../http/json.ts"
import * as OAuthErrors from "../../http/oauthErrors.ts"
import * as Redaction from "../../http/redaction.ts"
import * as Telemetry from "../../http/telemetry.ts"
import { TracePropagation } from "../../Telemetry.ts"
import * as Text from "../../http/text.ts"
import type * as TokenRecord from "../TokenRecord.ts"
import * as App from "./app.ts"
import { grantOf } from "./tokenResponse.ts"

export const tokenPath = "/v1/oauth/token"
export const revokePath = "/v2/oauth/revoke"
const tokenInfoPath = "/v1/oauth-token"

/**
 * How long a call to the token endpoint may take: 30 seconds unless provided.
 *
 * Be generous: the response to a refresh that is not waited for is lost, and the
 * refresh token with it. While one process refreshes, others wait up to twice
 * as long before they take it for dead. So it has bounds: less than a second
 * counts as one, and more than an hour as an hour.
 *
 * @category references
 */
export const Deadline = Context.Reference<Duration.Duration>("effect-miro/auth/MiroOAuth/Deadline", {
  defaultValue: () => Duration.seconds(30)
})

const boundedDeadline = Effect.map(
  Deadline,
  Duration.clamp({ minimum: Duration.seconds(1), maximum: Duration.hours(1) })
)

// What a layer can be given of its own. Not what holds for the responses of the API: the body of a grant is small, and
// one that is not read is lost.
const pickSettings = Context.pick(Deadline, TracePropagation)
const maxGrantSize = ByteSize.mebibytes(1)

// It concerns every user, so somebody has to see it, whatever becomes of the error.
const rejectApp = (reason: Reason): Effect.Effect<never, AppRejected> => {
  const code = "code" in reason ? reason.code : undefined
  const rejected = new AppRejected({ description: reason.message, ...(code !== undefined && { code }) })
  return Effect.andThen(
    Effect.logError(`${rejected.message}. Are client id, client secret and redirect URL those of the app's settings?`),
    Effect.fail(rejected)
  )
}

export interface TokenEndpoint extends Effect.Success<ReturnType<typeof make>> {}

/** A code, and all that goes with it to the token endpoint. */
export interface Code {
  readonly code: string
  readonly state: string
  readonly codeVerifier: Redacted.Redacted | undefined
}

type Secrets = ReadonlyArray<Redacted.Redacted>

/** Sends requests of an app to Miro's OAuth endpoints, with the settings of the layer. */
const makeSender = Effect.fnUntraced(function* (app: App.App) {
  const client = yield* HttpClient.HttpClient
  const settings = pickSettings(yield* Effect.context())

  const withSettings = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.updateContext(effect, (own: Context.Context<never>) => Context.merge(settings, own))

  const send = Effect.fnUntraced(function* (
    span: string,
    request: HttpClientRequest.HttpClientRequest,
    secrets: Secrets
  ) {
    yield* App.checkRequest(app)
    const attempt = yield* boundedDeadline
    const complete = HttpClientRequest.prependUrl(request, app.baseUrl)
    return yield* exchange(client, complete, {
      timeouts: { attempt, headers: Duration.infinity, idle: Duration.infinity },
      redaction: Redaction.make([...secrets, app.clientSecret]),
      secretsIn: Redaction.secretsIn
    }).pipe(
      Effect.provideService(HttpIncomingMessage.MaxBodySize, maxGrantSize),
      Telemetry.request(span, complete),
      Effect.catchIf(OAuthErrors.isOfApp, rejectApp)
    )
  }, withSettings)

  return { deadline: withSettings(boundedDeadline), send }
})

export const make = Effect.fnUntraced(function* (app: App.App) {
  const { deadline, send } = yield* makeSender(app)

  const requestTokens = Effect.fnUntraced(function* (
    span: string,
    parameters: Readonly<Record<string, string>>,
    secrets: Secrets
  ): Effect.fn.Return<TokenRecord.TokenGrant, Reason> {
    // In the body: a URL ends up in logs.
    const request = HttpClientRequest.post(tokenPath).pipe(
      HttpClientRequest.acceptJson,
      HttpClientRequest.bodyUrlParams({
        ...parameters,
        client_id: app.clientId,
        client_secret: Redacted.value(app.clientSecret)
      })
    )
    const { body, response } = yield* send(span, request, secrets)
    const json = yield* Effect.orElseSucceed(Json.parse(Text.decode(body)), () => undefined)
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

  return {
    deadline,

    exchangeCode: ({ code, codeVerifier, state }: Code) =>
      requestTokens(
        "Miro.OAuth.exchangeCode",
        {
          grant_type: "authorization_code",
          code,
          redirect_uri: app.redirectUrl,
          ...(codeVerifier !== undefined && { code_verifier: Redacted.value(codeVerifier) })
        },
        [Redacted.make(code), Redacted.make(state), ...(codeVerifier === undefined ? [] : [codeVerifier])]
      ),

    refresh: (refreshToken: Redacted.Redacted) =>
      requestTokens(
        "Miro.OAuth.refresh",
        { grant_type: "refresh_token", refresh_token: Redacted.value(refreshToken) },
        [refreshToken]
      ),

    revokeToken: (accessToken: Redacted.Redacted): Effect.Effect<void, Reason> =>
      send(
        "Miro.OAuth.revokeToken",
        HttpClientRequest.post(revokePath).pipe(
          HttpClientRequest.bodyJsonUnsafe({
            accessToken: Redacted.value(accessToken),
            clientId: app.clientId,
            clientSecret: Redacted.value(app.clientSecret)
          })
        ),
        [accessToken]
      ).pipe(Effect.asVoid),

    /** Whether Miro does not know the access token, or not any more. */
    isDead: (accessToken: Redacted.Redacted): Effect.Effect<boolean, Reason> =>
      send(
        "Miro.OAuth.tokenInfo",
        HttpClientRequest.get(tokenInfoPath).pipe(HttpClientRequest.bearerToken(accessToken)),
        [accessToken]
      ).pipe(
        Effect.as(false),
        Effect.catchTag("Unauthorized", () => Effect.succeed(true))
      )
  }
})
