/**
 * Watches Miro and the storage from the side of the tests, and complains of
 * whatever must never happen to tokens, in the moment in which it does.
 *
 * Its users are stored under the ids that they have at Miro, and their calls
 * say on whose behalf they are made: `Boards.list({ query: user })`.
 */
import { Clock, Context, Duration, Effect, Layer, Option, Redacted } from "effect"
import { HttpClient, HttpServerRequest, HttpServerResponse, type HttpClientRequest } from "effect/http"
import { MiroOAuth, TokenStorage } from "effect-miro"
import { MiroSandbox } from "effect-miro/sandbox"

/** All pairs that come of one login. */
export interface Grant {
  /** Why its refresh token may be refused though nobody did anything wrong. */
  readonly troubles: Set<"revoked" | "lost">
  /** Whether a login has said that it succeeded. */
  isLoggedIn: boolean
  /** When a good token was last refreshed for an endpoint that refused it. */
  doubtedAt?: number
}

interface Pair {
  readonly accessToken: string
  readonly refreshToken: string
  readonly userId: string
  readonly grant: Grant
  /** The refresh token that it was had for; none if it was a code. */
  readonly spent: string | undefined
  readonly process: string
  readonly at: number
  isExpired: boolean
  /** Whether an endpoint has refused it though it was good. */
  isDoubted: boolean
  isStored: boolean
  /** The chapter in which it was first stored. */
  storedIn: number | undefined
  successor: Pair | undefined
  /** Whether nobody has what this one was spent for. */
  isLost: boolean
}

interface StoredRecord {
  readonly user: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly generation: number
  readonly refused?: unknown
  readonly refusers?: ReadonlyArray<{ readonly endpoint: string }>
}

/** The process that sends a request. */
export const Process = Context.Reference<string>("test/auth/Process", { defaultValue: () => "the only one" })

const seconds = (millis: number) => Math.round(millis / 1000)

