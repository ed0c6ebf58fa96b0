/**
 * Endpoints that refuse good tokens.
 *
 * A `401` says that the token is dead, and it is refreshed. If the endpoint
 * refuses the new one too, it is not the token: to refresh for each of its
 * `401` would end the tokens of all other calls under way, again and again.
 */
import type { TokenRecord } from "../TokenRecord.ts"

type Refuser = NonNullable<TokenRecord["refusers"]>[number]

const minute = 60_000
const longest = 60 * minute

// So many at the same time, and any other endpoint is taken for one too.
const many = 3

const isCurrent = ({ at, pause }: Refuser, now: number): boolean => Math.abs(now - at) < pause

/** Whether a `401` of this endpoint is no reason to refresh. */
export const isKnown = ({ refusers = [] }: TokenRecord, endpoint: string, now: number): boolean => {
  const current = refusers.filter((refuser) => isCurrent(refuser, now))
  return current.length >= many || current.some((refuser) => refuser.endpoint === endpoint)
}

/** The record with one more of them. */
export const withOne = (record: TokenRecord, endpoint: string, now: number): TokenRecord => {
  const { refusers = [] } = record
  const before = refusers.find((refuser) => refuser.endpoint === endpoint)
  // Twice as long if it has refused ever since.
  const isStill = before !== undefined && Math.abs(now - before.at) < 2 * before.pause
  const pause = isStill ? Math.min(longest, 2 * before.pause) : minute
  const others = refusers.filter((refuser) => refuser.endpoint !== endpoint).slice(1 - many)
  return { ...record, refusers: [...others, { endpoint, at: now, pause }] }
}
