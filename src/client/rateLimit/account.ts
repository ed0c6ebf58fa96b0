/**
 * What one user may still spend in the current minute, as far as can be known
 * from here.
 *
 * Miro says with a response how much was left when it processed the request. Such
 * a number is old when it comes: other requests are on their way, and responses
 * overtake each other. Three rules make use of it all the same:
 *
 * - within one window what is left only falls, so that the least that was ever
 *   said holds, whatever the order of the responses;
 * - a request without a response may or may not be counted in that number: it is
 *   taken off until its response comes;
 * - a number belongs to the window whose reset came with it. One of a window that
 *   is over says nothing of this one.
 *
 * Times are milliseconds by a clock that is never set back. `scripts.ts` has the same
 * rules in Lua, and sees to that itself.
 */

/** Miro counts by the minute. */
export const minute = 60_000

/** Clocks differ, and responses take time: resets that are this close are one. */
export const tolerance = 2_000

/** How long nothing is sent after a `429` that asks for no pause, or that no reset of this window explains. */
export const earlyPause = 500

export interface Account {
  /** Counts the windows, so that a request knows its own: from the time of the first, so that no number comes again. */
  window: number
  /** Credits per window. */
  limit: number
  /** When the next window begins. */
  resetAt: number
  /** What Miro first said that to be, or 0 while it is a guess. */
  told: number
  /** When this window began at the earliest. */
  opened: number
  /** Credits that were taken in this window. */
  charged: number
  /** Of these, the credits of requests that have no response yet. */
  inFlight: number
  /** The credits of requests from the window before that have no response yet: they count in one of the two. */
  carried: number
  /** The least that Miro said is left of this window, less what it said nothing about. */
  left: number
  /** Nothing is sent before, after a `429`. */
  blockedUntil: number
}

/** What became of a request. Times are milliseconds from now. */
export interface Outcome {
  /** Absent if there was no response. */
  readonly status?: number | undefined
  /** Whether it was not sent after all. */
  readonly isUnsent?: boolean | undefined
  readonly limit?: number | undefined
  readonly remaining?: number | undefined
  readonly resetIn?: number | undefined
  readonly retryIn?: number | undefined
}

export interface Ticket {
  readonly window: number
  readonly credits: number
}

export const make = (limit: number, now: number): Account => ({
  window: now,
  limit,
  resetAt: now + minute,
  told: 0,
  opened: now - minute,
  charged: 0,
  inFlight: 0,
  carried: 0,
  left: Infinity,
  blockedUntil: 0
})

const open = (account: Account, resetAt: number): void => {
  account.window += 1
  account.resetAt = resetAt
  account.told = 0
  account.opened = resetAt - minute
  account.charged = 0
  account.carried = account.inFlight
  account.inFlight = 0
  account.left = Infinity
}

/** Begins a new window if this one is over. */
const advance = (account: Account, now: number): void => {
  const { resetAt } = account
  if (now >= resetAt) open(account, resetAt + minute * (Math.floor((now - resetAt) / minute) + 1))
}

const free = ({ carried, charged, inFlight, left, limit }: Account): number =>
  Math.max(0, Math.min(limit - charged - carried, left - inFlight - carried))

export const remaining = (account: Account, now: number): number => {
  advance(account, now)
  return now < account.blockedUntil ? 0 : free(account)
}

/** Why a request has to wait. */
export interface Denial {
  /** Milliseconds to the next window. */
  readonly wait: number
  /** Credits per window. */
  readonly limit: number
  /** Whether the responses of other requests cannot help. */
  readonly isFirm: boolean
}

export const take = (account: Account, credits: number, now: number): Ticket | Denial => {
  advance(account, now)
  const { blockedUntil, charged, left, limit, resetAt } = account
  if (now < blockedUntil) return { wait: blockedUntil - now, limit, isFirm: true }
  // What costs more than Miro says there is goes alone, at the beginning of a window.
  const needed = Math.min(credits, limit)
  if (needed > free(account)) return { wait: resetAt - now, limit, isFirm: needed > Math.min(limit - charged, left) }
  account.charged += credits
  account.inFlight += credits
  return { window: account.window, credits }
}

export const settle = (account: Account, ticket: Ticket, outcome: Outcome, now: number): void => {
  advance(account, now)
  const { credits } = ticket
  const isRefused = outcome.status === 429
  if (ticket.window === account.window) account.inFlight -= credits
  else if (ticket.window === account.window - 1) account.carried -= credits

  if (outcome.limit !== undefined) account.limit = outcome.limit
  const reset = outcome.resetIn === undefined ? undefined : now + outcome.resetIn
  const isOver = reset !== undefined && reset <= Math.max(now, account.opened + tolerance)
  if (reset !== undefined && !isOver) {
    if (account.told === 0) {
      account.resetAt = reset
      account.told = reset
    } else if (reset > account.told + tolerance) {
      open(account, reset)
      account.told = reset
    } else {
      account.resetAt = Math.max(account.resetAt, reset)
    }
  }

  const isOwn = ticket.window === account.window
  const isHere = reset === undefined ? isOwn : !isOver
  const isFree = isRefused || outcome.isUnsent === true
  const isSpent = isHere && !isFree
  if (isSpent && !isOwn) account.charged += credits
  if (!isSpent && isOwn) account.charged -= credits
  if (isHere) {
    account.left =
      outcome.remaining === undefined
        ? Math.max(0, account.left - (isFree ? 0 : credits))
        : Math.min(account.left, outcome.remaining)
  }

  if (!isRefused) return
  const retryIn = outcome.retryIn ?? 0
  if (isHere) {
    const told = Math.max(retryIn, account.told === 0 ? 0 : account.resetAt - now)
    // That it may be sent again at once is a response too, though not one to take at its word.
    const wait = told > 0 ? told : outcome.retryIn === undefined ? account.resetAt - now : earlyPause
    account.blockedUntil = Math.max(account.blockedUntil, now + wait)
    if (account.told === 0) account.resetAt = now + Math.min(wait, minute)
  } else {
    // Miro's window was not over yet when the request came to it.
    account.blockedUntil = Math.max(account.blockedUntil, now + Math.max(retryIn, isOwn ? earlyPause : 0))
  }
}

/** Whether nothing is lost when the account is forgotten. */
export const isIdle = ({ blockedUntil, resetAt }: Account, now: number): boolean =>
  now >= resetAt + minute && now >= blockedUntil