const make = (settings: MiroSandbox.Settings) => {
  const complaints: Array<string> = []
  const byAccessToken = new Map<string, Pair>()
  const byRefreshToken = new Map<string, Pair>()
  const records = new Map<string, StoredRecord>()
  const logouts = new Map<string, number>()
  const refusals = new Set<string>()
  const refreshes = new Map<string, number>()
  const removals = new Map<string, number>()
  const stillborn = new Map<string, number>()
  let calls = 0
  let chapter = 0

  const pairs = () => [...byRefreshToken.values()]
  const pairOf = ({ refreshToken }: StoredRecord) => byRefreshToken.get(refreshToken)
  const count = (counts: Map<string, number>, key: string, by = 1) => counts.set(key, (counts.get(key) ?? 0) + by)
  const isLeaving = (user: string) => (logouts.get(user) ?? 0) > 0

  // A holder that cannot store what it got loses its lease in the end, and the next one spends the token again.
  const isOverdue = (successor: Pair, now: number) => !successor.isStored && now - successor.at >= 60_000

  const presented = (refreshToken: string, now: number) => {
    const pair = byRefreshToken.get(refreshToken)
    if (pair?.successor === undefined) return
    if (pair.successor.isStored) {
      complaints.push(`a refresh token of ${pair.userId} is presented again, though its successor was stored`)
    } else if (!pair.isLost && !isOverdue(pair.successor, now)) {
      complaints.push(`a refresh token of ${pair.userId} is presented again, though its successor was received`)
    }
    pair.grant.troubles.add("lost")
  }

  const self = {
    complaints,
    /** Whether nothing went wrong so far with processes and storages, which may forget what endpoints refuse. */
    isCalm: true,
    calls: () => calls,
    refreshesOf: (user: string) => refreshes.get(user) ?? 0,
    /** Begins what is looked at as a whole. */
    turnPage: () => void chapter++,
    /** How often a token ended before it was stored, or in the same chapter: whoever has the one before meets two dead ones. */
    stillbornOf: (user: string) => stillborn.get(user) ?? 0,
    removalsOf: (user: string) => removals.get(user) ?? 0,
    record: (user: string) => records.get(user),
    grantOf: (user: string): Grant | undefined => {
      const record = records.get(user)
      return record === undefined ? undefined : pairOf(record)?.grant
    },

    doubted: (accessToken: string) => {
      const pair = byAccessToken.get(accessToken)
      if (pair !== undefined) pair.isDoubted = true
    },

    called: (accessToken: string, user: string) => {
      calls++
      const owner = byAccessToken.get(accessToken)?.userId
      if (owner !== user) complaints.push(`a call of ${user} carries a token of ${owner}`)
    },

    issued: (
      response: { readonly access_token: string; readonly refresh_token: string; readonly user_id: string },
      spent: string | undefined,
      process: string,
      now: number
    ) => {
      const before = spent === undefined ? undefined : byRefreshToken.get(spent)
      const pair: Pair = {
        accessToken: response.access_token,
        refreshToken: response.refresh_token,
        userId: response.user_id,
        grant: before?.grant ?? { troubles: new Set(), isLoggedIn: false },
        spent,
        process,
        at: now,
        isExpired: false,
        isDoubted: false,
        isStored: false,
        storedIn: undefined,
        successor: undefined,
        isLost: false
      }
      if (before !== undefined) {
        count(refreshes, pair.userId)
        before.successor = pair
        const lifetime = Duration.toMillis(settings.accessTokenLifetime)
        if (!before.isExpired && now - before.at < lifetime - Math.min(60_000, lifetime / 10)) {
          // One endpoint that refuses good tokens is no reason to end them again and again.
          const isAgain = self.isCalm && now - (before.grant.doubtedAt ?? -Infinity) < 60_000
          if (!before.isDoubted || isAgain) {
            complaints.push(
              `a token of ${pair.userId} is refreshed after ${seconds(now - before.at)} s, though it is good`
            )
          }
          before.grant.doubtedAt = now
        }
      }
      byAccessToken.set(pair.accessToken, pair)
      byRefreshToken.set(pair.refreshToken, pair)
    },

    presented,
    refused: (refreshToken: string) => refusals.add(refreshToken),

    /** Miro's response to a refresh never arrives. */
    lost: (refreshToken: string) => {
      const pair = byRefreshToken.get(refreshToken)
      if (pair?.successor === undefined) return
      pair.isLost = true
      pair.grant.troubles.add("lost")
    },

    /** A process is gone, with what it had not stored. */
    died: (process: string) => {
      for (const pair of pairs()) {
        const { successor } = pair
        if (successor === undefined || successor.process !== process || successor.isStored) continue
        pair.isLost = true
        pair.grant.troubles.add("lost")
      }
    },

    revoked: (accessToken: string) => {
      const pair = byAccessToken.get(accessToken)
      if (pair === undefined) return
      const { grant, userId } = pair
      const record = records.get(userId)
      const isInUse = record !== undefined && pairOf(record)?.grant === grant
      if (isInUse && grant.isLoggedIn && !isLeaving(userId)) {
        complaints.push(`the tokens of ${userId} are revoked, though they are in use`)
      }
      grant.troubles.add("revoked")
    },
    revokedAll: () => pairs().forEach(({ grant }) => grant.troubles.add("revoked")),
    expiredAll: () => {
      for (const pair of pairs()) {
        if (!pair.isExpired && pair.storedIn === chapter) count(stillborn, pair.userId)
        pair.isExpired = true
      }
    },

    /** A logout is begun. While it is under way it takes whatever is stored, also what a login has just brought. */
    leaves: (user: string) => count(logouts, user),
    /** A logout has succeeded, and before it began there had been so many removals. */
    left: (user: string, before: number) => {
      if (records.has(user) && removals.get(user) === before) {
        complaints.push(`${user} has logged out, and the tokens are still there`)
      }
    },
    /** A logout is over, whatever came of it. */
    stops: (user: string) => count(logouts, user, -1),
    loggedIn: (user: string) => {
      const grant = pairs().findLast(
        ({ spent, userId, isStored }) => spent === undefined && userId === user && isStored
      )
      if (grant === undefined) complaints.push(`${user} has logged in, and nothing was stored`)
      else grant.grant.isLoggedIn = true
    },

    stored: (user: string, record: StoredRecord) => {
      const before = records.get(user)
      records.set(user, record)
      const pair = pairOf(record)
      if (pair === undefined || pair.accessToken !== record.accessToken) {
        complaints.push(`what is stored for ${user} is no pair that Miro issued`)
        return
      }
      if (pair.userId !== user || record.user !== user) complaints.push(`${user} has a pair of ${pair.userId}`)
      const isSame = before?.refreshToken === record.refreshToken
      // Until it has succeeded a login writes again what was reported as a failure, even after a logout that met it.
      const isLogin = pair.spent === undefined && pair.successor === undefined && !pair.grant.isLoggedIn
      const isSuccessor = before !== undefined && before.refreshToken === pair.spent
      if (!isSame && !isLogin && !isSuccessor) {
        complaints.push(
          before === undefined
            ? `tokens of ${user} come back after a logout`
            : `the tokens of ${user} are replaced by some that were not had for them`
        )
      }
      const generation = before?.generation ?? 0
      if (record.generation < generation || (!isSame && record.generation === generation)) {
        complaints.push(`the generation of ${user} goes from ${generation} to ${record.generation}`)
      }
      if (record.refused !== undefined && (!refusals.has(record.refreshToken) || pair.grant.troubles.size === 0)) {
        complaints.push(`the tokens of ${user} are marked as refused, though nothing happened to them`)
      }
      if (!pair.isStored && (pair.isExpired || pair.grant.troubles.has("revoked"))) count(stillborn, user)
      pair.isStored = true
      pair.storedIn ??= chapter
    },
    removed: (user: string) => {
      if (!isLeaving(user)) complaints.push(`the tokens of ${user} are removed without a logout`)
      records.delete(user)
      count(removals, user)
    }
  }
  return self
}

