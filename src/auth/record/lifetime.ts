/**
 * How long the tokens of a record last, and the lease in it.
 */
import * as Hash from "effect/Hash"
import * as Struct from "effect/Struct"
import type { Reason } from "../../MiroError.ts"
import type { TokenGrant, TokenRecord } from "../TokenRecord.ts"

/** The lease of a refresh, which is under way or has come to nothing. */
export type Mark = NonNullable<TokenRecord["refreshing"]>

// Never more than a tenth of the lifetime, or a short-lived token would be
// refreshed again as soon as it is received.
const margin = (expiresIn: number): number => Math.min(60_000, expiresIn * 100)

const expiry = (record: TokenRecord): number | undefined =>
  record.expiresIn === undefined ? undefined : record.receivedAt + record.expiresIn * 1000

/** Whether the access token is past its lifetime. */
export const isExpired = (record: TokenRecord, now: number): boolean => now >= (expiry(record) ?? Infinity)

/** Whether the access token is past its lifetime, or so near to it that it should not be relied on for long. */
export const isInMargin = (record: TokenRecord, now: number): boolean =>
  now >= (expiry(record) ?? Infinity) - margin(record.expiresIn ?? 0)

// Users who logged in together would be refreshed together. So each token has its own moment in the first three
// quarters of the margin, which all processes find in the same place.
const moment = ({ expiresIn = 0, generation, receivedAt, user }: TokenRecord): number => {
  const spread = (Hash.string(`${user} ${generation} ${receivedAt}`) >>> 0) / 2 ** 32
  return margin(expiresIn) * (1 - 0.75 * spread)
}

/** Whether the access token is past its lifetime, or so near to it that it should be refreshed first. */
export const isStale = (record: TokenRecord, now: number): boolean =>
  isInMargin(record, now) && now >= (expiry(record) ?? Infinity) - moment(record)

/** Whether somebody seems to be refreshing the tokens. Only as right as the clocks of both are. */
export const isLeased = ({ refreshing }: TokenRecord, now: number): boolean =>
  refreshing !== undefined && now < refreshing.since + refreshing.lease

// By how much the clocks of two processes may differ.
const clockSkew = 30 * 60_000

/**
 * Whether who began a refresh must be taken for dead. Clocks of machines
 * differ, so what counts is for how many milliseconds one has `watched` the
 * mark oneself; only one that is old beyond doubt need not be watched.
 */
export const isLeaseOver = ({ lease, since }: Mark, watched: number, now: number): boolean =>
  watched >= lease || now >= since + lease + clockSkew

/** The record as it is when nobody is refreshing it. */
export const withoutMark = (record: TokenRecord): TokenRecord => Struct.omit(record, ["refreshing"])

/**
 * The record after a refresh. What the response does not mention stays, and so
 * do the fields that this version does not know.
 */
export const renewed = (record: TokenRecord, grant: TokenGrant): TokenRecord => {
  const kept = Struct.omit(record, ["refreshing", "refused", "expiresIn"])
  const scopes = grant.scopes.length === 0 ? record.scopes : grant.scopes
  return { ...kept, ...grant, scopes, generation: record.generation + 1 }
}

/**
 * The record after a refresh that failed, from the one before its lease. Only a
 * rate limit, a refusal of the app and a request that was never sent say for
 * sure that the refresh token was not redeemed. Any other fault, now or before,
 * leaves a mark that has run out, so that a later refusal can be told from a
 * user who revoked the app.
 */
export const notRenewed = (before: TokenRecord, mark: Mark, { _tag }: Reason): TokenRecord => {
  const isUnspent = _tag === "RateLimited" || _tag === "InvalidInput" || _tag === "AppRejected"
  return isUnspent && before.refreshing === undefined ? before : { ...before, refreshing: { ...mark, lease: 0 } }
}
