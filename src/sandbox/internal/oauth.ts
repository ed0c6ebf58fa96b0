import * as Base64 from "effect/encoding/Base64"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as UrlParams from "effect/http/UrlParams"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as errors from "./errors.ts"
import * as grants from "./grants.ts"
import { html, type Html } from "./html.ts"
import type { Instant } from "./instant.ts"
import { page } from "./page.ts"
import type { AuthenticatedCall, FullResponse, Call, Route } from "./route.ts"
import type { Settings } from "./settings.ts"
import type { Store } from "./store.ts"
import * as users from "./users.ts"
import * as validation from "./validation.ts"

interface AuthorizationRequest {
  readonly session: grants.Session
  readonly state: string | null
  readonly challenge: string | undefined
}

const authorizationRequest = (
  settings: Settings,
  query: URLSearchParams,
  userId: string
): Result.Result<AuthorizationRequest, string> => {
  if (query.get("client_id") !== settings.clientId) {
    return Result.fail("There is no app with this client_id.")
  }
  if (query.get("redirect_uri") !== settings.redirectUrl) {
    return Result.fail("The redirect_uri is not the one that the app is registered with.")
  }
  if (query.get("response_type") !== "code") {
    return Result.fail("The response_type must be code.")
  }
  const challenge = query.get("code_challenge") ?? undefined
  if (challenge !== undefined && query.get("code_challenge_method") !== "S256") {
    return Result.fail("The code_challenge_method must be S256.")
  }
  const teamId = query.get("team_id") || grants.defaultSession.teamId
  return /^[\w=-]+$/.test(teamId)
    ? Result.succeed({ session: { userId, teamId, scopes: settings.scopes }, state: query.get("state"), challenge })
    : Result.fail("The team_id is no id of a team.")
}

const callbackUrl = ({ redirectUrl }: Settings, params: UrlParams.Input): string =>
  `${redirectUrl}${redirectUrl.includes("?") ? "&" : "?"}${UrlParams.toString(params)}`

const allow = (store: Store, { challenge, session, state }: AuthorizationRequest, instant: Instant): string =>
  callbackUrl(store.settings, {
    code: grants.issueCode(store.grants, session, challenge, instant),
    state: state ?? undefined,
    client_id: store.settings.clientId,
    team_id: session.teamId
  })

const deny = (store: Store, { state }: AuthorizationRequest): string =>
  callbackUrl(store.settings, { error: "access_denied", state: state ?? undefined })

/** What the browser is sent to when a user opens an authorize URL and agrees; fails with why it is no such URL. */
export const consent = (
  store: Store,
  query: URLSearchParams,
  userId: string,
  instant: Instant
): Result.Result<string, string> =>
  Result.map(authorizationRequest(store.settings, query, userId), (request) => allow(store, request, instant))

const consentPage = ({ path, query, rawQuery, store }: Call): HttpServerResponse.HttpServerResponse => {
  const link = (decision: string, label: string): Html =>
    html`<a href="${`${path}?${rawQuery}&decision=${decision}`}">${label}</a>`
  const others = users.known.slice(1).map(({ id, name }) => link(`allow&user_id=${id}`, `Allow as ${name}`))
  const scopes = grants.scopesOf({ ...grants.defaultSession, scopes: store.settings.scopes }).join(", ")
  return page(
    "Miro sandbox",
    html`<h1>${query.get("client_id") ?? ""} wants to use Miro on your behalf</h1>
      <p>It asks for: ${scopes}</p>
      <p class="choices">${[link("allow", "Allow"), link("deny", "Deny"), ...others]}</p>`
  )
}

const authorize = (call: Call): FullResponse => {
  const { instant, query, store } = call
  const user = users.known.find(({ id }) => id === query.get("user_id"))
  return authorizationRequest(store.settings, query, user?.id ?? grants.defaultSession.userId).pipe(
    Result.mapBoth({
      onFailure: (problem) =>
        page(
          "Miro sandbox",
          html`<h1>Invalid authorization request</h1>
            <p>${problem}</p>`,
          400
        ),
      onSuccess: (request) => {
        switch (query.get("decision")) {
          case "allow":
            return HttpServerResponse.redirect(allow(store, request, instant))
          case "deny":
            return HttpServerResponse.redirect(deny(store, request))
          default:
            return consentPage(call)
        }
      }
    })
  )
}

const isClient = ({ clientId, clientSecret }: Settings, id: string | null, secret: string | null): boolean =>
  id === clientId && secret === Redacted.value(clientSecret)