export class Oracle extends Context.Service<Oracle, ReturnType<typeof make>>()("test/auth/Oracle") {}

const layerOracle = Layer.effect(Oracle, Effect.map(Effect.service(MiroSandbox.Settings), make))

const textOf = ({ body }: HttpClientRequest.HttpClientRequest | HttpServerResponse.HttpServerResponse): string =>
  body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""

const see = (
  oracle: Oracle["Service"],
  { request, url }: { readonly request: HttpClientRequest.HttpClientRequest; readonly url: URL },
  response: HttpServerResponse.HttpServerResponse,
  process: string,
  now: number
): void => {
  const isGood = response.status < 300
  switch (url.pathname) {
    case "/v1/oauth/token": {
      const refreshToken = new URLSearchParams(textOf(request)).get("refresh_token") ?? undefined
      if (refreshToken !== undefined) oracle.presented(refreshToken, now)
      if (isGood) oracle.issued(JSON.parse(textOf(response)), refreshToken, process, now)
      else if (refreshToken !== undefined) oracle.refused(refreshToken)
      return
    }
    case "/v2/oauth/revoke": {
      if (isGood) oracle.revoked(JSON.parse(textOf(request)).accessToken)
      return
    }
    case "/v2/boards": {
      const token = request.headers["authorization"] ?? ""
      oracle.called(token.replace("Bearer ", ""), url.searchParams.get("query") ?? "")
    }
  }
}

// As the sandbox's own client: the request and its response each take a turn. Between the response and our seeing it there
// is none, so that what is seen is in order.
const layerHttpClient = Layer.effect(
  HttpClient.HttpClient,
  Effect.gen(function* () {
    const sandbox = yield* MiroSandbox.MiroSandbox
    const oracle = yield* Oracle
    return HttpClient.make((request, url) =>
      Effect.gen(function* () {
        yield* Effect.yieldNow
        const response = yield* Effect.provideService(
          sandbox.app,
          HttpServerRequest.HttpServerRequest,
          HttpServerRequest.fromClientRequest(request)
        )
        see(oracle, { request, url }, response, yield* Process, yield* Clock.currentTimeMillis)
        yield* Effect.yieldNow
        return HttpServerResponse.toClientResponse(response, { request })
      })
    )
  })
)

const layerStorage = Layer.effect(
  TokenStorage.TokenStorage,
  Effect.gen(function* () {
    const storage = yield* TokenStorage.TokenStorage
    const oracle = yield* Oracle
    return TokenStorage.TokenStorage.of({
      get: storage.get,
      compareAndSet: (user, expected, next) =>
        Effect.tap(storage.compareAndSet(user, expected, next), (isWritten) =>
          Effect.sync(() => {
            if (!isWritten) return
            if (Option.isNone(next)) oracle.removed(user)
            else oracle.stored(user, JSON.parse(Redacted.value(next.value)))
          })
        )
    })
  })
).pipe(Layer.provide(TokenStorage.layerMemory))

/** Miro at its worst, where one reuse of a spent refresh token ends the grant, and a storage, both watched. */
export const Watched = Layer.merge(layerHttpClient, layerStorage).pipe(
  Layer.provideMerge(layerOracle),
  Layer.provideMerge(MiroSandbox.layer),
  Layer.provide(MiroSandbox.layerSettings({ reuse: "revokeGrant", creditsPerMinute: 1_000_000_000 }))
)

/**
 * Logs a user in. By the code alone: a PKCE challenge is hashed outside of
 * this program, which takes turns that no seed decides.
 */
export const loginAs = Effect.fnUntraced(function* (user: string) {
  const oauth = yield* MiroOAuth.MiroOAuth
  const sandbox = yield* MiroSandbox.MiroSandbox
  const oracle = yield* Oracle
  const { clientId, redirectUrl } = yield* MiroSandbox.Settings
  const query = new URLSearchParams({ response_type: "code", client_id: clientId, redirect_uri: redirectUrl })
  const callback = yield* sandbox.consent(`https://miro.com/oauth/authorize?${query}`, { userId: user })
  yield* oauth.exchangeCode(new URL(callback).searchParams.get("code") ?? "")
  oracle.loggedIn(user)
})

/** Lets all access tokens expire at Miro. */
export const expireAll = Effect.gen(function* () {
  const sandbox = yield* MiroSandbox.MiroSandbox
  const oracle = yield* Oracle
  yield* sandbox.expireAccessTokens
  oracle.expiredAll()
})
