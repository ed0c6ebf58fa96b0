/**
 * The tokens of one user as they are stored: the facts that Miro gave, and the
 * mark of a refresh under way.
 */
import * as Schema from "effect/Schema"

/**
 * What Miro's token endpoint gave.
 *
 * @category models
 */
export const TokenGrant = Schema.Struct({
  /** The token that requests are sent with. */
  accessToken: Schema.RedactedFromValue(Schema.String),
  /** Absent for apps whose tokens do not expire. */
  refreshToken: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)),
  /** How long the access token lives, in seconds. Absent for tokens that do not expire. */
  expiresIn: Schema.optionalKey(Schema.Finite),
  /** When the response came, in milliseconds since the epoch. */
  receivedAt: Schema.Finite,
  /** What the token permits, such as `boards:read`. */
  scopes: Schema.Array(Schema.String),
  /** The Miro user who authorized the app. */
  userId: Schema.optionalKey(Schema.String),
  /** The Miro team for which the app was authorized. */
  teamId: Schema.optionalKey(Schema.String)
})

/** @category models */
export interface TokenGrant extends Schema.Schema.Type<typeof TokenGrant> {}

/** @internal */
export const Refused = Schema.Struct({
  /** Whether the refresh token was presented before, with an outcome that nobody knows. */
  outcomeUnknown: Schema.Boolean,
  /** Why, in Miro's words. */
  description: Schema.String,
  /** A keyed hash of the credentials that the app had. With others the refresh token may be good. */
  app: Schema.optionalKey(Schema.String),
  /** When it was refused last, in milliseconds since the epoch. */
  at: Schema.optionalKey(Schema.Finite),
  /** How often it was refused in all. */
  times: Schema.optionalKey(Schema.Finite)
})

/** @internal */
export const Refuser = Schema.Struct({
  /** The endpoint, as its method and path. */
  endpoint: Schema.String,
  /** When it refused the token, in milliseconds since the epoch. */
  at: Schema.Finite,
  /** For how many milliseconds a `401` of it is no reason to refresh. */
  pause: Schema.Finite
})

/** @internal */
export const Refreshing = Schema.Struct({
  /** Who refreshes, by a name that was drawn at random. */
  owner: Schema.String,
  /** When the refresh began, in milliseconds since the epoch. */
  since: Schema.Finite,
  /** For how many milliseconds nobody else may begin one. */
  lease: Schema.Finite
})

/**
 * The tokens of one user as they are stored.
 *
 * @category models
 */
export const TokenRecord = Schema.Struct({
  ...TokenGrant.fields,
  /** The key under which the record is stored; a record under another key is refused. */
  user: Schema.String,
  /** The app that the tokens were issued to; the record of another app is refused. */
  clientId: Schema.String,
  /** The API that issued the tokens; the record of another API is refused. */
  baseUrl: Schema.String,
  /** Counts the token pairs of this user. */
  generation: Schema.Finite,
  /**
   * When the user authorized the app, in milliseconds since the epoch. All
   * tokens of one authorization have it in common. Absent for tokens that were
   * adopted.
   */
  authorizedAt: Schema.optionalKey(Schema.Finite),
  /** Set when Miro refused the refresh token: the user has to authorize the app again. */
  refused: Schema.optionalKey(Refused),
  /**
   * Endpoints that responded with `401` to a token that had just been issued: for
   * `pause` milliseconds a `401` of theirs is no reason to refresh.
   */
  refusers: Schema.optionalKey(Schema.Array(Refuser)),
  /**
   * A refresh was begun at `since`, in milliseconds since the epoch by the
   * clock of who began it, and nobody else may begin one for `lease`
   * milliseconds. A mark that has run out says that the refresh token may have
   * been presented, and what came of it is not known.
   */
  refreshing: Schema.optionalKey(Refreshing)
})

/** @category models */
export interface TokenRecord extends Schema.Schema.Type<typeof TokenRecord> {}
