/** How much an operation costs. Level 0 stands for those that Miro publishes no level of. */
export type Level = 0 | 1 | 2 | 3 | 4

const costs: Readonly<Record<Level, number>> = { 0: 0, 1: 50, 2: 100, 3: 500, 4: 2000 }

interface Account {
  readonly minute: number
  readonly spent: number
}

/** What every user has spent in the current minute. */
export interface Credits {
  readonly perMinute: number
  readonly accounts: Map<string, Account>
}

export const make = (perMinute: number): Credits => ({ perMinute, accounts: new Map() })

export interface Charge {
  readonly accepted: boolean
  readonly headers: Readonly<Record<string, string>>
}

/** Takes the cost of a call from the user's budget. A call that is too expensive costs nothing. */
export const charge = (credits: Credits, userId: string, level: Level, now: number, times = 1): Charge => {
  const cost = costs[level] * times
  const minute = Math.floor(now / 60_000)
  const account = credits.accounts.get(userId)
  const before = account?.minute === minute ? account.spent : 0
  const accepted = before + cost <= credits.perMinute
  const spent = accepted ? before + cost : before
  credits.accounts.set(userId, { minute, spent })
  return {
    accepted,
    headers: {
      "x-ratelimit-limit": String(credits.perMinute),
      "x-ratelimit-remaining": String(credits.perMinute - spent),
      "x-ratelimit-reset": String((minute + 1) * 60)
    }
  }
}