// Most teams are a JSON number beyond 2^53, which no JavaScript number can hold.
const tokenResponse = (pair: grants.TokenPair) => {
  const { accessToken, expiresIn, refreshToken, teamId, userId } = pair
  const rest = {
    user_id: userId,
    access_token: accessToken,
    refresh_token: refreshToken,
    scope: grants.scopesOf(pair).join(" "),
    expires_in: expiresIn
  }
  return HttpServerResponse.text(
    `{"token_type":"bearer","team_id":${/^[1-9]\d*$/.test(teamId) ? teamId : JSON.stringify(teamId)},${JSON.stringify(rest).slice(1)}`,
    {
      contentType: "application/json",
      headers: { "cache-control": "no-store" }
    }
  )
}

const secrets = ["client_secret", "code", "refresh_token", "access_token"]

// RFC 6749, 2.3.1.
const basicCredentials = (authorization: string | undefined): ReadonlyArray<string> => {
  const [, encoded] = /^Basic +(\S+)$/i.exec(authorization ?? "") ?? []
  if (encoded === undefined) return []
  const decoded = Result.getOrElse(Base64.decodeString(encoded), () => "")
  return decoded.split(":", 2).map((part) => new URLSearchParams(`_=${part}`).get("_") ?? "")
}

const token = ({ authorization, body, hashedVerifier, contentType, instant, query, store }: Call): FullResponse => {
  const { strict } = store.settings
  if (strict && secrets.some((name) => query.has(name))) {
    return Result.fail(errors.oauthError("Secrets belong in the body of the request, not in its URL", 400))
  }
  const isForm = contentType?.split(";")[0]?.trim().toLowerCase() === "application/x-www-form-urlencoded"
  if (!isForm && (strict || body !== "")) {
    return Result.fail(errors.oauthError("The body must be a form", 400))
  }
  // Miro's own clients send all of it in the query.
  const form = new URLSearchParams([...new URLSearchParams(body), ...(strict ? [] : query)])
  const [id = form.get("client_id"), secret = form.get("client_secret")] = basicCredentials(authorization)
  if (!isClient(store.settings, id, secret)) {
    return Result.fail(errors.oauthError("Client not found"))
  }
  const redeem = (): Result.Result<grants.TokenPair, string> => {
    switch (form.get("grant_type")) {
      case "authorization_code":
        return form.get("redirect_uri") === store.settings.redirectUrl
          ? grants.redeemCode(store.grants, form.get("code") ?? "", hashedVerifier, instant)
          : Result.fail("Redirect URI mismatch.")
      case "refresh_token":
        return grants.refresh(store.grants, form.get("refresh_token") ?? "", instant)
      default:
        return Result.fail("Unsupported grant type")
    }
  }
  return Result.mapBoth(redeem(), {
    onFailure: (message) => errors.oauthError(message),
    onSuccess: tokenResponse
  })
}

const decodeRevocation = validation.bodyDecoder(
  Schema.Struct({ accessToken: Schema.String, clientId: Schema.String, clientSecret: Schema.String })
)

const revoke = ({ body, store }: Call): FullResponse =>
  Result.flatMap(decodeRevocation(body), ({ accessToken, clientId, clientSecret }): FullResponse => {
    if (!isClient(store.settings, clientId, clientSecret)) {
      return Result.fail(errors.oauthError("Client not found"))
    }
    return grants.revokeByAccessToken(store.grants, accessToken)
      ? Result.succeed(HttpServerResponse.empty())
      : Result.fail(errors.tokenNotFound())
  })

const tokenInfo = ({ session, store }: AuthenticatedCall): FullResponse => {
  const user = users.reference(session.userId)
  return Result.succeed(
    HttpServerResponse.jsonUnsafe({
      type: "oAuthToken",
      application: { type: "application", name: "Sandbox app", id: store.settings.clientId },
      createdBy: user,
      team: { type: "team", name: users.teamName(session.teamId), id: session.teamId },
      scopes: grants.scopesOf(session),
      organization: { type: "organization", name: "Sandbox organization", id: "3074457346704692800" },
      user
    })
  )
}

export const routes: ReadonlyArray<Route> = [
  { method: "GET", path: "/oauth/authorize", handle: authorize },
  { method: "POST", path: "/v1/oauth/token", handle: token },
  { method: "POST", path: "/v2/oauth/revoke", handle: revoke },
  { method: "GET", path: "/v1/oauth-token", level: 0, handle: tokenInfo }
]
