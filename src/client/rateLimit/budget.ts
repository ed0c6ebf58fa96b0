import * as Effect from "effect/Effect"
import { uptime } from "../../http/uptime.ts"
import * as Account from "./account.ts"

/** What came of asking for credits. */
export type Taken =
  | { readonly _tag: "Taken"; readonly settle: Settle; readonly remaining: number }
  | ({ readonly _tag: "Denied" } & Account.Denial)

/** Says what became of a request that credits were taken for. Gives what is left. */
export type Settle = (outcome: Account.Outcome) => Effect.Effect<number>

/** What makes a part of an uninterruptible effect interruptible again. */
export type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Where it is counted what users spend. */
export interface Budget {
  /** Asks for credits. Interruptible only where it waits; credits that come after that are given back. */
  readonly take: (user: string, credits: number, restore: Restore) => Effect.Effect<Taken>
  /** The same at once, for a budget that has nobody to ask. */
  readonly takeAtOnce?: ((user: string, credits: number, now: number) => Taken) | undefined
  readonly remaining: (user: string) => Effect.Effect<number>
}

/** The budget of one process, which never has to wait for its accounts. */
export interface Local extends Budget {
  readonly take: (user: string, credits: number) => Effect.Effect<Taken>
  /** How many accounts there are. */
  readonly size: () => number
}

/** The accounts of this process. */
export const make = (limit: number): Local => {
  // In the order of their use, so that those that are to be forgotten come first.
  const accounts = new Map<string, Account.Account>()

  const forget = (now: number): void => {
    // More than are made, so that a crowd that is gone is forgotten in the end.
    let checks = 4
    for (const [user, account] of accounts) {
      if (checks-- === 0 || !Account.isIdle(account, now)) return
      accounts.delete(user)
    }
  }

  const accountOf = (user: string, now: number): Account.Account => {
    forget(now)
    const account = accounts.get(user) ?? Account.make(limit, now)
    accounts.delete(user)
    accounts.set(user, account)
    return account
  }

  const take = (user: string, credits: number, now: number): Taken => {
    const account = accountOf(user, now)
    const taken = Account.take(account, credits, now)
    return "wait" in taken
      ? { _tag: "Denied", ...taken }
      : {
          _tag: "Taken",
          remaining: Account.remaining(account, now),
          settle: (outcome) =>
            Effect.map(uptime, (now) => {
              Account.settle(account, taken, outcome, now)
              return Account.remaining(account, now)
            })
        }
  }

  return {
    take: (user, credits) => Effect.map(uptime, (now) => take(user, credits, now)),
    takeAtOnce: take,
    remaining: (user) =>
      Effect.map(uptime, (now) => {
        const account = accounts.get(user)
        return account === undefined ? limit : Account.remaining(account, now)
      }),
    size: () => accounts.size
  }
}
